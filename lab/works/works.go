// Package works is the library of what people made: every lab that somebody changed is a work with an id, a title, a time and a small
// picture. A store keeps works, in a browser's database or in a folder; Keeper saves the open work into it, soon after every change.
//
// It may import session and what lies below it, and knows neither disks nor browsers. Start reading at Store and Keeper; library.go has
// what a person does with works, archive.go the whole library as one file.
package works

import (
	"cmp"
	"slices"
	"strings"

	"wirelab/stack/problem"
)

// Meta is what lists show of a work.
type Meta struct {
	ID        string  `json:"id"`
	Title     string  `json:"title"`             // in the language in which it was saved last
	Example   string  `json:"example,omitempty"` // the built-in lab that it was made from
	File      string  `json:"file,omitempty"`    // on a desktop: the file that it was opened from
	ChangedMs int64   `json:"changed_ms"`        // when it was saved last, Unix time
	Bytes     int     `json:"bytes"`             // of its .lab file
	Picture   Picture `json:"picture"`
	Draft     bool    `json:"draft,omitempty"`      // nobody changed anything: it only says where a window was, and is in no list
	DeletedMs int64   `json:"deleted_ms,omitempty"` // when it was deleted; it can be brought back for some time
	Token     string  `json:"token"`                // of whoever saved it last: another one since means that two wrote
}

// Store keeps works. It calls done once, at once or later, on the same thread. A work is written as a whole or not at all: if that fails,
// the old copy is as it was.
type Store interface {
	// List returns all works, drafts and deleted ones included.
	List(done func([]Meta, error))
	// Load returns a work and its .lab file; ErrNotFound if there is none of that id.
	Load(id string, done func(Meta, []byte, error))
	// Save writes a work. expected is the token of the copy that it replaces, empty for a new one; ErrConflict if the copy has another.
	Save(m Meta, data []byte, expected string, done func(error))
	// Revise writes what lists show of a work, and leaves its file alone.
	Revise(m Meta, done func(error))
	// Remove removes a work for good.
	Remove(id string, done func(error))
}

// Presence tells windows of one library apart that have the same work open.
type Presence interface {
	// Claim says that this window has a work open, in place of the one that it had. taken is called, soon, if another window has it open,
	// too.
	Claim(id string, taken func())
}

// Failures of a store.
var (
	ErrNotFound = problem.New("there is no such work in the library; it may have been deleted in another window")
	ErrConflict = problem.New("another window saved this work since it was opened here")
	ErrNoStore  = problem.New("this browser keeps no works: storage is switched off or refused")
	ErrFull     = problem.New("there is no room left where works are kept")
)

// Listed returns the works of a list that are neither drafts nor deleted, the latest first.
func Listed(all []Meta) []Meta {
	list := slices.DeleteFunc(slices.Clone(all), func(m Meta) bool { return m.Draft || m.DeletedMs > 0 })
	slices.SortStableFunc(list, latestFirst)
	return list
}

func latestFirst(a, b Meta) int {
	return cmp.Or(cmp.Compare(b.ChangedMs, a.ChangedMs), strings.Compare(a.ID, b.ID))
}
