package works

import (
	"time"

	"wirelab/lab"
	"wirelab/lab/save"
	"wirelab/stack/problem"
)

// Library is what a person does with works. All calls that end with done may answer later.
type Library struct {
	Store
	NewID   func() string
	Now     func() time.Time
	TitleOf func(*save.File) string // as it is shown

	list    []Meta
	fresh   bool
	reading bool
	trouble error
}

// What nobody needs any more is removed after so long.
const (
	keepDeleted = 30 * 24 * time.Hour
	keepDrafts  = 2 * 24 * time.Hour
)

// Works returns the works that are listed, the latest first, as far as they are known: the first call begins to read them.
func (b *Library) Works() []Meta {
	if !b.fresh && !b.reading {
		b.Read(func([]Meta, error) {})
	}
	return b.list
}

// Trouble returns why works could not be listed, nil if they could.
func (b *Library) Trouble() error { return b.trouble }

// Stale says that the library changed: the next call of Works reads it again.
func (b *Library) Stale() { b.fresh = false }

// Read reads the library, and tidies it.
func (b *Library) Read(done func(listed []Meta, err error)) {
	b.reading, b.fresh = true, true
	b.Store.List(func(all []Meta, err error) {
		b.reading, b.trouble = false, err
		if err == nil {
			b.list = Listed(all)
			b.tidy(all)
		}
		done(b.list, err)
	})
}

func (b *Library) tidy(all []Meta) {
	now := b.Now()
	for _, m := range all {
		old := m.DeletedMs > 0 && now.Sub(time.UnixMilli(m.DeletedMs)) > keepDeleted
		if old || m.Draft && now.Sub(time.UnixMilli(m.ChangedMs)) > keepDrafts {
			b.Store.Remove(m.ID, func(error) {})
		}
	}
}

// Rename gives a work another title. Its file says it, too.
func (b *Library) Rename(id, title string, done func(error)) {
	if title == "" {
		done(problem.New("a title has at least one character"))
		return
	}
	if err := lab.CheckLabel(problem.Word("a title"), title); err != nil {
		done(err)
		return
	}
	b.change(id, id, func(f *save.File) { f.Title = title }, func(_ Meta, err error) { done(err) })
}

// Duplicate makes a copy of a work under a title.
func (b *Library) Duplicate(id, title string, done func(Meta, error)) {
	b.change(id, b.NewID(), func(f *save.File) { f.Title = title }, done)
}

// change loads a work, changes its file, and saves it under an id.
func (b *Library) change(from, to string, edit func(*save.File), done func(Meta, error)) {
	b.Store.Load(from, func(m Meta, data []byte, err error) {
		var f *save.File
		if err == nil {
			f, err = save.Decode(data)
		}
		if err == nil {
			edit(f)
			data, err = f.Encode()
		}
		if err != nil {
			done(m, err)
			return
		}
		expected := m.Token
		if to != from {
			expected = ""
			m.ChangedMs, m.File = b.Now().UnixMilli(), ""
		}
		m.ID, m.Title, m.Bytes, m.Draft, m.DeletedMs, m.Token = to, b.TitleOf(f), len(data), false, 0, b.NewID()
		b.Store.Save(m, data, expected, func(err error) {
			b.Stale()
			done(m, err)
		})
	})
}

// Delete takes a work out of the list. Undelete brings it back, for a month.
func (b *Library) Delete(id string, done func(error)) { b.mark(id, b.Now().UnixMilli(), done) }

// Undelete puts a deleted work back into the list.
func (b *Library) Undelete(id string, done func(error)) { b.mark(id, 0, done) }

func (b *Library) mark(id string, deletedMs int64, done func(error)) {
	b.Store.Load(id, func(m Meta, _ []byte, err error) {
		if err != nil {
			done(err)
			return
		}
		m.DeletedMs = deletedMs
		b.Store.Revise(m, func(err error) {
			b.Stale()
			done(err)
		})
	})
}

// Adopt takes a .lab file into the library as a work of its own: what an older version kept in another place.
func (b *Library) Adopt(data []byte, changedMs int64, done func(Meta, error)) {
	f, err := save.Decode(data)
	if err != nil {
		done(Meta{}, err)
		return
	}
	m := Meta{ID: b.NewID(), Title: b.TitleOf(f), Example: f.Lesson, ChangedMs: changedMs, Bytes: len(data), Picture: pictureOfFile(f), Token: b.NewID()}
	b.Store.Save(m, data, "", func(err error) {
		b.Stale()
		done(m, err)
	})
}
