package drill

import (
	"fmt"
	"slices"

	"wirelab/stack/wire"
)

// seen is a packet that left, in the script's words.
type seen struct {
	Packet
	at  int64
	v6  bool
	bad string // what is wrong with it, whatever the script says
}

// expectPacket waits for the packet that an event asks for, and compares.
func (r *runner) expectPacket(e *Event, at, end int64) error {
	f, err := r.flowFor(e.Packet, e.Line)
	if err != nil {
		return err
	}
	if m := e.Packet.Error; m != nil {
		if _, _, err := m.numbers(f.v6()); err != nil {
			return cannot(e.Line, "%v", err)
		}
	}
	got, err := r.collect(e, f, end+outboundWait)
	if err != nil {
		return err
	}
	want := e.Packet
	f.meetSYN(want, got)
	if diff := r.compare(f, want, got); diff != "" {
		return failed(e.Line, want.String(), fmt.Sprintf("%s (%s)", got.text(want), diff))
	}
	r.matched(f, want, got)
	if e.When.Kind == AnyTime {
		return nil
	}
	return r.checkTime(e, got, at, end)
}

// checkTime compares when a packet left with when it was to.
func (r *runner) checkTime(e *Event, got *seen, at, end int64) error {
	late := r.tol
	if got.at > end+late && r.opts.Switches.AckDelay && got.isPureAck() && got.at <= end+second/2 {
		r.used("ack-delay")
		return nil
	}
	if got.at >= at-r.tol && got.at <= end+late {
		return nil
	}
	when := "at " + clock(at-r.start)
	if e.When.Range {
		when += " to " + clock(end-r.start)
	}
	return failed(e.Line, fmt.Sprintf("%s %s (within %d us)", e.Packet, when, r.tol/1000), "it at "+clock(got.at-r.start))
}

// nextPacket returns the next packet of a flow to leave, or nil if there is
// none until a time. Packets of other connections stay for whoever asks.
func (r *runner) nextPacket(f *flow, until int64) (*captured, error) {
	for seen := 0; ; {
		for ; seen < len(r.sent); seen++ {
			c := r.sent[seen]
			if !f.belongs(c) {
				continue
			}
			r.sent = slices.Delete(r.sent, seen, seen+1)
			if t, ok := tcpOf(c.data); ok && !f.known && t.Flags()&wire.SYN != 0 {
				f.localISN, f.known = t.Seq(), true
			}
			return &c, nil
		}
		if r.next() > until {
			return nil, nil
		}
		if err := r.step(); err != nil {
			return nil, err
		}
	}
}

// logUnasked logs what left the connection under test and nobody asked for.
func (r *runner) logUnasked() {
	if r.flow == nil || r.opts.Log == nil {
		return
	}
	for i := range r.sent {
		if c := &r.sent[i]; r.flow.belongs(*c) {
			r.logAt(c.at, "%s (nobody asked)", r.read(r.flow, c, &Packet{}).text(&Packet{HasWin: true}))
		}
	}
}

// collect takes packets until their payload is as long as the script's: what
// it writes as one segment may leave as several equal ones.
func (r *runner) collect(e *Event, f *flow, until int64) (*seen, error) {
	var all *seen
	first := uint32(0)
	for n := 0; n < maxSegments; n++ {
		c, err := r.nextPacket(f, until)
		if err != nil {
			return nil, err
		}
		if c == nil {
			got := "no packet"
			if all != nil {
				got = fmt.Sprintf("only %s", all.text(e.Packet))
			}
			return nil, failed(e.Line, e.Packet.String(), fmt.Sprintf("%s until %s", got, clock(until-r.start)))
		}
		piece := r.read(f, c, e.Packet)
		r.logAt(piece.at, "%s", piece.text(e.Packet))
		if all == nil && r.extraAcks > 0 && piece.isPureAck() && r.compare(f, e.Packet, piece) != "" {
			r.extraAcks--
			r.used("extra-ack")
			continue
		}
		if all == nil {
			all, first = piece, piece.Len
		} else if diff := all.join(piece, first); diff != "" {
			return nil, failed(e.Line, e.Packet.String(), fmt.Sprintf("%s, then %s (%s)", all.text(e.Packet), piece.text(e.Packet), diff))
		}
		elsewhere := !all.isSYN() && all.Seq != e.Packet.Seq // more of it would not help
		if r.set.strict || all.Proto != TCP || piece.Len == 0 || all.Len >= e.Packet.Len || elsewhere {
			return all, nil
		}
	}
	return nil, cannot(e.Line, "a packet in more than %d pieces", maxSegments)
}

