package drill

import (
	"strings"
)

// shellReader takes the text between back-quotes apart as sh(1) does: words with their quotes, variables and $((
// )), comments, redirections, and what joins commands.
type shellReader struct {
	text string
	pos  int
	line int
	vars []variable
}

type variable struct{ name, value string }

// shellCommand is one command: its words, and where its output goes if not onto the terminal.
type shellCommand struct {
	words   []string
	assigns []variable // NAME=value in front of the words
	file    string
	source  string
	line    int
}

// pipeline are commands joined by |, and what stands behind them: ; && or ||.
type pipeline struct {
	commands []shellCommand
	then     string
}

func (s *shellReader) at(n int) byte {
	if s.pos+n < len(s.text) {
		return s.text[s.pos+n]
	}
	return 0
}

func (s *shellReader) sees(t string) bool { return strings.HasPrefix(s.text[s.pos:], t) }

func (s *shellReader) advance(n int) {
	s.line += strings.Count(s.text[s.pos:s.pos+n], "\n")
	s.pos += n
}

func (s *shellReader) end() bool { return s.pos >= len(s.text) }

// blanks passes over blanks, comments, and a newline behind a backslash.
func (s *shellReader) blanks() {
	for {
		switch {
		case s.sees("\\\n"):
			s.advance(2)
		case s.at(0) == ' ' || s.at(0) == '\t' || s.at(0) == '\r':
			s.advance(1)
		case s.at(0) == '#':
			n := strings.IndexByte(s.text[s.pos:], '\n')
			if n < 0 {
				n = len(s.text) - s.pos
			}
			s.advance(n)
		default:
			return
		}
	}
}

// next reads one pipeline; it has no commands at an empty line.
func (s *shellReader) next() (p pipeline, err error) {
	for {
		c, err := s.command()
		if err != nil {
			return p, err
		}
		if c.words != nil || c.assigns != nil || c.file != "" {
			p.commands = append(p.commands, c)
		} else if p.commands != nil || s.sees("|") || s.sees("&") {
			return p, cannot(s.line, "the shell's %q without a command beside it", s.text[max(s.pos-1, 0):min(s.pos+1, len(s.text))])
		}
		switch {
		case s.end():
			return p, nil
		case s.sees("&&"), s.sees("||"):
			p.then = s.text[s.pos : s.pos+2]
			s.advance(2)
			for s.blanks(); s.at(0) == '\n'; s.blanks() { // goes on on the next line
				s.advance(1)
			}
			return p, nil
		case s.at(0) == '|':
			s.advance(1)
		case s.at(0) == '&':
			return p, cannot(s.line, "a command in the background: %q", c.source)
		default:
			p.then = ";"
			s.advance(1)
			return p, nil
		}
	}
}

// command reads words up to what ends a command.
func (s *shellReader) command() (c shellCommand, err error) {
	s.blanks()
	c.line = s.line
	from := s.pos
	for {
		s.blanks()
		if s.end() || strings.IndexByte("\n;|&", s.at(0)) >= 0 && !s.sees("&>") {
			c.source = strings.TrimSpace(s.text[from:s.pos])
			return c, nil
		}
		if ok, err := s.redirection(&c); err != nil {
			return c, err
		} else if ok {
			continue
		}
		name := s.assigned()
		if name != "" && c.words == nil {
			s.advance(len(name) + 1)
			words, err := s.word(false)
			if err != nil {
				return c, err
			}
			c.assigns = append(c.assigns, variable{name, strings.Join(words, " ")})
			continue
		}
		words, err := s.word(true)
		if err != nil {
			return c, err
		}
		c.words = append(c.words, words...)
	}
}

// assigned returns the name in front of an assignment that stands here, or "".
func (s *shellReader) assigned() string {
	n := 0
	for isWord(s.at(n)) {
		n++
	}
	if n == 0 || s.at(n) != '=' || isDigit(s.at(0)) {
		return ""
	}
	return s.text[s.pos : s.pos+n]
}

// redirection reads [n]>file, >>file, &>file, n>&m or </dev/null.
func (s *shellReader) redirection(c *shellCommand) (bool, error) {
	n, from := 0, byte('1')
	switch {
	case s.at(0) == '&' && s.at(1) == '>', isDigit(s.at(0)) && (s.at(1) == '>' || s.at(1) == '<'):
		if isDigit(s.at(0)) {
			from = s.at(0)
		}
		n = 1
	case s.at(0) != '>' && s.at(0) != '<':
		return false, nil
	}
	in := s.at(n) == '<'
	s.advance(n + 1)
	if s.at(0) == '>' {
		s.advance(1)
	}
	if s.at(0) == '&' && isDigit(s.at(1)) { // onto another descriptor
		s.advance(2)
		return true, nil
	}
	s.blanks()
	words, err := s.word(true)
	if err != nil {
		return true, err
	}
	file := strings.Join(words, " ")
	switch {
	case in && file != "/dev/null":
		return true, cannot(s.line, "a command that reads %q", file)
	case !in && from == '1':
		c.file = file
	}
	return true, nil
}

