package trace

import (
	"encoding/binary"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Proto is the innermost protocol of a frame that a summary tells of.
type Proto uint8

const (
	Cut   Proto = iota // too short to be a frame
	Ether              // of a type that is not known; the type is in Ack
	ARP
	IPv4
	UDP
	ICMP
	TCP
)

// Head is what stands in a frame's headers, as far as a line about it needs it.
type Head struct {
	Src, Dst tcp.Endpoint // ports are zero where the protocol has none
	Seq, Ack uint32       // ICMP: identifier and sequence number of an echo
	Window   uint16
	Length   uint16 // of the TCP or UDP payload, of the ICMP message, of the rest
	Proto    Proto
	Flags    uint8 // of TCP; type of ICMP; operation of ARP; protocol of IP
	Code     uint8 // of ICMP
}

// Summary is a Head and what few frames have and a fixed record has no room
// for: options of TCP, the MAC of an ARP reply. Extra lies within the frame.
type Summary struct {
	Head
	Extra []byte
}

// Summarize reads the headers of a frame.
func Summarize(frame []byte) (s Summary) {
	eth, ok := wire.ParseEthernet(frame)
	if !ok {
		return s
	}
	s.Proto, s.Ack, s.Length = Ether, uint32(eth.Type()), uint16(len(frame))
	switch eth.Type() {
	case wire.TypeARP:
		s.arp(eth.Payload())
	case wire.TypeIPv4:
		if p, ok := wire.ParseIPv4(eth.Payload()); ok {
			s.ipv4(p)
		}
	}
	return s
}

func (s *Summary) arp(b []byte) {
	if a, ok := wire.ParseARP(b); ok {
		s.Proto, s.Flags, s.Ack = ARP, uint8(a.Op()), 0
		s.Src.Addr, s.Dst.Addr = a.SenderIP(), a.TargetIP()
		s.Extra = a[8:14]
	}
}

func (s *Summary) ipv4(p wire.IPv4) {
	s.Proto, s.Flags, s.Ack = IPv4, p.Protocol(), 0
	s.Src.Addr, s.Dst.Addr = p.Src(), p.Dst()
	b := p.Payload()
	s.Length = uint16(len(b))
	switch p.Protocol() {
	case wire.ProtoTCP:
		if t, ok := wire.ParseTCP(b); ok {
			s.Proto, s.Flags, s.Window = TCP, t.Flags(), t.Window()
			s.Src.Port, s.Dst.Port, s.Seq, s.Ack = t.SrcPort(), t.DstPort(), t.Seq(), t.Ack()
			s.Extra, s.Length = t.Options(), uint16(len(t.Payload()))
		}
	case wire.ProtoUDP:
		if u, ok := wire.ParseUDP(b); ok {
			s.Proto, s.Flags, s.Length = UDP, 0, uint16(len(u.Payload()))
			s.Src.Port, s.Dst.Port = u.SrcPort(), u.DstPort()
		}
	case wire.ProtoICMP:
		if m, ok := wire.ParseICMP(b); ok {
			s.Proto, s.Flags, s.Code = ICMP, m.Type(), m.Code()
			id := binary.BigEndian.Uint32(m[4:])
			s.Seq, s.Ack = id>>16, id&0xffff
		}
	}
}
