package view

import (
	"fmt"

	"wirelab/lab"
	"wirelab/lab/ui"
	"wirelab/stack/tcp"
)

// Connection shows one connection from both of its ends: where each stands in
// the state machine, the windows over sequence space, and the variables with
// what last changed them. What does not fit at once is chosen from.
type Connection struct {
	known   conns
	auto    *connEnd // what is shown while nothing is selected
	chosen  chosen
	ends    [2]shownEnd // the one whose host stands further left first
	part    int         // of the three, where there is room for one
	windows [2]windowBars
	table   table
	labels  []ui.Rect // places taken in the state machine
	style   ui.Style  // of its names
	choice  choice
}

// chosen is what the choice of ends depends on.
type chosen struct {
	end   *connEnd
	named bool
	known int
}

// shownEnd is an end on screen.
type shownEnd struct {
	story
	end     *connEnd // nil: it has never been there
	host    uint32
	here    bool // the host is known
	at      tcp.Endpoint
	name    string // of the host
	letter  string // what marks it in the pictures
	address string
}

// state is where the end stands: on its path, or with what listens for it.
func (s *shownEnd) state() tcp.State { return s.path[len(s.path)-1] }

// unknown says that nothing is known of the end: what is shown is a listener.
func (s *shownEnd) unknown() bool { return !s.here && s.at.Port == 0 }

// Parts of the view.
const (
	partStates = iota
	partWindows
	partVariables
)

var partIDs = [...]string{"states", "windows", "variables"}

// Draw draws the connection into r.
func (d *Connection) Draw(u *ui.UI, r ui.Rect, m *Model) {
	u.Enter(ui.Spec{ID: "connection", Rect: r, Role: ui.RoleGroup, Name: m.Say("view.connection")})
	defer u.Leave()
	u.PushClip(r)
	defer u.PopClip()
	d.choose(m)
	if !d.ends[0].here && !d.ends[1].here {
		words := m.Say("view.connection_none")
		u.Node(ui.Spec{ID: "nothing", Rect: r, Role: ui.RoleText, Name: words})
		u.Paragraph(r.InsetXY(ui.Space4, ui.Space3), words, ui.Body, u.Theme.Dim)
		return
	}
	g := u.Grow(1)
	wide, tall, half := r.W >= 900*g && r.H >= 330*g, r.H >= 440*g, r.H >= 350*g
	switch {
	case wide || tall:
		d.head(u, &r, nil, m)
	case half:
		d.head(u, &r, []int{partStates, partVariables}, m)
	default:
		d.head(u, &r, []int{partStates, partWindows, partVariables}, m)
	}
	switch {
	case wide:
		right := r.CutRight(r.W * 0.46)
		u.VLine(right.X, right.Y, right.H, u.Theme.Line)
		d.pictures(u, r, m)
		d.variables(u, right, m)
	case tall:
		d.pictures(u, r.CutTop(windowsHeight(u, barHeight)+max(150*g, min(r.H*0.34, 230*g))), m)
		u.HLine(r.X, r.Y, r.W, u.Theme.Line)
		d.variables(u, r, m)
	case d.part == partVariables:
		d.variables(u, r, m)
	case half:
		d.pictures(u, r, m)
	case d.part == partStates:
		d.machine(u, r, m)
	default:
		d.drawWindows(u, r, m)
	}
}

// pictures draws the state machine above the windows.
func (d *Connection) pictures(u *ui.UI, r ui.Rect, m *Model) {
	windows := r.CutBottom(min(windowsHeight(u, barHeight), r.H/2))
	d.machine(u, r, m)
	u.HLine(r.X, r.Bottom()-u.Pixel(), r.W, u.Theme.Line)
	d.drawWindows(u, windows, m)
}

