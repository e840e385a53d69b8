package filter

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"wirelab/stack/seeds"
)

// shared are conditions that both syntaxes can say. Wireshark gives a segment a length only if its header is all there and no shorter
// than any header can be; a capture filter has to say so.
var shared = []struct{ display, capture string }{
	{"eth.type == 0x800", "ip"},
	{"arp", "arp"},
	{"tcp.flags.syn == 1", "tcp[tcpflags] & tcp-syn != 0"},
	{"tcp#1 and tcp.len > 0 and ip.proto#1 == 6", "tcp[12] >= 0x50 and ip[2:2] > ((ip[0] & 15) << 2) + ((tcp[12] & 0xf0) >> 2)"},
	{"tcp.port == 80", "tcp port 80"},
	{"udp.port#1 == 53 and ip.proto#1 == 17", "udp port 53"},
	{"ip.src#1 == 10.0.0.1 or arp.src.proto_ipv4 == 10.0.0.1", "src host 10.0.0.1"},
	{"ip.addr#1 == 10.0.0.0/8 or arp.src.proto_ipv4 == 10.0.0.0/8 or arp.dst.proto_ipv4 == 10.0.0.0/8", "net 10.0.0.0/8"},
	{"frame.len >= 60", "greater 60"},
	{"icmp.type#1 == 8", "icmp[icmptype] = icmp-echo"},
	{"ipv6.addr#1 == fe80::1", "host fe80::1"},
	{"eth.src == 02:00:00:00:00:01", "ether src 02:00:00:00:00:01"},
	{"ip.ttl#1 > 63", "ip[8] > 63"},
	{"ipv6.dst#1 == ff00::/8", "ip6 multicast"},
}

// pair draws one condition in both syntaxes.
func pair(t *rapid.T, depth int) (d, c string) {
	if depth == 0 || rapid.IntRange(0, 2).Draw(t, "leaf") == 0 {
		s := rapid.SampledFrom(shared).Draw(t, "shared")
		return "(" + s.display + ")", "(" + s.capture + ")"
	}
	d, c = pair(t, depth-1)
	d2, c2 := pair(t, depth-1)
	switch rapid.IntRange(0, 2).Draw(t, "join") {
	case 0:
		return "(" + d + " && " + d2 + ")", "(" + c + " and " + c2 + ")"
	case 1:
		return "(" + d + " or " + d2 + ")", "(" + c + " || " + c2 + ")"
	}
	return "!" + d, "not " + c
}

// damaged draws a frame: a good one, or one with bytes changed.
func damaged(t *rapid.T) []byte {
	frame := append([]byte{}, allFrames[rapid.IntRange(0, len(letters)-1).Draw(t, "frame")]...)
	for range rapid.IntRange(0, 3).Draw(t, "changes") {
		at := rapid.SampledFrom([]int{23, 26, 29, 30, 33, 34, 36, 37, 47, 54}).Draw(t, "at") // no length, no version
		if at < len(frame) {
			frame[at] = rapid.Byte().Draw(t, "byte")
		}
	}
	return frame
}

// rejects reports whether a capture filter asks for bytes that the frame lacks. Then it takes no frame, even if it asks for the
// opposite: no display filter does that.
func (f *Filter) rejects(p *Packet) bool {
	m := machine{p: p, frame: p.Frame}
	m.view(true)
	if f.root.op == opStrict {
		m.test(f.root.kids[0])
	}
	return m.outside
}

func TestBothSyntaxesAgree(t *testing.T) {
	compared := 0
	seeds.Check(t, func(t *rapid.T) {
		d, c := pair(t, 3)
		fd, err := Display(d)
		if err != nil {
			t.Fatalf("%s: %v", d, err)
		}
		fc, err := Capture(c)
		if err != nil {
			if errors.As(err, new(*Error)) && err.(*Error).What == TooLong {
				return
			}
			t.Fatalf("%s: %v", c, err)
		}
		frame := damaged(t)
		if fc.rejects(packetOf(frame)) {
			return
		}
		compared++
		if p := packetOf(frame); fd.Match(p) != fc.Match(p) {
			t.Fatalf("%s: %t; %s: %t (%s)\n%x", d, fd.Match(p), c, fc.Match(p), fc, frame)
		}
	})
	if compared == 0 {
		t.Error("no frame was compared")
	}
}

