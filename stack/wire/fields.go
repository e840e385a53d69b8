package wire

import (
	"fmt"
	"math/bits"
	"slices"
	"strconv"
	"unicode/utf8"
)

// Field is one line of a decode tree, as Wireshark's packet details show it.
// The tree is flat: fields stand in pre-order, and Depth says what belongs to
// what. A field lies within the bytes of the one it belongs to.
type Field struct {
	Key        string // Wireshark's name in filters: "tcp.seq"; with a dot in front there is none
	Name       string // "Sequence Number"
	Text       string // the value: "1739326486"; of a layer or an option, its summary
	Start, End int    // bytes [Start, End) of the frame; empty if the value is computed
	Depth      uint8  // 0 a layer, 1 its fields, 2 bits of a field and single options …
	mask       uint64 // the bits of them that count; 0: all
	Bad        bool   // a wrong checksum, a length that contradicts, bytes that are missing
}

// Fields appends the decode tree of an Ethernet frame to dst. Any bytes will
// do: what is cut off or contradicts itself is said in a field with Bad set.
func Fields(dst []Field, frame []byte) []Field {
	d := decoder{out: dst, frame: frame}
	d.ethernet()
	return d.out
}

// decoder walks a frame from layer to layer. Offsets count from the start of
// the frame. The end of a layer is where the layer below says it ends, or where
// the frame does.
type decoder struct {
	out   []Field
	frame []byte
	layer int   // index in out of the layer being described
	depth uint8 // of that layer
	// An ICMP error quotes the beginning of a packet: that the rest is missing
	// is no fault (RFC 792), and that it holds no further quotation is ours.
	quoted bool
	// The packet is here from end to end: checksums can be computed.
	whole bool
}

// spec describes a field whose place in its header is fixed.
type spec struct {
	depth     uint8 // below the layer
	key, name string
	at, size  int    // bytes, from the start of the header
	mask      uint64 // the bits that count; 0: all
	show      func(v uint64) string
}

// open begins a layer.
func (d *decoder) open(key, name string, at, end int) {
	d.layer = len(d.out)
	d.out = append(d.out, Field{Key: key, Name: name, Start: at, End: end, Depth: d.depth})
}

// header appends the fields of a header at [at, end). It returns false if the
// header is cut short, after it has said so.
func (d *decoder) header(specs []spec, at, end int) bool {
	for i := range specs {
		s := &specs[i]
		if start := at + s.at; start+s.size > end {
			d.cut(min(start, end), end, at+need(specs)-end)
			return false
		}
		d.add(s.depth, s.key, s.name, d.text(s, at), at+s.at, at+s.at+s.size)
		d.out[len(d.out)-1].mask = s.mask
	}
	return true
}

// need returns the length of the header that specs describe.
func need(specs []spec) int {
	last := &specs[len(specs)-1]
	return last.at + last.size
}

// text shows the value of a field; one of 16 bytes is an IPv6 address.
func (d *decoder) text(s *spec, at int) string {
	if s.size == 16 {
		return Addr(d.frame[at+s.at:][:16]).String()
	}
	return s.show(d.value(s, at))
}

func (d *decoder) value(s *spec, at int) (v uint64) {
	for _, b := range d.frame[at+s.at : at+s.at+s.size] {
		v = v<<8 | uint64(b)
	}
	if s.mask != 0 {
		v = v & s.mask >> bits.TrailingZeros64(s.mask)
	}
	return v
}

// add appends a field depth steps below the layer.
func (d *decoder) add(depth uint8, key, name, text string, start, end int) {
	d.out = append(d.out, Field{Key: key, Name: name, Text: text, Start: start, End: end, Depth: d.depth + depth})
}

// cut says that bytes are missing behind a header's last ones at [start, end).
func (d *decoder) cut(start, end, missing int) {
	if d.quoted {
		return
	}
	d.add(1, "_ws.malformed", "[truncated]", count(missing, "byte")+" of the header missing", start, end)
	d.out[len(d.out)-1].Bad = true
}

// broken says that [start, end) cannot be read, and why.
func (d *decoder) broken(start, end int, why string) {
	if d.quoted {
		return
	}
	d.add(1, "_ws.malformed", "[malformed]", why, start, end)
	d.out[len(d.out)-1].Bad = true
}

// find returns the index of a field of the current layer, or -1.
func (d *decoder) find(key string) int {
	i := slices.IndexFunc(d.out[d.layer:], func(f Field) bool { return f.Key == key })
	if i < 0 {
		return -1
	}
	return d.layer + i
}

