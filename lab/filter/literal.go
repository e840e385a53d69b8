package filter

import (
	"math"
	"strconv"
	"strings"
)

// convert makes a constant of a literal, of the kind of what it is compared
// with; what is no literal stays as it is.
func (p *parser) convert(n, to *node) *node {
	if p.err != nil || n.op != opWord {
		return n
	}
	n.constant, n.kind = true, to.kind
	switch to.kind {
	case kNumber, kBool, kTime:
		p.convertNumber(n, to)
	case kIPv4, kIPv6:
		p.convertAddress(n, to)
	case kMAC:
		if n.op, n.bytes = opBytes, parseBytes(n); len(n.bytes) != 6 {
			p.failAt(n, NotMAC, p.source(n))
		}
	case kProto, kBytes:
		n.kind, n.op, n.bytes = kBytes, opBytes, parseBytes(n)
		if n.bytes == nil {
			p.failAt(n, NotBytes, p.source(n))
		}
	case kDomain:
		n.op, n.text = opText, strings.TrimSuffix(n.text, ".")
		if !isDomain(n.text) {
			p.failAt(n, NotDomain, p.source(n))
		}
	case kText:
		n.op = opText
		if names := namesOf(to); names != nil && !names.open {
			if name, ok := names.find(n.text); ok {
				n.text = name.name
			} else {
				p.failAt(n, UnknownWord, p.source(n), p.source(to), names.all())
			}
		}
	}
	if n.op == opBytes {
		n.text = bytesText(n)
	}
	return n
}

func namesOf(n *node) *enum {
	if n.op != opField {
		return nil
	}
	return n.field.names
}

func (p *parser) convertNumber(n, to *node) {
	names := namesOf(to)
	q, ok := parseQuantity(n.text)
	if ok && !n.quoted {
		p.scaled(n, to, q)
		return
	}
	n.op = opNumber
	switch {
	case to.kind == kBool && strings.EqualFold(n.text, "true"):
		n.num, n.text = 1, "1"
	case to.kind == kBool && strings.EqualFold(n.text, "false"):
		n.num, n.text = 0, "0"
	case to.kind == kBool:
		p.failAt(n, NotBool, p.source(n), p.source(to))
	case names != nil:
		name, known := names.find(n.text)
		if !known {
			p.failAt(n, UnknownWord, p.source(n), p.source(to), names.all())
		}
		n.num, n.text = name.v, quote(name.name)
	case !n.quoted && strings.Contains(n.text, ".") && !startsNumber(n.text):
		p.unknownField(n)
	default:
		p.failAt(n, NotNumber, p.source(n), p.source(to))
	}
}

// scaled gives n the value of a quantity in the unit of what it is compared with.
func (p *parser) scaled(n, to *node, q quantity) {
	n.op, n.unit = opNumber, to.unit
	scale, unit := max(q.scale, 1), int64(1)
	switch {
	case q.isTime && to.unit == 0:
		p.failAt(n, NotTime, p.source(n), p.source(to))
		return
	case q.isTime:
		unit = to.unit
	case to.kind == kTime:
		scale = second
	}
	v, ok := q.times(scale)
	if !ok || v%unit != 0 {
		p.failAt(n, NotWhole, p.source(n), p.source(to))
		return
	}
	n.num = v / unit
	switch {
	case to.kind == kBool && n.num != 0 && n.num != 1:
		p.failAt(n, NotBool, p.source(n), p.source(to))
	case to.kind == kTime:
		n.text = durationText(n.num)
	case strings.HasPrefix(n.text, "0x") && n.num >= 0:
		n.text = "0x" + strconv.FormatInt(n.num, 16)
	default:
		n.text = decimal(n.num)
	}
}

// quantity is a number that was read: whole + part/parts, times scale.
type quantity struct {
	whole, part, parts int64
	scale              int64 // of the unit, in ns or bytes; 0: none
	minus, isTime      bool
}

const second = 1_000_000_000

var units = [...]struct {
	name   string
	scale  int64
	isTime bool
}{
	{"ns", 1, true}, {"us", 1000, true}, {"µs", 1000, true}, {"ms", 1_000_000, true}, {"s", second, true},
	{"min", 60 * second, true}, {"h", 3600 * second, true},
	{"B", 1, false}, {"kB", 1000, false}, {"MB", 1_000_000, false}, {"GB", 1_000_000_000, false},
	{"KiB", 1 << 10, false}, {"MiB", 1 << 20, false}, {"GiB", 1 << 30, false},
}

// parseQuantity reads a number with or without a unit: 80, 0x50, 1.5s, 64KiB.
func parseQuantity(text string) (q quantity, ok bool) {
	text, q.minus = strings.CutPrefix(text, "-")
	q.parts = 1
	if q.whole, ok = parseInt(text); ok {
		return q, q.whole >= 0
	}
	i := 0
	for i < len(text) && isDigit(text[i]) {
		i++
	}
	q.whole, ok = parseDecimal(text[:i])
	if rest, dot := strings.CutPrefix(text[i:], "."); dot {
		n := 0
		for n < len(rest) && isDigit(rest[n]) {
			n++
		}
		if n == 0 || n > 9 {
			return q, false
		}
		q.part, _ = parseDecimal(rest[:n])
		for range n {
			q.parts *= 10
		}
		ok = ok || i == 0
		text, i = rest, n
	}
	if !ok || i == len(text) {
		return q, ok
	}
	for _, u := range units {
		if u.name == text[i:] {
			q.scale, q.isTime = u.scale, u.isTime
			return q, true
		}
	}
	return q, false
}

// times returns the quantity scaled, false if that is no whole number or too large.
func (q *quantity) times(scale int64) (v int64, ok bool) {
	if q.whole > math.MaxInt64/scale-1 {
		return 0, false
	}
	a, b := scale, q.parts // the fraction scale/parts, brought to lowest terms
	for b != 0 {
		a, b = b, a%b
	}
	if q.part%(q.parts/a) != 0 {
		return 0, false
	}
	v = q.whole*scale + q.part/(q.parts/a)*(scale/a)
	if q.minus {
		v = -v
	}
	return v, true
}

func startsNumber(s string) bool {
	return s != "" && (isDigit(s[0]) || s[0] == '-' || s[0] == '.' || s[0] == ':')
}

// parseInt reads a whole number as C does: 10, 0x0a, 012, 0b1010.
func parseInt(s string) (int64, bool) {
	if strings.Contains(s, "_") {
		return 0, false
	}
	v, err := strconv.ParseInt(s, 0, 64)
	return v, err == nil
}

func parseDecimal(s string) (int64, bool) {
	v, err := strconv.ParseInt(s, 10, 64)
	return v, err == nil
}

func decimal(v int64) string { return strconv.FormatInt(v, 10) }

// durationText writes a time in the largest unit that makes it a whole number.
func durationText(ns int64) string {
	switch {
	case ns%second == 0:
		return decimal(ns/second) + "s"
	case ns%1_000_000 == 0:
		return decimal(ns/1_000_000) + "ms"
	case ns%1000 == 0:
		return decimal(ns/1000) + "us"
	}
	return decimal(ns) + "ns"
}
