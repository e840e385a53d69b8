package view

import (
	"math"
	"slices"

	"wirelab/lab/ui"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

// transition is an arrow of the state machine, RFC 9293 §3.3.2, Figure 5.
type transition struct{ from, to tcp.State }

// transitions are the arrows, those to CLOSED drawn to the end and not back to
// the beginning, as in the RFC.
var transitions = [...]transition{
	{tcp.Closed, tcp.Listen},
	{tcp.Closed, tcp.SynSent},
	{tcp.Listen, tcp.SynReceived},
	{tcp.Listen, tcp.SynSent},
	{tcp.SynSent, tcp.SynReceived},
	{tcp.SynSent, tcp.Established},
	{tcp.SynReceived, tcp.Established},
	{tcp.SynReceived, tcp.FinWait1},
	{tcp.Established, tcp.FinWait1},
	{tcp.Established, tcp.CloseWait},
	{tcp.FinWait1, tcp.FinWait2},
	{tcp.FinWait1, tcp.Closing},
	{tcp.FinWait1, tcp.TimeWait},
	{tcp.FinWait2, tcp.TimeWait},
	{tcp.Closing, tcp.TimeWait},
	{tcp.CloseWait, tcp.LastAck},
	{tcp.TimeWait, tcp.Closed},
	{tcp.LastAck, tcp.Closed},
}

// events is what makes each transition, and behind the stroke what is sent then.
var events = [len(transitions)]string{
	"listen()", "connect() / SYN", "SYN / SYN·ACK", "send / SYN", "SYN / SYN·ACK", "SYN·ACK / ACK", "ACK", "close() / FIN",
	"close() / FIN", "FIN / ACK", "ACK", "FIN / ACK", "FIN·ACK / ACK", "FIN / ACK", "ACK", "close() / FIN", "2 MSL", "ACK",
}

// ended is the second box of CLOSED, where connections end.
const ended = int(tcp.TimeWait) + 1

// boxes is where the states stand, the second CLOSED last.
type boxes [ended + 1]ui.Rect

// grid is the column and row of each box: opening left, closing right, who
// closes first above.
var grid = [ended + 1][2]int{
	tcp.Closed: {0, 1}, tcp.Listen: {0, 0}, tcp.SynSent: {0, 2}, tcp.SynReceived: {1, 0}, tcp.Established: {2, 1},
	tcp.FinWait1: {3, 0}, tcp.Closing: {3, 1}, tcp.CloseWait: {3, 2}, tcp.FinWait2: {4, 0}, tcp.TimeWait: {4, 1}, tcp.LastAck: {4, 2},
	ended: {5, 1},
}

func boxName(i int) string {
	if i == ended {
		return tcp.Closed.String()
	}
	return tcp.State(i).String()
}

// layOut gives each column the width of its longest name, and shares the rest
// among the gaps.
func (b *boxes) layOut(r ui.Rect, letter, height float32) {
	var widths [6]float32
	for i, at := range grid {
		widths[at[0]] = max(widths[at[0]], float32(len(boxName(i)))*letter+2*ui.Space1)
	}
	gap := r.W
	for _, w := range widths {
		gap -= w
	}
	gap = max(gap/5, 4)
	pitch := (r.H - height) / 2
	for i, at := range grid {
		x := r.X
		for k := range at[0] {
			x += widths[k] + gap
		}
		b[i] = ui.R(x, r.Y+float32(at[1])*pitch, widths[at[0]], height)
	}
}

// visits says which transitions a path of states takes, and which box it is in.
func visits(path []tcp.State) (taken [len(transitions)]bool, box int) {
	for i := 1; i < len(path); i++ {
		if k := slices.Index(transitions[:], transition{path[i-1], path[i]}); k >= 0 {
			taken[k] = true
		}
	}
	box = int(path[len(path)-1])
	if box == int(tcp.Closed) && len(path) > 1 {
		box = ended
	}
	return taken, box
}

// target returns the box that a transition leads to.
func (t transition) target() int {
	if t.to == tcp.Closed {
		return ended
	}
	return int(t.to)
}

// leastMachine is the height below which the state machine scrolls.
const leastMachine = 136

// machine draws the state machine with the way that both ends have taken.
func (d *Connection) machine(u *ui.UI, r ui.Rect, m *Model) {
	u.ScrollArea(r, "machine", m.Say("view.part_states"), func(in ui.Rect) float32 {
		in.H = max(r.H, u.Grow(leastMachine))
		d.states(u, in, m)
		return in.H
	})
}

// stateStyle is the largest in which all columns of boxes fit into a width.
func stateStyle(u *ui.UI, width float32) ui.Style {
	const letters, gaps = 53, 5*14 + 12*ui.Space1 // of the longest names of each column
	style := ui.CodeTiny
	fits := (width - gaps) / letters / u.Width("0", style) * style.Size
	style.Size = max(8.5, min(style.Size, float32(int(2*fits))/2))
	return style
}

func (d *Connection) states(u *ui.UI, r ui.Rect, m *Model) {
	in := r.InsetXY(ui.Space4, ui.Space3)
	in.CutTop(ui.Space1) // the marks of the ends reach beyond the boxes
	in = in.Center(min(in.W, u.Grow(760)), min(in.H, u.Grow(230)))
	var b boxes
	d.style = stateStyle(u, in.W)
	b.layOut(in, u.Width("0", d.style), min(u.Grow(26), in.H/3.6))
	var taken [2][len(transitions)]bool
	var at [2]int
	for i := range d.ends {
		taken[i], at[i] = visits(d.ends[i].path)
		if d.ends[i].unknown() {
			at[i] = -1
		}
	}
	for k := range transitions {
		if !taken[0][k] && !taken[1][k] {
			b.arrow(u, k, 0, 1, false, u.Theme.LineStrong)
		}
	}
	for k := range transitions {
		both := float32(0)
		if taken[0][k] && taken[1][k] {
			both = 2.5
		}
		if taken[0][k] {
			b.arrow(u, k, -both, 2, false, u.Theme.Text)
		}
		if taken[1][k] {
			b.arrow(u, k, both, 2, true, u.Theme.Text)
		}
	}
	for i := range b {
		d.box(u, &b, i, at, m)
	}
	d.eventWords(u, r.Inset(2), &b, &taken)
}

// eventWords writes at the arrows what makes the transition, where there is
// room; at those that were taken first.
func (d *Connection) eventWords(u *ui.UI, area ui.Rect, b *boxes, taken *[2][len(transitions)]bool) {
	t := &u.Theme
	d.labels = append(d.labels[:0], b[:]...)
	for _, gone := range [...]bool{true, false} {
		for k := range transitions {
			if (taken[0][k] || taken[1][k]) != gone || transitions[k] == aroundClosed {
				continue
			}
			x0, y0, x1, y1 := b.line(k)
			w, h := u.Width(events[k], ui.CodeTiny)+4, u.LineHeight(ui.CodeTiny)
			x, y := (x0+x1)/2, (y0+y1)/2
			r := ui.R(x-w/2, y-h/2, w, h)
			room := abs(y1-y0) >= h+24 || abs(x1-x0) >= w+60
			if flat := abs(y1-y0) < 1; flat {
				r.Y -= h/2 + 4
				room = abs(x1-x0) >= w+16
			}
			r = r.Within(area)
			if !room || slices.ContainsFunc(d.labels, func(o ui.Rect) bool { return !o.Intersect(r).Empty() }) {
				continue
			}
			d.labels = append(d.labels, r)
			ink := t.Dim
			if gone {
				ink = t.Text
			}
			u.RoundFill(r, 3, t.Panel.Alpha(0.9))
			u.TextIn(r, events[k], ui.CodeTiny, ui.Middle, ink)
		}
	}
}

// aroundClosed is the one arrow that has a box in its way.
var aroundClosed = transition{tcp.Listen, tcp.SynSent}

// line returns the ends of a transition's arrow, at the edges of its boxes.
func (b *boxes) line(k int) (x0, y0, x1, y1 float32) {
	from, to := b[transitions[k].from], b[transitions[k].target()]
	ax, ay := from.Mid()
	bx, by := to.Mid()
	x0, y0 = leave(from, bx-ax, by-ay)
	x1, y1 = leave(to, ax-bx, ay-by)
	return x0, y0, x1, y1
}

// leave returns where a ray from the middle of r crosses its edge.
func leave(r ui.Rect, dx, dy float32) (x, y float32) {
	x, y = r.Mid()
	k := float32(1e9)
	if dx != 0 {
		k = min(k, r.W/2/abs(dx))
	}
	if dy != 0 {
		k = min(k, r.H/2/abs(dy))
	}
	return x + dx*k, y + dy*k
}

// arrow draws a transition, moved aside by some pixels; that from LISTEN to
// SYN_SENT goes around CLOSED, which stands between them.
func (b *boxes) arrow(u *ui.UI, k int, aside, width float32, dashed bool, c ui.Color) {
	stroke := func(x0, y0, x1, y1 float32) {
		if dashed {
			u.Dash(x0, y0, x1, y1, width, 5, 3, 0, c)
			return
		}
		u.Line(x0, y0, x1, y1, width, c)
	}
	size := 5 + width
	if transitions[k] == aroundClosed {
		from, to := b[tcp.Listen], b[tcp.SynSent]
		x, y0, y1 := from.X-ui.Space2+aside, from.Y+from.H/2, to.Y+to.H/2
		stroke(from.X, y0, x, y0)
		stroke(x, y0, x, y1)
		stroke(x, y1, to.X-size+1, y1)
		u.ArrowHead(to.X, y1, x, y1, size, c)
		return
	}
	x0, y0, x1, y1 := b.line(k)
	dx, dy := x1-x0, y1-y0
	n := max(float32(math.Hypot(float64(dx), float64(dy))), 1)
	dx, dy = dx/n, dy/n
	x0, x1, y0, y1 = x0-dy*aside, x1-dy*aside, y0+dx*aside, y1+dx*aside
	stroke(x0, y0, x1-dx*(size-1), y1-dy*(size-1))
	u.ArrowHead(x1, y1, x0, y0, size, c)
}

// box draws a state, and who is in it.
func (d *Connection) box(u *ui.UI, b *boxes, i int, at [2]int, m *Model) {
	t, r, state := &u.Theme, b[i], tcp.State(i)
	if i == ended {
		state = tcp.Closed
	}
	here := at[0] == i || at[1] == i
	who := ""
	for k := range d.ends {
		if at[k] == i {
			who += d.ends[k].name + " "
		}
	}
	id := state.String()
	if i == ended {
		id += "-end"
	}
	it := u.Node(ui.Spec{ID: id, Rect: r, Role: ui.RoleButton, Name: state.String(), Value: who, Actions: ui.CanPress})
	if it.Clicked {
		d.entered(i, m)
	}
	ground, edge, ink, style := t.Panel, t.LineStrong, t.Dim, d.style
	if d.been(i) {
		edge, ink = t.Dim, t.Text
	}
	if here {
		c := StateColor(t, state)
		ground, edge, ink, style = t.Tint(c), c, t.OnTint(c), d.style.Bold()
	}
	if it.Hover {
		ground = ground.Mix(t.Text, 0.06)
	}
	u.RoundFill(r, ui.RadiusSmall, ground)
	u.RoundStroke(r, ui.RadiusSmall, 0, edge)
	if here {
		u.RoundStroke(r, ui.RadiusSmall, 1.5, edge)
	}
	u.TextIn(r.InsetXY(1, 0), state.String(), style, ui.Middle, ink)
	size := u.Grow(16)
	if at[0] == i {
		d.badge(u, ui.R(r.X-size*0.4, r.Y-size*0.6, size, size), 0)
	}
	if at[1] == i {
		d.badge(u, ui.R(r.Right()-size*0.6, r.Y-size*0.6, size, size), 1)
	}
	u.Tooltip(it, m.Say("state."+state.String()), "")
}

// entered selects the packet that led an end into a box, last if there are two.
func (d *Connection) entered(box int, m *Model) {
	best := int32(-1)
	var of *connEnd
	for i := range d.ends {
		s := &d.ends[i]
		for k := range s.upTo {
			state, ok := m.Lab.Log.Value(int(s.end.changes[k]), event.VarState)
			if ok && (int(state) == box || state == uint32(tcp.Closed) && box == ended) && s.end.changes[k] > best {
				best, of = s.end.changes[k], s.end
			}
		}
	}
	if best < 0 {
		return
	}
	if crossing, ok := of.packetOf(m.Lab, int(best)); ok {
		m.Select(int64(crossing))
	}
}

// been says whether an end went through a box.
func (d *Connection) been(box int) bool {
	for i := range d.ends {
		path := d.ends[i].path
		for k, s := range path {
			if int(s) == box && (s != tcp.Closed || k == 0) {
				return true
			}
		}
	}
	return false
}
