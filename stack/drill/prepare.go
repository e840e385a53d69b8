package drill

import (
	"strings"
)

// conditional takes the lines that #ifdef STANDARD … #else … #endif keeps and
// blanks the others, so that line numbers stay. Some suites carry variants of
// a script for other systems that way; only STANDARD is defined here.
func conditional(name, text string) (string, error) {
	if !strings.Contains(text, "#if") {
		return text, nil
	}
	var out strings.Builder
	var taken []bool // by nesting
	line := 0
	for l := range strings.Lines(text) {
		line++
		fields := strings.Fields(l)
		word, arg := "", ""
		if len(fields) > 0 {
			word = fields[0]
		}
		if len(fields) > 1 {
			arg = fields[1]
		}
		keep := true
		switch {
		case word == "#ifdef" && arg != "":
			taken = append(taken, arg == "STANDARD")
			keep = false
		case word == "#ifndef" && arg != "":
			taken = append(taken, arg != "STANDARD")
			keep = false
		case word == "#else" && len(taken) > 0:
			taken[len(taken)-1] = !taken[len(taken)-1]
			keep = false
		case word == "#endif" && len(taken) > 0:
			taken = taken[:len(taken)-1]
			keep = false
		}
		for _, t := range taken {
			keep = keep && t
		}
		if keep {
			out.WriteString(l)
		} else if strings.HasSuffix(l, "\n") {
			out.WriteByte('\n')
		}
	}
	if len(taken) > 0 {
		return "", &SyntaxError{name, line, "#ifdef has no #endif"}
	}
	return out.String(), nil
}

// symbol is a name that --define gave a value to.
type symbol struct{ name, value string }

// substitute puts the values of symbols in the place of their names, everywhere
// but in comments, strings, shell lines and %{ }%.
func (c *cursor) substitute(symbols []symbol) error {
	if len(symbols) == 0 {
		return nil
	}
	rest := cursor{name: c.name, text: c.text[c.pos:], line: c.line}
	var out strings.Builder
	for !rest.end() {
		from := rest.pos
		if err := rest.opaque(); err != nil {
			return err
		}
		if rest.pos > from {
			out.WriteString(rest.text[from:rest.pos])
			continue
		}
		w := rest.peekWord()
		if w == "" {
			n := 1
			if isDigit(rest.at(0)) { // 0x1F is no word
				for isWord(rest.at(n)) {
					n++
				}
			}
			w = rest.text[rest.pos : rest.pos+n]
		}
		rest.advance(len(w))
		for i := len(symbols) - 1; i >= 0; i-- {
			if symbols[i].name == w {
				w = symbols[i].value
				break
			}
		}
		if out.WriteString(w); out.Len() > maxText {
			return rest.errorf("the script is longer than %d bytes once its symbols are replaced", maxText)
		}
	}
	c.text, c.pos = out.String(), 0
	return nil
}

// opaque passes over one stretch in which no symbol is replaced, if one begins here.
func (c *cursor) opaque() (err error) {
	switch {
	case c.sees("//"), c.sees("/*"):
		return c.skip()
	case c.sees(`"`):
		_, err = c.quoted(`"`, `"`)
	case c.sees("`"):
		_, err = c.quoted("`", "`")
	case c.sees("%{"):
		_, err = c.quoted("%{", "}%")
	}
	return err
}
