// Command main runs one workload of package bench. Unlike wirelab it also runs
// as wasm under Node.
package main

import (
	"fmt"
	"os"
	"runtime/pprof"

	"wirelab/lab/bench"
)

func main() { os.Exit(run()) }

// run writes a profile of the processor if WIRELAB_CPUPROFILE names a file.
func run() int {
	if name := os.Getenv("WIRELAB_CPUPROFILE"); name != "" {
		f, err := os.Create(name)
		if err == nil {
			err = pprof.StartCPUProfile(f)
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, "bench:", err)
			return 2
		}
		defer pprof.StopCPUProfile()
	}
	return bench.Command("bench", os.Args[1:], os.Stdout, os.Stderr)
}
