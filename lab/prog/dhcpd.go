package prog

import (
	"errors"
	"fmt"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// DHCPD is the variables of dhcpd.
type DHCPD struct {
	Ping   int32 // a socket to ask addresses whether they are in use
	Leases []Lease
	Checks []Check
}

// Lease is an address that somebody has, or was offered. One without a MAC was found to be in use.
type Lease struct {
	MAC   wire.MAC
	Addr  wire.Addr
	Until int64
}

const (
	maxLeases   = 1024
	maxChecks   = 64
	offerHoldNs = 60_000_000_000
	pingWaitNs  = 1_000_000_000      // ISC dhcpd's ping-timeout
	abandonNs   = 86_400_000_000_000 // its abandon-lease-time
)

var dhcpdSource = []string{
	`fd = socket(AF_INET, SOCK_DGRAM, 0);`,
	`bind(fd, INADDR_ANY, 67);  // on one interface`,
	`n = recvfrom(fd, request, sizeof request, 0, &peer, &len);`,
	`sendto(fd, reply, n, 0, &client, len);  // an offer, or an acknowledgment`,
	`sendto(ping, echo, n, 0, &address, len);  // before an offer: does anybody have it?`,
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
			s.SetSockopt(p.FD, "SO_BROADCAST", 1)
		}
		return ok
	}
	if len(p.DHCPD) == 0 {
		ping, _ := s.Socket(stack.SockICMP)
		p.Files = append(p.Files, ping)
		p.DHCPD = []DHCPD{{Ping: ping}}
	}
	s.dhcpChecks(p, &a)
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
		s.dhcpOffer(p, a, &Check{MAC: m.mac, XID: m.xid, Broadcast: m.broadcast, Requested: m.requested})
		return
	case wire.DHCPRequest:
		wanted := m.requested
		if wanted.IsZero() {
			wanted = m.ciaddr
		}
		if !m.server.IsZero() && m.server != f.Addr {
			return // another server was chosen
		}
		s.printf(StyleOut, "DHCPREQUEST for %s from %s via %s", wanted, m.mac, f.Name)
		l := s.lease(d, a, m.mac, wanted)
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
	case wire.DHCPDecline:
		if m.server == f.Addr {
			s.printf(StyleOut, "DHCPDECLINE of %s from %s via %s: abandoned", m.requested, m.mac, f.Name)
			d.abandon(s.Now, m.requested, m.mac)
		}
		return
	default:
		return
	}
	s.dhcpReply(p, a, m.mac, &reply)
}

// dhcpReply sends an offer, an acknowledgment or a refusal.
func (s *Sys) dhcpReply(p *Proc, a *dhcpdArgs, mac wire.MAC, reply *dhcpMessage) {
	dev, _ := s.device(a.iface)
	f := &s.Ifaces[dev]
	to := tcp.Endpoint{Addr: wire.From4(0xffffffff), Port: wire.DHCPClientPort}
	if reply.typ != wire.DHCPNak {
		reply.prefix, reply.router, reply.names, reply.leaseSec = f.Prefix, a.router, a.names, a.leaseSec
		if !reply.ciaddr.IsZero() {
			to.Addr = reply.ciaddr
		}
	}
	s.printf(StyleOut, "%s on %s to %s via %s", dhcpNames[reply.typ], reply.yiaddr, mac, f.Name)
	p.Line = 4
	s.SendTo(p.FD, reply.put(), to)
	p.Line = 3
}
