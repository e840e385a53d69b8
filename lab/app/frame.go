package app

import (
	"fmt"
	"runtime"
	"slices"
	"strings"
	"time"

	"github.com/hajimehoshi/ebiten/v2"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/lab/save"
	"wirelab/lab/session"
	"wirelab/lab/ui"
	"wirelab/stack/wire"
)

// FrameBench is the workload `frame`: what the interface costs at 1280 by 720 with 1,000 packets in flight, a list of
// 100,000 and the plots, while time runs slowly. Graphics cards are left out: what is measured is Update and Draw, by the
// clock and by the processor time of their thread, which a busy machine and a card that is made of software do not add to. It
// is an ebiten.Game that ends by itself.
type FrameBench struct {
	*App
	Done   func(FrameFigures) // called once, at the end
	Mark   func(begins bool)  // called around each frame that is timed, if set, for somebody who has another clock
	timed  int                // so many frames are timed, and half as many counted
	frames int
	begun  time.Time
	used   time.Duration // of the thread, when the frame began
	spent  []int64       // ns of each frame
	work   []int64       // ns of processor time of each
	before runtime.MemStats
	after  runtime.MemStats
	allocs uint64
	draws  int
}

// FrameFigures is what `wirelab bench frame` prints.
type FrameFigures struct {
	Name           string  `json:"name"`
	Target         string  `json:"target"`
	P50Ns          int64   `json:"p50_ns"`
	P95Ns          int64   `json:"p95_ns"`
	CPUP50Ns       int64   `json:"cpu_p50_ns"` // processor time of the thread that builds the frame
	CPUP95Ns       int64   `json:"cpu_p95_ns"`
	AllocsPerFrame float64 `json:"allocs_per_frame"`
	DrawCalls      int     `json:"draw_calls"` // the most in a frame
	Frames         int     `json:"frames"`
	InFlight       int     `json:"in_flight"`
	Plots          int     `json:"plots"`
	Rows           int     `json:"rows"`
	Widgets        int     `json:"widgets"`
	Triangles      int     `json:"triangles"`
	Painted        int     `json:"painted"` // of the triangles, the others look as before
	StateHash      string  `json:"state_hash"`
}

const (
	frameWidth, frameHeight = 1280, 720

	framesWarm   = 30 // caches fill
	framePairs   = 15
	frameSpeed   = 1e-4 // some dozen packets a second, which a person can follow
	frameSeconds = 1.2  // of virtual time before the first frame
)

// NewFrameBench opens the lab of the workload, to time so many frames: fewer where a card is lacking and each takes long to paint.
func NewFrameBench(fonts *ui.Fonts, timed int) (*FrameBench, error) {
	s := session.New()
	file := save.File{Title: "frame", Scenario: frameScenario()}
	data, err := file.Encode()
	if err == nil {
		err = s.Open(data)
	}
	if err == nil {
		err = s.Seek(frameSeconds)
	}
	if err == nil {
		err = s.Speed(frameSpeed)
	}
	if err != nil {
		return nil, fmt.Errorf("the lab of the workload frame: %w", err)
	}
	for s.Busy() {
		s.Work(time.Second)
	}
	b := &FrameBench{timed: timed, App: New(Options{Session: s, Fonts: fonts}, Platform{Scale: func() float32 { return 1 }})}
	b.Frame(&ui.Input{Outside: true}, frameWidth, frameHeight, 1)
	b.choose("packets")
	b.bring("plots", &b.panes[1])
	b.down = 0.27 // so that four of them have room
	s.Play()
	return b, nil
}

