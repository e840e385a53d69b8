package stack

import (
	"slices"

	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// IfStats count the frames of an interface, as `ip -s link` shows them.
type IfStats struct {
	RxPackets, RxBytes, RxMulticast uint64
	TxPackets, TxBytes              uint64
}

// SetUp switches an interface on or off, as `ip link set up` and `down` do. Off, it sends and receives nothing, and its routes,
// IPv6 addresses and neighbours are forgotten; on again, it gets the route to its own IPv4 network and a link-local address
// (Linux's fib_disable_ip, addrconf_ifdown and neigh_ifdown). Its IPv4 address stays, and the host itself still reaches it.
func (h *Host) SetUp(iface uint32, up bool) tcp.Errno {
	if int(iface) >= len(h.Ifaces) {
		return tcp.ENODEV
	}
	f := &h.Ifaces[iface]
	if f.Down != up {
		return 0
	}
	f.Down = !up
	if up {
		h.forgetWays()
		if !f.Addr.IsZero() {
			h.Routes = append(h.Routes, Route{Dst: f.Addr, Prefix: f.Prefix, Iface: iface})
		}
		if h.IP.IPv6 {
			h.beginIPv6(iface)
		}
		h.scheduleChores()
		return 0
	}
	h.dropRoutes(func(r *Route) bool { return r.Iface == iface })
	f.Addrs, f.Auto, f.MTU6 = nil, idleAutoConf, 0
	for i := range h.Neighbors {
		for _, p := range h.Neighbors[i].Pending {
			if h.Neighbors[i].Iface == iface {
				h.pool.Release(p.Frame)
			}
		}
	}
	h.Neighbors = slices.DeleteFunc(h.Neighbors, func(n Neighbor) bool { return n.Iface == iface })
	h.countDoubts()
	h.forgetWays()
	h.scheduleChores()
	return 0
}

// transmit hands a frame, and its hold, to the network, unless the interface is down.
func (h *Host) transmit(iface uint32, frame block.Handle, why event.Why) {
	f := &h.Ifaces[iface]
	if f.Down {
		h.pool.Release(frame)
		return
	}
	f.Stats.TxPackets++
	f.Stats.TxBytes += uint64(len(h.pool.Data(frame)))
	h.net.Transmit(h.ID, iface, frame, why)
}

// received counts a frame that arrived; false if the interface is down.
func (f *Iface) received(to wire.MAC, bytes int) bool {
	if f.Down {
		return false
	}
	f.Stats.RxPackets++
	f.Stats.RxBytes += uint64(bytes)
	if to[0]&1 != 0 && to != wire.Broadcast {
		f.Stats.RxMulticast++
	}
	return true
}
