//go:build js

package page

import (
	"strconv"
	"strings"
)

// Node is one widget as a screen reader needs it: a line of the tree of lab/ui.
type Node struct {
	ID, Role, Name, Value string
	Parent                int // index among the nodes, -1: none
	Min, Max, Now         float32
	Press, Set            bool // what can be done to it
	Disabled, Selected    bool
	Checked, Focused      bool
	Expanded, Collapsed   bool
}

// same reports whether two nodes look the same, wherever they stand.
func (n *Node) same(o *Node) bool {
	a, b := *n, *o
	a.Parent, b.Parent = 0, 0
	return a == b
}

// Leaf says whether readers take what a widget of a role holds for a part of its name.
func Leaf(role string) bool {
	switch role {
	case "button", "switch", "radio", "tab", "textbox", "option", "treeitem", "slider", "separator", "img", "menuitem", "progressbar", "status", "text":
		return true
	}
	return false
}

// look is an element that stands for a node.
type look struct {
	tag, text, value string
	attributes       [8]attribute
}

type attribute struct{ name, value string }

func (l *look) has(name string) bool {
	for _, a := range l.attributes {
		if a.name == name {
			return true
		}
	}
	return false
}

func (l *look) set(name, value string) {
	for i := range l.attributes {
		if l.attributes[i].name == "" {
			l.attributes[i] = attribute{name, value}
			return
		}
	}
}

func (l *look) setIf(is bool, name string) {
	if is {
		l.set(name, "true")
	}
}

// look chooses the element for a node, with what ARIA asks of its role and no more than that allows.
func (n *Node) look() look {
	l := look{tag: "div", text: n.Name}
	if n.Value != "" {
		l.text = strings.TrimSpace(n.Name + " " + n.Value)
	}
	switch n.Role {
	case "slider", "separator":
		l.ranged(n)
	case "button", "switch", "radio", "tab", "option", "treeitem", "menuitem":
		l.pressed(n)
	case "textbox":
		l.labelled(n)
		l.text = n.Value
	case "log":
		l.labelled(n)
		l.text = n.Value
	case "status":
		l.set("role", n.Role)
	case "text":
	default:
		l.labelled(n)
		l.text = ""
	}
	return l
}

// labelled is for roles whose name is not their content.
func (l *look) labelled(n *Node) {
	l.set("role", n.Role)
	name := n.Name
	if n.Role == "group" || n.Role == "img" || n.Role == "progressbar" {
		name = l.text
	}
	l.set("aria-label", name)
	l.setIf(n.Role == "dialog", "aria-modal")
	l.setIf(n.Role == "textbox" && n.Disabled, "aria-disabled")
}

// ranged is for what chooses a number.
func (l *look) ranged(n *Node) {
	number := func(f float32) string { return strconv.FormatFloat(float64(f), 'g', -1, 32) }
	l.tag, l.text, l.value = "input", "", number(n.Now)
	l.set("type", "range")
	l.set("tabindex", "-1")
	l.set("min", number(n.Min))
	l.set("max", number(n.Max))
	l.set("step", "any")
	l.set("aria-label", n.Name)
	l.set("aria-valuetext", n.Value)
	if n.Disabled {
		l.set("disabled", "")
	}
}

// pressed is for what is pressed and may then be in another state.
func (l *look) pressed(n *Node) {
	if n.Press {
		l.tag = "button"
		l.set("tabindex", "-1") // keys belong to the canvas; the mirror is reached by a reader's own commands
		l.set("type", "button")
	}
	role := n.Role
	switch {
	case role == "switch" || role == "radio":
		l.set("aria-checked", strconv.FormatBool(n.Checked))
	case role == "tab" || role == "option" || role == "treeitem":
		l.set("aria-selected", strconv.FormatBool(n.Selected))
	case role == "menuitem" && n.Checked:
		role = "menuitemcheckbox"
		l.set("aria-checked", "true")
	case role == "button":
		l.setIf(n.Selected, "aria-pressed")
	}
	if role == "button" || role == "treeitem" {
		l.setIf(n.Expanded, "aria-expanded")
		if n.Collapsed {
			l.set("aria-expanded", "false")
		}
	}
	l.set("role", role)
	l.setIf(n.Disabled, "aria-disabled")
}

// elementID is the id of the element for a widget.
func elementID(id string) string { return "w-" + strings.ReplaceAll(id, " ", "_") }
