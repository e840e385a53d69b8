package session

import (
	"wirelab/lab/words"
	"wirelab/stack/problem"
)

// Error is a failure that a person can act on; Code is for programs. Err says what it is, in English; words.Tell says it in
// any language.
type Error struct {
	Code string
	Err  error
}

func (e *Error) Error() string { return e.Err.Error() }

// Unwrap returns what says it.
func (e *Error) Unwrap() error { return e.Err }

// ErrorCode returns the code, for the page.
func (e *Error) ErrorCode() string { return e.Code }

// fail makes a failure of a sentence, which needs a line in static/words for every other language.
func fail(code, format string, args ...any) error {
	return &Error{code, problem.New(format, args...)}
}

// failKey makes one of a sentence of the word catalogues.
func failKey(code, key string, args ...any) error {
	return &Error{code, &words.Error{Key: key, Args: args}}
}
