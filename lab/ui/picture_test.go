package ui

import (
	"slices"
	"testing"

	"github.com/hajimehoshi/ebiten/v2"
)

// A picture is drawn anew when what it shows or anything around it changes, and looks the same drawn as copied.
func TestPictures(t *testing.T) {
	var p Picture[int]
	shows, drawn, clip := 1, 0, R(0, 0, 400, 300)
	r := newRig(t, func(u *UI) {
		u.PushClip(clip)
		u.Fill(R(0, 0, float32(u.Input.X), 10), u.Theme.Bg) // so that the picture begins elsewhere
		p.Draw(u, shows, func() {
			drawn++
			u.RoundFill(R(10, 10, 90, 30), 4, u.Theme.Data)
			u.TextIn(R(10, 10, 90, 30), "words", Body, Left, u.Theme.Text)
			u.Poly([]Point{{10, 50}, {60, 50}, {30, 80}}, u.Theme.Text)
		})
		u.Fill(R(20, 20, 30, 30), u.Theme.Text) // over the picture
		u.PopClip()
	})
	look := func() (all []ebiten.Vertex) {
		r.frame()
		r.layers[layerBase].runs(func(vertices []ebiten.Vertex, indices []uint32) {
			for _, i := range indices {
				all = append(all, vertices[i])
			}
		})
		return all
	}
	for name, change := range map[string]func(){
		"nothing": func() {},
		"key":     func() { shows++ },
		"theme":   func() { r.Theme = Light },
		"scale":   func() { r.TextScale = 1.5 },
		"clip":    func() { clip.W = 50 },
		"glyphs":  func() { r.letters.atlas.clear() },
		"place":   func() { r.in.X = 20; r.frame() },
	} {
		r.frame()
		before := drawn
		change()
		got := look()
		if again := drawn > before; again == (name == "nothing" || name == "place") {
			t.Errorf("%s: drawn %d times, before %d", name, drawn, before)
		}
		p.drawn.version = 0
		if want := look(); !slices.Equal(got, want) {
			t.Errorf("%s: %d corners are not the %d that are drawn at once", name, len(got), len(want))
		}
	}
}
