//go:build !js

package app

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab/ui"
	"wirelab/lab/works"
	"wirelab/lab/works/folder"
)

// keeps gives a rig a library in a folder.
func (r *rig) keeps(dir string) {
	r.Helper()
	store, err := folder.Open(dir)
	if err != nil {
		r.Fatal(err)
	}
	began := time.Now()
	now := func() time.Time { return began.Add(r.in.Now) }
	r.Session.NewIDs(newID)
	r.Library = &works.Library{Store: store, NewID: newID, Now: now, TitleOf: r.Session.TitleOf}
	r.Keeper = works.NewKeeper(r.Session, store, newID(), now)
	r.Keeper.Presence = store
	r.Keeper.Saved = func(works.Meta) { r.Library.Stale() }
	r.Cleanup(store.Release)
}

// wait lets seconds pass.
func (r *rig) wait(seconds int) {
	for range seconds * 10 {
		r.in.Now += 100 * time.Millisecond
		r.frames(1)
	}
}

func (r *rig) exists(id string) bool {
	_, ok := r.UI.Find(id)
	return ok
}

// kept returns the titles in the library, the latest first.
func (r *rig) kept() string {
	var titles []string
	r.Library.Read(func(list []works.Meta, err error) {
		if err != nil {
			r.Fatal(err)
		}
		for _, m := range list {
			titles = append(titles, m.Title)
		}
	})
	return strings.Join(titles, "|")
}

// make makes a work: a built-in lab with another host and a title.
func (r *rig) make(example, title string) {
	r.Helper()
	r.example(example)
	r.settle()
	for _, err := range []error{r.Session.Command("add host of-" + title), r.Session.Retitle(title)} {
		if err != nil {
			r.Fatal(err)
		}
	}
	r.wait(2)
}

// Whatever is opened over unsaved work, the work is in the library, a toast offers to bring it back, and so does Ctrl Z.
func TestOpeningDestroysNothing(t *testing.T) {
	r := newRig(t)
	r.keeps(t.TempDir())
	file, err := r.Session.Save()
	if err != nil {
		t.Fatal(err)
	}
	r.disk["/home/other.lab"] = file
	for i, open := range []func(){
		func() { r.do("bar/labs", "press", ""); r.do("bar/labs.menu/four-way-close", "press", "") },
		func() { r.do("bar/labs", "press", ""); r.do("bar/labs.menu/blank", "press", "") },
		func() { r.dropped = []drop{{"other.lab", file}} },
		func() { r.key(false, ebiten.KeyO); _ = r.OpenFile("/home/other.lab") },
	} {
		r.make("lost-syn", "mine")
		r.do("time/strip", "set", "2")
		r.Session.Command("add host last") // not even half a second old
		want := r.Session.Current()
		state := r.Session.Status().StateHash
		open()
		r.frames(3)
		r.settle()
		if r.Session.Current().ID == want.ID {
			t.Fatalf("%d: nothing was opened", i)
		}
		if got := r.kept(); !strings.HasPrefix(got, "mine") {
			t.Errorf("%d: the library has %q", i, got)
		}
		if !r.exists("toast0/action") {
			t.Fatalf("%d: no toast offers to undo that", i)
		}
		if i%2 == 0 {
			r.do("toast0/action", "press", "")
		} else {
			r.key(true, ebiten.KeyZ)
		}
		r.frames(2)
		r.settle()
		if r.Session.Current() != want || r.Session.Status().StateHash != state {
			t.Errorf("%d: undo brings back\n%+v %+v, want\n%+v %+v", i, r.Session.Current(), r.Session.Status().StateHash, want, state)
		}
		r.wait(20)
	}
}

