package filter

import "wirelab/stack/wire"

// IPv4, IPv6 and its extension headers, ICMP, ICMPv6.

var (
	protocols = &enum{list: []naming{{wire.ProtoICMP, "ICMP"}, {wire.ProtoTCP, "TCP"}, {wire.ProtoUDP, "UDP"}, {wire.ProtoICMPv6, "ICMPv6"}}}
	sums      = &enum{list: []naming{{sumBad, "Bad"}, {sumGood, "Good"}, {sumUnverified, "Unverified"}, {sumAbsent, "Not present"}}}
	ecns      = &enum{list: []naming{{0, "Not-ECT"}, {wire.ECT1, "ECT(1)"}, {wire.ECT0, "ECT(0)"}, {wire.CE, "CE"}}}
)

var ipRows = []row{
	{"ip", "Internet Protocol Version 4", kProto, 0, 0, 0, whole, 0, nil},
	{"ip.addr", "Source or Destination Address", kIPv4, 12, 4, 0, fixed, 0, nil},
	{"ip.addr", "Source or Destination Address", kIPv4, 16, 4, 0, fixed, 0, nil},
	{"ip.src", "Source Address", kIPv4, 12, 4, 0, fixed, 0, nil},
	{"ip.dst", "Destination Address", kIPv4, 16, 4, 0, fixed, 0, nil},
	{"ip.proto", "Protocol", kNumber, 9, 1, 0, fixed, 0, protocols},
	{"ip.ttl", "Time to Live", kNumber, 8, 1, 0, fixed, 0, nil},
	{"ip.len", "Total Length", kNumber, 2, 2, 0, fixed, 0, nil},
	{"ip.id", "Identification", kNumber, 4, 2, 0, fixed, 0, nil},
	{"ip.version", "Version", kNumber, 0, 1, 0xf0, fixed, 0, nil},
	{"ip.hdr_len", "Header Length", kNumber, 0, 1, 0x0f, words, 0, nil},
	{"ip.dsfield", "Differentiated Services Field", kNumber, 1, 1, 0, fixed, 0, nil},
	{"ip.dsfield.dscp", "Differentiated Services Codepoint", kNumber, 1, 1, 0xfc, fixed, 0, nil},
	{"ip.dsfield.ecn", "Explicit Congestion Notification", kNumber, 1, 1, 3, fixed, 0, ecns},
	{"ip.flags", "Flags", kNumber, 6, 1, 0xe0, fixed, 0, nil},
	{"ip.flags.rb", "Reserved bit", kBool, 6, 1, 0x80, fixed, 0, nil},
	{"ip.flags.df", "Don't fragment", kBool, 6, 1, 0x40, fixed, 0, nil},
	{"ip.flags.mf", "More fragments", kBool, 6, 1, 0x20, fixed, 0, nil},
	{"ip.frag_offset", "Fragment Offset, in units of 8 bytes", kNumber, 6, 2, 0x1fff, fixed, 0, nil},
	{"ip.checksum", "Header Checksum", kNumber, 10, 2, 0, fixed, 0, nil},
	{"ip.checksum.status", "Header checksum status", kNumber, 0, 0, 0, computed, cSum, sums},
}

var ipv6Rows = []row{
	{"ipv6", "Internet Protocol Version 6", kProto, 0, 0, 0, whole, 0, nil},
	{"ipv6.addr", "Source or Destination Address", kIPv6, 8, 16, 0, fixed, 0, nil},
	{"ipv6.addr", "Source or Destination Address", kIPv6, 24, 16, 0, fixed, 0, nil},
	{"ipv6.src", "Source Address", kIPv6, 8, 16, 0, fixed, 0, nil},
	{"ipv6.dst", "Destination Address", kIPv6, 24, 16, 0, fixed, 0, nil},
	{"ipv6.nxt", "Next Header", kNumber, 6, 1, 0, fixed, 0, protocols},
	{"ipv6.hlim", "Hop Limit", kNumber, 7, 1, 0, fixed, 0, nil},
	{"ipv6.plen", "Payload Length", kNumber, 4, 2, 0, fixed, 0, nil},
	{"ipv6.version", "Version", kNumber, 0, 1, 0xf0, fixed, 0, nil},
	{"ipv6.tclass", "Traffic Class", kNumber, 0, 2, 0x0ff0, fixed, 0, nil},
	{"ipv6.tclass.dscp", "Differentiated Services Codepoint", kNumber, 0, 2, 0x0fc0, fixed, 0, nil},
	{"ipv6.tclass.ecn", "Explicit Congestion Notification", kNumber, 1, 1, 0x30, fixed, 0, ecns},
	{"ipv6.flow", "Flow Label", kNumber, 1, 3, 0xfffff, fixed, 0, nil},
}

