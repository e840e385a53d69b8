//go:build js

package main

import (
	"encoding/base64"
	"strings"
	"time"

	"wirelab/lab/app"
	"wirelab/lab/works"
	"wirelab/stack/problem"
	"wirelab/wasm/page"
)

// firstLab is what opens when nothing asks for another.
const firstLab = "handshake-capture"

// start opens what a visit asks for.
type start struct {
	app   *app.App
	works *page.Works // nil: nothing is kept here
	query page.Query
	list  []works.Meta
}

// patience is how long the page waits for the browser's storage before it begins without. An answer takes milliseconds, but a browser
// that has just started with many tabs may be busy.
const patience = 10 * time.Second

// wait calls begin and waits until it calls done, or until patience is over.
func wait(begin func(done func())) (answered bool) {
	c := make(chan struct{}, 1)
	begin(func() { c <- struct{}{} })
	select {
	case <-c:
		return true
	case <-time.After(patience):
		return false
	}
}

// open opens the lab in the link, a named example, the work that this tab or another had open last, or the first lab.
func (s *start) open() {
	reload := s.works != nil && s.works.Reloaded()
	if s.works != nil {
		s.read()
	}
	if reload && s.openWork(s.works.Current()) {
		return
	}
	if s.openLink(s.query.Fragment) {
		return
	}
	if name := s.query.Example; name != "" {
		if err := s.app.Session.Example(name); err == nil {
			s.offer(name)
			return
		} else {
			s.app.Tell(err)
		}
	} else if s.works != nil && (s.openWork(s.works.Current()) || s.openLatest()) {
		return
	}
	if err := s.app.Session.Example(firstLab); err != nil {
		s.app.Tell(err)
	}
}

// read reads the library, with what was put aside and what an older version kept.
func (s *start) read() {
	l := s.app.Library
	wait(func(done func()) { s.works.Recover(func(error) { done() }) }) // what cannot be recovered now stays aside
	if data, empty := page.OldSlot(); data != nil {
		wait(func(done func()) {
			l.Adopt(data, time.Now().UnixMilli(), func(_ works.Meta, err error) {
				if err == nil {
					empty()
				}
				done()
			})
		})
	}
	answered := wait(func(done func()) {
		l.Read(func(list []works.Meta, err error) {
			if s.list = list; err != nil {
				s.app.Tell(err)
			}
			done()
		})
	})
	if !answered {
		s.app.Tell(works.ErrNoStore)
	}
}

// openWork opens a work of the library.
func (s *start) openWork(id string) (ok bool) {
	if id == "" {
		return false
	}
	late := false
	late = !wait(func(done func()) {
		s.app.Library.Load(id, func(m works.Meta, data []byte, err error) {
			if err == nil && m.DeletedMs == 0 && !late {
				if err = s.app.Session.OpenWork(m.ID, data, !m.Draft); err == nil {
					s.app.Keeper.Adopt(m)
					ok = true
				} else {
					s.app.Tell(problem.New("%q cannot be opened: %w", m.Title, err))
				}
			}
			done()
		})
	})
	return ok
}

// openLatest opens the latest work that no other tab has open.
func (s *start) openLatest() bool {
	for _, m := range s.list {
		if !s.taken(m.ID) {
			return s.openWork(m.ID)
		}
	}
	return false
}

// answerTime is how long another tab may take to say that it has a work open.
const answerTime = 80 * time.Millisecond

func (s *start) taken(id string) (taken bool) {
	s.works.Claim(id, func() { taken = true })
	time.Sleep(answerTime)
	return taken
}

// offer offers to go on with the latest work that was made from an example.
func (s *start) offer(example string) {
	for _, m := range s.list {
		if m.Example == example {
			s.app.OfferWork(m)
			return
		}
	}
}

// openLink opens the lab that stands in the link.
func (s *start) openLink(fragment string) bool {
	code, ok := strings.CutPrefix(fragment, "lab=")
	if !ok {
		return false
	}
	data, err := base64.RawURLEncoding.DecodeString(strings.TrimRight(code, "="))
	if err != nil {
		err = problem.New("it is cut short or mistyped; copy the whole link")
	} else {
		err = s.app.Session.Open(data)
	}
	if err != nil {
		s.app.Tell(problem.New("the lab in the link cannot be opened: %w", err))
	}
	return err == nil
}
