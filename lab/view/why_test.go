package view

import (
	"slices"
	"strings"
	"testing"

	"wirelab/lab/session"
	"wirelab/lab/ui"
)

// The chain says what a packet is once; of the links that it crossed before it says only what is new: where, when, how long it
// waited, and the addresses before a translation.
func TestTheChainSaysOnceWhatAPacketIs(t *testing.T) {
	s := session.New()
	if err := s.Example("home-network"); err != nil {
		t.Fatal(err)
	}
	if err := s.Lab().SeekTo(3300 * ms); err != nil {
		t.Fatal(err)
	}
	m := &Model{Lang: "en"}
	m.Look(s.Lab())
	m.Explain = func(packet uint64) []string {
		lines, err := s.Why(packet + 1)
		if err != nil {
			t.Error(err)
		}
		return lines
	}
	m.Select(81)
	var d Why
	r := newRig(t, 600, 4000, func(u *ui.UI, box ui.Rect) { d.Draw(u, box, m) })
	chain := func() (lines []string, full string) {
		for _, n := range r.Tree() {
			if strings.HasPrefix(n.ID, "why/chain/") {
				lines = append(lines, n.Name)
				full += n.Name + "\n" + n.Value + "\n"
			}
		}
		return lines, full
	}
	lines, full := chain()
	for _, want := range []string{
		"3.091695 s: Switch sent it as packet 80, addressed 192.168.1.100.34104 > 203.0.113.80.80 — a switch passes on what it gets (IEEE 802.1D)",
		"3.091589 s: PC sent it as packet 78 — SYN·ACK arrived: the handshake is acknowledged (RFC 9293 §3.10.7.3)",
		"3.000527 s: Switch sent it as packet 64, addressed 192.168.1.100.43773 > 203.0.113.80.53, and Router kept it for 30.1 ms — a switch passes on what it gets (IEEE 802.1D)",
	} {
		if !slices.Contains(lines, want) {
			t.Errorf("missing: %s", want)
		}
	}
	told := 0
	for _, what := range []string{"Flags [.], ack 1,", "Flags [S.], seq", "Flags [S], seq", "1/0/0 A 203.0.113.80 (49)", "A? www.example.org. (33)"} {
		if n := strings.Count(strings.Join(lines, "\n"), what); n != 1 {
			t.Errorf("%q is said %d times", what, n)
		}
		told += strings.Count(full, what)
	}
	if told != 15 {
		t.Errorf("of 15 lines about packets %d tell all to somebody who asks", told)
	}
	if err := s.Lang("zh"); err != nil {
		t.Fatal(err)
	}
	m.Lang = "zh"
	r.frame()
	r.frame()
	if lines, _ = chain(); !slices.Contains(lines, "3.000527 s：Switch 把它作为第 64 个包发出，地址为 192.168.1.100.43773 > 203.0.113.80.53，随后在 Router 停留 30.1 ms——交换机把收到的转发出去（IEEE 802.1D）") {
		t.Errorf("in Chinese: %s", strings.Join(lines, "\n"))
	}
}
