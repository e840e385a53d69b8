//go:build !js

package browser

import (
	"fmt"
	"os"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

// A screen reader finds nothing wrong with the page: axe-core, all its rules, wherever a person may come.
func TestThePageIsAccessible(t *testing.T) {
	s := newSiteOrSkip(t)
	path := os.Getenv("WIRELAB_AXE")
	if path == "" {
		t.Skip("needs axe-core, whose axe.min.js WIRELAB_AXE names; ./build.sh test gets it from the npm registry when that can be reached")
	}
	axe, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	for i, lang := range []string{"en", "zh"} {
		theme := []string{"dark", "light"}[i]
		t.Run(lang+" "+theme, func(t *testing.T) {
			b := open(t, s.URL+subPath+"?example=four-way-close&lang="+lang+"&theme="+theme)
			b.eval(waitShown+`await wirelab.seek(0.25)`, nil)
			b.run("axe", chromedp.Evaluate(string(axe), nil))
			b.judge("first screen")
			for _, place := range places {
				b.eval(place.act, nil)
				b.keys(place.keys...)
				if place.press != "" {
					b.press(place.press)
				}
				if place.types != "" {
					b.until(`document.activeElement.id === 'text-input'`)
					b.run("typing", chromedp.KeyEvent(place.types))
				}
				if place.shows != "" {
					b.until(there(place.shows))
				}
				b.judge(place.name)
				if place.leave {
					b.leave(place.shows)
				}
			}
			b.press("bar/theme")
			b.judge("the other theme")
		})
	}
}

// places are where a person may come, one after the other.
var places = []struct {
	name  string
	act   string // JavaScript
	keys  []string
	press string
	types string // into the field that has the keyboard then
	shows string // the widget that says that it is there
	leave bool   // Escape leads out again
}{
	{name: "packets", keys: []string{"2"}, shows: "packets"},
	{name: "a packet is selected", press: "packets/list/4"},
	{name: "packet", keys: []string{"4"}, shows: "decode"},
	{name: "why", keys: []string{"5"}, shows: "why"},
	{name: "timers", keys: []string{"6"}},
	{name: "program", keys: []string{"7"}},
	{name: "plots", keys: []string{"8"}},
	{name: "inspector", keys: []string{"9"}},
	{name: "ladder", keys: []string{"1"}, shows: "ladder"},
	{name: "connection", keys: []string{"3"}, shows: "connection"},
	{name: "windows", press: "connection/part/windows"},
	{name: "variables", press: "connection/part/variables"},
	{name: "menu of labs", press: "bar/labs", shows: "bar/labs.menu", leave: true},
	{name: "menu of a pane", press: "upper-pane/more", shows: "upper-pane/menu", leave: true},
	{name: "palette", keys: []string{"Ctrl+k"}, shows: "palette", leave: true},
	{name: "sheet of keys", keys: []string{"Shift+?"}, shows: "keys", leave: true},
	{name: "question", keys: []string{"u"}, shows: "prompt", leave: true},
	{name: "a bad answer", keys: []string{"u"}, types: "soon\r", shows: "prompt/problem", leave: true},
	{name: "note", keys: []string{"Shift+n"}, types: "Look here\r", shows: "stage/note0"},
	{name: "menu of a note", act: menuOf("stage/note0"), shows: "stage/note0.menu", leave: true},
	{name: "menu of a host", act: menuOf("stage/node-A"), shows: "stage/node-A/menu", leave: true},
	{name: "menu of a link", press: "stage/link0", shows: "stage/link0.menu", leave: true},
	{name: "properties of a link", keys: []string{"9"}, shows: "inspect/properties"},
	{name: "menu of times", press: "time/until", shows: "time/until.menu", leave: true},
	{name: "packets again", keys: []string{"2"}, shows: "packets/list/4"},
	{name: "menu of a packet", act: menuOf("packets/list/4"), shows: "packets/list.menu", leave: true},
	{name: "a filter", press: "packets/filter", types: "tcp.fl", shows: "packets/filter"},
	{name: "another future", act: `await wirelab.command('link 0 delay 30ms')`, keys: []string{"Escape", "Escape"}, shows: "time/branch0"},
	{name: "menu of a future", press: "time/branch0", shows: "time/branch0.menu"},
	{name: "comparison", press: "time/branch0.menu/compare", shows: "compare/connections/0", leave: true},
}

// menuOf is what opens the menu of a widget: the other button, on its twin in the page.
func menuOf(id string) string {
	return `for (let tries = 0; !` + there(id) + ` && tries < 200; tries++) await new Promise((r) => setTimeout(r, 50));` + there(id) + `.dispatchEvent(new MouseEvent('contextmenu', { bubbles: true, cancelable: true }))`
}

// leave presses Escape until a widget is gone; the first may have put something else away.
func (b *tab) leave(id string) {
	b.Helper()
	for range 5 {
		b.keys("Escape")
		var gone bool
		b.eval(`for (let tries = 0; tries < 30; tries++) {
				if (!document.querySelector('#mirror [data-id="`+id+`"]')) return true;
				await new Promise((r) => setTimeout(r, 50));
			}
			return false`, &gone)
		if gone {
			return
		}
	}
	b.Fatalf("Escape does not lead out of %s", id)
}

// judge has axe look at the page as it is, once the mirror has caught up with the canvas.
func (b *tab) judge(place string) {
	b.Helper()
	var found []string
	b.eval(`await new Promise((r) => setTimeout(r, 350));
		const result = await axe.run(document, { resultTypes: ['violations'] });
		if (result.passes.length < 10) throw new Error('axe passed only ' + result.passes.length + ' rules');
		return result.violations.flatMap((v) => v.nodes.slice(0, 5).map((n) => v.id + ': ' + v.help + ': ' + n.html.slice(0, 200) + ' ' + (n.any[0] || n.all[0] || n.none[0] || {message: ''}).message))`, &found)
	if len(found) > 0 {
		b.Errorf("%s: %s", place, strings.Join(found, "\n\t"))
	}
}

// A handshake is followed by ear: each step adds sentences to the live region, and buttons of the mirror make the steps.
func TestAHandshakeIsHeard(t *testing.T) {
	s := newSiteOrSkip(t)
	for lang, want := range map[string][]string{
		"en": {"A sent SYN to B.", "SYN arrived at B.", "B: SYN_RCVD.", "B sent SYN ACK to A.", "A: ESTABLISHED.", "A sent ACK to B."},
		"zh": {"A 向 B 发送 SYN。", "SYN 到达 B。", "B：SYN_RCVD。", "B 向 A 发送 SYN ACK。", "A：ESTABLISHED。", "A 向 B 发送 ACK。"},
	} {
		b := open(t, s.URL+subPath+"?example=handshake-capture&lang="+lang)
		b.eval(waitShown, nil)
		for n := range 3 {
			b.press("time/step")
			b.until(fmt.Sprintf(`(await wirelab.status()).packets_sent === %d`, n+1))
		}
		last := want[len(want)-1]
		b.until(`document.getElementById('live').textContent.includes('` + last + `')`)
		var heard string
		b.eval(`return document.getElementById('live').innerText`, &heard)
		at := 0
		for _, sentence := range want {
			i := strings.Index(heard[at:], sentence)
			if i < 0 {
				t.Errorf("%s: %q is not heard, or too early, in\n%s", lang, sentence, heard)
				break
			}
			at += i + len(sentence)
		}
		b.noComplaints()
	}
}
