package ui

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// action is something that Do asked for.
type action struct {
	key         ID
	what, value string
}

// Tree returns the widgets of the last frame in the order they were drawn, parents before children. It is valid until the
// next Begin.
func (u *UI) Tree() []Node { return u.nodes }

// Find returns the node with an id.
func (u *UI) Find(id string) (Node, bool) {
	for _, n := range u.nodes {
		if n.ID == id {
			return n, true
		}
	}
	return Node{}, false
}

// Do makes a widget react in the next frame as if the user had done something to it: press, focus, set, scroll (value: logical
// pixels), menu or open.
func (u *UI) Do(id, what, value string) error {
	n, ok := u.Find(id)
	if !ok {
		return fmt.Errorf("no widget %q; near it: %s", id, strings.Join(u.nearest(id), ", "))
	}
	i := slices.Index(actionNames[:], what)
	switch {
	case i < 0 || n.Actions>>i&1 == 0:
		return fmt.Errorf("%s %q cannot %s; it can %s", n.Role, id, what, strings.Join(n.Actions.Names(), ", "))
	case n.Flags&Disabled != 0:
		return fmt.Errorf("%s %q is disabled", n.Role, id)
	case n.Flags&Covered != 0:
		return fmt.Errorf("%s %q lies behind a dialog or menu", n.Role, id)
	}
	if what == "scroll" {
		if _, err := strconv.ParseFloat(value, 32); err != nil {
			return fmt.Errorf("scroll wants a number of pixels, not %q", value)
		}
	}
	u.queue = append(u.queue, action{n.key, what, value})
	return nil
}

// meetActions fills in what Do asked of the widget.
func (u *UI) meetActions(it *Interaction) {
	for _, a := range u.acting {
		if a.key != it.Key {
			continue
		}
		switch a.what {
		case "press":
			it.Clicked = true
		case "open":
			it.DoubleClicked = true
		case "menu":
			it.RightClicked = true
			it.X, it.Y = it.Rect.Mid()
		case "focus":
			u.focus.id, it.Focused = it.Key, true
		case "set":
			it.Set, it.Value = true, a.value
		case "scroll":
			way, _ := strconv.ParseFloat(a.value, 32) // checked by Do
			it.WheelY += float32(way)
		}
	}
}

// nearest returns the three ids of the tree that are spelled most like id.
func (u *UI) nearest(id string) []string {
	type near struct {
		id   string
		cost int
	}
	var all []near
	for _, n := range u.nodes {
		all = append(all, near{n.ID, distance(id, n.ID)})
	}
	slices.SortStableFunc(all, func(a, b near) int { return a.cost - b.cost })
	var out []string
	for _, n := range all[:min(3, len(all))] {
		out = append(out, n.id)
	}
	return out
}

// distance is the number of bytes to insert, remove or replace to make b of a.
func distance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0] = i + 1
		for j := range len(b) {
			cost := diagonal
			if a[i] != b[j] {
				cost = 1 + min(diagonal, row[j], row[j+1])
			}
			diagonal, row[j+1] = row[j+1], cost
		}
	}
	return row[len(b)]
}
