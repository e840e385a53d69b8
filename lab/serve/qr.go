//go:build !js

package serve

import (
	"strings"

	"rsc.io/qr"
)

// quiet is the light margin that a reader needs, in modules.
const quiet = 4

// Black on white whatever the theme of the terminal: these two of the 256 colours are no theme's own.
const (
	blackOnWhite = "\x1b[38;5;16;48;5;231m"
	plainAgain   = "\x1b[0m"
)

// QR draws a text as a QR code, two modules in each character. Without colours, light modules are the ink, as is right where ink is
// light: on most terminals.
func QR(text string, colours bool) (string, error) {
	code, err := qr.Encode(text, qr.L)
	if err != nil {
		return "", err
	}
	ink := func(x, y int) bool { return code.Black(x, y) == colours } // outside of the code nothing is black
	var b strings.Builder
	for y := -quiet; y < code.Size+quiet; y += 2 {
		if colours {
			b.WriteString(blackOnWhite)
		}
		for x := -quiet; x < code.Size+quiet; x++ {
			lower := y+1 < code.Size+quiet && ink(x, y+1) // below the last line is no module
			b.WriteString(half(ink(x, y), lower))
		}
		if colours {
			b.WriteString(plainAgain)
		}
		b.WriteByte('\n')
	}
	return b.String(), nil
}

func half(upper, lower bool) string {
	switch {
	case upper && lower:
		return "█"
	case upper:
		return "▀"
	case lower:
		return "▄"
	}
	return " "
}
