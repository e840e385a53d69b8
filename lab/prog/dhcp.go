package prog

import (
	"encoding/binary"

	"wirelab/stack/wire"
)

// DHCP's messages (RFC 2131 §2, options of RFC 2132); dhclient.go and dhcpd.go speak them.

const (
	dhcpServerPort = 67
	dhcpClientPort = 68
	dhcpFixed      = 240 // bytes in front of the options, with the cookie
	dhcpCookie     = 0x63825363
)

// Message types (RFC 2132 §9.6).
const (
	dhcpDiscover = iota + 1
	dhcpOffer
	dhcpRequest
	dhcpDecline
	dhcpAck
	dhcpNak
	dhcpRelease
)

var dhcpNames = [...]string{"", "DHCPDISCOVER", "DHCPOFFER", "DHCPREQUEST", "DHCPDECLINE", "DHCPACK", "DHCPNAK", "DHCPRELEASE"}

// Options.
const (
	optMask      = 1
	optRouter    = 3
	optDNS       = 6
	optHostname  = 12
	optRequested = 50
	optLease     = 51
	optType      = 53
	optServer    = 54
	optParams    = 55
	optRenewal   = 58
	optRebinding = 59
	optEnd       = 255
)

// dhcpMessage is a message, as far as it is used here.
type dhcpMessage struct {
	reply                            bool
	typ                              uint8
	xid                              uint32
	broadcast                        bool // the client cannot take a reply that is sent to its address yet
	mac                              wire.MAC
	ciaddr, yiaddr                   wire.Addr
	server, requested, router, names wire.Addr
	prefix                           uint8
	leaseSec                         uint32
	host                             string
}

// put writes the message.
func (m *dhcpMessage) put() []byte {
	b := make([]byte, dhcpFixed, dhcpFixed+64)
	b[0], b[1], b[2] = 1, 1, 6
	if m.reply {
		b[0] = 2
	}
	binary.BigEndian.PutUint32(b[4:], m.xid)
	if m.broadcast {
		b[10] = 0x80
	}
	putAddr := func(at int, a wire.Addr) {
		if a.Is4() {
			copy(b[at:], a[12:])
		}
	}
	putAddr(12, m.ciaddr)
	putAddr(16, m.yiaddr)
	copy(b[28:], m.mac[:])
	binary.BigEndian.PutUint32(b[236:], dhcpCookie)
	b = append(b, optType, 1, m.typ)
	for _, o := range []struct {
		code uint8
		addr wire.Addr
	}{{optRequested, m.requested}, {optServer, m.server}, {optRouter, m.router}, {optDNS, m.names}} {
		if !o.addr.IsZero() {
			b = append(append(b, o.code, 4), o.addr[12:]...)
		}
	}
	if m.prefix > 0 {
		b = binary.BigEndian.AppendUint32(append(b, optMask, 4), uint32(0xffffffff<<(32-uint64(m.prefix))))
	}
	if m.leaseSec > 0 {
		b = binary.BigEndian.AppendUint32(append(b, optLease, 4), m.leaseSec)
		b = binary.BigEndian.AppendUint32(append(b, optRenewal, 4), m.leaseSec/2)
		b = binary.BigEndian.AppendUint32(append(b, optRebinding, 4), uint32(uint64(m.leaseSec)*7/8))
	}
	if m.host != "" {
		b = append(append(b, optHostname, byte(len(m.host))), m.host...)
	}
	if !m.reply && m.typ != dhcpRelease {
		b = append(b, optParams, 3, optMask, optRouter, optDNS)
	}
	b = append(b, optEnd)
	for len(b) < 300 { // BOOTP's length (RFC 1542 §2.1)
		b = append(b, 0)
	}
	return b
}

// parseDHCP reads a message; false if it is none.
func parseDHCP(b []byte) (m dhcpMessage, ok bool) {
	if len(b) < dhcpFixed || b[1] != 1 || b[2] != 6 || binary.BigEndian.Uint32(b[236:]) != dhcpCookie {
		return m, false
	}
	addr := func(b []byte) wire.Addr { return wire.V4(b[0], b[1], b[2], b[3]) }
	m = dhcpMessage{reply: b[0] == 2, xid: binary.BigEndian.Uint32(b[4:]), broadcast: b[10]&0x80 != 0, mac: wire.MAC(b[28:34]), ciaddr: addr(b[12:]), yiaddr: addr(b[16:])}
	for o := b[dhcpFixed:]; len(o) > 0 && o[0] != optEnd; {
		if o[0] == 0 {
			o = o[1:]
			continue
		}
		if len(o) < 2 || len(o) < 2+int(o[1]) {
			return m, false
		}
		code, v := o[0], o[2:2+int(o[1])]
		o = o[2+int(o[1]):]
		switch {
		case code == optType && len(v) == 1:
			m.typ = v[0]
		case code == optHostname:
			m.host = string(v)
		case len(v) < 4:
		case code == optRequested:
			m.requested = addr(v)
		case code == optServer:
			m.server = addr(v)
		case code == optRouter:
			m.router = addr(v)
		case code == optDNS:
			m.names = addr(v)
		case code == optLease:
			m.leaseSec = binary.BigEndian.Uint32(v)
		case code == optMask:
			for mask := binary.BigEndian.Uint32(v); mask&(1<<31) != 0; mask <<= 1 {
				m.prefix++
			}
		}
	}
	return m, m.typ >= dhcpDiscover && int(m.typ) < len(dhcpNames)
}
