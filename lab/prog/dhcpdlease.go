package prog

import (
	"slices"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Which addresses dhcpd gives away, and how it sees that nobody has them.

// Check is an address that is asked for with an ICMP echo request before a client gets an offer of it (RFC 2131 §2.2,
// §4.3.1).
type Check struct {
	MAC       wire.MAC
	XID       uint32
	Broadcast bool
	Requested wire.Addr
	Addr      wire.Addr
	SentAt    int64
}

// dhcpOffer offers an address to a client that has discovered the server: at once the one that it has, any other when
// nobody has answered for it.
func (s *Sys) dhcpOffer(p *Proc, a *dhcpdArgs, c *Check) {
	d := &p.DHCPD[0]
	if slices.ContainsFunc(d.Checks, func(o Check) bool { return o.MAC == c.MAC }) {
		return // it asks again too soon
	}
	l := s.lease(d, a, c.MAC, c.Requested)
	if l == nil {
		s.printf(StyleError, "DHCPDISCOVER from %s via %s: no free leases", c.MAC, a.iface)
		return
	}
	checked := l.Until > s.Now
	l.Until = max(l.Until, s.Now+offerHoldNs)
	if c.Addr, c.SentAt = l.Addr, s.Now; checked || len(d.Checks) >= maxChecks {
		s.dhcpOffered(p, a, c)
		return
	}
	d.Checks = append(d.Checks, *c)
	p.Line = 5
	s.SendTo(d.Ping, make([]byte, 28), tcp.Endpoint{Addr: c.Addr, Port: 0})
	p.Line = 3
}

func (s *Sys) dhcpOffered(p *Proc, a *dhcpdArgs, c *Check) {
	dev, _ := s.device(a.iface)
	s.dhcpReply(p, a, c.MAC, &dhcpMessage{reply: true, typ: wire.DHCPOffer, xid: c.XID, mac: c.MAC, broadcast: c.Broadcast, server: s.Ifaces[dev].Addr, yiaddr: c.Addr})
}

// dhcpChecks hears who answers echo requests, and offers what nobody answered for in a second.
func (s *Sys) dhcpChecks(p *Proc, a *dhcpdArgs) {
	d := &p.DHCPD[0]
	for {
		_, from, _, err := s.RecvFrom(d.Ping, s.scratch[:1500])
		if err == tcp.EAGAIN {
			break
		}
		if err == 0 {
			s.dhcpTaken(p, a, from.Addr)
		}
	}
	for len(d.Checks) > 0 && d.Checks[0].SentAt+pingWaitNs <= s.Now {
		c := d.Checks[0]
		if s.answersARP(a.iface, &c) {
			s.dhcpTaken(p, a, c.Addr)
			continue
		}
		d.Checks = slices.Delete(d.Checks, 0, 1)
		s.dhcpOffered(p, a, &c)
	}
	if p.WakeAt = tcp.Never; len(d.Checks) > 0 {
		p.WakeAt = d.Checks[0].SentAt + pingWaitNs
	}
}

// answersARP reports whether a host other than the client has answered ARP for the address since the check began. Such a host
// may ignore echo requests.
func (s *Sys) answersARP(name string, c *Check) bool {
	dev, _ := s.device(name)
	mac, at, ok := s.NeighborOf(dev, c.Addr)
	return ok && at >= c.SentAt && mac != c.MAC
}

// dhcpTaken marks an address as in use, and offers the client another one.
func (s *Sys) dhcpTaken(p *Proc, a *dhcpdArgs, addr wire.Addr) {
	d := &p.DHCPD[0]
	i := slices.IndexFunc(d.Checks, func(c Check) bool { return c.Addr == addr })
	if i < 0 {
		return
	}
	c := d.Checks[i]
	d.Checks = slices.Delete(d.Checks, i, i+1)
	s.printf(StyleOut, "Abandoning IP address %s: pinged before offer", addr)
	d.abandon(s.Now, addr, c.MAC)
	s.dhcpOffer(p, a, &c)
}

// abandon keeps an address that its client did not get for nobody, for a day.
func (d *DHCPD) abandon(now int64, addr wire.Addr, client wire.MAC) {
	for i := range d.Leases {
		if l := &d.Leases[i]; l.Addr == addr && l.MAC == client {
			l.MAC, l.Until = wire.MAC{}, now+abandonNs
		}
	}
}

// lease returns the line of a client: the one it has, the one it wants, or the first that is free. Addresses of the
// server, of the router and of the name server never are.
func (s *Sys) lease(d *DHCPD, a *dhcpdArgs, mac wire.MAC, wanted wire.Addr) *Lease {
	for i := range d.Leases {
		if d.Leases[i].MAC == mac {
			return &d.Leases[i]
		}
	}
	free := func(addr wire.Addr) bool {
		if s.Owns(addr) || addr == a.router || addr == a.names {
			return false
		}
		for i := range d.Leases {
			if d.Leases[i].Addr == addr {
				return d.Leases[i].Until <= s.Now
			}
		}
		return true
	}
	choose := wire.Addr{}
	if w := wanted.As4(); wanted.Is4() && w >= a.first.As4() && w <= a.last.As4() && free(wanted) {
		choose = wanted
	}
	for n := a.first.As4(); choose.IsZero() && n <= a.last.As4(); n++ {
		if free(wire.From4(n)) {
			choose = wire.From4(n)
		}
	}
	if choose.IsZero() {
		return nil
	}
	for i := range d.Leases {
		if d.Leases[i].Addr == choose {
			d.Leases[i] = Lease{MAC: mac, Addr: choose}
			return &d.Leases[i]
		}
	}
	d.Leases = append(d.Leases, Lease{MAC: mac, Addr: choose})
	return &d.Leases[len(d.Leases)-1]
}
