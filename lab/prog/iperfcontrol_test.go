package prog

import (
	"slices"
	"testing"
)

// A text of the control connection is taken when all of it is here, and what follows it stays.
func TestIperfTexts(t *testing.T) {
	for _, c := range []struct {
		in   []byte
		text string
		ok   bool
		rest []byte
	}{
		{[]byte{0, 0, 0}, "", false, []byte{0, 0, 0}},
		{[]byte{0, 0, 0, 2, 'a'}, "", false, []byte{0, 0, 0, 2, 'a'}},
		{[]byte{0, 0, 0, 2, 'a', 'b', 14}, "ab", true, []byte{14}},
		{[]byte{0, 0, 0, 0}, "", true, nil},
		{[]byte{255, 0, 0, 0, 1}, "", true, nil}, // longer than any text
	} {
		f := Iperf{In: c.in}
		text, ok := f.takeText()
		if text != c.text || ok != c.ok || !slices.Equal(f.In, c.rest) {
			t.Errorf("%v: %q, %t, and %v stays", c.in, text, ok, f.In)
		}
	}
}

// The figures of iperf3 itself are understood, and figures without sense do no harm.
func TestIperfResults(t *testing.T) {
	f := Iperf{Streams: make([]Stream, 2)}
	f.peerResults(`{"cpu_util_total":1.5,"streams":[{"id":1,"bytes":261000,"retransmits":-1,"jitter":0.0029,"errors":3,"packets":181,"start_time":0,"end_time":2.02},{"id":3,"bytes":7,"retransmits":4,"end_time":1}]}`)
	a, b := &f.Streams[0], &f.Streams[1]
	if a.PeerBytes != 261000 || a.PeerCounted != (Counted{181, 3, 2_900_000}) || a.PeerNs != 2_020_000_000 || b.PeerBytes != 7 || b.PeerRetr != 4 || b.PeerNs != 1_000_000_000 {
		t.Errorf("%+v", f.Streams)
	}
	f = Iperf{Streams: make([]Stream, 1)}
	f.peerResults(`{"id":1,"bytes":x}{"id":2,"bytes":5}{"id":`)
	if s := &f.Streams[0]; s.PeerBytes != 0 || s.PeerNs != 0 {
		t.Errorf("%+v", s)
	}
	if got := (&Counted{3453, 1745, 711_000}).line(false, "receiver"); got != "  0.711 ms  1745/3453 (51%)  receiver" {
		t.Error(got)
	}
	for _, c := range [][2]uint64{{1, 250}, {11, 261}, {1, 3}, {99, 100}, {100, 100}} {
		got := twoDigits(c[0]*100, c[1])
		want := map[uint64]string{250: "0.4", 261: "4.2", 3: "33", 100: "99"}[c[1]]
		if c[0] == c[1] {
			want = "1e+02"
		}
		if got != want {
			t.Errorf("%d of %d: %s, not %s", c[0], c[1], got, want)
		}
	}
}
