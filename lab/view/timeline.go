package view

import (
	"fmt"
	"math"
	"strconv"

	"wirelab/lab/ui"
	"wirelab/stack/tcp"
)

// TimeLine is the foot of the window: transport, speed, the clock, what fires
// next, and all of the recording as a strip to scrub over.
type TimeLine struct {
	timers []Timer
	bars   []uint32 // packets under each bar of the strip
	end    float64  // the length that the strip shows
	signs  ui.Picture[signsLook]
	count  []byte // how many packets were sent, as it is written
}

// Speeds that the keys and the slider go through, in virtual seconds a second.
const (
	minSpeed = 1e-9
	maxSpeed = 1e6 // more than any machine reaches: as fast as it goes
)

// maxShownBranches is how many futures the menu offers: the latest.
const maxShownBranches = 12

// Height returns how high the time line is in a window of some width.
func (d *TimeLine) Height(u *ui.UI, width float32, m *Model) float32 {
	lanes := float32(m.lanes() * laneHeight)
	more := float32(rowsIn(u, width) - 1)
	return u.Grow(124-stripHeight+more*(ui.ControlHeight+ui.Space1)+lanes) + stripHeight*min(u.TextScale, 1.2)
}

// stripHeight is that of the strip, which has little text: where that is large, the room is needed above.
const stripHeight = 56

// rowsIn says how many rows the controls need in a window of some width.
func rowsIn(u *ui.UI, width float32) int {
	switch {
	case width >= u.Grow(660):
		return 1
	case width >= u.Grow(340):
		return 2
	}
	return 3
}

// Draw draws the time line into r.
func (d *TimeLine) Draw(u *ui.UI, r ui.Rect, m *Model) {
	u.Enter(ui.Spec{ID: "time", Rect: r, Role: ui.RoleGroup, Name: m.Say("view.timeline")})
	defer u.Leave()
	in := r.InsetXY(ui.Space4, ui.Space3)
	row := in.CutTop(u.Grow(ui.ControlHeight + 4))
	for range rowsIn(u, r.W) - 1 {
		in.CutTop(ui.Space1 + u.Grow(ui.ControlHeight))
	}
	top := r.CutTop(in.Y - r.Y)
	u.PushSheet(top, u.Theme.Panel) // it changes more often than the strip
	u.HLine(top.X, top.Y, top.W, u.Theme.Line)
	d.controls(u, row, m)
	u.PopSheet()
	u.PushSheet(r, u.Theme.Panel)
	in.CutTop(ui.Space2)
	lanes := in.CutBottom(u.Grow(float32(m.lanes() * laneHeight)))
	d.strip(u, in, m)
	d.lanes(u, lanes, m)
	u.PopSheet()
}

// controls are what is above the strip: in a narrow window two rows or three.
func (d *TimeLine) controls(u *ui.UI, row ui.Rect, m *Model) {
	next, rows := row, rowsIn(u, row.W+2*ui.Space4)
	below := func() {
		next = ui.R(next.X, next.Bottom()+ui.Space1, next.W, u.Grow(ui.ControlHeight))
		row = next
	}
	d.transport(u, &row, m)
	switch rows {
	case 1:
		d.speed(u, &row, m)
		d.steps(u, &row, m)
	case 2:
		d.speed(u, &row, m)
		below()
		d.steps(u, &row, m)
	case 3:
		below()
		d.steps(u, &row, m)
		d.speed(u, &row, m) // in what is left
		below()
	}
	d.clock(u, &row, rows > 1, m)
	d.history(u, &row, m)
	d.ahead(u, row, m)
}

