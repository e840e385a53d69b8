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
	IPv6
	ICMP6
)

// Head is what stands in a frame's headers, as far as a line about it needs it.
type Head struct {
	Src, Dst tcp.Endpoint // ports are zero where the protocol has none
	Seq, Ack uint32       // ICMP: identifier and sequence number of an echo; DHCP: the address that is given
	Window   uint16       // of TCP; of fragments: aFragment and the offset
	Length   uint16       // of the TCP or UDP payload, of the ICMP message, of the rest
	Proto    Proto
	Flags    uint8 // of TCP; type of ICMP; operation of ARP; protocol of IP; type of a message of DHCP
	Code     uint8 // of ICMP; operation of DHCP
}

// Summary is a Head and what few frames have and a fixed record has no room
// for: options of TCP, the MAC of an ARP reply or of who asks by DHCP, a
// message of DNS. Extra lies within the frame.
type Summary struct {
	Head
	Extra []byte
	Named bool // ports are told by the names of services
}

// Summarize reads the headers of a frame.
func Summarize(frame []byte) (s Summary) {
	s.Extra = s.Head.read(frame)
	return s
}

// read fills h, which is zero, from a frame and returns the Extra.
func (h *Head) read(frame []byte) (extra []byte) {
	eth, ok := wire.ParseEthernet(frame)
	if !ok {
		return nil
	}
	h.Proto, h.Ack, h.Length = Ether, uint32(eth.Type()), uint16(len(frame))
	switch eth.Type() {
	case wire.TypeARP:
		return h.arp(eth.Payload())
	case wire.TypeIPv4:
		if p, ok := wire.ParseIPv4(eth.Payload()); ok {
			return h.ipv4(p)
		}
	case wire.TypeIPv6:
		if p, ok := wire.ParseIPv6(eth.Payload()); ok {
			return h.ipv6(p)
		}
	}
	return nil
}

func (h *Head) arp(b []byte) (extra []byte) {
	a, ok := wire.ParseARP(b)
	if !ok {
		return nil
	}
	h.Proto, h.Flags, h.Ack = ARP, uint8(a.Op()), 0
	h.Src.Addr, h.Dst.Addr = a.SenderIP(), a.TargetIP()
	return a[8:14]
}

func (h *Head) ipv4(p wire.IPv4) (extra []byte) {
	h.Proto, h.Flags, h.Ack = IPv4, p.Protocol(), 0
	h.Src.Addr, h.Dst.Addr = p.Src(), p.Dst()
	if at := p.FragOffset(); at > 0 {
		h.Length, h.Window = uint16(len(p.Payload())), aFragment|uint16(at/8)
		return nil
	}
	return h.upper(p.Protocol(), p.Payload())
}

func (h *Head) ipv6(p wire.IPv6) (extra []byte) {
	h.Proto, h.Flags, h.Ack = IPv6, p.NextHeader(), 0
	h.Src.Addr, h.Dst.Addr = p.Src(), p.Dst()
	c := p.Skip()
	if c.Fault.Drop || c.At > len(p) {
		return nil
	}
	h.Flags = c.Proto
	if c.FragAt > 0 {
		at := wire.Fragment(p[c.FragAt:]).Offset()
		h.Window = aFragment | uint16(at/8)
		if at > 0 {
			h.Length = uint16(len(p) - c.At)
			return nil
		}
	}
	return h.upper(c.Proto, p[c.At:])
}

// upper reads what stands behind an IP header.
func (h *Head) upper(proto uint8, b []byte) (extra []byte) {
	h.Length = uint16(len(b))
	switch proto {
	case wire.ProtoTCP:
		if t, ok := wire.ParseTCP(b); ok {
			h.Proto, h.Flags, h.Window = TCP, t.Flags(), t.Window()
			h.Src.Port, h.Dst.Port, h.Seq, h.Ack = t.SrcPort(), t.DstPort(), t.Seq(), t.Ack()
			h.Length = uint16(len(t.Payload()))
			return t.Options()
		}
	case wire.ProtoUDP:
		if u, ok := wire.ParseUDP(b); ok {
			h.Proto, h.Flags, h.Length = UDP, 0, uint16(len(u.Payload()))
			h.Src.Port, h.Dst.Port = u.SrcPort(), u.DstPort()
			return h.application(u.Payload())
		}
	case wire.ProtoICMP:
		if m, ok := wire.ParseICMP(b); ok {
			h.Proto, h.Flags, h.Code = ICMP, m.Type(), m.Code()
			id := binary.BigEndian.Uint32(m[4:])
			h.Seq, h.Ack = id>>16, id&0xffff
			if t := m.Type(); t == wire.ICMPUnreachable || t == wire.ICMPTimeExceeded || t == wire.ICMPParamProblem || t == icmpRedirect {
				return m[8:min(len(m), 8+maxQuote)]
			}
		}
	case wire.ProtoICMPv6:
		if m := wire.ICMPv6(b); len(b) >= wire.ICMPLen {
			h.Proto, h.Flags, h.Code = ICMP6, m.Type(), m.Code()
			h.Seq, h.Ack = uint32(m.ID()), uint32(m.Seq())
			if nd := m.Type() == wire.ICMPv6NeighborSolicit || m.Type() == wire.ICMPv6NeighborAdvert; nd && len(b) >= 24 {
				return b[8:24]
			}
			if m.Type() == icmpv6Redirect && len(b) >= 40 {
				return b[8:40]
			}
			if m.Type() < 128 { // an error (RFC 4443 §2.1)
				return b[8:min(len(b), 8+maxQuote)]
			}
		}
	}
	return nil
}

const maxQuote = 60 + 4 // of the packet that an error of ICMP is about: its header and the ports

const maxDNS = 512 // bytes of a message over UDP (RFC 1035 §4.2.1)

// DNS and DHCP report whether the datagram is one of theirs.
func (h *Head) DNS() bool { return h.Proto == UDP && wire.IsDNS(h.Src.Port, h.Dst.Port, int(h.Length)) }
func (h *Head) DHCP() bool {
	return h.Proto == UDP && wire.IsDHCP(h.Src.Port, h.Dst.Port, int(h.Length))
}

// application reads what a datagram carries.
func (h *Head) application(b []byte) (extra []byte) {
	switch {
	case h.DNS():
		return b[:min(len(b), maxDNS)]
	case h.DHCP():
		m := wire.DHCP(b)
		h.Flags, h.Code, h.Seq = m.Type(), m.Op(), binary.BigEndian.Uint32(m[16:])
		if m.Ethernet() {
			return m[28:34]
		}
	}
	return nil
}
