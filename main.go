//go:build !js

// Command wirelab is the desktop program: the command line, or the window.
package main

import (
	"os"

	"wirelab/lab/cli"
	"wirelab/lab/window"
)

func main() {
	program := cli.Program{Out: os.Stdout, ErrOut: os.Stderr, OpenWindow: window.Open, BenchFrame: window.BenchFrame}
	os.Exit(program.Run(os.Args[1:]))
}
