package drill

import (
	"wirelab/stack"
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// flow is a connection as the script sees it: its ends, and how the numbers of
// the script differ from those on the wire. The remote end speaks the script's
// numbers; those of the local end are shifted.
type flow struct {
	local, remote tcp.Endpoint
	proto         uint8
	fd            int32 // of the host, or -1

	localISN  uint32 // on the wire, once known
	scriptISN uint32 // in the script
	known     bool   // localISN is
	matched   bool   // a SYN of the script has met one on the wire
	remoteISN uint32
	greeted   bool   // remoteISN is known
	lastSYN   uint32 // number of the peer's last SYN, and its payload
	synLen    uint32
	newSYN    bool // a SYN with another number has arrived since

	tsMap   []tsPair
	tsFirst tsPair // by whose difference values that leave are compared
	tsSeen  bool
}

// tsPair is a timestamp of the script and the one on the wire that it stands for.
type tsPair struct{ script, live uint32 }

// cookie is a Fast Open cookie of the script and the one on the wire.
type cookie struct{ script, live string }

// captured is a packet that has left the host.
type captured struct {
	at   int64
	data []byte // from the IP header on
}

// Transmit takes the frames that the host sends.
func (r *runner) Transmit(_, _ uint32, frame block.Handle, _ event.Why) {
	eth := wire.Ethernet(r.pool.Data(frame))
	if t := eth.Type(); (t == wire.TypeIPv4 || t == wire.TypeIPv6) && !r.dropOutput {
		r.sent = append(r.sent, captured{r.now, append([]byte(nil), eth.Payload()...)})
	}
	r.pool.Release(frame)
}

// belongs reports whether a packet that left is of the flow.
func (f *flow) belongs(c captured) bool {
	p, ok := parseIP(c.data)
	if !ok || p.dst != f.remote.Addr {
		return false
	}
	if p.isICMP() {
		return true
	}
	if p.proto != f.proto || len(p.body) < 8 {
		return false
	}
	src, dst := uint16(p.body[0])<<8|uint16(p.body[1]), uint16(p.body[2])<<8|uint16(p.body[3])
	return p.src == f.local.Addr && src == f.local.Port && dst == f.remote.Port
}

// learn finds the initial sequence number that the local end chose, if its SYN
// has left.
func (r *runner) learn(f *flow) {
	for i := 0; i < len(r.sent) && !f.known; i++ {
		if !f.belongs(r.sent[i]) {
			continue
		}
		if t, ok := tcpOf(r.sent[i].data); ok && t.Flags()&wire.SYN != 0 {
			f.localISN, f.known = t.Seq(), true
		}
	}
}

// tcpOf returns the segment in an IP packet.
func tcpOf(data []byte) (wire.TCP, bool) {
	p, ok := parseIP(data)
	if !ok || p.proto != wire.ProtoTCP {
		return nil, false
	}
	return wire.ParseTCP(p.body)
}

// newFlow makes a flow the one under test.
func (r *runner) newFlow(local, remote tcp.Endpoint, proto uint8, fd int32) *flow {
	r.flow = &flow{local: local, remote: remote, proto: proto, fd: fd}
	r.flows = append(r.flows, r.flow)
	return r.flow
}

// flowFor returns the flow of a packet in the script: by its ports if it has
// some, else the one under test. A packet that arrives for none begins one,
// from the next remote port.
func (r *runner) flowFor(p *Packet, line int) (*flow, error) {
	proto := uint8(wire.ProtoTCP)
	if p.Proto == UDP {
		proto = wire.ProtoUDP
	}
	if p.Ports {
		local, remote := p.Src, p.Dst
		if p.In {
			local, remote = remote, local
		}
		for i := len(r.flows) - 1; i >= 0; i-- {
			if f := r.flows[i]; f.local.Port == local && f.remote.Port == remote {
				r.flow = f
				return f, nil
			}
		}
		return r.newFlow(tcp.Endpoint{Addr: r.set.localIP, Port: local}, tcp.Endpoint{Addr: r.set.remoteIP, Port: remote}, proto, -1), nil
	}
	if r.flow != nil {
		return r.flow, nil
	}
	if !p.In {
		return nil, cannot(line, "a packet that leaves before there is a connection")
	}
	local := r.set.bindPort
	if r.listenPort != 0 {
		local = r.listenPort
	}
	r.portNext++
	return r.newFlow(tcp.Endpoint{Addr: r.set.localIP, Port: local}, tcp.Endpoint{Addr: r.set.remoteIP, Port: r.portNext}, proto, -1), nil
}

// began is told that the host has opened a connection to somewhere on fd: the
// flow is then the one under test.
func (r *runner) began(fd int32, remote tcp.Endpoint) {
	proto := uint8(wire.ProtoTCP)
	s := &r.host.Sockets[fd]
	if s.Kind != stack.SockTCP {
		proto = wire.ProtoUDP
	}
	local := s.Local
	if local.Addr.IsZero() {
		local.Addr = r.set.localIP
	}
	for _, f := range r.flows {
		if f.local == local && f.remote == remote && f.fd == fd {
			return
		}
	}
	r.newFlow(local, remote, proto, fd)
}

// accepted ties a descriptor to the flow of the connection it names.
func (r *runner) accepted(fd int32, c *tcp.Conn) {
	for _, f := range r.flows {
		if f.local == c.Local && f.remote == c.Remote {
			f.fd = fd
			r.flow = f
		}
	}
}
