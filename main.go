//go:build !js

// Command wirelab is the desktop program.
package main

import (
	"os"

	"wirelab/lab/cli"
)

func main() { os.Exit(cli.Run(os.Args[1:], os.Stdout, os.Stderr)) }
