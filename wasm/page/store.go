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

// store, stored and unstore survive browsers that forbid storage: there the property itself throws.
func store(key, value string) (err error) {
	defer func() {
		if r := recover(); r != nil {
			err = refusal(r)
		}
	}()
	window.Get("localStorage").Call("setItem", key, value)
	return nil
}

func stored(key string) (value string) {
	defer func() {
		if recover() != nil {
			value = ""
		}
	}()
	if v := window.Get("localStorage").Call("getItem", key); v.Type() == js.TypeString {
		return v.String()
	}
	return ""
}

func unstore(key string) {
	defer func() { _ = recover() }()
	window.Get("localStorage").Call("removeItem", key)
}

func refusal(r any) error {
	if e, ok := r.(js.Error); ok {
		return thrown(e.Value)
	}
	return thrown(js.Undefined())
}
