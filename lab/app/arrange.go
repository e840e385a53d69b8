package app

import (
	"fmt"
	"slices"
	"strings"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/lab/save"
	"wirelab/lab/session"
	"wirelab/lab/view"
)

// What is done with several nodes at once: aligned, laid out, copied.

// several returns the nodes that are chosen, or all if it is fewer than two.
func (a *App) several() []uint32 {
	m := &a.Model
	chosen := slices.DeleteFunc(slices.Clone(m.Many), m.Lab.Gone)
	if len(chosen) >= 2 {
		return chosen
	}
	return slices.Collect(m.Lab.Present)
}

// moveAll puts nodes in their places.
func (a *App) moveAll(places map[uint32]view.Place) {
	var moves []session.Place
	for id, p := range places {
		moves = append(moves, session.Place{Node: id, X: p.X, Y: p.Y})
	}
	a.Session.Move(moves, 0)
	a.stage.Fit()
}

func (a *App) align(level bool) {
	if nodes := a.several(); len(nodes) > 1 {
		a.moveAll(a.Model.Aligned(nodes, level))
	}
}

// copied is what was copied: commands that make it again, with names in place of %N.
type copied struct {
	nodes []lab.Node
	links []copiedLink
}

type copiedLink struct {
	ends   [2]int // of nodes
	params [2]link.Params
}

// copyNodes copies the nodes that are chosen, with the links between them.
func (a *App) copyNodes() {
	m := &a.Model
	nodes := slices.DeleteFunc(slices.Clone(m.Many), m.Lab.Gone)
	if len(nodes) == 0 && m.Chosen.Kind == view.OnNode && m.There(m.Chosen) {
		nodes = []uint32{m.Chosen.Node}
	}
	if len(nodes) == 0 {
		return
	}
	a.copied = copied{}
	for _, id := range nodes {
		a.copied.nodes = append(a.copied.nodes, *m.Lab.Node(id))
	}
	for i := range m.Lab.PresentLinks {
		ends, k := m.Lab.EndsOf(i), m.Lab.LinkAt(int(i))
		from, to := slices.Index(nodes, ends[0]), slices.Index(nodes, ends[1])
		if from >= 0 && to >= 0 {
			a.copied.links = append(a.copied.links, copiedLink{[2]int{from, to}, [2]link.Params{k.Dir[0].Params, k.Dir[1].Params}})
		}
	}
	a.UI.Toast(m.Say("app.copied", len(nodes)), 0)
}

// pasteNodes adds what was copied, with names and addresses of its own, beside the original.
func (a *App) pasteNodes() error {
	m, s := &a.Model, a.Session
	first := uint32(s.Lab().Nodes())
	var places []view.Place
	for _, n := range a.copied.nodes {
		places = append(places, view.Place{X: n.X + 60, Y: n.Y + 90})
	}
	places = a.seen(places...)
	for i, n := range a.copied.nodes {
		err := s.Do(lab.AddNode{Name: s.FreeName(n.Kind), Label: n.Label, Kind: n.Kind, X: places[i].X, Y: places[i].Y})
		if err != nil {
			return err
		}
	}
	for _, k := range a.copied.links {
		from, to := first+uint32(k.ends[0]), first+uint32(k.ends[1])
		line := fmt.Sprintf("add link %s %s %s", m.NodeName(from), m.NodeName(to), strings.Join(m.NewAddresses(from, to), " "))
		if err := s.Command(line); err != nil {
			return err
		}
		for dir, p := range k.params {
			if err := s.Do(lab.SetLink{Link: uint32(len(s.Lab().Links) - 1), Dir: uint8(dir), Params: p}); err != nil {
				return err
			}
		}
	}
	m.Many = m.Many[:0]
	for i := range a.copied.nodes {
		m.Many = append(m.Many, first+uint32(i))
	}
	return nil
}

// seen shifts places of new cards to where they are seen. If there is no such room, all that there is will be shown.
func (a *App) seen(places ...view.Place) []view.Place {
	by, ok := a.stage.Free(a.UI, &a.Model, places)
	if !ok {
		a.stage.Fit()
	}
	for i := range places {
		places[i].X, places[i].Y = places[i].X+by.X, places[i].Y+by.Y
	}
	return places
}

// addNote asks for a text, and puts it on the stage where somebody pointed.
func (a *App) addNote() {
	at := view.Place{}
	for i, id := range slices.Collect(a.Model.Lab.Present) { // below them all, unless somebody points
		n := a.Model.Lab.Node(id)
		if i == 0 || n.X < at.X {
			at.X = n.X
		}
		at.Y = max(at.Y, n.Y+110)
	}
	if p := a.Model.Place; p != nil {
		at = *p
	}
	a.Model.Place = nil
	a.askNote(len(a.Model.Notes), view.Note{X: at.X, Y: at.Y})
}

// editNote asks for another text of note i.
func (a *App) editNote(i int) { a.askNote(i, a.Model.Notes[i]) }

func (a *App) askNote(i int, n view.Note) {
	v := &verb{id: "note", do: func(a *App, _ view.Target, text string) error {
		notes := a.Session.Notes()
		if n.Text = strings.TrimSpace(text); i < len(notes) {
			notes[i].Text = n.Text
		} else if n.Text != "" {
			notes = append(notes, save.Note{X: n.X, Y: n.Y, Text: n.Text})
		}
		return a.Session.SetNotes(slices.DeleteFunc(notes, func(n save.Note) bool { return n.Text == "" }))
	}}
	a.prompt = prompt{open: true, fresh: true, verb: v, text: n.Text}
}

// keepNotes takes over where notes were dragged; remove, counted from 1, is one to take away.
func (a *App) keepNotes(remove int) error {
	var notes []save.Note
	for i, n := range a.Model.Notes {
		if i+1 != remove {
			notes = append(notes, save.Note(n))
		}
	}
	return a.Session.SetNotes(notes)
}
