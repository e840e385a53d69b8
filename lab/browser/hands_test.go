//go:build !js

package browser

import (
	"context"
	"strings"
	"time"

	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

var keyNames = map[string]string{
	"Escape": kb.Escape, "Enter": kb.Enter, "Tab": kb.Tab, "Home": kb.Home, "End": kb.End, "PageUp": kb.PageUp, "PageDown": kb.PageDown,
	"ArrowLeft": kb.ArrowLeft, "ArrowRight": kb.ArrowRight, "ArrowUp": kb.ArrowUp, "ArrowDown": kb.ArrowDown, "Delete": kb.Delete, "F2": kb.F2, "F5": kb.F5,
}

// aFrame is long enough for the page to have seen what was done.
const aFrame = 100 * time.Millisecond

// keys presses keys as they are named: "a", "?", "Escape", "Ctrl+k", "Shift+h".
func (b *tab) keys(names ...string) {
	b.Helper()
	for _, name := range names {
		held, key, found := strings.Cut(name, "+")
		if !found || key == "" {
			held, key = "", name
		}
		if named, ok := keyNames[key]; ok {
			key = named
		}
		frame := chromedp.Sleep(aFrame)
		switch held {
		case "Ctrl":
			b.run(name, modifier(input.KeyRawDown, "Control", 17), frame, chromedp.KeyEvent(key, chromedp.KeyModifiers(input.ModifierCtrl)), frame, modifier(input.KeyUp, "Control", 17), frame)
		case "Shift":
			b.run(name, modifier(input.KeyRawDown, "Shift", 16), frame, chromedp.KeyEvent(strings.ToUpper(key)), frame, modifier(input.KeyUp, "Shift", 16), frame)
		default:
			b.run(name, chromedp.KeyEvent(key), frame)
		}
	}
}

func modifier(way input.KeyType, name string, code int64) chromedp.Action {
	return chromedp.ActionFunc(func(ctx context.Context) error {
		return input.DispatchKeyEvent(way).WithKey(name).WithCode(name + "Left").WithWindowsVirtualKeyCode(code).Do(ctx)
	})
}