// word reads a word, which a variable outside of quotes may make several, or none.
func (s *shellReader) word(split bool) (words []string, err error) {
	var w strings.Builder
	some := false // w is a word, even if it is empty
	flush := func() {
		if some || w.Len() > 0 {
			words = append(words, w.String())
		}
		w.Reset()
		some = false
	}
	for !s.end() && strings.IndexByte(" \t\r\n;|&<>", s.at(0)) < 0 {
		switch b := s.at(0); b {
		case '\\':
			if s.at(1) != '\n' && s.at(1) != 0 {
				w.WriteByte(s.at(1))
			}
			s.advance(min(2, len(s.text)-s.pos))
		case '\'':
			n := strings.IndexByte(s.text[s.pos+1:], '\'')
			if n < 0 {
				return nil, cannot(s.line, "a command with ' and no closing '")
			}
			w.WriteString(s.text[s.pos+1 : s.pos+1+n])
			some = true
			s.advance(n + 2)
		case '"':
			some = true
			text, err := s.doubleQuoted()
			if err != nil {
				return nil, err
			}
			w.WriteString(text)
		case '$':
			v, err := s.expansion()
			if err != nil {
				return nil, err
			}
			for i := range len(v) {
				if split && strings.IndexByte(" \t\n", v[i]) >= 0 {
					flush()
				} else {
					w.WriteByte(v[i])
				}
			}
		case '(', ')', '`':
			return nil, cannot(s.line, "a command with %q", string(b))
		default:
			w.WriteByte(b)
			s.advance(1)
		}
	}
	flush()
	return words, nil
}

// doubleQuoted reads "…", in which only $ and \ mean something.
func (s *shellReader) doubleQuoted() (string, error) {
	var w strings.Builder
	line := s.line
	for s.advance(1); !s.end(); {
		switch b := s.at(0); {
		case b == '"':
			s.advance(1)
			return w.String(), nil
		case b == '\\' && s.at(1) != 0 && strings.IndexByte("$\"\\\n`", s.at(1)) >= 0:
			if s.at(1) != '\n' {
				w.WriteByte(s.at(1))
			}
			s.advance(2)
		case b == '$':
			v, err := s.expansion()
			if err != nil {
				return "", err
			}
			w.WriteString(v)
		default:
			w.WriteByte(b)
			s.advance(1)
		}
	}
	return "", cannot(line, "a command with \" and no closing \"")
}

// expansion reads $NAME, ${NAME}, $$ or $((…)).
func (s *shellReader) expansion() (string, error) {
	s.advance(1)
	switch {
	case s.sees("(("):
		n := 2
		for depth := 0; depth > 0 || s.at(n) != ')' || s.at(n+1) != ')'; n++ {
			switch s.at(n) {
			case 0:
				return "", cannot(s.line, "a command with $(( and no closing ))")
			case '(':
				depth++
			case ')':
				depth--
			}
		}
		a := arithmetic{text: s.text[s.pos+2 : s.pos+n], vars: s.vars}
		v, ok := a.value()
		if !ok {
			return "", cannot(s.line, "the arithmetic $((%s))", a.text)
		}
		s.advance(n + 2)
		return itoa(v), nil
	case s.at(0) == '(':
		return "", cannot(s.line, "a command within a command: $(")
	case s.at(0) == '$': // the process, which names temporary files
		s.advance(1)
		return "1", nil
	}
	n, braces := 0, s.at(0) == '{'
	if braces {
		s.advance(1)
	}
	for isWord(s.at(n)) {
		n++
	}
	name := s.text[s.pos : s.pos+n]
	if name == "" || braces && s.at(n) != '}' {
		return "", cannot(s.line, "a command with $%s", s.text[s.pos:min(s.pos+n+1, len(s.text))])
	}
	s.advance(n + truth(braces))
	for i := len(s.vars) - 1; i >= 0; i-- {
		if s.vars[i].name == name {
			return s.vars[i].value, nil
		}
	}
	if name == "PPID" { // names temporary files
		return "1", nil
	}
	return "", cannot(s.line, "a command with the variable %s, which nothing has set", name)
}
