package link

import (
	"testing"

	"wirelab/stack/wire"
)

func frameOf(dst, src wire.MAC) wire.Ethernet {
	b := make([]byte, wire.EthernetLen)
	wire.PutEthernet(b, dst, src, wire.TypeIPv4)
	return b
}

func station(i uint32) wire.MAC {
	return wire.MAC{2, 0, byte(i >> 24), byte(i >> 16), byte(i >> 8), byte(i)}
}

// A conversation as the switch sees it: who sends on which port to whom, and
// where that goes. IEEE 802.1D §7.7 and §7.8.
func TestSwitch(t *testing.T) {
	group := wire.MAC{1, 0, 0x5e, 0, 0, 1}
	const everywhere = -1
	var places Places
	s := Switch{Ports: 4}
	for i, step := range []struct {
		at       int64 // in s
		in       uint32
		src, dst wire.MAC
		out      int
	}{
		{0, 0, station(1), station(2), everywhere}, // not heard of yet
		{1, 1, station(2), station(1), 0},          // learned from the first frame
		{2, 0, station(1), station(2), 1},          // and from the second
		{3, 2, station(3), wire.Broadcast, everywhere},
		{4, 2, station(3), group, everywhere},
		{5, 1, station(2), station(3), 2},
		{6, 3, station(1), station(2), 1}, // the first has moved to another port
		{7, 1, station(2), station(1), 3},
		{8, 1, group, station(1), 3}, // a group is never a sender: nothing is learned
		{9, 3, station(1), group, everywhere},
		{307, 2, station(3), station(2), everywhere}, // silent since 7 s: aged out after 300 s
		{308, 2, station(3), station(1), 3},          // heard at 9 s
		{309, 2, station(3), station(1), everywhere},
		{310, 1, station(2), station(3), 2}, // heard again
		{311, 2, station(3), station(2), 1},
	} {
		out, flood := s.Forward(step.at*1e9, step.in, frameOf(step.dst, step.src), &places)
		if flood != (step.out == everywhere) || !flood && int(out) != step.out {
			t.Errorf("step %d: port %d, flood %v; want %d", i, out, flood, step.out)
		}
	}
	if len(s.Table) != 3 {
		t.Errorf("%d stations are remembered, want 3", len(s.Table))
	}
}

// The table is bounded: whoever was silent longest is forgotten.
func TestSwitchForgetsTheOldest(t *testing.T) {
	var places Places
	s := Switch{Ports: 2}
	for i := range uint32(maxLearned) {
		s.Forward(int64(i), 0, frameOf(wire.Broadcast, station(i)), &places)
	}
	s.Forward(maxLearned, 0, frameOf(wire.Broadcast, station(0)), &places) // heard again: 1 is the oldest now
	s.Forward(maxLearned+1, 1, frameOf(wire.Broadcast, station(maxLearned)), &places)
	if len(s.Table) != maxLearned {
		t.Errorf("%d stations are remembered", len(s.Table))
	}
	for i, known := range map[uint32]bool{0: true, 1: false, 2: true, maxLearned: true} {
		if _, flood := s.Forward(maxLearned+2, 0, frameOf(station(i), station(0)), &places); flood == known {
			t.Errorf("station %d: known is %v", i, !flood)
		}
	}
}
