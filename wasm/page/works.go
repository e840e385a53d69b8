//go:build js

package page

import (
	"errors"
	"syscall/js"
)

// Works is where the page keeps works (static/store.js). Descriptions of works are JSON.
type Works struct{ store js.Value }

// OpenWorks returns it; nil inside a frame, where nothing is kept.
func OpenWorks() *Works {
	if framed() {
		return nil
	}
	return &Works{window.Get("wirelabStore")}
}

// StoreError is a refusal of the store: conflict, full, not_found, no_store or failed.
type StoreError struct{ Code, Message string }

func (e *StoreError) Error() string { return e.Message }

func storeError(v js.Value) error {
	if v.Type() == js.TypeObject && v.Get("code").Type() == js.TypeString {
		return &StoreError{v.Get("code").String(), v.Get("message").String()}
	}
	return &StoreError{"failed", thrown(v).Error()}
}

// call calls a method of the store, which answers later.
func (w *Works) call(method string, done func(js.Value, error), args ...any) {
	awaitAs(w.store.Call(method, args...), done, storeError)
}

func bytesToJS(data []byte) js.Value {
	view := window.Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(view, data)
	return view
}

func bytesFromJS(view js.Value) []byte {
	data := make([]byte, view.Length())
	js.CopyBytesToGo(data, view)
	return data
}

func parseJSON(text string) js.Value { return window.Get("JSON").Call("parse", text) }

func toJSON(v js.Value) string { return window.Get("JSON").Call("stringify", v).String() }

// List returns the descriptions of all works, a JSON array.
func (w *Works) List(done func(metas string, err error)) {
	w.call("list", func(v js.Value, err error) {
		if err != nil {
			done("", err)
			return
		}
		done(toJSON(v), nil)
	})
}

// Load returns a work.
func (w *Works) Load(id string, done func(meta string, data []byte, err error)) {
	w.call("load", func(v js.Value, err error) {
		if err != nil {
			done("", nil, err)
			return
		}
		done(toJSON(v.Get("meta")), bytesFromJS(v.Get("data")), nil)
	}, id)
}

// Save writes a work in place of the copy with the token expected.
func (w *Works) Save(meta string, data []byte, expected string, done func(error)) {
	w.call("save", only(done), parseJSON(meta), bytesToJS(data), expected)
}

// Revise writes the description of a work.
func (w *Works) Revise(meta string, done func(error)) { w.call("revise", only(done), parseJSON(meta)) }

// Remove removes a work.
func (w *Works) Remove(id string, done func(error)) { w.call("remove", only(done), id) }

func only(done func(error)) func(js.Value, error) {
	return func(_ js.Value, err error) { done(err) }
}

// Aside puts a work aside before the call returns: the tab may be about to close.
func (w *Works) Aside(meta string, data []byte) {
	w.store.Call("aside", parseJSON(meta), bytesToJS(data))
}

// Recover takes what was put aside into the store.
func (w *Works) Recover(done func(error)) { w.call("recover", only(done)) }

// Claim says which work this tab has open. taken is called if another tab has it open, too.
func (w *Works) Claim(id string, taken func()) {
	w.store.Call("claim", id, forever(func(js.Value) { taken() }))
}

// OnChanged calls f when another tab has changed the library.
func (w *Works) OnChanged(f func()) { w.store.Call("onChanged", forever(func(js.Value) { f() })) }

// Current returns the work that this tab had open before it was loaded again, "" if none.
func (w *Works) Current() string { return w.store.Call("current").String() }

// SetCurrent notes the work that this tab has open.
func (w *Works) SetCurrent(id string) { w.store.Call("setCurrent", id) }

// Reloaded reports whether the page was loaded again or gone back to, and not visited anew.
func (w *Works) Reloaded() bool {
	how := w.store.Call("arrival").String()
	return how == "reload" || how == "back_forward"
}

// Persist asks the browser not to clear the store by itself.
func (w *Works) Persist() { w.store.Call("persist") }

// OldSlot returns what an older version kept as its only work, nil if nothing, and a function that empties that place.
func OldSlot() (data []byte, empty func()) {
	data, err := decodeSlot(recall(oldSlot))
	if err != nil {
		return nil, nil
	}
	return data, func() { forget(oldSlot) }
}

const oldSlot = "wirelab.autosave"

var errEmptySlot = errors.New("nothing was kept")
