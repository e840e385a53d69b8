package prog

import (
	"errors"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// DHClient is the variables of dhclient, with the names of RFC 2131 §4.4.
type DHClient struct {
	State                     uint8
	Tries                     uint8
	XID                       uint32
	Addr, Server, Router, DNS wire.Addr
	Prefix                    uint8
	LeaseSec                  uint32
	RetryAt                   int64
	T1, T2, Expires           int64
}

// States of a client (RFC 2131 §4.4, figure 5).
const (
	dhcpSelecting uint8 = iota
	dhcpRequesting
	dhcpProbing // it has an address, and asks whether somebody else has it, too
	dhcpBound
	dhcpRenewing
	dhcpRebinding
)

const dhcpFirstRetryNs int64 = 4_000_000_000 // doubled up to 64 s (RFC 2131 §4.1)

const (
	probeWaitNs   = 1_000_000_000
	declineWaitNs = 10_000_000_000 // before it asks for another address (RFC 2131 §3.1.5)
)

var dhclientSource = []string{
	`fd = socket(AF_INET, SOCK_DGRAM, 0);  // bound to one interface, port 68`,
	`sendto(fd, DHCPDISCOVER, n, 0, 255.255.255.255, len);`,
	`recv(fd, DHCPOFFER, n, 0);`,
	`sendto(fd, DHCPREQUEST, n, 0, 255.255.255.255, len);`,
	`recv(fd, DHCPACK, n, 0);`,
	`sleep(renewal);  // then ask the server for more time`,
}

func parseDHClient(args []string) (o options, err error) {
	o, err = getopt(args, "vr1")
	if err == nil && len(o.rest) > 1 {
		err = errors.New("one interface is enough")
	}
	if len(o.rest) == 0 {
		o.rest = []string{"eth0"}
	}
	return o, err
}

func stepDHClient(s *Sys, p *Proc) bool {
	o, _ := parseDHClient(p.Args)
	dev, err := s.device(o.rest[0])
	if err != nil {
		s.printf(StyleError, "%s", err.Error())
		s.exit()
		return false
	}
	if o.on['r'] {
		s.dhcpRelease(o.rest[0], dev)
		s.exit()
		return false
	}
	if p.Line == 1 {
		p.FD, _ = s.Socket(stack.SockUDP)
		s.BindToDevice(p.FD, dev)
		s.SetSockopt(p.FD, "SO_BROADCAST", 1)
		if err := s.Bind(p.FD, tcp.Endpoint{Port: wire.DHCPClientPort}); err != 0 {
			s.printf(StyleError, "dhclient: %s: another one is running", err.Error())
			s.exit()
			return false
		}
		p.DHClient = []DHClient{{XID: uint32(s.random(p))<<16 | uint32(p.PID)}}
		p.Line = 2
	}
	d := &p.DHClient[0]
	for {
		b := s.scratch[:1500]
		n, _, _, err := s.RecvFrom(p.FD, b)
		if err == tcp.EAGAIN {
			break
		}
		if m, ok := parseDHCP(b[:n]); err == 0 && ok && m.reply && m.xid == d.XID {
			s.dhcpHear(p, dev, &m)
		}
	}
	s.dhcpTime(p, dev)
	p.WakeAt = d.RetryAt
	return false
}

// dhcpTime does what is due.
func (s *Sys) dhcpTime(p *Proc, dev uint32) {
	d := &p.DHClient[0]
	if d.State >= dhcpBound && s.Now >= d.Expires {
		s.printf(StyleError, "the lease of %s has run out", d.Addr)
		s.dhcpForget(d, dev)
	}
	if s.Now < d.RetryAt {
		return
	}
	if d.State == dhcpProbing {
		s.dhcpProbed(p, dev)
		return
	}
	everybody := wire.From4(0xffffffff)
	m := dhcpMessage{xid: d.XID, mac: s.Ifaces[dev].MAC, broadcast: true, host: s.Name}
	to := everybody
	switch {
	case d.State == dhcpSelecting:
		m.typ, p.Line = wire.DHCPDiscover, 3
	case d.State == dhcpRequesting && d.Tries > 4: // the server is gone
		d.State, d.Tries = dhcpSelecting, 0
		s.dhcpTime(p, dev)
		return
	case d.State == dhcpRequesting:
		m.typ, m.requested, m.server, p.Line = wire.DHCPRequest, d.Addr, d.Server, 5
	default: // RFC 2131 §4.4.5
		if d.State == dhcpBound {
			d.State, d.Tries = dhcpRenewing, 0
		}
		if s.Now >= d.T2 {
			d.State = dhcpRebinding
		}
		m.typ, m.ciaddr, m.broadcast, p.Line = wire.DHCPRequest, d.Addr, false, 5
		if to = d.Server; d.State == dhcpRebinding {
			to = everybody
		}
	}
	s.dhcpSend(p, dev, &m, to)
	switch d.Tries++; d.State {
	case dhcpRenewing: // half of the time that is left, at least a minute
		d.RetryAt = min(s.Now+max((d.T2-s.Now)/2, 60_000_000_000), d.T2)
	case dhcpRebinding:
		d.RetryAt = min(s.Now+max((d.Expires-s.Now)/2, 60_000_000_000), d.Expires)
	default:
		d.RetryAt = s.Now + dhcpFirstRetryNs<<min(d.Tries-1, 4)
	}
	if d.RetryAt <= s.Now {
		d.RetryAt = d.Expires
	}
}

func (s *Sys) dhcpSend(p *Proc, dev uint32, m *dhcpMessage, to wire.Addr) {
	name := s.Ifaces[dev].Name
	if m.typ == wire.DHCPDiscover {
		s.printf(StyleOut, "DHCPDISCOVER on %s to %s port 67 interval %d", name, to, dhcpFirstRetryNs<<min(p.DHClient[0].Tries, 4)/1_000_000_000)
	} else {
		s.printf(StyleOut, "%s for %s on %s to %s port 67", dhcpNames[m.typ], p.DHClient[0].Addr, name, to)
	}
	if _, err := s.SendTo(p.FD, m.put(), tcp.Endpoint{Addr: to, Port: wire.DHCPServerPort}); err != 0 {
		s.printf(StyleError, "send_packet: %s", err.Error())
	}
}

// dhcpHear takes a server's message (RFC 2131 §4.4.1).
func (s *Sys) dhcpHear(p *Proc, dev uint32, m *dhcpMessage) {
	d := &p.DHClient[0]
	switch {
	case m.typ == wire.DHCPOffer && d.State == dhcpSelecting && !m.yiaddr.IsZero():
		s.printf(StyleOut, "DHCPOFFER of %s from %s", m.yiaddr, m.server)
		d.State, d.Tries, d.RetryAt, d.Addr, d.Server, p.Line = dhcpRequesting, 0, s.Now, m.yiaddr, m.server, 4
	case m.typ == wire.DHCPNak && d.State != dhcpSelecting:
		s.printf(StyleError, "DHCPNAK from %s", m.server)
		s.dhcpForget(d, dev)
	case m.typ == wire.DHCPAck && (d.State == dhcpRequesting || d.State > dhcpBound) && m.leaseSec > 0:
		s.printf(StyleOut, "DHCPACK of %s from %s", m.yiaddr, m.server)
		d.LeaseSec = m.leaseSec
		lease := int64(m.leaseSec) * 1_000_000_000
		d.T1, d.T2, d.Expires = s.Now+lease/2, s.Now+lease/8*7, s.Now+lease
		if d.State != dhcpRequesting {
			s.dhcpIsBound(p)
			return
		}
		d.Prefix, d.Router, d.DNS = m.prefix, m.router, m.names
		d.State, d.RetryAt = dhcpProbing, s.Now+probeWaitNs
		s.Probe4(dev, d.Addr)
	}
}

// dhcpProbed takes the address, unless somebody on the link has said that it is his (RFC 2131 §4.4.1).
func (s *Sys) dhcpProbed(p *Proc, dev uint32) {
	d := &p.DHClient[0]
	mac, _, taken := s.NeighborOf(dev, d.Addr)
	s.Unprobe4(dev, d.Addr)
	if !taken {
		s.dhcpConfigure(d, dev)
		s.dhcpIsBound(p)
		return
	}
	s.printf(StyleError, "dhclient: %s is in use by %s", d.Addr, mac)
	m := dhcpMessage{typ: wire.DHCPDecline, xid: d.XID, mac: s.Ifaces[dev].MAC, requested: d.Addr, server: d.Server}
	s.dhcpSend(p, dev, &m, wire.From4(0xffffffff))
	*d = DHClient{XID: d.XID + 1, RetryAt: s.Now + declineWaitNs}
}

func (s *Sys) dhcpIsBound(p *Proc) {
	d := &p.DHClient[0]
	d.State, d.RetryAt, p.Line, p.Background = dhcpBound, d.T1, 6, true
	s.printf(StyleOut, "bound to %s -- renewal in %d seconds.", d.Addr, d.LeaseSec/2)
}

func (s *Sys) dhcpConfigure(d *DHClient, dev uint32) {
	if old := s.Ifaces[dev].Addr; !old.IsZero() {
		s.RemoveAddr(dev, old)
	}
	if d.Prefix == 0 {
		d.Prefix = 24
	}
	s.SetAddr4(dev, d.Addr, d.Prefix)
	if !d.Router.IsZero() && !s.HasRoute(wire.From4(0), 0) {
		s.AddRoute(wire.From4(0), 0, d.Router)
	}
	if !d.DNS.IsZero() {
		s.Nameservers = []wire.Addr{d.DNS}
	}
}

// dhcpForget takes the address back, and begins anew.
func (s *Sys) dhcpForget(d *DHClient, dev uint32) {
	if d.State >= dhcpBound {
		s.RemoveAddr(dev, d.Addr)
	} else if d.State == dhcpProbing {
		s.Unprobe4(dev, d.Addr)
	}
	*d = DHClient{XID: d.XID + 1, RetryAt: s.Now}
}

// dhcpRelease is dhclient -r: it ends the one that runs, and gives its address back.
func (s *Sys) dhcpRelease(name string, dev uint32) {
	for i := range s.machine.Procs {
		p := &s.machine.Procs[i]
		if p.Done || len(p.DHClient) == 0 || p.DHClient[0].State < dhcpBound {
			continue
		}
		if o, _ := parseDHClient(p.Args); o.rest[0] != name {
			continue
		}
		d := &p.DHClient[0]
		m := dhcpMessage{typ: wire.DHCPRelease, xid: d.XID, mac: s.Ifaces[dev].MAC, ciaddr: d.Addr, server: d.Server}
		s.dhcpSend(p, dev, &m, d.Server)
		s.RemoveAddr(dev, d.Addr)
		p.Stop, p.WakeAt = true, s.Now
		return
	}
	s.printf(StyleError, "dhclient: no lease is held on %s", name)
}
