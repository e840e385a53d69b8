package view

import (
	"reflect"
	"strconv"
	"testing"

	"wirelab/lab/ui"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

// The congestion window cuts what the peer's window admits, whether the program has written it or not.
func TestCwndCutsTheWindow(t *testing.T) {
	for name, c := range map[string]struct {
		vars *event.Vars
		cwnd int64
		want []span
	}{
		"nothing written": {vars(1, 1, 100, 0), 41,
			[]span{{0, 1, spanAcked}, {1, 41, spanUsable}, {41, 101, spanShut}, {101, 102, spanBeyond}}},
		"written beyond": {vars(1, 11, 100, 500), 41,
			[]span{{0, 1, spanAcked}, {1, 11, spanFlight}, {11, 41, spanQueued}, {41, 101, spanHeld}, {101, 501, spanBlocked}, {501, 502, spanBeyond}}},
		"written a little": {vars(1, 11, 100, 20), 41,
			[]span{{0, 1, spanAcked}, {1, 11, spanFlight}, {11, 21, spanQueued}, {21, 41, spanUsable}, {41, 101, spanShut}, {101, 102, spanBeyond}}},
		"written more": {vars(1, 11, 100, 60), 41,
			[]span{{0, 1, spanAcked}, {1, 11, spanFlight}, {11, 41, spanQueued}, {41, 61, spanHeld}, {61, 101, spanShut}, {101, 102, spanBeyond}}},
		"used up": {vars(1, 41, 100, 500), 41,
			[]span{{0, 1, spanAcked}, {1, 41, spanFlight}, {41, 101, spanHeld}, {101, 501, spanBlocked}, {501, 502, spanBeyond}}},
		"more under way than it has": {vars(1, 41, 100, 40), 21,
			[]span{{0, 1, spanAcked}, {1, 41, spanFlight}, {41, 101, spanShut}, {101, 102, spanBeyond}}},
		"larger than the window": {vars(1, 11, 100, 0), 500,
			[]span{{0, 1, spanAcked}, {1, 11, spanFlight}, {11, 101, spanUsable}, {101, 102, spanBeyond}}},
		"window shut": {vars(51, 51, 0, 30), 91, []span{{0, 51, spanAcked}, {51, 81, spanBlocked}, {81, 82, spanBeyond}}},
	} {
		if got := sendSpans(nil, c.vars, 0, c.cwnd, nil, false); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

// How far the congestion window reaches counts what may be on its way, not what was SACKed or is lost.
func TestCwndReach(t *testing.T) {
	const iss = 0xfffffff0
	at := func(una, next, cwnd, pipe uint32) *event.Vars {
		return &event.Vars{event.VarSndUna: iss + una, event.VarSndNxt: iss + next, event.VarCwnd: cwnd, event.VarFlight: pipe, event.VarMSS: 1000}
	}
	for name, c := range map[string]struct {
		vars   *event.Vars
		quirks uint32
		want   int64
	}{
		"nothing sent":           {at(1, 1, 10, 0), 0, 10_001},
		"full segments":          {at(1, 4001, 10, 4), 0, 10_001}, // SND.UNA and cwnd
		"used up":                {at(1, 4001, 4, 4), 0, 4001},
		"a small segment counts": {at(1, 7, 10, 1), 0, 9007},
		"two of ten SACKed":      {at(1, 10_001, 9, 8), 0, 11_001},
		"too much under way":     {at(1, 10_001, 5, 8), 0, 7001},
		"after a timeout":        {at(1, 10_001, 1, 20), 0, 1},
		"stop and wait":          {at(1, 1, 10, 0), tcp.QuirkStopAndWait, 1001},
		"no congestion control":  {at(1, 1, 10, 0), tcp.QuirkNoCongestionControl, unlimited},
	} {
		if got := cwndReach(c.vars, iss, c.quirks); got != c.want {
			t.Errorf("%s: %d, want %d", name, got, c.want)
		}
	}
}

// At many instants of a transfer with loss, the key above the bars says what the sender itself reckons, and the mark of the
// congestion window stands at the number that it reaches, or points beyond the bar.
func TestWindowsSayWhatCwndAllows(t *testing.T) {
	m := &Model{Lang: "en"}
	m.Look(bulkLab(t, 3, 20_000))
	var d Connection
	r := newRig(t, 1000, 600, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
	cut, recovering := 0, 0
	for at := int64(50); at < 1500; at += 17 {
		seek(t, m, at*ms)
		r.frame()
		w, c := &d.windows[0], d.ends[0].end.live(m.Lab)
		window := int64(c.SndWnd) - int64(c.SndNxt-c.SndUna)
		may := max(0, min((int64(c.Cwnd)-int64(c.InFlight()))*int64(c.SndMSS), window))
		for id, n := range map[string]int64{"now": may, "held": max(window, 0) - may} {
			want := map[string]string{"now": "may be sent ", "held": "held by cwnd "}[id] + thousands(uint64(n))
			if got, ok := r.Find("connection/windows/forth/" + id); !ok || got.Name != want {
				t.Fatalf("at %d ms: %q, want %q", at, got.Name, want)
			}
		}
		mark, ok := r.Find("connection/windows/forth/cwnd")
		bar, _ := r.Find("connection/windows/forth/send")
		if !ok {
			t.Fatalf("at %d ms there is no mark", at)
		}
		for i, s := range w.send {
			if s.kind == spanHeld || s.kind == spanShut {
				cut++
				cell, _ := r.Find("connection/windows/forth/send/" + strconv.Itoa(i))
				if x := bar.Bounds.X + w.scale.x(w.cwnd.at); c.InFlight() <= c.Cwnd && (x != cell.Bounds.X || x < mark.Bounds.X || x > mark.Bounds.Right()) {
					t.Fatalf("at %d ms the mark stands at %v in %v, what it holds back begins at %v", at, x, mark.Bounds, cell.Bounds.X)
				}
				break
			}
		}
		if c.CA == tcp.Recovery {
			recovering++
		}
	}
	if cut < 20 || recovering < 5 {
		t.Errorf("cwnd cut the window %d times, and %d instants are in recovery", cut, recovering)
	}
	if n := testing.AllocsPerRun(20, r.frame); n > 45 {
		t.Errorf("a frame makes %v allocations", n)
	}
}

// Where cwnd is larger than what the other end takes, the mark points beyond the bar, and says so; a key without room for names has the numbers.
func TestCwndBeyondTheBar(t *testing.T) {
	m := openLab(t, "four-way-close", 250*ms)
	var d Connection
	r := newRig(t, 1000, 600, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
	r.frame()
	w := &d.windows[0]
	w.cwnd.at = w.send[len(w.send)-1].from + 1
	w.fit(400, 20, m)
	if !w.cwnd.past {
		t.Error("the mark does not point beyond the bar")
	}
	w.cwnd.at--
	w.fit(400, 20, m)
	if w.cwnd.past {
		t.Error("the mark points beyond the bar where it could stand")
	}
	for _, c := range []struct {
		width float32
		short bool
	}{{600, false}, {250, true}} {
		line := ui.R(0, 0, c.width, 14)
		_, long := w.placeKey(r.UI, line, ui.R(100, 0, 40, 14), false)
		at, fits := w.placeKey(r.UI, line, ui.R(100, 0, 40, 14), true)
		if long == c.short || !fits {
			t.Errorf("%v wide: long %v, short %v", c.width, long, fits)
		}
		if at[0].Overlaps(ui.R(100, 0, 40, 14)) || at[1].Overlaps(ui.R(100, 0, 40, 14)) || at[0].Overlaps(at[1]) || at[1].Right() > c.width {
			t.Errorf("%v wide: the key stands at %v", c.width, at)
		}
	}
}