func (d *TimeLine) transport(u *ui.UI, row *ui.Rect, m *Model) {
	const usual, primary, between = 34, 48, 6
	share := min(1, (row.W-5*between)/u.Grow(4*usual+primary))
	button := func(id string, icon ui.Icon, key string, o ui.Opt) bool {
		w := u.Grow(usual) * share
		if o.Primary {
			w = u.Grow(primary) * share
		}
		r := row.CutLeft(w)
		row.CutLeft(between)
		o.Key = key
		return u.IconButton(r, id, m.Say("view."+id), icon, o)
	}
	if button("start", ui.IconSkipBack, "Home", ui.Opt{Disabled: m.Now() == 0}) {
		m.Ask(Ask{Kind: AskSeek})
	}
	if button("back", ui.IconBack, "←", ui.Opt{Disabled: m.sentBy(m.Now()) == 0}) {
		m.StepBack()
	}
	icon, name := ui.IconPlay, "play"
	if m.Playing {
		icon, name = ui.IconPause, "pause"
	}
	if button(name, icon, "Space", ui.Opt{Primary: true}) {
		m.Ask(Ask{Kind: AskPlay})
	}
	if button("step", ui.IconStep, "→", ui.Opt{}) {
		m.Ask(Ask{Kind: AskStep, Text: "packet"})
	}
	end := max(m.index.line.end().ns, m.Now())
	if button("end", ui.IconSkipForward, "End", ui.Opt{Disabled: m.Now() >= end}) {
		m.Ask(Ask{Kind: AskSeek, TimeNs: end})
	}
	row.CutLeft(ui.Space2)
}

// StepBack asks to go to the instant before the last packet was sent.
func (m *Model) StepBack() {
	n := m.sentBy(m.Now())
	for ; n > 0; n-- {
		at := m.Lab.Trace.At(m.packetAt(n - 1)).Offered
		if at < m.Now() {
			m.Ask(Ask{Kind: AskSeek, TimeNs: at})
			return
		}
		if n == 1 || m.Lab.Trace.At(m.packetAt(n-2)).Offered < at {
			m.Ask(Ask{Kind: AskSeek, TimeNs: max(at-1, 0)})
			return
		}
	}
	m.Ask(Ask{Kind: AskSeek})
}

// speed says honestly how time runs, and changes it.
func (d *TimeLine) speed(u *ui.UI, row *ui.Rect, m *Model) {
	t := &u.Theme
	r := row.CutLeft(min(row.W, max(u.Grow(132), u.Width(m.sayStrings("view.speed", "500 ms", ""), ui.SmallBold)+ui.Space1)))
	words := m.sayStrings("view.speed", Span(int64(m.Speed*1e9+0.5)), "")
	ink := t.Text
	if m.Speed >= maxSpeed {
		words = m.Say("view.speed_most")
	}
	if m.Idle && m.Playing {
		words, ink = m.Say("view.idle"), t.Warn
	}
	u.TextIn(r.CutTop(r.H/2), words, ui.SmallBold, ui.Left, ink)
	v := float32(math.Log10(m.Speed))
	if u.Slider(r, "speed", m.Say("view.speed_name"), words, &v, float32(math.Log10(minSpeed)), float32(math.Log10(maxSpeed)), 0.25) {
		m.Ask(Ask{Kind: AskSpeed, Speed: Faster(math.Pow(10, float64(v)), 0)})
	}
	row.CutLeft(ui.Space4)
}

// Faster returns the speed that is steps further up, or down if steps is
// negative, on the scale 1, 2, 5, 10 …; with no step the one that is nearest.
func Faster(speed float64, steps int) float64 {
	best, nearest := 0, math.Inf(1)
	for i := range speedCount {
		if d := math.Abs(math.Log(nthSpeed(i) / speed)); d < nearest {
			best, nearest = i, d
		}
	}
	return min(max(nthSpeed(best+steps), minSpeed), maxSpeed)
}

const speedCount = 3*15 + 1 // from 1e-9 on

func nthSpeed(i int) float64 {
	i = min(max(i, 0), speedCount-1)
	return [...]float64{1, 2, 5}[i%3] * math.Pow10(i/3-9)
}

