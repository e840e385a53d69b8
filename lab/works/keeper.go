package works

import (
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"wirelab/lab/session"
	"wirelab/stack/problem"
)

// Keeper saves the open work into a store. Whoever has a Keeper calls Tick often, from frames and from a timer that goes on while nothing
// is drawn, and Flush when the window is hidden or closed.
type Keeper struct {
	Session *session.Session
	Store   Store

	// Opened, if set, is told which work the window has open: a reload opens it again.
	Opened func(id string)

	// Saved, if set, is told of every save.
	Saved func(Meta)

	// Presence, if set, knows whether another window has the same work open.
	Presence Presence

	now    func() time.Time
	name   string // of this window, in tokens
	saves  int
	has    copyOf            // what the store has of the open work, or is about to have
	tokens map[string]string // of the copies in the store that this window knows
	files  map[string]string // that works were opened from
	drafts map[string]bool   // works in the store that nobody changed

	writing bool
	waiting []job         // for the store
	after   time.Time     // it refused: it is asked again then
	edited  time.Time     // when the work came to differ from what is saved
	moved   time.Time     // when nothing but its instant did
	cost    time.Duration // of the last save, on this thread
	trouble error         // of the last save
	adopted time.Time     // when the open work was taken from the store
	lent    bool          // another window has the open work, too: it is not ours to save
	claimed string        // the work that Opened and Presence know to be open here
}

// copyOf is a state of a work, as it is saved.
type copyOf struct {
	session.Revision
	view string // settings of the window
}

// urgent is a store that can put a copy aside before it returns, for a window that is about to close.
type urgent interface{ Aside(m Meta, data []byte) }

// A change is saved when so long has passed; a longer time if saving takes long, or if time in the lab is all that changes.
const (
	quiet   = 300 * time.Millisecond
	slowest = 800 * time.Millisecond
	playing = 5 * time.Second
	answers = 4 * time.Second // that other windows take to say that they have a work open, too; nothing but an edit is saved before
	retry   = 3 * time.Second // after a failure
)

var errLent = problem.New("this work is open in another window, too. What you change here goes into a copy")

var errSplit = problem.New("another window saved this work, too. Both are kept: this window goes on with a copy")

// NewKeeper returns a keeper of a session. name tells this window from others; now is the wall clock.
func NewKeeper(s *session.Session, store Store, name string, now func() time.Time) *Keeper {
	k := &Keeper{Session: s, Store: store, name: name, now: now, tokens: map[string]string{}, files: map[string]string{}, drafts: map[string]bool{}}
	s.Leaving = k.Flush
	return k
}

// Trouble returns why the open work is not in the store as it stands, nil if it is or will be soon.
func (k *Keeper) Trouble() error { return k.trouble }

// Adopt says that the open work is the copy in the store that m describes.
func (k *Keeper) Adopt(m Meta) {
	k.tokens[m.ID], k.files[m.ID] = m.Token, m.File
	if m.Draft {
		k.drafts[m.ID] = true
	}
	k.has, k.adopted = k.present(), k.now()
	k.opened()
}

// From notes the file that the open work was opened from.
func (k *Keeper) From(file string) { k.files[k.Session.Current().ID] = file }

// opened notes which work the window has open.
func (k *Keeper) opened() {
	id := k.Session.Current().ID
	if k.claimed == id || k.Session.Untouched() {
		return
	}
	k.claimed, k.lent = id, false
	if k.Opened != nil {
		k.Opened(id)
	}
	if k.Presence == nil {
		return
	}
	k.Presence.Claim(id, func() {
		if k.claimed == id && !k.lent {
			k.lent, k.has = true, k.present()
			k.Session.Tell(errLent)
		}
	})
}

// present is the open work as it stands.
func (k *Keeper) present() copyOf {
	var view strings.Builder
	if k.Session.Window != nil {
		for _, s := range k.Session.Window() {
			view.WriteString(s.Name + "=" + s.Value + "\n")
		}
	}
	return copyOf{k.Session.Revision(), view.String()}
}

