package stack

import (
	"testing"

	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Networks of one or two hosts have no broadcast address (RFC 3021 §2.1).
func TestDirectedBroadcast(t *testing.T) {
	addr := wire.V4(10, 1, 2, 77)
	for prefix, want := range map[uint8]wire.Addr{
		0:  wire.V4(255, 255, 255, 255),
		8:  wire.V4(10, 255, 255, 255),
		23: wire.V4(10, 1, 3, 255),
		24: wire.V4(10, 1, 2, 255),
		30: wire.V4(10, 1, 2, 79),
		31: {},
		32: {},
	} {
		h := New(0, "A", 1, block.NewPool(), nil, &event.Log{})
		h.AddIface("eth0", addr, prefix)
		nearby := []wire.Addr{want, wire.From4(0xffffffff), wire.V4(11, 1, 2, 76), wire.V4(10, 1, 3, 76)}
		for last := range 256 {
			nearby = append(nearby, wire.V4(10, 1, 2, byte(last)))
		}
		for _, a := range nearby {
			local := a == addr || a == want && !a.IsZero() || a.IsBroadcast()
			if got := h.isLocal(a); got != local {
				t.Errorf("10.1.2.77/%d: isLocal(%v) = %v", prefix, a, got)
			}
		}
	}
}

func TestAddRoute(t *testing.T) {
	h := New(0, "A", 1, block.NewPool(), nil, &event.Log{})
	h.AddIface("eth0", wire.V4(10, 0, 0, 1), 24)
	h.AddIface("eth1", wire.V4(10, 0, 1, 1), 24)
	gateway := wire.V4(10, 0, 1, 254)
	for _, c := range []struct {
		dst    wire.Addr
		prefix uint8
		via    wire.Addr
		want   tcp.Errno
	}{
		{wire.V4(10, 9, 0, 0), 33, gateway, tcp.EINVAL},
		{wire.Addr{0: 0x20}, 8, gateway, tcp.EINVAL},
		{wire.Addr{}, 8, gateway, tcp.EINVAL},
		{wire.V4(10, 9, 0, 0), 16, wire.V4(10, 8, 0, 1), tcp.ENETUNREACH},
		{wire.V4(10, 9, 0, 0), 16, wire.Addr{}, tcp.ENETUNREACH},
		{wire.Addr{}, 0, gateway, 0},
		{wire.V4(10, 9, 0, 0), 16, wire.V4(10, 8, 0, 1), tcp.ENETUNREACH}, // the gateway must be a neighbour
	} {
		if got := h.AddRoute(c.dst, c.prefix, c.via); got != c.want {
			t.Errorf("%v/%d via %v: %v, want %v", c.dst, c.prefix, c.via, got, c.want)
		}
	}
	if r, ok := h.route(wire.V4(192, 0, 2, 1)); !ok || r.Via != gateway || r.Iface != 1 {
		t.Errorf("the default route leads to %+v", r)
	}
}

// What is remembered of a destination never differs from what routes and
// interfaces say, however many destinations there are.
func TestWays(t *testing.T) {
	h := New(0, "A", 1, block.NewPool(), nil, &event.Log{})
	h.AddIface("eth0", wire.V4(10, 0, 0, 1), 24)
	far := wire.V4(10, 9, 0, 1)
	if w := h.way(far); w.reachable {
		t.Errorf("%+v before there is a route", *w)
	}
	h.AddRoute(wire.Addr{}, 0, wire.V4(10, 0, 0, 254))
	if w := h.way(far); !w.reachable || w.hop != wire.V4(10, 0, 0, 254) || w.local {
		t.Errorf("%+v behind the default route", *w)
	}
	h.AddIface("eth1", far, 16)
	if w := h.way(far); !w.local || w.hop != far || w.iface != 1 {
		t.Errorf("%+v on an interface", *w)
	}
	everybody := wire.From4(0xffffffff)
	for _, dst := range []wire.Addr{everybody, wire.V4(10, 0, 0, 255), wire.V4(10, 9, 255, 255)} {
		if w := h.way(dst); w.hop != everybody || !w.local {
			t.Errorf("%+v", *w)
		}
	}
	for i := range uint32(3 * maxWays) {
		dst := wire.From4(i*0x10001 + 0x0a000000)
		if got, want := *h.way(dst), h.findWay(dst); got != want {
			t.Fatalf("%+v, want %+v", got, want)
		}
	}
	if len(h.ways.table) > maxWays {
		t.Errorf("%d ways are remembered", len(h.ways.table))
	}
}
