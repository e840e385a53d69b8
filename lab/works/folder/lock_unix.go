//go:build unix

package folder

import (
	"errors"
	"os"
	"syscall"
)

// lock takes an exclusive lock of a file until it is closed or the process ends, however that ends. Without wait it fails if another
// process has the lock.
func lock(f *os.File, wait bool) error {
	how := syscall.LOCK_EX
	if !wait {
		how |= syscall.LOCK_NB
	}
	for {
		if err := syscall.Flock(int(f.Fd()), how); err != syscall.EINTR {
			return err
		}
	}
}

// full reports whether an error says that there is no room left on the disk.
func full(err error) bool { return errors.Is(err, syscall.ENOSPC) || errors.Is(err, syscall.EDQUOT) }
