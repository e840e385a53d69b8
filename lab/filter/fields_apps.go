package filter

import "wirelab/stack/wire"

// DNS and DHCP.

var (
	dnsOpcodes = &enum{open: true, list: []naming{{0, "Standard query"}, {1, "Inverse query"}, {2, "Server status request"}, {4, "Zone change notification"},
		{5, "Dynamic update"}}}
	dnsRcodes = &enum{list: []naming{{0, "No error"}, {1, "Format error"}, {2, "Server failure"}, {3, "No such name"}, {4, "Not implemented"}, {5, "Refused"}}}
	dnsTypes  = &enum{list: []naming{{wire.DNSTypeA, "A"}, {wire.DNSTypeNS, "NS"}, {wire.DNSTypeCNAME, "CNAME"}, {wire.DNSTypeSOA, "SOA"},
		{wire.DNSTypePTR, "PTR"}, {wire.DNSTypeMX, "MX"}, {wire.DNSTypeTXT, "TXT"}, {wire.DNSTypeAAAA, "AAAA"}, {wire.DNSTypeANY, "ANY"}}}
	dhcpTypes = &enum{list: []naming{{wire.DHCPDiscover, "Discover"}, {wire.DHCPOffer, "Offer"}, {wire.DHCPRequest, "Request"}, {wire.DHCPDecline, "Decline"},
		{wire.DHCPAck, "ACK"}, {wire.DHCPNak, "NAK"}, {wire.DHCPRelease, "Release"}, {wire.DHCPInform, "Inform"}}}
	bootpOps = &enum{list: []naming{{1, "Boot Request"}, {2, "Boot Reply"}}}
)

var dnsRows = []row{
	{"dns", "Domain Name System", kProto, 0, 0, 0, whole, 0, nil},
	{"dns.id", "Transaction ID", kNumber, 0, 2, 0, fixed, 0, nil},
	{"dns.flags", "Flags", kNumber, 2, 2, 0, fixed, 0, nil},
	{"dns.flags.response", "Response", kBool, 2, 2, 0x8000, fixed, 0, nil},
	{"dns.flags.opcode", "Opcode", kNumber, 2, 2, 0x7800, fixed, 0, dnsOpcodes},
	{"dns.flags.authoritative", "Authoritative", kBool, 2, 2, 0x0400, inReply, 0, nil},
	{"dns.flags.truncated", "Truncated", kBool, 2, 2, 0x0200, fixed, 0, nil},
	{"dns.flags.recdesired", "Recursion desired", kBool, 2, 2, 0x0100, fixed, 0, nil},
	{"dns.flags.recavail", "Recursion available", kBool, 2, 2, 0x0080, inReply, 0, nil},
	{"dns.flags.rcode", "Reply code", kNumber, 2, 2, 0x000f, inReply, 0, dnsRcodes},
	{"dns.count.queries", "Questions", kNumber, 4, 2, 0, fixed, 0, nil},
	{"dns.count.answers", "Answer RRs", kNumber, 6, 2, 0, fixed, 0, nil},
	{"dns.count.auth_rr", "Authority RRs", kNumber, 8, 2, 0, fixed, 0, nil},
	{"dns.count.add_rr", "Additional RRs", kNumber, 10, 2, 0, fixed, 0, nil},
	{"dns.qry.name", "Name in a question", kDomain, 0, 0, 0, inQuestion, 0, nil},
	{"dns.qry.type", "Type, of a question", kNumber, 0, 2, 0, inQuestion, 0, dnsTypes},
	{"dns.qry.class", "Class, of a question", kNumber, 2, 2, 0, inQuestion, 0, nil},
	{"dns.resp.name", "Name in a record", kDomain, 0, 0, 0, inRecord, 0, nil},
	{"dns.resp.type", "Type, of a record", kNumber, 0, 2, 0, inRecord, 0, dnsTypes},
	{"dns.resp.class", "Class, of a record", kNumber, 2, 2, 0, inRecord, 0, nil},
	{"dns.resp.ttl", "Time to live, seconds", kNumber, 4, 4, 0, inRecord, 0, nil},
	{"dns.resp.len", "Data length", kNumber, 8, 2, 0, inRecord, 0, nil},
	{"dns.a", "Address", kIPv4, 0, 4, 0, recordData, wire.DNSTypeA, nil},
	{"dns.aaaa", "AAAA Address", kIPv6, 0, 16, 0, recordData, wire.DNSTypeAAAA, nil},
	{"dns.cname", "CNAME", kDomain, 0, 0, 0, recordData, wire.DNSTypeCNAME, nil},
	{"dns.ns", "Name Server", kDomain, 0, 0, 0, recordData, wire.DNSTypeNS, nil},
	{"dns.ptr.domain_name", "Domain Name", kDomain, 0, 0, 0, recordData, wire.DNSTypePTR, nil},
}