// fault marks a field of the current layer as bad and says why.
func (d *decoder) fault(key, why string) {
	if i := d.find(key); i >= 0 {
		d.out[i].Text += " [" + why + "]"
		d.out[i].Bad = true
	}
}

// computed puts a field that no byte holds in front of the field before.
func (d *decoder) computed(before, key, name, text string) {
	if i := d.find(before); i >= 0 {
		at := d.out[i].Start
		d.out = slices.Insert(d.out, i, Field{Key: key, Name: name, Text: text, Start: at, End: at, Depth: d.depth + 1})
	}
}

// sumState is what can be said about a checksum.
type sumState uint8

const (
	sumGood sumState = iota
	sumBad
	sumUnverified // bytes are missing, or where they end is unclear
	sumNotPresent // UDP, zero: the sender computed none
)

func stateOf(ok bool) sumState {
	if ok {
		return sumGood
	}
	return sumBad
}

// checksum adds its state to the field key of the current layer; want is the
// right value.
func (d *decoder) checksum(key, statusName string, state sumState, want uint16) {
	i := d.find(key)
	if i < 0 {
		return
	}
	f := &d.out[i]
	status := ""
	switch state {
	case sumGood:
		status, f.Text = "Good", f.Text+" [correct]"
	case sumBad:
		status = "Bad"
		d.fault(key, fmt.Sprintf("incorrect, should be 0x%04x", want))
	case sumUnverified:
		status, f.Text = "Unverified", f.Text+" [unverified]"
	case sumNotPresent:
		status, f.Text = "Not present", f.Text+" [none was computed]"
	}
	d.out = slices.Insert(d.out, i+1, Field{
		Key: key + ".status", Name: statusName, Text: status, Start: f.Start, End: f.End, Depth: f.Depth + 1, Bad: f.Bad,
	})
}

// data appends a layer for bytes that nothing here can read, unless there are none.
func (d *decoder) data(at, end int) {
	if at >= end {
		return
	}
	b := d.frame[at:end]
	d.open("data", "Data", at, end)
	d.out[d.layer].Text = count(len(b), "byte") + preview(b)
	d.add(1, "data.data", "Data", hexText(b), at, end)
	d.add(1, "data.len", "Length", strconv.Itoa(len(b)), end, end)
}

// hexText returns the first bytes of b in hex.
func hexText(b []byte) string {
	const most = 32
	if len(b) > most {
		return fmt.Sprintf("%x…", b[:most])
	}
	return fmt.Sprintf("%x", b)
}

// preview returns a space and the beginning of b in quotes if it is text, else
// nothing. A character that a segment boundary cuts is left out.
func preview(b []byte) string {
	const most = 40
	at := 0
	for range most {
		if !utf8.FullRune(b[at:]) {
			break
		}
		r, n := utf8.DecodeRune(b[at:])
		if r == utf8.RuneError && n == 1 || !strconv.IsPrint(r) && r != '\n' && r != '\r' && r != '\t' {
			return ""
		}
		at += n
	}
	switch {
	case at == 0:
		return ""
	case at < len(b):
		return " " + strconv.Quote(string(b[:at])) + "…"
	}
	return " " + strconv.Quote(string(b))
}

func count(n int, what string) string {
	if n == 1 {
		return "1 " + what
	}
	return strconv.Itoa(n) + " " + what + "s"
}

// How values are shown.

func dec(v uint64) string      { return strconv.FormatUint(v, 10) }
func hex16(v uint64) string    { return fmt.Sprintf("0x%04x", v) }
func hex16dec(v uint64) string { return fmt.Sprintf("0x%04x (%d)", v, v) }
func dechex16(v uint64) string { return fmt.Sprintf("%d (0x%04x)", v, v) }
func ipText(v uint64) string   { return From4(uint32(v)).String() }

func macText(v uint64) string {
	return MAC{byte(v >> 40), byte(v >> 32), byte(v >> 24), byte(v >> 16), byte(v >> 8), byte(v)}.String()
}

func isSet(v uint64) string {
	if v == 0 {
		return "Not set"
	}
	return "Set"
}

// named returns a function that shows a number behind its name in table.
func named(table []naming) func(uint64) string {
	return func(v uint64) string { return fmt.Sprintf("%s (%d)", nameOf(table, v), v) }
}

// naming is one line of a registry of numbers.
type naming struct {
	v    uint64
	name string
}

func nameOf(table []naming, v uint64) string {
	if name, ok := lookUp(table, v); ok {
		return name
	}
	return "Unknown"
}

func lookUp(table []naming, v uint64) (name string, ok bool) {
	for _, n := range table {
		if n.v == v {
			return n.name, true
		}
	}
	return "", false
}
