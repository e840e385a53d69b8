package cli

import (
	"strings"
	"testing"
)

// Nothing that a terminal acts on reaches it, however the text is cut; what can be seen passes.
func TestEscaper(t *testing.T) {
	text := "四次挥手\tä\n\x1b[2J\a\r\x7f\u0085\u009b31m\u202etxt.exe\u2066\u200f\u2028\xff."
	want := "四次挥手\tä\n" + `\u001b[2J\u0007\u000d\u007f\u0085\u009b31m\u202etxt.exe\u2066\u200f\u2028\xff.`
	for size := 1; size <= len(text); size++ {
		var out strings.Builder
		e := escaper{out: &out}
		for rest := text; rest != ""; {
			n := min(size, len(rest))
			if written, err := e.Write([]byte(rest[:n])); err != nil || written != n {
				t.Fatal(written, err)
			}
			rest = rest[n:]
		}
		if out.String() != want {
			t.Errorf("in pieces of %d: %q", size, out.String())
		}
	}
}
