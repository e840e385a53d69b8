package view

import (
	"slices"

	"wirelab/lab/ui"
	"wirelab/stack/tcp"
)

// The figure of the state machine: which arrows there are, and where its boxes
// stand.

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

// aroundClosed is the one arrow that has a box in its way.
var aroundClosed = transition{tcp.Listen, tcp.SynSent}
