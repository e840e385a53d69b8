//go:build !js

package cli

import (
	"bytes"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"wirelab/lab/disk"
	"wirelab/lab/lesson"
	"wirelab/lab/session"
	"wirelab/lab/words"
)

type exportCommand struct {
	File  string       `arg:"" help:"The .lab file."`
	To    string       `required:"" placeholder:"OUT" help:"The file to write; its ending chooses the form."`
	Until *virtualTime `placeholder:"10s" help:"Go to this virtual time; ${end}."`
}

// endings choose what is exported; the longer ones come first.
var endings = []string{".classic.txt", ".ladder.txt", ".txt", ".pcapng", ".svg", ".json"}

func (c *exportCommand) Run(p *Program) error {
	kind, err := kindOf(c.To)
	if err != nil {
		return err
	}
	s, stopped, err := p.opened("export", c.File, c.Until, nil)
	if err != nil {
		return err
	}
	data, err := s.Export(kind)
	if err != nil {
		return err
	}
	if err := disk.Write(c.To, data); err != nil {
		return err
	}
	p.sayStopped("export", stopped)
	return nil
}

func kindOf(name string) (string, error) {
	if name == "-" {
		return "", errors.New("--to needs a file name, because its ending chooses the form: --to trace.txt")
	}
	for _, ending := range endings {
		if strings.HasSuffix(name, ending) && filepath.Base(name) != ending {
			return ending[1:], nil
		}
	}
	return "", fmt.Errorf("the ending of %q says nothing; the endings are %s", name, strings.Join(endings, " "))
}

type exampleCommand struct {
	Name   string `arg:"" optional:"" help:"The lab to write."`
	Output string `short:"o" placeholder:"FILE.lab" help:"Where to write it; NAME.lab if not given, - for standard output."`
}

func (c *exampleCommand) Run(p *Program) error {
	if c.Name == "" {
		if c.Output != "" {
			return fmt.Errorf("name the lab to write: %s", strings.Join(lesson.Names(), ", "))
		}
		return list(p)
	}
	s := session.New()
	if err := s.Example(c.Name); err != nil {
		return err
	}
	data, err := s.Save()
	if err != nil {
		return err
	}
	switch c.Output {
	case "-":
		_, err := p.raw.Write(data)
		return err
	case "":
		c.Output = c.Name + ".lab"
		if old, err := os.ReadFile(c.Output); err == nil && !bytes.Equal(old, data) {
			return fmt.Errorf("there is a file %q already; -o %s replaces it, -o another name does not", c.Output, c.Output)
		}
		fmt.Fprintln(p.Out, c.Output)
	}
	return disk.Write(c.Output, data)
}

// list prints the names and titles of the built-in labs.
func list(p *Program) error {
	for _, name := range lesson.Names() {
		if _, err := fmt.Fprintf(p.Out, "%s\t%s\n", name, words.Get(words.English, "lab."+name)); err != nil {
			return err
		}
	}
	return nil
}