// The menu of labs lists the latest works and opens them; the window with all of them renames, duplicates, deletes and undoes that.
func TestLibraryWindow(t *testing.T) {
	r := newRig(t)
	r.keeps(t.TempDir())
	r.make("lost-syn", "one")
	r.make("home-network", "two")
	one := ""
	r.do("bar/labs", "press", "")
	for _, n := range r.UI.Tree() {
		if strings.HasPrefix(n.ID, "bar/labs.menu/"+workItem) && n.Name == "one" {
			one = n.ID
		}
	}
	r.do(one, "press", "")
	r.settle()
	if r.Session.Title() != "one" || r.title != "one — Wirelab" {
		t.Errorf("the menu opened %q", r.Session.Title())
	}
	r.key(false, ebiten.KeyEscape)
	r.Perform("works")
	r.frames(2)
	r.do("works/list", "set", "1")
	r.do("works/more", "press", "")
	r.do("works/menu/duplicate", "press", "")
	if got := r.kept(); got != "two (copy)|one|two" && got != "one (copy)|one|two" && got != "one (copy)|two|one" {
		t.Errorf("duplicated: %q", got)
	}
	r.frames(2)
	before := r.kept()
	r.do("works/list", "set", "0")
	r.do("works/more", "press", "")
	r.do("works/menu/rename", "press", "")
	r.do("prompt/words", "set", "三次握手")
	r.do("prompt/ok", "press", "")
	if got := r.kept(); !strings.Contains(got, "三次握手") {
		t.Errorf("renamed: %q, before %q", got, before)
	}
	r.frames(2)
	r.do("works/list", "set", "0")
	r.do("works/more", "press", "")
	r.do("works/menu/delete", "press", "")
	if got := r.kept(); len(strings.Split(got, "|")) != 2 {
		t.Errorf("deleted: %q", got)
	}
	r.frames(2)
	i := slices.IndexFunc(r.UI.Tree(), func(n ui.Node) bool { return strings.HasSuffix(n.ID, "/action") && strings.HasPrefix(n.ID, "toast") })
	r.do(r.UI.Tree()[i].ID, "press", "")
	if got := r.kept(); len(strings.Split(got, "|")) != 3 {
		t.Errorf("undone: %q", got)
	}
}

// The library leaves as one file, and comes back into an empty one.
func TestLibraryInOneFile(t *testing.T) {
	r := newRig(t)
	r.keeps(t.TempDir())
	r.make("lost-syn", "one")
	r.make("home-network", "two")
	r.Perform("works")
	r.frames(2)
	r.do("works/export", "press", "")
	r.frames(1)
	name, archive := "", []byte(nil)
	for n, data := range r.disk {
		name, archive = n, data
	}
	if !strings.HasSuffix(name, ".zip") || !works.IsArchive(archive) {
		t.Fatalf("exported %q", name)
	}
	o := newRig(t)
	o.keeps(t.TempDir())
	o.dropped = []drop{{"works.zip", archive}}
	o.frames(10)
	if got := o.kept(); got != r.kept() || !o.says("2 works were added") {
		t.Errorf("imported: %q", got)
	}
}

// refusing is a store that keeps nothing.
type refusing struct{ works.Store }

func (refusing) Save(_ works.Meta, _ []byte, _ string, done func(error)) { done(works.ErrFull) }

// While the work cannot be kept the window says so, in a message and for as long as it lasts, and offers to save it as a file.
func TestTroubleIsTold(t *testing.T) {
	r := newRig(t)
	r.keeps(t.TempDir())
	good := r.Keeper.Store
	r.Keeper.Store = refusing{good}
	r.example("lost-syn")
	r.Session.Command("add host mine")
	r.wait(2)
	if !r.says("no room left") || !r.exists("bar/unkept") {
		t.Error("nothing says that the work is not kept")
	}
	r.wait(30)
	if !r.exists("bar/unkept") {
		t.Error("after a while nothing says it any more")
	}
	r.do("bar/unkept", "press", "")
	if !r.file.open || !r.file.saving {
		t.Error("it does not offer to save a file")
	}
	r.file.open = false
	r.Keeper.Store = good
	r.wait(8)
	if r.exists("bar/unkept") || r.kept() == "" {
		t.Error("it is said although the work is kept")
	}
}

// Saving after another lab was opened does not propose the file of the one before.
func TestAFileBelongsToItsWork(t *testing.T) {
	r := newRig(t)
	r.keeps(t.TempDir())
	data, err := r.Session.Save()
	if err != nil {
		t.Fatal(err)
	}
	r.disk["/home/precious.lab"] = data
	if err := r.OpenFile("/home/precious.lab"); err != nil {
		t.Fatal(err)
	}
	r.frames(2)
	r.example("four-way-close")
	r.frames(2)
	r.key(true, ebiten.KeyS)
	r.frames(2)
	if strings.Contains(r.file.name, "precious") {
		t.Errorf("it proposes %q", r.file.name)
	}
	r.key(false, ebiten.KeyEscape, ebiten.KeyEscape)
	r.frames(2)
	r.key(true, ebiten.KeyZ)
	r.frames(2)
	r.key(true, ebiten.KeyS)
	if r.frames(2); r.file.name != "precious.lab" {
		t.Errorf("back in the file's work it proposes %q", r.file.name)
	}
}
