//go:build !js

package cli

import (
	"encoding/json"
	"fmt"
	"strconv"
	"time"
)

type checkCommand struct {
	Files []string     `arg:"" name:"file" help:"The .lab files."`
	Until *virtualTime `placeholder:"10s" help:"Grade at this virtual time; ${end}."`
	Lang  string       `default:"en" placeholder:"zh" help:"The language: en or zh."`
	JSON  bool         `name:"json" help:"Print one JSON object a file."`
}

// grade is what is printed of a file.
type grade struct {
	File  string       `json:"file"`
	Title string       `json:"title"`
	Met   int          `json:"met"`
	Steps []gradedStep `json:"steps"`
}

type gradedStep struct {
	Step   int    `json:"step"`
	Met    bool   `json:"met"`
	TimeNs *int64 `json:"time_ns,omitempty"` // when, if it was met
	Text   string `json:"text"`
}

// Run grades each file; a step that was not met is a verdict against it.
func (c *checkCommand) Run(p *Program) error {
	unmet := false
	for _, file := range c.Files {
		g, err := c.grade(p, file)
		if err != nil {
			return err
		}
		unmet = unmet || g.Met < len(g.Steps)
		if c.JSON {
			if err := json.NewEncoder(p.Out).Encode(g); err != nil {
				return err
			}
			continue
		}
		fmt.Fprintf(p.Out, "%s: %d of %d\n", file, g.Met, len(g.Steps))
		for _, s := range g.Steps {
			when := "not met"
			if s.Met {
				when = time.Duration(*s.TimeNs).String()
			}
			fmt.Fprintf(p.Out, "  %d. %-14s %s\n", s.Step, when, s.Text)
		}
	}
	if unmet {
		return exitStatus(refuted)
	}
	return nil
}

func (c *checkCommand) grade(p *Program, file string) (*grade, error) {
	s, stopped, err := p.opened("check", file, c.Until, nil)
	if err == nil {
		err = s.Lang(c.Lang)
	}
	if err != nil {
		return nil, err
	}
	g := &grade{File: file, Title: s.Title()}
	for i, step := range s.Grade() {
		graded := gradedStep{Step: i + 1, Met: step.Done, Text: step.Text}
		if step.Done {
			g.Met++
			graded.TimeNs = &step.At.TimeNs
		}
		g.Steps = append(g.Steps, graded)
	}
	if len(g.Steps) == 0 {
		return nil, fmt.Errorf("%q has no lesson to be graded; those made from the built-in labs have: wirelab example lists them", file)
	}
	if stopped != "" && len(c.Files) > 1 {
		stopped = strconv.Quote(file) + " " + stopped
	}
	p.sayStopped("check", stopped)
	return g, nil
}
