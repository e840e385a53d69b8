//go:build !js

package cli

import (
	"strings"
	"testing"
)

func TestStatusAndSentence(t *testing.T) {
	for _, c := range []struct {
		args   string
		status int
		says   string
	}{
		{"drill x.pkt", 2, "not yet"},
		{"nonsense", 2, "nonsense"},
		{"serve --nonsense", 2, "nonsense"},
		{"--help", 0, ""},
	} {
		var out, errOut strings.Builder
		if got := Run(strings.Fields(c.args), &out, &errOut); got != c.status {
			t.Errorf("wirelab %s: status %d, want %d", c.args, got, c.status)
		}
		if !strings.Contains(errOut.String(), c.says) {
			t.Errorf("wirelab %s says %q, want something with %q", c.args, errOut.String(), c.says)
		}
	}
}