// condition draws a condition, well typed or not.
func condition(t *rapid.T, depth int) string {
	if depth > 0 {
		a := condition(t, depth-1)
		switch rapid.IntRange(0, 6).Draw(t, "op") {
		case 0:
			return "not " + a
		case 1:
			return "(" + a + ")"
		case 2:
			return a + " and " + condition(t, depth-1)
		case 3:
			return a + " or " + condition(t, depth-1)
		case 4:
			return a + " xor " + condition(t, depth-1)
		}
	}
	var keys []string
	each(func(r *ref) bool { keys = append(keys, r.key); return true })
	field := rapid.SampledFrom(keys).Draw(t, "field")
	values := []string{"1", "0x10", "80", "2s", "64KiB", "10.0.0.1", "10.0.0.0/24", "fe80::1", "02:00:00:00:00:01", "0d:0a", `"GET\n"`, `"ESTABLISHED"`, "true", "tcp.len", "-3", "tcp[13:1]", "ip.src", "{tcp.len + 2} * -tcp.seq"}
	value := rapid.SampledFrom(values).Draw(t, "value")
	switch rapid.IntRange(0, 6).Draw(t, "form") {
	case 0:
		return field
	case 1:
		return field + " in {" + value + "," + rapid.SampledFrom(values).Draw(t, "more") + "}"
	case 2:
		return field + " contains " + value
	case 3:
		return field + rapid.SampledFrom([]string{"[1:2]", "[-2:]", "[0]", "#1", "#2[:3]"}).Draw(t, "part") + " == " + value
	case 4:
		return field + rapid.SampledFrom([]string{" & ", " + ", " << ", " % "}).Draw(t, "arith") + value + " > 3"
	}
	sign := rapid.SampledFrom([]string{"==", "!=", "===", "!==", "<", "<=", ">", ">=", "eq", "ne"}).Draw(t, "sign")
	return rapid.SampledFrom([]string{"", "any ", "all "}).Draw(t, "quantifier") + field + " " + sign + " " + value
}

// roundTrip says how the normalised text of a filter means something else, or "".
func roundTrip(f *Filter) string {
	again, err := Display(f.String())
	if err != nil {
		return fmt.Sprintf("%q, the normalised text, is not understood: %v", f, err)
	}
	if again.String() != f.String() {
		return fmt.Sprintf("%q becomes %q", f, again)
	}
	for i, frame := range allFrames {
		if p := packetOf(frame); f.Match(p) != again.Match(p) {
			return fmt.Sprintf("%q does not mean the same for frame %d", f, i)
		}
	}
	return ""
}

func TestNormalisedTextMeansTheSame(t *testing.T) {
	understood := 0
	seeds.Check(t, func(t *rapid.T) {
		text := condition(t, 2)
		f, err := Display(text)
		if err != nil {
			return
		}
		understood++
		if wrong := roundTrip(f); wrong != "" {
			t.Fatalf("%s: %s", text, wrong)
		}
	})
	if understood == 0 {
		t.Error("nothing that was drawn is understood")
	}
}

func TestDeMorgan(t *testing.T) {
	seeds.Check(t, func(t *rapid.T) {
		a, b := condition(t, 1), condition(t, 1)
		and, err := Display("not ((" + a + ") and (" + b + "))")
		if err != nil {
			return
		}
		or, err := Display("not (" + a + ") or not (" + b + ")")
		if err != nil {
			t.Fatal(err)
		}
		for i, frame := range allFrames {
			if p := packetOf(frame); and.Match(p) != or.Match(p) {
				t.Fatalf("%s; %s: frame %d", and, or, i)
			}
		}
	})
}

