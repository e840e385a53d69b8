//go:build !js && !headless

// Command wirelab is the desktop program: the command line, or the window.
package main

import (
	"os"

	"wirelab/lab/app"
	"wirelab/lab/cli"
)

func main() {
	program := cli.Program{Out: os.Stdout, ErrOut: os.Stderr, OpenWindow: app.OpenWindow, BenchFrame: app.BenchFrame}
	os.Exit(program.Run(os.Args[1:]))
}
