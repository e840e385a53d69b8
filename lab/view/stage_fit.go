package view

import (
	"math"

	"wirelab/lab/ui"
)

// How a lab is fitted into the room there is. Cards are never smaller than can be read, so that in a small window, or with large
// letters, it takes more than a zoom until they do not lie on each other.

// Fit shows all nodes again, whatever a person has done to the picture.
func (s *Stage) Fit() { s.moved = false }

// leastZoom is the zoom at which a large lab is not made smaller still.
const leastZoom = 0.3

// fit shows all nodes, never larger than they are drawn at zoom 1.25. Large letters make cards large: where they would lie on each
// other they get narrow, and then their letters less large, down to the root of the text scale.
func (s *Stage) fit(u *ui.UI, r, clear ui.Rect, m *Model) {
	x0, y0, x1, y1 := float32(math.Inf(1)), float32(math.Inf(1)), float32(math.Inf(-1)), float32(math.Inf(-1))
	for id := range m.Lab.Present {
		n := m.Lab.Node(id)
		x0, x1 = min(x0, float32(n.X)), max(x1, float32(n.X))
		y0, y1 = min(y0, float32(n.Y)), max(y1, float32(n.Y))
	}
	if x1 < x0 {
		x0, x1, y0, y1 = 0, 0, 0, 0
	}
	least := min(1, 1/float32(math.Sqrt(float64(u.TextScale))))
	for s.share = 1; ; s.share = max(s.share*0.93, least) {
		if s.spread(u, clear, x1-x0, y1-y0, false); !s.crowds(u, m) {
			break
		}
		if s.spread(u, clear, x1-x0, y1-y0, true); !s.crowds(u, m) {
			break
		}
		if s.share == least {
			s.spread(u, clear, x1-x0, y1-y0, false) // it helps nothing
			break
		}
	}
	rx, ry := r.Mid()
	cx, cy := clear.Mid()
	dx, dy := s.onStage(cx-rx, cy-ry)
	s.x, s.y = (x0+x1)/2-dx, (y0+y1)/2-dy
}

// spread finds the zoom at which so much of the stage has room, for cards of the present share of the text scale.
func (s *Stage) spread(u *ui.UI, clear ui.Rect, across, down float32, narrow bool) {
	text := u.TextScale * s.share
	s.wide, s.tall, s.narrow = 1, 1, narrow
	zoom := min(clear.W/(across+s.cardWidth()*text+40), clear.H/(down+130*text))
	if zoom < leastSize { // cards get no smaller than that; what lies between them does, in each direction as far as it must
		size := leastSize * text
		s.narrow = narrow || clear.W-cardWidth*size-ui.Space4 < across*leastSize
		a := min(max((clear.W-s.cardWidth()*size-ui.Space4)/max(across, 1), leastZoom), leastSize)
		d := min(max((clear.H-130*size)/max(down, 1), leastZoom), leastSize)
		zoom = min(a, d)
		s.wide, s.tall = a/zoom, d/zoom
	}
	s.zoom = min(zoom, 1.25)
}

// manyCards is up to how many nodes are looked at one with another, fewCards up to how many are moved.
const (
	manyCards = 64
	fewCards  = 12
)

// crowds says whether cards of a usual height lie on each other. Of large labs nobody expects that they do not.
func (s *Stage) crowds(u *ui.UI, m *Model) bool {
	if m.Lab.Ever() > manyCards {
		return false
	}
	size := max(s.zoom, leastSize) * u.TextScale * s.share
	w, h := (s.cardWidth()+ui.Space2)*size, cardTall*size
	for i := range m.Lab.Present {
		a := m.Lab.Node(i)
		for j := range m.Lab.Present {
			b := m.Lab.Node(j)
			if j > i && abs(float32(a.X-b.X))*s.zoom*s.wide < w && abs(float32(a.Y-b.Y))*s.zoom*s.tall < h {
				return true
			}
		}
	}
	return false
}

// part moves the cards of a small lab that lie on each other apart, as far as there is room. While a person has the picture in hand
// they stay as they were.
func (s *Stage) part(m *Model) {
	if m.Lab.Ever() > fewCards {
		return
	}
	for len(s.parted) < len(s.cards) {
		s.parted = append(s.parted, ui.Point{})
	}
	if !s.moved {
		clear(s.parted)
		for round := 0; round < 24 && !s.giveWay(m); round++ {
		}
	}
	for id := range s.cards {
		s.cards[id] = s.cardAt(id)
	}
}

// cardAt is the card of a node where it gave way to.
func (s *Stage) cardAt(id int) ui.Rect {
	p := s.parted[id]
	return s.cards[id].Offset(p.X*s.zoom*s.wide, p.Y*s.zoom*s.tall)
}

// giveWay moves each two cards that lie on each other by half of what they share, and says whether there were none.
func (s *Stage) giveWay(m *Model) (apart bool) {
	const gap = ui.Space1 + 1 // a little more than is asked for, which halves soon come to
	apart = true
	for i := range m.Lab.Present {
		for j := range m.Lab.Present {
			a, b := s.cardAt(int(i)), s.cardAt(int(j))
			if j <= i || !a.Inset(-ui.Space1/2).Overlaps(b.Inset(-ui.Space1/2)) {
				continue
			}
			apart = false
			ax, ay := a.Mid()
			bx, by := b.Mid()
			across, down := (a.W+b.W)/2+gap-abs(ax-bx), (a.H+b.H)/2+gap-abs(ay-by)
			if across < down {
				s.move(i, -across/2*sign(bx-ax), 0)
				s.move(j, across/2*sign(bx-ax), 0)
			} else {
				s.move(i, 0, -down/2*sign(by-ay))
				s.move(j, 0, down/2*sign(by-ay))
			}
		}
	}
	return apart
}

// move moves a card, but not out of the room there is.
func (s *Stage) move(id uint32, dx, dy float32) {
	r := s.cardAt(int(id))
	dx = min(max(dx, min(s.area.X+ui.Space1-r.X, 0)), max(s.area.Right()-ui.Space1-r.Right(), 0))
	dy = min(max(dy, min(s.area.Y+ui.Space1-r.Y, 0)), max(s.area.Bottom()-ui.Space1-r.Bottom(), 0))
	x, y := s.onStage(dx, dy)
	s.parted[id].X += x
	s.parted[id].Y += y
}
