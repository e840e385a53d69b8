package wire

import "fmt"

// IPv6 as fields, in the order of RFC 8200 §3, and its extension headers, each
// a layer of its own (§4).

var ipv6Specs = []spec{
	{1, "ipv6.version", "Version", 0, 1, 0xf0, dec},
	{1, "ipv6.tclass", "Traffic Class", 0, 2, 0x0ff0, ipv4Specs[2].show},
	{2, "ipv6.tclass.dscp", "Differentiated Services Codepoint", 0, 2, 0x0fc0, ipv4Specs[3].show},
	{2, "ipv6.tclass.ecn", "Explicit Congestion Notification", 1, 1, 0x30, ipv4Specs[4].show},
	{1, "ipv6.flow", "Flow Label", 1, 3, 0x0fffff, func(v uint64) string { return fmt.Sprintf("0x%05x", v) }},
	{1, "ipv6.plen", "Payload Length", 4, 2, 0, dec},
	{1, "ipv6.nxt", "Next Header", 6, 1, 0, named(protocols)},
	{1, "ipv6.hlim", "Hop Limit", 7, 1, 0, dec},
	{1, "ipv6.src", "Source Address", 8, 16, 0, nil},
	{1, "ipv6.dst", "Destination Address", 24, 16, 0, nil},
}

// ipv6 describes the packet at [at, end) and returns where it says it ends.
func (d *decoder) ipv6(at, end int) (next int) {
	d.open("ipv6", "Internet Protocol Version 6", at, min(at+IPv6Len, end))
	if !d.header(ipv6Specs, at, end) {
		return end
	}
	p := IPv6(d.frame[at:end])
	d.out[d.layer].Text = fmt.Sprintf("Src: %s, Dst: %s", p.Src(), p.Dst())
	if p[0]>>4 != 6 {
		d.fault("ipv6.version", "must be 6")
		d.data(at+IPv6Len, end)
		return end
	}
	stop := at + IPv6Len + p.PayloadLen()
	d.whole = stop <= end
	if stop > end && !d.quoted {
		d.fault("ipv6.plen", "truncated: "+count(end-at-IPv6Len, "byte")+" are here")
	}
	u := upper{src: p.Src(), dst: p.Dst(), proto: p.NextHeader(), length: p.PayloadLen()}
	d.extensions(u, at+IPv6Len, min(stop, end))
	return min(stop, end)
}

// extension says how a header is read that begins with the next one's number.
type extension struct {
	proto     uint8
	key, name string
	specs     []spec
	options   bool // the rest of it are options
}

var extensions = []extension{
	{ProtoHopByHop, "ipv6.hopopts", "IPv6 Hop-by-Hop Option", []spec{
		{1, "ipv6.hopopts.nxt", "Next Header", 0, 1, 0, named(protocols)},
		{1, "ipv6.hopopts.len", "Length", 1, 1, 0, words64},
	}, true},
	{ProtoDestOptions, "ipv6.dstopts", "Destination Options for IPv6", []spec{
		{1, "ipv6.dstopts.nxt", "Next Header", 0, 1, 0, named(protocols)},
		{1, "ipv6.dstopts.len", "Length", 1, 1, 0, words64},
	}, true},
	{ProtoRouting, "ipv6.routing", "Routing Header for IPv6", []spec{
		{1, "ipv6.routing.nxt", "Next Header", 0, 1, 0, named(protocols)},
		{1, "ipv6.routing.len", "Length", 1, 1, 0, words64},
		{1, "ipv6.routing.type", "Type", 2, 1, 0, dec},
		{1, "ipv6.routing.segleft", "Segments Left", 3, 1, 0, dec},
	}, false},
	{ProtoFragment, "ipv6.fraghdr", "Fragment Header for IPv6", []spec{
		{1, "ipv6.fraghdr.nxt", "Next header", 0, 1, 0, named(protocols)},
		{1, "ipv6.fraghdr.reserved_octet", "Reserved octet", 1, 1, 0, dec},
		{1, "ipv6.fraghdr.offset", "Offset", 2, 2, 0xfff8, func(v uint64) string { return fmt.Sprintf("%d (%d bytes)", v, 8*v) }},
		{1, "ipv6.fraghdr.reserved_bits", "Reserved bits", 3, 1, 6, dec},
		{1, "ipv6.fraghdr.more", "More Fragments", 3, 1, 1, isSet},
		{1, "ipv6.fraghdr.ident", "Identification", 4, 4, 0, func(v uint64) string { return fmt.Sprintf("0x%08x", v) }},
	}, false},
}

// words64 shows the length of an extension header, which counts words of 64
// bits behind the first.
func words64(v uint64) string { return fmt.Sprintf("%d (%d bytes)", v, 8+8*v) }

// extensions describes the headers at [at, end) and what follows them.
func (d *decoder) extensions(u upper, at, end int) {
	begins, stated := true, u.length
	start := at
	for at < end && begins {
		x := extensionOf(u.proto)
		if x == nil {
			break
		}
		d.open(x.key, x.name, at, min(at+8, end))
		if !d.header(x.specs, at, end) {
			d.out[d.layer].End = end
			return
		}
		length := 8
		if u.proto == ProtoFragment {
			f := Fragment(d.frame[at:end])
			begins = f.Offset() == 0
			d.whole = d.whole && begins && !f.More()
			d.out[d.layer].Text = fmt.Sprintf("Offset: %d, Identification: 0x%08x", f.Offset(), f.ID())
		} else {
			length += 8 * int(d.frame[at+1])
			d.out[d.layer].Text = count(length, "byte")
		}
		stop := min(at+length, end)
		d.out[d.layer].End = stop
		if x.options {
			d.ipv6Options(at+2, stop)
		}
		if at+length > end {
			d.cut(end, end, at+length-end)
			return
		}
		u.proto, at = d.frame[at], stop
	}
	u.length = stated - (at - start)
	if at < end {
		d.transport(u, begins, at, end)
	}
}

func extensionOf(proto uint8) *extension {
	for i := range extensions {
		if extensions[i].proto == proto {
			return &extensions[i]
		}
	}
	return nil
}

// ipv6Options describes the options of an extension header at [at, end).
func (d *decoder) ipv6Options(at, end int) {
	const pad1, padN = 0, 1
	for at < end {
		if d.frame[at] == pad1 {
			d.add(1, "ipv6.opt.pad1", "Pad1", "", at, at+1)
			at++
			continue
		}
		next := end
		if at+2 <= end {
			next = at + 2 + int(d.frame[at+1])
		}
		name := "Unknown"
		if d.frame[at] == padN {
			name = "PadN"
		}
		here := min(next, end)
		d.add(1, "ipv6.opt", "IPv6 Option", name, at, here)
		i := len(d.out) - 1
		d.add(2, "ipv6.opt.type", "Type", fmt.Sprintf("%s (0x%02x)", name, d.frame[at]), at, at+1)
		if at+2 > end || next > end {
			d.out[i].Text, d.out[i].Bad = name+" [truncated]", !d.quoted
			return
		}
		d.add(2, "ipv6.opt.length", "Length", dec(uint64(next-at-2)), at+1, at+2)
		if at+2 < next {
			key := "ipv6.opt.unknown"
			if name == "PadN" {
				key = "ipv6.opt.padn"
			}
			d.add(2, key, "Payload", hexText(d.frame[at+2:next]), at+2, next)
		}
		at = next
	}
}
