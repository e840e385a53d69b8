package wire

import "slices"

// fieldKeys are the keys of all fields that Fields tells of, sorted.
var fieldKeys = []string{
	"arp.dst.hw", "arp.dst.hw_mac", "arp.dst.proto", "arp.dst.proto_ipv4", "arp.hw.size", "arp.hw.type", "arp.opcode", "arp.proto.size",
	"arp.proto.type", "arp.src.hw", "arp.src.hw_mac", "arp.src.proto", "arp.src.proto_ipv4", "data.data", "data.len", "dhcp.cookie", "dhcp.file",
	"dhcp.flags", "dhcp.flags.bc", "dhcp.flags.reserved", "dhcp.hops", "dhcp.hw.addr", "dhcp.hw.addr_padding", "dhcp.hw.len", "dhcp.hw.mac_addr",
	"dhcp.hw.type", "dhcp.id", "dhcp.ip.client", "dhcp.ip.relay", "dhcp.ip.server", "dhcp.ip.your", "dhcp.option.end", "dhcp.option.length",
	"dhcp.option.padding", "dhcp.option.type", "dhcp.option.value", "dhcp.secs", "dhcp.server", "dhcp.type", "dhcp.vendor", "dns.a", "dns.aaaa",
	"dns.cname", "dns.count.add_rr", "dns.count.answers", "dns.count.auth_rr", "dns.count.queries", "dns.data", "dns.flags", "dns.flags.authoritative",
	"dns.flags.opcode", "dns.flags.rcode", "dns.flags.recavail", "dns.flags.recdesired", "dns.flags.response", "dns.flags.truncated", "dns.id",
	"dns.ns", "dns.ptr.domain_name", "dns.qry.class", "dns.qry.name", "dns.qry.type", "dns.resp.class", "dns.resp.len", "dns.resp.name", "dns.resp.ttl",
	"dns.resp.type", "eth.dst", "eth.dst.ig", "eth.dst.lg", "eth.len", "eth.padding", "eth.src", "eth.src.ig", "eth.src.lg", "eth.trailer", "eth.type",
	"icmp.checksum", "icmp.code", "icmp.ident", "icmp.mtu", "icmp.pointer", "icmp.redir_gw", "icmp.seq", "icmp.type", "icmp.unused", "icmpv6.checksum",
	"icmpv6.code", "icmpv6.echo.identifier", "icmpv6.echo.sequence_number", "icmpv6.mtu", "icmpv6.nd.na.flag", "icmpv6.nd.na.flag.o",
	"icmpv6.nd.na.flag.r", "icmpv6.nd.na.flag.s", "icmpv6.nd.na.target_address", "icmpv6.nd.ns.target_address", "icmpv6.nd.ra.cur_hop_limit",
	"icmpv6.nd.ra.flag", "icmpv6.nd.ra.flag.m", "icmpv6.nd.ra.flag.o", "icmpv6.nd.ra.reachable_time", "icmpv6.nd.ra.retrans_timer",
	"icmpv6.nd.ra.router_lifetime", "icmpv6.nd.rd.target_address", "icmpv6.opt", "icmpv6.opt.length", "icmpv6.opt.mtu", "icmpv6.opt.prefix",
	"icmpv6.opt.prefix.flag", "icmpv6.opt.prefix.flag.a", "icmpv6.opt.prefix.flag.l", "icmpv6.opt.prefix.length",
	"icmpv6.opt.prefix.preferred_lifetime", "icmpv6.opt.prefix.valid_lifetime", "icmpv6.opt.reserved", "icmpv6.opt.src_linkaddr",
	"icmpv6.opt.target_linkaddr", "icmpv6.opt.type", "icmpv6.pointer", "icmpv6.rd.na.destination_address", "icmpv6.reserved", "icmpv6.type",
	"ip.checksum", "ip.dsfield", "ip.dsfield.dscp", "ip.dsfield.ecn", "ip.dst", "ip.flags", "ip.flags.df", "ip.flags.mf", "ip.flags.rb",
	"ip.frag_offset", "ip.hdr_len", "ip.id", "ip.len", "ip.options", "ip.proto", "ip.src", "ip.ttl", "ip.version", "ipv6.dst", "ipv6.dstopts",
	"ipv6.dstopts.len", "ipv6.dstopts.nxt", "ipv6.flow", "ipv6.fraghdr", "ipv6.fraghdr.ident", "ipv6.fraghdr.more", "ipv6.fraghdr.nxt",
	"ipv6.fraghdr.offset", "ipv6.fraghdr.reserved_bits", "ipv6.fraghdr.reserved_octet", "ipv6.hlim", "ipv6.hopopts", "ipv6.hopopts.len",
	"ipv6.hopopts.nxt", "ipv6.nxt", "ipv6.opt", "ipv6.opt.length", "ipv6.opt.pad1", "ipv6.opt.padn", "ipv6.opt.type", "ipv6.opt.unknown", "ipv6.plen",
	"ipv6.routing", "ipv6.routing.len", "ipv6.routing.nxt", "ipv6.routing.segleft", "ipv6.routing.type", "ipv6.src", "ipv6.tclass", "ipv6.tclass.dscp",
	"ipv6.tclass.ecn", "ipv6.version", "tcp.ack", "tcp.checksum", "tcp.dstport", "tcp.flags", "tcp.flags.ack", "tcp.flags.ae", "tcp.flags.cwr",
	"tcp.flags.ece", "tcp.flags.fin", "tcp.flags.push", "tcp.flags.res", "tcp.flags.reset", "tcp.flags.syn", "tcp.flags.urg", "tcp.hdr_len", "tcp.len",
	"tcp.nxtseq", "tcp.option_kind", "tcp.option_len", "tcp.options", "tcp.options.eol", "tcp.options.mss", "tcp.options.mss_val", "tcp.options.nop",
	"tcp.options.sack", "tcp.options.sack_le", "tcp.options.sack_perm", "tcp.options.sack_re", "tcp.options.tfo", "tcp.options.timestamp",
	"tcp.options.timestamp.tsecr", "tcp.options.timestamp.tsval", "tcp.options.unknown", "tcp.options.unknown.payload", "tcp.options.user_to",
	"tcp.options.user_to_granularity", "tcp.options.user_to_val", "tcp.options.wscale", "tcp.options.wscale.multiplier", "tcp.options.wscale.shift",
	"tcp.seq", "tcp.srcport", "tcp.urgent_pointer", "tcp.window_size_value", "udp.checksum", "udp.dstport", "udp.length", "udp.srcport",
}

// FieldKeys returns the keys of all fields that a packet may have, sorted.
func FieldKeys() []string { return fieldKeys }

// HasField reports whether some packet may have a field.
func HasField(key string) bool {
	_, ok := slices.BinarySearch(fieldKeys, key)
	return ok
}
