//go:build !js

package browser

import (
	"encoding/json"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
)

// The twin of `wirelab bench frame`: the figures are for people to read; what would be absurd fails.
func TestAFrameIsCheap(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath+"?bench=frame")
	times := b.between("frame begins", "frame ends")
	b.eval(`while (!document.documentElement.dataset.bench) await new Promise((r) => setTimeout(r, 100));`, nil)
	var text string
	b.eval(`return document.documentElement.dataset.bench`, &text)
	var f struct {
		Allocs   float64 `json:"allocs_per_frame"`
		Draws    int     `json:"draw_calls"`
		InFlight int     `json:"in_flight"`
		Rows     int     `json:"rows"`
		Plots    int     `json:"plots"`
	}
	if err := json.Unmarshal([]byte(text), &f); err != nil {
		t.Fatal(err)
	}
	t.Log(text)
	if used := times(); len(used) == 0 {
		t.Error("no frame was measured")
	} else {
		n := len(used)
		t.Logf("processor time of %d frames: p50 %v, p95 %v", n, used[n/2], used[n*95/100])
	}
	if f.Draws >= 60 || f.InFlight < 900 || f.Rows < 90_000 || f.Plots != 4 || f.Allocs > 300 {
		t.Errorf("a frame: %+v", f)
	}
}

// A tab that nobody sees costs nothing: no frame is asked for, time stands still, and it is not made up for afterwards.
func TestAHiddenTabDoesNothing(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath+"?example=four-way-close")
	b.eval(waitShown+`await wirelab.seek(0.101); await wirelab.speed(0.001); await wirelab.play(); // a packet is on its way
		window.frames_ = 0;
		const tick = () => { window.frames_++; requestAnimationFrame(tick); };
		requestAnimationFrame(tick);`, nil)
	b.until(`window.frames_ > 2`)
	other, err := target.CreateTarget("about:blank").WithBrowserContextID(b.storage).Do(wholeBrowser())
	if err == nil {
		err = target.ActivateTarget(other).Do(wholeBrowser())
	}
	if err != nil {
		b.fatal("another tab in front", err)
	}
	type seen struct {
		Hidden bool
		Frames int
		TimeNs int64
	}
	look := `const s = await wirelab.status(); return { Hidden: document.hidden, Frames: window.frames_, TimeNs: s.time_ns }`
	var before, after seen
	b.eval(`for (let tries = 0; !document.hidden && tries < 100; tries++) await new Promise((r) => setTimeout(r, 50));
		await new Promise((r) => setTimeout(r, 300));`+look, &before)
	if !before.Hidden {
		t.Skip("this browser keeps a tab visible behind another")
	}
	b.eval(`await new Promise((r) => setTimeout(r, 2000));`+look, &after)
	if after != before {
		t.Errorf("two seconds out of sight made %+v of %+v", after, before)
	}
	if err := target.CloseTarget(other).Do(wholeBrowser()); err != nil {
		b.fatal("back in front", err)
	}
	b.run("in front", page.BringToFront())
	b.until(`!document.hidden`)
	b.eval(look, &after)
	if late := after.TimeNs - before.TimeNs; late > 1_500_000 { // a second and a half of the wall
		t.Errorf("the time out of sight was made up for: %d ns", late)
	}
}
