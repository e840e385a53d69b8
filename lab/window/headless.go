//go:build !js && headless

package window

import "io"

// Open and BenchFrame are nil: this program has no window.
var (
	Open       func(file string) error
	BenchFrame func(args []string, out io.Writer) error
)
