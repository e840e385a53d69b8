package trace

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"

	"wirelab/lab/link"
	"wirelab/stack/seeds"
	"wirelab/stack/wire"
)

// model is a trace without cleverness.
type model struct {
	crossings []Summary
	offered   []int64
	arrived   [][2]uint64 // event, crossing
}

func (m *model) after(ns int64) uint64 {
	n := slices.IndexFunc(m.offered, func(at int64) bool { return at > ns })
	if n < 0 {
		n = len(m.offered)
	}
	return uint64(n)
}

func (m *model) takenIn(event uint64) (uint64, bool) {
	for _, a := range m.arrived {
		if a[0] == event {
			return a[1], true
		}
	}
	return 0, false
}

func (m *model) truncate(n, events uint64) {
	n = min(n, uint64(len(m.crossings)))
	m.crossings, m.offered = m.crossings[:n], m.offered[:n]
	m.arrived = slices.DeleteFunc(m.arrived, func(a [2]uint64) bool { return a[0] > events })
}

var addrs = [2]wire.Addr{wire.V4(10, 0, 0, 1), wire.V4(10, 0, 0, 2)}

// anyFrame draws a frame: ARP, which has an extra, TCP with or without options,
// or bytes that are no frame at all.
func anyFrame(t *rapid.T) []byte {
	b := make([]byte, wire.EthernetLen)
	switch rapid.IntRange(0, 3).Draw(t, "kind") {
	case 0:
		return b[:rapid.IntRange(0, len(b)).Draw(t, "cut")]
	case 1:
		wire.PutEthernet(b, wire.Broadcast, wire.MAC{2}, wire.TypeARP)
		b = append(b, make([]byte, wire.ARPLen)...)
		wire.PutARP(b[wire.EthernetLen:], wire.ARPReply, wire.MAC{2, 1}, addrs[0], wire.MAC{}, addrs[1])
	default:
		opts := 4 * rapid.IntRange(0, 2).Draw(t, "options")
		tcp := make([]byte, wire.TCPLen+opts+rapid.IntRange(0, 9).Draw(t, "data"))
		copy(tcp[wire.TCPLen:], []byte{wire.OptMSS, 4, 5, 180, 1, 3, 3, 7}[:opts])
		wire.PutTCP(tcp, &addrs[0], &addrs[1], 1000, 7, rapid.Uint32().Draw(t, "seq"), 0, wire.SYN, 9, 0, opts)
		wire.PutEthernet(b, wire.MAC{4}, wire.MAC{2}, wire.TypeIPv4)
		b = append(b, make([]byte, wire.IPv4Len)...)
		h := wire.IPv4Header{Src: addrs[0], Dst: addrs[1], Length: wire.IPv4Len + len(tcp), TTL: 64, Protocol: wire.ProtoTCP}
		h.Put(b[wire.EthernetLen:])
		b = append(b, tcp...)
	}
	return b
}

// Whatever is recorded, moved and cut off, a trace answers as its model does.
func TestTraceAnswersAsItsModel(t *testing.T) {
	seeds.Check(t, func(t *rapid.T) {
		var tr Trace
		var m model
		now, events, turns := int64(0), uint64(0), uint64(0)
		for range rapid.IntRange(0, 60).Draw(t, "steps") {
			switch rapid.IntRange(0, 9).Draw(t, "op") {
			case 0: // another turn
				n := uint64(rapid.IntRange(0, len(m.crossings)+1).Draw(t, "keep"))
				events = uint64(rapid.IntRange(0, int(events)).Draw(t, "events"))
				tr.Truncate(n, events)
				m.truncate(n, events)
				turns++
				if k := len(m.offered); k > 0 {
					now = m.offered[k-1]
				}
			case 1, 2, 3: // an event takes one in, or something else
				events += uint64(rapid.IntRange(1, 3).Draw(t, "events"))
				if k := len(m.crossings); k > 0 {
					i := uint64(rapid.IntRange(0, k-1).Draw(t, "taken"))
					tr.Arrive(events, i)
					m.arrived = append(m.arrived, [2]uint64{events, i})
					tr.Arrive(events, i+1) // replayed: adds nothing
				}
			case 4:
				if k := len(m.crossings); k > 0 {
					i := uint64(rapid.IntRange(0, k-1).Draw(t, "moved"))
					tr.Way(&link.Entry{Crossing: i, Start: now + 5, Arrive: now + 9})
					if c := tr.At(i); c.Start != now+5 || c.Arrive != now+9 {
						t.Fatalf("moved to %d and %d", c.Start, c.Arrive)
					}
				}
			default:
				frame, i := anyFrame(t), uint64(len(m.crossings))
				now += int64(rapid.IntRange(0, 2).Draw(t, "ns"))
				c := tr.Add(i, frame)
				c.Offered = now
				if again := tr.Add(i, frame); again != nil {
					t.Fatalf("crossing %d was recorded twice", i)
				}
				s := Summarize(frame)
				s.Extra = slices.Clone(s.Extra)
				m.crossings, m.offered = append(m.crossings, s), append(m.offered, now)
				clear(frame) // its memory is used for something else
			}
			if tr.Len() != uint64(len(m.crossings)) || tr.Turns != turns {
				t.Fatalf("%d crossings after %d turns, want %d after %d", tr.Len(), tr.Turns, len(m.crossings), turns)
			}
		}
		for i, want := range m.crossings {
			if diff := cmp.Diff(want, tr.Summary(uint64(i)), cmp.Transformer("", func(b []byte) string { return string(b) })); diff != "" {
				t.Fatalf("summary %d:\n%s", i, diff)
			}
		}
		for ns := int64(-1); ns <= now+1; ns++ {
			if got, want := tr.After(ns), m.after(ns); got != want {
				t.Fatalf("After(%d) = %d, want %d", ns, got, want)
			}
		}
		for e := range events + 3 {
			got, ok := tr.TakenIn(e)
			if want, has := m.takenIn(e); got != want || ok != has {
				t.Fatalf("TakenIn(%d) = %d, %v; want %d, %v", e, got, ok, want, has)
			}
		}
	})
}

func TestOff(t *testing.T) {
	tr := Trace{Off: true}
	tr.Arrive(1, 0)
	if c := tr.Add(0, make([]byte, 60)); c != nil || tr.Len() != 0 {
		t.Error("something was recorded")
	}
	if _, ok := tr.TakenIn(1); ok {
		t.Error("an arrival was recorded")
	}
}
