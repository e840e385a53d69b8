package lab

import (
	"slices"

	"wirelab/stack/event"
	"wirelab/stack/problem"
)

// Do is the one door for change: it does an input now and writes it into the journal. If the lab stands before the end of its
// journal, what was ahead is cut off: history takes another turn here.
func (l *Lab) Do(in Input) error {
	plan := l.plan
	if l.Ahead() {
		plan = planOf(&l.Scenario, l.Journal[:l.Inputs])
	}
	if err := in.check(&plan); err != nil {
		return err
	}
	if in, ok := in.(presenter); ok {
		if err := in.present(l); err != nil {
			return err
		}
	}
	if l.Ahead() {
		l.Missed = slices.DeleteFunc(l.Missed, func(n uint64) bool { return n >= l.Inputs })
		l.Journal = l.Journal[:l.Inputs:l.Inputs]
	}
	l.cutFuture()
	l.Journal = append(l.Journal, Entry{l.Position(), in})
	plan.apply(in)
	l.plan = plan
	l.apply(in)
	return nil
}

// dueEntry does the next journal entry if its turn comes by the time until, before any further event. An entry whose instant has fewer
// events than come before it is done at the end of that instant.
func (l *Lab) dueEntry(until int64) (done bool) {
	if !l.Ahead() {
		return false
	}
	e := &l.Journal[l.Inputs]
	if e.At.TimeNs > until {
		return false
	}
	if _, next := l.Queue.Next(); next < e.At.TimeNs || next == e.At.TimeNs && !l.reached(e.At) {
		return false // events come first
	}
	l.setClock(max(l.Clock, e.At.TimeNs))
	l.compareTo(l.Inputs, e.At)
	e.At = l.Position()
	l.apply(e.Input)
	return true
}

// apply does an input that was checked.
func (l *Lab) apply(in Input) {
	l.goOn()
	l.typing = event.InputEvent(l.Inputs)
	defer func() { l.typing = 0 }()
	l.Inputs++
	l.hashed, l.loopEvents = false, 0
	in.do(l)
}

// Ahead reports whether journal entries lie ahead of the position.
func (l *Lab) Ahead() bool { return l.Inputs < uint64(len(l.Journal)) }

// Load gives a lab at time zero the journal of a file, to be replayed. The lab keeps a copy.
func (l *Lab) Load(journal []Entry) error {
	if err := l.checkJournal(journal); err != nil {
		return err
	}
	l.Journal, l.plan = slices.Clone(journal), planOf(&l.Scenario, journal)
	return nil
}

func (l *Lab) checkJournal(journal []Entry) error {
	p := planOf(&l.Scenario, nil)
	if len(journal) > 0 && journal[0].At.TimeNs < 0 {
		return problem.New("entry 0 lies before the lab begins")
	}
	for i := range journal {
		if err := journal[i].Input.check(&p); err != nil {
			return problem.New("entry %d: %w", i, err)
		}
		p.apply(journal[i].Input)
		if i > 0 && journal[i].At.TimeNs < journal[i-1].At.TimeNs {
			return problem.New("entry %d lies before entry %d", i, i-1)
		}
	}
	return nil
}

// Same reports whether two journals agree in an entry: the same input at the same place. A place without order is only a time.
func (e *Entry) Same(o *Entry) bool {
	if e.At.TimeNs != o.At.TimeNs || e.At.Order != o.At.Order && e.At.Order > 0 && o.At.Order > 0 {
		return false
	}
	return e.Input == o.Input
}

// Turn gives the lab another journal, that of another branch. The lab keeps its
// position if all that was done up to it is the same in both; otherwise it goes
// back to the first difference.
func (l *Lab) Turn(journal []Entry) error {
	if err := l.checkJournal(journal); err != nil {
		return err
	}
	same := 0
	for same < min(len(journal), len(l.Journal)) && journal[same].Same(&l.Journal[same]) {
		same++
	}
	at := l.Position()
	if l.Inputs > uint64(same) {
		at = l.Journal[same].At
	}
	if same < len(journal) && journal[same].At.Before(at) {
		at = journal[same].At
	}
	if at.Before(l.Position()) {
		at.Inputs = uint64(same)
		l.JumpTo(at)
		if _, err := l.AdvanceTo(at, 1<<62); err != nil {
			return err
		}
	}
	l.Journal, l.plan = slices.Clip(journal), planOf(&l.Scenario, journal)
	l.cutFuture()
	return nil
}
