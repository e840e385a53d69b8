package prog

import (
	"errors"
	"fmt"
	"strconv"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// kind is one program: how it is called, how it goes on, and what it looks like.
type kind struct {
	name, usage string
	check       func(args []string) error // of the command line
	step        func(*Sys, *Proc) bool    // one line; false when it blocks
	source      []string
	stop        func(*Sys, *Proc) // what it still does when it is interrupted, or nil
}

// kinds is filled by init because the shell's table and the programs in it
// refer to each other. The order is part of the saved state: append only.
var kinds []kind

func init() {
	kinds = []kind{
		{"echo-server", "PORT [THINK_MS]", checkEchoServer, stepEchoServer, echoServerSource, nil},
		{"echo-client", "ADDRESS PORT", ports(2, 1), stepEchoClient, echoClientSource, nil},
		{"nc", "ADDRESS PORT | -l PORT", ports(2, 1), stepNC, ncSource, nil},
		{"ping", "ADDRESS [COUNT]", checkPing, stepPing, pingSource, pingStatistics},
		{"sink", "PORT [BYTES MS]", checkSink, stepSink, sinkSource, nil},
		{"source", "ADDRESS PORT [TOTAL [BYTES MS]]", checkSource, stepSource, sourceSource, nil},
		{"churn", "ADDRESS PORT COUNT", checkMany, stepChurn, churnSource, nil},
		{"crowd", "ADDRESS PORT COUNT", checkMany, stepCrowd, crowdSource, nil},
		{"hold", "PORT", ports(1, 0), stepHold, holdSource, nil},
	}
}

func kindOf(name string) int {
	for i := range kinds {
		if kinds[i].name == name {
			return i
		}
	}
	return -1
}

// Names lists the programs.
func Names() []string {
	names := make([]string, len(kinds))
	for i := range kinds {
		names[i] = kinds[i].name
	}
	return names
}

// Source returns the lines of a program in the shape of a C textbook; Proc.Line
// counts them from 1.
func Source(kind uint8) []string { return kinds[kind].source }

// Name returns the name of a kind.
func Name(kind uint8) string { return kinds[kind].name }

func checkEchoServer(args []string) error {
	if len(args) == 2 {
		if ms, err := strconv.Atoi(args[1]); err != nil || ms < 0 || ms > 3_600_000 {
			return fmt.Errorf("a time to think lies between 0 and 3600000 ms, not at %s", args[1])
		}
		args = args[:1]
	}
	return ports(1, 0)(args)
}

// ports checks for n arguments of which the last is a port and the first addrs
// are addresses; "-l" stands for an address.
func ports(n, addrs int) func([]string) error {
	return func(args []string) error {
		if len(args) != n {
			return fmt.Errorf("%d arguments are needed", n)
		}
		if addrs > 0 && args[0] != "-l" {
			if _, err := wire.ParseAddr(args[0]); err != nil {
				return err
			}
		}
		_, err := port(args[n-1])
		return err
	}
}

func port(s string) (uint16, error) {
	n, err := strconv.ParseUint(s, 10, 16)
	if err != nil || n == 0 {
		return 0, fmt.Errorf("%q is not a port from 1 to 65535", s)
	}
	return uint16(n), nil
}

// count reads a positive number of at most limit.
func count(s string, limit uint64) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, 64)
	if err != nil || n == 0 || n > limit {
		return 0, fmt.Errorf("%q is not a number from 1 to %d", s, limit)
	}
	return n, nil
}

func checkPing(args []string) error {
	if len(args) < 1 || len(args) > 2 {
		return errors.New("an address is needed")
	}
	if len(args) == 2 {
		if _, err := count(args[1], 1_000_000); err != nil {
			return err
		}
	}
	_, err := wire.ParseAddr(args[0])
	return err
}

func checkSource(args []string) error {
	if len(args) > 2 {
		if _, err := count(args[2], 1<<60); err != nil {
			return err
		}
		if err := checkPace(args[3:]); err != nil {
			return err
		}
		args = args[:2]
	}
	return ports(2, 1)(args)
}

func checkSink(args []string) error {
	if len(args) > 1 {
		if err := checkPace(args[1:]); err != nil {
			return err
		}
		args = args[:1]
	}
	return ports(1, 0)(args)
}

// endpoint reads arguments that were checked when the program started.
func endpoint(addr, portText string) tcp.Endpoint {
	a, _ := wire.ParseAddr(addr)
	n, _ := port(portText)
	return tcp.Endpoint{Addr: a, Port: n}
}