var hopByHopRows = []row{
	{"ipv6.hopopts", "IPv6 Hop-by-Hop Option", kProto, 0, 0, 0, whole, 0, nil},
	{"ipv6.hopopts.nxt", "Next Header", kNumber, 0, 1, 0, fixed, 0, protocols},
}

var destOptsRows = []row{
	{"ipv6.dstopts", "Destination Options for IPv6", kProto, 0, 0, 0, whole, 0, nil},
	{"ipv6.dstopts.nxt", "Next Header", kNumber, 0, 1, 0, fixed, 0, protocols},
}

var routingRows = []row{
	{"ipv6.routing", "Routing Header for IPv6", kProto, 0, 0, 0, whole, 0, nil},
	{"ipv6.routing.nxt", "Next Header", kNumber, 0, 1, 0, fixed, 0, protocols},
	{"ipv6.routing.type", "Type", kNumber, 2, 1, 0, fixed, 0, nil},
	{"ipv6.routing.segleft", "Segments Left", kNumber, 3, 1, 0, fixed, 0, nil},
}

var fragmentRows = []row{
	{"ipv6.fraghdr", "Fragment Header for IPv6", kProto, 0, 0, 0, whole, 0, nil},
	{"ipv6.fraghdr.nxt", "Next header", kNumber, 0, 1, 0, fixed, 0, protocols},
	{"ipv6.fraghdr.offset", "Offset, in units of 8 bytes", kNumber, 2, 2, 0xfff8, fixed, 0, nil},
	{"ipv6.fraghdr.more", "More Fragments", kBool, 3, 1, 1, fixed, 0, nil},
	{"ipv6.fraghdr.ident", "Identification", kNumber, 4, 4, 0, fixed, 0, nil},
}

var icmpRows = []row{
	{"icmp", "Internet Control Message Protocol", kProto, 0, 0, 0, whole, 0, nil},
	{"icmp.type", "Type", kNumber, 0, 1, 0, fixed, 0, &enum{list: []naming{{wire.ICMPEchoReply, "Echo (ping) reply"},
		{wire.ICMPUnreachable, "Destination unreachable"}, {wire.ICMPRedirect, "Redirect"}, {wire.ICMPEcho, "Echo (ping) request"},
		{wire.ICMPTimeExceeded, "Time-to-live exceeded"}, {wire.ICMPParamProblem, "Parameter problem"}}}},
	{"icmp.code", "Code", kNumber, 1, 1, 0, fixed, 0, nil},
	{"icmp.checksum", "Checksum", kNumber, 2, 2, 0, fixed, 0, nil},
	{"icmp.checksum.status", "Checksum Status", kNumber, 0, 0, 0, computed, cSum, sums},
	{"icmp.ident", "Identifier (BE)", kNumber, 4, 2, 0, ofType, wire.ICMPEcho, nil},
	{"icmp.ident", "Identifier (BE)", kNumber, 4, 2, 0, ofType, wire.ICMPEchoReply, nil},
	{"icmp.seq", "Sequence Number (BE)", kNumber, 6, 2, 0, ofType, wire.ICMPEcho, nil},
	{"icmp.seq", "Sequence Number (BE)", kNumber, 6, 2, 0, ofType, wire.ICMPEchoReply, nil},
	{"icmp.mtu", "MTU of next hop", kNumber, 6, 2, 0, computed, cMTU, nil},
	{"icmp.redir_gw", "Gateway Address", kIPv4, 4, 4, 0, ofType, wire.ICMPRedirect, nil},
	{"icmp.pointer", "Pointer", kNumber, 4, 1, 0, ofType, wire.ICMPParamProblem, nil},
}

