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
		hollow(u, r, m.nothingYet("view.connection_none"))
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
// as it lives, then the first that does, the newest that began, the first of
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
	if b.here && m.Lab.Node(b.host).X < m.Lab.Node(a.host).X {
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
