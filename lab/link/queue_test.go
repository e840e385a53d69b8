package link

import (
	"encoding/binary"
	"fmt"
	"testing"

	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

// packet is an IPv4 packet of UDP in a frame, with n in it, that can be marked; its source port is n mod 7.
func packet(pool *block.Pool, n uint32) block.Handle { return packetOf(pool, n, uint16(n%7), 2, 80) }

func packetOf(pool *block.Pool, n uint32, port uint16, ecn uint8, bytes int) block.Handle {
	h := pool.New(bytes)
	b := pool.Data(h)
	clear(b)
	wire.PutEthernet(b, wire.MAC{2}, wire.MAC{4}, wire.TypeIPv4)
	ip := b[wire.EthernetLen:]
	ip[0], ip[1], ip[9] = 0x45, ecn, wire.ProtoUDP
	binary.BigEndian.PutUint16(ip[2:], uint16(len(ip)))
	binary.BigEndian.PutUint32(ip[12:], 0x0a000001)
	binary.BigEndian.PutUint16(ip[20:], port)
	sum := wire.Sum(0).AddBytes(ip[:20])
	binary.BigEndian.PutUint16(ip[10:], sum.Fold())
	binary.BigEndian.PutUint32(b[len(b)-4:], n)
	return h
}

// queueRun offers packets at a steady pace for a while, each of size bytes and of the flow that flow
// tells, and returns the book, and how many frames of each port arrived.
func queueRun(p Params, bytes int, everyNs, forNs int64, ecn uint8, flow func(n uint32) uint16) (*Direction, *book, map[uint16]int, int64) {
	pool, l, notes, got := block.NewPool(), &Link{}, newBook(), map[uint16]int{}
	d := &l.Dir[0]
	d.Params = p
	n, slowest := uint32(0), int64(0)
	for now, next := int64(0), int64(0); now < forNs || d.Next() != timer.Never; now = min(next, d.Next()) {
		env := &Env{Pool: pool, Seed: 1, Now: now, Record: notes}
		if now == next {
			l.Offer(env, 0, packetOf(pool, n, flow(n), ecn, bytes), uint64(n), event.Why{})
			n++
			if next += everyNs; next >= forNs {
				next = timer.Never
			}
			continue
		}
		var e Entry
		if d.Step(env, &e) && !e.Lost {
			b := pool.Data(e.Frame)
			got[binary.BigEndian.Uint16(b[wire.EthernetLen+20:])]++
			if sent := int64(binary.BigEndian.Uint32(b[len(b)-4:])) * everyNs; now > forNs/2 {
				slowest = max(slowest, now-sent)
			}
			if sum := wire.Sum(0).AddBytes(b[wire.EthernetLen:][:20]).Fold(); sum != 0 {
				panic(fmt.Sprintf("the header checksum is off by %#x", sum))
			}
			pool.Release(e.Frame)
		}
	}
	return d, notes, got, slowest
}

func oneFlow(uint32) uint16 { return 0 }

// With 25 % more than the link takes, drop-tail keeps its queue full; CoDel, after it has found its rate of
// dropping, keeps it short; both send all that the wire takes.
func TestCoDelKeepsTheQueueShort(t *testing.T) {
	p := Params{BitsPerSecond: 8_000_000, QueuePackets: 1000} // 1000 bytes take a millisecond
	_, _, got, slowest := queueRun(p, 1000, ms*8/10, 20_000*ms, 0, oneFlow)
	if got[0] < 20_000 || slowest < 990*ms {
		t.Errorf("drop-tail: %d arrived, the slowest after %d ms", got[0], slowest/ms)
	}
	p.Discipline = UseCoDel
	d, notes, got, slowest := queueRun(p, 1000, ms*8/10, 20_000*ms, 0, oneFlow)
	if got[0] < 19_900 || slowest > 500*ms {
		t.Errorf("CoDel: %d arrived, the slowest after %d ms", got[0], slowest/ms)
	}
	early := 0
	for _, fate := range notes.drops {
		if fate == DroppedEarly {
			early++
		}
	}
	if early != int(d.Counters.Dropped) || early < 4000 {
		t.Errorf("%d dropped, %d of them early", d.Counters.Dropped, early)
	}
}

// The times between drops are those of RFC 8289: an interval over the square root of the count.
func TestControlLaw(t *testing.T) {
	d := Direction{}
	for count, want := range map[uint32]int64{1: 100_000_000, 2: 70_710_678, 4: 50_000_000, 100: 10_000_000, 10_000: 1_000_000} {
		if got := d.controlLaw(0, count); got < want-want/10_000 || got > want+want/10_000 {
			t.Errorf("after %d drops the next comes in %d ns, want %d", count, got, want)
		}
	}
}

// Packets that can be marked are marked and not dropped, by all three disciplines.
func TestDisciplinesMark(t *testing.T) {
	for _, use := range []Discipline{UseRED, UseCoDel, UseFQCoDel} {
		p := Params{BitsPerSecond: 8_000_000, QueuePackets: 10_000, Discipline: use, ECN: true}
		d, notes, got, _ := queueRun(p, 1000, ms*95/100, 3000*ms, 2, oneFlow)
		if d.Counters.Dropped != 0 || d.Counters.Marked < 20 || len(notes.marked) != int(d.Counters.Marked) || got[0] != int(d.Counters.Offered) {
			t.Errorf("%v: %+v, %d arrived", use, d.Counters, got[0])
		}
		if d, _, _, _ := queueRun(p, 1000, ms*95/100, 3000*ms, 0, oneFlow); d.Counters.Marked != 0 || d.Counters.Dropped < 20 {
			t.Errorf("%v without ECT: %+v", use, d.Counters)
		}
	}
}

// RED begins to drop when the average passes its lower mark, and drops all beyond twice the upper one.
func TestREDFollowsTheAverage(t *testing.T) {
	p := Params{BitsPerSecond: 8_000_000, Discipline: UseRED, RED: REDParams{MinPackets: 10, MaxPackets: 30, MaxPPM: 100_000, WeightLog: 5}}
	d, notes, _, slowest := queueRun(p, 1000, ms*9/10, 5000*ms, 0, oneFlow)
	if d.Counters.Dropped < 400 || slowest < 10*ms || slowest > 65*ms {
		t.Errorf("%+v, the slowest after %d ms", d.Counters, slowest/ms)
	}
	for n := range uint64(100) { // the queue grows by one in ten
		if fate, gone := notes.drops[n]; gone {
			t.Errorf("packet %d: %v, before the average can have reached 10", n, fate)
		}
	}
	if s := decay(100<<16, 5, 32); s < 35<<16 || s > 37<<16 { // (31/32)^32 is 0.362
		t.Errorf("after 32 idle frames 100 became %d", s>>16)
	}
}

// A flow that sends little gets all of it through at once, however greedy the other is; of equal flows each gets the same.
func TestFairQueueing(t *testing.T) {
	p := Params{BitsPerSecond: 8_000_000, QueuePackets: 300, Discipline: UseFQCoDel}
	_, _, got, _ := queueRun(p, 1000, ms/2, 4000*ms, 0, func(n uint32) uint16 { return uint16(min(n%10, 1)) })
	if got[0] < 790 { // a tenth of twice what the wire takes
		t.Errorf("the modest flow got %d of 800 through, the greedy one %d", got[0], got[1])
	}
	_, _, got, _ = queueRun(p, 1000, ms/4, 4000*ms, 0, func(n uint32) uint16 { return uint16(n % 4) })
	for f, n := range got {
		if n < 950 || n > 1150 {
			t.Errorf("flow %d of four got %d of 4000", f, n)
		}
	}
}

// What else keeps a frame from arriving: its number, the state of the wire, its size, a switch.
func TestOtherLosses(t *testing.T) {
	run := func(p Params) (*Direction, *book) {
		d, notes, _, _ := queueRun(p, 100, ms, 2000*ms, 0, oneFlow)
		return d, notes
	}
	if d, notes := run(Params{LossEvery: 4}); d.Counters.Dropped != 500 || !notes.ways[3].Lost || notes.ways[4].Lost {
		t.Errorf("every 4th: %+v", d.Counters)
	}
	if d, _ := run(Params{Gilbert: GilbertParams{ToBadPPM: 10_000, ToGoodPPM: 200_000}}); d.Counters.Dropped < 50 || d.Counters.Dropped > 160 {
		t.Errorf("a wire that is bad for five frames in about a hundred: %+v", d.Counters)
	}
	if d, notes := run(Params{MTU: 85}); d.Counters.Delivered != 0 || notes.drops[0] != DroppedTooBig {
		t.Errorf("packets of 86 bytes on a link with an MTU of 85: %+v", d.Counters)
	}
	if d, _ := run(Params{MTU: 86}); d.Counters.Dropped != 0 {
		t.Errorf("packets of 86 bytes on a link with an MTU of 86: %+v", d.Counters)
	}
	if d, notes := run(Params{Down: true}); d.Counters.Delivered != 0 || notes.drops[0] != DroppedDown {
		t.Errorf("a link that is down: %+v", d.Counters)
	}
}
