package event

import (
	"sort"

	"wirelab/stack/ring"
)

// Acts hold the acts of one lab in the order they happened, as Log holds changes.
type Acts struct {
	Count uint64 // how many the state, as it stands now, has seen
	list  *ring.Packed[Act]
	event uint64 // that is being handled
	woke  Ref    // what lets programs run: the event, or a timer that ran out in it
	open  bool   // an act is under way: number Count
	set   bool   // a timer was set in it
	first Act    // of it: where it began
}

// Handle says which event is handled from now on.
func (l *Log) Handle(event uint64) {
	l.Acts.event, l.Acts.woke, l.Acts.open = event, Ref(event), false
}

// Woke returns what lets programs run.
func (l *Log) Woke() Ref { return l.Acts.woke }

// Wake notes that the act that has just ended, a timer, lets programs run, unless something did before.
func (l *Log) Wake() {
	if a := &l.Acts; a.woke == Ref(a.event) {
		a.woke = ActRef(a.Count - 1)
	}
}

// Now returns what goes on: the act that is under way, or else the event.
func (l *Log) Now() Ref {
	if a := &l.Acts; !a.open {
		return Ref(a.event)
	}
	l.Acts.set = true
	return ActRef(l.Acts.Count)
}

// Since returns the last act, if it belongs to the event that is being handled and to a program of a host, or else the event.
func (l *Log) Since(host, pid uint32) Ref {
	a := &l.Acts
	if a.Count > uint64(a.First()) && a.Count <= uint64(a.Len()) {
		if last := a.At(a.Count - 1); last.Host == host && last.PID == pid && last.Cause.Event == a.event {
			return ActRef(a.Count - 1)
		}
	}
	return Ref(a.event)
}

// Begin opens an act; index is that of the first cause it may give.
func (l *Log) Begin(index uint32) {
	a := &l.Acts
	a.open, a.set = true, false
	a.first.Cause, a.first.Change = Cause{a.event, index}, l.Count
}

// End closes the act and records it; index is that of the next cause. An act that is void, such as a call that was to come again later,
// is none unless something came of it.
func (l *Log) End(act *Act, index uint32, void bool) {
	a := &l.Acts
	a.open = false
	if void && !a.set && index == a.first.Cause.Index && l.Count == a.first.Change {
		return
	}
	a.Count++
	if l.Off || a.Count <= uint64(a.Len()) {
		return
	}
	a.begin()
	at := a.list.Grow()
	*at = *act
	at.Cause, at.Change = a.first.Cause, a.first.Change
	at.Sent, at.Changes = index-a.first.Cause.Index, uint32(l.Count-a.first.Change)
}

func (a *Acts) begin() {
	if a.list == nil {
		p := newActPacker()
		a.list = ring.NewPacked(p.pack, p.unpack)
	}
}

// Len returns how many acts are recorded, also of what lies ahead of the state.
func (a *Acts) Len() int { return a.list.Len() }

// First returns the first act that is still kept.
func (a *Acts) First() int { return a.list.First() }

// Has reports whether act n is kept.
func (a *Acts) Has(n uint64) bool { return n >= uint64(a.First()) && n < uint64(a.Len()) }

// At returns act n, for looking at; it must be kept.
func (a *Acts) At(n uint64) *Act { return a.list.At(int(n)) }

const actBytes = 136 // of an Act in memory

// Bytes returns about how much memory the records take.
func (a *Acts) Bytes() int { return a.list.Bytes(actBytes) }

// Forget drops acts before number n, as far as that is easily done.
func (a *Acts) Forget(n uint64) { a.list.Forget(int(n)) }

// Restart forgets everything; the next act to be kept is number n.
func (a *Acts) Restart(n uint64) {
	a.begin()
	a.list.Restart(int(n))
}

// Truncate forgets everything past the first n acts.
func (a *Acts) Truncate(n uint64) { a.list.Truncate(int(n)) }

// Of returns the act that made change number n of the log.
func (a *Acts) Of(change uint64) (n uint64, ok bool) {
	n = a.Search(func(x *Act) bool { return x.Change+uint64(x.Changes) > change })
	return n, a.Has(n) && a.At(n).Change <= change
}

// Search returns the first act of which is true what stays true, or Len.
func (a *Acts) Search(is func(*Act) bool) uint64 {
	first := a.First()
	return uint64(first + sort.Search(a.Len()-first, func(k int) bool { return is(a.At(uint64(first + k))) }))
}
