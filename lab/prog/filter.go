package prog

import (
	"errors"
	"fmt"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf8"
)

// Filters are the programs behind a | : each takes the lines of the one before it. They live in the Proc of the
// program that writes, as a pipeline is one job.

// Filter is one of them at work.
type Filter struct {
	Kind                uint8
	Args                []string
	Lines, Words, Bytes uint64
	Kept                []string // the last lines, for tail
	Over                bool     // it has ended: writing to it is SIGPIPE
}

var filterSource = []string{
	`while (fgets(line, sizeof line, stdin))`,
	`filter(line);`,
}

func isFilter(name string) bool {
	return name == "grep" || name == "head" || name == "tail" || name == "wc"
}

// stepFilter is a filter that nothing is piped to: it reads the terminal.
func stepFilter(s *Sys, p *Proc) bool {
	if len(p.Filters) == 0 || p.Line == 1 {
		p.Filters, p.Line = append([]Filter{{Kind: p.Kind, Args: p.Args}}, p.Filters...), 2
	}
	line, ok := s.gets()
	switch {
	case ok:
		s.machine.pipe(p, 0, line)
		if p.Filters[0].Over {
			s.exit()
		}
		return !p.Done
	case p.Eof:
		s.exit()
	}
	return false
}

// pipe hands a line to filter i of the program, or to the terminal behind the last one.
func (m *Machine) pipe(p *Proc, i int, line string) {
	if i >= len(p.Filters) {
		m.print(StyleOut, line)
		return
	}
	f := &p.Filters[i]
	if f.Over {
		if p.Signal == 0 {
			p.Signal = sigPipe
		}
		return
	}
	f.Lines++
	switch kinds[f.Kind].name {
	case "grep":
		m.grep(p, i, f, line)
	case "head":
		a, _ := parseHead(f.Args)
		if f.Lines <= a.n {
			m.pipe(p, i+1, line)
		}
		f.Over = f.Lines >= a.n
	case "tail":
		switch a, _ := parseTail(f.Args); {
		case a.from && f.Lines >= a.n:
			m.pipe(p, i+1, line)
		case !a.from:
			f.Kept = append(f.Kept, line)
			f.Kept = f.Kept[max(0, len(f.Kept)-int(a.n)):]
		}
	case "wc":
		f.Words += uint64(len(strings.Fields(line)))
		f.Bytes += uint64(len(line)) + 1
	}
}

func (m *Machine) grep(p *Proc, i int, f *Filter, line string) {
	a, _ := parseGrep(f.Args)
	if a.pattern.MatchString(line) == a.on['v'] {
		return
	}
	f.Words++ // matches
	switch {
	case a.on['c'] || a.on['q']:
	case a.on['n']:
		m.pipe(p, i+1, strconv.FormatUint(f.Lines, 10)+":"+line)
	default:
		m.pipe(p, i+1, line)
	}
	if most, _ := a.number('m', 0, 1<<31, 1<<32); f.Words >= most || a.on['q'] {
		f.Over = true
	}
}

// endPipe tells the filters, one after the other, that nothing more comes.
func (s *Sys) endPipe(p *Proc) {
	if len(p.Partial) > 0 {
		s.machine.pipe(p, 0, string(p.Partial))
		p.Partial = nil
	}
	for i := range p.Filters {
		f := &p.Filters[i]
		switch kinds[f.Kind].name {
		case "grep":
			if a, _ := parseGrep(f.Args); a.on['c'] {
				s.machine.pipe(p, i+1, strconv.FormatUint(f.Words, 10))
			}
		case "tail":
			for _, line := range f.Kept {
				s.machine.pipe(p, i+1, line)
			}
		case "wc":
			s.machine.pipe(p, i+1, f.counts())
		}
	}
	p.Filters = nil
}

// counts is what wc prints: one number alone, or several in columns.
func (f *Filter) counts() string {
	o, _ := parseWC(f.Args)
	if !o.on['l'] && !o.on['w'] && !o.on['c'] {
		o.on['l'], o.on['w'], o.on['c'] = true, true, true
	}
	var words []string
	for _, n := range []struct {
		option byte
		count  uint64
	}{{'l', f.Lines}, {'w', f.Words}, {'c', f.Bytes}} {
		if o.on[n.option] {
			words = append(words, strconv.FormatUint(n.count, 10))
		}
	}
	if len(words) == 1 {
		return words[0]
	}
	for i := range words {
		words[i] = fmt.Sprintf("%7s", words[i])
	}
	return strings.Join(words, " ")
}

