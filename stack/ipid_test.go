package stack

import (
	"testing"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Each connection counts the identifications of its segments, from anywhere, a retransmission among them; the SYN-ACK has none (Linux's ip_select_ident).
func TestSegmentsAreCountedPerConnection(t *testing.T) {
	w := routed(t, 1500)
	idents, dropped := map[uint16][]uint16{}, false // by the client's port
	w.drop = func(from int, frame []byte) bool {
		ip := wire.IPv4(frame[wire.EthernetLen:])
		if wire.Ethernet(frame).Type() != wire.TypeIPv4 || ip.Protocol() != wire.ProtoTCP {
			return false
		}
		seg := wire.TCP(ip.Payload())
		switch {
		case from == 2 && seg.Flags()&wire.SYN != 0 && ip.ID() != 0:
			t.Errorf("the SYN-ACK has the identification %d", ip.ID())
		case from == 0:
			idents[seg.SrcPort()] = append(idents[seg.SrcPort()], ip.ID())
			if len(seg.Payload()) > 0 && !dropped {
				dropped = true
				return true
			}
		}
		return false
	}
	a, b := w.hosts[0], w.hosts[2]
	l, _ := b.Socket(SockTCP)
	b.Bind(l, tcp.Endpoint{Port: 7})
	b.Listen(l, 5)
	var fds []int32
	for range 2 {
		fd, _ := a.Socket(SockTCP)
		a.Connect(fd, tcp.Endpoint{Addr: wire.V4(10, 0, 1, 1), Port: 7})
		fds = append(fds, fd)
		w.wait(second)
	}
	for range 3 {
		for _, fd := range fds {
			a.Write(fd, []byte("hello"))
			w.wait(2 * second)
		}
	}
	if len(idents) != 2 || !dropped {
		t.Fatalf("%d connections; a segment was dropped: %v", len(idents), dropped)
	}
	var firsts []uint16
	for port, ids := range idents {
		firsts = append(firsts, ids[0])
		if len(ids) < 5 {
			t.Errorf("port %d sends %d segments", port, len(ids))
		}
		for i, id := range ids {
			if id != ids[0]+uint16(i) {
				t.Errorf("port %d: identifications %v", port, ids)
				break
			}
		}
	}
	if d := firsts[0] - firsts[1]; d < 20 || d > 65516 {
		t.Errorf("the connections begin at %v", firsts)
	}
}
