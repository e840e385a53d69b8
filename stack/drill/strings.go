package drill

import (
	"fmt"
	"strings"
)

// escapes are those of C that stand for one byte; \x and \ with octal digits come beside them.
const (
	escapeLetters = `abfnrtv\"'?`
	escapeBytes   = "\a\b\f\n\r\t\v\\\"'?"
)

// unescape returns the bytes that the text between the quotes of a string stands for.
func (c *cursor) unescape(text string) (string, error) {
	if !strings.Contains(text, `\`) {
		return text, nil
	}
	var b strings.Builder
	for i := 0; i < len(text); i++ {
		if text[i] != '\\' {
			b.WriteByte(text[i])
			continue
		}
		if i++; i >= len(text) {
			return "", c.errorf("a string ends in \\")
		}
		if at := strings.IndexByte(escapeLetters, text[i]); at >= 0 {
			b.WriteByte(escapeBytes[at])
			continue
		}
		base, most, from := 8, 3, i
		if text[i] == 'x' {
			base, most, from = 16, 2, i+1
		}
		v, n := 0, 0
		for n < most && from+n < len(text) && int(hexDigit(text[from+n])) < base {
			v = v*base + int(hexDigit(text[from+n]))
			n++
		}
		if n == 0 || v > 255 {
			return "", c.errorf("\\%c in a string is no escape of C", text[i])
		}
		b.WriteByte(byte(v))
		i = from + n - 1
	}
	return b.String(), nil
}

// quote writes bytes as a string of C. What is no plain character becomes three octal digits: unlike \x they end by
// themselves.
func quote(s string) string {
	var b strings.Builder
	b.WriteByte('"')
	for i := range len(s) {
		switch at := strings.IndexByte(escapeBytes[:9], s[i]); {
		case at >= 0:
			b.WriteByte('\\')
			b.WriteByte(escapeLetters[at])
		case s[i] < ' ' || s[i] > '~':
			fmt.Fprintf(&b, "\\%03o", s[i])
		default:
			b.WriteByte(s[i])
		}
	}
	b.WriteByte('"')
	return b.String()
}
