package works

import (
	"errors"
	"testing"
	"time"
)

// mostLost is how much work a crash may cost.
const mostLost = 2 * time.Second

// Whatever is done, the store has it two seconds later: while time runs, and while saves are slow to come back.
func TestChangesAreKeptSoon(t *testing.T) {
	for _, play := range []bool{false, true} {
		d := newDesk(t, newMemory())
		d.store.late = true
		if play {
			d.Session.Play()
		}
		for i, line := range []string{"add host one", "add host two", "rename one first", "add link first two", "link 1 delay 7ms", "A$"} {
			if line == "A$" {
				d.Session.Exec("A", "ss")
			} else {
				d.must(line)
			}
			entries := len(d.Session.Lab().Journal)
			d.pass(mostLost - 500*time.Millisecond)
			d.store.deliver()
			d.pass(100 * time.Millisecond)
			d.store.deliver()
			if s := d.kept(); s == nil || len(s.Lab().Journal) != entries {
				t.Fatalf("play %v: after change %d the store lacks it", play, i)
			}
		}
		d.Session.Pause()
		d.pass(mostLost)
		d.store.deliver()
		if !d.isKept() {
			t.Error("at rest the store has another state")
		}
		writes := d.store.writes
		d.pass(time.Minute)
		if d.store.writes != writes {
			t.Error("a work at rest is written again")
		}
	}
}

// A burst of changes is not written one by one, and the last of them no later than any.
func TestBursts(t *testing.T) {
	d := newDesk(t, newMemory())
	for range 100 {
		d.Session.Retitle("x" + d.Session.Title()[:min(100, len(d.Session.Title()))])
		d.pass(16 * time.Millisecond)
	}
	if d.store.writes > 10 {
		t.Errorf("%d writes in 1.6 s", d.store.writes)
	}
	if s := d.kept(); s == nil {
		t.Error("while it goes on nothing is kept")
	}
	d.pass(time.Second)
	if !d.isKept() {
		t.Error("the last change is not kept")
	}
}

// What somebody only looked at is a draft: it says where the window was, is in no list, and goes when the window goes on.
func TestDrafts(t *testing.T) {
	d := newDesk(t, newMemory())
	d.Session.Seek(2)
	d.pass(time.Second)
	looked := d.Session.Current().ID
	if m := d.store.metas[looked]; !m.Draft || len(Listed([]Meta{m})) != 0 {
		t.Fatalf("%+v", m)
	}
	d.Session.Example("four-way-close")
	d.pass(time.Second)
	if _, ok := d.store.metas[looked]; ok {
		t.Error("a draft that nobody sees stays")
	}
	d.must("add host mine")
	changed := d.Session.Current().ID
	d.pass(time.Second)
	d.Session.Blank()
	d.pass(time.Second)
	if m := d.store.metas[changed]; m.Draft || len(Listed([]Meta{m})) != 1 {
		t.Errorf("a work that was a draft: %+v", m)
	}
	d.Session.Undo()
	d.Session.Undo() // takes back the host; the work stays one
	d.pass(time.Second)
	if m := d.store.metas[changed]; m.Draft {
		t.Errorf("%+v", m)
	}
}

// While the store refuses, the old copy stays, somebody is told, and it is tried again until it works.
func TestARefusingStore(t *testing.T) {
	d := newDesk(t, newMemory())
	d.must("add host one")
	d.pass(time.Second)
	old := string(d.store.files[d.Session.Current().ID])
	d.store.fail = ErrFull
	d.must("add host two")
	d.pass(time.Second)
	if !errors.Is(d.Keeper.Trouble(), ErrFull) || string(d.store.files[d.Session.Current().ID]) != old {
		t.Fatalf("trouble: %v", d.Keeper.Trouble())
	}
	d.pass(10 * time.Second)
	d.store.fail = nil
	d.pass(retry + time.Second)
	if d.Keeper.Trouble() != nil || !d.isKept() {
		t.Errorf("trouble: %v, kept: %v", d.Keeper.Trouble(), d.isKept())
	}
}

// Two windows with one work do not overwrite each other: the second to save goes on with a copy.
func TestTwoWindowsWithOneWork(t *testing.T) {
	store := newMemory()
	one := newDesk(t, store)
	one.must("add host one")
	one.pass(time.Second)
	id := one.Session.Current().ID
	two := newDesk(t, store)
	two.time = one.time
	if err := two.Session.OpenWork(id, store.files[id], true); err != nil {
		t.Fatal(err)
	}
	two.Keeper.Adopt(store.metas[id])
	two.pass(time.Second)
	two.must("add host two")
	two.pass(time.Second)
	one.must("add host three")
	one.pass(2 * time.Second)
	if one.Session.Current().ID == id || two.Session.Current().ID != id {
		t.Fatalf("they have %s and %s open", one.Session.Current().ID, two.Session.Current().ID)
	}
	if !one.isKept() || !two.isKept() {
		t.Error("a window's work is not kept")
	}
	told := one.Session.Notices()
	if len(told) != 1 || !errors.Is(told[0], errSplit) || len(two.Session.Notices()) != 0 {
		t.Errorf("told %v", told)
	}
	if len(Listed([]Meta{store.metas[id], store.metas[one.Session.Current().ID]})) != 2 {
		t.Error("one of the works is in no list")
	}
}

// Hiding the window saves at once, also while another save is on its way.
func TestFlush(t *testing.T) {
	d := newDesk(t, newMemory())
	d.store.late = true
	d.must("add host one")
	d.Keeper.Flush()
	d.must("add host two")
	d.Keeper.Flush()
	d.store.deliver()
	d.store.deliver()
	if !d.isKept() {
		t.Error("the last change is not kept")
	}
}

// A work that is deleted while a window has it open comes back with the next change, and is not lost.
func TestDeletedWhileOpen(t *testing.T) {
	d := newDesk(t, newMemory())
	d.must("add host one")
	d.pass(time.Second)
	id := d.Session.Current().ID
	d.library.Delete(id, func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	})
	if len(Listed([]Meta{d.store.metas[id]})) != 0 {
		t.Error("a deleted work is listed")
	}
	d.must("add host two")
	d.pass(time.Second)
	if !d.isKept() || len(Listed([]Meta{d.store.metas[id]})) != 1 {
		t.Error("what was done since is not kept")
	}
}
