package worlds

import (
	"fmt"
	"hash/maphash"
	"math/rand/v2"
	"reflect"
	"runtime/debug"

	"wirelab/lab"
	"wirelab/lab/save"
	"wirelab/stack/wire"
)

// life is a lab at which somebody sits who lets it run, does things, goes back, does others, and changes branches, all by the
// dice of one seed. Whatever way leads to an instant, the lab must be found the same there.
type life struct {
	draw
	seed     uint64
	lab      *lab.Lab
	hosts    []uint32
	left     uint64 // events that may still be executed for the first time
	events   uint64 // that were executed
	deeds    uint64
	seeks    uint64
	seen     map[instant]uint64 // the hash
	visits   []visit
	branches []save.Branch
	sure     visit // where it stood before what it does now
	err      error
}

// instant is a position in one history: that which the entries so far, of which this is a digest, lead to.
type instant struct {
	at   lab.Position
	past uint64
}

// visit is an instant, and the journal that was in force.
type visit struct {
	at      lab.Position
	journal []lab.Entry
	hash    uint64
}

const (
	fullLife  = 4000 // events
	shortLife = 1200
)

// newLife returns the lab of a seed at time zero.
func newLife(seed, events uint64) *life {
	l := &life{draw: draw{rand.New(rand.NewPCG(seed, 0x6c696665))}, seed: seed, left: events, seen: map[instant]uint64{}}
	var s lab.Scenario
	s, l.hosts = l.drawScenario(seed)
	l.traffic(&s)
	var err error
	if l.lab, err = lab.New(s); err != nil {
		l.fail("%w", err)
	}
	return l
}

// traffic lets hosts begin with something to say to each other.
func (l *life) traffic(s *lab.Scenario) {
	begin := func(h uint32, line string) { s.Nodes[h].Startup = append(s.Nodes[h].Startup, line) }
	for range 1 + l.IntN(4) {
		p, k := pick(l.draw, pairs...), pick(l.draw, s.Links...)
		for i, e := range k.Ends {
			if e.Addr.IsZero() {
				continue
			}
			client := pick(l.draw, l.hosts...)
			for client == e.Node {
				client = pick(l.draw, l.hosts...)
			}
			begin(e.Node, p[0])
			begin(client, l.line(p[1:], 1, func() wire.Addr { return k.Ends[i].Addr }))
			break
		}
	}
	for l.one(60) {
		h := pick(l.draw, l.hosts...)
		begin(h, l.line(servers, 1, func() wire.Addr { return addr(0, int(h)) }))
	}
}

func (l *life) fail(format string, args ...any) {
	if l.err == nil {
		l.err = fmt.Errorf(format, args...)
		if l.lab != nil {
			l.err = fmt.Errorf("at %+v: %w", l.lab.Position(), l.err)
		}
	}
}

// rescue turns a panic into a failure.
func (l *life) rescue() {
	if r := recover(); r != nil {
		l.fail("panic: %v\n%s", r, debug.Stack())
	}
}

// live lives it to the end.
func (l *life) live() {
	defer l.rescue()
	if l.err != nil {
		return
	}
	l.lab.CheckpointEvery(pick[uint64](l.draw, 50, 200, 1000, 10_000))
	l.look()
	l.run(second / 2)
	l.look()
	for l.left > 0 && l.err == nil && l.deeds+l.seeks < 100 {
		switch n := l.Int64N(100); {
		case n < 50:
			l.run(pick(l.draw, l.between(0, 20*ms), l.between(0, 300*ms), l.between(0, 5*second)))
		case n < 78:
			for l.act(); l.one(30); {
				l.act()
			}
		case n < 86:
			l.seek(l.Int64N(l.lab.Position().TimeNs*5/4 + 1))
		default:
			l.revisit(pick(l.draw, l.visits...))
		}
		l.look()
	}
	if l.err == nil {
		l.run(2 * second)
		l.look()
		l.branch()
	}
}

// run goes on event by event, and counts frames after each.
func (l *life) run(ns int64) {
	until := l.lab.Position().TimeNs + ns
	for i := uint64(0); l.err == nil && l.lab.NextEvent() <= until; i++ {
		if i >= 1000 || l.left == 0 {
			return
		}
		if !l.lab.StepEvent() {
			l.fail("the next event cannot be executed")
		}
		l.left--
		l.events++
		l.count()
	}
	if _, err := l.lab.Advance(until, 1); err != nil && l.err == nil {
		l.fail("%w", err)
	}
}

