//go:build !js

package cli

import (
	"strings"
	"testing"
)

// A whole network gets each address on a line of its own, and the first as a QR code; this machine alone needs none.
func TestAddressesAreSaid(t *testing.T) {
	for _, urls := range [][]string{{"http://127.0.0.1:8017/"}, {"http://192.168.1.5:8017/", "http://127.0.0.1:8017/"}} {
		var out strings.Builder
		p := &Program{Out: &out, raw: &out}
		p.sayURLs(urls)
		code, ok := strings.CutPrefix(out.String(), strings.Join(urls, "\n")+"\n")
		if lines := strings.Count(code, "\n"); !ok || (lines > 15) != (len(urls) > 1) || strings.Contains(code, "\x1b") {
			t.Errorf("%v: %q", urls, out.String())
		}
	}
}
