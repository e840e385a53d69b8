package link

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"math/bits"
	"testing"

	"pgregory.net/rapid"

	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/seeds"
	"wirelab/stack/timer"
)

// sent is a frame with its number in it.
func sent(pool *block.Pool, n uint32, bytes int) block.Handle {
	h := pool.New(bytes)
	clear(pool.Data(h))
	binary.BigEndian.PutUint32(pool.Data(h), n)
	return h
}

// cross offers a frame as a lab does: twice, if the link doubles it.
func cross(l *Link, pool *block.Pool, now int64, frame block.Handle) (entries []Entry) {
	twice := l.Doubles(1, 0)
	if twice {
		pool.Retain(frame)
	}
	env := envAt(pool, now)
	l.Offer(env, 0, frame, 0, event.Why{})
	if twice {
		l.Repeat(env, 0, frame, 0, event.Why{Copy: 1})
	}
	return env.Record.(*book).times
}

// story sends n frames of 100 bytes, one each ms, and tells for each what came
// of it, in the order in which they came.
func story(t *testing.T, p Params, n uint32) (lines []string) {
	t.Helper()
	pool := block.NewPool()
	l := &Link{}
	d := &l.Dir[0]
	d.Params = p
	for i := range n {
		cross(l, pool, int64(i)*ms, sent(pool, i, 100))
	}
	for d.Next() != timer.Never {
		at := d.Next()
		e, _ := arrive(d, pool, at)
		if e.Lost {
			lines = append(lines, fmt.Sprintf("lost copy %d", e.Why.Copy))
			continue
		}
		data := pool.Data(e.Frame)
		flipped := 0
		for i, b := range data[4:] {
			flipped += bits.OnesCount8(b)
			if b != 0 && e.Flip != uint32(8*(i+4)+bits.LeadingZeros8(b))+1 {
				t.Errorf("byte %d is %#x; the entry says bit %d", i+4, b, e.Flip)
			}
		}
		lines = append(lines, fmt.Sprintf("%d copy %d at %d, %d bits changed", binary.BigEndian.Uint32(data), e.Why.Copy, at, flipped))
		pool.Release(e.Frame)
	}
	if blocks, _ := pool.Live(); blocks != 0 || !d.Conserved() {
		t.Errorf("%d blocks left over, %+v", blocks, d.Counters)
	}
	return lines
}

// numbers returns the frames of a story that came, in their order, without copies.
func numbers(lines []string) (in []uint32) {
	for _, line := range lines {
		var n, c uint32
		if k, _ := fmt.Sscanf(line, "%d copy %d", &n, &c); k == 2 && c == 0 {
			in = append(in, n)
		}
	}
	return in
}

func TestFaults(t *testing.T) {
	const n = 2000
	about := func(t *testing.T, what string, got, want int) {
		t.Helper()
		if got < want*8/10 || got > want*12/10 {
			t.Errorf("%s: %d of %d frames, want about %d", what, got, n, want)
		}
	}
	t.Run("none", func(t *testing.T) {
		for i, line := range story(t, Params{DelayNs: 7}, n) {
			if want := fmt.Sprintf("%d copy 0 at %d, 0 bits changed", i, i*ms+7); line != want {
				t.Fatalf("%s, want %s", line, want)
			}
		}
	})
	t.Run("duplication", func(t *testing.T) {
		lines := story(t, Params{DuplicatePPM: 200_000, DelayNs: 7}, n)
		about(t, "doubled", len(lines)-n, n/5)
		if got := numbers(lines); len(got) != n {
			t.Errorf("%d frames came, not counting copies", len(got))
		}
	})
	t.Run("corruption", func(t *testing.T) {
		harmed := 0
		for _, line := range story(t, Params{CorruptPPM: 300_000}, n) {
			if bytes.Contains([]byte(line), []byte(" 1 bits")) {
				harmed++
			}
		}
		about(t, "harmed behind its number", harmed, n*3*96/1000)
	})
	t.Run("reordering", func(t *testing.T) {
		in := numbers(story(t, Params{ReorderPPM: 100_000, ReorderNs: 5 * ms / 2}, n))
		overtaken := 0
		for i := range in[1:] {
			if in[i+1] < in[i] {
				overtaken++
			}
		}
		about(t, "overtaken", overtaken, n/10)
		if len(in) != n {
			t.Errorf("%d frames came", len(in))
		}
	})
	t.Run("jitter", func(t *testing.T) {
		in := numbers(story(t, Params{JitterNs: 5 * ms}, n))
		for i, k := range in {
			if int(k) != i {
				t.Fatalf("frame %d came as number %d: jitter keeps the order", k, i)
			}
		}
	})
	t.Run("bursts", func(t *testing.T) {
		const run = 5
		missing, at := 0, uint32(0)
		for _, k := range append(numbers(story(t, Params{LossPPM: 20_000, LossRun: run}, n)), n) {
			if gap := int(k - at); gap > 0 && gap < run && k < n {
				t.Errorf("%d frames in a row are missing, want at least %d", gap, run)
			}
			missing += int(k - at)
			at = k + 1
		}
		about(t, "lost", missing, n*run*2/100)
	})
}

