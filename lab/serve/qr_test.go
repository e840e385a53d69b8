//go:build !js

package serve

import (
	"strings"
	"testing"
	"unicode/utf8"

	"rsc.io/qr"
)

// With colours and without, what is drawn is the code with its quiet margin, light and dark the right way round.
func TestQR(t *testing.T) {
	const url = "http://192.168.1.23:8017/"
	code, err := qr.Encode(url, qr.L)
	if err != nil {
		t.Fatal(err)
	}
	for _, colours := range []bool{true, false} {
		text, err := QR(url, colours)
		if err != nil {
			t.Fatal(err)
		}
		lines := strings.Split(strings.TrimSuffix(text, "\n"), "\n")
		if want := (code.Size + 2*quiet + 1) / 2; len(lines) != want || len(lines) > 24 {
			t.Fatalf("%d lines, want %d, and at most those of a terminal", len(lines), want)
		}
		for i, line := range lines {
			if colours {
				if !strings.HasPrefix(line, blackOnWhite) || !strings.HasSuffix(line, plainAgain) {
					t.Fatalf("line %q is not black on white", line)
				}
				line = strings.TrimSuffix(strings.TrimPrefix(line, blackOnWhite), plainAgain)
			}
			if n := utf8.RuneCountInString(line); n != code.Size+2*quiet {
				t.Fatalf("line %d is %d wide", i, n)
			}
			x := -quiet
			for _, r := range line {
				for half, inked := range []string{"█▀", "█▄"} {
					y := 2*i - quiet + half
					if y == code.Size+quiet { // the lower half of the last line is below the margin
						continue
					}
					if black := strings.ContainsRune(inked, r) == colours; black != code.Black(x, y) {
						t.Fatalf("colours %v: the module %d,%d is black: %v", colours, x, y, black)
					}
				}
				x++
			}
		}
	}
}
