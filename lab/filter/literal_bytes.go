package filter

import (
	"encoding/hex"
	"net/netip"
	"strings"

	"wirelab/stack/wire"
)

// Literals that are rows of bytes: addresses, hex digits, text; and names of DNS.

// convertAddress reads an address with or without a prefix.
func (p *parser) convertAddress(n, to *node) {
	n.op = opBytes
	example, most := "10.0.0.1 or 10.0.0.0/8", int64(32)
	if to.kind == kIPv6 {
		example, most = "fe80::1 or fe80::/10", 128
	}
	host, bits, has := strings.Cut(n.text, "/")
	a, err := wire.ParseAddr(host)
	prefix, ok := parseDecimal(bits)
	if err != nil || strings.Contains(host, ":") != (to.kind == kIPv6) || has && (!ok || prefix < 0 || prefix > most) {
		p.failAt(n, NotAddress, p.source(n), p.source(to), example)
		return
	}
	setAddress(n, a, to.kind)
	if has {
		n.prefix = int(prefix)
		n.text += "/" + decimal(prefix)
	}
}

func setAddress(n *node, a wire.Addr, k kind) {
	n.bytes, n.text = a[:], netip.AddrFrom16(a).String()
	if k == kIPv4 {
		n.bytes, n.text = a[12:], a.String()
	}
}

// parseBytes reads text in quotes as it is, else hex digits, which colons,
// dashes or dots may stand between; nil if it is neither.
func parseBytes(n *node) []byte {
	if n.quoted {
		return []byte(n.text)
	}
	digits := strings.TrimPrefix(n.text, "0x")
	if len(digits) == 1 {
		digits = "0" + digits
	}
	if len(digits) > 2 && strings.IndexByte(":-.", digits[2]) >= 0 {
		sign := digits[2]
		for i := 2; i < len(digits); i += 3 {
			if digits[i] != sign {
				return nil
			}
		}
		digits = strings.ReplaceAll(digits, string(sign), "")
	}
	b, err := hex.DecodeString(digits)
	if err != nil || len(b) == 0 {
		return nil
	}
	return b
}

// bytesText writes bytes as pairs of hex digits, or addresses as they are.
func bytesText(n *node) string {
	switch n.kind {
	case kIPv4, kIPv6:
		return n.text
	}
	return pairs(n.bytes)
}

// isDomain reports whether s can be a name of DNS; the root's has no letters (RFC 1035 §3.1).
func isDomain(s string) bool {
	for label := range strings.SplitSeq(s, ".") {
		if s != "" && (len(label) == 0 || len(label) > 63) {
			return false
		}
	}
	return true
}

func pairs(b []byte) string {
	const digits = "0123456789abcdef"
	var out []byte
	for i, x := range b {
		if i > 0 {
			out = append(out, ':')
		}
		out = append(out, digits[x>>4], digits[x&15])
	}
	if out == nil {
		return `""`
	}
	return string(out)
}

// quote writes text so that the parser reads the same again.
func quote(s string) string {
	const digits = "0123456789abcdef"
	out := []byte{'"'}
	for _, c := range []byte(s) {
		switch {
		case c == '"' || c == '\\':
			out = append(out, '\\', c)
		case c < ' ' || c == 0x7f:
			out = append(out, '\\', 'x', digits[c>>4], digits[c&15])
		default:
			out = append(out, c)
		}
	}
	return string(append(out, '"'))
}