// piped says why a program cannot stand behind a |, or nil.
func piped(words []string) error {
	name := words[0]
	kind := kindOf(name)
	switch {
	case kind < 0:
		return fmt.Errorf("%s: command not found; help lists the commands", name)
	case !isFilter(name):
		return fmt.Errorf("%s: it does not read what is written to it, so it cannot stand behind |; grep, head, tail and wc can", name)
	}
	if err := kinds[kind].check(words[1:]); err != nil {
		return fmt.Errorf("%s: %w; usage: %s", name, err, usage(name))
	}
	return nil
}

// The command lines

type grepArgs struct {
	options
	pattern *regexp.Regexp
}

func parseGrep(args []string) (a grepArgs, err error) {
	if a.options, err = getopt(args, "ivcnqEFGe:m:", "ignore-case=i", "invert-match=v", "count=c", "line-number=n", "quiet=q", "extended-regexp=E", "fixed-strings=F", "regexp=e", "max-count=m"); err != nil {
		return a, err
	}
	rest, text := a.rest, a.val['e']
	if !a.on['e'] {
		if len(rest) == 0 {
			return a, errors.New("a pattern is needed")
		}
		text, rest = rest[0], rest[1:]
	}
	if len(rest) > 0 {
		return a, noFile(rest[0])
	}
	if _, err = a.number('m', 0, 1<<31, 0); err != nil {
		return a, err
	}
	if !utf8.ValidString(text) {
		return a, errors.New("the pattern is no text")
	}
	expr := text
	switch {
	case a.on['F']:
		expr = regexp.QuoteMeta(text)
	case !a.on['E']:
		expr = basic(text)
	}
	if a.on['i'] {
		expr = "(?i)" + expr
	}
	if a.pattern, err = regexp.Compile(expr); err != nil {
		return a, fmt.Errorf("%q is no regular expression", text)
	}
	return a, nil
}

// basic writes a basic regular expression of POSIX as an extended one: ? + { } ( ) | have a meaning behind a
// backslash only, and * has none at the beginning.
func basic(expr string) string {
	var b strings.Builder
	for i := 0; i < len(expr); i++ {
		c := expr[i]
		switch {
		case c == '\\' && i+1 < len(expr) && strings.IndexByte("?+{}()|", expr[i+1]) >= 0:
			i++
			b.WriteByte(expr[i])
		case c == '\\' && i+1 < len(expr):
			i++
			b.WriteString(expr[i-1 : i+1])
		case strings.IndexByte("?+{}()|", c) >= 0, c == '*' && (i == 0 || i == 1 && expr[0] == '^'):
			b.WriteByte('\\')
			b.WriteByte(c)
		case c == '[':
			end := strings.IndexByte(expr[min(i+2, len(expr)):], ']')
			if end < 0 {
				b.WriteByte(c)
				continue
			}
			end += i + 2
			b.WriteString(strings.ReplaceAll(expr[i:end+1], `\`, `\\`))
			i = end
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

func noFile(name string) error {
	return fmt.Errorf("%s: there are no files here; pipe something to it, as in ss -tan | grep ESTAB", name)
}

// lineCount is what head and tail are told.
type lineCount struct {
	n    uint64
	from bool // tail -n +N: from line N on
}

func parseHead(args []string) (a lineCount, err error) { return parseLineCount(args, false) }

func parseTail(args []string) (a lineCount, err error) { return parseLineCount(args, true) }

func parseLineCount(args []string, tail bool) (a lineCount, err error) {
	if len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' && strings.Trim(args[0][1:], "0123456789") == "" {
		args = append([]string{"-n", args[0][1:]}, args[1:]...) // head -3
	}
	o, err := getopt(args, "n:q", "lines=n", "quiet=q")
	switch {
	case err != nil:
		return a, err
	case len(o.rest) > 0:
		return a, noFile(o.rest[0])
	}
	if value, from := strings.CutPrefix(o.val['n'], "+"); from && tail {
		o.val['n'], a.from = value, true
	}
	a.n, err = o.number('n', 0, maxLines, 10)
	return a, err
}

func parseWC(args []string) (o options, err error) {
	if o, err = getopt(args, "lwc", "lines=l", "words=w", "bytes=c"); err == nil && len(o.rest) > 0 {
		err = noFile(o.rest[0])
	}
	return o, err
}
