//go:build !js

package app

import (
	"strings"
	"testing"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab/ui"
	"wirelab/lab/view"
	"wirelab/lab/words"
)

// Every verb has words in both languages, a question if it asks, and a key that no other verb of its kind, or of the whole
// window, has.
func TestVerbs(t *testing.T) {
	keys := map[chord]*verb{}
	for i := range verbs {
		v := &verbs[i]
		for _, lang := range []words.Lang{words.English, words.Chinese} {
			for _, key := range []string{"verb." + v.id, "verb." + v.id + ".ask"} {
				if asks := strings.HasSuffix(key, ".ask"); (!asks || v.asks != nil) && words.Get(lang, key) == key {
					t.Errorf("%s lacks words", key)
				}
			}
		}
		if v.key == (chord{}) {
			t.Errorf("%s has no key", v.id)
		}
		other, taken := keys[v.key]
		if taken && !(v.on == view.OnLink && other.on == view.OnNode) { // one of them is chosen, never both
			t.Errorf("%s and %s have one key, %s", other.id, v.id, v.key)
		}
		keys[v.key] = v
	}
}

// built returns a window with a lab that was built by hand: two hosts at a switch.
func built(t *testing.T) *rig {
	t.Helper()
	r := newRig(t)
	if err := r.Session.Blank(); err != nil {
		t.Fatal(err)
	}
	r.settle()
	r.do("stage/tools/add_host", "press", "")
	r.do("stage/tools/add_switch", "press", "")
	r.do("stage/tools/add_host", "press", "")
	r.Model.Ask(view.Ask{Kind: view.AskLinkUp, Node: 0, Target: view.Target{Node: 1}})
	r.Model.Ask(view.Ask{Kind: view.AskLinkUp, Node: 2, Target: view.Target{Node: 1}})
	r.settle()
	return r
}

// A lab is built from nothing by keys and questions, works, and is taken apart again by undo.
func TestBuiltByHand(t *testing.T) {
	r := built(t)
	r.do("stage/node-h1", "press", "")
	r.Perform("run")
	r.settle()
	r.do("prompt/words", "set", "ping -c 1 10.0.0.2")
	r.do("prompt/ok", "press", "")
	r.Session.SeekNs(1e9)
	r.settle()
	if out, err := r.Session.Output("h1"); err != nil || !strings.Contains(out, "1 received") {
		t.Fatalf("%v\n%s", err, out)
	}
	for range 6 {
		r.key(true, ebiten.KeyZ)
	}
	if n := r.Session.Lab().Nodes(); n != 0 {
		t.Errorf("after undo there are %d nodes", n)
	}
}

// A question stays, with what is wrong, until its answer can be used.
func TestAQuestionStays(t *testing.T) {
	r := newRig(t)
	r.do("stage/link0", "menu", "")
	r.do("stage/link0.menu/link_delay", "press", "")
	if got := r.find("prompt/words").Value; got != "10ms" && got != "20ms" && !strings.HasSuffix(got, "ms") {
		t.Errorf("the question begins with %q", got)
	}
	r.do("prompt/words", "set", "soon")
	r.do("prompt/ok", "press", "")
	if !strings.Contains(r.find("prompt/problem").Name, "soon") {
		t.Error("nothing says what is wrong")
	}
	r.do("prompt/words", "set", "35ms")
	r.do("prompt/ok", "press", "")
	if _, open := r.UI.Find("prompt"); open || r.Session.Lab().LinkAt(0).Dir[1].DelayNs != 35e6 {
		t.Error("a good answer is not taken")
	}
}

// The palette understands both languages, the keyboard alone, and commands as they are written.
func TestPalette(t *testing.T) {
	r := newRig(t)
	for _, text := range []string{"dark", "明暗"} {
		was := r.UI.Theme.Dark
		r.key(true, ebiten.KeyK)
		r.do("palette/what", "set", text)
		r.do("palette/what", "focus", "")
		r.key(false, ebiten.KeyEnter)
		if r.UI.Theme.Dark == was {
			t.Errorf("%s does not switch the theme", text)
		}
	}
	r.key(true, ebiten.KeyK)
	r.do("palette/what", "set", "link 0 delay 70ms")
	r.do("palette/choices/0", "press", "")
	if got := r.Session.Lab().LinkAt(0).Dir[0].DelayNs; got != 70e6 {
		t.Errorf("a command that was written did nothing: %d", got)
	}
}

