package drill

import (
	"fmt"
	"strings"
)

// cursor walks over a script's text. There are no tokens: what a dot or a
// digit means depends on where it stands, so the parser asks for what may
// stand there.
type cursor struct {
	name string
	text string
	pos  int
	line int // of pos
}

func (c *cursor) errorf(format string, args ...any) error {
	return &SyntaxError{c.name, c.line, fmt.Sprintf(format, args...)}
}

// skip passes over blanks and comments.
func (c *cursor) skip() error {
	for c.pos < len(c.text) {
		rest := c.text[c.pos:]
		switch {
		case rest[0] == '\n' || rest[0] == ' ' || rest[0] == '\t' || rest[0] == '\r':
			c.advance(1)
		case strings.HasPrefix(rest, "//"):
			n := strings.IndexByte(rest, '\n')
			if n < 0 {
				n = len(rest)
			}
			c.advance(n)
		case strings.HasPrefix(rest, "/*"):
			n := strings.Index(rest[2:], "*/")
			if n < 0 {
				return c.errorf("the comment /* has no end")
			}
			c.advance(n + 4)
		default:
			return nil
		}
	}
	return nil
}

func (c *cursor) advance(n int) {
	c.line += strings.Count(c.text[c.pos:c.pos+n], "\n")
	c.pos += n
}

func (c *cursor) end() bool { return c.pos >= len(c.text) }

// at returns the byte n ahead, or 0 behind the end.
func (c *cursor) at(n int) byte {
	if c.pos+n < len(c.text) {
		return c.text[c.pos+n]
	}
	return 0
}

// sees reports whether the text goes on with s, right here.
func (c *cursor) sees(s string) bool { return strings.HasPrefix(c.text[c.pos:], s) }

// accept passes over blanks and then s, if it stands there.
func (c *cursor) accept(s string) (bool, error) {
	if err := c.skip(); err != nil || !c.sees(s) {
		return false, err
	}
	c.advance(len(s))
	return true, nil
}

// expect is accept for what must stand there.
func (c *cursor) expect(s, where string) error {
	ok, err := c.accept(s)
	if err == nil && !ok {
		err = c.errorf("expected %q %s, not %s", s, where, c.here())
	}
	return err
}

// here quotes what stands at the cursor, for a message.
func (c *cursor) here() string {
	if c.end() {
		return "the end of the script"
	}
	rest := c.text[c.pos:]
	n := 1
	if isWord(rest[0]) {
		for n < len(rest) && n < 40 && isWord(rest[n]) {
			n++
		}
	}
	return fmt.Sprintf("%q", rest[:n])
}

func isDigit(b byte) bool { return b >= '0' && b <= '9' }

func isLetter(b byte) bool { return b|32 >= 'a' && b|32 <= 'z' || b == '_' }

func isWord(b byte) bool { return isLetter(b) || isDigit(b) }

// peekWord returns the word that stands here, or "".
func (c *cursor) peekWord() string {
	if !isLetter(c.at(0)) {
		return ""
	}
	n := 1
	for isWord(c.at(n)) {
		n++
	}
	return c.text[c.pos : c.pos+n]
}

// word reads a word after blanks; "" if there is none.
func (c *cursor) word() (string, error) {
	if err := c.skip(); err != nil {
		return "", err
	}
	w := c.peekWord()
	c.advance(len(w))
	return w, nil
}

// acceptWord passes over the word w, if that is the whole word there.
func (c *cursor) acceptWord(w string) (bool, error) {
	if err := c.skip(); err != nil || c.peekWord() != w {
		return false, err
	}
	c.advance(len(w))
	return true, nil
}

// number reads a whole number, decimal or 0x hex, with a sign if signed.
func (c *cursor) number(what string) (int64, error) {
	if err := c.skip(); err != nil {
		return 0, err
	}
	start, negative := c.pos, c.at(0) == '-'
	if negative {
		c.advance(1)
	}
	base := int64(10)
	if c.at(0) == '0' && c.at(1)|32 == 'x' {
		base = 16
		c.advance(2)
	}
	v, digits := int64(0), 0
	for ; ; digits++ {
		d := int64(hexDigit(c.at(0)))
		if d >= base {
			break
		}
		if v > (1<<62)/base {
			return 0, c.errorf("the number %s… is too large", c.text[start:c.pos])
		}
		v = v*base + d
		c.advance(1)
	}
	if digits == 0 {
		c.pos = start
		return 0, c.errorf("expected %s, not %s", what, c.here())
	}
	if negative {
		v = -v
	}
	return v, nil
}

// hexDigit returns the value of a digit, or a large number.
func hexDigit(b byte) uint8 {
	switch {
	case isDigit(b):
		return b - '0'
	case b|32 >= 'a' && b|32 <= 'f':
		return b | 32 - 'a' + 10
	}
	return 255
}

// unsigned reads a number from 0 to limit.
func (c *cursor) unsigned(what string, limit int64) (int64, error) {
	v, err := c.number(what)
	if err == nil && (v < 0 || v > limit) {
		err = c.errorf("%s is %d; it may be from 0 to %d", what, v, limit)
	}
	return v, err
}

// seconds reads a time in seconds and returns nanoseconds, cut to whole
// microseconds as the language keeps them.
func (c *cursor) seconds() (int64, error) {
	if err := c.skip(); err != nil {
		return 0, err
	}
	v, unit, digits := int64(0), int64(1_000_000_000), 0
	for isDigit(c.at(0)) {
		if v = v*10 + int64(c.at(0)-'0')*unit; v > maxTimeNs/10 {
			return 0, c.errorf("a time of more than %d s", maxTimeNs/10/1_000_000_000)
		}
		c.advance(1)
		digits++
	}
	if c.at(0) == '.' && isDigit(c.at(1)) {
		c.advance(1)
		for ; isDigit(c.at(0)); digits++ {
			unit /= 10
			if unit >= 1000 {
				v += int64(c.at(0)-'0') * unit
			}
			c.advance(1)
		}
	}
	if digits == 0 {
		return 0, c.errorf("expected a time in seconds, not %s", c.here())
	}
	return v, nil
}

// quoted reads up to the closing mark behind the opening one that stands here.
// Backslash escapes are left as they are.
func (c *cursor) quoted(open, closing string) (string, error) {
	line := c.line
	c.advance(len(open))
	for n := 0; c.pos+n < len(c.text); n++ {
		if closing == `"` && c.at(n) == '\\' {
			n++
			continue
		}
		if strings.HasPrefix(c.text[c.pos+n:], closing) {
			s := c.text[c.pos : c.pos+n]
			c.advance(n + len(closing))
			return s, nil
		}
	}
	c.line = line
	return "", c.errorf("%s has no closing %s", open, closing)
}