// Tick saves the open work if it is time.
func (k *Keeper) Tick() {
	k.opened()
	if k.next(); k.writing || k.Session.Unfinished() || k.Session.Untouched() { // entries that wait belong to the work
		return
	}
	present := k.present()
	if k.lent && present.ID == k.has.ID {
		if present.Edits != k.has.Edits {
			k.Split()
		}
		return
	}
	if present == k.has {
		k.edited, k.moved = time.Time{}, time.Time{}
		return
	}
	now := k.now()
	since, wait := &k.edited, min(max(quiet, 4*k.cost), slowest)
	if moved := present; moved.At != k.has.At {
		if moved.At = k.has.At; moved == k.has { // nothing else changed
			since = &k.moved
			if k.Session.Playing() {
				wait = playing
			}
		}
	}
	if present.Edits == k.has.Edits && present.ID == k.has.ID && now.Sub(k.adopted) < answers {
		return
	}
	if k.trouble != nil {
		wait = retry
	}
	if since.IsZero() {
		*since = now
	}
	if now.Sub(*since) >= wait {
		k.save(false)
	}
}

// Flush saves at once what is not saved yet: the window is hidden or closed, or another work is about to be opened in it.
func (k *Keeper) Flush() {
	present := k.present()
	if k.Session.Unfinished() || present == k.has || k.Session.Untouched() {
		return
	}
	if k.lent && present.ID == k.has.ID {
		if present.Edits == k.has.Edits {
			return
		}
		k.Split()
	}
	k.save(true)
}

// job is a work on its way into the store.
type job struct {
	meta  Meta
	data  []byte
	state copyOf
}

// save writes the open work as it stands, as soon as the store is free. last says that there may be no later.
func (k *Keeper) save(last bool) {
	began, s := k.now(), k.Session
	state, work := k.present(), s.Current()
	data, err := s.Save()
	k.edited, k.moved = time.Time{}, time.Time{}
	if work.ID != k.has.ID {
		k.left(work.ID)
	}
	k.has = state
	if err != nil {
		k.trouble = err // it cannot succeed before something changes
		return
	}
	m := Meta{ID: work.ID, Title: work.Title, Example: work.Example, File: k.files[work.ID], ChangedMs: began.UnixMilli(), Bytes: len(data),
		Picture: pictureOf(s.Lab()), Draft: !work.Changed, Token: k.token()}
	k.cost = k.now().Sub(began)
	if u, ok := k.Store.(urgent); ok && last {
		u.Aside(m, data)
	}
	// What waits of the same work is older.
	k.waiting = append(slices.DeleteFunc(k.waiting, func(j job) bool { return j.meta.ID == m.ID }), job{m, data, state})
	k.next()
}

// next hands the store what waits for it.
func (k *Keeper) next() {
	if k.writing || len(k.waiting) == 0 || k.now().Before(k.after) {
		return
	}
	j := k.waiting[0]
	k.waiting, k.writing = k.waiting[1:], true
	k.Store.Save(j.meta, j.data, k.tokens[j.meta.ID], func(err error) {
		k.writing = false
		k.written(&j, err)
		k.next()
	})
}

func (k *Keeper) token() string {
	k.saves++
	return k.name + "-" + strconv.Itoa(k.saves)
}

// left notes that the window has another work open than the one that was saved last. Drafts that nobody sees any more go.
func (k *Keeper) left(id string) {
	for draft := range k.drafts {
		if draft != id {
			k.Store.Remove(draft, func(error) {})
			delete(k.drafts, draft)
			delete(k.tokens, draft)
		}
	}
}

// written takes note of how a save ended.
func (k *Keeper) written(j *job, err error) {
	m := &j.meta
	open := k.Session.Current().ID == m.ID
	switch {
	case err == nil:
		k.trouble, k.tokens[m.ID] = nil, m.Token
		if delete(k.drafts, m.ID); m.Draft {
			k.drafts[m.ID] = true
		}
		if k.Saved != nil {
			k.Saved(*m)
		}
	case errors.Is(err, ErrConflict) && open:
		k.trouble, k.has = nil, copyOf{}
		k.Split()
		k.Session.Tell(errSplit)
	case errors.Is(err, ErrConflict): // it was put aside since: a copy of its own keeps it
		m.ID = k.Session.FreshID()
		k.waiting = append(k.waiting, *j)
	default:
		k.trouble, k.after = err, k.now().Add(retry)
		if k.has == j.state {
			k.has = copyOf{Revision: session.Revision{ID: m.ID}} // it is tried again
		} else if !open {
			k.waiting = append(k.waiting, *j)
		}
	}
}

// Split makes the open work a copy with an id of its own: another window has it open, too. The next Tick saves it.
func (k *Keeper) Split() {
	k.Session.Detach()
	k.lent = false
	k.opened()
}
