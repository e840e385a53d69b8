//go:build !js

// Package cli is the command line of Wirelab: it parses flags, does the work,
// and turns errors into a sentence and an exit status. It runs natively only.
// Start reading at Run.
package cli

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/signal"

	"github.com/alecthomas/kong"

	"wirelab/lab/serve"
)

// Exit statuses: success, a verdict against what was asked, or could not do it.
const (
	ok     = 0
	failed = 2
)

// commands is the command line as kong reads it.
type commands struct {
	Serve serveCommand `cmd:"" help:"Serve the web lab from this one binary."`
}

type serveCommand struct {
	Addr string `default:"127.0.0.1:8017" placeholder:"HOST:PORT" help:"Where to listen."`
}

func (c *serveCommand) Run() error {
	files, err := serve.Web()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	return serve.Run(ctx, c.Addr, files, func(url string) { fmt.Println(url) })
}

// later names the commands of the contract that do not work yet.
var later = map[string]bool{"run": true, "export": true, "drill": true, "check": true, "sweep": true, "example": true, "bench": true}

// Run does what args, without the program's name, ask for, and returns the
// exit status. Messages go to errOut.
func Run(args []string, out, errOut io.Writer) int {
	if len(args) > 0 && later[args[0]] {
		fmt.Fprintf(errOut, "wirelab %s: not yet\n", args[0])
		return failed
	}
	var c commands
	exited := -1
	parser, err := kong.New(&c, kong.Name("wirelab"), kong.Description("A TCP/IP lab."), kong.Writers(out, errOut),
		kong.Exit(func(code int) { exited = code }))
	if err != nil {
		fmt.Fprintln(errOut, "wirelab:", err)
		return failed
	}
	parsed, err := parser.Parse(args)
	switch {
	case exited >= 0: // --help has printed itself
		return exited
	case err != nil:
		fmt.Fprintf(errOut, "wirelab: %v; wirelab --help lists the commands\n", err)
		return failed
	}
	if err := parsed.Run(); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(errOut, "wirelab:", err)
		return failed
	}
	return ok
}
