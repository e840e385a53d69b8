//go:build !js

package browser

import (
	"bytes"
	"flag"
	"image/png"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"wirelab/lab/browser/look"
)

var update = flag.Bool("update", false, "keep what the page looks like now")

// The page looks as it did: languages, themes, densities, a phone held upright, dialogs, each at an instant at which nothing moves.
func TestThePageLooksAsItDid(t *testing.T) {
	s := newSiteOrSkip(t)
	for _, c := range []struct {
		name, query string
		w, h        int64
		density     float64
		at          string
		keys        []string
	}{
		{"english-dark", "?example=four-way-close&lang=en&theme=dark", 1280, 720, 1, "0.25", nil},
		{"chinese-light", "?example=lost-syn&lang=zh&theme=light", 1280, 720, 1, "1.5", []string{"2"}},
		{"density-1.5", "?example=four-way-close&lang=zh&theme=dark", 1280, 720, 1.5, "0.315", []string{"5"}},
		{"density-2", "?example=four-way-close&lang=en&theme=light", 1000, 640, 2, "0.1", []string{"6"}},
		{"phone", "?example=four-way-close&lang=zh&theme=light", 390, 844, 2, "0.25", nil},
		{"palette", "?example=four-way-close&lang=en&theme=dark", 1280, 720, 1, "0.25", []string{"Ctrl+k"}},
		{"keys", "?example=four-way-close&lang=zh&theme=light", 1280, 720, 1, "0.25", []string{"Shift+?"}},
	} {
		t.Run(c.name, func(t *testing.T) {
			b := open(t, "about:blank")
			still := emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}})
			b.run("opening", still, chromedp.EmulateViewport(c.w, c.h, chromedp.EmulateScale(c.density)), chromedp.Navigate(s.URL+subPath+c.query))
			b.eval(waitShown+`await wirelab.seek(`+c.at+`)`, nil)
			b.keys(c.keys...)
			b.eval(`await new Promise((r) => setTimeout(r, 1500))`, nil) // fonts, and a frame for each
			got, err := png.Decode(bytes.NewReader(b.shot("look-" + c.name)))
			if err == nil {
				err = look.Check(c.name, got, *update)
			}
			if err != nil {
				t.Error(err)
			}
		})
	}
}
