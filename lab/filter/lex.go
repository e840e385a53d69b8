package filter

import "strings"

// tokenKind is what a token is.
type tokenKind uint8

const (
	tEnd tokenKind = iota
	tWord
	tString
	tSymbol
)

// token is a piece of the text. The text of a string is what it stands for.
type token struct {
	kind    tokenKind
	at, end int
	text    string
}

// parser reads a text from left to right. After the first mistake it reads on
// to no effect.
type parser struct {
	text  string
	tok   token // the next one
	depth int
	err   *Error // the first mistake
	last  qualifiers
	place bool // within its square brackets: a colon ends a number
	at    *Vantage
	vlan  bool // the word vlan stands before
}

// fail records a mistake at [at, at+length), unless there was one before. It
// stands in a hundred places: inlined it would be a fifth of the parser.
//
//go:noinline
func (p *parser) fail(at, length int, what Problem, args ...string) *node {
	if p.err == nil {
		p.err = &Error{At: at, Len: length, What: what, Args: args}
	}
	p.tok = token{kind: tEnd, at: len(p.text), end: len(p.text)}
	return &node{op: opNumber, kind: kNumber, constant: true, prefix: -1}
}

//go:noinline
func (p *parser) failAt(n *node, what Problem, args ...string) *node {
	return p.fail(n.at, n.end-n.at, what, args...)
}

// source returns what stands in the text where n was read.
//
//go:noinline
func (p *parser) source(n *node) string { return p.text[n.at:n.end] }

// begin reads the first token, if the text is not too long.
func (p *parser) begin() {
	if len(p.text) > maxText {
		p.fail(maxText, len(p.text)-maxText, TooLong, number(len(p.text)), number(maxText))
		return
	}
	p.scan(0)
}

// next takes the token and reads the one behind it.
//
//go:noinline
func (p *parser) next() token {
	t := p.tok
	if p.err == nil {
		p.scan(t.end)
	}
	return t
}

// is reports whether the next token is the symbol or word.
//
//go:noinline
func (p *parser) is(what string) bool {
	return p.tok.text == what && (p.tok.kind == tSymbol || p.tok.kind == tWord)
}

// take is next if the next token is one of those.
func (p *parser) take(any ...string) bool {
	for _, what := range any {
		if p.is(what) {
			p.next()
			return true
		}
	}
	return false
}

// expect takes a symbol, or says that it is missing.
func (p *parser) expect(symbol string) {
	if p.err == nil && !p.take(symbol) {
		p.fail(p.tok.at, p.tok.end-p.tok.at, Missing, symbol)
	}
}

// unexpected says that the next token does not fit.
func (p *parser) unexpected() *node {
	t := p.tok
	if t.kind == tEnd {
		return p.fail(t.at, 0, Empty)
	}
	return p.fail(t.at, t.end-t.at, Unexpected, p.text[t.at:t.end])
}

// symbols, longer ones first.
var symbols = [...]string{"!==", "===", "==", "!=", "~=", "<=", ">=", "<<", ">>", "&&", "||", "^^", "..",
	"(", ")", "{", "}", "[", "]", ",", "<", ">", "!", "&", "|", "^", "+", "-", "*", "/", "%", "~", ":", "#", "=", "\\"}

// scan reads the token at or behind offset at.
func (p *parser) scan(at int) {
	for at < len(p.text) && strings.IndexByte(" \t\r\n", p.text[at]) >= 0 {
		at++
	}
	rest := p.text[at:]
	if rest == "" {
		p.tok = token{kind: tEnd, at: at, end: at}
		return
	}
	if rest[0] == '"' {
		p.scanString(at, at+1, false)
		return
	}
	if strings.HasPrefix(rest, `r"`) {
		p.scanString(at, at+2, true)
		return
	}
	if n := wordLen(rest); n > 0 {
		if colon := strings.IndexByte(rest[:n], ':'); p.place && colon > 0 {
			n = colon
		}
		p.tok = token{tWord, at, at + n, rest[:n]}
		return
	}
	for _, s := range symbols {
		if strings.HasPrefix(rest, s) {
			p.tok = token{tSymbol, at, at + len(s), s}
			return
		}
	}
	n := 1
	for n < len(rest) && rest[n]&0xc0 == 0x80 {
		n++
	}
	p.fail(at, n, BadCharacter, rest[:n])
}