// choose decides which connection is shown: the selected one, else that of the
// selected packet, else one that lives, and stays until it is over.
func (d *Connection) choose(m *Model) {
	l := m.Lab
	if d.known.of != l || d.known.turns != l.Trace.Turns {
		d.auto, d.chosen = nil, chosen{}
	}
	d.known.update(l)
	var e *connEnd
	if m.Conn.Set {
		e = d.known.by[m.Conn]
	}
	if e == nil && m.Packet >= 0 {
		e = d.known.ofPacket(l, uint64(m.Packet))
	}
	if e == nil {
		d.auto = d.pick(l)
		e = d.auto
	}
	if e == nil {
		d.ends = [2]shownEnd{}
		return
	}
	if now := (chosen{e, e.named, len(d.known.ends)}); now != d.chosen {
		d.chosen = now
		d.place(e, d.known.peer(e), m)
	}
	for i := range d.ends {
		s := &d.ends[i]
		s.tell(l, s.end, int(l.Log.Count))
		if s.end == nil {
			s.path = append(s.path[:0], tcp.Closed)
			if s.here && listens(l.Host(s.host), s.at) {
				s.path = append(s.path, tcp.Listen)
			}
		}
	}
}

// pick returns what is shown while nothing is selected: what was shown as long
// as it lives, then the newest that does, the newest that began, the first of
// those that are ahead; at last what listens.
func (d *Connection) pick(l *lab.Lab) *connEnd {
	count := int(l.Log.Count)
	lives := func(e *connEnd) bool {
		c := e.live(l)
		return c != nil && !e.listener && c.State != tcp.Closed && c.State != tcp.TimeWait && e.begun(count)
	}
	if d.auto != nil && lives(d.auto) {
		return d.auto
	}
	var begun, ahead, listener *connEnd
	for _, e := range d.known.ends {
		switch {
		case e.listener:
			if listener == nil && e.live(l) != nil {
				listener = e
			}
		case lives(e):
			return e
		case e.begun(count):
			begun = e
		case ahead == nil:
			ahead = e
		}
	}
	for _, e := range [...]*connEnd{begun, ahead, listener} {
		if e != nil {
			return e
		}
	}
	return nil
}

// place gives the two ends their sides.
func (d *Connection) place(e, peer *connEnd, m *Model) {
	a := shownEnd{end: e, host: e.ref.Host, here: true, at: e.local}
	b := shownEnd{at: e.remote}
	if peer != nil {
		b = shownEnd{end: peer, host: peer.ref.Host, here: true, at: peer.local}
	} else if host, ok := owners(m)[e.remote.Addr]; ok && e.named {
		b.host, b.here = host, true
	}
	if b.here && m.Lab.Scenario.Nodes[b.host].X < m.Lab.Scenario.Nodes[a.host].X {
		a, b = b, a
	}
	a.letter, b.letter = endLetters(endName(&a, m), endName(&b, m))
	d.ends = [2]shownEnd{a, b}
	for i := range d.ends {
		s := &d.ends[i]
		s.name, s.address = endName(s, m), endAddress(s.at)
	}
}

func endName(s *shownEnd, m *Model) string {
	if s.here {
		return m.NodeName(s.host)
	}
	return "?"
}

func endAddress(at tcp.Endpoint) string {
	switch {
	case at.Port == 0:
		return ""
	case at.Addr.IsZero():
		return fmt.Sprintf(":%d", at.Port)
	}
	return fmt.Sprintf("%s:%d", at.Addr, at.Port)
}

// endLetters returns what marks two hosts in small places: their names if they
// are short, else initials, else numbers.
func endLetters(a, b string) (string, string) {
	short := func(s string) string {
		if r := []rune(s); len(r) > 2 {
			return string(r[:1])
		}
		return s
	}
	if x, y := short(a), short(b); x != y {
		return x, y
	}
	return "1", "2"
}