// check holds what must be true of any text.
func check(t *testing.T, text string, f *Filter, err error) {
	if err != nil {
		var e *Error
		if !errors.As(err, &e) || e.At < 0 || e.Len < 0 || e.At+e.Len > len(text) || e.Error() == "" || e.What.Key() == "" {
			t.Fatalf("%q: %#v", text, err)
		}
		return
	}
	if wrong := roundTrip(f); wrong != "" {
		t.Fatalf("%q: %s", text, wrong)
	}
}

func FuzzDisplay(f *testing.F) {
	for _, s := range shared {
		f.Add(s.display)
	}
	for _, text := range []string{"tcp.port in {80, 443, 1000..2000}", "all tcp.port != 80", "tcp[{tcp.hdr_len}:4] == \"GET \"", "not (ip.src == 10.0.0.0/8 xor tcp) && !udp",
		`tcb.state == "ESTABLISHED" and lab.time >= 1.5s`, "strict(not frame[99] == 1)", "{-tcp.len + 2} * 3 | 1 << 2 > 1KiB", `wl.host contains "\x41"`, `tcp != ""`, `dns.qry.name == ""`, `wl.host in {1, tcp[13:1]}`, "tcp.len in {tcp, 1..ip.src}", "eth.src[0:3] == 02-00-00", "count(ip.addr) > 2", "ip.addr#2 == 10.0.0.1"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		f, err := Display(text)
		check(t, text, f, err)
		for at := range len(text) % 64 {
			for _, c := range Complete(text, at) {
				if c.At < 0 || c.At+c.Len > len(text) {
					t.Fatalf("%q, %d: %+v", text, at, c)
				}
			}
		}
	})
}

func FuzzCapture(f *testing.F) {
	for _, s := range shared {
		f.Add(s.capture)
	}
	for _, text := range []string{"tcp port 80 or 443 and not host (10.0.0.1 or 10.0.0.2)", "tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420", "src net 10.0.0.0 mask 255.0.0.0",
		"not tcp[100] = 1 or len - 100 > 5", "ether proto \\arp", "portrange 1-80", "icmp6[icmp6type] = icmp6-neighborsolicit", "ip multicast or broadcast"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		f, err := Capture(text)
		check(t, text, f, err)
	})
}

// What is large is refused in good time, with the place.
func TestLargeTexts(t *testing.T) {
	for _, text := range []string{strings.Repeat("not ", 1000) + "tcp", strings.Repeat("tcp or ", 580) + "tcp", strings.Repeat("1+", 2000) + "1 = 1", strings.Repeat("port 80 or udp and ", 200) + "tcp",
		strings.Repeat("-", 4000) + "1 = 1", strings.Repeat("(", 2000) + strings.Repeat(")", 2000), strings.Repeat("tcp[", 1000), strings.Repeat("((tcp[0]+", 400)} {
		f, err := Display(text)
		check(t, text, f, err)
		f, err = Capture(text)
		check(t, text, f, err)
	}
}

// A loss filter is asked about every frame: nothing it does takes memory from the heap.
func TestMatchAllocatesNothing(t *testing.T) {
	texts := []string{"tcp.options.sack_le > 5 or {tcp.len + 3} * 2 == 8", `frame contains "hello" xor wl.host == "A"`, "ip.addr in {10.0.0.0/8, 1.1.1.1..2.2.2.2}", "tcb.cwnd > 3 and tcb.state == LISTEN", "tcp.checksum.status == Bad or dns.qry.name == a.b"}
	for _, s := range shared {
		texts = append(texts, s.display)
	}
	for _, text := range texts {
		f := display(t, text)
		for _, frame := range allFrames {
			p := packetOf(frame)
			if n := testing.AllocsPerRun(10, func() { f.Match(p) }); n > 0 {
				t.Errorf("%s: %v allocations for %x", text, n, frame)
			}
		}
	}
}
