package prog

import (
	"encoding/binary"

	"wirelab/stack/wire"
)

// DHCP's messages (RFC 2131 §2, options of RFC 2132); dhclient.go and dhcpd.go speak them.

var dhcpNames = [...]string{"", "DHCPDISCOVER", "DHCPOFFER", "DHCPREQUEST", "DHCPDECLINE", "DHCPACK", "DHCPNAK", "DHCPRELEASE"}

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
	b := make([]byte, wire.DHCPLen, wire.DHCPLen+64)
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
	binary.BigEndian.PutUint32(b[wire.BOOTPLen:], wire.DHCPCookie)
	b = append(b, wire.DHCPOptType, 1, m.typ)
	for _, o := range []struct {
		code uint8
		addr wire.Addr
	}{{wire.DHCPOptRequested, m.requested}, {wire.DHCPOptServer, m.server}, {wire.DHCPOptRouter, m.router}, {wire.DHCPOptDNS, m.names}} {
		if !o.addr.IsZero() {
			b = append(append(b, o.code, 4), o.addr[12:]...)
		}
	}
	if m.prefix > 0 {
		b = binary.BigEndian.AppendUint32(append(b, wire.DHCPOptMask, 4), uint32(0xffffffff<<(32-uint64(m.prefix))))
	}
	if m.leaseSec > 0 {
		b = binary.BigEndian.AppendUint32(append(b, wire.DHCPOptLease, 4), m.leaseSec)
		b = binary.BigEndian.AppendUint32(append(b, wire.DHCPOptRenewal, 4), m.leaseSec/2)
		b = binary.BigEndian.AppendUint32(append(b, wire.DHCPOptRebinding, 4), uint32(uint64(m.leaseSec)*7/8))
	}
	if m.host != "" {
		b = append(append(b, wire.DHCPOptHostname, byte(len(m.host))), m.host...)
	}
	if !m.reply && m.typ != wire.DHCPRelease {
		b = append(b, wire.DHCPOptParams, 3, wire.DHCPOptMask, wire.DHCPOptRouter, wire.DHCPOptDNS)
	}
	b = append(b, wire.DHCPOptEnd)
	for len(b) < 300 { // BOOTP's length (RFC 1542 §2.1)
		b = append(b, 0)
	}
	return b
}

// parseDHCP reads a message; false if it is none.
func parseDHCP(b []byte) (m dhcpMessage, ok bool) {
	w, ok := wire.ParseDHCP(b)
	if !ok || !w.Ethernet() || !w.HasOptions() {
		return m, false
	}
	m = dhcpMessage{reply: w.Op() == 2, xid: w.XID(), broadcast: w.Broadcast(), mac: w.ClientMAC(), ciaddr: w.ClientAddr(), yiaddr: w.YourAddr()}
	for o, next, more := w.NextOption(0); more; o, next, more = w.NextOption(next) {
		if o.Cut {
			return m, false
		}
		m.take(o.Code, o.Value)
	}
	return m, m.typ >= wire.DHCPDiscover && int(m.typ) < len(dhcpNames)
}

// take reads the value of an option.
func (m *dhcpMessage) take(code uint8, v []byte) {
	addr := func() wire.Addr { return wire.From4(binary.BigEndian.Uint32(v)) }
	switch {
	case code == wire.DHCPOptType && len(v) == 1:
		m.typ = v[0]
	case code == wire.DHCPOptHostname:
		m.host = string(v)
	case len(v) < 4:
	case code == wire.DHCPOptRequested:
		m.requested = addr()
	case code == wire.DHCPOptServer:
		m.server = addr()
	case code == wire.DHCPOptRouter:
		m.router = addr()
	case code == wire.DHCPOptDNS:
		m.names = addr()
	case code == wire.DHCPOptLease:
		m.leaseSec = binary.BigEndian.Uint32(v)
	case code == wire.DHCPOptMask:
		for mask := binary.BigEndian.Uint32(v); mask&(1<<31) != 0; mask <<= 1 {
			m.prefix++
		}
	}
}
