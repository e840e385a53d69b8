//go:build !js

package app

import (
	"errors"
	"io/fs"
	"path"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab/session"
	"wirelab/lab/ui"
	"wirelab/lab/view"
	"wirelab/lab/words"
)

// rig drives an App as a person would, by its tree of widgets, without a display.
type rig struct {
	*App
	*testing.T
	in      ui.Input
	w, h    float32
	disk    memDisk
	dropped []drop
	title   string
}

type drop struct {
	name string
	data []byte
}

// memDisk is a folder in memory.
type memDisk map[string][]byte

func (d memDisk) List(string) (string, []DiskEntry, error) {
	entries := []DiskEntry{{"..", true}}
	for name := range d {
		entries = append(entries, DiskEntry{path.Base(name), false})
	}
	slices.SortFunc(entries, func(a, b DiskEntry) int { return strings.Compare(a.Name, b.Name) })
	return "/home", entries, nil
}

func (d memDisk) Read(name string) ([]byte, error) {
	if data, ok := d[name]; ok {
		return data, nil
	}
	return nil, fs.ErrNotExist
}

func (d memDisk) Write(name string, data []byte) error {
	if strings.HasPrefix(name, "/full/") {
		return errors.New("no space left")
	}
	d[name] = data
	return nil
}

func newRig(t *testing.T) *rig {
	fonts, err := Fonts()
	if err != nil {
		t.Fatal(err)
	}
	r := &rig{T: t, w: 1280, h: 720, disk: memDisk{}, in: ui.Input{Outside: true}}
	r.App = New(Options{Session: session.New(), Fonts: fonts, Still: true}, Platform{
		Scale: func() float32 { return 1 }, Disk: r.disk,
		Retitle: func(title string) { r.title = title },
		Dropped: func(open func(string, []byte, error)) {
			for _, d := range r.dropped {
				open(d.name, d.data, nil)
			}
			r.dropped = nil
		},
	})
	r.frames(2)
	return r
}

func (r *rig) frames(n int) {
	for range n {
		r.in.Now += 16 * time.Millisecond
		r.Frame(&r.in, r.w, r.h, 1)
		r.in.Keys, r.in.Chars = nil, nil
	}
}

// do does something to a widget, and waits until long work is done.
func (r *rig) do(id, what, value string) {
	r.Helper()
	if err := r.UI.Do(id, what, value); err != nil {
		r.Fatal(err)
	}
	r.settle()
}

func (r *rig) settle() {
	r.frames(3)
	for range 1000 {
		if !r.Session.Busy() {
			break
		}
		r.frames(1)
	}
	r.frames(2)
}

func (r *rig) key(command bool, keys ...ebiten.Key) {
	for _, k := range keys {
		r.in.Command, r.in.Keys = command, []ui.KeyPress{{Key: k}}
		r.frames(1)
		r.in.Command = false
		r.settle()
	}
}

func (r *rig) find(id string) ui.Node {
	r.Helper()
	n, ok := r.UI.Find(id)
	if !ok {
		r.Fatalf("there is no widget %s", id)
	}
	return n
}

// says reports whether words stand anywhere on the screen.
func (r *rig) says(words string) bool {
	return slices.ContainsFunc(r.UI.Tree(), func(n ui.Node) bool {
		return strings.Contains(n.Name, words) || strings.Contains(n.Value, words)
	})
}

func (r *rig) example(name string) {
	r.Helper()
	if err := r.Session.Example(name); err != nil {
		r.Fatal(err)
	}
	r.settle()
}

// The card's suggestion leads from the first screen to the end of the handshake.
func TestTheNextActionLeadsOn(t *testing.T) {
	r := newRig(t)
	if !r.says("A handshake, as captured") || r.title != "A handshake, as captured — Wirelab" {
		t.Errorf("the first lab is %q", r.title)
	}
	r.frames(2)
	for range r.Model.Lesson {
		r.do("card/next", "press", "")
		if r.frames(2); !r.Session.Playing() {
			t.Fatal("the suggested action does not play")
		}
		for range 60 * 60 {
			r.frames(1)
			if !r.Session.Playing() {
				break
			}
		}
	}
	if !r.says("each knows that the other knows") {
		t.Error("the lesson did not come to its end")
	}
	if got := r.Session.Status(); got.PacketsDelivered < 3 {
		t.Errorf("after a minute of play: %+v", got)
	}
	for _, want := range []string{"SYN 3626544836", "SYN·ACK 1739326486", "ACK 1"} {
		if !r.says(want) {
			t.Errorf("the ladder does not show %q", want)
		}
	}
}