var dhcpRows = []row{
	{"dhcp", "Dynamic Host Configuration Protocol", kProto, 0, 0, 0, whole, 0, nil},
	{"dhcp.type", "Message type", kNumber, 0, 1, 0, fixed, 0, bootpOps},
	{"dhcp.hw.type", "Hardware type", kNumber, 1, 1, 0, fixed, 0, nil},
	{"dhcp.hw.len", "Hardware address length", kNumber, 2, 1, 0, fixed, 0, nil},
	{"dhcp.hops", "Hops", kNumber, 3, 1, 0, fixed, 0, nil},
	{"dhcp.id", "Transaction ID", kNumber, 4, 4, 0, fixed, 0, nil},
	{"dhcp.secs", "Seconds elapsed", kNumber, 8, 2, 0, fixed, 0, nil},
	{"dhcp.flags", "Bootp flags", kNumber, 10, 2, 0, fixed, 0, nil},
	{"dhcp.flags.bc", "Broadcast flag", kBool, 10, 2, 0x8000, fixed, 0, nil},
	{"dhcp.flags.reserved", "Reserved flags", kNumber, 10, 2, 0x7fff, fixed, 0, nil},
	{"dhcp.ip.client", "Client IP address", kIPv4, 12, 4, 0, fixed, 0, nil},
	{"dhcp.ip.your", "Your (client) IP address", kIPv4, 16, 4, 0, fixed, 0, nil},
	{"dhcp.ip.server", "Next server IP address", kIPv4, 20, 4, 0, fixed, 0, nil},
	{"dhcp.ip.relay", "Relay agent IP address", kIPv4, 24, 4, 0, fixed, 0, nil},
	{"dhcp.hw.mac_addr", "Client MAC address", kMAC, 28, 6, 0, computed, cClientMAC, nil},
	{"dhcp.option.type", "Option", kNumber, 0, 1, 0, computed, cDHCPOption, nil},
	{"dhcp.option.length", "Length of an option", kNumber, 1, 1, 0, computed, cDHCPOption, nil},
	{"dhcp.option.end", "Option End", kNumber, 0, 1, 0, dhcpOption, wire.DHCPOptEnd, nil},
	{"dhcp.option.dhcp", "DHCP Message Type", kNumber, 0, 1, 0, dhcpOption, wire.DHCPOptType, dhcpTypes},
	{"dhcp.option.subnet_mask", "Subnet Mask", kIPv4, 0, 4, 0, dhcpOption, wire.DHCPOptMask, nil},
	{"dhcp.option.router", "Router", kIPv4, 0, 4, 0, dhcpOption, wire.DHCPOptRouter, nil},
	{"dhcp.option.domain_name_server", "Domain Name Server", kIPv4, 0, 4, 0, dhcpOption, wire.DHCPOptDNS, nil},
	{"dhcp.option.hostname", "Host Name", kBytes, 0, 0, 0, dhcpOption, wire.DHCPOptHostname, nil},
	{"dhcp.option.domain_name", "Domain Name", kBytes, 0, 0, 0, dhcpOption, wire.DHCPOptDomain, nil},
	{"dhcp.option.requested_ip_address", "Requested IP Address", kIPv4, 0, 4, 0, dhcpOption, wire.DHCPOptRequested, nil},
	{"dhcp.option.ip_address_lease_time", "IP Address Lease Time, seconds", kNumber, 0, 4, 0, dhcpOption, wire.DHCPOptLease, nil},
	{"dhcp.option.dhcp_server_id", "DHCP Server Identifier", kIPv4, 0, 4, 0, dhcpOption, wire.DHCPOptServer, nil},
	{"dhcp.option.request_list_item", "Parameter Request List", kNumber, 0, 1, 0, dhcpOption, wire.DHCPOptParams, nil},
	{"dhcp.option.renewal_time_value", "Renewal Time Value, seconds", kNumber, 0, 4, 0, dhcpOption, wire.DHCPOptRenewal, nil},
	{"dhcp.option.rebinding_time_value", "Rebinding Time Value, seconds", kNumber, 0, 4, 0, dhcpOption, wire.DHCPOptRebinding, nil},
}
