package app

import (
	"time"

	"golang.org/x/sys/unix"
)

// threadTime is the processor time that this thread has used: what else the machine does, and the engine's other threads,
// are no part of it.
func threadTime() time.Duration {
	var t unix.Timespec
	if err := unix.ClockGettime(unix.CLOCK_THREAD_CPUTIME_ID, &t); err != nil {
		return 0
	}
	return time.Duration(t.Nano())
}
