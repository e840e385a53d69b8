package drill

import "fmt"

// Script is a parsed script.
type Script struct {
	Name    string
	Options []Option // those at the top of the file
	Init    *Shell   // before the first event, or nil
	Events  []Event
	Cleanup *Shell // after the last event, or nil
}

// Option is --name=value.
type Option struct {
	Name, Value string
	Line        int
}

// Shell is a back-quoted command.
type Shell struct {
	Text string
	Line int
}

// WhenKind says how an event's time is given.
type WhenKind uint8

// The forms of an event's time.
const (
	Absolute WhenKind = iota // t: from the start of the script
	Relative                 // +t: from when the event before was done
	AnyTime                  // *
)

// When is an event's time. A range a~b and a blocking call a...b have an End.
type When struct {
	Kind       WhenKind
	Start, End int64 // ns
	Range      bool  // a~b: at any time between
	Blocking   bool  // a...b: a call that begins and ends then
}

// Event is one step of a script: exactly one of the pointers is set.
type Event struct {
	When   When
	Line   int
	Packet *Packet
	Call   *Call
	Code   *Shell // between %{ and }%
	Shell  *Shell
}

// inbound reports whether the event is a packet that arrives.
func (e *Event) inbound() bool { return e.Packet != nil && e.Packet.In }

// outbound reports whether the event is a packet that must leave.
func (e *Event) outbound() bool { return e.Packet != nil && !e.Packet.In }

// SyntaxError says where a script cannot be read, and why.
type SyntaxError struct {
	Name string
	Line int
	Text string
}

func (e *SyntaxError) Error() string { return fmt.Sprintf("%s:%d: %s", e.Name, e.Line, e.Text) }

// Limits on a script, so that no file can hang or exhaust a program.
const (
	maxText     = 1 << 20 // bytes, also after symbols were replaced
	maxDepth    = 20      // of nested arguments and expressions
	maxValues   = 256     // in one list of arguments
	maxTerms    = 1000    // in one statement of code
	maxTimeNs   = int64(1) << 60
	maxSegments = 100_000 // that may make up one expected packet
)
