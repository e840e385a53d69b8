//go:build !js

package browser

import (
	"context"
	"fmt"
	"strings"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var keyNames = map[string]string{
	"Escape": kb.Escape, "Enter": kb.Enter, "Tab": kb.Tab, "Home": kb.Home, "End": kb.End, "PageUp": kb.PageUp, "PageDown": kb.PageDown,
	"ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight, "ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown, "Delete": kb.Delete, "F2": kb.F2, "F5": kb.F5, "Space": " ",
}

// keys presses keys as they are named: "a", "?", "Escape", "Ctrl+k", "Shift+h", "Ctrl+Shift+z".
func (b *tab) keys(names ...string) {
	b.Helper()
	for _, name := range names {
		var held input.Modifier
		key := name
		for _, m := range modifiers {
			if rest, ok := strings.CutPrefix(key, m.name+"+"); ok && rest != "" {
				key, held = rest, held|m.bit
			}
		}
		if named, ok := keyNames[key]; ok {
			key = named
		}
		b.hold(name, input.KeyRawDown, held)
		if held&input.ModifierShift != 0 {
			key = strings.ToUpper(key)
		}
		b.run(name, chromedp.KeyEvent(key, chromedp.KeyModifiers(held)))
		b.frames(1)
		b.hold(name, input.KeyUp, held)
	}
}

var modifiers = []struct {
	name, key string
	code      int64
	bit       input.Modifier
}{{"Ctrl", "Control", 17, input.ModifierCtrl}, {"Shift", "Shift", 16, input.ModifierShift}}

// hold presses modifiers, or lets them go.
func (b *tab) hold(name string, way input.KeyType, held input.Modifier) {
	b.Helper()
	for _, m := range modifiers {
		if held&m.bit != 0 {
			e := input.DispatchKeyEvent(way).WithKey(m.key).WithCode(m.key + "Left").WithWindowsVirtualKeyCode(m.code)
			b.run(name, chromedp.ActionFunc(func(ctx context.Context) error { return e.Do(ctx) }))
			b.frames(1)
		}
	}
}

// hands runs in the page before all else. It counts the frames that the lab asks for, and can make them last no longer
// than some hundredths of a second each by the lab's clock.
const hands = `(() => {
	const real = performance.now.bind(performance), ask = requestAnimationFrame.bind(self);
	const hands = self.hands_ = { frames: 0, unhurried: false };
	let last = real(), now = last, spent = 0;
	performance.now = () => {
		const way = real() - last, quick = hands.unhurried ? Math.min(way, Math.max(0, 20 - spent)) : way;
		last += way;
		spent += way;
		return now += quick + (way - quick) / 50;
	};
	self.requestAnimationFrame = (f) => { hands.frames++; spent = 0; return ask(f); };
})()`

// frames waits until the lab has begun and ended n frames: all that was done before has been seen by then.
func (b *tab) frames(n int) {
	b.Helper()
	b.eval(fmt.Sprintf(`const end = hands_.frames + %d;
		while (hands_.frames < end) await new Promise((r) => setTimeout(r, 2));`, n+1), nil)
}

// unhurried does something while each frame lasts no longer than on a fast machine, to the lab: where frames are slow, a tap
// would be a long press.
func (b *tab) unhurried(f func()) {
	b.Helper()
	b.eval(`hands_.unhurried = true`, nil)
	f()
	b.frames(2)
	b.eval(`hands_.unhurried = false`, nil)
}

// there and gone are conditions of the page: its mirror has a widget, or has it no more.
func there(id string) string { return `document.querySelector('#mirror [data-id="` + id + `"]')` }
func gone(id string) string  { return "!" + there(id) }
