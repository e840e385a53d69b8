package stack

import (
	"testing"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// As on Linux 6.18 with a veth: switching an interface off removes its routes, IPv6 addresses and neighbours. Switching it
// on restores only the route to its own network and the link-local address.
func TestInterfaceDownAndUp(t *testing.T) {
	w := newNet(t, "A", "B")
	w.wire([]uint32{0, 1}, ends[0].Addr, ends[1].Addr)
	h, other := w.hosts[0], w.hosts[1]
	h.setIPv6(true)
	h.AddAddr6(0, wire.Addr{0: 0x20, 1: 1, 15: 1}, 64)
	if err := h.AddRoute(wire.V4(10, 9, 0, 0), 16, ends[1].Addr); err != 0 {
		t.Fatal(err)
	}
	h.SetNeighbor(0, ends[1].Addr, other.Ifaces[0].MAC)
	w.wait(5 * second)
	w.sent = nil
	if h.SetUp(0, false) != 0 || h.SetUp(0, false) != 0 || h.SetUp(9, false) != tcp.ENODEV {
		t.Error("SetUp")
	}
	if len(h.Routes) != 0 || len(h.Neighbors) != 0 || len(h.Ifaces[0].Addrs) != 0 || h.Ifaces[0].Addr != ends[0].Addr {
		t.Errorf("down: %+v %+v %+v", h.Routes, h.Neighbors, h.Ifaces[0])
	}
	for _, to := range []wire.Addr{ends[1].Addr, wire.V4(10, 9, 0, 1), wire.From4(0xffffffff), {0: 0xfe, 1: 0x80, 15: 9}} {
		if _, _, err := h.RouteTo(to); err != tcp.ENETUNREACH {
			t.Errorf("%v is reached: %v", to, err)
		}
	}
	if _, _, err := h.RouteTo(ends[0].Addr); err != 0 {
		t.Errorf("its own address: %v", err)
	}
	if h.AddRouteOn(wire.V4(10, 8, 0, 0), 16, 0) == 0 || h.AddRoute(wire.V4(10, 8, 0, 0), 16, ends[1].Addr) == 0 {
		t.Error("a route by an interface that is down")
	}
	before := h.Ifaces[0].Stats
	other.sendARP(0, wire.ARPRequest, ends[1].Addr, wire.MAC{}, ends[0].Addr, 0)
	w.wait(second)
	if len(w.sent) != 1 || h.Ifaces[0].Stats != before {
		t.Errorf("down, it answers: %v", w.sent)
	}
	h.SetUp(0, true)
	if len(h.Routes) != 1 || len(h.Ifaces[0].Addrs) != 1 || !h.Ifaces[0].Addrs[0].Addr.IsLinkLocal() {
		t.Errorf("up: %+v %+v", h.Routes, h.Ifaces[0].Addrs)
	}
	other.sendARP(0, wire.ARPRequest, ends[1].Addr, wire.MAC{}, ends[0].Addr, 0)
	w.wait(oneHop)
	if s := h.Ifaces[0].Stats; s.RxPackets != before.RxPackets+1 || s.RxBytes != before.RxBytes+42 || s.TxPackets == before.TxPackets {
		t.Errorf("up: %+v, and before %+v", s, before)
	}
}
