package view

import (
	"encoding/xml"
	"errors"
	"fmt"
	"io"
	"math"
	"math/rand/v2"
	"reflect"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/lab/session"
	"wirelab/lab/ui"
	"wirelab/lab/words"
	"wirelab/stack/seeds"
	"wirelab/stack/wire"
)

// bulkLab has a transfer that meets loss and a short queue, over a router.
func bulkLab(t testing.TB, seed uint64, lossPPM uint32) *lab.Lab {
	t.Helper()
	fast := link.Params{BitsPerSecond: 100_000_000, DelayNs: 1 * ms}
	slow := link.Params{BitsPerSecond: 8_000_000, DelayNs: 15 * ms, QueuePackets: 20, LossPPM: lossPPM}
	l, err := lab.New(lab.Scenario{
		Seed: seed, KnowsMAC: true,
		Nodes: []lab.Node{{Name: "A", Routes: []lab.RouteSpec{{Via: wire.V4(10, 0, 0, 254)}}}, {Name: "R", Kind: lab.KindRouter, Sysctls: []lab.Setting{{Name: "net.ipv4.ip_forward", Value: "1"}}},
			{Name: "B", Routes: []lab.RouteSpec{{Via: wire.V4(10, 0, 1, 254)}}, Startup: []string{"sink 9 &"}}},
		Links: []lab.Link{{Ends: [2]lab.LinkEnd{{Node: 0, Addr: wire.V4(10, 0, 0, 1), Prefix: 24}, {Node: 1, Addr: wire.V4(10, 0, 0, 254), Prefix: 24}}, Params: [2]link.Params{fast, fast}},
			{Ends: [2]lab.LinkEnd{{Node: 1, Addr: wire.V4(10, 0, 1, 254), Prefix: 24}, {Node: 2, Addr: wire.V4(10, 0, 1, 1), Prefix: 24}}, Params: [2]link.Params{slow, slow}}},
	})
	if err == nil {
		err = l.Do(lab.Exec{Line: "source 10.0.1.1 9"})
	}
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// Extremes of any stretch are those of its points, whatever the tiers.
func TestTrackKeepsExtremes(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 2))
	for _, n := range []int{0, 1, 15, 16, 17, 255, 256, 257, 5000} {
		var tr, again track
		again.add(1, 5)
		again.reset()
		for i := range n {
			v := r.Float64() * 1000
			tr.add(int64(i*3), v)
			again.add(int64(i*3), v)
		}
		for range 500 {
			i := r.IntN(n + 1)
			j := i + r.IntN(n-i+1)
			want := none()
			for k := i; k < j; k++ {
				want.take(reach{tr.lo[k], tr.lo[k]})
			}
			if got := tr.extent(i, j); got != want {
				t.Fatalf("%d points, %d to %d: %v, want %v", n, i, j, got, want)
			}
			if got := again.extent(i, j); got != want {
				t.Fatalf("after a reset, %d points, %d to %d: %v, want %v", n, i, j, got, want)
			}
		}
	}
}

// traceOf is everything that was built of a lab, to be compared.
func traceOf(m *Model, x *plotted) map[string]any {
	for x.update(m.Lab) {
	}
	all := map[string]any{}
	for dir, q := range x.queues {
		if len(q.long.at) > 0 {
			all[fmt.Sprint("queue ", dir)] = q.long
		}
	}
	for _, e := range x.known.ends {
		if e.listener {
			continue
		}
		c := x.curvesOf(e, m)
		name := fmt.Sprint(e.ref, " ")
		for what, tr := range map[string]*track{"cwnd": &c.cwnd, "ssthresh": &c.ssthresh, "flight": &c.flight, "pipe": &c.pipe, "srtt": &c.srtt, "rto": &c.rto, "rtt": &c.rtt, "una": &c.una, "edge": &c.edge, "got": &c.got} {
			all[name+what] = *tr
		}
		if f := c.flow; f != nil {
			all[name+"data"], all[name+"again"], all[name+"sacks"], all[name+"flags"], all[name+"dirs"] = f.data, f.again, f.sacks, f.flags, f.dirs
		}
	}
	return all
}

