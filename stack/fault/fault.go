// Package fault makes errors that keep the format of their sentence and what fills it, so that whoever shows them to a person
// can say the same in another language. It is what wirelab/lab/problem is above: the stack knows nothing of lab.
//
// Everybody in stack may import it; it imports nothing of ours.
package fault

import "fmt"

// Error is a fault in an English sentence.
type Error struct {
	format string
	args   []any
	said   string
}

// New is fmt.Errorf without %w.
func New(format string, args ...any) error {
	return &Error{format, args, fmt.Sprintf(format, args...)}
}

// Error returns the sentence in English.
func (e *Error) Error() string { return e.said }

// Problem returns what the sentence of another language is made of; arguments may be faults, too.
func (e *Error) Problem() (format string, args []any) { return e.format, e.args }