func TestSaveAndOpenByButtonAndKey(t *testing.T) {
	r := newRig(t)
	r.example("four-way-close")
	r.key(false, ebiten.KeyEnd)
	r.do("time/strip", "set", "0.1")
	want := r.Session.Status()
	r.do("bar/save", "press", "")
	r.do("file/ok", "press", "")
	if len(r.disk) != 1 {
		t.Fatalf("on the disk: %v", r.disk)
	}
	r.example("lost-syn")
	r.key(true, ebiten.KeyO)
	r.do("file/entries/1", "open", "")
	if got := r.Session.Status(); got != want {
		t.Errorf("opened again\n%+v, saved\n%+v", got, want)
	}
	r.do("time/strip", "set", "0.2")
	want = r.Session.Status()
	r.key(true, ebiten.KeyS)
	r.key(false, ebiten.KeyEnter)
	if len(r.disk) != 1 {
		t.Errorf("saving what was opened makes another file: %v", r.disk)
	}
	r.example("lost-syn")
	r.key(true, ebiten.KeyO)
	r.do("file/entries/1", "open", "")
	if got := r.Session.Status(); got != want {
		t.Errorf("saved again\n%+v, opened\n%+v", want, got)
	}
}

// Another file of that name is only replaced when a person says so twice.
func TestAnotherFileIsNotReplacedUnasked(t *testing.T) {
	r := newRig(t)
	r.disk["/home/a-handshake-as-captured.lab"] = []byte("precious")
	r.key(true, ebiten.KeyS)
	r.key(false, ebiten.KeyEnter)
	if string(r.disk["/home/a-handshake-as-captured.lab"]) != "precious" || !r.says("is there already") {
		t.Fatal("it was replaced")
	}
	r.do("file/ok", "press", "")
	if string(r.disk["/home/a-handshake-as-captured.lab"]) == "precious" {
		t.Error("it was not replaced")
	}
}

func TestADroppedFileIsOpened(t *testing.T) {
	r := newRig(t)
	r.example("lost-syn")
	want := r.Session.Status()
	data, err := r.Session.Save()
	if err != nil {
		t.Fatal(err)
	}
	r.example("four-way-close")
	r.dropped = []drop{{"dropped.lab", data}}
	r.settle()
	if got := r.Session.Status(); got != want {
		t.Errorf("dropped\n%+v, saved\n%+v", got, want)
	}
	if !r.says("The first SYNs are lost is open") {
		t.Error("nothing says that it is open")
	}
}

func TestADamagedFileLeavesTheLab(t *testing.T) {
	r := newRig(t)
	r.example("four-way-close")
	r.key(false, ebiten.KeyArrowRight, ebiten.KeyArrowRight)
	want := r.Session.Status()
	r.dropped = []drop{{"damaged.lab", []byte("WLAB, and then nonsense")}}
	r.settle()
	if got := r.Session.Status(); got != want {
		t.Errorf("the open lab changed to\n%+v from\n%+v", got, want)
	}
	if !r.says("damaged.lab was not opened, and your lab is as it was: ") {
		t.Error("nothing says why it was not opened")
	}
	r.disk["/home/broken.lab"] = []byte("x")
	r.key(true, ebiten.KeyO)
	r.do("file/entries/1", "open", "")
	if got := r.Session.Status(); got != want || !r.says("this is not a .lab file") {
		t.Errorf("by the dialog: %+v", got)
	}
}

func TestTheArgumentIsOpened(t *testing.T) {
	r := newRig(t)
	if err := r.OpenFile("/home/none.lab"); err == nil || !strings.Contains(err.Error(), "none.lab") {
		t.Errorf("a file that is not there: %v", err)
	}
	r.example("lost-syn")
	data, _ := r.Session.Save()
	r.disk["/home/mine.lab"] = data
	r.example("four-way-close")
	if err := r.OpenFile("/home/mine.lab"); err != nil || r.Session.Title() != "The first SYNs are lost" {
		t.Errorf("%v; %q is open", err, r.Session.Title())
	}
}

