//go:build !js

package browser

import (
	"bytes"
	"slices"
	"testing"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"
)

// Commands are commands while somebody types, too, and not the browser's: Ctrl K would search the web, Ctrl = zoom the page.
func TestCommandsWhileTyping(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath+"?example=four-way-close&lang=en")
	b.eval(waitShown+pageSide+`HTMLAnchorElement.prototype.click = function () { self.offered = this.download; }`, nil)
	b.press("terminal/of-A/input")
	b.until(`document.activeElement.id === 'text-input'`)
	b.run("typing", chromedp.KeyEvent("draft"))
	b.keys("Ctrl+s")
	b.until(`self.offered`)
	b.keys("Ctrl+=", "Ctrl+-", "Ctrl+0", "Ctrl+k")
	b.until(there("palette"))
	b.keys("Escape")
	b.until(gone("palette"))
	b.until(`w('terminal/of-A/input')?.textContent === 'draft'`)
	var eaten []string
	b.eval(`return eaten`, &eaten)
	for _, code := range []string{"KeyS", "KeyK", "Equal", "Minus", "Digit0"} {
		if slices.Contains(eaten, code) {
			t.Errorf("the browser gets %s", code)
		}
	}

	b.press("terminal/of-A/input")
	b.until(`document.activeElement.id === 'text-input'`)
	const focused = `document.querySelector('canvas').getAttribute('aria-activedescendant')`
	b.eval(`window.field = `+focused, nil)
	b.keys("Shift+Tab")
	b.until(focused + ` !== field`)
	b.keys("Tab")
	b.until(focused + ` === field`)
	b.noComplaints()
}

// The keys that make text larger, smaller and as it was: nothing but the picture tells.
func TestTextGrows(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, "about:blank")
	still := emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}})
	b.run("opening", still, chromedp.Navigate(s.URL+subPath+"?example=four-way-close&lang=en"))
	b.eval(waitShown, nil)
	b.frames(5)
	usual := b.shot("text-usual")
	for _, step := range []struct {
		key  string
		same bool
	}{{"Ctrl+=", false}, {"Ctrl+-", true}, {"Ctrl+-", false}, {"Ctrl+0", true}} {
		b.keys(step.key)
		b.frames(5)
		if bytes.Equal(b.shot("text-"+step.key), usual) != step.same {
			t.Errorf("after %s the text has its usual size: %v", step.key, !step.same)
		}
	}
}