// The palette finds what nothing is chosen for: of a few links each, and else it says what to choose.
func TestPaletteWithoutAChoice(t *testing.T) {
	r := newRig(t)
	r.example("home-network")
	r.settle()
	r.Model.Select(-1)
	r.Model.Chosen = view.Target{}
	listed := func(text string) (names []string) {
		r.key(true, ebiten.KeyK)
		r.do("palette/what", "set", text)
		for _, n := range r.UI.Tree() {
			if strings.HasPrefix(n.ID, "palette/choices/") && n.Role == ui.RoleListItem {
				names = append(names, n.Name)
			}
		}
		return names
	}
	cut := r.Model.Say("verb.link_down")
	if names := listed(cut); len(names) != 4 || names[3] != cut+" Router – Server" {
		t.Errorf("%s is offered as %q", cut, names)
	}
	r.do("palette/choices/3", "press", "")
	if r.Model.LinkSetting(3, "state") == "up" {
		t.Error("the link that was picked is not down")
	}
	hold := r.Model.Say("verb.hold")
	if names := listed(hold); len(names) != 1 || names[0] != hold+" "+r.Model.Say("app.choose_packet") {
		t.Errorf("%s is offered as %q", hold, names)
	}
	r.do("palette/choices/0", "press", "")
	if _, open := r.UI.Find("palette/what"); open {
		t.Error("it stays open")
	}
}

// A packet is held and released by keys.
func TestHoldByKey(t *testing.T) {
	r := newRig(t)
	for range 2 {
		r.key(false, ebiten.KeyArrowRight)
	}
	r.Model.Select(int64(r.Session.Lab().Trace.Len() - 1))
	r.settle()
	r.key(false, ebiten.KeyH)
	if !r.Model.Held(uint64(r.Model.Packet)) {
		t.Fatal("H does not hold")
	}
	r.key(false, ebiten.KeyR)
	if r.Model.Held(uint64(r.Model.Packet)) {
		t.Error("R does not release")
	}
	r.in.Shift = true
	r.key(false, ebiten.KeySlash)
	r.in.Shift = false
	if _, ok := r.UI.Find("keys/sheet"); !ok {
		t.Error("? shows no keys")
	}
}

// A link that is asked for by name gets addresses, as one that is drawn does; one whose addresses are written has those.
func TestALinkThatIsAskedForHasAddresses(t *testing.T) {
	r := newRig(t)
	if err := r.Session.Blank(); err != nil {
		t.Fatal(err)
	}
	r.settle()
	for range 3 {
		r.Perform("add_host")
		r.settle()
	}
	for _, c := range []struct {
		node uint32
		text string
	}{{0, " h2 "}, {2, "h1 10.9.0.3/24 10.9.0.1/24"}} {
		r.Model.Chosen = view.Target{Kind: view.OnNode, Node: c.node}
		r.Perform("connect")
		r.settle()
		r.do("prompt/words", "set", c.text)
		r.do("prompt/ok", "press", "")
	}
	var got []string
	for id := range uint32(3) {
		for _, f := range r.Session.Lab().Host(id).Ifaces {
			got = append(got, f.Addr.String())
		}
	}
	if want := "10.0.0.1 10.9.0.1 10.0.0.2 10.9.0.3"; strings.Join(got, " ") != want {
		t.Errorf("the addresses are %v, want %s", got, want)
	}
	if !r.says(r.Model.Say("lab.blank.built")) {
		t.Error("what was built is still said to be empty")
	}
}

// Who has built a lab of two hosts is led on: to a ping, to a server, and to a page of that server.
func TestABuiltLabLeadsOn(t *testing.T) {
	r := built(t)
	r.Model.Node = 1 // a switch has no terminal
	r.settle()
	for _, c := range []struct{ line, at, says string }{
		{"ping -c 3 10.0.0.2", "h1", "3 received"}, {"httpd &", "h2", "listen"}, {"curl -v http://10.0.0.2/hello", "h1", "200 OK"},
	} {
		if n := r.find("card/next"); n.Name != c.line {
			t.Fatalf("%q is offered, want %q", n.Name, c.line)
		}
		r.do("card/next", "press", "")
		r.Session.SeekNs(r.Model.Now() + 10e9)
		r.settle()
		if out, err := r.Session.Output(c.at); err != nil || !strings.Contains(out, c.says) {
			t.Errorf("%s: %v\n%s", c.line, err, out)
		}
		if r.Model.NodeName(r.Model.Node) != c.at {
			t.Errorf("after %s the terminal of %s is shown", c.line, r.Model.NodeName(r.Model.Node))
		}
	}
}
