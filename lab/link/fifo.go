package link

import (
	"cmp"
	"slices"

	"wirelab/lab/sim"
)

// Discipline decides who waits, who is dropped and who is sent next.
type Discipline uint8

const (
	UseDropTail Discipline = iota // first come, first served; what finds the queue full is dropped
	UseRED                        // random early detection (Floyd and Jacobson 1993; RFC 2309)
	UseCoDel                      // RFC 8289
	UseFQCoDel                    // RFC 8290
	nDisciplines
)

var disciplineNames = [nDisciplines]string{"droptail", "red", "codel", "fq_codel"}

func (d Discipline) String() string { return disciplineNames[min(d, nDisciplines-1)] }

// Disciplines returns how many there are.
func Disciplines() int { return int(nDisciplines) }

// Wait is a frame that waits for the wire: until when, and how large it is.
type Wait struct {
	Until int64
	Bytes uint32
}

// Waits returns how many frames wait for the wire at time now.
func (d *Direction) Waits(now int64) int {
	for d.Waiting.Len() > 0 && d.Waiting.Front().Until <= now {
		d.Bytes -= d.Waiting.Pop().Bytes
	}
	return d.Waiting.Len() + int(d.Backlog.Frames)
}

// Depth is Waits for those who only look.
func (d *Direction) Depth(now int64) int {
	n := d.Waiting.Len() + int(d.Backlog.Frames)
	for i := 0; i < d.Waiting.Len() && d.Waiting.At(i).Until <= now; i++ {
		n--
	}
	return n
}

// Each calls see with each frame that waits, flies or is held.
func (d *Direction) Each(see func(*Entry)) {
	for i := range d.Flight.Len() {
		see(d.Flight.At(i))
	}
	for i := range d.Backlog.Flows {
		for j, f := 0, &d.Backlog.Flows[i]; j < f.Queue.Len(); j++ {
			see(f.Queue.At(j))
		}
	}
	for i := range d.Held {
		see(&d.Held[i].Entry)
	}
}

// Find returns the entry of a crossing that waits, flies or is held; false if it is not there.
func (d *Direction) Find(crossing uint64) (found Entry, ok bool) {
	d.Each(func(e *Entry) {
		if e.Crossing == crossing {
			found, ok = *e, true
		}
	})
	return found, ok
}

// full reports whether the queue has no room for n more bytes.
func (d *Direction) full(waiting int, queued, n uint32) bool {
	return d.QueuePackets > 0 && uint32(waiting) >= d.QueuePackets || d.QueueBytes > 0 && waiting > 0 && queued+n > d.QueueBytes
}

// hasRoom decides whether a frame may join the queue, and drops it if not.
func (d *Direction) hasRoom(env *Env, k dice, e *Entry) bool {
	waiting := d.Waits(env.Now) // asked even if there is no limit: it forgets those that have left
	if d.Discipline == UseRED && d.early(env, k, waiting) && !d.marked(env, e) {
		d.drop(env, e, DroppedEarly)
		return false
	}
	if d.full(waiting, d.Bytes, e.Bytes) {
		d.drop(env, e, Dropped)
		return false
	}
	return true
}

// place gives a frame its times, behind those that are ahead of it. It takes extra longer than the delay.
func (d *Direction) place(env *Env, e *Entry, extra int64) {
	start := max(d.Busy, env.Now)
	d.Busy = start + d.wireTime(e.Bytes)
	if start > env.Now {
		d.Waiting.Push(Wait{start, e.Bytes})
		d.Bytes += e.Bytes
	}
	arrive := d.Busy + d.DelayNs + extra
	if !e.Late {
		if d.JitterNs > 0 {
			arrive = max(arrive, d.Latest)
		}
		d.Latest = max(d.Latest, arrive)
	}
	e.Start, e.Arrive = start, arrive
	env.Record.Way(d.fly(e))
}

// fly puts a frame that has its times among those in flight, and returns it there.
func (d *Direction) fly(e *Entry) *Entry {
	at := d.Flight.Len()
	for at > 0 && d.Flight.At(at-1).Arrive > e.Arrive { // that one is late, or a shorter delay has been set meanwhile
		at--
	}
	if at == d.Flight.Len() {
		p := d.Flight.Extend()
		*p = *e
		return p
	}
	d.Flight.Insert(at, *e)
	return d.Flight.At(at)
}

// takeWaiting takes out all frames that wait first come, first served, in their order, with the
// time beyond the delay that each takes in Arrive, and gives the wire back to those on it.
func (d *Direction) takeWaiting(now int64) (waiting []Entry) {
	if d.Waits(now); d.Waiting.Len() > 0 {
		d.Busy = d.Waiting.Front().Until
	}
	for i := 0; i < d.Flight.Len(); {
		if e := d.Flight.At(i); e.Start > now {
			e.Arrive -= e.Start + d.wireTime(e.Bytes) + d.DelayNs
			waiting = append(waiting, *e)
			d.Flight.Remove(i)
			continue
		}
		i++
	}
	slices.SortStableFunc(waiting, func(a, b Entry) int { return cmp.Compare(a.Start, b.Start) })
	d.Waiting.Clear()
	d.Bytes = 0
	return waiting
}