// Series that grew frame by frame, through seeks and futures that were cut off, are those that are built at once.
func TestPlotsGrowAsTheyAreBuiltAtOnce(t *testing.T) {
	for seed := range seeds.Range(t, 8) {
		r := rand.New(rand.NewPCG(seed, 1))
		m := &Model{Lang: "en"}
		m.Look(bulkLab(t, seed, uint32(r.IntN(40_000))))
		var grown plotted
		furthest := int64(0)
		for range 30 {
			at := m.Now() + int64(r.IntN(150))*ms
			switch r.IntN(8) {
			case 0:
				at = int64(r.IntN(int(furthest/ms)+1)) * ms
			case 1:
				if err := m.Lab.Do(lab.SetLink{Link: 1, Params: link.Params{BitsPerSecond: uint64(1+r.IntN(20)) * 1_000_000, DelayNs: int64(r.IntN(30)) * ms, QueuePackets: 10 + uint32(r.IntN(20))}}); err != nil {
					t.Fatal(err)
				}
				furthest = m.Now()
			}
			seek(t, m, at)
			furthest = max(furthest, at)
			grown.update(m.Lab)
			for _, e := range grown.known.ends {
				grown.curvesOf(e, m)
			}
		}
		seek(t, m, furthest)
		var once plotted
		got, want := traceOf(m, &grown), traceOf(m, &once)
		for k := range want {
			if !reflect.DeepEqual(got[k], want[k]) {
				t.Errorf("seed %d: %s grew into\n%.500v\nand at once is\n%.500v", seed, k, fmt.Sprint(got[k]), fmt.Sprint(want[k]))
			}
		}
		if len(got) != len(want) || len(got) < 12 {
			t.Errorf("seed %d: %d series grew, %d at once", seed, len(got), len(want))
		}
	}
}

// What a connection sends is followed through a NAT, on every link that it takes, and a loss beyond is marked where it was sent.
func TestPlotsFollowThroughANAT(t *testing.T) {
	m := openLab(t, "home-network", 3050*ms)
	wan := uint32(len(m.Lab.Links) - 1)
	if m.NodeName(m.Lab.EndsOf(wan)[0]) != "Router" && m.NodeName(m.Lab.EndsOf(wan)[1]) != "Router" {
		t.Fatal("the last link is not that of the router")
	}
	if err := m.Lab.Do(lab.AddRule{Rule: lab.Rule{Filter: "tcp.len > 0 && ip.src == 203.0.113.1", Nth: 1, Surgery: lab.Surgery{Action: lab.ActDrop}}}); err != nil {
		t.Fatal(err)
	}
	seek(t, m, 4000*ms)
	var x plotted
	for x.update(m.Lab) {
	}
	ends := 0
	for _, e := range x.known.ends {
		f := x.flowOf(e)
		if e.listener || f == nil {
			continue
		}
		ends++
		if len(f.dirs) != 3 || !slices.Contains(f.dirs, 2*wan) && !slices.Contains(f.dirs, 2*wan+1) {
			t.Errorf("what %s sends takes %v, of two directions of each link up to %d", m.NodeName(e.ref.Host), f.dirs, wan)
		}
		lost := slices.ContainsFunc(f.flags, func(k flag) bool { return k.kind == flagLost })
		if client := m.NodeName(e.ref.Host) == "PC"; lost != client {
			t.Errorf("of what %s sent, something was lost: %v", m.NodeName(e.ref.Host), lost)
		}
	}
	if ends != 2 {
		t.Errorf("%d ends sent something", ends)
	}
}

