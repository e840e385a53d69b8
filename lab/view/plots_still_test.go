package view

import (
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"strings"
	"testing"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/lab/ui"
	"wirelab/stack/seeds"
)

// recorder is a pen that notes what it is told to draw.
type recorder struct {
	what  []string
	where []float32
}

func (p *recorder) note(r ui.Rect, what ...any) {
	p.what, p.where = append(p.what, fmt.Sprint(what...)), append(p.where, r.X, r.Y, r.W, r.H)
}
func (p *recorder) clip(r ui.Rect)                        { p.note(r, "clip") }
func (p *recorder) unclip()                               {}
func (p *recorder) fill(r ui.Rect, c ui.Color)            { p.note(r, "fill", c) }
func (p *recorder) disc(x, y, radius float32, c ui.Color) { p.note(ui.R(x, y, radius, 0), "disc", c) }
func (p *recorder) begin(c ui.Color, width float32, d dash) {
	p.note(ui.R(width, d.on, d.off, 0), "line", c)
}
func (p *recorder) to(x, y float32) { p.note(ui.R(x, y, 0, 0), "to") }
func (p *recorder) end()            {}
func (p *recorder) text(r ui.Rect, s string, style ui.Style, align ui.Align, c ui.Color) {
	p.note(r, s, style, align, c)
}

// same says that nobody could see a difference.
func (p *recorder) same(o *recorder) bool {
	for i := range min(len(p.where), len(o.where)) {
		if math.Abs(float64(p.where[i]-o.where[i])) > 2*ui.Stillness {
			return false
		}
	}
	return slices.Equal(p.what, o.what)
}

// As long as a chart is said to look the same, what would be drawn is the same: while it plays, after seeks, in other futures,
// laid over each other, with other charts, selections and sizes.
func TestChartsThatLookTheSameAre(t *testing.T) {
	for seed := range seeds.Range(t, 3) {
		r := rand.New(rand.NewPCG(seed, 7))
		m := &Model{Lang: "en"}
		m.Look(bulkLab(t, seed, uint32(r.IntN(30_000))))
		seek(t, m, 300*ms)
		d, rig := shownPlots(t, m, 900, 700)
		var looks [chartKinds]chartLook
		var drawn [chartKinds]*recorder
		kept, anew := 0, 0
		for range 300 {
			disturb(t, r, m, d, rig)
			rig.frame()
			if len(d.subjects) == 0 {
				continue
			}
			for k := range d.charts {
				c := &d.charts[k]
				if !c.shown {
					continue
				}
				now := new(recorder)
				d.chart(rig.UI, now, c, m)
				look := d.lookOf(c, m)
				switch before := drawn[k]; {
				case before == nil || looks[k] != look:
					looks[k], drawn[k] = look, now
					anew++
				case !now.same(before):
					t.Fatalf("seed %d, at %d ns: %s looks otherwise than it is said to", seed, m.Now(), chartIDs[k])
				default:
					kept++
				}
			}
		}
		if kept < 100 || anew < 100 {
			t.Errorf("seed %d: %d charts were kept, %d drawn anew", seed, kept, anew)
		}
	}
}

// disturb lets some time pass, most of the time, or changes something.
func disturb(t *testing.T, r *rand.Rand, m *Model, d *Plots, rig *rig) {
	t.Helper()
	switch r.IntN(16) {
	case 0:
		seek(t, m, int64(r.IntN(600))*ms)
	case 1:
		bits := uint64(1+r.IntN(20)) * 1_000_000
		p := link.Params{BitsPerSecond: bits, DelayNs: 15 * ms, QueuePackets: 20}
		if err := m.Lab.Do(lab.SetLink{Link: 1, Params: p}); err != nil {
			t.Fatal(err)
		}
	case 2:
		d.toggle(chartKind(r.IntN(int(chartKinds))))
	case 3:
		m.Packet = int64(r.IntN(int(m.Lab.Trace.Len())))
	case 4:
		rig.w = float32(500 + r.IntN(500))
	case 5:
		if m.Futures = nil; r.IntN(2) == 0 {
			other := bulkLab(t, r.Uint64(), 0)
			if err := other.SeekTo(300 * ms); err != nil {
				t.Fatal(err)
			}
			m.Futures = []Future{{Name: "other", Lab: other}}
		}
	default:
		seek(t, m, m.Now()+int64(r.IntN(20_000)))
	}
}

// A chart that there is no room for is not shown as on; pressing it gives it the room of another.
func TestAChartWithoutRoom(t *testing.T) {
	m := &Model{Lang: "en"}
	m.Look(bulkLab(t, 1, 0))
	seek(t, m, 500*ms)
	var d Plots
	r := newRig(t, 900, 180, func(u *ui.UI, r ui.Rect) { d.Draw(u, r, m) })
	on := func() (ids []string) {
		r.frame()
		r.frame()
		for _, n := range r.Tree() {
			if id, ok := strings.CutSuffix(n.ID, "-chip"); ok && n.Flags&ui.Selected != 0 {
				ids = append(ids, strings.TrimPrefix(id, "plots/"))
			}
		}
		return ids
	}
	if got := on(); !slices.Equal(got, []string{"sequence"}) {
		t.Fatalf("on are %v", got)
	}
	r.do(t, "plots/times-chip", "press", "")
	if got := on(); !slices.Equal(got, []string{"times"}) {
		t.Errorf("after a press on times, on are %v", got)
	}
}

// The R beside what was sent again lies on no word of a flag: a FIN that is sent again has both.
func TestAnRLiesOnNoFlag(t *testing.T) {
	d, rig := shownPlots(t, openLossy(t), 1280, 480)
	for _, scale := range []float32{1, 1.4, 2} {
		rig.TextScale = scale
		rig.frame()
		rig.frame()
		checkRs(t, d, rig)
	}
	crowded := &Model{Lang: "en"}
	crowded.Look(bulkLab(t, 3, 20_000))
	seek(t, crowded, 2500*ms)
	for w := float32(400); w < 1300; w += 100 {
		d, rig := shownPlots(t, crowded, w, 300)
		rig.TextScale = 2
		rig.frame()
		rig.frame()
		checkRs(t, d, rig)
	}
}

func checkRs(t *testing.T, d *Plots, rig *rig) {
	t.Helper()
	drawn := new(recorder)
	d.chart(rig.UI, drawn, &d.charts[chartSequence], &Model{Lang: "en", Packet: -1})
	var letters, words []ui.Rect
	for i, what := range drawn.what {
		at := drawn.where[4*i:]
		word, _, _ := strings.Cut(what, "{")
		box := ui.R(at[0], at[1], rig.UI.Width(word, ui.CodeTiny), at[3])
		switch word {
		case "R":
			letters = append(letters, box)
		case "FIN", "SYN":
			words = append(words, box)
		}
	}
	if len(letters) < 1 || len(words) < 1 {
		t.Fatalf("%d letters and %d words", len(letters), len(words))
	}
	for _, r := range letters {
		if i := slices.IndexFunc(words, r.Overlaps); i >= 0 {
			t.Errorf("an R at %v lies on the word at %v", r, words[i])
		}
	}
}
