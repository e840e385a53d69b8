package trace

import (
	"encoding/binary"
	"fmt"

	"wirelab/stack/wire"
)

// What tcpdump -v says of a message of DHCP (RFC 2131, options of RFC 2132).

func (p *printer) dhcp(m wire.DHCP) {
	if m[1] != 1 {
		p.sayf(", htype %d", m[1])
	}
	if m[2] != 6 {
		p.sayf(", hlen %d", m[2])
	}
	if m[3] != 0 {
		p.sayf(", hops %d", m[3])
	}
	if m.XID() != 0 {
		p.sayf(", xid 0x%x", m.XID())
	}
	flags := binary.BigEndian.Uint16(m[10:])
	if secs := binary.BigEndian.Uint16(m[8:]); secs != 0 {
		p.sayf(", secs %d", secs)
	}
	p.sayf(", Flags [%s]", flagNames(m[10], "Broadcast"))
	if p.Verbose > 1 {
		p.sayf(" (0x%04x)", flags)
	}
	for i, name := range []string{"Client", "Your", "Server", "Gateway"} {
		if a := binary.BigEndian.Uint32(m[12+4*i:]); a != 0 {
			p.sayf("\n\t  %s-IP %s", name, wire.From4(a))
		}
	}
	if m.Ethernet() {
		p.sayf("\n\t  Client-Ethernet-Address %s", p.MAC(m.ClientMAC()))
	}
	for _, text := range []struct {
		name       string
		start, end int
	}{{"sname", 44, 108}, {"file", 108, 236}} {
		if m[text.start] != 0 {
			p.sayf("\n\t  %s \"%s\"", text.name, plain(m[text.start:text.end]))
		}
	}
	if !m.HasOptions() {
		return
	}
	p.sayf("\n\t  Vendor-rfc1048 Extensions\n\t    Magic Cookie 0x%08x", uint32(wire.DHCPCookie))
	for at := wire.DHCPLen; at < len(m); {
		at = p.dhcpOption(m, at)
	}
}

// plain is text up to the first zero.
func plain(b []byte) string {
	for i, c := range b {
		if c == 0 {
			return string(b[:i])
		}
	}
	return string(b)
}

// dhcpNames are options with their names and, as tcpdump has it, a letter for what their value is.
var dhcpNames = map[uint8]struct {
	name string
	kind byte
}{0: {"PAD", ' '}, 1: {"Subnet-Mask", 'i'}, 2: {"Time-Zone", 's'}, 3: {"Default-Gateway", 'i'}, 4: {"Time-Server", 'i'}, 6: {"Domain-Name-Server", 'i'},
	12: {"Hostname", 'a'}, 15: {"Domain-Name", 'a'}, 26: {"MTU", 's'}, 28: {"BR", 'i'}, 42: {"NTP", 'i'}, 44: {"Netbios-Name-Server", 'i'}, 50: {"Requested-IP", 'i'},
	51: {"Lease-Time", 'l'}, 53: {"DHCP-Message", 't'}, 54: {"Server-ID", 'i'}, 55: {"Parameter-Request", 'b'}, 56: {"MSG", 'a'}, 57: {"MSZ", 's'},
	58: {"RN", 'l'}, 59: {"RB", 'l'}, 60: {"Vendor-Class", 'a'}, 61: {"Client-ID", 'c'}, 119: {"Domain-Search", 'x'}, 121: {"Classless-Static-Route", 'x'}, 255: {"END", ' '}}

// dhcpOption tells of the option at a place and returns where the next one is.
func (p *printer) dhcpOption(m wire.DHCP, at int) int {
	code := m[at]
	known, ok := dhcpNames[code]
	if !ok {
		known.name, known.kind = "Unknown", 'x'
	}
	if at++; code == wire.DHCPOptPad || code == wire.DHCPOptEnd {
		n := 1
		for code == wire.DHCPOptPad && at < len(m) && m[at] == wire.DHCPOptPad {
			n, at = n+1, at+1
		}
		if p.Verbose < 3 {
			if code == wire.DHCPOptEnd {
				return len(m)
			}
			return at
		}
		p.sayf("\n\t    %s (%d), length 0", known.name, code)
		if n > 1 {
			p.sayf(", occurs %d", n)
		}
		return at
	}
	if at >= len(m) || at+1+int(m[at]) > len(m) {
		p.sayf("\n\t    %s (%d)", known.name, code)
		p.missing("bootp")
		return len(m)
	}
	value := m[at+1 : at+1+int(m[at])]
	p.sayf("\n\t    %s (%d), length %d", known.name, code, len(value))
	if len(value) > 0 {
		p.say(": ")
		p.dhcpValue(known.kind, value)
	}
	return at + 1 + len(value)
}

func (p *printer) dhcpValue(kind byte, v []byte) {
	be := binary.BigEndian
	switch {
	case kind == 't' && len(v) == 1:
		if name := wire.DHCPTypeName(v[0]); name != "" {
			p.say(name)
		} else {
			p.sayf("Unknown (%d)", v[0])
		}
	case kind == 'i' && len(v)%4 == 0:
		for i := 0; i < len(v); i += 4 {
			if i > 0 {
				p.say(",")
			}
			p.say(wire.From4(be.Uint32(v[i:])).String())
		}
	case kind == 'l' && len(v) == 4:
		p.sayf("%d", be.Uint32(v))
	case kind == 's' && len(v) == 2:
		p.sayf("%d", be.Uint16(v))
	case kind == 'a':
		p.sayf("%q", plain(v))
	case kind == 'b':
		for i, code := range v {
			if i%4 == 0 {
				p.say("\n\t      ")
			} else {
				p.say(", ")
			}
			name := "Unknown"
			if known, ok := dhcpNames[code]; ok {
				name = known.name
			}
			p.sayf("%s (%d)", name, code)
		}
	case kind == 'c' && len(v) == 7 && v[0] == 1:
		p.say("ether " + wire.MAC(v[1:]).String())
	default:
		for i, c := range v {
			if i > 0 {
				p.say(".")
			}
			p.say(fmt.Sprint(c))
		}
	}
}
