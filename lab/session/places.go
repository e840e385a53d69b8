package session

import "slices"

// Place is where a node stands on the stage.
type Place struct {
	Node uint32
	X, Y int32
}

// Move puts nodes in their places: one step of undo. A drag of the pointer, which asks many times, is one step altogether: all
// its moves bear its number, which is not zero.
func (s *Session) Move(places []Place, drag int) {
	before := s.places(places)
	if n := len(s.undo); n > 0 && drag != 0 && s.undo[n-1].drag == drag {
		last := &s.undo[n-1]
		for _, p := range before { // those that the drag took along only now
			if !slices.ContainsFunc(last.places, func(q Place) bool { return q.Node == p.Node }) {
				last.places = append(last.places, p)
			}
		}
	} else {
		s.remember(version{places: before, drag: drag})
	}
	s.place(places)
	s.touch()
}

// places returns where those nodes stand now.
func (s *Session) places(of []Place) []Place {
	now := make([]Place, 0, len(of))
	for _, p := range of {
		if int(p.Node) < s.lab.Nodes() {
			n := s.lab.Node(p.Node)
			now = append(now, Place{p.Node, n.X, n.Y})
		}
	}
	return now
}

func (s *Session) place(places []Place) {
	for _, p := range places {
		if int(p.Node) < s.lab.Nodes() {
			s.lab.Move(p.Node, p.X, p.Y)
		}
	}
}
