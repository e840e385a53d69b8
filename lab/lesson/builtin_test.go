package lesson

import (
	"strings"
	"testing"

	"wirelab/lab"
	"wirelab/lab/trace"
	"wirelab/stack/tcp"
)

// dump plays a built-in lab and returns what tcpdump would have printed.
func dump(t *testing.T, name string, style trace.Style, until int64) string {
	t.Helper()
	l, err := Builtin(name)
	if err != nil {
		t.Fatal(err)
	}
	d := trace.Dump{Style: style}
	var b strings.Builder
	if err := l.Frames(until, func(at int64, frame []byte) { b.WriteString(d.Line(at, frame) + "\n") }); err != nil {
		t.Fatal(err)
	}
	return b.String()
}

func TestHandshakeCapture(t *testing.T) {
	const want = `00:00:00.100000 IP 192.168.1.116.3337 > 192.168.1.123.7788: Flags [S], seq 3626544836, win 64240, options [mss 1460,sackOK,TS val 1838391855 ecr 0,nop,wscale 7], length 0
00:00:00.110059 IP 192.168.1.123.7788 > 192.168.1.116.3337: Flags [S.], seq 1739326486, ack 3626544837, win 65160, options [mss 1460,sackOK,TS val 3833873345 ecr 1838391855,nop,wscale 7], length 0
00:00:00.120118 IP 192.168.1.116.3337 > 192.168.1.123.7788: Flags [.], ack 1, win 502, options [nop,nop,TS val 1838391875 ecr 3833873345], length 0
`
	if got := dump(t, "handshake-capture", trace.Current, 10*second); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
	classic := dump(t, "handshake-capture", trace.Classic, 10*second)
	for _, line := range []string{"S 3626544836:3626544836(0)", "S 1739326486:1739326486(0) ack 3626544837", ". ack 1 "} {
		if !strings.Contains(classic, line) {
			t.Errorf("the classic capture lacks %q:\n%s", line, classic)
		}
	}
}

func TestFourWayClose(t *testing.T) {
	got := dump(t, "four-way-close", trace.Current, 2*second)
	at := 0
	for _, want := range []string{"116.3337 > 192.168.1.123.7788: Flags [F.]", "123.7788 > 192.168.1.116.3337: Flags [.]",
		"123.7788 > 192.168.1.116.3337: Flags [F.], seq 11", "116.3337 > 192.168.1.123.7788: Flags [.], ack 12"} {
		i := strings.Index(got[at:], want)
		if i < 0 {
			t.Fatalf("no %q in its place in\n%s", want, got)
		}
		at += i
	}
	l, err := Builtin("four-way-close")
	if err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		at   int64
		a, b tcp.State
	}{{305_000_000, tcp.FinWait1, tcp.Established}, {365_000_000, tcp.FinWait2, tcp.CloseWait}, {375_000_000, tcp.FinWait2, tcp.LastAck}, {2 * second, tcp.TimeWait, tcp.Closed}} {
		if err := l.SeekTo(c.at); err != nil {
			t.Fatal(err)
		}
		if a, b := state(l, 0), state(l, 1); a != c.a || b != c.b {
			t.Errorf("at %d ms: %v and %v, want %v and %v", c.at/1e6, a, b, c.a, c.b)
		}
	}
}

// state returns where the connection of a host stands that is not a listener.
func state(l *lab.Lab, host uint32) tcp.State {
	h := l.Host(host)
	for i := range h.Conns {
		if c := &h.Conns[i]; c.State != tcp.Listen && c.State != tcp.Closed {
			return c.State
		}
	}
	return tcp.Closed
}

func TestLostSYN(t *testing.T) {
	var times []string
	for line := range strings.Lines(dump(t, "lost-syn", trace.Current, 10*second)) {
		if strings.Contains(line, "Flags [S],") {
			times = append(times, line[:9])
		}
	}
	if got := strings.Join(times, " "); got != "00:00:00. 00:00:01. 00:00:03." {
		t.Errorf("SYNs at %s", got)
	}
}

func TestUnknownName(t *testing.T) {
	if _, err := Builtin("nonsense"); err == nil || !strings.Contains(err.Error(), "lost-syn") {
		t.Errorf("err = %v", err)
	}
}
