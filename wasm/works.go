//go:build js

package main

import (
	"crypto/rand"
	"encoding/hex"
	"encoding/json"
	"errors"
	"time"

	"wirelab/lab/app"
	"wirelab/lab/works"
	"wirelab/stack/problem"
	"wirelab/wasm/page"
)

// browserStore is the works.Store of a page.
type browserStore struct{ *page.Works }

func (s browserStore) List(done func([]works.Meta, error)) {
	s.Works.List(func(text string, err error) {
		var all []works.Meta
		if err == nil {
			err = json.Unmarshal([]byte(text), &all)
		}
		done(all, refused(err))
	})
}

func (s browserStore) Load(id string, done func(works.Meta, []byte, error)) {
	s.Works.Load(id, func(text string, data []byte, err error) {
		var m works.Meta
		if err == nil {
			err = json.Unmarshal([]byte(text), &m)
		}
		done(m, data, refused(err))
	})
}

func (s browserStore) Save(m works.Meta, data []byte, expected string, done func(error)) {
	s.Works.Save(describe(&m), data, expected, func(err error) { done(refused(err)) })
}

func (s browserStore) Revise(m works.Meta, done func(error)) {
	s.Works.Revise(describe(&m), func(err error) { done(refused(err)) })
}

func (s browserStore) Remove(id string, done func(error)) {
	s.Works.Remove(id, func(err error) { done(refused(err)) })
}

// Aside puts a work aside before it returns: the tab may be about to close.
func (s browserStore) Aside(m works.Meta, data []byte) { s.Works.Aside(describe(&m), data) }

func describe(m *works.Meta) string {
	text, _ := json.Marshal(m) // text and numbers
	return string(text)
}

// refused says in the words of package works why the browser refused something.
func refused(err error) error {
	var e *page.StoreError
	if !errors.As(err, &e) {
		return err
	}
	switch e.Code {
	case "conflict":
		return works.ErrConflict
	case "full":
		return works.ErrFull
	case "not_found":
		return works.ErrNotFound
	case "no_store":
		return works.ErrNoStore
	}
	return problem.New("the browser refused: %s", e.Message)
}

// newID returns an id that no work has.
func newID() string {
	var b [10]byte
	rand.Read(b[:])
	return hex.EncodeToString(b[:])
}

// connectWorks gives the window the browser's library; a framed page has none.
func connectWorks(a *app.App) *page.Works {
	w := page.OpenWorks()
	a.Session.NewIDs(newID)
	if w == nil {
		return nil
	}
	store := browserStore{w}
	a.Library = &works.Library{Store: store, NewID: newID, Now: time.Now, TitleOf: a.Session.TitleOf}
	a.Keeper = works.NewKeeper(a.Session, store, newID(), time.Now)
	a.Keeper.Presence, a.Keeper.Opened = w, w.SetCurrent
	a.Keeper.Saved = func(works.Meta) { a.Library.Stale() }
	w.OnChanged(a.Library.Stale)
	page.OnHide(a.Keeper.Flush)
	page.Every(500, a.Keeper.Tick) // frames stop while the tab is hidden
	return w
}
