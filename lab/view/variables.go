package view

import (
	"fmt"
	"strconv"

	"wirelab/lab/ui"
	"wirelab/lab/words"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

// table is the variables of both ends, each with what last changed it. The
// words of a cell are written when its value changes.
type table struct {
	cells    [event.NVars][2]cell
	names    [event.NVars]rowName
	selected int
	begun    bool
}

type cell struct {
	of              cellKey
	value, why, tip string
	crossing        int64    // the packet that changed it, -1: none
	fresh           bool     // changed by the newest record
	spark           []uint32 // its last values, the oldest first
}

type cellKey struct {
	end   *connEnd
	value uint32
	last  int32
	fresh bool
	lang  words.Lang
}

// varNames are the names of RFC 9293, RFC 5681, RFC 6298 and, of what may be on its way, of RFC 6675; the rest are ours.
var varNames = [event.NVars]string{"state", "SND.UNA", "SND.NXT", "SND.WND", "RCV.NXT", "RCV.WND", "cwnd", "ssthresh", "pipe",
	"SRTT", "RTTVAR", "RTO", "backoff", "MSS", "ca_state", "sndq", "rcvq", "ofo",
	"ISS", "IRS", "SND.WL1", "SND.UP", "snd_wscale", "rcv_wscale", "sacked_out", "lost_out", "retrans_out", "recover", "reordering"}

// varOrder is the order of the rows.
var varOrder = [event.NVars]event.Var{event.VarState, event.VarSndUna, event.VarSndNxt, event.VarSndWnd, event.VarRcvNxt, event.VarRcvWnd,
	event.VarCwnd, event.VarSsthresh, event.VarFlight, event.VarCAState, event.VarSRTT, event.VarRTTVar, event.VarRTO, event.VarBackoff,
	event.VarMSS, event.VarSndQueued, event.VarRcvQueued, event.VarOutOfOrder,
	event.VarSacked, event.VarLost, event.VarRetrans, event.VarRecover, event.VarReordering,
	event.VarISS, event.VarIRS, event.VarSndWl1, event.VarSndUp, event.VarSndScale, event.VarRcvScale}

// varWords writes a value as people read it; sequence numbers count from the
// initial one of their direction.
func varWords(v event.Var, x, iss, irs uint32) string {
	switch v {
	case event.VarState:
		return tcp.State(x).String()
	case event.VarSndUna, event.VarSndNxt:
		return thousands(uint64(x - iss))
	case event.VarSndUp, event.VarRecover:
		if x == 0 {
			return "–" // there is none yet
		}
		return thousands(uint64(x - iss))
	case event.VarRcvNxt:
		return thousands(uint64(x - irs))
	case event.VarSndWl1:
		if x == 0 {
			return "–"
		}
		return thousands(uint64(x - irs))
	case event.VarISS, event.VarIRS: // as they are: all others count from them
		return strconv.FormatUint(uint64(x), 10)
	case event.VarSRTT, event.VarRTTVar:
		if x == 0 {
			return "–"
		}
		return Span(int64(x) * 1000)
	case event.VarRTO:
		return Span(int64(x) * 1000)
	case event.VarSsthresh:
		if x >= 0x7fffffff {
			return "∞"
		}
	case event.VarCAState:
		return tcp.CAState(x).String()
	}
	return thousands(uint64(x))
}

// variables draws the table. Choosing a row selects the packet that changed it.
func (d *Connection) variables(u *ui.UI, r ui.Rect, m *Model) {
	if !d.table.begun {
		d.table.begun, d.table.selected = true, -1
	}
	name := u.Width("retrans_out", ui.CodeSmall) + 2*ui.Space3
	height := u.Grow(22)
	if r.H > 5*height {
		d.tableHead(u, r.CutTop(height), name)
	}
	out := u.List(r, "variables", m.Say("view.part_variables"), len(varOrder), height, &d.table.selected, func(row ui.Row) string {
		return d.tableRow(u, row, name, m)
	})
	if out.Clicked >= 0 {
		x, half := u.Input.X, r.X+name+(r.W-name)/2
		end := 0
		if x > half {
			end = 1
		}
		if c := &d.table.cells[varOrder[out.Clicked]][end]; c.crossing >= 0 {
			m.Select(c.crossing)
		}
	}
}

func (d *Connection) tableHead(u *ui.UI, r ui.Rect, name float32) {
	u.HLine(r.X, r.Bottom()-u.Pixel(), r.W, u.Theme.Line)
	r.CutLeft(name)
	for i, half := range halves(r) {
		if d.ends[i].unknown() {
			continue
		}
		half.CutLeft(ui.Space2)
		d.badge(u, half.CutLeft(u.Grow(14)).Center(u.Grow(14), u.Grow(14)), i)
		half.CutLeft(ui.Space1)
		if d.ends[i].name != d.ends[i].letter {
			u.TextIn(half, d.ends[i].name, ui.Tiny, ui.Left, u.Theme.Dim)
		}
	}
}

func halves(r ui.Rect) [2]ui.Rect {
	left := r.CutLeft(r.W / 2)
	return [2]ui.Rect{left, r}
}

func (d *Connection) tableRow(u *ui.UI, row ui.Row, name float32, m *Model) string {
	t, v := &u.Theme, varOrder[row.Index]
	r := row.Rect
	u.HLine(r.X, r.Bottom()-u.Pixel(), r.W, t.Line.Alpha(0.6))
	u.TextIn(r.CutLeft(name).InsetXY(ui.Space3, 0), varNames[v], ui.CodeSmall, ui.Left, t.Dim)
	tip, over := "", -1
	var cells [2]*cell
	for i, half := range halves(r) {
		c := d.cell(v, i, m)
		cells[i] = c
		u.VLine(half.X, half.Y, half.H, t.Line.Alpha(0.6))
		half = half.InsetXY(ui.Space2, 0)
		value := half.CutLeft(min(max(u.Width(c.value, ui.CodeSmall), u.Grow(54)), half.W))
		ink := t.Text
		if d.ends[i].end == nil || d.ends[i].upTo == 0 {
			ink = t.Dim
		}
		if c.fresh {
			mark := ui.R(value.X-ui.Space2+2, value.Y+3, 2, value.H-6)
			u.RoundFill(mark, 1, t.Focus)
		}
		u.TextIn(value, c.value, ui.CodeSmall, ui.Left, ink)
		half.CutLeft(ui.Space2)
		if half.W > u.Grow(150) {
			sparkline(u, half.CutRight(u.Grow(52)).InsetXY(ui.Space1, 4), c.spark)
		}
		if half.W >= u.Grow(48) { // else it would be dots
			u.TextIn(half, c.why, ui.Tiny, ui.Left, t.Dim)
		}
		if row.Hover && row.Item.X >= half.X-value.W-2*ui.Space2 {
			over = i
		}
	}
	if row.Hover {
		if tip = m.Say("var." + varNames[v]); over >= 0 {
			tip += "\n" + cells[over].tip
		}
		u.Tooltip(row.Item, tip, "")
	}
	return d.table.names[v].of(v, cells)
}

// rowName is what a row is called, and the cells that it was put together of.
type rowName struct {
	from  [2]cellKey
	words string
}

func (n *rowName) of(v event.Var, cells [2]*cell) string {
	if from := [2]cellKey{cells[0].of, cells[1].of}; n.words == "" || n.from != from {
		n.from, n.words = from, varNames[v]
		for _, c := range cells {
			n.words += " " + c.value + " " + c.why
		}
	}
	return n.words
}

// cell returns the words of a variable of an end, written anew if it changed.
func (d *Connection) cell(v event.Var, i int, m *Model) *cell {
	c, s := &d.table.cells[v][i], &d.ends[i]
	key := cellKey{end: s.end, last: -1, lang: m.Lang}
	if s.end != nil {
		key.value, key.last = s.vars[v], s.last[v]
		key.fresh = s.upTo > 0 && key.last == s.end.changes[s.upTo-1]
	}
	if c.of == key && c.tip != "" {
		return c
	}
	*c = cell{of: key, value: "–", crossing: -1, tip: m.Say("view.not_yet"), fresh: key.fresh, spark: c.spark[:0]}
	if s.end == nil {
		return c
	}
	c.value = varWords(v, key.value, s.end.iss, s.end.irs)
	if key.last < 0 {
		c.why, c.tip = m.Say("view.var_initial"), s.name+": "+m.Say("view.var_initial")
		return c
	}
	c.spark = s.end.lastValues(c.spark, m.Lab, v, s.upTo)
	change := m.Lab.Log.At(int(key.last))
	reason := m.Say("reason." + change.Reason.Key())
	c.why = reason
	if crossing, ok := s.end.packetOf(m.Lab, int(key.last)); ok {
		c.crossing = int64(crossing)
		if change.Reason == event.SegmentArrived {
			c.why = fmt.Sprintf("#%d %s", crossing+1, m.Label(crossing))
		}
	}
	c.tip = fmt.Sprintf("%s: %s = %d\n%s s  %s", s.name, varNames[v], key.value, Instant(change.TimeNs, 6), reason)
	if section := change.Reason.Section(); section != "" {
		c.tip += " · " + section
	}
	return c
}
