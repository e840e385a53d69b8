package wire

import (
	"fmt"
	"strings"
)

// TCP's options as fields (RFC 9293 §3.2).

// optionKind says how a kind of option is read.
type optionKind struct {
	kind      uint8
	key, name string
	length    int // that it must have, kind and length included; 0: any
	specs     []spec
	text      func(data []byte) string
}

var optionKinds = []optionKind{
	{OptEnd, "tcp.options.eol", "End of Option List (EOL)", 1, nil, nil},
	{OptNop, "tcp.options.nop", "No-Operation (NOP)", 1, nil, nil},
	{OptMSS, "tcp.options.mss", "Maximum segment size", 4, []spec{
		{3, "tcp.options.mss_val", "MSS Value", 2, 2, 0, dec},
	}, func(b []byte) string { return fmt.Sprintf("%d bytes", be.Uint16(b)) }},
	{OptWindowScale, "tcp.options.wscale", "Window scale", 3, []spec{
		{3, "tcp.options.wscale.shift", "Shift count", 2, 1, 0, dec},
		{3, "tcp.options.wscale.multiplier", "Multiplier", 2, 1, 0, func(v uint64) string { return dec(multiplier(v)) }},
	}, wscaleText},
	{OptSACKPermitted, "tcp.options.sack_perm", "SACK permitted", 2, nil, nil},
	{OptSACK, "tcp.options.sack", "SACK", 0, nil, sackText},
	{OptTimestamps, "tcp.options.timestamp", "Timestamps", 10, []spec{
		{3, "tcp.options.timestamp.tsval", "Timestamp value", 2, 4, 0, dec},
		{3, "tcp.options.timestamp.tsecr", "Timestamp echo reply", 6, 4, 0, dec},
	}, func(b []byte) string { return fmt.Sprintf("TSval %d, TSecr %d", be.Uint32(b), be.Uint32(b[4:])) }},
	{OptUserTimeout, "tcp.options.user_to", "User Timeout", 4, []spec{
		{3, "tcp.options.user_to_granularity", "Granularity", 2, 1, 0x80, func(v uint64) string { return [2]string{"Seconds", "Minutes"}[v&1] }},
		{3, "tcp.options.user_to_val", "User Timeout", 2, 2, 0x7fff, dec},
	}, userTimeoutText},
	{OptFastOpen, "tcp.options.tfo", "TCP Fast Open", 0, nil, tfoText},
}

// userTimeoutText reads the value in the unit that its first bit names (RFC 5482 §3).
func userTimeoutText(b []byte) string {
	v := be.Uint16(b)
	return fmt.Sprintf("%d %s", v&0x7fff, [2]string{"seconds", "minutes"}[v>>15])
}

// tfoText tells a cookie from the request for one (RFC 7413 §4.1.1).
func tfoText(b []byte) string {
	if len(b) == 0 {
		return "Cookie Request"
	}
	return "Cookie " + hexText(b)
}

var unknownOption = optionKind{key: "tcp.options.unknown", name: "Unknown", text: hexText}

func optionKindOf(kind uint8) *optionKind {
	for i := range optionKinds {
		if optionKinds[i].kind == kind {
			return &optionKinds[i]
		}
	}
	return &unknownOption
}

// multiplier returns the factor of a window scale; 14 is the largest shift that
// a receiver uses (RFC 7323 §2.3).
func multiplier(shift uint64) uint64 { return 1 << min(shift, 14) }

func wscaleText(b []byte) string {
	return fmt.Sprintf("%d (multiply by %d)", b[0], multiplier(uint64(b[0])))
}

func sackText(b []byte) string {
	var blocks []string
	for ; len(b) >= 8; b = b[8:] {
		blocks = append(blocks, fmt.Sprintf("%d-%d", be.Uint32(b), be.Uint32(b[4:])))
	}
	return strings.Join(blocks, " ")
}

