package lab

import (
	"slices"
	"strings"
	"unicode"

	"wirelab/lab/link"
	"wirelab/lab/problem"
	"wirelab/stack"
	"wirelab/stack/event"
	"wirelab/stack/wire"
)

// Position is a point in a lab's history: a time, and how much had happened by
// then (DESIGN §6).
type Position struct {
	TimeNs int64
	Events uint64
	Inputs uint64
}

// Before reports whether p comes before q in one history.
func (p Position) Before(q Position) bool {
	if p.Events != q.Events {
		return p.Events < q.Events
	}
	if p.Inputs != q.Inputs {
		return p.Inputs < q.Inputs
	}
	return p.TimeNs < q.TimeNs
}

// Kinds of entries.
const (
	EntryExec       uint8 = iota + 1 // Text typed at the terminal of Node
	EntryInterrupt                   // ^C there
	EntryEndInput                    // ^D there
	EntryLink                        // direction Dir of Link gets Params
	EntrySysctl                      // Name = Text on Node
	EntryPacket                      // Surgery on crossing Packet, which is on direction Dir of Link
	EntryRule                        // Rule holds from now on
	EntryRuleOff                     // rule number Packet holds no longer
	EntryInject                      // Text, a frame, is put on direction Dir of Link
	EntryAddNode                     // a node of kind Dir called Name, labelled Text, at X and Y: the next number is its
	EntryAddLink                     // a link between Plugs, with Params from the first and Back from the second
	EntryRemoveNode                  // Node goes, and all its links
	EntryRemoveLink                  // Link goes
	EntryRename                      // Node is called Name from now on, and labelled Text
	EntryAddress                     // interface Link of Node gets the addresses of Plugs[0] instead of what it has
)

// Entry is one thing that a person did, and where in history. It is done again
// at exactly that position whenever the lab is replayed.
type Entry struct {
	At     Position
	Kind   uint8
	Dir    uint8
	Node   uint32
	Link   uint32
	Name   string
	Text   string
	Params link.Params

	Packet  uint64
	Proof   uint64 // digest of the frame that is meant; zero: none
	Surgery Surgery
	Rule    Rule

	X, Y  int32
	Plugs [2]LinkEnd
	Back  link.Params
}

// maxText bounds a line that somebody types.
const maxText = 4096

// Do is the one door for change: it does e now and writes it into the journal.
// If the lab stands before the end of its journal, what was ahead is cut off:
// history takes another turn here.
func (l *Lab) Do(e Entry) error {
	plan := l.plan
	if l.Ahead() {
		plan = planOf(&l.Scenario, l.Journal[:l.Inputs])
	}
	if err := e.check(&plan); err != nil {
		return err
	}
	switch e.Kind {
	case EntryPacket:
		if err := l.present(&e); err != nil {
			return err
		}
	case EntryAddress:
		if n := &l.nodes[e.Node]; int(e.Link) >= len(n.ports) {
			return problem.New("%s has no interface number %d; it has %d", n.host.Name, e.Link, len(n.ports))
		}
	}
	if l.Inputs < uint64(len(l.Journal)) {
		l.Missed = slices.DeleteFunc(l.Missed, func(n uint64) bool { return n >= l.Inputs })
		l.Journal = l.Journal[:l.Inputs:l.Inputs]
	}
	l.cutFuture()
	e.At = l.Position()
	l.Journal = append(l.Journal, e)
	plan.apply(&e)
	l.plan = plan
	l.apply(&e)
	return nil
}

// check says why an entry makes no sense in a network that looks like p, or nil.
func (e *Entry) check(p *plan) error {
	switch e.Kind {
	case EntryExec, EntryInterrupt, EntryEndInput, EntrySysctl, EntryAddress:
		return e.checkAtHost(p)
	case EntryLink, EntryPacket, EntryInject:
		return e.checkAtLink(p)
	case EntryRule:
		return e.Rule.check(p)
	case EntryRuleOff:
		return nil
	}
	if e.changesPlan() {
		return p.check(e)
	}
	return problem.New("the journal has an entry of kind %d, which this version does not know", e.Kind)
}

func (e *Entry) checkAtHost(p *plan) error {
	if err := p.checkHost(e.Node); err != nil {
		return err
	}
	switch {
	case len(e.Text) > maxText:
		return problem.New("a line has at most %d bytes, this one has %d", maxText, len(e.Text))
	case e.Kind == EntryExec && strings.ContainsFunc(e.Text, unicode.IsControl):
		return problem.New("a line has no line breaks or other control characters; type one line after the other")
	case e.Kind == EntrySysctl:
		return stack.CheckSysctl(e.Name, e.Text)
	case e.Kind == EntryAddress:
		return e.Plugs[0].check(&p.nodes[e.Node])
	}
	return nil
}

func (e *Entry) checkAtLink(p *plan) error {
	if err := p.checkLink(e.Link); err != nil {
		return err
	}
	switch {
	case e.Dir > 1:
		return problem.New("a link has directions 0 and 1, and no %d", e.Dir)
	case e.Kind == EntryPacket:
		return e.Surgery.check()
	case e.Kind == EntryLink:
		return checkParams(&e.Params)
	case len(e.Text) < wire.EthernetLen || len(e.Text) > maxFrame:
		return problem.New("a frame has %d to %d bytes, this one has %d", wire.EthernetLen, maxFrame, len(e.Text))
	}
	return nil
}