// What goodput shows, summed up, is what was delivered: no byte is counted twice, none is left out, nor is the FIN counted.
func TestGoodputSumsToWhatWasDelivered(t *testing.T) {
	m := &Model{Lang: "en"}
	m.Look(bulkLab(t, 3, 20_000))
	seek(t, m, 4000*ms)
	var x plotted
	for x.update(m.Lab) {
	}
	var c *curves
	for _, e := range x.known.ends {
		if !e.listener && !e.passive {
			c = x.curvesOf(e, m)
		}
	}
	delivered := float64(m.Lab.Host(2).Conns[c.peer.ref.Slot].RcvNxt - c.peer.irs - 1)
	if got := c.got.lo[len(c.got.lo)-1]; got != delivered || delivered < 100_000 {
		t.Errorf("%v bytes were received, the series says %v", delivered, got)
	}
	for _, bin := range []int64{1 * ms, 7 * ms, 50 * ms, 10_000 * ms} {
		var rates track
		bits(&rates, &c.got, 0, x.until, bin)
		sum := 0.0
		for _, v := range rates.lo {
			sum += v * float64(bin) / 8e9
		}
		if math.Abs(sum-delivered) > 0.5 {
			t.Errorf("in bins of %d ns: %v bytes, want %v", bin, sum, delivered)
		}
	}
	lost, repeated := 0, len(c.flow.again.at)
	for _, k := range c.flow.flags {
		if k.kind == flagLost {
			lost++
		}
	}
	if lost == 0 || repeated == 0 || len(c.flow.sacks.at) == 0 || len(c.rtt.at) < 10 {
		t.Errorf("%d lost, %d sent again, %d reports, %d samples", lost, repeated, len(c.flow.sacks.at), len(c.rtt.at))
	}
	if s := m.Lab.Host(0).Conns[c.end.ref.Slot]; c.next(&s.SndUna) != c.una.lo[len(c.una.lo)-1] {
		t.Errorf("acknowledged up to %v, want %v", c.una.lo[len(c.una.lo)-1], c.next(&s.SndUna))
	}
}

// next counts a sequence number from the first.
func (c *curves) next(seq *uint32) float64 { return float64(*seq - c.end.iss) }

// The textbook's session closes on both sides: no byte of its 6 and 4 is the FIN.
func TestGoodputLeavesOutTheFin(t *testing.T) {
	m := openLab(t, "four-way-close", 500*ms)
	var x plotted
	x.update(m.Lab)
	got := map[float64]bool{}
	for _, e := range x.known.ends {
		if c := x.curvesOf(e, m); !e.listener {
			got[c.got.lo[len(c.got.lo)-1]] = true
		}
	}
	if len(got) == 0 || got[7] || got[5] || !got[6] {
		t.Errorf("received: %v", got)
	}
}

// counter is a pen that counts.
type counter struct{ strokes, corners int }

func (p *counter) clip(ui.Rect)                                       {}
func (p *counter) unclip()                                            {}
func (p *counter) fill(ui.Rect, ui.Color)                             { p.strokes++ }
func (p *counter) disc(_, _, _ float32, _ ui.Color)                   { p.strokes++ }
func (p *counter) begin(ui.Color, float32, dash)                      { p.strokes++ }
func (p *counter) to(_, _ float32)                                    { p.corners++ }
func (p *counter) end()                                               {}
func (p *counter) text(ui.Rect, string, ui.Style, ui.Align, ui.Color) { p.strokes++ }

// A million points cost no more strokes than the chart has columns.
func TestPlotsCostByPixels(t *testing.T) {
	var values, spans track
	for i := range 1_000_000 {
		values.add(int64(i)*1000, float64(i%97))
		spans.addSpan(int64(i)*1000, float64(i), float64(i+1), uint32(i))
	}
	var d Plots
	d.view = stretch{0, 1_000_000_000, 0, 800}
	c := chart{scale: scale{0, 1e6, 1e5, 0, 300}}
	for _, f := range []form{formSteps, formArea, formDots} {
		var p counter
		k := curve{of: &subject{now: forever, till: forever}, t: &values, form: f}
		k.draw(&p, &d.view, &c.scale)
		if p.strokes > 4*800 || p.corners > 5*800 {
			t.Errorf("form %d: %d strokes, %d corners", f, p.strokes, p.corners)
		}
	}
	var p counter
	d.spans(&p, &c, &spans, forever, 0, 1)
	if p.strokes > 3*800 {
		t.Errorf("spans: %d strokes", p.strokes)
	}
}

