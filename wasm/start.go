//go:build js

package main

import (
	"bytes"
	"encoding/base64"
	"log"
	"strings"

	"wirelab/wasm/bridge"
	"wirelab/wasm/page"
)

// firstLab is what opens when nothing asks for another.
const firstLab = "handshake-capture"

// openFirst opens what the visit asks for: a lab in the link, a named example, the work of last time, or the first lab.
// Inside a frame the work of last time is never opened; package page sees to that.
func openFirst(s bridge.Session, q page.Query) {
	try := func(what string, err error) bool {
		if err != nil {
			log.Printf("%s: %v", what, err)
		}
		return err == nil
	}
	if code, ok := strings.CutPrefix(q.Fragment, "lab="); ok {
		data, err := base64.RawURLEncoding.DecodeString(code)
		if err == nil {
			err = s.Open(data)
		}
		if try("the lab in the link", err) {
			return
		}
	}
	if q.Example != "" && try("?example="+q.Example, s.Example(q.Example)) {
		return
	}
	if data := page.Autosaved(); data != nil && q.Example == "" && try("autosaved work", s.Open(data)) {
		return
	}
	try(firstLab, s.Example(firstLab))
}

// keepWork autosaves at every moment that may be the last, and now and then, as a crash gives no notice.
func keepWork(s bridge.Session, failed func(error)) {
	var last []byte
	save := func() {
		if s.Busy() {
			return // not where a person left it
		}
		data, err := s.Save()
		if err != nil || bytes.Equal(data, last) {
			return
		}
		last = data
		if err := page.Autosave(data); err != nil {
			failed(err)
		}
	}
	page.OnHide(save)
	page.Every(15_000, save)
}
