package cli

import (
	"bytes"
	"fmt"
	"io"
	"unicode/utf8"

	"wirelab/lab"
)

// escaper writes text for a terminal. A lab from a stranger may bring characters that a terminal acts on instead of showing them; they come
// out as \u001b, which is as good in JSON. Line breaks and tabs stay.
type escaper struct {
	out  io.Writer
	rest []byte // of a character that was cut in two
}

func (e *escaper) Write(text []byte) (int, error) {
	var b bytes.Buffer
	all := append(e.rest, text...)
	e.rest = nil
	for len(all) > 0 {
		if !utf8.FullRune(all) {
			e.rest = bytes.Clone(all)
			break
		}
		r, size := utf8.DecodeRune(all)
		switch {
		case r == '\n' || r == '\t':
			b.WriteRune(r)
		case r == utf8.RuneError && size == 1:
			fmt.Fprintf(&b, `\x%02x`, all[0])
		case lab.Unseen(r):
			fmt.Fprintf(&b, `\u%04x`, r)
		default:
			b.WriteRune(r)
		}
		all = all[size:]
	}
	if _, err := e.out.Write(b.Bytes()); err != nil {
		return 0, err
	}
	return len(text), nil
}
