package drill

import (
	"fmt"
	"strings"
)

// Parse reads a script; name stands in messages. Each of defines is NAME=VALUE,
// as the option --define has it, and wins over the script's own. An error is
// a *SyntaxError.
func Parse(name, text string, defines ...string) (*Script, error) {
	if len(text) > maxText {
		return nil, &SyntaxError{name, 1, fmt.Sprintf("the script is longer than %d bytes", maxText)}
	}
	text, err := conditional(name, text)
	if err != nil {
		return nil, err
	}
	c := &cursor{name: name, text: text, line: 1}
	s := &Script{Name: name}
	if err := c.script(s, defines); err != nil {
		return nil, err
	}
	return s, nil
}

// script reads option* init? event+ cleanup?.
func (c *cursor) script(s *Script, defines []string) error {
	symbols, err := c.options(s)
	if err != nil {
		return err
	}
	for _, d := range defines {
		sym, err := c.define(d)
		if err != nil {
			return err
		}
		symbols = append(symbols, sym)
	}
	if err := c.substitute(symbols); err != nil {
		return err
	}
	if s.Init, err = c.shell(); err != nil {
		return err
	}
	for {
		if err := c.skip(); err != nil {
			return err
		}
		if c.end() || c.sees("`") {
			break
		}
		if c.sees("--") {
			return c.errorf("options stand before the first event")
		}
		e := Event{Line: c.line}
		if err := c.event(&e); err != nil {
			return err
		}
		if err := c.check(s, &e); err != nil {
			return err
		}
		s.Events = append(s.Events, e)
	}
	if s.Cleanup, err = c.shell(); err != nil {
		return err
	}
	switch err := c.skip(); {
	case err != nil:
		return err
	case !c.end():
		return c.errorf("expected the end of the script behind the last command, not %s", c.here())
	case len(s.Events) == 0:
		return c.errorf("the script has no event")
	}
	return nil
}

// options reads the --name=value lines, and what they define.
func (c *cursor) options(s *Script) (symbols []symbol, err error) {
	for {
		ok, err := c.accept("--")
		if err != nil || !ok {
			return symbols, err
		}
		o := Option{Line: c.line}
		n := 0
		for isWord(c.at(n)) || c.at(n) == '-' && n > 0 {
			n++
		}
		if n == 0 {
			return nil, c.errorf("expected an option's name behind --, not %s", c.here())
		}
		o.Name = c.text[c.pos : c.pos+n]
		c.advance(n)
		if c.at(0) == '=' {
			c.advance(1)
			if o.Value, err = c.optionValue(); err != nil {
				return nil, err
			}
		}
		if o.Name == "define" {
			sym, err := c.define(o.Value)
			if err != nil {
				return nil, err
			}
			symbols = append(symbols, sym)
		}
		s.Options = append(s.Options, o)
	}
}

// define takes NAME=VALUE apart.
func (c *cursor) define(text string) (symbol, error) {
	name, value, ok := strings.Cut(text, "=")
	if !ok || name == "" {
		return symbol{}, c.errorf("--define takes NAME=VALUE, not %q", text)
	}
	return symbol{name, value}, nil
}

// optionValue reads up to the next blank that stands in no quotes. The quotes
// of a value that is one string go.
func (c *cursor) optionValue() (string, error) {
	start := c.pos
	for !c.end() && !strings.ContainsRune(" \t\r\n", rune(c.at(0))) {
		if q := c.at(0); q == '"' || q == '`' {
			whole := c.pos == start
			s, err := c.quoted(string(q), string(q))
			if err != nil {
				return "", err
			}
			if whole {
				return s, nil
			}
			continue
		}
		c.advance(1)
	}
	if c.pos == start {
		return "", c.errorf("expected a value behind =")
	}
	return c.text[start:c.pos], nil
}

// shell reads a back-quoted command, if one stands here.
func (c *cursor) shell() (*Shell, error) {
	if err := c.skip(); err != nil || !c.sees("`") {
		return nil, err
	}
	s := &Shell{Line: c.line}
	var err error
	s.Text, err = c.quoted("`", "`")
	return s, err
}

// event reads a time and what happens then.
func (c *cursor) event(e *Event) (err error) {
	if err = c.when(&e.When); err != nil {
		return err
	}
	if err = c.skip(); err != nil {
		return err
	}
	e.Line = c.line
	switch {
	case c.sees("<"), c.sees(">"):
		e.Packet, err = c.packet()
	case c.sees("`"):
		e.Shell, err = c.shell()
	case c.sees("%{"):
		e.Code = &Shell{Line: c.line}
		e.Code.Text, err = c.quoted("%{", "}%")
	case c.peekWord() != "":
		e.Call, err = c.call()
	default:
		err = c.errorf("expected a packet (< or >), a call, `shell` or %%{ code }%% behind the time, not %s", c.here())
	}
	return err
}

// when reads t, +t, *, a~b, +a~+b, t...u or +t...u.
func (c *cursor) when(w *When) error {
	if ok, err := c.accept("*"); err != nil || ok {
		w.Kind = AnyTime
		return err
	}
	plus, err := c.accept("+")
	if err != nil {
		return err
	}
	if plus {
		w.Kind = Relative
	}
	if !isDigit(c.at(0)) && c.at(0) != '.' && c.at(0) != ' ' && c.at(0) != '\t' {
		return c.errorf("expected the time of an event, not %s", c.here())
	}
	if w.Start, err = c.seconds(); err != nil {
		return err
	}
	w.End = w.Start
	if w.Blocking, err = c.accept("..."); err != nil {
		return err
	}
	if !w.Blocking {
		if w.Range, err = c.accept("~"); err != nil {
			return err
		}
	}
	if !w.Blocking && !w.Range {
		return nil
	}
	again, err := c.accept("+")
	switch {
	case err != nil:
		return err
	case again && !plus, w.Range && plus != again:
		return c.errorf("both ends of a range are absolute, or both are relative (+a~+b)")
	}
	if w.End, err = c.seconds(); err == nil && w.End < w.Start {
		err = c.errorf("the time ends before it begins")
	}
	return err
}

// check refuses what may not stand together or in this order.
func (c *cursor) check(s *Script, e *Event) error {
	fail := func(text string) error { return &SyntaxError{c.name, e.Line, text} }
	w := e.When
	switch {
	case w.Kind == AnyTime && !e.outbound():
		return fail("the time * is for packets that leave (>)")
	case w.Range && !e.outbound():
		return fail("a range of times is for packets that leave (>)")
	case w.Blocking && e.Call == nil:
		return fail("a time t...u is for system calls")
	case len(s.Events) == 0 && w.Kind == AnyTime, len(s.Events) == 0 && w.Start != 0:
		return fail("the first event is at time 0")
	case w.Kind != Absolute:
		return nil
	}
	for i := len(s.Events) - 1; i >= 0; i-- {
		if last := s.Events[i].When; last.Kind == Absolute {
			if last.Start > w.Start {
				return fail("time goes backwards")
			}
			break
		}
	}
	return nil
}