func (d *TimeLine) steps(u *ui.UI, row *ui.Rect, m *Model) {
	var goal map[string]string
	items := func() []ui.MenuItem {
		var more []ui.MenuItem
		more, goal = m.runTo()
		return d.stepItems(m, more)
	}
	label := m.Say("view.run_to")
	w := u.ButtonWidth(label) + u.Grow(18)
	choice := u.Dropdown(row.CutLeft(w).InsetXY(0, 2), "until", label, items)
	row.CutLeft(ui.Space4)
	switch choice {
	case "":
	case "timer":
		m.Ask(Ask{Kind: AskSeek, TimeNs: m.nextTimer()})
	case "1s", "10s", "60s":
		var s int64
		fmt.Sscanf(choice, "%ds", &s)
		m.Ask(Ask{Kind: AskSeek, TimeNs: m.Now() + s*1_000_000_000})
	case "packet", "state", "syscall", "event":
		m.Ask(Ask{Kind: AskStep, Text: choice})
	default:
		m.Ask(Ask{Kind: AskStep, Text: goal[choice]})
	}
}

// stepItems is where time can run to, with more in between.
func (d *TimeLine) stepItems(m *Model, more []ui.MenuItem) []ui.MenuItem {
	items := append([]ui.MenuItem{
		{ID: "packet", Label: m.Say("view.step_packet"), Key: "→"},
		{ID: "state", Label: m.Say("view.step_state"), Key: "S"},
		{ID: "syscall", Label: m.Say("view.step_syscall"), Key: "C"},
		{ID: "event", Label: m.Say("view.step_event"), Key: "."},
		{},
	}, more...)
	return append(items,
		ui.MenuItem{ID: "timer", Label: m.Say("view.until_timer"), Disabled: m.nextTimer() == tcp.Never},
		ui.MenuItem{ID: "1s", Label: m.Say("view.on", "1 s")},
		ui.MenuItem{ID: "10s", Label: m.Say("view.on", "10 s")},
		ui.MenuItem{ID: "60s", Label: m.Say("view.on", "60 s")})
}

// history takes back what was done, and leads to the futures that were left.
func (d *TimeLine) history(u *ui.UI, row *ui.Rect, m *Model) {
	label, w := m.Say("view.history"), d.historyWidth(u, m)
	if row.W < w || w == 0 {
		return
	}
	items := func() []ui.MenuItem {
		items := []ui.MenuItem{
			{ID: "undo", Label: m.Say("view.undo"), Key: "Ctrl Z", Disabled: !m.CanUndo},
			{ID: "redo", Label: m.Say("view.redo"), Key: "Ctrl Shift Z", Disabled: !m.CanRedo},
		}
		if len(m.Branches) > 0 {
			items = append(items, ui.MenuItem{})
		}
		for i := len(m.Branches) - 1; i >= max(0, len(m.Branches)-maxShownBranches); i-- {
			items = append(items, ui.MenuItem{ID: strconv.Itoa(i), Label: m.BranchName(i), Icon: ui.IconBranch})
		}
		return items
	}
	choice := u.Dropdown(row.CutLeft(w).InsetXY(0, 2), "history", label, items)
	row.CutLeft(ui.Space4)
	switch choice {
	case "":
	case "undo":
		m.Ask(Ask{Kind: AskUndo})
	case "redo":
		m.Ask(Ask{Kind: AskRedo})
	default:
		i, _ := strconv.Atoi(choice)
		m.Ask(Ask{Kind: AskBranch, Branch: i})
	}
}

// historyWidth is that of the button of what was done and of other futures: none while there is nothing.
func (d *TimeLine) historyWidth(u *ui.UI, m *Model) float32 {
	if !m.CanUndo && !m.CanRedo && len(m.Branches) == 0 {
		return 0
	}
	return u.ButtonWidth(m.Say("view.history")) + u.Grow(18)
}

// nextTimer returns when the next timer of any connection fires.
func (m *Model) nextTimer() int64 {
	best := tcp.Never
	for id := range uint32(m.Lab.Nodes()) {
		if h := m.Lab.Host(id); h != nil {
			_, at := h.Timers.Next()
			best = min(best, at)
		}
	}
	return best
}

