package event

import (
	"math/rand/v2"
	"slices"
	"testing"

	"wirelab/stack/seeds"
)

func TestPackingKeepsEveryChange(t *testing.T) {
	for seed := range seeds.Range(t, 100) {
		r := rand.New(rand.NewPCG(seed, 0))
		changes, values := make([]Change, 1024), make([]uint32, 1024)
		at := int64(0)
		for i := range changes {
			at += r.Int64N(1_000_000)
			changes[i] = Change{at, Cause{uint64(i * 3), uint32(r.IntN(4))}, uint32(r.IntN(3)), uint32(r.IntN(9)), r.Uint32() >> r.IntN(32), r.Uint32() >> 14, uint32(i * 2), Reason(r.IntN(Reasons()))}
			values[i] = r.Uint32() >> r.IntN(32)
		}
		changes[r.IntN(1024)] = Change{TimeNs: 1<<62 + 1, Cause: Cause{1<<64 - 1, 1<<32 - 1}, Host: 1<<32 - 1, Mask: 1<<32 - 1, first: 1<<32 - 1}
		got, numbers := make([]Change, 1024), make([]uint32, 1024)
		unpackChanges(got, packChanges(nil, changes))
		unpackValues(numbers, packValues(nil, values))
		if !slices.Equal(got, changes) || !slices.Equal(numbers, values) {
			t.Fatalf("seed %d: something was lost", seed)
		}
	}
}

func TestPackingKeepsEveryAct(t *testing.T) {
	p := newActPacker()
	for seed := range seeds.Range(t, 100) {
		r := rand.New(rand.NewPCG(seed, 1))
		acts, got := make([]Act, 1024), make([]Act, 1024)
		for i := range acts {
			acts[i] = Act{TimeNs: r.Int64N(1 << 40), Cause: Cause{r.Uint64() >> r.IntN(64), uint32(r.IntN(4))}, From: Ref(r.Uint64() >> r.IntN(64)), Change: uint64(i * 3), Changes: r.Uint32() >> 20,
				Sent: uint32(r.IntN(3)), Host: uint32(r.IntN(3)), Conn: uint32(r.IntN(4)), PID: uint32(r.IntN(3)), FD: int32(r.IntN(4)) - 1, Arg: r.Int64(), Result: int64(r.IntN(5)) - 1,
				LocalPort: uint16(r.IntN(3)), Err: int16(r.IntN(200)) - 1, Call: Call(r.IntN(int(nCalls))), Timer: Timer(r.IntN(int(nTimers))), Option: uint8(r.IntN(3))}
			acts[i].Remote[15] = byte(r.IntN(2))
		}
		p.unpack(got, p.pack(nil, acts))
		if !slices.Equal(got, acts) {
			t.Fatalf("seed %d: something was lost", seed)
		}
	}
}
