package filter

import (
	"strings"
	"testing"
)

// The bar is where the cursor stands.
func TestComplete(t *testing.T) {
	for _, c := range []struct{ text, want, span string }{
		{"tcp.flags.s|", "tcp.flags.syn", "tcp.flags.s"},
		{"ip and (tcp.options.sack_|le)", "tcp.options.sack_perm tcp.options.sack_le tcp.options.sack_re", "tcp.options.sack_le"},
		{"tcp.port |", "== != < <= > >= & in and or xor", ""},
		{"tcp.port#1 |", "== != < <= > >= & in and or xor", ""},
		{"tcp |", "contains and or xor", ""},
		{"tcp[13:1] |", "== != in contains and or xor", ""},
		{"tcp.flags.syn == |", "1 0", ""},
		{"tcp.port == 80 a|", "and", "a"},
		{"tcb.state == \"fin|", "\"FIN_WAIT_1\" \"FIN_WAIT_2\"", "\"fin"},
		{"tcb.state in {LISTEN, cl|}", "\"CLOSED\" \"CLOSE_WAIT\" \"CLOSING\"", "cl"},
		{"tcb.state |", "== != < <= > >= & in and or xor", ""},
		{"arp.opcode == |", "\"request\" \"reply\"", ""},
		{"tcp.port in |", "{", ""},
		{"wl.fate == lo|", "\"lost\"", "lo"},
		{"not lab|", "lab.time", "lab"},
		{"tcp ; |", "", ""},
		{"tcp.port == |", "", ""},
	} {
		at := strings.Index(c.text, "|")
		text := strings.Replace(c.text, "|", "", 1)
		var got []string
		for _, p := range Complete(text, at) {
			got = append(got, p.Text)
			if text[p.At:p.At+p.Len] != c.span {
				t.Errorf("%s: %q would replace %q, not %q", c.text, p.Text, text[p.At:p.At+p.Len], c.span)
			}
		}
		if strings.Join(got, " ") != c.want {
			t.Errorf("%s: %q, want %q", c.text, got, c.want)
		}
	}
	if n := len(Complete("", 0)); n < 200 {
		t.Errorf("only %d proposals for nothing", n)
	}
}