var icmpv6Rows = []row{
	{"icmpv6", "Internet Control Message Protocol v6", kProto, 0, 0, 0, whole, 0, nil},
	{"icmpv6.type", "Type", kNumber, 0, 1, 0, fixed, 0, &enum{list: []naming{{wire.ICMPv6Unreachable, "Destination Unreachable"},
		{wire.ICMPv6TooBig, "Packet Too Big"}, {wire.ICMPv6TimeExceeded, "Time Exceeded"}, {wire.ICMPv6ParamProblem, "Parameter Problem"},
		{wire.ICMPv6Echo, "Echo (ping) request"}, {wire.ICMPv6EchoReply, "Echo (ping) reply"},
		{wire.ICMPv6RouterSolicit, "Router Solicitation"}, {wire.ICMPv6RouterAdvert, "Router Advertisement"},
		{wire.ICMPv6NeighborSolicit, "Neighbor Solicitation"}, {wire.ICMPv6NeighborAdvert, "Neighbor Advertisement"},
		{wire.ICMPv6Redirect, "Redirect"}}}},
	{"icmpv6.code", "Code", kNumber, 1, 1, 0, fixed, 0, nil},
	{"icmpv6.checksum", "Checksum", kNumber, 2, 2, 0, fixed, 0, nil},
	{"icmpv6.checksum.status", "Checksum Status", kNumber, 0, 0, 0, computed, cSum, sums},
	{"icmpv6.echo.identifier", "Identifier", kNumber, 4, 2, 0, ofType, wire.ICMPv6Echo, nil},
	{"icmpv6.echo.identifier", "Identifier", kNumber, 4, 2, 0, ofType, wire.ICMPv6EchoReply, nil},
	{"icmpv6.echo.sequence_number", "Sequence", kNumber, 6, 2, 0, ofType, wire.ICMPv6Echo, nil},
	{"icmpv6.echo.sequence_number", "Sequence", kNumber, 6, 2, 0, ofType, wire.ICMPv6EchoReply, nil},
	{"icmpv6.mtu", "MTU", kNumber, 4, 4, 0, ofType, wire.ICMPv6TooBig, nil},
	{"icmpv6.pointer", "Pointer", kNumber, 4, 4, 0, ofType, wire.ICMPv6ParamProblem, nil},
	{"icmpv6.nd.ra.cur_hop_limit", "Cur hop limit", kNumber, 4, 1, 0, ofType, wire.ICMPv6RouterAdvert, nil},
	{"icmpv6.nd.ra.flag", "Flags", kNumber, 5, 1, 0, ofType, wire.ICMPv6RouterAdvert, nil},
	{"icmpv6.nd.ra.flag.m", "Managed address configuration", kBool, 5, 1, 0x80, ofType, wire.ICMPv6RouterAdvert, nil},
	{"icmpv6.nd.ra.flag.o", "Other configuration", kBool, 5, 1, 0x40, ofType, wire.ICMPv6RouterAdvert, nil},
	{"icmpv6.nd.ra.router_lifetime", "Router lifetime (s)", kNumber, 6, 2, 0, ofType, wire.ICMPv6RouterAdvert, nil},
	{"icmpv6.nd.ns.target_address", "Target Address", kIPv6, 8, 16, 0, ofType, wire.ICMPv6NeighborSolicit, nil},
	{"icmpv6.nd.na.target_address", "Target Address", kIPv6, 8, 16, 0, ofType, wire.ICMPv6NeighborAdvert, nil},
	{"icmpv6.nd.na.flag.r", "Router", kBool, 4, 4, 0x80000000, ofType, wire.ICMPv6NeighborAdvert, nil},
	{"icmpv6.nd.na.flag.s", "Solicited", kBool, 4, 4, 0x40000000, ofType, wire.ICMPv6NeighborAdvert, nil},
	{"icmpv6.nd.na.flag.o", "Override", kBool, 4, 4, 0x20000000, ofType, wire.ICMPv6NeighborAdvert, nil},
	{"icmpv6.nd.rd.target_address", "Target Address", kIPv6, 8, 16, 0, ofType, wire.ICMPv6Redirect, nil},
}
