package view

import (
	"reflect"
	"slices"
	"strings"
	"testing"

	"wirelab/lab"
	"wirelab/lab/lesson"
	"wirelab/lab/ui"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

const ms = 1_000_000

func openLab(t *testing.T, name string, at int64) *Model {
	t.Helper()
	l, err := lesson.Builtin(name)
	if err == nil {
		err = l.SeekTo(at)
	}
	if err != nil {
		t.Fatal(err)
	}
	m := &Model{Lang: "en"}
	m.Look(l)
	return m
}

func seek(t *testing.T, m *Model, at int64) {
	t.Helper()
	if err := m.Lab.SeekTo(at); err != nil {
		t.Fatal(err)
	}
	m.Look(m.Lab)
}

// The states of both ends of the textbook's session at some instants, whether
// time went there from the start or back from the end.
func TestStatesOfBothEnds(t *testing.T) {
	type states [2]tcp.State
	want := []struct {
		at int64
		states
	}{
		{50 * ms, states{tcp.Closed, tcp.Listen}},
		{105 * ms, states{tcp.SynSent, tcp.Listen}},
		{115 * ms, states{tcp.SynSent, tcp.SynReceived}},
		{125 * ms, states{tcp.Established, tcp.SynReceived}},
		{250 * ms, states{tcp.Established, tcp.Established}},
		{305 * ms, states{tcp.FinWait1, tcp.Established}},
		{315 * ms, states{tcp.FinWait1, tcp.CloseWait}},
		{355 * ms, states{tcp.FinWait1, tcp.CloseWait}}, // the ACK was put off
		{365 * ms, states{tcp.FinWait2, tcp.CloseWait}},
		{375 * ms, states{tcp.FinWait2, tcp.LastAck}},
		{385 * ms, states{tcp.TimeWait, tcp.LastAck}},
		{400 * ms, states{tcp.TimeWait, tcp.Closed}},
	}
	m := openLab(t, "four-way-close", 0)
	var d Connection
	check := func(i int) {
		t.Helper()
		seek(t, m, want[i].at)
		d.choose(m)
		if d.ends[0].name != "A" || d.ends[1].name != "B" {
			t.Fatalf("at %d ms the ends are %q and %q", want[i].at/ms, d.ends[0].name, d.ends[1].name)
		}
		if got := (states{d.ends[0].state(), d.ends[1].state()}); got != want[i].states {
			t.Errorf("at %d ms: %v, want %v", want[i].at/ms, got, want[i].states)
		}
	}
	for i := 1; i < len(want); i++ {
		check(i)
	}
	for i := len(want) - 1; i >= 0; i-- {
		check(i)
	}
	d = Connection{}
	check(len(want) - 1) // B's end is gone by then, and was never seen
	if got := d.ends[1].address; got != "192.168.1.123:7788" {
		t.Errorf("B's address is %q", got)
	}
}

func TestVisits(t *testing.T) {
	client := []tcp.State{tcp.Closed, tcp.SynSent, tcp.Established, tcp.FinWait1, tcp.FinWait2, tcp.TimeWait, tcp.Closed}
	server := []tcp.State{tcp.Closed, tcp.Listen, tcp.SynReceived, tcp.Established, tcp.CloseWait, tcp.LastAck}
	for _, c := range []struct {
		path  []tcp.State
		taken int
		box   int
	}{
		{client[:1], 0, int(tcp.Closed)},
		{client[:3], 2, int(tcp.Established)},
		{client, 6, ended},
		{server, 5, int(tcp.LastAck)},
		{[]tcp.State{tcp.Closed, tcp.SynSent, tcp.Closed}, 1, ended}, // refused: the RFC's figure has no arrow for it
	} {
		taken, box := visits(c.path)
		n := 0
		for _, yes := range taken {
			if yes {
				n++
			}
		}
		if n != c.taken || box != c.box {
			t.Errorf("%v: %d transitions, in box %d; want %d, %d", c.path, n, box, c.taken, c.box)
		}
	}
}

func TestBoxesDoNotTouch(t *testing.T) {
	for _, w := range []float32{480, 760} {
		var b boxes
		b.layOut(ui.R(10, 20, w, 150), 6.6, 26)
		for i := range b {
			for k := range i {
				if !b[i].Inset(-1).Intersect(b[k]).Empty() {
					t.Errorf("%v wide: %s and %s touch", w, boxName(i), boxName(k))
				}
			}
			if b[i].X < 10 || b[i].Right() > 10+w+0.01 || b[i].Bottom() > 170.01 {
				t.Errorf("%v wide: %s stands outside: %v", w, boxName(i), b[i])
			}
		}
		for k := range transitions {
			x0, y0, x1, y1 := b.line(k)
			if from, to := b[transitions[k].from], b[transitions[k].target()]; !from.Inset(-1).Contains(x0, y0) || !to.Inset(-1).Contains(x1, y1) {
				t.Errorf("arrow %v does not join its boxes", transitions[k])
			}
		}
	}
}

func TestVarWords(t *testing.T) {
	for _, c := range []struct {
		v    event.Var
		x    uint32
		want string
	}{
		{event.VarState, 4, "ESTABLISHED"},
		{event.VarSndNxt, 1005, "5"},
		{event.VarRcvNxt, 2005, "5"},
		{event.VarSndWnd, 64240, "64,240"},
		{event.VarSsthresh, 0x7fffffff, "∞"},
		{event.VarSsthresh, 7, "7"},
		{event.VarSRTT, 0, "–"},
		{event.VarRTO, 220098, "220 ms"},
		{event.VarCAState, uint32(tcp.Recovery), "Recovery"},
	} {
		if got := varWords(c.v, c.x, 1000, 2000); got != c.want {
			t.Errorf("%s = %d: %q, want %q", c.v, c.x, got, c.want)
		}
	}
	order := slices.Clone(varOrder[:])
	slices.Sort(order)
	if want := slices.Compact(slices.Clone(order)); len(want) != int(event.NVars) {
		t.Errorf("the table has not each variable once: %v", order)
	}
}

func TestEndLetters(t *testing.T) {
	for _, c := range [][4]string{{"A", "B", "A", "B"}, {"client", "server", "c", "s"}, {"host1", "host2", "1", "2"}, {"h1", "h2", "h1", "h2"}} {
		if a, b := endLetters(c[0], c[1]); a != c[2] || b != c[3] {
			t.Errorf("%s and %s are marked %s and %s", c[0], c[1], a, b)
		}
	}
}

// A future that is cut off takes its connections with it.
func TestConnsForgetACutFuture(t *testing.T) {
	m := openLab(t, "four-way-close", 0)
	seek(t, m, 400*ms)
	seek(t, m, 50*ms)
	var x conns
	x.update(m.Lab)
	before := len(x.ends)
	if err := m.Lab.Do(lab.Exec{Line: "ping 192.168.1.123 1"}); err != nil {
		t.Fatal(err)
	}
	x.update(m.Lab)
	if len(x.ends) >= before || !reflect.DeepEqual(len(x.by), len(x.ends)) {
		t.Errorf("%d ends before, %d after", before, len(x.ends))
	}
}

// A host that breaks rules on purpose says so on its card.
func TestQuirksAreMarked(t *testing.T) {
	m := openLab(t, "four-way-close", 200*ms)
	var s Stage
	r := newRig(t, 768, 540, func(u *ui.UI, box ui.Rect) { s.Draw(u, box, box, m) })
	marked := func() bool { return strings.Contains(r.value(t, "stage/node-A"), m.Say("view.quirk")) }
	if marked() {
		t.Error("a good host is marked")
	}
	if err := m.Lab.Host(0).SetSysctl("wirelab.no_time_wait", "1"); err != nil {
		t.Fatal(err)
	}
	r.frame()
	if !marked() {
		t.Error("a host without TIME-WAIT is not marked")
	}
}

// Ends whose addresses were translated on the way are still shown as one connection.
func TestEndsMeetThroughANAT(t *testing.T) {
	m := openLab(t, "home-network", 3150*ms)
	var known conns
	known.update(m.Lab)
	for _, e := range known.ends {
		if e.listener {
			continue
		}
		p := known.peer(e)
		if p == nil || known.peer(p) != e || p.ref.Host == e.ref.Host {
			t.Errorf("%v of %s has no other end", e.local, m.NodeName(e.ref.Host))
		}
	}
}