// Whatever else is switched on, the same frames are lost, doubled, late and
// harmed as with one fault alone (docs/ARCHITECTURE.md, The rules of determinism).
func TestFaultsDoNotMoveEachOther(t *testing.T) {
	const n = 500
	all := Params{DelayNs: ms, LossPPM: 100_000, LossRun: 3, DuplicatePPM: 100_000, CorruptPPM: 100_000, ReorderPPM: 100_000, ReorderNs: 3 * ms, JitterNs: ms}
	fates := func(p Params) (lost, doubled, late, flipped [n]bool) {
		pool := block.NewPool()
		l := &Link{}
		l.Dir[0].Params = p
		for i := range n {
			for _, e := range cross(l, pool, int64(i)*ms, sent(pool, uint32(i), 100)) {
				if e.Why.Copy > 0 {
					doubled[i] = true
					continue
				}
				lost[i], late[i], flipped[i] = e.Lost, e.Late, e.Flip > 0
			}
		}
		return
	}
	lost, doubled, late, flipped := fates(all)
	alone, _, _, _ := fates(Params{LossPPM: all.LossPPM, LossRun: all.LossRun})
	_, aloneDoubled, _, _ := fates(Params{DuplicatePPM: all.DuplicatePPM})
	_, _, aloneLate, _ := fates(Params{ReorderPPM: all.ReorderPPM})
	_, _, _, aloneFlipped := fates(Params{CorruptPPM: all.CorruptPPM})
	if lost != alone || doubled != aloneDoubled || late != aloneLate || flipped != aloneFlipped {
		t.Error("a fault meets other frames when others are switched on")
	}
	if late == flipped || lost == doubled || doubled == late {
		t.Error("two faults share their dice")
	}
}

// A frame that others hold stays as it was for them.
func TestCorruptionHarmsOneHolder(t *testing.T) {
	pool := block.NewPool()
	l := &Link{}
	l.Dir[0].Params = Params{CorruptPPM: 1_000_000}
	frame := sent(pool, 1, 60)
	before := bytes.Clone(pool.Data(frame))
	pool.Retain(frame)
	l.Offer(envAt(pool, 0), 0, frame, 0, event.Why{})
	e, _ := arrive(&l.Dir[0], pool, 0)
	if !bytes.Equal(pool.Data(frame), before) || bytes.Equal(pool.Data(e.Frame), before) {
		t.Error("the wrong one was harmed")
	}
}

