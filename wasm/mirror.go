//go:build js

package main

import (
	"log"

	"wirelab/lab/ui"
	"wirelab/wasm/page"
)

// mirror repeats the window's widgets in the page, for screen readers, and lets them be used there.
type mirror struct {
	*page.Mirror
	u     *ui.UI
	list  []page.Node
	at    []int // where a widget of the tree stands in the list, -1: nowhere
	known map[string]bool
}

func newMirror(u *ui.UI) *mirror {
	m := &mirror{u: u, known: map[string]bool{}}
	m.Mirror = page.NewMirror(m.do)
	return m
}

func (m *mirror) show(nodes []ui.Node) {
	m.list, m.at = m.list[:0], m.at[:0]
	clear(m.known)
	for i := range nodes {
		n := &nodes[i]
		if m.leftOut(nodes, n) {
			m.at = append(m.at, -1)
			continue
		}
		m.known[n.ID] = true
		m.at = append(m.at, len(m.list))
		can := func(a ui.Actions) bool { return n.Actions&a != 0 }
		is := func(f ui.Flags) bool { return n.Flags&f != 0 }
		m.list = append(m.list, page.Node{
			ID: n.ID, Role: role(n), Name: n.Name, Value: n.Value, Parent: m.parent(nodes, n),
			Min: n.Range.Min, Max: n.Range.Max, Now: n.Range.Now,
			Press: can(ui.CanPress), Set: can(ui.CanSet),
			Disabled: is(ui.Disabled), Selected: is(ui.Selected), Checked: is(ui.Checked), Focused: is(ui.Focused),
			Expanded: is(ui.Expanded), Collapsed: is(ui.Collapsed),
		})
	}
	m.Update(m.list)
}

// leftOut says what nobody needs to hear of: what has no name or cannot be seen, and what only repeats the words of a row.
func (m *mirror) leftOut(nodes []ui.Node, n *ui.Node) bool {
	switch {
	case n.Name == "" && n.Value == "", n.Flags&ui.Covered != 0, m.known[n.ID]:
		return true
	case n.Bounds.Empty() && !(n.Role == ui.RoleText && scrolled(nodes, n)):
		return true
	case n.Role == ui.RoleSplitter:
		return n.Actions&ui.CanSet == 0 // a scroll bar: readers scroll by themselves
	case n.Role == ui.RoleText && n.Parent >= 0:
		return page.Leaf(string(nodes[n.Parent].Role))
	}
	return false
}

// scrolled says whether something is a part of what can be scrolled: it is read without that.
func scrolled(nodes []ui.Node, n *ui.Node) bool {
	for i := n.Parent; i >= 0; i = nodes[i].Parent {
		if nodes[i].Role == ui.RoleScroll {
			return !nodes[i].Bounds.Empty()
		}
	}
	return false
}

// parent returns where in the list the widget stands that holds n, as readers see it.
func (m *mirror) parent(nodes []ui.Node, n *ui.Node) int {
	for i := n.Parent; i >= 0; i = nodes[i].Parent {
		if m.at[i] >= 0 && !page.Leaf(string(nodes[i].Role)) {
			return m.at[i]
		}
	}
	return -1
}

// role returns the role of a widget in the page. A landmark for each part that scrolls would be too many.
func role(n *ui.Node) string {
	if n.Role == ui.RoleScroll {
		return string(ui.RoleGroup)
	}
	return string(n.Role)
}

// do is what a reader did to a widget.
func (m *mirror) do(id string, g page.Gesture, value string) {
	n, ok := m.u.Find(id)
	if !ok {
		return // it has gone since
	}
	what, can := "press", ui.CanPress
	switch {
	case g == page.DoubleClick:
		what, can = "open", ui.CanOpen
	case g == page.OtherClick:
		what, can = "menu", ui.CanMenu
	case g == page.Change:
		what, can = "set", ui.CanSet
	case n.Actions&ui.CanPress == 0:
		what, can = "focus", ui.CanFocus
	}
	if n.Actions&can == 0 || n.Flags&ui.Disabled != 0 {
		return
	}
	if err := m.u.Do(id, what, value); err != nil {
		log.Print(err)
	}
}
