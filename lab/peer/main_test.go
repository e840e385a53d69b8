//go:build linux

package peer

import (
	"errors"
	"flag"
	"fmt"
	"os"
	"os/exec"
	"syscall"
	"testing"
)

// inside is set in the environment of the process that runs within the namespace.
const inside = "WIRELAB_PEER_INSIDE"

// forbidden says why there can be no tests here, or is nil.
var forbidden error

// The tests run in a second process of the same program, born into a network
// namespace of its own: a thread cannot move there without taking chances with
// Go's scheduler, and whatever goes wrong, the machine's own network is out of
// reach.
func TestMain(m *testing.M) {
	flag.Parse()
	switch {
	case testing.Short():
		forbidden = errors.New("not in -short: these tests move a few hundred megabytes through the kernel")
	case os.Getenv(inside) == "":
		var code int
		if code, forbidden = reborn(); forbidden == nil {
			os.Exit(code)
		}
	default:
		forbidden = tryTUN()
	}
	os.Exit(m.Run())
}

// reborn runs this program once more in a new namespace and returns its exit
// status, or why that could not be done. Who is not root becomes it in there.
func reborn() (int, error) {
	self, err := os.Executable()
	if err != nil {
		return 0, err
	}
	child := exec.Command(self, os.Args[1:]...)
	child.Env = append(os.Environ(), inside+"=1")
	child.Stdin, child.Stdout, child.Stderr = os.Stdin, os.Stdout, os.Stderr
	attr := &syscall.SysProcAttr{Cloneflags: syscall.CLONE_NEWNET, Pdeathsig: syscall.SIGKILL}
	if uid := os.Getuid(); uid != 0 {
		attr.Cloneflags |= syscall.CLONE_NEWUSER
		attr.UidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: uid, Size: 1}}
		attr.GidMappings = []syscall.SysProcIDMap{{ContainerID: 0, HostID: os.Getgid(), Size: 1}}
	}
	child.SysProcAttr = attr
	err = child.Run()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return max(exit.ExitCode(), 1), nil // -1: a signal ended it
	}
	if err != nil {
		return 0, fmt.Errorf("this machine allows no network namespace: %w", err)
	}
	return 0, nil
}

// need skips a test where it cannot be. Each test begins with it, not its
// subtests: a test of which nothing ran has not passed.
func need(t *testing.T) {
	t.Helper()
	if forbidden != nil {
		t.Skip(forbidden)
	}
}

func tryTUN() error {
	f, err := openTUN("try0")
	if err != nil {
		return fmt.Errorf("this machine allows no TUN device: %w", err)
	}
	return f.Close()
}
