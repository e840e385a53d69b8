//go:build !js

// Command report sums up the output of go test -json: one line for what passed, every skipped test by name with its
// reason, and the full text of what failed.
package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"strings"
)

type event struct{ Action, Package, Test, Output string }

type report struct {
	packages, passed, failed int
	skipped                  []string
	output                   map[string]*strings.Builder
}

func main() {
	f, err := os.Open(os.Args[1])
	if err != nil {
		fmt.Fprintln(os.Stderr, "report:", err)
		os.Exit(2)
	}
	defer f.Close()
	r := report{output: map[string]*strings.Builder{}}
	lines := bufio.NewScanner(f)
	lines.Buffer(nil, 64<<20)
	for lines.Scan() {
		var e event
		if json.Unmarshal(lines.Bytes(), &e) != nil {
			fmt.Println(lines.Text()) // not of the test's making: show it as it is
			continue
		}
		r.add(e)
	}
	fmt.Printf("%d packages, %d tests passed, %d skipped, %d failed\n", r.packages, r.passed, len(r.skipped), r.failed)
	for _, s := range r.skipped {
		fmt.Println("  skipped", s)
	}
}

func (r *report) add(e event) {
	key := e.Package + " " + e.Test
	switch e.Action {
	case "output", "build-output":
		if e.Action == "build-output" {
			fmt.Print(e.Output)
		}
		if r.output[key] == nil {
			r.output[key] = &strings.Builder{}
		}
		r.output[key].WriteString(e.Output)
	case "pass":
		if e.Test == "" {
			r.packages++
		} else {
			r.passed++
		}
		delete(r.output, key)
	case "skip":
		if e.Test != "" {
			r.skipped = append(r.skipped, key+": "+r.reason(key))
		}
	case "fail":
		if e.Test != "" {
			r.failed++
		}
		if out := r.output[key]; out != nil {
			fmt.Printf("--- %s\n%s", key, out)
		}
	}
}

// reason is the sentence that the test gave: the line that names a source file.
func (r *report) reason(key string) string {
	if r.output[key] == nil {
		return "no reason given"
	}
	for line := range strings.Lines(r.output[key].String()) {
		if _, text, ok := strings.Cut(line, ".go:"); ok {
			if _, sentence, ok := strings.Cut(text, ": "); ok {
				return strings.TrimSpace(sentence)
			}
		}
	}
	return "no reason given"
}
