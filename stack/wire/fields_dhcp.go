package wire

import (
	"bytes"
	"fmt"
)

// DHCP and BOOTP as fields (RFC 2131 §2, RFC 2132).

var dhcpTypes = []naming{{DHCPDiscover, "Discover"}, {DHCPOffer, "Offer"}, {DHCPRequest, "Request"}, {DHCPDecline, "Decline"}, {DHCPAck, "ACK"},
	{DHCPNak, "NAK"}, {DHCPRelease, "Release"}, {DHCPInform, "Inform"}}

// DHCPTypeName returns the name of a type of messages, "Offer"; nothing for one that is not known.
func DHCPTypeName(t uint8) string {
	name, _ := lookUp(dhcpTypes, uint64(t))
	return name
}

var dhcpSpecs = []spec{
	{1, "dhcp.type", "Message type", 0, 1, 0, named([]naming{{1, "Boot Request"}, {2, "Boot Reply"}})},
	{1, "dhcp.hw.type", "Hardware type", 1, 1, 0, func(v uint64) string { return fmt.Sprintf("%s (0x%02x)", nameOf([]naming{{1, "Ethernet"}}, v), v) }},
	{1, "dhcp.hw.len", "Hardware address length", 2, 1, 0, dec},
	{1, "dhcp.hops", "Hops", 3, 1, 0, dec},
	{1, "dhcp.id", "Transaction ID", 4, 4, 0, func(v uint64) string { return fmt.Sprintf("0x%08x", v) }},
	{1, "dhcp.secs", "Seconds elapsed", 8, 2, 0, dec},
	{1, "dhcp.flags", "Bootp flags", 10, 2, 0, hex16},
	{2, "dhcp.flags.bc", "Broadcast flag", 10, 2, 0x8000, one("Unicast", "Broadcast")},
	{2, "dhcp.flags.reserved", "Reserved flags", 10, 2, 0x7fff, hex16},
	{1, "dhcp.ip.client", "Client IP address", 12, 4, 0, ipText},
	{1, "dhcp.ip.your", "Your (client) IP address", 16, 4, 0, ipText},
	{1, "dhcp.ip.server", "Next server IP address", 20, 4, 0, ipText},
	{1, "dhcp.ip.relay", "Relay agent IP address", 24, 4, 0, ipText},
}

// dhcpKind says how the value of an option is read: pieces of size bytes each, or as a whole.
type dhcpKind struct {
	code      uint8
	name, key string                // of the option and, behind "dhcp.option.", of its values
	size      int                   // 0: any
	show      func(v uint64) string // nil: text; of a list of options, their names
}

var dhcpKinds = []dhcpKind{
	{DHCPOptMask, "Subnet Mask", "subnet_mask", 4, ipText},
	{DHCPOptRouter, "Router", "router", 4, ipText},
	{DHCPOptDNS, "Domain Name Server", "domain_name_server", 4, ipText},
	{DHCPOptHostname, "Host Name", "hostname", 0, nil},
	{DHCPOptDomain, "Domain Name", "domain_name", 0, nil},
	{DHCPOptRequested, "Requested IP Address", "requested_ip_address", 4, ipText},
	{DHCPOptLease, "IP Address Lease Time", "ip_address_lease_time", 4, dhcpTime},
	{DHCPOptType, "DHCP Message Type", "dhcp", 1, named(dhcpTypes)},
	{DHCPOptServer, "DHCP Server Identifier", "dhcp_server_id", 4, ipText},
	{DHCPOptParams, "Parameter Request List", "request_list_item", 1, nil},
	{DHCPOptRenewal, "Renewal Time Value", "renewal_time_value", 4, dhcpTime},
	{DHCPOptRebinding, "Rebinding Time Value", "rebinding_time_value", 4, dhcpTime},
}

var dhcpUnknown = dhcpKind{name: "Unknown", key: "value"}

func dhcpKindOf(code uint8) *dhcpKind {
	for i := range dhcpKinds {
		if dhcpKinds[i].code == code {
			return &dhcpKinds[i]
		}
	}
	return &dhcpUnknown
}

