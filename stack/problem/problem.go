// Package problem makes errors that can be told in several languages. An error keeps the format of its English sentence and what fills
// it; lab/words finds the sentence of another language by that format. Whoever finds something wrong needs no catalogue.
//
// Every package may import it. It imports none of ours.
package problem

import (
	"errors"
	"fmt"
)

// Error is a problem in an English sentence.
type Error struct {
	Format string // as for fmt.Errorf: the key of its sentence in other languages
	Args   []any  // those that are an error or a Word are told in that language, too
	said   error
}

// New is fmt.Errorf of an error that can be told in other languages, if static/words has a line for the format.
func New(format string, args ...any) error {
	return &Error{format, args, fmt.Errorf(format, args...)}
}

// Error returns the sentence in English.
func (e *Error) Error() string { return e.said.Error() }

// Unwrap returns the error behind %w, if there is one.
func (e *Error) Unwrap() error { return errors.Unwrap(e.said) }

// Problem returns what the sentence of another language is made of.
func (e *Error) Problem() (format string, args []any) { return e.Format, e.Args }

// Word is a part of a sentence that has a line of its own: what is wrong, where one sentence serves many things.
type Word string