// Set gives the direction other parameters. What is on the wire keeps its times; what waits queues again, in its order, under the
// new ones; a link that is switched off loses both.
func (d *Direction) Set(env *Env, link uint32, dir uint8, p Params) {
	waiting := d.takeWaiting(env.Now)
	waiting = append(waiting, d.Backlog.takeAll()...)
	again := d.Discipline != p.Discipline
	d.Qdisc.keepQdisc(&p)
	d.Params, d.Latest, d.Losing, d.Bad = p, 0, 0, false
	if again {
		d.Average, d.Backlog = REDState{}, Backlog{}
	}
	if p.Down {
		for d.Flight.Len() > 0 {
			e := d.Flight.Pop()
			d.drop(env, &e, DroppedDown)
		}
		d.Busy = 0
	}
	for i := range waiting {
		d.requeue(env, dice{env.Seed, waiting[i].Crossing, link, dir}, &waiting[i])
	}
}

// requeue lets a frame that waited already wait again.
func (d *Direction) requeue(env *Env, k dice, e *Entry) {
	extra := e.Arrive
	env.Record.Wait(e.Crossing) // whatever was planned for it
	switch {
	case d.Down:
		d.drop(env, e, DroppedDown)
	case d.Discipline == UseCoDel, d.Discipline == UseFQCoDel:
		d.keep(env, k, *e, extra)
	case d.full(d.Waits(env.Now), d.Bytes, e.Bytes):
		d.drop(env, e, Dropped)
	default:
		d.place(env, e, extra)
	}
}

// REDParams are the settings of random early detection; where zero, Floyd's advice counts.
type REDParams struct {
	MinPackets, MaxPackets uint32 // of the average queue: where dropping begins, and where it reaches MaxPPM; 5 and 15
	MaxPPM                 uint32 // 100,000
	WeightLog              uint8  // an arrival counts 2^-n in the average; 9
}

// REDState is the average that RED goes by.
type REDState struct {
	Avg   int64  // frames, times 2^16
	Since uint32 // frames since the last that was dropped or marked
}

func orDefault[T ~uint8 | ~uint32 | ~int64](v, otherwise T) T {
	if v == 0 {
		return otherwise
	}
	return v
}

// early decides by the average queue whether to drop or mark a frame before the queue is full: beyond
// MaxPackets ever more likely, beyond twice that surely ("gentle").
func (d *Direction) early(env *Env, k dice, waiting int) bool {
	p, s := &d.Params.RED, &d.Average
	weight := orDefault(p.WeightLog, 9)
	if idle := env.Now - d.Busy; waiting == 0 && idle > 0 {
		s.Avg = decay(s.Avg, weight, idle/max(d.wireTime(1000), 1000))
	}
	s.Avg += (int64(waiting)<<16 - s.Avg) >> weight
	low := int64(orDefault(p.MinPackets, 5)) << 16
	high := max(int64(orDefault(p.MaxPackets, 15))<<16, low+1<<16)
	most := int64(orDefault(p.MaxPPM, 100_000))
	var ppm int64
	switch {
	case s.Avg < low:
		s.Since = 0
		return false
	case s.Avg < high:
		ppm = most * (s.Avg - low) / (high - low)
	case s.Avg < 2*high:
		ppm = most + (sim.Million-most)*(s.Avg-high)/high
	default:
		ppm = sim.Million
	}
	if left := sim.Million - int64(s.Since)*ppm; left > ppm { // so that drops come evenly
		ppm = ppm * sim.Million / left
	} else {
		ppm = sim.Million
	}
	s.Since++
	if !k.happens(sim.Early, uint32(min(ppm, sim.Million))) {
		return false
	}
	s.Since = 0
	return true
}

// decay returns avg · (1 − 2^−weight)^n: the average after n small frames could have passed.
func decay(avg int64, weight uint8, n int64) int64 {
	factor, power := int64(1<<32), int64(1<<32)-int64(1<<32)>>weight
	for ; n > 0 && factor > 0; n >>= 1 {
		if n&1 != 0 {
			factor = mul32(factor, power)
		}
		power = mul32(power, power)
	}
	return mul32(avg, factor)
}

// mul32 multiplies by a fraction of 2^32.
func mul32(a, b int64) int64 {
	hi, lo := a>>32, a&(1<<32-1)
	return hi*b + int64(uint64(lo)*uint64(b)>>32)
}