func dhcpTime(v uint64) string { return fmt.Sprintf("%s (%d s)", lasting(v), v) }

func dhcpOptionName(v uint64) string { return fmt.Sprintf("(%d) %s", v, dhcpKindOf(uint8(v)).name) }

// dhcp describes a message at [at, end), which is long enough for one of BOOTP.
func (d *decoder) dhcp(at, end int) {
	d.open("dhcp", "Dynamic Host Configuration Protocol", at, end)
	layer, m := d.layer, DHCP(d.frame[at:end])
	d.header(dhcpSpecs, at, end)
	d.out[layer].Text = "Bootstrap Protocol"
	if t := m.Type(); t != 0 {
		d.out[layer].Text = nameOf(dhcpTypes, uint64(t))
	}
	if m.Ethernet() {
		d.add(1, "dhcp.hw.mac_addr", "Client MAC address", m.ClientMAC().String(), at+28, at+34)
		d.add(1, "dhcp.hw.addr_padding", "Client hardware address padding", hexText(m[34:44]), at+34, at+44)
	} else {
		d.add(1, "dhcp.hw.addr", "Client hardware address", hexText(m[28:44]), at+28, at+44)
	}
	d.add(1, "dhcp.server", "Server host name", textUpToZero(m[44:108]), at+44, at+108)
	d.add(1, "dhcp.file", "Boot file name", textUpToZero(m[108:BOOTPLen]), at+108, at+BOOTPLen)
	if !m.HasOptions() {
		if at+BOOTPLen < end {
			d.add(1, "dhcp.vendor", "Bootp vendor specific options", hexText(m[BOOTPLen:]), at+BOOTPLen, end)
		}
		return
	}
	d.add(1, "dhcp.cookie", "Magic cookie", "DHCP", at+BOOTPLen, at+DHCPLen)
	stop := at + DHCPLen
	for o, next, ok := m.NextOption(0); ok; o, next, ok = m.NextOption(next) {
		if stop = at + o.End; o.Cut {
			d.broken(at+o.Start, stop, "an option that is longer than the message")
			return
		}
		d.dhcpOption(&o, at)
	}
	if stop < end {
		d.add(1, "dhcp.option.padding", "Padding", count(end-stop, "byte"), stop, end)
	}
}

// dhcpOption describes an option of the message at offset base.
func (d *decoder) dhcpOption(o *DHCPOption, base int) {
	at, end, i := base+o.Start, base+o.End, len(d.out)
	if o.Code == DHCPOptEnd {
		d.add(1, "dhcp.option.end", "Option: (255)", "End", at, end)
		return
	}
	kind := dhcpKindOf(o.Code)
	show := kind.show
	if o.Code == DHCPOptParams {
		show = dhcpOptionName
	}
	d.add(1, "dhcp.option.type", fmt.Sprintf("Option: (%d) %s", o.Code, kind.name), "", at, end)
	d.add(2, "dhcp.option.length", "Length", dec(uint64(len(o.Value))), at+1, at+2)
	switch {
	case len(o.Value) == 0:
	case show == nil && kind != &dhcpUnknown:
		d.add(2, "dhcp.option."+kind.key, kind.name, textUpToZero(o.Value), at+2, end)
	case kind.size == 0 || len(o.Value)%kind.size != 0:
		d.add(2, "dhcp.option.value", "Value", hexText(o.Value), at+2, end)
	default:
		s := spec{2, "dhcp.option." + kind.key, kind.name, 0, kind.size, 0, show}
		for p := at + 2; p < end; p += kind.size {
			d.add(s.depth, s.key, s.name, d.text(&s, p), p, p+s.size)
		}
	}
	for n := i + 2; n < len(d.out); n++ {
		if n > i+2 {
			d.out[i].Text += ", "
		}
		d.out[i].Text += d.out[n].Text
	}
}

// textUpToZero shows letters in quotes, "not given" if there are none.
func textUpToZero(b []byte) string {
	if n := bytes.IndexByte(b, 0); n >= 0 {
		b = b[:n]
	}
	switch text := preview(b); {
	case len(b) == 0:
		return "not given"
	case text == "":
		return hexText(b)
	default:
		return text[1:]
	}
}
