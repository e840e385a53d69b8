//go:build js

package main

import (
	"log"

	"wirelab/lab/app"
	"wirelab/lab/ui"
	"wirelab/wasm/page"
)

// inbox keeps files that were chosen or dropped until the next frame takes them.
type inbox struct {
	files []page.File
	errs  []error
}

func (b *inbox) put(f page.File, err error) {
	b.files, b.errs = append(b.files, f), append(b.errs, err)
}

func (b *inbox) take(open func(name string, data []byte, err error)) {
	files, errs := b.files, b.errs
	b.files, b.errs = nil, nil
	for i := range files {
		open(files[i].Name, files[i].Data, errs[i])
	}
}

// platform is what the window of package app has of a browser.
func platform(fonts *ui.Fonts) app.Platform {
	var in inbox
	page.OnDrop(in.put)
	return app.Platform{
		Scale:    density(),
		Pick:     func(func(string, []byte, error)) { page.PickFile(in.put) },
		Offer:    func(name string, data []byte) { page.SaveFile(name, "application/octet-stream", data) },
		Dropped:  in.take,
		Retitle:  page.SetTitle,
		Language: page.SetLanguage,
		Shown:    page.Shown,
		Fonts:    func() { fetchFont(fonts) },
		Persist: func() {
			if w := page.OpenWorks(); w != nil {
				w.Persist()
			}
		},
	}
}

// fetchFont gets the Chinese face with all of GB 2312: somebody typed or opened
// a text that the small one cannot show.
func fetchFont(fonts *ui.Fonts) {
	page.Fetch("fonts/notosans-sc-gb2312.otf", func(data []byte, err error) {
		if err == nil {
			err = fonts.AddCJK(data)
		}
		if err != nil {
			log.Print("the full Chinese font: ", err)
		}
	})
}

// connectText lets the page's hidden text area type into the window's fields.
func connectText(u *ui.UI) {
	u.Bridge = page.NewTextInput(func(t page.Text) {
		u.BridgeText(ui.BridgeText{Value: t.Value, Anchor: t.Anchor, Caret: t.Caret, Composing: t.Composing, CompositionStart: t.CompositionStart})
	})
}
