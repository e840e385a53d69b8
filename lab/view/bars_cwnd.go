package view

import (
	"wirelab/lab/ui"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

// What the congestion window is to the bars: it cuts what the peer's window still admits into what may be sent now and what must
// wait for ACKs.

// unlimited is how far a sender may go that has no congestion window.
const unlimited = 1 << 62

// cwndReach returns the first number that the congestion window does not let out now. What counts against it is the pipe, in
// segments: what may still be on its way. What was SACKed or is taken for lost takes no room, so in recovery this is not SND.UNA
// and cwnd, as it is while nothing is missing and all segments are full. Where the pipe is larger, the reach lies in what was sent.
func cwndReach(v *event.Vars, iss, quirks uint32) int64 {
	cwnd := cwndSegments(v, quirks)
	if cwnd == unlimited {
		return unlimited
	}
	una := int64(v[event.VarSndUna] - iss)
	next := una + int64(v[event.VarSndNxt]-v[event.VarSndUna])
	return max(una, next+(cwnd-int64(v[event.VarFlight]))*int64(v[event.VarMSS]))
}

// cwndSegments is the congestion window as a host obeys it.
func cwndSegments(v *event.Vars, quirks uint32) int64 {
	switch {
	case quirks&tcp.QuirkStopAndWait != 0:
		return 1
	case quirks&tcp.QuirkNoCongestionControl != 0:
		return unlimited
	}
	return int64(v[event.VarCwnd])
}

// cwndMark is where the bar of the sender shows the reach of the congestion window.
type cwndMark struct {
	at   int64 // -1: nowhere
	past bool  // it lies beyond the bar, which only points there
	tip  string
}

// sayOfReach says how the reach came about.
func sayOfReach(v *event.Vars, at int64, quirks uint32, m *Model) string {
	n := func(x int64) string { return thousands(uint64(x)) }
	return m.Say("view.cwnd_tick", n(at), n(cwndSegments(v, quirks)), n(int64(v[event.VarFlight])), n(int64(v[event.VarMSS])))
}

// open says that the sender may send more some time.
func (w *windowBars) open() bool {
	n := len(w.send)
	return n > 0 && w.send[n-1].kind == spanBeyond
}

// fit lays both bars and the mark out. A mark beyond all that is known would take room from what is: it is pointed at.
func (w *windowBars) fit(width, least float32, m *Model) {
	end := int64(0)
	for _, bar := range [...][]span{w.send, w.recv} {
		if n := len(bar); n > 0 {
			end = max(end, bar[n-1].from)
		}
	}
	if w.cwnd.past = w.cwnd.at > end; w.cwnd.past {
		w.cwnd.tip += "\n" + m.Say("view.cwnd_past")
	}
	if w.cwnd.at < 0 || w.cwnd.past {
		w.scale.fit(width, least, w.send, w.recv)
		return
	}
	w.scale.fit(width, least, w.send, w.recv, []span{{w.cwnd.at, w.cwnd.at, spanUsable}})
}

// markPlace returns what the mark takes of the line above the bar, and where its word begins; bare, it has none.
func (w *windowBars) markPlace(u *ui.UI, line ui.Rect, left float32, bare bool) (box ui.Rect, word float32) {
	if w.cwnd.at < 0 {
		return ui.Rect{}, -1
	}
	const half = 4
	wide := u.Width("cwnd", ui.CodeTiny)
	if w.cwnd.past {
		box = line.CutRight(2 * half)
		if bare {
			return box, -1
		}
		return ui.R(box.X-wide-half, box.Y, wide+3*half, box.H), box.X - wide - half
	}
	x := left + w.scale.x(w.cwnd.at)
	box = ui.R(x-half, line.Y, 2*half, line.H)
	switch {
	case bare:
		return box, -1
	case x+6+wide <= line.Right():
		return ui.R(box.X, box.Y, half+6+wide, box.H), x + 6
	case x-6-wide >= line.X:
		return ui.R(x-6-wide, box.Y, half+6+wide, box.H), x - 6 - wide
	}
	return box, -1
}

// mark draws how far the congestion window reaches, above the bar.
func (w *windowBars) mark(u *ui.UI, box ui.Rect, left, word float32) {
	if w.cwnd.at < 0 {
		return
	}
	t := &u.Theme
	if w.cwnd.past {
		x, y := box.Right()-7, box.Y+box.H/2
		u.Poly([]ui.Point{{X: x, Y: y - 4}, {X: x + 6, Y: y}, {X: x, Y: y + 4}}, t.Text)
	} else {
		x, y := left+w.scale.x(w.cwnd.at), box.Bottom()
		u.Poly([]ui.Point{{X: x - 4, Y: y - 6}, {X: x + 4, Y: y - 6}, {X: x, Y: y}}, t.Text)
	}
	if word >= 0 {
		u.Text(word, box.Y, "cwnd", ui.CodeTiny, t.Text)
	}
	it := u.Node(ui.Spec{ID: "cwnd", Rect: box, Role: ui.RoleText, Name: "cwnd", Value: w.cwnd.tip, Actions: ui.CanFocus})
	u.Tooltip(it, w.cwnd.tip, "")
}

// roomWords is an entry of the key above a bar: bytes of the peer's window.
type roomWords struct {
	kind         spanKind // whose look it has
	name, number string
	tip          string
}

// sum counts what may be sent now, and what only the congestion window holds back.
func (w *windowBars) sum(m *Model) {
	may, held := int64(0), int64(0)
	look := [2]spanKind{spanUsable, spanShut}
	for _, s := range w.send {
		switch s.kind {
		case spanQueued:
			look[0] = spanQueued
			may += s.to - s.from
		case spanUsable:
			may += s.to - s.from
		case spanHeld:
			look[1] = spanHeld
			held += s.to - s.from
		case spanShut:
			held += s.to - s.from
		}
	}
	for i, n := range [...]int64{may, held} {
		name, number := m.Say("span."+[...]string{"usable", "shut"}[i]), thousands(uint64(n))
		w.room[i] = roomWords{look[i], name + " " + number, number, m.Say("view." + [...]string{"room_now", "room_held"}[i])}
	}
}

// head marks above a bar where the congestion window reaches, and says how many bytes of the peer's window may be sent now, and
// how many the congestion window holds back: with names where they fit; else the numbers, at last without a word at the mark.
func (w *windowBars) head(u *ui.UI, line ui.Rect, left float32) {
	for _, how := range [...]struct{ short, bare bool }{{false, false}, {true, false}, {true, true}} {
		mark, word := w.markPlace(u, line, left, how.bare)
		if at, ok := w.placeKey(u, line, mark, how.short); ok && w.open() {
			w.mark(u, mark, left, word)
			for i := range at {
				w.room[i].draw(u, at[i], [...]string{"now", "held"}[i], how.short)
			}
			return
		}
	}
	mark, word := w.markPlace(u, line, left, false)
	w.mark(u, mark, left, word)
}

// said is what an entry shows.
func (k *roomWords) said(short bool) string {
	if short {
		return k.number
	}
	return k.name
}

// swatch is how wide the sample of a look is.
const swatch = 14

// placeKey finds places for the entries left and right of the mark.
func (w *windowBars) placeKey(u *ui.UI, line, mark ui.Rect, short bool) (at [2]ui.Rect, ok bool) {
	right := line
	left := line
	if mark.W > 0 {
		left = right.CutLeft(mark.X - ui.Space2 - line.X)
		right.CutLeft(mark.W + 2*ui.Space2)
	}
	for i := range at {
		width := swatch + ui.Space1 + u.Width(w.room[i].said(short), ui.Tiny) + 1
		from := &left
		if width > from.W {
			from = &right
		}
		if width > from.W {
			return at, false
		}
		at[i] = from.CutLeft(width)
		from.CutLeft(ui.Space3)
		if from == &right {
			left = ui.Rect{} // in order
		}
	}
	return at, true
}

func (k *roomWords) draw(u *ui.UI, r ui.Rect, id string, short bool) {
	it := u.Node(ui.Spec{ID: id, Rect: r, Role: ui.RoleText, Name: k.name, Value: k.tip, Actions: ui.CanFocus})
	u.Tooltip(it, k.tip, "")
	box := r.CutLeft(swatch)
	k.kind.fill(u, box.Center(box.W, min(box.H, 10)))
	r.CutLeft(ui.Space1)
	u.Text(r.X, r.Y, k.said(short), ui.Tiny, u.Theme.Text)
}

// hatch fills a box with slanted strokes: what is held back must show without colours.
func hatch(u *ui.UI, r ui.Rect, c ui.Color) {
	r = r.Inset(1)
	step := u.Grow(6)
	for x := r.X - r.H + step/2; x < r.Right(); x += step {
		from, to := max(x, r.X), min(x+r.H, r.Right())
		u.Butt(from, r.Bottom()-(from-x), to, r.Bottom()-(to-x), 1, c)
	}
}

// plate keeps the strokes of a hatched span off the words on it.
func (k spanKind) plate(u *ui.UI, r ui.Rect) {
	switch t := &u.Theme; k {
	case spanHeld:
		u.RoundFill(r, 2, t.Tint(t.Data))
	case spanShut:
		u.RoundFill(r, 2, t.Raised)
	}
}
