//go:build !linux

package app

import "time"

var began = time.Now()

// threadTime stands in for processor time where that cannot be had: under wasm there is one thread, so time that passes is
// time that is used.
func threadTime() time.Duration { return time.Since(began) }
