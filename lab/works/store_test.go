package works

import (
	"bytes"
	"fmt"
	"slices"
	"testing"
	"time"

	"wirelab/lab/session"
)

// memory is a store that keeps works in memory, and fails when it is told to. It answers when deliver is called, or at once.
type memory struct {
	metas  map[string]Meta
	files  map[string][]byte
	fail   error
	late   bool
	queue  []func()
	writes int
}

func newMemory() *memory { return &memory{metas: map[string]Meta{}, files: map[string][]byte{}} }

func (s *memory) answer(f func()) {
	if s.late {
		s.queue = append(s.queue, f)
		return
	}
	f()
}

func (s *memory) deliver() {
	queue := s.queue
	s.queue = nil
	for _, f := range queue {
		f()
	}
}

func (s *memory) List(done func([]Meta, error)) {
	var all []Meta
	for _, m := range s.metas {
		all = append(all, m)
	}
	s.answer(func() { done(all, s.fail) })
}

func (s *memory) Load(id string, done func(Meta, []byte, error)) {
	m, ok := s.metas[id]
	if !ok {
		s.answer(func() { done(Meta{}, nil, ErrNotFound) })
		return
	}
	s.answer(func() { done(m, slices.Clone(s.files[id]), nil) })
}

func (s *memory) Save(m Meta, data []byte, expected string, done func(error)) {
	old, ok := s.metas[m.ID]
	err := s.fail
	if err == nil && ok && old.Token != expected {
		err = ErrConflict
	}
	if err == nil {
		s.metas[m.ID], s.files[m.ID] = m, slices.Clone(data)
		s.writes++
	}
	s.answer(func() { done(err) })
}

func (s *memory) Revise(m Meta, done func(error)) {
	if s.fail == nil {
		s.metas[m.ID] = m
	}
	s.answer(func() { done(s.fail) })
}

func (s *memory) Remove(id string, done func(error)) {
	delete(s.metas, id)
	delete(s.files, id)
	s.answer(func() { done(nil) })
}

// desk is a window with a session, a keeper and a clock.
type desk struct {
	t *testing.T
	*session.Session
	*Keeper
	library *Library
	store   *memory
	time    time.Time
}

var windows int

func newDesk(t *testing.T, store *memory) *desk {
	t.Helper()
	windows++
	d := &desk{t: t, Session: session.New(), store: store, time: time.Unix(1_000_000, 0)}
	name, ids := fmt.Sprint("window", windows), 0
	newID := func() string {
		ids++
		return fmt.Sprint(name, "-", ids)
	}
	d.Session.NewIDs(newID)
	now := func() time.Time { return d.time }
	d.Keeper = NewKeeper(d.Session, store, name, now)
	d.library = &Library{Store: store, NewID: newID, Now: now, TitleOf: d.Session.TitleOf}
	if err := d.Session.Example("lost-syn"); err != nil {
		t.Fatal(err)
	}
	return d
}

// pass lets time pass, frame by frame.
func (d *desk) pass(t time.Duration) {
	for ; t > 0; t -= 16 * time.Millisecond {
		d.time = d.time.Add(16 * time.Millisecond)
		d.Session.Frame(16*time.Millisecond, time.Second)
		d.Keeper.Tick()
	}
}

func (d *desk) must(lines ...string) {
	d.t.Helper()
	for _, line := range lines {
		if err := d.Session.Command(line); err != nil {
			d.t.Fatal(err)
		}
	}
}

// kept returns what the store has of the open work.
func (d *desk) kept() *session.Session {
	d.t.Helper()
	s := session.New()
	data, ok := d.store.files[d.Session.Current().ID]
	if !ok {
		return nil
	}
	if err := s.Open(data); err != nil {
		d.t.Fatal(err)
	}
	for s.Busy() {
		s.Work(time.Second)
	}
	return s
}

// isKept reports whether the store has the open work as it stands.
func (d *desk) isKept() bool {
	d.t.Helper()
	data, err := d.Session.Save()
	if err != nil {
		d.t.Fatal(err)
	}
	return bytes.Equal(d.store.files[d.Session.Current().ID], data)
}
