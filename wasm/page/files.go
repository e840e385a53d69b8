//go:build js

package page

import (
	"errors"
	"syscall/js"

	"wirelab/stack/problem"
)

// maxFile is above any lab; a film dropped by mistake is not read into memory.
const maxFile = 64 << 20

// A File is what a person chose or dropped.
type File struct {
	Name string
	Data []byte
}

// PickFile opens the browser's file dialog. It must run while the browser handles a click or a key, or soon after.
func PickFile(done func(File, error)) {
	input := document.Call("getElementById", "file-input")
	input.Set("value", "") // or choosing the same file twice would say nothing
	input.Set("onchange", forever(func(js.Value) {
		if files := input.Get("files"); files.Length() > 0 {
			read(files.Index(0), done)
		}
	}))
	input.Call("click")
}

// OnDrop calls done with the file that is dropped on the window. The engine's own handler on the canvas reads folders
// and keeps files for polling; stopping the event here keeps it out of the way.
func OnDrop(done func(File, error)) {
	capture := map[string]any{"capture": true}
	window.Call("addEventListener", "dragover", forever(func(e js.Value) {
		e.Call("preventDefault")
		e.Get("dataTransfer").Set("dropEffect", "copy")
	}), capture)
	window.Call("addEventListener", "drop", forever(func(e js.Value) {
		e.Call("preventDefault")
		e.Call("stopPropagation")
		files := e.Get("dataTransfer").Get("files")
		switch files.Length() {
		case 0:
		case 1:
			read(files.Index(0), done)
		default:
			done(File{}, errOneFile)
		}
	}), capture)
}

// errOneFile says that several files were dropped.
var errOneFile = problem.New("more than one file")

func read(file js.Value, done func(File, error)) {
	name := file.Get("name").String()
	if file.Get("size").Float() > maxFile {
		done(File{Name: name}, problem.New("it is larger than 64 MB"))
		return
	}
	await(file.Call("arrayBuffer"), func(buffer js.Value, err error) {
		if err != nil {
			done(File{Name: name}, err)
			return
		}
		view := window.Get("Uint8Array").New(buffer)
		data := make([]byte, view.Length())
		js.CopyBytesToGo(data, view)
		done(File{Name: name, Data: data}, nil)
	})
}

// SaveFile offers data as a download.
func SaveFile(name, mime string, data []byte) {
	view := window.Get("Uint8Array").New(len(data))
	js.CopyBytesToJS(view, data)
	blob := window.Get("Blob").New([]any{view}, map[string]any{"type": mime})
	url := window.Get("URL").Call("createObjectURL", blob)
	link := document.Call("createElement", "a")
	link.Set("href", url)
	link.Set("download", name)
	link.Call("click")
	// Firefox reads the blob after click returns.
	var revoke js.Func
	revoke = js.FuncOf(func(js.Value, []js.Value) any {
		revoke.Release()
		window.Get("URL").Call("revokeObjectURL", url)
		return nil
	})
	window.Call("setTimeout", revoke, 60_000)
}

// Fetch reads one of the page's own files, such as a font that is needed only now.
func Fetch(path string, done func([]byte, error)) {
	version := window.Get("wirelabBuild").Get("version").String()
	await(window.Call("fetch", path+"?v="+version), func(response js.Value, err error) {
		if err == nil && !response.Get("ok").Bool() {
			err = errors.New(path + ": " + response.Get("statusText").String())
		}
		if err != nil {
			done(nil, err)
			return
		}
		await(response.Call("arrayBuffer"), func(buffer js.Value, err error) {
			if err != nil {
				done(nil, err)
				return
			}
			view := window.Get("Uint8Array").New(buffer)
			data := make([]byte, view.Length())
			js.CopyBytesToGo(data, view)
			done(data, nil)
		})
	})
}

var errNoClipboard = errors.New("this page has no access to the clipboard")