// tcpOptions describes the options at [at, end).
func (d *decoder) tcpOptions(at, end int) {
	if at >= end {
		return
	}
	list := len(d.out)
	d.add(1, "tcp.options", "Options", "("+count(end-at, "byte")+")", at, end)
	opts := d.frame[at:end]
	for i := 0; i < len(opts); {
		kind := optionKindOf(opts[i])
		d.out[list].Text += ", " + kind.name
		o, next, ok := NextOption(opts, i)
		switch {
		case ok:
			d.tcpOption(kind, o, at+i, at+next)
		case opts[i] == OptEnd:
			d.tcpOptionsEnd(kind, at+i, end)
			return
		default:
			d.tcpOptionCut(kind, at+i, end)
			return
		}
		i = next
	}
}

// tcpOption describes the option at [at, end).
func (d *decoder) tcpOption(kind *optionKind, o Option, at, end int) {
	i := len(d.out)
	d.add(2, kind.key, "TCP Option - "+kind.name, "", at, end)
	d.add(3, "tcp.option_kind", "Kind", fmt.Sprintf("%s (%d)", kind.name, o.Kind), at, at+1)
	if o.Kind != OptNop {
		d.add(3, "tcp.option_len", "Length", dec(uint64(end-at)), at+1, at+2)
	}
	switch {
	case kind.length != 0 && kind.length != end-at:
		d.out[i].Text, d.out[i].Bad = fmt.Sprintf("[length should be %d]", kind.length), true
		return
	case o.Kind == OptSACK:
		d.sackBlocks(i, o.Data, at+2)
	case kind == &unknownOption:
		d.add(3, "tcp.options.unknown.payload", "Payload", hexText(o.Data), at+2, end)
	default:
		d.header(kind.specs, at, end)
	}
	if kind.text != nil {
		d.out[i].Text = strings.TrimSpace(kind.text(o.Data) + d.out[i].Text)
	}
}

// sackBlocks describes the edges of each block (RFC 2018 §3).
func (d *decoder) sackBlocks(option int, b []byte, at int) {
	if len(b)%8 != 0 || len(b) == 0 {
		d.out[option].Text, d.out[option].Bad = " [not a whole number of blocks]", true
	}
	for ; len(b) >= 8; b, at = b[8:], at+8 {
		d.add(3, "tcp.options.sack_le", "TCP SACK Left Edge", dec(uint64(be.Uint32(b))), at, at+4)
		d.add(3, "tcp.options.sack_re", "TCP SACK Right Edge", dec(uint64(be.Uint32(b[4:]))), at+4, at+8)
	}
}

// tcpOptionsEnd describes the end of the list and what fills the header behind it.
func (d *decoder) tcpOptionsEnd(kind *optionKind, at, end int) {
	text := ""
	if n := end - at - 1; n > 0 {
		text = count(n, "byte") + " of padding behind it"
	}
	d.add(2, kind.key, "TCP Option - "+kind.name, text, at, end)
	d.add(3, "tcp.option_kind", "Kind", fmt.Sprintf("%s (%d)", kind.name, OptEnd), at, at+1)
}

// tcpOptionCut describes an option whose length is impossible; what stands
// behind it cannot be read (RFC 9293 §3.1, MUST-7).
func (d *decoder) tcpOptionCut(kind *optionKind, at, end int) {
	text := "[truncated] the length is missing"
	if at+1 < end {
		switch n := int(d.frame[at+1]); {
		case n < 2:
			text = fmt.Sprintf("[length %d is less than the least, 2]", n)
		default:
			text = fmt.Sprintf("[truncated] the length is %d, %s left", n, count(end-at, "byte"))
		}
	}
	d.add(2, kind.key, "TCP Option - "+kind.name, text, at, end)
	d.out[len(d.out)-1].Bad = !d.quoted
	d.add(3, "tcp.option_kind", "Kind", fmt.Sprintf("%s (%d)", kind.name, d.frame[at]), at, at+1)
}
