package ui

import (
	"strings"
	"time"

	"github.com/hajimehoshi/ebiten/v2"
)

// scrolling is where a scrolled area stands. It counts in float64: a million rows are more pixels than a float32 can tell apart.
type scrolling struct {
	y, x    float64
	content float64 // height of the content in the last frame
	grabbed float64 // y when the thumb was grabbed
	last    time.Duration
	bar     barName
}

// barName is what a scroll bar is called, and what that was made of.
type barName struct{ words, of, name string }

// barName tells the scroll bar of what is being drawn from the others.
func (u *UI) barName(s *scrolling) string {
	of, words := u.nodes[u.parent].Name, orElse(u.Words.ScrollBar, "{0}")
	if b := &s.bar; b.of != of || b.words != words {
		*b = barName{words, of, strings.Replace(words, "{0}", of, 1)}
	}
	return s.bar.name
}

const thumbWidth = 10

// ScrollArea shows body, which draws content of the height it returns, through r. The rectangle given to body has r's width
// (less the bar) and starts where the content starts.
func (u *UI) ScrollArea(r Rect, id, name string, body func(r Rect) float32) {
	s := stateIn[scrolling](u, id)
	it := u.Enter(Spec{ID: id, Rect: r, Role: RoleScroll, Name: name, Actions: CanScroll})
	u.scrollBy(s, it, s.content, r.H)
	u.PushClip(r)
	inner := Rect{r.X, r.Y - float32(s.y), r.W, 1 << 20}
	if s.content > float64(r.H) {
		inner.W -= thumbWidth
	}
	outside := u.area
	u.area = scrollArea{s, r}
	s.content = float64(body(inner))
	u.area = outside
	u.PopClip()
	u.scrollBar(r, s, s.content)
	u.Leave()
}

// scrollArea is the one whose body is being drawn.
type scrollArea struct {
	*scrolling
	rect Rect
}

// Reveal, in the body of a ScrollArea, moves that by as little as brings r into view.
func (u *UI) Reveal(r Rect) {
	a := &u.area
	if below := r.Bottom() - a.rect.Bottom(); below > 0 {
		a.y += float64(below)
	}
	if above := a.rect.Y - r.Y; above > 0 {
		a.y -= float64(above)
	}
}

// scrollBy moves by the wheel and keeps the position inside the content.
func (u *UI) scrollBy(s *scrolling, it Interaction, content float64, height float32) {
	s.y += float64(it.WheelY)
	if it.WheelY != 0 {
		s.last = u.Now
	}
	s.y = max(0, min(s.y, content-float64(height)))
}

// scrollBar draws the thumb at the right edge and lets it be dragged. A click beside it turns a page.
func (u *UI) scrollBar(r Rect, s *scrolling, content float64) {
	if content <= float64(r.H) || r.H < 20 {
		return
	}
	track := Rect{r.Right() - thumbWidth, r.Y, thumbWidth, r.H}
	length := max(24, float32(float64(r.H)*float64(r.H)/content))
	room := content - float64(r.H)
	thumb := Rect{track.X, track.Y + (track.H-length)*float32(s.y/room), thumbWidth, length}
	it := u.Node(Spec{ID: "bar", Rect: track, Role: RoleSplitter, Name: u.barName(s), Actions: CanDrag})
	switch {
	case it.Down:
		if !thumb.Contains(it.X, it.Y) {
			page := float64(r.H) * 0.9
			if it.Y < thumb.Y {
				page = -page
			}
			s.y += page
		}
		s.grabbed = s.y
	case it.Dragging:
		s.y = s.grabbed + float64(it.Y-it.StartY)/float64(track.H-length)*room
	}
	s.y = max(0, min(s.y, room))
	lift := u.hoverLift(it)
	if it.Dragging {
		lift = 1
	}
	width := 4 + 3*lift
	thumb.Y = track.Y + (track.H-length)*float32(s.y/room)
	u.RoundFill(Rect{track.Right() - width - 2, thumb.Y + 2, width, length - 4}, width/2, u.Theme.LineStrong.Mix(u.Theme.Dim, 0.25+0.5*lift))
}

// ScrollTo moves a ScrollArea, which is named by its id, so that the top of the window shows y.
func (u *UI) ScrollTo(id string, y float32) { stateIn[scrolling](u, id).y = float64(y) }

// listKeys moves a selection among n rows by the keys that lists know; it says whether it moved.
func (u *UI) listKeys(at *int, n, page int) bool {
	to := *at
	switch {
	case u.takeKey(ebiten.KeyArrowDown):
		to++
	case u.takeKey(ebiten.KeyArrowUp):
		to--
	case u.takeKey(ebiten.KeyPageDown):
		to += page
	case u.takeKey(ebiten.KeyPageUp):
		to -= page
	case u.takeKey(ebiten.KeyHome):
		to = 0
	case u.takeKey(ebiten.KeyEnd):
		to = n - 1
	default:
		return false
	}
	to = max(0, min(to, n-1))
	moved := to != *at && n > 0
	if n > 0 {
		*at = to
	}
	return moved
}

// sidewaysKey returns -1 for the arrow to the left, 1 for that to the right, else 0.
func (u *UI) sidewaysKey() int {
	switch {
	case u.takeKey(ebiten.KeyArrowLeft):
		return -1
	case u.takeKey(ebiten.KeyArrowRight):
		return 1
	}
	return 0
}