func TestScrubbingNeverChangesTheHash(t *testing.T) {
	r := newRig(t)
	r.example("four-way-close")
	at := func(seconds string) string {
		r.do("time/strip", "set", seconds)
		return r.Session.Status().StateHash
	}
	seconds := []string{"0.05", "0.1", "0.5", "65"}
	var want []string
	for _, s := range seconds {
		want = append(want, at(s))
	}
	for i := range want {
		if slices.Contains(want[:i], want[i]) {
			t.Fatalf("the lab stands still: %v", want)
		}
	}
	for i := len(seconds) - 1; i >= 0; i-- {
		if got := at(seconds[i]); got != want[i] {
			t.Errorf("at %s s the hash is %s on the way back, %s on the way there", seconds[i], got, want[i])
		}
	}
}

func TestLanguageAndTheme(t *testing.T) {
	r := newRig(t)
	r.do("bar/language", "press", "")
	if r.Session.Language() != words.Chinese || !r.says("抓包看三次握手") || r.title != "抓包看三次握手 — Wirelab" {
		t.Errorf("the window is called %q", r.title)
	}
	r.do("bar/theme", "press", "")
	if r.UI.Theme.Dark {
		t.Error("the theme is still dark")
	}
	r.key(false, ebiten.KeyL, ebiten.KeyT)
	if r.Session.Language() != words.English || !r.UI.Theme.Dark {
		t.Error("the keys L and T do not switch back")
	}
}

// A line typed at a terminal is an entry of the journal, and its answer is seen.
func TestTheTerminal(t *testing.T) {
	r := newRig(t)
	r.example("lost-syn")
	r.do("time/strip", "set", "70")
	if n := r.find("card/next"); n.Name != "hello" {
		t.Errorf("the client waits for a line, and %q is suggested", n.Name)
	}
	for i, line := range []string{"hello", "exit"} {
		r.do("terminal/of-A/input", "focus", "")
		r.in.Chars = []rune(line)
		r.frames(1)
		before := len(r.Session.Lab().Journal)
		r.key(false, ebiten.KeyEnter)
		if n := len(r.Session.Lab().Journal); n != before+1 {
			t.Fatalf("the journal has %d entries, it had %d", n, before)
		}
		r.do("time/strip", "set", []string{"75", "80"}[i])
		r.key(false, ebiten.KeyEscape)
	}
	if out, _ := r.Session.Output("A"); !strings.Contains(out, "bye") || !r.says("TIME_WAIT") {
		t.Errorf("the client does not wait after the server's bye; its terminal:\n%s", out)
	}
	if r.says("-80 s") {
		t.Error("a connection that is gone has a timer")
	}
}

// Clicking into the terminal and typing at once, in the same slow frame, types
// into the terminal.
func TestTypingRightAfterTheClick(t *testing.T) {
	r := newRig(t)
	r.example("lost-syn")
	b := r.find("terminal/of-A").Bounds
	r.in.Outside = false
	r.in.X, r.in.Y = b.Mid()
	r.frames(1)
	r.in.Down[ui.Primary] = true
	r.frames(1)
	r.in.Down[ui.Primary] = false
	for _, c := range "lt" { // would switch language and theme
		r.in.Keys, r.in.Chars = []ui.KeyPress{{Key: ebiten.KeyA + ebiten.Key(c-'a')}}, []rune{c}
		r.frames(1)
	}
	r.frames(3)
	if n := r.find("terminal/of-A/input"); n.Value != "lt" || r.Session.Language() != words.English || !r.UI.Theme.Dark {
		t.Errorf("the line is %q, the language %s", n.Value, r.Session.Language())
	}
}

