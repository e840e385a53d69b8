package view

import (
	"reflect"
	"testing"

	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

func vars(una, next, wnd, queued uint32) *event.Vars {
	return &event.Vars{event.VarState: uint32(tcp.Established), event.VarSndUna: una, event.VarSndNxt: next, event.VarSndWnd: wnd, event.VarSndQueued: queued}
}

// closed is what v becomes when its FIN is acknowledged.
func closed(v *event.Vars) *event.Vars {
	v[event.VarState] = uint32(tcp.TimeWait)
	return v
}

func TestSendSpans(t *testing.T) {
	const iss = 0xfffffff0 // numbers wrap around
	at := func(n uint32) uint32 { return iss + n }
	for name, c := range map[string]struct {
		vars *event.Vars
		want []span
	}{
		"SYN":         {vars(at(0), at(1), 0, 0), []span{{0, 1, spanSyn}, {1, 2, spanBeyond}}},
		"established": {vars(at(1), at(1), 1000, 0), []span{{0, 1, spanAcked}, {1, 1001, spanUsable}, {1001, 1002, spanBeyond}}},
		"in flight":   {vars(at(7), at(19), 100, 12), []span{{0, 7, spanAcked}, {7, 19, spanFlight}, {19, 107, spanUsable}, {107, 108, spanBeyond}}},
		"data and FIN": {vars(at(7), at(12), 100, 4),
			[]span{{0, 7, spanAcked}, {7, 11, spanFlight}, {11, 12, spanFin}, {12, 13, spanOver}}},
		"more than the window": {vars(at(1), at(51), 100, 500),
			[]span{{0, 1, spanAcked}, {1, 51, spanFlight}, {51, 101, spanQueued}, {101, 501, spanBlocked}, {501, 502, spanBeyond}}},
		"window shut":       {vars(at(51), at(51), 0, 30), []span{{0, 51, spanAcked}, {51, 81, spanBlocked}, {81, 82, spanBeyond}}},
		"FIN acknowledged":  {closed(vars(at(12), at(12), 100, 0)), []span{{0, 11, spanAcked}, {11, 12, spanFin}, {12, 13, spanOver}}},
		"window drawn back": {vars(at(1), at(51), 20, 50), []span{{0, 1, spanAcked}, {1, 51, spanFlight}, {51, 52, spanBeyond}}},
	} {
		if got := sendSpans(nil, c.vars, iss, unlimited, nil, false); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
}

func TestReceiveSpans(t *testing.T) {
	for name, c := range map[string]struct {
		receiver
		want []span
	}{
		"established": {receiver{next: 1, edge: 101}, []span{{0, 1, spanRead}, {1, 101, spanWindow}, {101, 102, spanOutside}}},
		"unread":      {receiver{next: 11, edge: 101, queued: 4}, []span{{0, 7, spanRead}, {7, 11, spanBuffered}, {11, 101, spanWindow}, {101, 102, spanOutside}}},
		"FIN": {receiver{next: 12, edge: 101, queued: 4, fin: true},
			[]span{{0, 7, spanRead}, {7, 11, spanBuffered}, {11, 12, spanFin}, {12, 13, spanOver}}},
		"a gap": {receiver{next: 10, edge: 100, early: []span{{20, 30, spanEarly}}},
			[]span{{0, 10, spanRead}, {10, 20, spanWindow}, {20, 30, spanEarly}, {30, 100, spanWindow}, {100, 101, spanOutside}}},
		"window shut": {receiver{next: 10, edge: 10, queued: 9}, []span{{0, 1, spanRead}, {1, 10, spanBuffered}, {10, 11, spanOutside}}},
	} {
		if got := recvSpans(nil, &c.receiver); !reflect.DeepEqual(got, c.want) {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	got := joined([]span{{30, 40, spanEarly}, {10, 20, spanEarly}, {20, 25, spanEarly}, {35, 36, spanEarly}})
	if want := []span{{10, 25, spanEarly}, {30, 40, spanEarly}}; !reflect.DeepEqual(got, want) {
		t.Errorf("joined: %v, want %v", got, want)
	}
}

// Both ends of the bar are where they should be, larger numbers stand further
// right, and no stretch is too narrow to see.
func TestSeqScale(t *testing.T) {
	for _, c := range []struct {
		width, least float32
		bars         [][]span
	}{
		{400, 40, [][]span{{{0, 1, spanAcked}, {1, 65536, spanUsable}, {65536, 65537, spanBeyond}}}},
		{400, 40, [][]span{{{0, 7, 0}, {7, 8, 0}, {8, 64240, 0}, {64240, 64241, 0}}, {{0, 3, 0}, {3, 64243, 0}, {64243, 64244, 0}}}},
		{100, 66, [][]span{{{0, 1, 0}, {1, 2, 0}, {2, 3, 0}, {3, 1 << 33, 0}}}},
		{0, 66, [][]span{{{0, 1, 0}}}},
		{300, 20, nil},
	} {
		var s seqScale
		s.fit(c.width, c.least, c.bars...)
		n := len(s.points) - 1
		if s.x(0) != 0 || n > 0 && s.x(s.points[n]) != c.width {
			t.Errorf("%v: from %v to %v", c, s.x(0), s.x(s.points[n]))
		}
		least := min(c.least, 0.6*c.width/float32(max(n, 1))) - 0.01
		for i := range n {
			if w := s.x(s.points[i+1]) - s.x(s.points[i]); w < least {
				t.Errorf("%v: %d to %d takes %v pixels, less than %v", c, s.points[i], s.points[i+1], w, least)
			}
			if at := s.at((s.x(s.points[i]) + s.x(s.points[i+1])) / 2); at < s.points[i] || at >= s.points[i+1] {
				t.Errorf("%v: in the middle between %d and %d stands %d", c, s.points[i], s.points[i+1], at)
			}
			if mid := s.x((s.points[i] + s.points[i+1]) / 2); mid < s.x(s.points[i]) || mid > s.x(s.points[i+1]) {
				t.Errorf("%v: the middle of %d to %d stands at %v", c, s.points[i], s.points[i+1], mid)
			}
		}
		if s.x(-5) != 0 || s.x(1<<40) > c.width {
			t.Errorf("%v: what lies outside stands at %v and %v", c, s.x(-5), s.x(1<<40))
		}
	}
}

func TestSeqRange(t *testing.T) {
	for _, c := range []struct {
		from, to int64
		want     string
	}{{0, 1, "0"}, {0, 7, "1–6"}, {7, 8, "7"}, {7, 19, "7–18"}} {
		if got := seqRange(c.from, c.to); got != c.want {
			t.Errorf("%d to %d: %s, want %s", c.from, c.to, got, c.want)
		}
	}
}
