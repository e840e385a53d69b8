package works

import (
	"wirelab/lab"
	"wirelab/lab/save"
)

// Picture is a lab so small that it fits beside a title: where nodes stand and which are linked. Places are parts of 255 of the width
// and of the height.
type Picture struct {
	Nodes []Spot     `json:"nodes,omitempty"`
	Links [][2]uint8 `json:"links,omitempty"` // nodes, by their place in Nodes
}

// Spot is a node of a picture.
type Spot struct {
	X, Y uint8
	Kind uint8 // lab.KindHost …
}

// maxSpots bounds the nodes of a picture; more could not be told apart.
const maxSpots = 40

// pictureOf returns the picture of a lab as it stands.
func pictureOf(l *lab.Lab) Picture {
	var p Picture
	at := map[uint32]uint8{}
	var nodes []*lab.Node
	for id := range l.Present {
		if len(nodes) == maxSpots {
			break
		}
		at[id] = uint8(len(nodes))
		nodes = append(nodes, l.Node(id))
	}
	p.place(nodes)
	for i := range l.PresentLinks {
		ends := l.EndsOf(i)
		a, ok := at[ends[0]]
		b, both := at[ends[1]]
		if ok && both && len(p.Links) < 2*maxSpots {
			p.Links = append(p.Links, [2]uint8{a, b})
		}
	}
	return p
}

// pictureOfFile returns the picture of a lab as its scenario and journal leave it; an empty one if it cannot be built.
func pictureOfFile(f *save.File) Picture {
	l, err := lab.New(f.Scenario)
	if err != nil || l.Load(f.Journal) != nil {
		return Picture{}
	}
	if _, err := l.AdvanceTo(f.At, 20_000); err != nil {
		return Picture{}
	}
	return pictureOf(l)
}

// place fills the picture with nodes: their extent becomes its width and height.
func (p *Picture) place(nodes []*lab.Node) {
	if len(nodes) == 0 {
		return
	}
	x0, x1, y0, y1 := int64(nodes[0].X), int64(nodes[0].X), int64(nodes[0].Y), int64(nodes[0].Y)
	for _, n := range nodes {
		x0, x1 = min(x0, int64(n.X)), max(x1, int64(n.X))
		y0, y1 = min(y0, int64(n.Y)), max(y1, int64(n.Y))
	}
	part := func(v, from, to int64) uint8 {
		if from == to {
			return 127
		}
		return uint8((v - from) * 255 / (to - from))
	}
	for _, n := range nodes {
		p.Nodes = append(p.Nodes, Spot{part(int64(n.X), x0, x1), part(int64(n.Y), y0, y1), n.Kind})
	}
}