var anyParams = rapid.Custom(func(t *rapid.T) Params {
	ppm := rapid.OneOf(rapid.Just[uint32](0), rapid.Uint32Range(0, 1_000_000))
	return Params{
		BitsPerSecond: rapid.SampledFrom([]uint64{0, 100_000, 10_000_000}).Draw(t, "rate"),
		DelayNs:       rapid.Int64Range(0, 20*ms).Draw(t, "delay"),
		QueuePackets:  rapid.Uint32Range(0, 6).Draw(t, "queue"),
		LossPPM:       ppm.Draw(t, "loss"), LossRun: rapid.Uint32Range(0, 4).Draw(t, "run"),
		DuplicatePPM: ppm.Draw(t, "duplicate"), CorruptPPM: ppm.Draw(t, "corrupt"),
		ReorderPPM: ppm.Draw(t, "reorder"), ReorderNs: rapid.Int64Range(0, 30*ms).Draw(t, "late"),
		JitterNs:   rapid.OneOf(rapid.Just[int64](0), rapid.Int64Range(0, 10*ms)).Draw(t, "jitter"),
		QueueBytes: rapid.SampledFrom([]uint32{0, 0, 200}).Draw(t, "bytes"),
		Discipline: Discipline(rapid.IntRange(0, Disciplines()-1).Draw(t, "discipline")),
		ECN:        rapid.Bool().Draw(t, "ecn"),
		RED:        REDParams{1, 2, 500_000, 1},
		CoDel:      CoDelParams{TargetNs: ms, IntervalNs: 5 * ms, Flows: 4},
		LossEvery:  rapid.SampledFrom([]uint32{0, 0, 3}).Draw(t, "every"),
		Gilbert:    GilbertParams{ppm.Draw(t, "to bad"), ppm.Draw(t, "to good"), 500_000},
		MTU:        rapid.SampledFrom([]uint32{0, 0, 0, 40, 100}).Draw(t, "mtu"),
		Down:       rapid.IntRange(0, 9).Draw(t, "down") == 0,
	}
})

// Whatever the faults, and whenever they are changed: every frame is accounted
// for, none arrives before its bits can be there, they arrive in order of time,
// and no block is kept.
func TestConservation(t *testing.T) {
	seeds.Check(t, func(t *rapid.T) {
		pool := block.NewPool()
		l := &Link{}
		d := &l.Dir[0]
		d.Params = anyParams.Draw(t, "params")
		now, crossings := int64(0), uint64(0)
		for range rapid.IntRange(1, 80).Draw(t, "steps") {
			switch rapid.IntRange(0, 9).Draw(t, "op") {
			case 0:
				env := envAt(pool, now)
				d.Set(env, 0, 0, anyParams.Draw(t, "new params"))
				for _, e := range env.Record.(*book).times {
					if e.Start < now {
						t.Fatalf("a frame that waits was moved to %d, which is past at %d", e.Start, now)
					}
				}
			case 1, 2, 3:
				var e Entry
				if now = max(now, min(d.Next(), now+5*ms)); !d.Step(envAt(pool, now), &e) {
					continue
				}
				if e.Arrive > now || e.Arrive < e.Start {
					t.Fatalf("sent at %d, arrived at %d, taken in at %d", e.Start, e.Arrive, now)
				}
				pool.Release(e.Frame)
			default:
				crossings++
				cross(l, pool, now, packet(pool, uint32(crossings)))
			}
			for i := 1; i < d.Flight.Len(); i++ {
				if d.Flight.At(i).Arrive < d.Flight.At(i-1).Arrive {
					t.Fatalf("entry %d arrives before the one ahead of it", i)
				}
			}
			if blocks, _ := pool.Live(); !d.Conserved() || d.Counters.Offered != crossings || blocks > d.OnWay() {
				t.Fatalf("%d offered, %d on their way, %d blocks: %+v", crossings, d.OnWay(), blocks, d.Counters)
			}
		}
		for e := (Entry{}); d.Next() != timer.Never; {
			if now = max(now, d.Next()); d.Step(envAt(pool, now), &e) {
				pool.Release(e.Frame)
			}
		}
		if blocks, _ := pool.Live(); blocks != 0 || !d.Conserved() || d.Bytes+d.Backlog.Bytes != 0 && d.Waits(timer.Never-1) != 0 {
			t.Fatalf("%d blocks left over, %+v", blocks, d.Counters)
		}
	})
}