// head shows who talks with whom and in which states, and lets one of some
// parts be chosen.
func (d *Connection) head(u *ui.UI, r *ui.Rect, parts []int, m *Model) {
	var tabs []ui.Tab
	widest, at := float32(0), 0
	for i, part := range parts {
		tab := ui.Tab{ID: partIDs[part], Label: m.Say("view.part_" + partIDs[part])}
		if part == partStates && len(parts) == 2 {
			tab.Label = m.Say("view.part_pictures")
		}
		widest = max(widest, u.Width(tab.Label, ui.Body)+3*ui.Space1)
		if part <= d.part {
			at = i
		}
		tabs = append(tabs, tab)
	}
	width, height := widest*float32(len(tabs)), u.Grow(26)
	need := max(d.endWidth(u, 0), d.endWidth(u, 1))*2 + ui.Space3
	line := r.CutTop(u.LineHeight(ui.SmallBold)+u.LineHeight(ui.CodeTiny)+ui.Space3).InsetXY(ui.Space3, 0)
	half, before := min(line.W/2, max(need/2, u.Grow(200))), at
	if beside := line.W-width-ui.Space4 >= need; beside && len(tabs) > 0 {
		u.Segmented(line.CutRight(width).Center(width, height), "part", tabs, &at)
		line.CutRight(ui.Space4)
		half = min(half, line.W/2)
	} else if len(tabs) > 0 {
		row := r.CutTop(height+ui.Space1).InsetXY(ui.Space3, 0)
		row.H -= ui.Space1
		u.Segmented(row, "part", tabs, &at)
	}
	if at != before {
		d.part = parts[at]
	}
	u.HLine(r.X, r.Y-u.Pixel(), r.W, u.Theme.Line)
	d.chooser(u, ui.R(line.X, line.Y, min(2*half, line.W), line.H), m)
	d.headEnd(u, line.CutLeft(half), 0)
	d.headEnd(u, line.CutLeft(half), 1)
}

func (d *Connection) endWidth(u *ui.UI, i int) float32 {
	s := &d.ends[i]
	line := u.Grow(16) + ui.Space2 + u.ChipWidth("ESTABLISHED", ui.CodeTiny.Bold())
	if s.name != s.letter {
		line += u.Width(s.name, ui.SmallBold) + ui.Space2
	}
	return max(line, u.Width(s.address, ui.CodeTiny)+ui.Space1)
}

func (d *Connection) headEnd(u *ui.UI, r ui.Rect, i int) {
	t, s := &u.Theme, &d.ends[i]
	if s.unknown() {
		return
	}
	state := s.state()
	u.Node(ui.Spec{ID: [...]string{"end0", "end1"}[i], Rect: r, Role: ui.RoleStatus, Name: s.name, Value: state.String() + " " + s.address})
	r = r.InsetXY(0, ui.Space1)
	line := r.CutTop(u.LineHeight(ui.SmallBold) + 2)
	d.badge(u, line.CutLeft(u.Grow(16)).Center(u.Grow(16), u.Grow(16)), i)
	line.CutLeft(ui.Space2)
	chip := u.ChipWidth(state.String(), ui.CodeTiny.Bold())
	if s.name != s.letter {
		name := line.CutLeft(min(u.Width(s.name, ui.SmallBold), max(0, line.W-chip-ui.Space2)))
		u.TextIn(name, s.name, ui.SmallBold, ui.Left, t.Text)
		line.CutLeft(ui.Space2)
	}
	u.Chip(line.CutLeft(min(chip, line.W)), [...]string{"state0", "state1"}[i], state.String(), ui.CodeTiny.Bold(), StateColor(t, state))
	r.CutRight(ui.Space1)
	u.TextIn(r, s.address, ui.CodeTiny, ui.Left, t.Dim)
}

// badge marks an end: a disc with a letter for the one, a square for the other.
func (d *Connection) badge(u *ui.UI, r ui.Rect, i int) {
	t := &u.Theme
	radius := r.H / 2
	if i == 1 {
		radius = 3
	}
	u.RoundFill(r, radius, t.Text)
	u.TextIn(r, d.ends[i].letter, ui.CodeTiny.Bold(), ui.Middle, t.Panel)
}
