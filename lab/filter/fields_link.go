package filter

import "wirelab/stack/wire"

// The frame, what the lab knows about it, Ethernet and ARP.

var frameRows = []row{
	{"frame", "Frame", kProto, 0, 0, 0, whole, 0, nil},
	{"frame.number", "Frame Number", kNumber, 0, 0, 0, computed, cNumber, nil},
	{"frame.time_relative", "Time since the lab began", kTime, 0, 0, 0, computed, cTime, nil},
	{"frame.len", "Frame length on the wire", kNumber, 0, 0, 0, computed, cLength, nil},
	{"frame.cap_len", "Frame length stored", kNumber, 0, 0, 0, computed, cLength, nil},
}

var labRows = []row{
	{"wl.host", "Host that sent it", kText, 0, 0, 0, computed, cHost, nil},
	{"wl.link", "Link", kText, 0, 0, 0, computed, cLink, nil},
	{"wl.dir", "Direction of the link", kNumber, 0, 0, 0, computed, cDir, nil},
	{"wl.fate", "What became of it", kText, 0, 0, 0, computed, cFate, fates},
	{"wl.reason", "Why it was sent", kText, 0, 0, 0, computed, cReason, reasons},
	{"wl.xmit", "Number of the transmission", kNumber, 0, 0, 0, computed, cXmit, nil},
	{"wl.copy", "Number of the copy", kNumber, 0, 0, 0, computed, cCopy, nil},
}

// fates are those that lab/link knows, for proposals.
var fates = &enum{open: true, list: []naming{{0, "delivered"}, {1, "lost"}, {2, "dropped"}, {3, "dropped_early"}, {4, "dropped_down"},
	{5, "dropped_too_big"}, {6, "dropped_by_hand"}}}

var etherTypes = &enum{list: []naming{{wire.TypeIPv4, "IPv4"}, {wire.TypeARP, "ARP"}, {wire.TypeIPv6, "IPv6"}}}

var ethRows = []row{
	{"eth", "Ethernet", kProto, 0, 0, 0, whole, 0, nil},
	{"eth.dst", "Destination", kMAC, 0, 6, 0, fixed, 0, nil},
	{"eth.src", "Source", kMAC, 6, 6, 0, fixed, 0, nil},
	{"eth.addr", "Address", kMAC, 0, 6, 0, fixed, 0, nil},
	{"eth.addr", "Address", kMAC, 6, 6, 0, fixed, 0, nil},
	{"eth.dst.lg", "LG bit", kBool, 0, 1, 2, fixed, 0, nil},
	{"eth.dst.ig", "IG bit", kBool, 0, 1, 1, fixed, 0, nil},
	{"eth.src.lg", "LG bit", kBool, 6, 1, 2, fixed, 0, nil},
	{"eth.src.ig", "IG bit", kBool, 6, 1, 1, fixed, 0, nil},
	{"eth.lg", "LG bit", kBool, 0, 1, 2, fixed, 0, nil},
	{"eth.lg", "LG bit", kBool, 6, 1, 2, fixed, 0, nil},
	{"eth.ig", "IG bit", kBool, 0, 1, 1, fixed, 0, nil},
	{"eth.ig", "IG bit", kBool, 6, 1, 1, fixed, 0, nil},
	{"eth.type", "Type", kNumber, 0, 0, 0, computed, cEthType, etherTypes},
	{"eth.len", "Length", kNumber, 0, 0, 0, computed, cEthLen, nil},
}

var arpRows = []row{
	{"arp", "Address Resolution Protocol", kProto, 0, 0, 0, whole, 0, nil},
	{"arp.hw.type", "Hardware type", kNumber, 0, 2, 0, fixed, 0, nil},
	{"arp.proto.type", "Protocol type", kNumber, 2, 2, 0, fixed, 0, etherTypes},
	{"arp.hw.size", "Hardware size", kNumber, 4, 1, 0, fixed, 0, nil},
	{"arp.proto.size", "Protocol size", kNumber, 5, 1, 0, fixed, 0, nil},
	{"arp.opcode", "Opcode", kNumber, 6, 2, 0, fixed, 0, &enum{list: []naming{{wire.ARPRequest, "request"}, {wire.ARPReply, "reply"}}}},
	{"arp.src.hw_mac", "Sender MAC address", kMAC, 8, 6, 0, computed, cARP, nil},
	{"arp.src.proto_ipv4", "Sender IP address", kIPv4, 14, 4, 0, computed, cARP, nil},
	{"arp.dst.hw_mac", "Target MAC address", kMAC, 18, 6, 0, computed, cARP, nil},
	{"arp.dst.proto_ipv4", "Target IP address", kIPv4, 24, 4, 0, computed, cARP, nil},
}

var dataRows = []row{
	{"data", "Data", kProto, 0, 0, 0, whole, 0, nil},
	{"data.data", "Data", kBytes, 0, 0, 0, whole, 0, nil},
	{"data.len", "Length", kNumber, 0, 0, 0, computed, cBytes, nil},
}
