package view

import (
	"reflect"
	"testing"

	"wirelab/lab/ui"
)

func TestInFlight(t *testing.T) {
	pieces := []span{{1, 101, spanAgain}, {101, 301, spanSacked}, {301, 401, spanFlight}, {401, 501, spanLost}}
	for _, c := range []struct {
		pieces   []span
		from, to int64
		want     []span
	}{
		{nil, 1, 501, []span{{1, 501, spanFlight}}},
		{pieces, 1, 501, []span{{1, 101, spanAgain}, {101, 301, spanSacked}, {301, 401, spanFlight}, {401, 501, spanLost}}},
		{pieces, 1, 450, []span{{1, 101, spanAgain}, {101, 301, spanSacked}, {301, 401, spanFlight}, {401, 450, spanLost}}}, // before the FIN
		{pieces, 1, 900, []span{{1, 101, spanAgain}, {101, 301, spanSacked}, {301, 401, spanFlight}, {401, 501, spanLost}, {501, 900, spanFlight}}},
		{pieces, 51, 201, []span{{51, 101, spanAgain}, {101, 201, spanSacked}}},
		{pieces, 1, 1, nil},
	} {
		if got := inFlight(nil, c.pieces, c.from, c.to); !reflect.DeepEqual(got, c.want) {
			t.Errorf("[%d, %d) of %v: %v, want %v", c.from, c.to, c.pieces, got, c.want)
		}
	}
}

// At many instants of a transfer with loss the sender's bar shows as much SACKed, lost and sent again as the sender counts.
func TestTheSendersBarShowsWhatItKnows(t *testing.T) {
	m := &Model{Lang: "en"}
	m.Look(bulkLab(t, 3, 20_000))
	var d Connection
	r := newRig(t, 1000, 600, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
	seen := map[spanKind]int{}
	for at := int64(50); at < 2500; at += 7 {
		seek(t, m, at*ms)
		r.frame()
		c := d.ends[0].end.live(m.Lab)
		bytes := map[spanKind]int64{}
		at := int64(0)
		for _, s := range d.windows[0].send {
			if s.from != at {
				t.Fatalf("there is a hole before %d: %v", s.from, d.windows[0].send)
			}
			at = s.to
			bytes[s.kind] += s.to - s.from
		}
		mss := int64(c.SndMSS) // all segments are full but the last ones
		for kind, n := range map[spanKind]uint32{spanSacked: c.SackedOut, spanAgain: c.RetransOut, spanLost: c.LostOut - min(c.LostOut, c.RetransOut)} {
			if got, want := bytes[kind], int64(n)*mss; got > want || got < want-2*mss {
				t.Errorf("at %d ms %s are %d bytes, of %d segments", m.Now()/ms, spanKeys[kind], got, n)
			}
			if n > 0 {
				seen[kind]++
			}
		}
		if una, next := int64(c.SndUna-c.ISS), int64(c.SndNxt-c.ISS); bytes[spanFlight]+bytes[spanSacked]+bytes[spanAgain]+bytes[spanLost]+bytes[spanFin]+bytes[spanSyn] < next-una {
			t.Errorf("at %d ms not all of %d to %d is shown: %v", m.Now()/ms, una, next, d.windows[0].send)
		}
	}
	for _, kind := range []spanKind{spanSacked, spanAgain, spanLost} {
		if seen[kind] < 3 {
			t.Errorf("%s was seen at %d instants only", spanKeys[kind], seen[kind])
		}
	}
}

// When all is over, the FIN is one at both ends, and no byte of data.
func TestTheFINStaysAFIN(t *testing.T) {
	m := openLab(t, "four-way-close", 500*ms)
	m.Lang = "en"
	var d Connection
	r := newRig(t, 1000, 600, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
	r.frame()
	for i, data := range []int64{7, 11} { // "hello\n", and that with "bye\n": one more for the SYN
		w := &d.windows[i]
		for k, bar := range [...][]span{w.send, w.recv} {
			want := [2]spanKind{spanAcked, spanRead}[k]
			if len(bar) < 2 || bar[0] != (span{0, data, want}) || bar[1] != (span{data, data + 1, spanFin}) {
				t.Errorf("direction %d, end %d: %v", i, k, bar)
			}
		}
	}
}
