package prog

import (
	"errors"
	"fmt"
	"slices"
	"strings"
)

// Pending is a command that waits until the one before it on its line is done.
type Pending struct {
	Words      []string
	Pipe       []Stage // behind | : filters
	Background bool
}

// Stage is a command behind a |.
type Stage struct{ Words []string }

// text is the command as jobs shows it.
func (c *Pending) text() string {
	text := strings.Join(c.Words, " ")
	for i := range c.Pipe {
		text += " | " + strings.Join(c.Pipe[i].Words, " ")
	}
	return text
}

// add puts a word behind the others.
func (c *Pending) add(word string) {
	if n := len(c.Pipe); n > 0 {
		c.Pipe[n-1].Words = append(c.Pipe[n-1].Words, word)
		return
	}
	c.Words = append(c.Words, word)
}

// empty reports whether a command is missing: the first one, or the one behind a |.
func (c *Pending) empty() bool {
	if n := len(c.Pipe); n > 0 {
		return len(c.Pipe[n-1].Words) == 0
	}
	return len(c.Words) == 0
}

// parseLine takes a line apart into commands, as a shell does: words with "…" and '…' around what holds
// blanks, & or ; behind a command, and | between two.
func parseLine(line string) (list []Pending, err error) {
	var cmd Pending
	var word []byte
	inWord, quote := false, byte(0)
	endWord := func() {
		if inWord {
			cmd.add(string(word))
		}
		word, inWord = word[:0], false
	}
	for i := 0; i < len(line); i++ {
		switch c := line[i]; {
		case quote != 0 && c == quote:
			quote = 0
		case quote == '\'' || quote == '"' && c != '\\':
			word = append(word, c)
		case c == '\\' && i+1 < len(line):
			if i++; quote != 0 && line[i] != '"' && line[i] != '\\' {
				word = append(word, '\\')
			}
			word, inWord = append(word, line[i]), true
		case c == '"' || c == '\'':
			quote, inWord = c, true
		case c == ' ' || c == '\t':
			endWord()
		case c == ';' || c == '&' || c == '|':
			if endWord(); cmd.empty() {
				return nil, fmt.Errorf("there is no command before %c", c)
			}
			if c == '|' {
				cmd.Pipe = append(cmd.Pipe, Stage{})
				continue
			}
			cmd.Background = c == '&'
			list, cmd = append(list, cmd), Pending{}
		case c == '<' || c == '>':
			return nil, fmt.Errorf("there are no files here, so %c has no meaning; put it in quotes if it belongs to a word", c)
		default:
			word, inWord = append(word, c), true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a quote is open: %c is missing at the end", quote)
	}
	endWord()
	switch {
	case !cmd.empty():
		list = append(list, cmd)
	case len(cmd.Pipe) > 0:
		return nil, errors.New("there is no command behind |")
	}
	return list, nil
}

// enter does what the shell does with a line.
func (m *Machine) enter(s *Sys, line string) {
	list, err := parseLine(line)
	if err != nil {
		m.print(StyleError, err.Error())
		return
	}
	m.Queue = append(m.Queue, list...)
	m.startNext(s.Now)
}

// startNext starts what waits, up to and with the next command that takes the terminal; false if there
// is nothing to start.
func (m *Machine) startNext(now int64) bool {
	started := false
	for len(m.Queue) > 0 && m.Foreground() == nil {
		next := m.Queue[0]
		if m.Queue = slices.Clone(m.Queue[1:]); len(m.Queue) == 0 {
			m.Queue = nil
		}
		if err := m.start(&next, now); err != nil {
			m.print(StyleError, err.Error())
			continue
		}
		started = true
	}
	return started
}

func (m *Machine) start(c *Pending, now int64) error {
	name, args := c.Words[0], c.Words[1:]
	kind := kindOf(name)
	if kind < 0 {
		return fmt.Errorf("%s: command not found; help lists the commands", name)
	}
	if len(m.Procs) >= maxProcs {
		return fmt.Errorf("%s: %d programs run already", name, maxProcs)
	}
	if err := kinds[kind].check(args); err != nil {
		return fmt.Errorf("%s: %w; usage: %s", name, err, usage(name))
	}
	var filters []Filter
	for i := range c.Pipe {
		words := c.Pipe[i].Words
		if err := piped(words); err != nil {
			return err
		}
		filters = append(filters, Filter{Kind: uint8(kindOf(words[0])), Args: words[1:]})
	}
	if (name == "fg" || name == "bg") && (c.Background || len(filters) > 0) {
		return fmt.Errorf("bash: %s: no job control", name)
	}
	m.NextPID++
	p := Proc{PID: m.NextPID, Kind: uint8(kind), Line: 1, Background: c.Background,
		Command: c.text(), Args: args, Filters: filters, FD: -1, Conn: -1, WakeAt: now}
	if c.Background {
		m.employ(&p)
	}
	m.Procs = append(m.Procs, p)
	return nil
}

// usage returns how a program is called.
func usage(name string) string {
	if i := kindOf(name); i >= 0 {
		return strings.TrimSpace(name + " " + kinds[i].usage)
	}
	return ""
}

// Help

func checkHelp(args []string) error {
	switch {
	case len(args) > 1:
		return errors.New("one name is enough")
	case len(args) == 1 && kindOf(args[0]) < 0:
		return fmt.Errorf("there is no program %q", args[0])
	}
	return nil
}

var helpSource = []string{`puts(help);`}

func stepHelp(s *Sys, p *Proc) bool {
	if len(p.Args) == 1 {
		k := &kinds[kindOf(p.Args[0])]
		s.printf(StyleOut, "%s: %s", k.name, k.about)
		s.printf(StyleOut, "usage: %s", usage(k.name))
		s.exit()
		return false
	}
	order := kindNames()
	slices.Sort(order)
	for _, name := range order {
		s.printf(StyleOut, "%-12s %s", name, kinds[kindOf(name)].about)
	}
	s.printf(StyleOut, "help NAME tells how a program is called. COMMAND & runs it in the background; A ; B runs one after the other, A | B gives the lines of A to grep, head, tail or wc; ^C ends it.")
	s.exit()
	return false
}