// join adds a piece to the segments collected before; first is the length of
// the first of them. It says why the piece does not fit.
func (s *seen) join(piece *seen, first uint32) string {
	const ofPiece = wire.FIN | wire.PSH | wire.CWR
	switch {
	case piece.Proto != TCP || piece.Seq != s.Seq+s.Len:
		return "not the bytes behind them"
	case s.Len%first != 0 || piece.Len > first:
		return "pieces of different lengths"
	case (piece.Flags^s.Flags)&^ofPiece != 0:
		return "other flags"
	case piece.Ack != s.Ack:
		return "another ack"
	case piece.Win != s.Win:
		return "another win"
	case piece.Urg != s.Urg:
		return "another urg"
	}
	length := s.Len + piece.Len
	num, cwr := s.Seq, s.Flags&wire.CWR
	if piece.bad == "" {
		piece.bad = s.bad
	}
	*s = *piece
	s.Seq, s.Len = num, length
	s.Flags = s.Flags&^wire.CWR | cwr
	return ""
}

// isPureAck reports whether the segment does nothing but acknowledge.
func (s *seen) isPureAck() bool { return s.Proto == TCP && s.Len == 0 && s.Flags&0x3f == wire.ACK }

// read takes a packet that left apart, in the script's numbers.
func (r *runner) read(f *flow, c *captured, want *Packet) *seen {
	s := &seen{at: c.at}
	ip, ok := parseIP(c.data)
	if !ok {
		s.bad = "a damaged IP header"
		return s
	}
	if !ip.sumOK {
		s.bad = "a wrong checksum of the IP header"
	}
	s.v6 = ip.v6
	s.IP = IPInfo{HasECN: true, ECN: ip.tos & 3, HasTOS: true, TOS: ip.tos, HasTTL: true, TTL: ip.ttl, HasFlow: ip.v6, Flow: ip.flow}
	switch {
	case ip.proto == wire.ProtoTCP:
		t, ok := wire.ParseTCP(ip.body)
		if !ok || !t.ChecksumOK(&ip.src, &ip.dst) {
			s.bad = "a wrong checksum of the segment"
		}
		if ok {
			r.readTCP(f, s, t, want)
		}
	case ip.proto == wire.ProtoUDP:
		u, ok := wire.ParseUDP(ip.body)
		s.Proto, s.bad = UDP, ""
		if !ok || !u.ChecksumOK(&ip.src, &ip.dst) {
			s.bad = "a wrong checksum of the datagram"
			return s
		}
		s.Len = uint32(len(u.Payload()))
		s.checkPayload(u.Payload())
	case ip.isICMP():
		s.readICMP(&ip)
	}
	return s
}

func (r *runner) readTCP(f *flow, s *seen, t wire.TCP, want *Packet) {
	s.Flags = uint16(t.Flags()) | uint16(t[12]&0xf)<<8
	s.ACE = want.ACE
	s.HasAck = s.Flags&wire.ACK != 0
	s.Win, s.HasWin, s.Urg = t.Window(), true, t.Urgent()
	s.Len = uint32(len(t.Payload()))
	s.Seq, s.Ack = f.script(t.Seq(), t.Ack(), s.isSYN())
	if !s.HasAck {
		s.Ack = t.Ack()
	}
	s.Opts = readOptions(t.Options())
	for i := range s.Opts {
		if o := &s.Opts[i]; o.Kind == wire.OptSACK {
			for j := range o.Values {
				o.Values[j] -= f.remoteISN
			}
		}
	}
	s.checkPayload(t.Payload())
}

// script translates the numbers of a segment that left.
func (f *flow) script(num, ack uint32, syn bool) (uint32, uint32) {
	if syn {
		return num - f.localISN + f.scriptISN, ack
	}
	return num - f.localISN, ack - f.remoteISN
}

// checkPayload looks for bytes that no call of a script wrote: those are zero.
func (s *seen) checkPayload(b []byte) {
	for _, v := range b {
		if v != 0 && s.bad == "" {
			s.bad = "other bytes than were written"
		}
	}
}

func (s *seen) readICMP(ip *ipPacket) {
	s.Proto, s.Error = ICMP, &Message{}
	m := s.Error
	var typ, code uint8
	if ip.v6 {
		p, ok := wire.ParseICMPv6(ip.body)
		if !ok || !p.ChecksumOK(&ip.src, &ip.dst) {
			s.bad = "a wrong ICMP checksum"
			return
		}
		typ, code, m.ID, m.MTU = p.Type(), p.Code(), p.ID(), p.MTU()
		m.Number = uint16(p.MTU())
	} else {
		p, ok := wire.ParseICMP(ip.body)
		if !ok || !p.ChecksumOK() {
			s.bad = "a wrong ICMP checksum"
			return
		}
		typ, code, m.ID, m.MTU = p.Type(), p.Code(), p.ID(), uint32(p.Seq())
		m.Number = p.Seq()
	}
	m.HasID = counted(typ, ip.v6)
	m.HasNumber, m.HasMTU = m.HasID, m.MTU != 0 && !m.HasID
	m.Type, m.Code = icmpWords(typ, code, ip.v6)
}