// shownPlots is a view of the plots of a lab, drawn once it has read all.
func shownPlots(t *testing.T, m *Model, w, h float32) (*Plots, *rig) {
	t.Helper()
	d := new(Plots)
	r := newRig(t, w, h, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
	for range 10 {
		r.frame()
	}
	return d, r
}

func TestPlotsInTheTree(t *testing.T) {
	m := openLab(t, "four-way-close", 250*ms)
	d, r := shownPlots(t, m, 1000, 700)
	if got := r.value(t, "plots/windows"); got != "pipe 0, flight 0, cwnd 10 at 0.250 s" {
		t.Errorf("the windows are told as %q", got)
	}
	r.do(t, "plots/area", "focus", "")
	all := d.view
	for _, k := range []ebiten.Key{ebiten.KeyEqual, ebiten.KeyArrowRight} {
		before := d.view
		r.key(k)
		if d.view == before || !d.zoomed {
			t.Errorf("key %v: %v, was %v", k, d.view, before)
		}
	}
	r.key(ebiten.KeyHome)
	if d.view != all || d.zoomed {
		t.Errorf("Home shows %v, not all: %v", d.view, all)
	}
	r.do(t, "plots/times-chip", "press", "")
	if _, ok := r.Find("plots/times"); ok {
		t.Error("a chart that was switched off is there")
	}
	c := &d.charts[chartSequence]
	f := d.subjects[0].c.flow
	r.in.Outside, r.in.X, r.in.Y = false, d.view.place(f.data.at[0])+2, c.scale.place(0.5)
	r.frame()
	r.frame()
	if d.near != int64(f.data.id[0]) {
		t.Errorf("near the SYN is %d", d.near)
	}
	r.do(t, "plots/area", "press", "")
	if m.Packet != int64(f.data.id[0]) {
		t.Errorf("pressing it selected %d", m.Packet)
	}
	r.do(t, "plots/area", "menu", "")
	r.do(t, "plots/menu/go", "press", "")
	if n := len(m.Asks); n != 1 || m.Asks[0].Kind != AskSeek {
		t.Errorf("going to an instant asked for %+v", m.Asks)
	}
}

func TestPlotsAsCSV(t *testing.T) {
	m := openLab(t, "four-way-close", 500*ms)
	d, r := shownPlots(t, m, 1000, 700)
	d.order = []chartKind{chartWindows, chartSequence}
	r.frame()
	const want = `time_s,series,value
0.110059200,pipe,0
0.210057600,pipe,1
0.230220800,pipe,0
0.370052800,pipe,1
0.370052800,pipe,2
0.390161600,pipe,1
0.390214400,pipe,0
0.110059200,flight,0
0.110059200,flight,1
0.130171200,flight,0
0.210057600,flight,1
0.230220800,flight,0
0.370052800,flight,1
0.390214400,flight,0
0.110059200,cwnd,10
0.110059200,window,64240
0.130171200,window,64257
0.230220800,window,64263
0.390161600,window,64267
0.390214400,window,64268
0.110059200,ack,0
0.130171200,ack,1
0.230220800,ack,7
0.390161600,ack,11
0.390214400,ack,12
0.110059200,segment,0
0.210057600,segment,1
0.370052800,segment,7
0.370052800,segment,11
0.110059200,segment end,1
0.210057600,segment end,7
0.370052800,segment end,11
0.370052800,segment end,12
`
	if got := string(d.csv()); got != want {
		t.Errorf("got\n%s", got)
	}
	picture := string(d.svg(r.UI, m))
	for x := xml.NewDecoder(strings.NewReader(picture)); ; {
		if _, err := x.Token(); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatalf("the picture: %v", err)
		}
	}
	for _, s := range []string{"<title>", "cwnd", "FIN", "stroke-dasharray", "segments"} {
		if !strings.Contains(picture, s) {
			t.Errorf("the picture has no %s", s)
		}
	}
}

