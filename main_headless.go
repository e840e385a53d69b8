//go:build !js && headless

// Command wirelab, with the tag headless, is the command line alone: one static program that needs no file, library or display.
package main

import (
	"os"

	"wirelab/lab/cli"
)

func main() { os.Exit(cli.Run(os.Args[1:], os.Stdout, os.Stderr)) }
