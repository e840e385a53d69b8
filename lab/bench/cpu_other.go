//go:build !unix

package bench

import "time"

var began = time.Now()

// cpuNs stands in for processor time where it cannot be had: under wasm there
// is one thread, so time that passes is time that is used.
func cpuNs() int64 { return time.Since(began).Nanoseconds() }
