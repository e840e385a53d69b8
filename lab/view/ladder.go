package view

import (
	"cmp"
	"math"
	"slices"
	"unicode/utf8"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/lab/trace"
	"wirelab/lab/ui"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

// Ladder is the sequence diagram: an axis for each node, time downwards on a
// scale that shortens waits, an arrow for each frame. What lies ahead of now
// after a step back is shown pale.
type Ladder struct {
	of      *lab.Lab
	top     float32 // of the window, in logical pixels of the diagram
	free    bool    // a person scrolled, or chose a packet elsewhere: do not follow now
	now     int64   // in the last frame
	chosen  int64   // the packet that was chosen in the last frame, plus one
	columns []column
	stretch float32

	shown  []uint64    // crossings whose arrows can be seen
	lines  []arrowLine // of those
	hops   []hop
	first  map[event.Why]int // of the packets that are shown: the first arrow
	labels []label
	cores  []ui.Rect // of the handles of arrows without a label
}

type column struct {
	node uint32
	x    float32
}

const (
	ladderHead   = 30 // the names of the axes
	ladderGutter = 66 // the times, left
	maxColumns   = 8
	maxArrows    = 700
	maxLooked    = 20_000 // records, for those arrows
)

// Draw draws the ladder into r.
func (d *Ladder) Draw(u *ui.UI, r ui.Rect, m *Model) {
	if d.of != m.Lab {
		*d = Ladder{of: m.Lab}
	}
	it := u.Enter(ui.Spec{ID: "ladder", Rect: r, Role: ui.RoleGroup, Name: m.Say("view.ladder"), Actions: ui.CanScroll | ui.CanPress | ui.CanDrag})
	defer u.Leave()
	d.place(u, r, m)
	body := r
	d.heads(u, body.CutTop(u.Grow(ladderHead)), m)
	if m.Packets() == 0 {
		d.empty(u, &body, m)
	}
	total := float32(max(m.index.ladder.end().at, m.index.ladder.at(m.Now())))
	d.stretch = min(max((body.H-60)/max(total, 1), 1), 1.9)
	d.scroll(it, body, total*d.stretch, m)
	u.PushClip(body)
	defer u.PopClip()
	d.strips(u, body, m)
	d.gaps(u, body, m)
	d.cursor(u, body, m) // below the words on the arrows
	d.arrows(u, body, m)
	if it.Clicked {
		m.Select(-1)
	}
}

// place gives each node an axis, in the order in which they stand on the stage.
func (d *Ladder) place(u *ui.UI, r ui.Rect, m *Model) {
	d.columns = d.columns[:0]
	for id := range uint32(m.Lab.Ever()) {
		d.columns = append(d.columns, column{node: id})
	}
	slices.SortStableFunc(d.columns, func(a, b column) int {
		return cmp.Compare(m.Lab.Node(a.node).X, m.Lab.Node(b.node).X)
	})
	d.columns = d.columns[:min(len(d.columns), maxColumns)]
	left, right := r.X+u.Grow(ladderGutter)+46, r.Right()-46
	for i := range d.columns {
		d.columns[i].x = (left + right) / 2
		if n := len(d.columns); n > 1 {
			d.columns[i].x = left + (right-left)*float32(i)/float32(n-1)
		}
	}
}

func (d *Ladder) x(node uint32) (float32, bool) {
	for _, c := range d.columns {
		if c.node == node {
			return c.x, true
		}
	}
	return 0, false
}

// heads writes the names above their axes: smaller where there is little room for them.
func (d *Ladder) heads(u *ui.UI, r ui.Rect, m *Model) {
	w := float32(120)
	if len(d.columns) > 1 {
		w = min(w, d.columns[1].x-d.columns[0].x-ui.Space1)
	}
	var style ui.Style
	for _, style = range [...]ui.Style{ui.Title, ui.SmallBold, ui.Tiny.Bold()} {
		if !slices.ContainsFunc(d.columns, func(c column) bool { return u.Width(m.NodeName(c.node), style) > w }) {
			break
		}
	}
	for _, c := range d.columns {
		name, at := m.NodeName(c.node), ui.R(c.x-w/2, r.Y, w, r.H)
		if u.Width(name, style) > w {
			it := u.Node(ui.Spec{ID: glued("head-", name), Rect: at, Role: ui.RoleText, Name: name})
			u.Tooltip(it, name, "")
		}
		u.TextIn(at, beginning(u, name, style, w), style, ui.Middle, u.Theme.Text)
	}
	u.HLine(r.X, r.Bottom()-1, r.W, u.Theme.Line)
}

// beginning is as much of a name as has room: dots are left out where they would take the place of letters that tell names apart.
func beginning(u *ui.UI, name string, style ui.Style, width float32) string {
	fits := 0
	for i, c := range name {
		if end := i + utf8.RuneLen(c); u.Width(name[:end], style) <= width || i == 0 {
			fits = end
		}
	}
	if fits == len(name) || utf8.RuneCountInString(name[:fits]) > 5 {
		return name
	}
	return name[:fits]
}

// y returns where a time stands on screen.
func (d *Ladder) y(body ui.Rect, m *Model, ns int64) float32 {
	return body.Y + 16 + float32(m.index.ladder.at(ns))*d.stretch - d.top
}

// strips draws the axes, coloured by the state of the newest connection there.
func (d *Ladder) strips(u *ui.UI, body ui.Rect, m *Model) {
	t := &u.Theme
	for _, c := range d.columns {
		u.RoundFill(ui.R(c.x-4, body.Y, 8, body.H), 0, t.Raised)
		u.VLine(c.x-4, body.Y, body.H, t.Line)
		u.VLine(c.x+4, body.Y, body.H, t.Line)
		side := float32(1)
		if c.x < body.X+body.W/2 {
			side = -1
		}
		changes := m.index.states[c.node]
		for i, ch := range changes {
			from, to := d.y(body, m, ch.at), body.Bottom()
			if i+1 < len(changes) {
				to = d.y(body, m, changes[i+1].at)
			}
			if to < body.Y || from > body.Bottom() || to-from < 0.5 || ch.state == tcp.Closed {
				continue
			}
			color := stateColor(t, ch.state)
			if ch.at > m.Now() {
				color = color.Alpha(0.3)
			}
			u.RoundFill(ui.R(c.x-4, max(from, body.Y-8), 8, min(to, body.Bottom()+8)-max(from, body.Y-8)-1), 2, color)
			lo, hi := max(from, body.Y), min(to, body.Bottom())
			if name := ch.state.String(); u.Width(name, ui.CodeTiny)+8 < hi-lo {
				u.TextTurned(c.x+side*14, (lo+hi)/2, -math.Pi/2, name, ui.CodeTiny, t.Dim)
			}
		}
	}
}

// gaps marks where waiting was shortened.
func (d *Ladder) gaps(u *ui.UI, body ui.Rect, m *Model) {
	w := &m.index.ladder
	from, now := max(0, w.first(d.top/d.stretch)), d.y(body, m, m.Now())
	for i := from; i < w.len(); i++ {
		a, b := w.knot(i-1), w.knot(i)
		y0, y1 := d.y(body, m, a.ns), d.y(body, m, b.ns)
		if y0 > body.Bottom() {
			return
		}
		if b.ns-a.ns < 150_000_000 || y1-y0 < 18 {
			continue
		}
		y := (y0 + y1) / 2
		words := Span(b.ns - a.ns)
		x := body.X + u.Grow(ladderGutter) - 8
		if abs(y-now) > 18 { // else the time of now is there
			u.TextIn(ui.R(body.X, y-9, x-body.X, 18), "≈ "+words, ui.CodeTiny, ui.Right, u.Theme.Dim)
		}
		for _, c := range d.columns {
			u.Fill(ui.R(c.x-6, y-2, 12, 4), u.Theme.Panel)
			u.Butt(c.x-6, y-2, c.x+6, y-3, 1, u.Theme.LineStrong)
			u.Butt(c.x-6, y+2, c.x+6, y+1, 1, u.Theme.LineStrong)
		}
	}
}

// arrows draws the frames that can be seen: lines first, then the words.
func (d *Ladder) arrows(u *ui.UI, body ui.Rect, m *Model) {
	tr := &m.Lab.Trace
	from := m.index.ladder.time(float64(max(d.top-200, 0)/d.stretch)) - m.index.longest // offered above, arriving here
	first := tr.After(max(from, 0) - 1)
	lastTime, now := float32(-100), d.y(body, m, m.Now())
	d.shown, d.lines = d.shown[:0], d.lines[:0]
	for i := first; i < min(tr.Len(), first+maxLooked) && len(d.shown) < maxArrows; i++ {
		c := tr.At(i)
		if d.y(body, m, c.Offered) > body.Bottom()+20 { // records are in this order; a queue may start a later one first
			break
		}
		y := d.y(body, m, c.Start)
		if !d.arrow(u, body, m, i) {
			continue
		}
		x0, y0, x1, y1, _ := d.span(body, m, i)
		d.shown, d.lines = append(d.shown, i), append(d.lines, arrowLine{x0: x0, y0: y0, x1: x1, y1: y1})
		if y-lastTime > u.LineHeight(ui.CodeTiny) && abs(y-now) > u.LineHeight(ui.CodeTiny)*0.9 {
			d.time(u, body, m, c.Start, y)
			lastTime = y
		}
	}
	d.words(u, m)
}

func (d *Ladder) time(u *ui.UI, body ui.Rect, m *Model, ns int64, y float32) {
	color := u.Theme.Dim
	if ns > m.Now() {
		color = u.Theme.Faint
	}
	digits := 3
	if m.index.ladder.end().ns < 10_000_000_000 {
		digits = 4
	}
	u.TextIn(ui.R(body.X, y-9, u.Grow(ladderGutter)-8, 18), Instant(ns, digits), ui.CodeTiny, ui.Right, color)
}

// shortest is the part of the way that an arrow takes whose frame never left.
const shortest = 0.12

// span returns the ends of an arrow on screen; that of a frame that does not arrive ends where it fell, and that of one which is held
// where it is now.
func (d *Ladder) span(body ui.Rect, m *Model, i uint64) (x0, y0, x1, y1 float32, ok bool) {
	c := m.Lab.Trace.At(i)
	from, to := m.Ends(i)
	x0, ok0 := d.x(from)
	x1, ok1 := d.x(to)
	y0, y1 = d.y(body, m, c.Start), d.y(body, m, c.Arrive)
	side := float32(5)
	if x1 < x0 {
		side = -5
	}
	x0, x1 = x0+side, x1-side
	switch h := m.holdOf(i); {
	case h != nil:
		x1, y1 = x0+(x1-x0)*float32(h.PPM)/1e6, d.y(body, m, m.Now())
	case c.Fate == link.Lost:
		x1, y1 = (x0+x1)/2, (y0+y1)/2
	case c.Fate.BeforeWire():
		x1 = x0 + (x1-x0)*max(m.share(c), shortest)
	}
	return x0, y0, x1, y1, ok0 && ok1 && max(y0, y1) >= body.Y-10 && min(y0, y1) <= body.Bottom()+10
}

func (d *Ladder) arrow(u *ui.UI, body ui.Rect, m *Model, i uint64) bool {
	x0, y0, x1, y1, ok := d.span(body, m, i)
	if !ok {
		return false
	}
	t := &u.Theme
	c := m.Lab.Trace.At(i)
	now := m.Now()
	color := kindOf(&c.Head).Color(t)
	width := float32(1.5)
	if int64(i) == m.Packet {
		color, width = t.Focus, 2.5
	}
	pale := color.Alpha(0.28)
	if c.Start > now {
		d.stroke(u, c, x0, y0, x1, y1, width, pale)
		d.tip(u, c, x0, y0, x1, y1, pale)
		return true
	}
	if m.Held(i) {
		d.stroke(u, c, x0, y0, x1, y1, width, color)
		u.Circle(x1, y1, 4, color)
		return true
	}
	if c.Arrive > now && c.Fate == link.Delivered {
		k := float32(now-c.Start) / float32(c.Arrive-c.Start)
		mx, my := x0+(x1-x0)*k, y0+(y1-y0)*k
		d.stroke(u, c, mx, my, x1, y1, 1, pale)
		d.stroke(u, c, x0, y0, mx, my, width, color)
		u.Circle(mx, my, 4, color)
		return true
	}
	d.stroke(u, c, x0, y0, x1, y1, width, color)
	d.tip(u, c, x0, y0, x1, y1, color)
	return true
}

func (d *Ladder) stroke(u *ui.UI, c *trace.Crossing, x0, y0, x1, y1, width float32, color ui.Color) {
	if c.Why.Xmit > 1 {
		u.Dash(x0, y0, x1, y1, width, 6, 4, 0, color)
		return
	}
	u.Line(x0, y0, x1, y1, width, color)
}

// tip ends an arrow: a head where it arrives, a cross where it does not.
func (d *Ladder) tip(u *ui.UI, c *trace.Crossing, x0, y0, x1, y1 float32, color ui.Color) {
	bad := u.Theme.Rst.Alpha(float32(color&0xff) / 255)
	switch {
	case sound(c):
		u.ArrowHead(x1, y1, x0, y0, 8, color)
		return
	case c.Fate == link.Delivered: // it comes, but not as it was sent
		u.ArrowHead(x1, y1, x0, y0, 8, bad)
		return
	}
	u.Line(x1-4, y1-4, x1+4, y1+4, 2, bad)
	u.Line(x1-4, y1+4, x1+4, y1-4, 2, bad)
}

// cursor draws now.
func (d *Ladder) cursor(u *ui.UI, body ui.Rect, m *Model) {
	t := &u.Theme
	y := d.y(body, m, m.Now())
	u.Fill(ui.R(body.X+u.Grow(ladderGutter), y, body.W-u.Grow(ladderGutter), 1), t.Focus.Alpha(0.7))
	words := Instant(m.Now(), 4)
	w := u.Width(words, ui.CodeTiny.Bold()) + 10
	tag := ui.R(body.X+u.Grow(ladderGutter)-w, y-u.Grow(9), w, u.Grow(18))
	fill := t.Block(t.Focus)
	u.RoundFill(tag, 4, fill)
	u.TextIn(tag, words, ui.CodeTiny.Bold(), ui.Middle, t.On(fill))
}
