//go:build !js

package cli

import (
	"encoding/json"
	"strings"
	"testing"
)

// A lesson is graded by what happened up to the saved position or to --until; what was not met is a verdict.
func TestCheck(t *testing.T) {
	t.Chdir(t.TempDir())
	put(t, "lost.lab", []byte(must(t, "example", "lost-syn", "-o", "-")))
	for _, c := range []struct {
		until string
		met   int
		code  int
	}{{"0s", 0, refuted}, {"2s", 2, refuted}, {"3.11s", 3, refuted}, {"10s", 5, ok}} {
		var out, errOut strings.Builder
		if code := run([]string{"check", "lost.lab", "--until", c.until, "--json"}, &out, &errOut); code != c.code || errOut.Len() > 0 {
			t.Errorf("until %s: status %d, %s", c.until, code, errOut.String())
		}
		var g grade
		if err := json.Unmarshal([]byte(out.String()), &g); err != nil {
			t.Fatal(err)
		}
		if g.Met != c.met || len(g.Steps) != 5 || g.Title != "The first SYNs are lost" {
			t.Errorf("until %s: %+v", c.until, g)
		}
		for i, s := range g.Steps {
			if s.Met != (i < c.met) || s.Met != (s.TimeNs != nil) {
				t.Errorf("until %s: step %d: %+v", c.until, i+1, s)
			}
		}
	}
	out := must(t, "check", "lost.lab", "--until", "10s", "--lang", "zh")
	for _, want := range []string{"lost.lab: 5 of 5\n", "2. 1.1s ", "A 重发同一个 SYN"} {
		if !strings.Contains(out, want) {
			t.Errorf("there is no %q in\n%s", want, out)
		}
	}
}
