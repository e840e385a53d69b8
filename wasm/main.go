//go:build js

// Command wasm is the browser program: it opens a session, shows it in the
// window of package app, and connects both to the page.
package main

import (
	"encoding/json"
	"log"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab/app"
	"wirelab/lab/session"
	"wirelab/lab/ui"
	"wirelab/stack/problem"
	"wirelab/static"
	"wirelab/wasm/bridge"
	"wirelab/wasm/page"
)

func main() {
	fonts, err := ui.NewFonts(static.FontSans, static.FontSansBold, static.FontMono, static.FontMonoBold, static.FontChinese)
	if err != nil {
		log.Fatal(err)
	}
	q := page.ReadQuery()
	if q.Bench == "frame" {
		measure(fonts)
		return
	}
	s := session.New()
	langErr := s.Lang(page.Language())
	if q.Lang != "" {
		langErr = s.Lang(q.Lang)
	}
	a := app.New(app.Options{Session: s, Fonts: fonts, Light: light(q), Show: q.Show, Still: page.PrefersReducedMotion()}, platform(fonts))
	connectText(a.UI)
	m := newMirror(a.UI)
	a.Mirror, a.Say = m.show, m.Say
	contract := bridge.New(s, func() any { return s.Status() })
	a.Tell(langErr)
	if q.Theme != "" && q.Theme != "light" && q.Theme != "dark" {
		a.Tell(problem.New("the themes are light and dark, not %q", q.Theme))
	}
	begin := start{app: a, works: connectWorks(a), query: q}
	begin.open()
	page.OnLink(func(fragment string) { begin.openLink(fragment) })
	page.WatchKeys()
	page.WatchTouches(a.LetGo)
	page.Started(contract.Func())
	page.FocusCanvas()
	ebiten.SetScreenClearedEveryFrame(false)
	ebiten.SetTPS(ebiten.SyncWithFPS)
	if err := ebiten.RunGame(a); err != nil {
		log.Fatal(err)
	}
}

func light(q page.Query) bool {
	return q.Theme == "light" || q.Theme != "dark" && page.PrefersLight()
}

// measure runs the workload `frame`, says what came of it, and is idle from then on.
func measure(fonts *ui.Fonts) {
	b, err := app.NewFrameBench(fonts, 100)
	if err != nil {
		log.Fatal(err)
	}
	b.Done = func(f app.FrameFigures) {
		figures, _ := json.Marshal(f) // numbers and names
		page.Measured(string(figures))
		log.Printf("%s", figures)
	}
	b.Mark = func(begins bool) {
		if begins {
			page.Mark("frame begins")
		} else {
			page.Mark("frame ends")
		}
	}
	page.Shown()
	ebiten.SetScreenClearedEveryFrame(false) // as in the lab
	ebiten.SetTPS(ebiten.SyncWithFPS)
	if err := ebiten.RunGame(b); err != nil {
		log.Fatal(err)
	}
	select {}
}
