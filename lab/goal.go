package lab

import (
	"fmt"
	"net/netip"
	"slices"
	"strings"

	"wirelab/lab/trace"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Goal is what a lab can be run to by name: a timer that runs out, a system call of a program, or whatever happens next, at one host or
// connection or at any. It reads the records and is no state.
type Goal struct {
	timer   event.Timer // of what: NoTimer with timers set means any
	call    event.Call
	timers  bool
	calls   bool
	packets bool
	node    uint32 // plus one; zero: any
	conn    bool
	ends    [2]tcp.Endpoint
	acts    uint64 // what had happened when it was looked at last
	sent    uint64
	events  uint64
}

// GoalError says what is wrong with a goal: Key is that of a sentence in the word catalogues, without "goal."; Known are the names that there are.
type GoalError struct {
	Key, Text string
	Known     []string
}

func (e *GoalError) Error() string {
	return fmt.Sprintf("%q: %s; there are: %s", e.Text, strings.ReplaceAll(e.Key, "_", " "), strings.Join(e.Known, ", "))
}

// Words returns the key of the sentence in the word catalogues, and what fills it.
func (e *GoalError) Words() (key string, args []any) {
	return "goal." + e.Key, []any{e.Text, strings.Join(e.Known, ", ")}
}

// NamesGoal reports whether a text is to be read as a goal, such as
//
//	timer rto of host A of connection 10.0.0.1:40000 > 10.0.0.2:80
//	next event of connection 10.0.0.1:40000 > 10.0.0.2:80
//	call write of host B
func NamesGoal(text string) bool {
	words := goalWords(text)
	return len(words) > 0 && slices.Contains(goalKinds, words[0]) && !strings.ContainsAny(text, "=&|")
}

var goalKinds = []string{"timer", "event", "call"}

// goalWords takes a goal apart; what has no meaning is left out.
func goalWords(text string) []string {
	text = strings.NewReplacer("->", " ", "→", " ", ">", " ").Replace(text)
	words := strings.Fields(text)
	if len(words) > 0 && words[0] == "next" {
		words = words[1:]
	}
	return slices.DeleteFunc(words, func(w string) bool { return w == "of" })
}

// Goal reads a goal; it counts what happens from now on.
func (l *Lab) Goal(text string) (*Goal, error) {
	words := goalWords(text)
	if len(words) == 0 || !slices.Contains(goalKinds, words[0]) {
		return nil, &GoalError{"no_goal", text, goalKinds}
	}
	g := &Goal{acts: l.Log.Acts.Count, sent: l.Crossings, events: l.Events}
	kind, rest := words[0], words[1:]
	g.timers, g.calls, g.packets = kind != "call", kind != "timer", kind == "event"
	if kind != "event" && len(rest) > 0 && rest[0] != "host" && rest[0] != "connection" {
		if err := g.name(rest[0]); err != nil {
			return nil, err
		}
		rest = rest[1:]
	}
	for len(rest) > 0 {
		var err error
		switch {
		case rest[0] == "host" && len(rest) > 1:
			err = g.atHost(l, rest[1])
			rest = rest[2:]
		case rest[0] == "connection" && len(rest) > 2:
			err = g.ofConn(l, rest[1], rest[2])
			rest = rest[3:]
		default:
			err = &GoalError{"no_place", strings.Join(rest, " "), []string{"host NAME", "connection ADDRESS:PORT > ADDRESS:PORT"}}
		}
		if err != nil {
			return nil, err
		}
	}
	return g, nil
}

// name says which timer or call is meant.
func (g *Goal) name(name string) error {
	if g.timers {
		if g.timer = event.FindTimer(strings.ToLower(name)); g.timer == event.NoTimer {
			return &GoalError{"no_timer", name, event.Timers()}
		}
		return nil
	}
	if g.call = event.FindCall(strings.TrimSuffix(strings.ToLower(name), "()")); g.call == event.NoCall {
		return &GoalError{"no_call", name, event.Calls()}
	}
	return nil
}

func (g *Goal) atHost(l *Lab, name string) error {
	var names []string
	for id := range l.nodes {
		if l.nodes[id].host == nil {
			continue
		}
		if n := l.Node(uint32(id)).Name; n == name {
			g.node = uint32(id) + 1
			return nil
		} else {
			names = append(names, n)
		}
	}
	return &GoalError{"no_host", name, names}
}

func (g *Goal) ofConn(l *Lab, from, to string) error {
	g.conn = true
	var owners []string
	for i, text := range [...]string{from, to} {
		e, err := netip.ParseAddrPort(text)
		if err != nil || e.Port() == 0 {
			return &GoalError{"no_end", text, []string{"10.0.0.1:80", "[fd00::1]:80"}}
		}
		g.ends[i] = tcp.Endpoint{Addr: wire.Addr(e.Addr().As16()), Port: e.Port()}
		for id := range l.nodes {
			if l.owns(uint32(id), g.ends[i].Addr) {
				owners = append(owners, l.Node(uint32(id)).Name)
			}
		}
	}
	if len(owners) == 0 {
		return &GoalError{"no_owner", from + " > " + to, l.addresses()}
	}
	return nil
}

// addresses lists those of the hosts.
func (l *Lab) addresses() (list []string) {
	for id := range l.nodes {
		if h := l.nodes[id].host; h != nil {
			for i := range h.Ifaces {
				if a := h.Ifaces[i].Addr; !a.IsZero() {
					list = append(list, a.String())
				}
			}
		}
	}
	return list
}

// Met reports whether it has happened since it was asked last.
func (g *Goal) Met(l *Lab) (met bool) {
	acts := &l.Log.Acts
	for n := g.acts; n < acts.Count && acts.Has(n) && !met; n++ {
		met = g.act(acts.At(n))
	}
	for i := g.sent; g.packets && i < l.Crossings && !met; i++ {
		met = l.Trace.Has(i) && g.packet(l, l.Trace.At(i), 0)
	}
	for e := g.events + 1; g.packets && e <= l.Events && !met; e++ {
		i, ok := l.Trace.TakenIn(e)
		met = ok && l.Trace.Has(i) && g.packet(l, l.Trace.At(i), 1)
	}
	g.acts, g.sent, g.events = acts.Count, l.Crossings, l.Events
	return met
}

// act reports whether a call or a timer is what is waited for.
func (g *Goal) act(a *event.Act) bool {
	switch {
	case g.node != 0 && a.Host != g.node-1:
		return false
	case g.conn && !g.between(tcp.Endpoint{Addr: a.Local, Port: a.LocalPort}, tcp.Endpoint{Addr: a.Remote, Port: a.RemotePort}):
		return false
	case a.Timer != event.NoTimer:
		return g.timers && (g.timer == event.NoTimer || a.Timer == g.timer)
	}
	return g.calls && (g.call == event.NoCall || a.Call == g.call)
}

// packet reports whether a packet that is sent over a link, or with side 1 has arrived, is what is waited for.
func (g *Goal) packet(l *Lab, c *trace.Crossing, side uint8) bool {
	node := l.plan.ends[c.Link][c.Dir^side]
	if g.node != 0 && node != g.node-1 {
		return false
	}
	if !g.conn {
		return true
	}
	own := [...]tcp.Endpoint{c.Src, c.Dst}[side]
	return c.Proto == trace.TCP && g.between(c.Src, c.Dst) && l.owns(node, own.Addr)
}

// between reports whether two ends are those of the connection.
func (g *Goal) between(a, b tcp.Endpoint) bool {
	return a == g.ends[0] && b == g.ends[1] || a == g.ends[1] && b == g.ends[0]
}
