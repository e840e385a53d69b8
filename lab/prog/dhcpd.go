package prog

import (
	"errors"
	"fmt"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// DHCPD is the variables of dhcpd.
type DHCPD struct{ Leases []Lease }

// Lease is an address that somebody has, or was offered.
type Lease struct {
	MAC   wire.MAC
	Addr  wire.Addr
	Until int64
}

const (
	maxLeases   = 1024
	offerHoldNs = 60_000_000_000
)

var dhcpdSource = []string{
	`fd = socket(AF_INET, SOCK_DGRAM, 0);`,
	`bind(fd, INADDR_ANY, 67);  // on one interface`,
	`n = recvfrom(fd, request, sizeof request, 0, &peer, &len);`,
	`sendto(fd, reply, n, 0, &client, len);  // an offer, or an acknowledgment`,
}

type dhcpdArgs struct {
	iface         string
	first, last   wire.Addr
	router, names wire.Addr
	leaseSec      uint32
}

func parseDHCPD(args []string) (a dhcpdArgs, err error) {
	o, err := getopt(args, "i:l:r:d:")
	if err != nil {
		return a, err
	}
	lease, err := o.number('l', 10, 1<<31-1, 600)
	if err != nil {
		return a, err
	}
	a.iface, a.leaseSec = "eth0", uint32(lease)
	if o.on['i'] {
		a.iface = o.val['i']
	}
	if len(o.rest) != 2 {
		return a, errors.New("the first and the last address to give away are needed")
	}
	for _, f := range []struct {
		text string
		to   *wire.Addr
	}{{o.rest[0], &a.first}, {o.rest[1], &a.last}, {o.val['r'], &a.router}, {o.val['d'], &a.names}} {
		if f.text == "" {
			continue
		}
		if *f.to, err = wire.ParseAddr(f.text); err != nil || !f.to.Is4() {
			return a, fmt.Errorf("%q is not an IPv4 address", f.text)
		}
	}
	if a.first.As4() > a.last.As4() || a.last.As4()-a.first.As4() >= maxLeases {
		return a, fmt.Errorf("from the first to the last there are 1 to %d addresses", maxLeases)
	}
	return a, nil
}

func stepDHCPD(s *Sys, p *Proc) bool {
	a, _ := parseDHCPD(p.Args)
	if p.Line < 3 {
		dev, err := s.device(a.iface)
		if err != nil {
			s.printf(StyleError, "%s", err.Error())
			s.exit()
			return false
		}
		ok := s.bindUDP(p, wire.DHCPServerPort, 3)
		if ok && p.Line == 2 {
			s.BindToDevice(p.FD, dev)
		}
		return ok
	}
	if len(p.DHCPD) == 0 {
		p.DHCPD = []DHCPD{{}}
	}
	b := s.scratch[:1500]
	n, _, _, err := s.RecvFrom(p.FD, b)
	if err == tcp.EAGAIN {
		return false
	}
	if m, ok := parseDHCP(b[:n]); err == 0 && ok && !m.reply {
		s.dhcpAnswer(p, &a, &m)
	}
	return true
}

// dhcpAnswer does what a server does with a message (RFC 2131 §4.3).
func (s *Sys) dhcpAnswer(p *Proc, a *dhcpdArgs, m *dhcpMessage) {
	dev, _ := s.device(a.iface)
	f := &s.Ifaces[dev]
	reply := dhcpMessage{reply: true, xid: m.xid, mac: m.mac, ciaddr: m.ciaddr, broadcast: m.broadcast, server: f.Addr}
	d := &p.DHCPD[0]
	switch m.typ {
	case wire.DHCPDiscover:
		s.printf(StyleOut, "DHCPDISCOVER from %s via %s", m.mac, f.Name)
		l := d.lease(s.Now, a, m.mac, m.requested)
		if l == nil {
			s.printf(StyleError, "DHCPDISCOVER from %s via %s: no free leases", m.mac, f.Name)
			return
		}
		l.Until = max(l.Until, s.Now+offerHoldNs)
		reply.typ, reply.yiaddr = wire.DHCPOffer, l.Addr
	case wire.DHCPRequest:
		wanted := m.requested
		if wanted.IsZero() {
			wanted = m.ciaddr
		}
		if !m.server.IsZero() && m.server != f.Addr {
			return // another server was chosen
		}
		s.printf(StyleOut, "DHCPREQUEST for %s from %s via %s", wanted, m.mac, f.Name)
		l := d.lease(s.Now, a, m.mac, wanted)
		if reply.typ = wire.DHCPNak; l != nil && l.Addr == wanted {
			reply.typ, reply.yiaddr = wire.DHCPAck, l.Addr
			l.Until = s.Now + int64(a.leaseSec)*1_000_000_000
		}
	case wire.DHCPRelease:
		s.printf(StyleOut, "DHCPRELEASE of %s from %s via %s", m.ciaddr, m.mac, f.Name)
		for i := range d.Leases {
			if d.Leases[i].MAC == m.mac {
				d.Leases[i].Until = s.Now
			}
		}
		return
	default:
		return
	}
	to := tcp.Endpoint{Addr: wire.From4(0xffffffff), Port: wire.DHCPClientPort}
	if reply.typ != wire.DHCPNak {
		reply.prefix, reply.router, reply.names, reply.leaseSec = f.Prefix, a.router, a.names, a.leaseSec
		if !m.ciaddr.IsZero() {
			to.Addr = m.ciaddr
		}
	}
	s.printf(StyleOut, "%s on %s to %s via %s", dhcpNames[reply.typ], reply.yiaddr, m.mac, f.Name)
	p.Line = 4
	s.SendTo(p.FD, reply.put(), to)
	p.Line = 3
}

// lease returns the line of a client: the one it has, the one it wants, or the first that is free.
func (d *DHCPD) lease(now int64, a *dhcpdArgs, mac wire.MAC, wanted wire.Addr) *Lease {
	for i := range d.Leases {
		if d.Leases[i].MAC == mac {
			return &d.Leases[i]
		}
	}
	free := func(addr wire.Addr) bool {
		for i := range d.Leases {
			if d.Leases[i].Addr == addr {
				return d.Leases[i].Until <= now
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
