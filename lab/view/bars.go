package view

import (
	"fmt"

	"wirelab/lab/ui"
	"wirelab/lab/words"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

// windowBars is one direction of a connection: the sender's bar above the
// receiver's, on one scale, so that what is under way shows as the difference.
type windowBars struct {
	of         barsKey
	scale      seqScale
	send, recv []span
	early      []span
	pieces     []span
	said       [2][]spanWords
	title      string
	cwnd       cwndMark
	room       [2]roomWords // what may be sent now, and what only the congestion window holds back
}

// barsKey is what a direction's picture depends on.
type barsKey struct {
	from, to         *connEnd
	fromUpTo, toUpTo int
	edge             int64
	early            int
	quirks           uint32
	lang             words.Lang
	width            float32
}

// spanWords is what is said of a span: in it, the first that fits, and of it.
type spanWords struct {
	labels [3]string
	tip    string
}

// The height of a bar, and what it shrinks to where there is little room.
const barHeight, leastBar = 20, 16

// directionHeight is that of a direction without its two bars.
func directionHeight(u *ui.UI) float32 { return u.LineHeight(ui.Tiny) + ui.Space1 + ui.Space2 }

// windowsHeight is what both directions take with bars of a height.
func windowsHeight(u *ui.UI, bar float32) float32 {
	return 2*(directionHeight(u)+2*u.Grow(bar)) + ui.Space2 + ui.Space1
}

// drawWindows draws both directions, and scrolls if they do not fit.
func (d *Connection) drawWindows(u *ui.UI, r ui.Rect, m *Model) {
	if d.ends[1].unknown() {
		u.Paragraph(r.InsetXY(ui.Space4, ui.Space3), m.nothingYet("view.connection_none"), ui.Body, u.Theme.Dim)
		return
	}
	bar := (r.H - windowsHeight(u, 0)) / 4 / u.Grow(1)
	bar = min(max(bar, leastBar), barHeight)
	u.ScrollArea(r, "windows", m.Say("view.part_windows"), func(in ui.Rect) float32 {
		in.H = windowsHeight(u, bar)
		in = in.InsetXY(ui.Space3, 0)
		in.CutTop(ui.Space2)
		for i := range d.windows {
			d.direction(u, in.CutTop(directionHeight(u)+2*u.Grow(bar)), i, u.Grow(bar), m)
		}
		return windowsHeight(u, bar)
	})
}

// direction draws what end i sends to the other.
func (d *Connection) direction(u *ui.UI, r ui.Rect, i int, height float32, m *Model) {
	t, w := &u.Theme, &d.windows[i]
	from, to := &d.ends[i], &d.ends[1-i]
	gutter := u.Grow(24)
	w.update(from, to, r.W-gutter, u.Grow(66), m)
	title := r.CutTop(u.LineHeight(ui.Tiny))
	u.Enter(ui.Spec{ID: [...]string{"forth", "back"}[i], Rect: r, Role: ui.RoleGroup, Name: w.title})
	defer u.Leave()
	title.CutLeft(gutter)
	used := u.TextIn(title, w.title, ui.Tiny, ui.Left, t.Dim)
	title.CutLeft(used + ui.Space3)
	w.head(u, title, r.X+gutter)
	for k, bar := range [...][]span{w.send, w.recv} {
		line := r.CutTop(height)
		r.CutTop(ui.Space1)
		end := i ^ k
		d.badge(u, line.CutLeft(gutter).Center(u.Grow(16), u.Grow(16)), end)
		if len(bar) == 0 {
			u.RoundDash(line.Inset(0.5), 3, 1, 4, 4, t.LineStrong)
			u.TextIn(line, m.Say("view.not_yet"), ui.Tiny, ui.Middle, t.Dim)
			continue
		}
		if number := w.bar(u, line, k, bar); number >= 0 && from.end != nil {
			if crossing, ok := from.end.carrier(m.Lab, number, m.Now()); ok {
				m.Select(int64(crossing))
			}
		}
	}
}

// update works out the bars if anything changed.
func (w *windowBars) update(from, to *shownEnd, width, least float32, m *Model) {
	var c *tcp.Conn
	key := barsKey{from: from.end, to: to.end, fromUpTo: from.upTo, toUpTo: to.upTo, lang: m.Lang, width: width}
	if to.end != nil {
		if c = to.end.live(m.Lab); c != nil {
			key.edge, key.early = int64(c.RcvWup+c.RcvWnd), c.OutOfOrder.Len()
		}
	}
	if from.end != nil {
		key.quirks = m.Lab.Host(from.host).Conf.Quirks
	}
	if key == w.of && w.title != "" {
		return
	}
	w.of = key
	w.title = from.name + " → " + to.name
	w.send, w.recv, w.cwnd = w.send[:0], w.recv[:0], cwndMark{at: -1}
	if from.end != nil && from.upTo > 0 {
		at := cwndReach(&from.vars, from.end.iss, key.quirks)
		w.pieces = w.pieces[:0]
		if c := from.end.live(m.Lab); c != nil && c.SndUna == from.vars[event.VarSndUna] && c.SndNxt == from.vars[event.VarSndNxt] {
			w.pieces = sentPieces(w.pieces, c, int64(c.SndUna-from.end.iss))
		}
		w.send = sendSpans(w.send, &from.vars, from.end.iss, at, w.pieces, from.went(tcp.LastAck, tcp.TimeWait))
		if w.open() && at < unlimited {
			w.cwnd = cwndMark{at: at, tip: sayOfReach(&from.vars, at, key.quirks, m)}
		}
	}
	if to.end != nil && to.upTo > 0 && to.end.synced {
		r := receiverOf(w.early, &to.vars, to.end.irs, c, to.went(tcp.CloseWait, tcp.Closing, tcp.TimeWait))
		w.early = r.early
		w.recv = recvSpans(w.recv, &r)
	}
	align(w.send, w.recv)
	w.fit(width, least, m)
	w.sum(m)
	for k, bar := range [...][]span{w.send, w.recv} {
		w.said[k] = w.said[k][:0]
		for _, s := range bar {
			w.said[k] = append(w.said[k], sayOfSpan(s, m))
		}
	}
}

// align lets both bars end at the same number.
func align(bars ...[]span) {
	end := int64(0)
	for _, bar := range bars {
		if n := len(bar); n > 0 {
			end = max(end, bar[n-1].to)
		}
	}
	for _, bar := range bars {
		if n := len(bar); n > 0 {
			bar[n-1].to = end
		}
	}
}

// spanKeys are the names of the kinds in the word catalogues, behind "span.".
var spanKeys = [spanKinds]string{"acked", "flight", "syn", "fin", "queued", "usable", "held", "shut", "blocked", "beyond", "read", "buffered", "window", "early", "outside", "over", "sacked", "lost", "again"}

func sayOfSpan(s span, m *Model) spanWords {
	name := m.Say("span." + spanKeys[s.kind])
	var w spanWords
	switch bytes := seqRange(s.from, s.to); {
	case s.kind == spanSyn || s.kind == spanFin || s.kind == spanBeyond || s.kind == spanOutside || s.kind == spanOver:
		w.labels = [3]string{name}
	case s.to == 1:
		w.labels = [3]string{name + " SYN", "SYN"}
	case s.kind == spanQueued || s.kind == spanUsable || s.kind == spanHeld || s.kind == spanShut || s.kind == spanWindow:
		room := thousands(uint64(s.to - s.from))
		w.labels = [3]string{name + " " + room, room, name}
	case s.kind == spanAcked || s.kind == spanRead:
		w.labels = [3]string{name + " " + bytes, name, bytes}
	default:
		w.labels = [3]string{name + " " + bytes, bytes, name}
	}
	w.tip = m.Say("span." + spanKeys[s.kind] + ".about")
	if s.kind != spanBeyond && s.kind != spanOutside && s.kind != spanOver {
		w.tip += "\n" + m.Say("view.seq_range", seqRange(s.from, s.to), thousands(uint64(s.to-first(s.from, s.to))))
	}
	return w
}

// seqRange writes a stretch of sequence numbers. Number 0 is the SYN, which is
// not worth a mention once there is data.
func seqRange(from, to int64) string {
	from = first(from, to)
	if to-from == 1 {
		return fmt.Sprint(from)
	}
	return fmt.Sprintf("%d–%d", from, to-1)
}

// first is the number with which a stretch begins that is worth a mention.
func first(from, to int64) int64 {
	if from == 0 && to > 1 {
		return 1
	}
	return from
}

// bar draws the spans of an end and returns the sequence number that was
// pressed, or -1.
func (w *windowBars) bar(u *ui.UI, r ui.Rect, k int, bar []span) (pressed int64) {
	pressed = -1
	u.Enter(ui.Spec{ID: [...]string{"send", "receive"}[k], Rect: r, Role: ui.RoleGroup})
	defer u.Leave()
	for i, s := range bar {
		x0, x1 := w.scale.x(s.from), w.scale.x(s.to)
		cell := ui.R(r.X+x0, r.Y, x1-x0-1, r.H)
		said := &w.said[k][i]
		it := u.Node(ui.Spec{Index: i + 1, Rect: cell, Role: ui.RoleButton, Name: said.labels[0], Value: said.tip, Actions: ui.CanPress})
		ink := s.kind.fill(u, cell)
		for _, words := range said.labels {
			if words != "" && u.Width(words, ui.CodeTiny)+4 <= cell.W {
				s.kind.plate(u, cell.Center(u.Width(words, ui.CodeTiny)+4, cell.H-4))
				u.TextIn(cell, words, ui.CodeTiny, ui.Middle, ink)
				break
			}
		}
		if it.Hover {
			u.RoundStroke(cell, 3, 0, u.Theme.Text)
		}
		u.Tooltip(it, said.tip, "")
		if it.Clicked {
			pressed = max(s.from, min(w.scale.at(it.X-r.X), s.to-1))
		}
	}
	return pressed
}

// fill paints the ground of a span and returns the colour of words on it.
func (k spanKind) fill(u *ui.UI, r ui.Rect) ui.Color {
	t := &u.Theme
	solid := func(c ui.Color) ui.Color {
		u.RoundFill(r, 3, t.Block(c))
		return t.On(t.Block(c))
	}
	switch k {
	case spanAcked, spanRead:
		u.RoundFill(r, 3, t.Tint(t.Ok))
		return t.OnTint(t.Ok)
	case spanFlight:
		return solid(t.Data)
	case spanAgain:
		ink := solid(t.Data)
		u.RoundDash(r.Inset(1.5), 3, 1.5, 5, 3, ink)
		return ink
	case spanSacked:
		u.RoundFill(r, 3, t.Tint(t.Ok))
		u.RoundStroke(r, 3, 1, t.Ok)
		return t.OnTint(t.Ok)
	case spanLost:
		u.RoundFill(r, 3, t.Tint(t.Rst))
		hatch(u, r, t.Rst.Alpha(0.45))
		u.RoundStroke(r, 3, 1, t.Rst)
		return t.OnTint(t.Rst)
	case spanSyn:
		return solid(t.Syn)
	case spanFin:
		return solid(t.Fin)
	case spanBuffered:
		return solid(t.Ok)
	case spanEarly:
		return solid(t.Warn)
	case spanQueued:
		u.RoundFill(r, 3, t.Tint(t.Data))
		u.RoundStroke(r, 3, 0, t.Data)
		return t.OnTint(t.Data)
	case spanHeld:
		u.RoundFill(r, 3, t.Tint(t.Data))
		hatch(u, r, t.Data.Alpha(0.45))
		u.RoundDash(r, 3, 1, 4, 3, t.Data)
		return t.OnTint(t.Data)
	case spanShut:
		u.RoundFill(r, 3, t.Raised)
		hatch(u, r, t.Dim.Alpha(0.5))
		u.RoundDash(r, 3, 1, 4, 3, t.Dim)
		return t.Text
	case spanBlocked:
		u.RoundFill(r, 3, t.Tint(t.Warn))
		u.RoundDash(r, 3, 1, 4, 3, t.Warn)
		return t.OnTint(t.Warn)
	case spanUsable:
		u.RoundFill(r, 3, t.Raised.Mix(t.LineStrong, 0.3))
		u.RoundStroke(r, 3, 0, t.Dim)
		return t.Text
	case spanBeyond, spanOutside, spanOver:
		u.RoundDash(r, 3, 1, 3, 3, t.LineStrong)
		return t.Dim
	}
	u.RoundFill(r, 3, t.Raised.Mix(t.LineStrong, 0.3))
	return t.Text
}