// All sizes, both languages: everything has a name; a frame in which nothing changes makes few allocations, and one that plays not many.
func TestPlotsAtAllSizes(t *testing.T) {
	m := &Model{Lang: "en"}
	m.Look(bulkLab(t, 5, 20_000))
	seek(t, m, 1500*ms)
	d, r := shownPlots(t, m, 900, 600)
	for i, name := range []string{"one", "two", "three", "two"} {
		other := bulkLab(t, 5, uint32(i)*1000)
		if err := other.SeekTo(1500 * ms); err != nil {
			t.Fatal(err)
		}
		m.LayOver(Future{name, other})
	}
	for _, lang := range words.Langs {
		m.Lang = lang
		for _, scale := range []float32{0.8, 1, 2} {
			r.TextScale = scale
			for _, size := range [][2]float32{{0, 0}, {60, 30}, {300, 150}, {900, 100}, {1500, 250}, {1600, 1200}} {
				r.w, r.h = size[0], size[1]
				r.frame()
				for _, n := range r.Tree() {
					if n.Name == "" && n.Role != ui.RoleGroup && n.Actions != 0 || strings.HasPrefix(n.Name, "[") {
						t.Errorf("%s, %v: the %s %s is called %q", lang, size, n.Role, n.ID, n.Name)
					}
				}
			}
		}
	}
	r.TextScale, r.w, r.h = 1, 1200, 800
	for _, at := range []int64{1500 * ms, 700 * ms} {
		seek(t, m, at)
		r.frame()
		r.frame()
		if n := testing.AllocsPerRun(20, r.frame); n > 10 {
			t.Errorf("a frame at %d ns makes %v allocations", at, n)
		}
	}
	if len(d.subjects) != 4 || d.subjects[1].future != "one" || d.subjects[3].future != "two" {
		t.Errorf("%d subjects, with three other futures: %q", len(d.subjects), d.subjects[len(d.subjects)-1].future)
	}
}

// transfer returns a session in which a host sends another 300 kB from second 1 on, with these commands given before, and a function
// that goes to a time.
func transfer(t *testing.T, commands ...string) (*session.Session, func(at float64)) {
	t.Helper()
	s := session.New()
	if err := s.Example("four-way-close"); err != nil {
		t.Fatal(err)
	}
	goTo := func(at float64) {
		if err := s.Seek(at); err != nil {
			t.Fatal(err)
		}
		for s.Busy() {
			s.Work(time.Second)
		}
	}
	goTo(1)
	for _, line := range commands {
		if err := s.Command(line); err != nil {
			t.Fatal(err)
		}
	}
	for _, err := range []error{s.Exec("B", "iperf -s"), s.Exec("A", "iperf -c 192.168.1.123 -n 300K")} {
		if err != nil {
			t.Fatal(err)
		}
	}
	return s, goTo
}

// Goodput is counted over enough arrivals that a steady stream looks steady, and no stream faster than its link.
func TestGoodputIsNotAComb(t *testing.T) {
	s, goTo := transfer(t)
	goTo(4)
	m := &Model{Lang: "en"}
	m.Look(s.Lab())
	for _, w := range []float32{500, 1900} {
		d := &Plots{order: []chartKind{chartGoodput}}
		r := newRig(t, w, 700, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
		for range 20 {
			r.frame()
		}
		rates := &d.charts[chartGoodput].rates[0]
		most, busy := 0.0, 0
		for _, v := range rates.lo {
			most = max(most, v)
			if v > 5e6 {
				busy++
			}
		}
		if most > 10e6*1.05 || busy < 3 { // of 10 Mbit/s headers take a part
			t.Errorf("%v wide: up to %.1f Mbit/s, and %d stretches of more than half of the link", w, most/1e6, busy)
		}
	}
}
