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
	Background bool
}

// parseLine takes a line apart into commands, as a shell does: words with "…" and '…' around what holds
// blanks, and & or ; behind a command.
func parseLine(line string) (list []Pending, err error) {
	var cmd Pending
	var word []byte
	inWord, quote := false, byte(0)
	endWord := func() {
		if inWord {
			cmd.Words = append(cmd.Words, string(word))
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
		case c == ';' || c == '&':
			if endWord(); len(cmd.Words) == 0 {
				return nil, fmt.Errorf("there is no command before %c", c)
			}
			cmd.Background = c == '&'
			list, cmd = append(list, cmd), Pending{}
		case c == '|' || c == '<' || c == '>':
			return nil, fmt.Errorf("there are no pipes and no files here, so %c has no meaning; put it in quotes if it belongs to a word", c)
		default:
			word, inWord = append(word, c), true
		}
	}
	if quote != 0 {
		return nil, fmt.Errorf("a quote is open: %c is missing at the end", quote)
	}
	if endWord(); len(cmd.Words) > 0 {
		list = append(list, cmd)
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
	m.NextPID++
	m.Procs = append(m.Procs, Proc{PID: m.NextPID, Kind: uint8(kind), Line: 1, Background: c.Background,
		Command: strings.Join(c.Words, " "), Args: args, FD: -1, Conn: -1, WakeAt: now})
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
	s.printf(StyleOut, "help NAME tells how a program is called. COMMAND & runs it in the background; A ; B runs one after the other; ^C ends it.")
	s.exit()
	return false
}