// dueEntry does the next journal entry if its turn comes by the time until. An
// entry belongs at one position; if this lab never stands there, that is said,
// and the entry is applied nowhere else (DESIGN §5).
func (l *Lab) dueEntry(until int64) (done bool, err error) {
	if !l.Ahead() || l.Journal[l.Inputs].At.TimeNs > until {
		return false, nil
	}
	e := &l.Journal[l.Inputs]
	_, next := l.Queue.Next()
	if e.At.Events > l.Events && next <= e.At.TimeNs {
		return false, nil // events come first
	}
	if e.At.Events != l.Events || e.At.TimeNs < l.Clock || e.At.TimeNs > next {
		return false, problem.New("%w: entry %d of its journal belongs at %d ns behind event %d, and this version never stands there",
			errOtherVersion, l.Inputs+1, e.At.TimeNs, e.At.Events)
	}
	l.Clock = e.At.TimeNs
	l.apply(e)
	return true, nil
}

var errOtherVersion = problem.New("this lab was recorded by another version of Wirelab")

// apply does an entry that was checked.
func (l *Lab) apply(e *Entry) {
	l.goOn()
	l.typing = event.InputEvent(l.Inputs)
	defer func() { l.typing = 0 }()
	l.Inputs++
	l.hashed = false
	switch e.Kind {
	case EntryExec:
		l.onHost(e.Node, func(n *node) { n.machine.Exec(&l.sys, e.Text) })
	case EntryInterrupt:
		l.onHost(e.Node, func(n *node) { n.machine.Interrupt(&l.sys) })
	case EntryEndInput:
		l.onHost(e.Node, func(n *node) { n.machine.EndInput(&l.sys) })
	case EntrySysctl:
		l.onHost(e.Node, func(n *node) { n.host.SetSysctl(e.Name, e.Text) })
	case EntryPacket:
		l.operate(e)
	case EntryInject:
		l.inject(e)
	case EntryRule:
		l.Rules = append(l.Rules, RuleState{Rule: e.Rule})
	case EntryRuleOff:
		if e.Packet < uint64(len(l.Rules)) {
			l.Rules[e.Packet].Off = true
		}
	case EntryLink:
		d := &l.Links[e.Link].Dir[e.Dir]
		d.Set(l.wires(), e.Link, e.Dir, e.Params)
		if end := &l.Links[e.Link].Ends[e.Dir]; l.nodes[end.Node].host != nil {
			l.onHost(end.Node, func(n *node) { n.setMTU(end.Port, e.Params.MTU) })
		}
		l.Queue.Set(wayID(e.Link, e.Dir), d.Next())
	case EntryAddress:
		l.onHost(e.Node, func(n *node) { n.setAddresses(e.Link, &e.Plugs[0]) })
	default:
		l.rebuild(e)
	}
}

// Again does in this lab, which stands at zero, what was done in another: each entry at its time. Positions that count
// events mean nothing where history takes another course, so surgery on a packet that is not there then is left out and counted.
func (l *Lab) Again(journal []Entry, until int64) (missed int, err error) {
	for i, e := range journal {
		if e.At.TimeNs > until {
			break
		}
		if e.At.TimeNs < l.Clock {
			return missed, problem.New("entry %d lies before entry %d", i, i-1)
		}
		if err := l.SeekTo(e.At.TimeNs); err != nil {
			return missed, err
		}
		if err := l.Do(e); err != nil {
			if e.Kind != EntryPacket {
				return missed, problem.New("entry %d: %w", i, err)
			}
			missed++
		}
	}
	return missed, l.SeekTo(until)
}

// Ahead reports whether journal entries lie ahead of the position.
func (l *Lab) Ahead() bool { return l.Inputs < uint64(len(l.Journal)) }

// Load gives a lab at time zero the journal of a file, to be replayed.
func (l *Lab) Load(journal []Entry) error {
	if err := l.checkJournal(journal); err != nil {
		return err
	}
	l.Journal, l.plan = journal, planOf(&l.Scenario, journal)
	return nil
}

func (l *Lab) checkJournal(journal []Entry) error {
	p := planOf(&l.Scenario, nil)
	for i := range journal {
		if err := journal[i].check(&p); err != nil {
			return problem.New("entry %d: %w", i, err)
		}
		p.apply(&journal[i])
		if i > 0 && journal[i].At.Before(journal[i-1].At) {
			return problem.New("entry %d lies before entry %d", i, i-1)
		}
	}
	return nil
}

// Turn gives the lab another journal, that of another branch. The lab keeps its
// position if all that was done up to it is the same in both; otherwise it goes
// back to the first difference.
func (l *Lab) Turn(journal []Entry) error {
	if err := l.checkJournal(journal); err != nil {
		return err
	}
	same := 0
	for same < min(len(journal), len(l.Journal)) && journal[same] == l.Journal[same] {
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
		l.JumpTo(at)
		if _, err := l.AdvanceTo(at, 1<<62); err != nil {
			return err
		}
	}
	l.Journal, l.plan = slices.Clip(journal), planOf(&l.Scenario, journal)
	l.cutFuture()
	return nil
}
