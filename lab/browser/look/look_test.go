//go:build !js

package look

import (
	"image"
	"image/color"
	"image/draw"
	"strings"
	"testing"
)

// A shade of noise passes; a panel that moved fails and is shown.
func TestWhatIsTakenForTheSame(t *testing.T) {
	t.Chdir(t.TempDir())
	t.Setenv("WIRELAB_SHOTS", t.TempDir())
	picture := func(x int, noise uint8) *image.RGBA {
		m := image.NewRGBA(image.Rect(0, 0, 1280, 720))
		draw.Draw(m, m.Rect, image.NewUniform(color.RGBA{20 + noise, 24, 30, 255}), image.Point{}, draw.Src)
		draw.Draw(m, image.Rect(x, 100, x+300, 400), image.NewUniform(color.RGBA{200, 180, 90 - noise, 255}), image.Point{}, draw.Src)
		return m
	}
	if err := Check("panel", picture(100, 0), true); err != nil {
		t.Fatal(err)
	}
	if err := Check("panel", picture(100, 6), false); err != nil {
		t.Errorf("noise: %v", err)
	}
	if err := Check("panel", picture(140, 0), false); err == nil || !strings.Contains(err.Error(), "panel-difference.png") {
		t.Errorf("a panel that moved: %v", err)
	}
}
