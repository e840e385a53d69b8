//go:build js

// Package page is the program's hold on the browser page: query, files, clipboard, storage, text input, the mirror for
// screen readers. Everything that touches the DOM is here or in the page's own scripts.
package page

import (
	"errors"
	"strings"
	"syscall/js"
)

var (
	window   = js.Global()
	document = window.Get("document")
)

// Query is what the address asks for: ?example=…&lang=zh&theme=dark&show=stage,ladder
type Query struct {
	Example, Lang, Theme string
	Show                 []string // the view pieces to show; empty means all
	Bench                string   // a workload that is measured instead of opening a lab
	Fragment             string   // after #: a share link carries a lab there
}

// ReadQuery reads the page's address.
func ReadQuery() Query {
	location := window.Get("location")
	params := window.Get("URLSearchParams").New(location.Get("search"))
	get := func(name string) string {
		if v := params.Call("get", name); v.Type() == js.TypeString {
			return v.String()
		}
		return ""
	}
	q := Query{
		Example:  get("example"),
		Lang:     get("lang"),
		Theme:    get("theme"),
		Bench:    get("bench"),
		Fragment: strings.TrimPrefix(location.Get("hash").String(), "#"),
	}
	for piece := range strings.SplitSeq(get("show"), ",") {
		if piece = strings.TrimSpace(piece); piece != "" {
			q.Show = append(q.Show, piece)
		}
	}
	return q
}

// OnLink calls f with what stands behind # when that changes: somebody pasted another link into the same tab.
func OnLink(f func(fragment string)) {
	window.Call("addEventListener", "hashchange", forever(func(js.Value) {
		f(strings.TrimPrefix(window.Get("location").Get("hash").String(), "#"))
	}))
}

// Measured hands the figures of a workload, a JSON text, to whoever opened the page to measure it.
func Measured(figures string) {
	document.Get("documentElement").Get("dataset").Set("bench", figures)
}

// Mark puts a name on this moment in what the browser records of the page's work.
func Mark(name string) { window.Get("performance").Call("mark", name) }

// framed says whether another page shows this one in an iframe.
func framed() bool { return !window.Get("parent").Equal(window.Get("window")) }

// PrefersLight says which theme the system asks for.
func PrefersLight() bool { return matches("(prefers-color-scheme: light)") }

// PrefersReducedMotion says whether the system asks for no animation.
func PrefersReducedMotion() bool { return matches("(prefers-reduced-motion: reduce)") }

func matches(query string) bool {
	return window.Call("matchMedia", query).Get("matches").Bool()
}

// Scale is the number of device pixels in a CSS pixel now; it changes with zoom and when a window changes screens.
func Scale() float64 {
	if scale := window.Get("devicePixelRatio").Float(); scale > 0 {
		return scale
	}
	return 1
}

// Language is the language that the page has chosen for its own words.
func Language() string { return window.Get("wirelabWords").Get("code").String() }

// SetLanguage marks the document for screen readers and fonts, and is remembered for the next visit.
func SetLanguage(code string) {
	tag := code
	if code == "zh" {
		tag = "zh-CN"
	}
	document.Get("documentElement").Set("lang", tag)
	if !framed() {
		remember("wirelab.lang", code)
	}
}

// SetTitle names the tab after the lab.
func SetTitle(title string) {
	document.Set("title", title)
	document.Call("getElementById", "lab-title").Set("textContent", title)
}

// Started hands call(name, args) to the page's window.wirelab, and lets those go on who wait for that: what comes next, the first frame,
// holds the page's only thread for as long as a graphics card takes to get ready.
func Started(call js.Func) {
	window.Get("wirelabHost").Call("started", call)
	went := make(chan struct{})
	goOn := js.FuncOf(func(js.Value, []js.Value) any { close(went); return nil })
	defer goOn.Release()
	window.Call("setTimeout", goOn, 0)
	<-went
}

// Shown takes the download bar away; the first frame is on the canvas.
func Shown() {
	if shown := window.Get("wirelabHost").Get("shown"); shown.Type() == js.TypeFunction {
		shown.Invoke()
	}
}

// WatchKeys makes the window's loss of focus release all keys: a key let go elsewhere is never reported, and inside an
// iframe that happens at every click outside. The engine listens on its canvas only.
func WatchKeys() {
	window.Call("addEventListener", "blur", forever(func(js.Value) {
		if canvas := canvas(); canvas.Truthy() {
			canvas.Call("blur")
		}
	}))
	window.Call("addEventListener", "focus", forever(func(js.Value) { FocusCanvas() }))
}

// WatchTouches calls f when the system takes fingers away for a gesture of its own, and tells the engine, which does not
// listen for that, that they have left.
func WatchTouches(f func()) {
	canvas().Call("addEventListener", "touchcancel", forever(func(e js.Value) {
		f()
		left := map[string]any{"cancelable": true}
		for _, list := range []string{"touches", "targetTouches", "changedTouches"} {
			left[list] = window.Get("Array").Call("from", e.Get(list))
		}
		canvas().Call("dispatchEvent", window.Get("TouchEvent").New("touchend", left))
	}))
}

// FocusCanvas gives keys to the lab, unless text is being entered.
func FocusCanvas() {
	active := document.Get("activeElement")
	if canvas := canvas(); canvas.Truthy() && (!active.Truthy() || active.Equal(document.Get("body"))) {
		canvas.Call("focus", map[string]any{"preventScroll": true})
	}
}

func canvas() js.Value { return document.Call("querySelector", "canvas") }

// forever makes a listener that stays for the life of the page.
func forever(f func(event js.Value)) js.Func {
	return js.FuncOf(func(_ js.Value, args []js.Value) any {
		event := js.Undefined()
		if len(args) > 0 {
			event = args[0]
		}
		f(event)
		return nil
	})
}

// await calls done with a promise's result, later, on the page's thread.
func await(promise js.Value, done func(js.Value, error)) { awaitAs(promise, done, thrown) }

// awaitAs is await with failures as refused makes them.
func awaitAs(promise js.Value, done func(js.Value, error), refused func(js.Value) error) {
	var then, caught js.Func
	release := func() { then.Release(); caught.Release() }
	then = js.FuncOf(func(_ js.Value, args []js.Value) any {
		release()
		done(args[0], nil)
		return nil
	})
	caught = js.FuncOf(func(_ js.Value, args []js.Value) any {
		release()
		done(js.Undefined(), refused(args[0]))
		return nil
	})
	promise.Call("then", then, caught)
}

func thrown(v js.Value) error {
	if v.Type() == js.TypeObject && v.Get("message").Type() == js.TypeString {
		return errors.New(v.Get("message").String())
	}
	return errors.New("the browser refused")
}
