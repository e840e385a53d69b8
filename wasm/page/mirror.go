//go:build js

package page

import (
	"slices"
	"syscall/js"
)

// Mirror repeats the canvas as elements that assistive technology can read and press.
type Mirror struct {
	root, live js.Value
	canvas     js.Value
	nodes      map[string]*mirrored
	order      []place // of the last update
	next       []place
	focused    string
	label      string // of the text area
}

// place is where an element stands: in a parent, after those before it in the order.
type place struct{ id, parent string }

type mirrored struct {
	node    Node
	look    look
	element js.Value
	cursor  js.Value // while arranging: the child that is expected next
}

// Gesture is what was done to an element of the mirror.
type Gesture string

// The gestures.
const (
	Click       Gesture = "click"
	DoubleClick Gesture = "dblclick"
	OtherClick  Gesture = "contextmenu"
	Change      Gesture = "input" // a range was given another value
)

// NewMirror fills the page's mirror. done is called with the id of the widget that something was done to.
func NewMirror(done func(id string, g Gesture, value string)) *Mirror {
	m := &Mirror{root: document.Call("getElementById", "mirror"), live: document.Call("getElementById", "live"), nodes: map[string]*mirrored{}}
	if m.canvas = canvas(); m.canvas.Truthy() {
		m.canvas.Set("tabIndex", 0) // the engine's own 1 would come before all else of a page
		m.canvas.Call("setAttribute", "role", "application")
		m.canvas.Call("setAttribute", "aria-label", "Wirelab")
	}
	for _, g := range []Gesture{Click, DoubleClick, OtherClick, Change} {
		m.root.Call("addEventListener", string(g), forever(func(e js.Value) {
			target := e.Get("target").Call("closest", "[data-id]")
			if !target.Truthy() {
				return
			}
			value := ""
			if g == Change {
				value = target.Get("value").String()
			}
			if g == OtherClick {
				e.Call("preventDefault")
			}
			done(target.Get("dataset").Get("id").String(), g, value)
		}))
	}
	// A reader that presses an element leaves the focus on it; the keys of the lab go on working there.
	pass := forever(func(e js.Value) {
		if !keyOfElement(e.Get("key").String()) {
			toCanvas(e)
		}
	})
	m.root.Call("addEventListener", "keydown", pass)
	m.root.Call("addEventListener", "keyup", pass)
	return m
}

// keyOfElement says which keys the browser itself has a use for on a button or range.
func keyOfElement(key string) bool {
	switch key {
	case "Enter", " ", "Tab", "Shift", "ArrowLeft", "ArrowRight", "ArrowUp", "ArrowDown", "ContextMenu":
		return true
	}
	return false
}

// Update makes the mirror show nodes, parents before children. Only what changed touches the page, so that a reader keeps its place.
func (m *Mirror) Update(nodes []Node) {
	m.next = m.next[:0]
	focused := ""
	for i := range nodes {
		n := &nodes[i]
		parent := ""
		if n.Parent >= 0 {
			parent = nodes[n.Parent].ID
		}
		m.next = append(m.next, place{n.ID, parent})
		if n.Focused {
			focused = n.ID
		}
		m.set(n)
	}
	if !slices.Equal(m.next, m.order) {
		m.forget()
		m.arrange()
		m.order, m.next = m.next, m.order
	}
	m.focus(focused)
}

func (m *Mirror) set(n *Node) {
	old := m.nodes[n.ID]
	if old != nil && old.node.same(n) {
		return
	}
	now := n.look()
	if old != nil && old.look.tag != now.tag {
		old.element.Call("remove")
		old, m.order = nil, nil
	}
	if old == nil {
		element := document.Call("createElement", now.tag)
		element.Set("id", elementID(n.ID))
		element.Get("dataset").Set("id", n.ID)
		old = &mirrored{element: element}
		m.nodes[n.ID] = old
	}
	old.node = *n
	old.show(now)
}

// show makes the element look like l.
func (e *mirrored) show(l look) {
	if l.text != e.look.text {
		first := e.element.Get("firstChild")
		if first.Truthy() && first.Get("nodeType").Int() == textNode {
			first.Set("data", l.text)
		} else {
			e.element.Call("prepend", l.text)
		}
	}
	for _, a := range e.look.attributes {
		if a.name != "" && !l.has(a.name) {
			e.element.Call("removeAttribute", a.name)
		}
	}
	for i, a := range l.attributes {
		if a.name != "" && a != e.look.attributes[i] {
			e.element.Call("setAttribute", a.name, a.value)
		}
	}
	if l.tag == "input" {
		e.element.Set("value", l.value) // the attribute means nothing once somebody moved it
	}
	e.look = l
}

const textNode = 3

// forget takes away what is no longer shown.
func (m *Mirror) forget() {
	shown := make(map[string]bool, len(m.next))
	for _, p := range m.next {
		shown[p.id] = true
	}
	for id, old := range m.nodes {
		if !shown[id] {
			old.element.Call("remove")
			delete(m.nodes, id)
		}
	}
}

// arrange puts the elements into their parents in reading order, and moves only those that stand elsewhere.
func (m *Mirror) arrange() {
	for _, p := range m.next {
		e := m.nodes[p.id]
		e.cursor = firstElement(e.element)
	}
	cursor := firstElement(m.root)
	for _, p := range m.next {
		parent, at := m.root, &cursor
		if p.parent != "" {
			of := m.nodes[p.parent]
			parent, at = of.element, &of.cursor
		}
		element := m.nodes[p.id].element
		if at.Equal(element) {
			*at = element.Get("nextElementSibling")
		} else {
			parent.Call("insertBefore", element, *at)
		}
	}
}

func firstElement(parent js.Value) js.Value { return parent.Get("firstElementChild") }

// focus tells readers which widget has the keyboard: to the page it is always the canvas, or the text area.
func (m *Mirror) focus(id string) {
	switch {
	case id == m.focused || !m.canvas.Truthy():
	case id == "":
		m.canvas.Call("removeAttribute", "aria-activedescendant")
	default:
		m.canvas.Call("setAttribute", "aria-activedescendant", elementID(id))
	}
	m.focused = id
	if e := m.nodes[id]; e != nil && e.node.Role == "textbox" && e.node.Name != m.label {
		m.label = e.node.Name
		document.Call("getElementById", "text-input").Call("setAttribute", "aria-label", m.label)
	}
}

// maxSaid is how many sentences stay in the page, for a reader that goes back to them.
const maxSaid = 12

// Say has readers speak a sentence when they are done with the last.
func (m *Mirror) Say(sentence string) {
	line := document.Call("createElement", "p")
	line.Set("textContent", sentence)
	m.live.Call("append", line)
	for m.live.Get("childElementCount").Int() > maxSaid {
		firstElement(m.live).Call("remove")
	}
}
