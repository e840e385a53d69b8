//go:build !js

package cli

import (
	"errors"
	"fmt"
	"strings"

	"wirelab/lab/words"
)

type whyCommand struct {
	File  string       `arg:"" help:"The .lab file."`
	What  []string     `arg:"" help:"The packet, counted from 1 as packets were offered to links; or call N or timer N, a system call or a timer that ran out; calls and timers list them."`
	Until *virtualTime `placeholder:"10s" help:"Go to this virtual time; ${end}."`
	Lang  string       `default:"en" placeholder:"zh" help:"The language: en or zh."`
}

// Run prints the chain from a packet, a system call or a timer back to what began it.
func (c *whyCommand) Run(p *Program) error {
	s, stopped, err := p.opened("why", c.File, c.Until, nil)
	if err != nil {
		return err
	}
	defer p.sayStopped("why", stopped) // also before it is said that there is no such packet
	if err := s.Lang(c.Lang); err != nil {
		return err
	}
	lines, err := s.WhyText(strings.Join(c.What, " "))
	if err != nil {
		return errors.New(words.Tell(s.Language(), err))
	}
	_, err = fmt.Fprintln(p.Out, strings.Join(lines, "\n"))
	return err
}