// frameScenario is pairs of hosts, each with a stream that keeps a link full: about 70 segments and 35 answers on each.
func frameScenario() lab.Scenario {
	s := lab.Scenario{Seed: 1, KnowsMAC: true}
	p := link.Params{BitsPerSecond: 100_000_000, DelayNs: 8_000_000, QueuePackets: 20}
	for i := range uint32(framePairs) {
		there := wire.V4(10, 0, byte(i), 2)
		y := int32(i) * 90
		s.Nodes = append(s.Nodes,
			lab.Node{Name: fmt.Sprintf("A%d", i+1), Y: y, Startup: []string{fmt.Sprintf("source %v 9", there)}},
			lab.Node{Name: fmt.Sprintf("B%d", i+1), X: 900, Y: y, Startup: []string{"sink 9 &"}})
		s.Links = append(s.Links, lab.Link{Params: [2]link.Params{p, p}, Ends: [2]lab.LinkEnd{
			{Node: 2 * i, Addr: wire.V4(10, 0, byte(i), 1), Prefix: 24}, {Node: 2*i + 1, Addr: there, Prefix: 24}}})
	}
	return s
}

// Layout is always the size of the workload.
func (b *FrameBench) Layout(int, int) (int, int) { return frameWidth, frameHeight }

// Update builds a frame, a sixtieth of a second after the last however long that took.
func (b *FrameBench) Update() error {
	if b.frames == 0 {
		runtime.LockOSThread() // whose time it is
	}
	if b.frames == framesWarm+b.timed+b.timed/2 {
		if b.Done != nil {
			b.Done(b.figures())
			b.Done = nil
		}
		return ebiten.Termination
	}
	b.frames++
	if b.counting() {
		runtime.ReadMemStats(&b.before)
	}
	b.mark(true)
	b.begun, b.used = time.Now(), threadTime()
	b.Frame(&ui.Input{Now: time.Duration(b.frames) * time.Second / 60, Outside: true}, frameWidth, frameHeight, 1)
	return nil
}

// Draw ends what Update began to measure.
func (b *FrameBench) Draw(screen *ebiten.Image) {
	b.App.Draw(screen)
	b.mark(false)
	spent, work := time.Since(b.begun).Nanoseconds(), (threadTime() - b.used).Nanoseconds()
	switch {
	case b.counting():
		runtime.ReadMemStats(&b.after)
		b.allocs += b.after.Mallocs - b.before.Mallocs
	case b.frames > framesWarm && len(b.spent) < b.frames-framesWarm:
		b.spent, b.work = append(b.spent, spent), append(b.work, work)
		b.draws = max(b.draws, b.UI.Stats().Draws)
	}
}

func (b *FrameBench) mark(begins bool) {
	if b.Mark != nil && b.frames > framesWarm && !b.counting() {
		b.Mark(begins)
	}
}

// counting says whether allocations are counted in this frame; that takes longer than the frame.
func (b *FrameBench) counting() bool { return b.frames > framesWarm+b.timed }

func (b *FrameBench) figures() FrameFigures {
	slices.Sort(b.spent)
	slices.Sort(b.work)
	n := len(b.spent)
	l, stats := b.Session.Lab(), b.UI.Stats()
	plots := 0
	for _, node := range b.UI.Tree() {
		if strings.HasPrefix(node.ID, "plots/") && node.Role == ui.RoleImage {
			plots++
		}
	}
	f := FrameFigures{Name: "frame", Target: runtime.GOOS + "/" + runtime.GOARCH, Frames: n, P50Ns: b.spent[n/2], P95Ns: b.spent[n*95/100],
		CPUP50Ns: b.work[n/2], CPUP95Ns: b.work[n*95/100], AllocsPerFrame: float64(b.allocs) / float64(b.timed/2), DrawCalls: b.draws, Rows: b.Model.Packets(),
		Plots: plots, Widgets: stats.Nodes, Triangles: stats.Triangles, Painted: stats.Painted, StateHash: b.Session.Status().StateHash}
	for i := range l.Links {
		for d := range 2 {
			flight := &l.LinkAt(i).Dir[d].Flight
			for j := range flight.Len() {
				if flight.At(j).Start <= l.Position().TimeNs {
					f.InFlight++
				}
			}
		}
	}
	return f
}