func isWord(c byte) bool {
	return c|0x20 >= 'a' && c|0x20 <= 'z' || c >= '0' && c <= '9' || c == '_' || c >= 0x80
}

func isHex(c byte) bool { return c >= '0' && c <= '9' || c|0x20 >= 'a' && c|0x20 <= 'f' }

func isDigit(c byte) bool { return c >= '0' && c <= '9' }

// wordLen returns the length of the word at the front of s: a name, a number
// with its unit, an address with its prefix, bytes.
func wordLen(s string) (n int) {
	if n := dashedLen(s); n > 0 {
		return n
	}
	if !isWord(s[0]) && !strings.HasPrefix(s, "::") && !(len(s) > 1 && s[0] == '.' && isDigit(s[1])) {
		return 0
	}
	for n < len(s) && (isWord(s[n]) || s[n] == ':' || s[n] == '.' && !strings.HasPrefix(s[n:], "..")) {
		n++
	}
	word := s[:n]
	if isNet := strings.Contains(word, ":") || isDigit(word[0]) && strings.Count(word, ".") == 3; isNet && n+1 < len(s) && s[n] == '/' && isDigit(s[n+1]) {
		n++
		for n < len(s) && isDigit(s[n]) {
			n++
		}
	}
	return n
}

// dashedLen returns the length of an Ethernet address written with dashes, or 0.
func dashedLen(s string) int {
	const length = 17
	if len(s) < length || len(s) > length && (isWord(s[length]) || s[length] == '-') {
		return 0
	}
	for i := range length {
		if ok := s[i] == '-'; i%3 == 2 && !ok || i%3 != 2 && !isHex(s[i]) {
			return 0
		}
	}
	return length
}

// scanString reads the string whose token begins at at and whose text begins at i.
func (p *parser) scanString(at, i int, raw bool) {
	var b strings.Builder
	for i < len(p.text) {
		switch c := p.text[i]; {
		case c == '"':
			p.tok = token{tString, at, i + 1, b.String()}
			return
		case c == '\\' && raw && i+1 < len(p.text) && p.text[i+1] == '"':
			b.WriteString(`\"`)
			i += 2
		case c == '\\' && !raw:
			n, v, ok := escape(p.text[i:])
			if !ok {
				p.fail(i, n, BadEscape, p.text[i:i+n])
				return
			}
			b.WriteByte(v)
			i += n
		default:
			b.WriteByte(c)
			i++
		}
	}
	p.fail(at, len(p.text)-at, OpenString)
}

// escape reads the escape at the front of s: how long it is and which byte it stands for.
func escape(s string) (n int, v byte, ok bool) {
	if len(s) < 2 {
		return len(s), 0, false
	}
	const letters, meanings = `\"'nrtabfv`, "\\\"'\n\r\t\a\b\f\v"
	if i := strings.IndexByte(letters, s[1]); i >= 0 {
		return 2, meanings[i], true
	}
	switch {
	case s[1] == 'x' && len(s) >= 4 && isHex(s[2]) && isHex(s[3]):
		return 4, hexValue(s[2])<<4 | hexValue(s[3]), true
	case s[1] >= '0' && s[1] <= '7':
		x := 0
		for n = 1; n < len(s) && n <= 3 && s[n] >= '0' && s[n] <= '7'; n++ {
			x = x<<3 | int(s[n]-'0')
		}
		return n, byte(x), x < 256
	}
	return 2, 0, false
}

func hexValue(c byte) byte {
	if isDigit(c) {
		return c - '0'
	}
	return c | 0x20 - 'a' + 10
}