// Typing in the past begins another future; the old one can be had back.
func TestTheFutureThatWasLeftIsKept(t *testing.T) {
	r := newRig(t)
	r.example("four-way-close")
	r.do("time/strip", "set", "60")
	old := r.Session.Status()
	r.do("time/strip", "set", "0.15")
	before := r.Session.Status()
	if _, ok := r.UI.Find("time/history"); ok {
		t.Error("there is a history and nothing was done")
	}
	r.do("terminal/of-A/input", "focus", "")
	r.in.Chars = []rune("hi")
	r.frames(1)
	r.key(false, ebiten.KeyEnter)
	if !r.says("Another future begins here") {
		t.Error("nothing says that the future was left")
	}
	r.key(false, ebiten.KeyEscape, ebiten.KeyEscape)
	r.Session.Pause()
	r.key(true, ebiten.KeyZ)
	if got := r.Session.Status(); got != before {
		t.Errorf("after undo\n%+v, want\n%+v", got, before)
	}
	r.do("time/history", "press", "")
	r.do("time/history.menu/0", "press", "")
	r.do("time/strip", "set", "60")
	if got := r.Session.Status(); got != old {
		t.Errorf("the branch comes to\n%+v, it was\n%+v", got, old)
	}
}

// Pressing a packet shows what is in it.
func TestAPacketIsTakenApart(t *testing.T) {
	r := newRig(t)
	r.example("four-way-close")
	r.do("time/strip", "set", "0.25")
	r.do("ladder/p3", "press", "")
	for _, want := range []string{"Transmission Control Protocol", "Sequence Number", "Internet Protocol Version 4"} {
		if !r.says(want) {
			t.Errorf("the details lack %q", want)
		}
	}
	r.key(false, ebiten.Key3)
	r.do("ladder/p4", "press", "")
	if r.panes[1].shown != "connection" {
		t.Error("the pane that a person chose was taken away")
	}
}

// Every widget can be told from the others, is named, and lies in the window.
func TestTheTreeIsSound(t *testing.T) {
	r := newRig(t)
	check := func(where string) {
		seen := map[string]bool{}
		for _, n := range r.UI.Tree() {
			if seen[n.ID] {
				t.Errorf("%s: two widgets are called %s", where, n.ID)
			}
			seen[n.ID] = true
			if n.Name == "" && n.Actions&(ui.CanPress|ui.CanSet) != 0 {
				t.Errorf("%s: %s can be used and has no name", where, n.ID)
			}
			if b := n.Bounds; !b.Empty() && (b.X < 0 || b.Y < 0 || b.Right() > r.w+1 || b.Bottom() > r.h+1) {
				t.Errorf("%s: %s lies at %v, outside the window", where, n.ID, b)
			}
		}
	}
	for _, lab := range []string{"handshake-capture", "four-way-close", "lost-syn"} {
		r.example(lab)
		check(lab)
		for range 4 {
			r.key(false, ebiten.KeyArrowRight)
			check(lab + ", a step on")
		}
		for _, tab := range []ebiten.Key{ebiten.Key2, ebiten.Key4, ebiten.Key1, ebiten.Key3} {
			r.key(false, tab)
			r.Model.Select(0)
			r.frames(2)
			check(lab + ", tab " + tab.String())
		}
	}
	for _, size := range [][2]float32{{640, 480}, {320, 240}, {2560, 1440}, {400, 900}} {
		r.w, r.h = size[0], size[1]
		r.frames(2)
		check("another size")
	}
}

// The run-to menu leads to the next event of the host, and, with a connection selected, of that and of its timer.
func TestRunToWhatIsSelected(t *testing.T) {
	r := newRig(t)
	if err := r.Session.Example("four-way-close"); err != nil {
		t.Fatal(err)
	}
	r.Session.SeekNs(320_000_000)
	r.settle()
	h := r.Session.Lab().Host(1)
	for i := range h.Conns {
		if c := &h.Conns[i]; c.Remote.Port != 0 {
			r.Model.Conn = view.ConnRef{Host: 1, Slot: c.ID, Gen: c.Gen, Set: true}
		}
	}
	r.frames(2)
	for _, c := range []struct {
		item string
		at   int64
	}{
		{"conn_timer", 350_052_800},
		{"conn", 360_105_600},
		{"host", 380_108_800},
	} {
		r.do("time/until", "press", "")
		r.do("time/until.menu/"+c.item, "press", "")
		if at := r.Session.Lab().Position().TimeNs; at != c.at {
			t.Errorf("%s: at %d, want %d", c.item, at, c.at)
		}
	}
}
