package worlds

import (
	"fmt"

	"wirelab/lab"
	"wirelab/lab/save"
)

// proofs are what must hold of a life that is over.
func (l *life) proofs() {
	defer l.rescue()
	for _, p := range []func(){l.inOneGo, l.otherCheckpoints, l.saved, l.leftOver} {
		if l.err == nil {
			p()
		}
	}
}

// fresh returns a new lab with a journal.
func (l *life) fresh(s lab.Scenario, journal []lab.Entry) *lab.Lab {
	n, err := lab.New(s)
	if err == nil {
		err = n.Load(journal)
	}
	if err != nil {
		l.fail("the lab is refused: %w", err)
		return nil
	}
	return n
}

// goTo brings a lab to an instant and compares the state.
func (l *life) goTo(n *lab.Lab, v visit, how string) {
	if l.err != nil {
		return
	}
	n.JumpTo(v.at)
	if done, err := n.AdvanceTo(v.at, 1<<62); err != nil || !done {
		l.fail("%s, to %+v: %v %w", how, v.at, done, err)
	} else if n.Hash() != v.hash {
		l.fail("%s, the state at %+v is %016x and not %016x", how, v.at, n.Hash(), v.hash)
	} else if len(n.Missed) > 0 {
		l.fail("%s, entries %v met no packet", how, n.Missed)
	}
}

// inOneGo replays the journal in a lab that keeps no checkpoints: it comes to the same end, with the same records. What
// the life has recorded of a future that it stands before is cut off, as the other knows nothing of it.
func (l *life) inOneGo() {
	last := l.visits[len(l.visits)-1]
	last.journal = last.journal[:last.at.Inputs]
	n := l.fresh(l.lab.Scenario, last.journal)
	if n == nil {
		return
	}
	if err := l.lab.Turn(last.journal); err != nil {
		l.fail("turn: %w", err)
	}
	n.NoCheckpoints()
	if l.goTo(n, last, "in one go"); l.err != nil {
		return
	}
	if d := lab.Compare(l.lab, n); !d.Same || d.Entry >= 0 {
		l.fail("in one go the records differ at packet %d or entry %d: %+v, %+v", d.Packet, d.Entry, d.PacketA, d.PacketB)
	}
	l.sameActs(n)
	n.Close()
	if blocks, _ := n.Pool().Live(); blocks > 0 {
		l.fail("after one go %d blocks are held by nobody", blocks)
	}
}

// sameActs compares system calls, timers and changes of connections, and goes back from some of each to what began them.
func (l *life) sameActs(n *lab.Lab) {
	a, b := &l.lab.Log, &n.Log
	if a.Acts.Len() != b.Acts.Len() || a.Len() != b.Len() {
		l.fail("in one go there are %d acts and %d changes, not %d and %d", b.Acts.Len(), b.Len(), a.Acts.Len(), a.Len())
		return
	}
	for i := range uint64(a.Acts.Len()) {
		if *a.Acts.At(i) != *b.Acts.At(i) {
			l.fail("in one go act %d is %+v, not %+v", i, *b.Acts.At(i), *a.Acts.At(i))
			return
		}
		if i%3 == 0 {
			l.ends("act", i, n.WhyAct(i))
		}
	}
	for i := range a.Len() {
		x, y := a.At(i), b.At(i)
		if x.TimeNs != y.TimeNs || x.Cause != y.Cause || x.Host != y.Host || x.Conn != y.Conn || x.Mask != y.Mask || x.Reason != y.Reason {
			l.fail("in one go change %d is %+v, not %+v", i, *y, *x)
			return
		}
	}
	for i := range n.Trace.Len() {
		if i%3 == 0 {
			l.ends("packet", i, n.Why(i))
		}
	}
}

// ends holds a chain to its end: what somebody did, or the start.
func (l *life) ends(what string, i uint64, steps []lab.Because) {
	if len(steps) == 0 {
		l.fail("%s %d has no cause", what, i)
	} else if last := steps[len(steps)-1]; last.Kind != lab.BecauseInput && last.Kind != lab.BecauseStart {
		l.fail("%s %d leads back to no more than %+v", what, i, last)
	}
}

// otherCheckpoints visits instants of all branches in any order, with checkpoints at others.
func (l *life) otherCheckpoints() {
	n := l.fresh(l.lab.Scenario, nil)
	if n == nil {
		return
	}
	n.CheckpointEvery(pick[uint64](l.draw, 1, 30, 300, 3000))
	for range 8 {
		v := pick(l.draw, l.visits...)
		if err := n.Turn(v.journal); err != nil {
			l.fail("turn: %w", err)
			return
		}
		l.goTo(n, v, "with other checkpoints")
	}
	n.Close()
	if blocks, _ := n.Pool().Live(); blocks > 0 {
		l.fail("%d blocks are held by nobody after seeks", blocks)
	}
}

// saved writes the lab at some instant into a file, opens it and goes on in both.
func (l *life) saved() {
	v := pick(l.draw, l.visits...)
	l.revisit(v)
	b, err := l.fileAt(v).Encode()
	if err != nil {
		l.fail("save: %w", err)
		return
	}
	f, err := save.Decode(b)
	if err != nil {
		l.fail("open: %w", err)
		return
	}
	n := l.fresh(f.Scenario, f.Journal)
	if n == nil {
		return
	}
	if l.goTo(n, visit{f.At, f.Journal, v.hash}, "opened"); l.err == nil && f.Hash != fmt.Sprintf("%016x", n.Hash()) {
		l.fail("the file says %s", f.Hash)
	}
	l.together(n)
	for i := range f.Branches {
		if f.Branches[i].At == (lab.Position{}) || l.err != nil || l.one(60) {
			continue
		}
		l.otherBranch(n, &f.Branches[i])
	}
	n.Close()
	if blocks, _ := n.Pool().Live(); blocks > 0 {
		l.fail("%d blocks of the opened lab are held by nobody", blocks)
	}
}

func (l *life) fileAt(v visit) *save.File {
	return &save.File{Title: "lab", Scenario: l.lab.Scenario, Journal: v.journal, At: v.at, Hash: fmt.Sprintf("%016x", v.hash), Branches: l.branches}
}

// together lets both labs go on.
func (l *life) together(n *lab.Lab) {
	for range 3 {
		until := l.lab.Position().TimeNs + l.between(0, second)
		_, err := l.lab.Advance(until, 300)
		_, err2 := n.Advance(until, 300)
		if err != nil || err2 != nil {
			l.fail("going on: %v, %v", err, err2)
		} else if l.look(); l.lab.Position() != n.Position() || l.lab.Hash() != n.Hash() {
			l.fail("the opened lab stands at %+v with %016x, not %016x", n.Position(), n.Hash(), l.lab.Hash())
		}
	}
}

// otherBranch takes the opened lab to where a branch was left.
func (l *life) otherBranch(n *lab.Lab, b *save.Branch) {
	if err := n.Turn(b.Journal); err != nil {
		l.fail("%s: %w", b.Name, err)
		return
	}
	hash, known := l.seen[instant{b.At, digest(b.Journal[:b.At.Inputs])}]
	if !known {
		l.fail("%s was never left there", b.Name)
	}
	l.goTo(n, visit{b.At, b.Journal, hash}, "opened, "+b.Name)
}

// leftOver gives everything back.
func (l *life) leftOver() {
	l.lab.Close()
	if blocks, _ := l.lab.Pool().Live(); blocks > 0 {
		l.fail("%d blocks are held by nobody at the end", blocks)
	}
}