// clock says what time it is and how many packets were sent. In a tight row it takes no more room than that, and the number gives
// way to the history.
func (d *TimeLine) clock(u *ui.UI, row *ui.Rect, tight bool, m *Model) {
	t := &u.Theme
	words := m.clock()
	w := u.Width("0000.000 000 000", ui.Clock)
	if tight {
		w = u.DigitsWidth(words, ui.Clock)
	}
	r := row.CutLeft(w + u.Grow(20))
	u.Node(ui.Spec{ID: "clock", Rect: r, Role: ui.RoleText, Name: m.Say("view.clock"), Value: words})
	used := u.Digits(r, words, ui.Clock, t.Text)
	u.TextIn(ui.R(r.X+used+5, r.Y+2, 20, r.H), "s", ui.Code, ui.Left, t.Dim)
	d.count = append(appendThousands(d.count[:0], uint64(m.sentBy(m.Now()))), " / "...)
	d.count = appendThousands(d.count, uint64(m.Packets()))
	if w = u.DigitsWidth(string(d.count), ui.CodeSmall); w > row.W || tight && w+ui.Space4+d.historyWidth(u, m) > row.W {
		return
	}
	u.Digits(row.CutLeft(max(w, u.Grow(64))), string(d.count), ui.CodeSmall, t.Dim)
	row.CutLeft(ui.Space4)
}

// ahead draws the timers that run on a logarithmic axis that begins at now.
func (d *TimeLine) ahead(u *ui.UI, r ui.Rect, m *Model) {
	label := m.Say("view.ahead")
	w := u.Width(label, ui.Small)
	if r.W < w+u.Grow(120) {
		return
	}
	t := &u.Theme
	r.CutLeft(max(0, r.W-w-u.Grow(330)))
	u.TextIn(r.CutLeft(w+ui.Space3), label, ui.Small, ui.Left, t.Dim)
	widest := u.Width("100 ms", ui.CodeTiny)
	r = r.InsetXY(widest/2, 0)
	y := r.Y + r.H*0.36
	place := func(ns int64) float32 {
		k := (math.Log10(float64(max(ns, 1))) - 6) / 5 // 1 ms to 100 s
		return r.X + r.W*float32(min(max(k, 0), 1))
	}
	u.Fill(ui.R(r.X, y, r.W, 1), t.LineStrong)
	last := r.X - 2*widest
	for ns := int64(1_000_000); ns <= 100_000_000_000; ns *= 10 {
		x := place(ns)
		u.Fill(ui.R(x, y-3, 1, 7), t.LineStrong)
		if x >= last+widest+ui.Space2 {
			u.TextIn(ui.R(x-widest, y+5, 2*widest, u.LineHeight(ui.CodeTiny)), Span(ns), ui.CodeTiny, ui.Middle, t.Dim)
			last = x
		}
	}
	d.timers = d.timers[:0]
	for id := range uint32(m.Lab.Nodes()) {
		h := m.Lab.Host(id)
		if h == nil {
			continue
		}
		for i := range h.Conns {
			from := len(d.timers)
			d.timers = timersOf(d.timers, h, &h.Conns[i])
			for _, tm := range d.timers[from:] {
				x := u.Still(place(tm.At - m.Now()))
				dot := ui.R(x-6, y-6, 12, 12)
				name := glued(glued(m.NodeName(id), " "), tm.Name)
				it := u.Node(ui.Spec{ID: numbered(glued(glued("timer-", m.NodeName(id)), "-"), uint32(i), glued("-", tm.Name)), Rect: dot, Role: ui.RoleButton,
					Name: name, Value: Span(tm.At - m.Now()), Actions: ui.CanPress})
				u.Circle(x, y, 5, tm.Color(t))
				if it.Hover || it.Focused {
					u.Tooltip(it, name+" · "+m.Say("view.in", Span(tm.At-m.Now())), "")
				}
				if it.Clicked {
					m.Ask(Ask{Kind: AskSeek, TimeNs: tm.At})
				}
			}
		}
	}
}
