package stack

import (
	"slices"
	"testing"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// labelsSent runs a connection over IPv6 of which the first segments that A sends are lost, and returns
// the flow labels of A's segments.
func labelsSent(t *testing.T, setting string, lose int) (labels []uint32) {
	w := two6(t)
	w.wait(3 * second)
	for _, h := range w.hosts {
		if err := h.SetSysctl("net.ipv6.auto_flowlabels", setting); err != nil {
			t.Fatal(err)
		}
	}
	w.drop = func(from int, frame []byte) bool {
		p, ok := wire.ParseIPv6(wire.Ethernet(frame).Payload())
		if !ok || p.NextHeader() != wire.ProtoTCP || from != 0 {
			return false
		}
		labels = append(labels, p.FlowLabel())
		return len(labels) <= lose
	}
	l, _ := w.hosts[1].Socket(SockTCP)
	w.hosts[1].Bind(l, tcp.Endpoint{Port: 80})
	w.hosts[1].Listen(l, 5)
	fd, _ := w.hosts[0].Socket(SockTCP)
	w.hosts[0].Begin(w.now, 1)
	w.hosts[0].Connect(fd, tcp.Endpoint{Addr: ends6[1].Addr, Port: 80})
	w.wait(4 * second)
	w.hosts[0].Begin(w.now, 2)
	w.hosts[0].Write(fd, make([]byte, 3000))
	w.wait(second)
	return labels
}

// A connection keeps its flow label until a timeout, as seen on Linux 6.18 (RFC 6437 §3; sk_rethink_txhash).
func TestFlowLabels(t *testing.T) {
	whole := labelsSent(t, "1", 0)
	if len(whole) < 4 || whole[0] == 0 || len(slices.Compact(slices.Clone(whole))) != 1 {
		t.Errorf("%x", whole)
	}
	if again := labelsSent(t, "3", 0); !slices.Equal(again, whole) {
		t.Errorf("the same connection has %x, then %x", whole, again)
	}
	lost := labelsSent(t, "1", 2) // two SYNs
	if len(lost) < 4 || lost[0] == lost[1] || lost[1] == lost[2] || lost[2] != lost[3] {
		t.Errorf("%x", lost)
	}
	for _, off := range []string{"0", "2"} {
		if none := labelsSent(t, off, 0); len(none) < 4 || slices.Max(none) != 0 {
			t.Errorf("%x", none)
		}
	}
}

// Resets that no connection sends, and datagrams, have the label of their flow.
func TestFlowLabelsOfPackets(t *testing.T) {
	h := two6(t).hosts[0]
	a, b, c := tcp.Endpoint{Addr: ends6[0].Addr, Port: 1}, tcp.Endpoint{Addr: ends6[1].Addr, Port: 2}, tcp.Endpoint{Addr: ends6[1].Addr, Port: 3}
	one := h.packetLabel(&a, &b, wire.ProtoUDP)
	if one == 0 || one>>20 != 0 || one != h.packetLabel(&a, &b, wire.ProtoUDP) || one == h.packetLabel(&a, &c, wire.ProtoUDP) ||
		one == h.packetLabel(&a, &b, wire.ProtoTCP) {
		t.Error("labels do not tell flows apart")
	}
	if h.packetLabel(&a, &tcp.Endpoint{Addr: wire.V4(1, 2, 3, 4)}, wire.ProtoUDP) != 0 {
		t.Error("IPv4 has none")
	}
}
