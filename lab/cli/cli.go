//go:build !js

// Package cli is the command line of Wirelab: it parses flags, does the work,
// and turns errors into a sentence and an exit status. It runs natively only
// and reaches no window: whoever has one hands it in.
//
// It may import everything of lab but the widgets and what stands on them.
// Start reading at Program.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"slices"
	"strings"

	"github.com/alecthomas/kong"

	"wirelab/lab/bench"
)

// Exit statuses: success, or could not do it. Between them stands refuted.
const (
	ok     = 0
	failed = 2
)

// Program is what the command line is given from outside.
type Program struct {
	Out, ErrOut io.Writer
	OpenWindow  func(file string) error                  // with the lab in file, or what was open last; nil: there is no window
	BenchFrame  func(args []string, out io.Writer) error // the workload that needs a window
	raw         io.Writer                                // Out, for what is no text
}

// commands is the command line as kong reads it.
type commands struct {
	Open    openCommand    `cmd:"" default:"withargs" hidden:"" help:"Open the window."`
	Serve   serveCommand   `cmd:"" help:"Serve the web lab from this one binary."`
	Run     runCommand     `cmd:"" help:"Run a lab without a window and print its status."`
	Export  exportCommand  `cmd:"" help:"Write what happened in a lab in another form."`
	Sweep   sweepCommand   `cmd:"" help:"Run a lab many times with something else each time; print a line of JSON for each."`
	Why     whyCommand     `cmd:"" help:"Tell why a packet was sent: the chain back to what somebody did."`
	Check   checkCommand   `cmd:"" help:"Grade the lesson of labs by replay: which of its steps were met."`
	Compare compareCommand `cmd:"" help:"Say where two labs, or a lab and one of its branches, part and what came of it."`
	Drill   drillCommand   `cmd:"" help:"Run packetdrill scripts against the stack."`
	Example exampleCommand `cmd:"" help:"List the built-in labs, or write one."`
	Bench   benchCommand   `cmd:"" passthrough:"" help:"Measure one of the fixed workloads; bench --help lists its flags."`
	Version versionCommand `cmd:"" help:"Print what this program is: its revision, engine, .lab format and Go."`
}

// run does what args, without the program's name, ask for in a program without
// a window, and returns the exit status.
func run(args []string, out, errOut io.Writer) int {
	return Program{Out: out, ErrOut: errOut}.Run(args)
}

// run does what args, without the program's name, ask for, and returns the
// exit status.
func (p Program) Run(args []string) int {
	p.raw, p.Out, p.ErrOut = p.Out, &escaper{out: p.Out}, &escaper{out: p.ErrOut}
	var c commands
	exited := -1
	parser, err := kong.New(&c, kong.Name("wirelab"), kong.Description("A TCP/IP lab. Without a command, wirelab [FILE] opens the window."),
		kong.Vars{"end": endHelp}, kong.Writers(p.Out, p.ErrOut), kong.Exit(func(code int) { exited = code }))
	if err != nil {
		p.say("wirelab: %v", err)
		return failed
	}
	parsed, err := parser.Parse(args)
	if exited >= 0 { // --help has printed itself
		return exited
	}
	if err != nil {
		p.say("wirelab: %s; %s --help says what can be asked for", sentence(err), asked(err))
		return failed
	}
	return p.status(parsed.Selected().Name, parsed.Run(&p))
}

// status turns the outcome of a command into a sentence and an exit status.
func (p Program) status(command string, err error) int {
	var status exitStatus
	switch {
	case err == nil || errors.Is(err, context.Canceled):
		return ok
	case errors.As(err, &status): // it has said why
		return int(status)
	case command == "open":
		p.say("wirelab: %v", err)
	default:
		p.say("wirelab %s: %v", command, err)
	}
	return failed
}

// exitStatus is the outcome of a command that has said everything itself.
type exitStatus int

func (s exitStatus) Error() string { return fmt.Sprintf("exit status %d", int(s)) }

// sentence puts the parser's words for a flag without its value into ours.
func sentence(err error) string {
	flag, rest, ok := strings.Cut(err.Error(), ": expected ")
	switch {
	case ok && strings.Contains(rest, `"EOL"`):
		return flag + " needs a value"
	case ok && strings.Contains(rest, "flag)"):
		return flag + " needs a value, and one that begins with - is written " + flag + "=-1"
	}
	return err.Error()
}

// asked returns the command that an error of parsing is about.
func asked(err error) string {
	var e *kong.ParseError
	if errors.As(err, &e) && e.Context != nil && e.Context.Selected() != nil && !e.Context.Selected().Hidden {
		return "wirelab " + e.Context.Selected().Name
	}
	return "wirelab"
}

func (p *Program) say(format string, args ...any) { fmt.Fprintf(p.ErrOut, format+"\n", args...) }

// noWindow begins the sentence about what a program without a window is asked for.
const noWindow = "this program was built without the window; go build without -tags headless has it; "

type openCommand struct {
	File string `arg:"" optional:"" help:"The .lab file to open."`
}

func (c *openCommand) Run(p *Program) error {
	if c.File != "" {
		if _, err := os.Stat(c.File); err != nil {
			return fmt.Errorf("there is neither a command nor a file %q; wirelab --help lists the commands", c.File)
		}
	}
	if p.OpenWindow == nil {
		return errors.New(noWindow + "wirelab --help lists the commands, and wirelab serve shows the lab in a browser")
	}
	return p.OpenWindow(c.File)
}

// benchCommand leaves its flags to package bench, whose own program reads the same.
type benchCommand struct {
	Args []string `arg:"" optional:"" help:"The workload's name, and flags."`
}

func (c *benchCommand) Run(p *Program) error {
	if slices.Contains(c.Args, "frame") {
		if p.BenchFrame == nil {
			return errors.New(noWindow + "the other workloads are " + strings.Join(bench.Names(), ", "))
		}
		return p.BenchFrame(c.Args, p.Out)
	}
	if status := bench.Command("wirelab bench", c.Args, p.Out, p.ErrOut); status != ok {
		return exitStatus(status)
	}
	return nil
}
