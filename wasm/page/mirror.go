//go:build js

package page

import "syscall/js"

// Node is one widget as a screen reader needs it: the tree of lab/ui, flattened in reading order.
type Node struct {
	ID, Role, Name string
	Disabled       bool
	Action         bool // it can be pressed
}

// Mirror repeats the canvas as elements that assistive technology can read and press.
type Mirror struct {
	root  js.Value
	nodes map[string]*mirrored
	order []string
}

type mirrored struct {
	node    Node
	element js.Value
}

// NewMirror fills the page's mirror. press is called with the id of the widget that was pressed.
func NewMirror(press func(id string)) *Mirror {
	m := &Mirror{root: document.Call("getElementById", "mirror"), nodes: map[string]*mirrored{}}
	m.root.Call("addEventListener", "click", forever(func(e js.Value) {
		if id := e.Get("target").Get("dataset").Get("id"); id.Type() == js.TypeString {
			press(id.String())
		}
	}))
	return m
}

// Update makes the mirror show nodes. Only what changed touches the page, so that a reader keeps its place.
func (m *Mirror) Update(nodes []Node) {
	seen := make(map[string]bool, len(nodes))
	order := make([]string, 0, len(nodes))
	for _, n := range nodes {
		if n.ID == "" || seen[n.ID] {
			continue
		}
		seen[n.ID] = true
		order = append(order, n.ID)
		m.set(n)
	}
	for id, old := range m.nodes {
		if !seen[id] {
			old.element.Call("remove")
			delete(m.nodes, id)
		}
	}
	m.arrange(order)
}

func (m *Mirror) set(n Node) {
	old := m.nodes[n.ID]
	if old != nil && old.node == n {
		return
	}
	if old != nil && tag(old.node) != tag(n) {
		old.element.Call("remove")
		old = nil
	}
	if old == nil {
		element := document.Call("createElement", tag(n))
		element.Get("dataset").Set("id", n.ID)
		// Keys belong to the canvas; the mirror is reached by a reader's own commands.
		element.Set("tabIndex", -1)
		m.root.Call("appendChild", element)
		old = &mirrored{element: element}
		m.nodes[n.ID] = old
		m.order = nil // it stands at the end now
	}
	old.node = n
	old.element.Set("textContent", n.Name)
	if n.Role != "" && !(n.Role == "button" && n.Action) {
		old.element.Call("setAttribute", "role", n.Role)
	}
	old.element.Call("setAttribute", "aria-disabled", n.Disabled)
}

// arrange puts the elements in reading order if that has changed.
func (m *Mirror) arrange(order []string) {
	same := len(order) == len(m.order)
	for i := 0; same && i < len(order); i++ {
		same = order[i] == m.order[i]
	}
	if same {
		return
	}
	m.order = order
	for _, id := range order {
		m.root.Call("appendChild", m.nodes[id].element)
	}
}

func tag(n Node) string {
	if n.Action {
		return "button"
	}
	return "div"
}