// act does something.
func (l *life) act() {
	in, ok := l.deed()
	if !ok || l.err != nil {
		return
	}
	if l.lab.Ahead() {
		l.branch() // history takes another turn
	}
	at, entries := l.lab.Position(), len(l.lab.Journal)
	err := l.lab.Do(in)
	l.deeds++
	o, surgery := in.(lab.Operate)
	switch {
	case err == nil:
	case surgery && o.Surgery.Action == lab.ActEdit: // the packet has no such field
		if l.lab.Position() != at || len(l.lab.Journal) != entries {
			l.fail("what was refused left a trace: %w", err)
		}
	default:
		l.fail("%T was refused: %w; %+v", in, err, in)
	}
	l.count()
}

// branch keeps the future that is to be cut off.
func (l *life) branch() {
	if n := len(l.branches); n < 8 && len(l.visits) > 0 {
		v := l.visits[len(l.visits)-1]
		l.branches = append(l.branches, save.Branch{Name: fmt.Sprint("branch ", n), At: v.at, Journal: v.journal})
	}
}

// seek goes to a time, or as far as a few events go if it lies ahead.
func (l *life) seek(t int64) {
	l.seeks++
	l.lab.Jump(t)
	if _, err := l.lab.Advance(t, l.lab.Events+1000); err != nil {
		l.fail("%w", err)
	}
}

// revisit goes to an instant of this branch or another, as the windows and undo do.
func (l *life) revisit(v visit) {
	l.seeks++
	if err := l.lab.Turn(v.journal); err != nil {
		l.fail("turn: %w", err)
		return
	}
	l.look()
	l.lab.JumpTo(v.at)
	if done, err := l.lab.AdvanceTo(v.at, 1<<62); err != nil || !done {
		l.fail("back to %+v: %v %w", v.at, done, err)
	}
}

// look compares the state with what it was whenever the lab stood here.
func (l *life) look() {
	if l.err != nil {
		return
	}
	l.count()
	at := l.lab.Position()
	k, hash := instant{at, digest(l.lab.Journal[:at.Inputs])}, l.lab.Hash()
	if was, ok := l.seen[k]; !ok {
		l.seen[k] = hash
	} else if was != hash {
		l.fail("the state is %016x; it was %016x another time", hash, was)
		return
	}
	if len(l.lab.Missed) > 0 {
		l.fail("entries %v of the journal met no packet", l.lab.Missed)
	}
	v := visit{at, l.lab.Journal, hash}
	l.visits, l.sure = append(l.visits, v), v
}

// count holds every direction of every link to the equation of its counters.
func (l *life) count() {
	for i := range l.lab.Links {
		for d := range l.lab.Links[i].Dir {
			if k := &l.lab.Links[i].Dir[d]; !k.Conserved() {
				l.fail("link %d, direction %d: %+v with %d on their way and %d held", i, d, k.Counters, k.OnWay(), len(k.Held))
			}
		}
	}
}

var digestSeed = maphash.MakeSeed()

// digest tells journals apart. The hash of an interface value does not depend on its type: EndInput{2} and RemoveLink{2} need
// the type beside them.
func digest(journal []lab.Entry) (sum uint64) {
	type typed struct {
		kind  reflect.Type
		entry lab.Entry
	}
	for _, e := range journal {
		sum = sum*0x9e3779b97f4a7c15 + maphash.Comparable(digestSeed, typed{reflect.TypeOf(e.Input), e})
	}
	return sum
}

// file returns the lab, where it last was in order, with its branches.
func (l *life) file() ([]byte, error) {
	f := save.File{Title: titleOf("Lab", l.seed, l.err), Lang: "en", Scenario: l.lab.Scenario, Journal: l.lab.Journal, At: l.sure.at, Hash: fmt.Sprintf("%016x", l.sure.hash), Branches: l.branches}
	if n := f.At.Inputs; n > uint64(len(f.Journal)) {
		f.Journal = l.sure.journal
	}
	return f.Encode()
}
