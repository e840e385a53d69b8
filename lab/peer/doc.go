// Package peer is tests only: the stack talks to the real Linux kernel, through
// a TUN device in a network namespace that the tests make for themselves. Where
// the machine allows no such thing, every test says so and is skipped.
//
// It stands at the edge: it reads the clock and starts goroutines, which no
// room below may. Start reading at peer_test.go, then host_test.go, where real
// time drives a host.
package peer
