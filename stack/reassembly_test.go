package stack

import (
	"testing"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// What becomes of fragments [off, end), the last one written with end negative
// (RFC 815 §3; RFC 5722 §3).
func TestReassemblyAdd(t *testing.T) {
	for _, c := range []struct {
		name  string
		parts [][2]int
		want  []fate
		whole bool
	}{
		{"in order", [][2]int{{0, 8}, {8, 16}, {16, -20}}, []fate{0, 0, 0}, true},
		{"backwards", [][2]int{{16, -20}, {8, 16}, {0, 8}}, []fate{0, 0, 0}, true},
		{"a hole", [][2]int{{0, 8}, {16, -20}}, []fate{0, 0}, false},
		{"no end", [][2]int{{0, 8}, {8, 16}}, []fate{0, 0}, false},
		{"a repeat", [][2]int{{8, 16}, {8, 16}, {0, 8}, {0, 8}, {16, -20}}, []fate{0, fragIgnored, 0, fragIgnored, 0}, true},
		{"a repeat within what is here", [][2]int{{0, 8}, {8, 16}, {0, 16}}, []fate{0, 0, fragIgnored}, false},
		{"overlap with the one before", [][2]int{{0, 16}, {8, 24}}, []fate{0, fragFatal}, false},
		{"overlap with the one behind", [][2]int{{8, 24}, {0, 16}}, []fate{0, fragFatal}, false},
		{"around one that is here", [][2]int{{8, 16}, {0, 24}}, []fate{0, fragFatal}, false},
		{"over a hole", [][2]int{{0, 8}, {16, 24}, {0, 24}}, []fate{0, 0, fragFatal}, false},
		{"two ends", [][2]int{{8, -16}, {16, -24}}, []fate{0, fragFatal}, false},
		{"behind the end", [][2]int{{8, -16}, {16, 24}}, []fate{0, fragFatal}, false},
		{"an end before what is here", [][2]int{{16, 24}, {0, -8}}, []fate{0, fragFatal}, false},
		{"nothing", [][2]int{{8, 8}}, []fate{fragFatal}, false},
	} {
		var q Reassembly
		for i, p := range c.parts {
			more := p[1] > 0
			end := max(p[1], -p[1])
			got := q.add(Part{Off: uint32(p[0]), Len: uint32(end - p[0])}, more)
			if got != c.want[i] {
				t.Errorf("%s: fragment %d: %d, want %d", c.name, i, got, c.want[i])
			}
			if got == fragFatal {
				break
			}
		}
		if q.whole() != c.whole {
			t.Errorf("%s: whole is %v", c.name, q.whole())
		}
	}
}

// two is hosts A and B on one wire.
func two(t *testing.T) *net {
	w := newNet(t, "A", "B")
	w.wire([]uint32{0, 1}, ends[0].Addr, ends[1].Addr)
	return w
}

// The largest datagram goes through in fragments, in whatever order they come.
func TestFragmentsOfTheLargestDatagram(t *testing.T) {
	w := two(t)
	a, b := w.udp(0, 1000), w.udp(1, 7)
	to := tcp.Endpoint{Addr: ends[1].Addr, Port: 7}
	w.send(0, a, to, 1472) // fits
	w.wait(second)
	w.saw("A arp who has 10.0.0.2?", "B arp 10.0.0.2 is here", "A udp 1472 to 10.0.0.2")
	w.got(1, b, 1472)
	w.send(0, a, to, 65507)
	if n := len(w.sent); n != 45 || w.sent[0] != "A fragment 0+1480 of 17" || w.sent[44] != "A fragment 65120+395 of 17" {
		t.Errorf("%d fragments: %q", n, w.sent)
	}
	for i, j := 0, len(w.air)-1; i < j; i, j = i+1, j-1 { // they overtake each other
		w.air[i].frame, w.air[j].frame = w.air[j].frame, w.air[i].frame
	}
	w.wait(second)
	if from := w.got(1, b, 65507); from != (tcp.Endpoint{Addr: ends[0].Addr, Port: 1000}) {
		t.Error(from)
	}
	if _, err := w.hosts[0].SendTo(a, make([]byte, 65508), to); err != tcp.EMSGSIZE {
		t.Error(err)
	}
	if n := w.hosts[1].Counters; n.IP.ReasmOKs != 1 || n.IP.ReasmReqds != 45 {
		t.Errorf("%+v", n)
	}
	w.nothingHeld()
}

// A large ping is answered in fragments too.
func TestFragmentsOfEcho(t *testing.T) {
	w := two(t)
	fd, _ := w.hosts[0].Socket(SockICMP)
	w.send(0, fd, tcp.Endpoint{Addr: ends[1].Addr, Port: 1}, 4000)
	w.wait(second)
	b := make([]byte, 5000)
	if n, _, _, err := w.hosts[0].RecvFrom(fd, b); n != 4008 || err != 0 {
		t.Errorf("%d bytes, %s", n, err.Name())
	}
}

// Of a packet that never becomes whole the sender hears, if its first fragment
// came (RFC 1122 §3.3.2).
func TestReassemblyTimeout(t *testing.T) {
	for lost, says := range []bool{false, true} {
		w := two(t)
		a := w.udp(0, 1000)
		w.udp(1, 7)
		to := tcp.Endpoint{Addr: ends[1].Addr, Port: 7}
		w.hosts[0].Connect(a, to)
		w.send(0, a, to, 10)
		w.wait(second)
		n := 0
		w.drop = func(from int, b []byte) bool {
			n++
			return n == lost+1
		}
		w.sent = nil
		w.send(0, a, to, 2000)
		w.wait(29_990_000_000)
		w.saw("A fragment 0+1480 of 17", "A fragment 1480+528 of 17")
		w.wait(second)
		want := tcp.Errno(0)
		if says {
			want = tcp.EHOSTUNREACH
			w.saw("B icmp 11/1 to 10.0.0.1")
			if e, ok := w.hosts[0].lastError(a); !ok || e.From != ends[1].Addr || e.Type != wire.ICMPTimeExceeded || e.Code != wire.CodeReassembly {
				t.Errorf("%+v", e)
			}
		} else {
			w.saw()
		}
		if s := w.hosts[0].Sockets[a]; s.Err != want {
			t.Errorf("fragment %d lost: the program reads %v", lost, s.Err)
		}
		if c := w.hosts[1].Counters; c.IP.ReasmTimeout != 1 || c.IP.ReasmFails != 1 {
			t.Errorf("%+v", c)
		}
	}
}

// Fragments take no more memory than they may.
func TestReassemblyMemory(t *testing.T) {
	w := two(t)
	h := w.hosts[1]
	h.IP.FragHighBytes = 10_000
	for id := range 100 {
		frame := w.pool.New(wire.EthernetLen + wire.IPv4Len + 1480)
		b := w.pool.Data(frame)
		wire.PutEthernet(b, h.Ifaces[0].MAC, wire.MAC{2}, wire.TypeIPv4)
		hdr := wire.IPv4Header{Src: ends[0].Addr, Dst: ends[1].Addr, Length: 1500, ID: uint16(id), Flags: wire.IPv4MF, TTL: 1, Protocol: wire.ProtoUDP}
		hdr.Put(b[wire.EthernetLen:])
		h.HandleFrame(0, 0, frame)
	}
	if n, _ := w.pool.Live(); n > 8 {
		t.Errorf("%d fragments are kept", n)
	}
	w.wait(60 * second)
	if n, _ := w.pool.Live(); n != 0 || len(h.Partial) != 0 {
		t.Errorf("%d fragments are kept for ever", n)
	}
}
