//go:build !js

// Package look compares pictures of the window as an eye does that stands back
// a little: shrunk and block by block, so that another driver's smoothing of
// edges passes and a panel that moved does not. It serves the tests of the page
// and of the desktop window.
//
// It may import the standard library only. Start reading at Check.
package look

import (
	"bytes"
	"fmt"
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"os"
	"path/filepath"
	"slices"
)

const (
	keptWidth = 640 // pictures are kept this wide
	block     = 8   // pixels of a kept picture
	tolerance = 14  // of 255: how far the colours of a block may be apart on average
	badBlocks = 250 // one block in so many may be further apart: a caret, a rounded number
)

// Check compares a picture with the one kept under a name in testdata/looks. Update keeps it instead. When they differ
// the error names three files: what was expected, what came, and where they part.
func Check(name string, got image.Image, update bool) error {
	small := shrink(got)
	file := filepath.Join("testdata", "looks", name+".png")
	if update {
		return keep(file, small)
	}
	data, err := os.ReadFile(file)
	if err != nil {
		return fmt.Errorf("%w; -update keeps what is shown now", err)
	}
	kept, err := png.Decode(bytes.NewReader(data))
	if err != nil {
		return fmt.Errorf("%s: %w", file, err)
	}
	want := rgba(kept)
	if want.Rect != small.Rect {
		return fmt.Errorf("%s is %v, and what is shown %v", file, want.Rect.Size(), small.Rect.Size())
	}
	difference, bad, all := compare(want, small)
	if bad*badBlocks <= all {
		return nil
	}
	return fmt.Errorf("%s: %d of %d blocks differ; see %s", name, bad, all, report(name, want, small, difference))
}

// report writes the pictures side by side into a folder that stays.
func report(name string, pictures ...image.Image) string {
	dir := os.Getenv("WIRELAB_SHOTS")
	if dir == "" {
		dir = filepath.Join(os.TempDir(), "wirelab-looks")
	}
	var files []string
	for i, kind := range []string{"expected", "actual", "difference"} {
		file := filepath.Join(dir, name+"-"+kind+".png")
		if err := os.MkdirAll(dir, 0o755); err == nil {
			var b bytes.Buffer
			if png.Encode(&b, pictures[i]) == nil && os.WriteFile(file, b.Bytes(), 0o644) == nil {
				files = append(files, file)
			}
		}
	}
	return fmt.Sprint(files)
}

// compare marks the blocks that differ in red on the faded picture.
func compare(a, b *image.RGBA) (difference *image.RGBA, bad, all int) {
	difference = image.NewRGBA(a.Rect)
	for y := 0; y < a.Rect.Dy(); y += block {
		for x := 0; x < a.Rect.Dx(); x += block {
			r := image.Rect(x, y, x+block, y+block).Intersect(a.Rect)
			all++
			tint := color.RGBA{0, 0, 0, 160}
			if apart(a, b, r) > tolerance {
				bad++
				tint = color.RGBA{160, 0, 0, 160}
			}
			draw.Draw(difference, r, b, r.Min, draw.Src)
			draw.Draw(difference, r, image.NewUniform(tint), image.Point{}, draw.Over)
		}
	}
	return difference, bad, all
}

// apart is how far the blurred colours of two blocks are from each other on average, in the channel that is worst.
func apart(a, b *image.RGBA, r image.Rectangle) int {
	var sums [3]int
	for y := r.Min.Y; y < r.Max.Y; y++ {
		for x := r.Min.X; x < r.Max.X; x++ {
			p, q := blurred(a, x, y), blurred(b, x, y)
			for c := range sums {
				sums[c] += max(p[c]-q[c], q[c]-p[c])
			}
		}
	}
	return max(sums[0], sums[1], sums[2]) / (r.Dx() * r.Dy())
}

// blurred is the mean of a pixel and its neighbours.
func blurred(m *image.RGBA, x, y int) (sum [3]int) {
	n := 0
	for v := max(y-1, 0); v <= min(y+1, m.Rect.Dy()-1); v++ {
		for u := max(x-1, 0); u <= min(x+1, m.Rect.Dx()-1); u++ {
			at := m.Pix[m.PixOffset(u, v):]
			for c := range sum {
				sum[c] += int(at[c])
			}
			n++
		}
	}
	for c := range sum {
		sum[c] /= n
	}
	return sum
}

// shrink makes a picture as wide as those that are kept, each pixel the mean of those that it stands for.
func shrink(m image.Image) *image.RGBA {
	full := rgba(m)
	w := min(keptWidth, full.Rect.Dx())
	h := full.Rect.Dy() * w / full.Rect.Dx()
	out := image.NewRGBA(image.Rect(0, 0, w, h))
	for y := range h {
		for x := range w {
			r := image.Rect(x*full.Rect.Dx()/w, y*full.Rect.Dy()/h, (x+1)*full.Rect.Dx()/w, (y+1)*full.Rect.Dy()/h)
			var sum [3]int
			for v := r.Min.Y; v < r.Max.Y; v++ {
				for u := r.Min.X; u < r.Max.X; u++ {
					at := full.Pix[full.PixOffset(u, v):]
					for c := range sum {
						sum[c] += int(at[c])
					}
				}
			}
			n := r.Dx() * r.Dy()
			out.SetRGBA(x, y, color.RGBA{uint8(sum[0] / n), uint8(sum[1] / n), uint8(sum[2] / n), 255})
		}
	}
	return out
}

func rgba(m image.Image) *image.RGBA {
	out := image.NewRGBA(image.Rect(0, 0, m.Bounds().Dx(), m.Bounds().Dy()))
	draw.Draw(out, out.Rect, m, m.Bounds().Min, draw.Src)
	return out
}

// keep writes a picture with a palette of its most frequent colours, which makes it small.
func keep(file string, m *image.RGBA) error {
	count := map[color.RGBA]int{}
	coarse := func(c color.RGBA) color.RGBA {
		return color.RGBA{c.R&^7 | c.R>>5, c.G&^7 | c.G>>5, c.B&^7 | c.B>>5, 255}
	}
	for y := range m.Rect.Dy() {
		for x := range m.Rect.Dx() {
			count[coarse(m.RGBAAt(x, y))]++
		}
	}
	colors := make([]color.RGBA, 0, len(count))
	for c := range count {
		colors = append(colors, c)
	}
	slices.SortFunc(colors, func(a, b color.RGBA) int {
		if count[a] != count[b] {
			return count[b] - count[a]
		}
		return int(a.R)<<16 + int(a.G)<<8 + int(a.B) - int(b.R)<<16 - int(b.G)<<8 - int(b.B)
	})
	var palette color.Palette
	for _, c := range colors[:min(128, len(colors))] {
		palette = append(palette, c)
	}
	small := image.NewPaletted(m.Rect, palette)
	draw.Draw(small, m.Rect, m, image.Point{}, draw.Src)
	var b bytes.Buffer
	encoder := png.Encoder{CompressionLevel: png.BestCompression}
	err := encoder.Encode(&b, small)
	if err == nil {
		err = os.MkdirAll(filepath.Dir(file), 0o755)
	}
	if err == nil {
		err = os.WriteFile(file, b.Bytes(), 0o644)
	}
	return err
}
