package ui

import "math"

// contrast is the ratio of WCAG 2.1 between two opaque colours, 1 to 21.
func contrast(a, b Color) float32 {
	la, lb := luminance(a), luminance(b)
	if la < lb {
		la, lb = lb, la
	}
	return float32((la + 0.05) / (lb + 0.05))
}

func luminance(c Color) float64 {
	return 0.2126*linear[c>>24&0xff] + 0.7152*linear[c>>16&0xff] + 0.0722*linear[c>>8&0xff]
}

// linear is how much light each step of a colour is.
var linear = func() (steps [256]float64) {
	for i := range steps {
		x := float64(i) / 255
		if steps[i] = x / 12.92; x > 0.04045 {
			steps[i] = math.Pow((x+0.055)/1.055, 2.4)
		}
	}
	return steps
}()
