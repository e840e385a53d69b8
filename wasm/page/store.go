//go:build js

package page

import (
	"encoding/base64"
	"syscall/js"
)

func decodeSlot(text string) ([]byte, error) {
	data, err := base64.StdEncoding.DecodeString(text)
	if err == nil && len(data) == 0 {
		err = errEmptySlot
	}
	return data, err
}

// OnHide calls f when the tab is hidden or closed: the last moment that is certain to come.
func OnHide(f func()) {
	document.Call("addEventListener", "visibilitychange", forever(func(js.Value) {
		if document.Get("visibilityState").String() == "hidden" {
			f()
		}
	}))
	window.Call("addEventListener", "pagehide", forever(func(js.Value) { f() }))
}

// Every calls f again and again. Browsers slow this down in hidden tabs, which is welcome.
func Every(milliseconds int, f func()) {
	window.Call("setInterval", forever(func(js.Value) { f() }), milliseconds)
}

// recall, remember and forget are for small things; where storage is forbidden nothing is remembered.
func recall(key string) string { return window.Get("wirelabStore").Call("recall", key).String() }

func remember(key, value string) { window.Get("wirelabStore").Call("remember", key, value) }

func forget(key string) { window.Get("wirelabStore").Call("forget", key) }
