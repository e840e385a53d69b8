//go:build js

package page

import (
	"encoding/base64"
	"syscall/js"
)

// Local storage, not IndexedDB: it is written before the call returns, so that work survives the tab that is being closed.
const autosaveKey = "wirelab.autosave"

// Autosave keeps data for the next visit. A framed page keeps nothing: the page around it decides what is opened.
func Autosave(data []byte) error {
	if Framed() {
		return nil
	}
	return store(autosaveKey, base64.StdEncoding.EncodeToString(data))
}

// Autosaved returns what Autosave kept, nil if nothing, and nil always inside a frame.
func Autosaved() []byte {
	if Framed() {
		return nil
	}
	data, err := base64.StdEncoding.DecodeString(stored(autosaveKey))
	if err != nil || len(data) == 0 {
		return nil
	}
	return data
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

// store and stored survive browsers that forbid storage: there the property itself throws.
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

func refusal(r any) error {
	if e, ok := r.(js.Error); ok {
		return thrown(e.Value)
	}
	return thrown(js.Undefined())
}
