package words

import (
	"fmt"
	"strings"
	"sync"

	"wirelab/stack/problem"
	"wirelab/static"
)

// Error is a problem told by a sentence of the catalogues.
type Error struct {
	Key  string
	Args []any
}

// Error returns the sentence in English.
func (e *Error) Error() string { return Get(English, e.Key, e.Args...) }

// Words returns the key of the sentence and what fills it.
func (e *Error) Words() (key string, args []any) { return e.Key, e.Args }

// Tell returns what an error says, in a language if it can be told in it, else in English. Three kinds can: those with a format
// that static/words has a line for, such as problem.Error; those that know the key of a sentence of the catalogues, such as
// filter.Error, which stands above this package; and those that wrap one of them and add nothing.
func Tell(lang Lang, err error) string {
	if lang == English {
		return err.Error()
	}
	switch e := err.(type) {
	case interface{ Words() (string, []any) }:
		key, args := e.Words()
		return Get(lang, key, tellEach(lang, args)...)
	case interface{ Problem() (string, []any) }:
		format, args := e.Problem()
		if other, ok := problems()[lang][format]; ok {
			return fmt.Sprintf(other, tellEach(lang, args)...)
		}
	case interface{ Unwrap() error }:
		if inner := e.Unwrap(); inner != nil && inner.Error() == err.Error() {
			return Tell(lang, inner)
		}
	}
	return err.Error()
}

// tellEach tells those arguments of a sentence that have words of their own.
func tellEach(lang Lang, args []any) []any {
	told := make([]any, len(args))
	for i, a := range args {
		told[i] = a
		switch a := a.(type) {
		case error:
			told[i] = Tell(lang, a)
		case problem.Word:
			if other, ok := problems()[lang][string(a)]; ok {
				told[i] = other
			}
		}
	}
	return told
}

// arrow stands between the English format of a problem and that of another language.
const arrow = " => "

// problems are the formats of problems in languages other than English, by the English one.
var problems = sync.OnceValue(func() map[Lang]catalogue {
	c := catalogue{}
	for line := range strings.Lines(static.ProblemsChinese) {
		if english, other, ok := strings.Cut(strings.TrimSuffix(line, "\n"), arrow); ok && line[0] != '#' {
			c[english] = other
		}
	}
	return map[Lang]catalogue{Chinese: c}
})
