package wire

import (
	"bytes"
	"flag"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"wirelab/stack/seeds"
)

var update = flag.Bool("update", false, "write testdata/*.golden anew")

// sample is a frame made by hand.
type sample struct {
	name  string
	frame []byte
}

var (
	clientMAC = MAC{2, 0, 0, 0, 0, 1}
	serverMAC = MAC{2, 0, 0, 0, 0, 2}
	client    = V4(192, 168, 1, 116)
	server    = V4(10, 0, 0, 2)
)

func ethFrame(etherType uint16, payload ...byte) []byte {
	b := make([]byte, EthernetLen, EthernetLen+len(payload))
	PutEthernet(b, serverMAC, clientMAC, etherType)
	return append(b, payload...)
}

func ipPacket(proto uint8, payload []byte) []byte {
	b := make([]byte, IPv4Len, IPv4Len+len(payload))
	h := IPv4Header{Src: client, Dst: server, Length: IPv4Len + len(payload), ID: 0x1234, Flags: IPv4DF, TTL: 64, Protocol: proto}
	h.Put(b)
	return append(b, payload...)
}

func segment(flags uint8, seq, ack uint32, options []byte, data string) []byte {
	b := append(append(make([]byte, TCPLen), options...), data...)
	PutTCP(b, &client, &server, 49152, 80, seq, ack, flags, 65535, 0, len(options))
	return b
}

func datagram(data string) []byte { return between(5354, 7777, data) }

func between(from, to uint16, data string) []byte {
	b := append(make([]byte, UDPLen), data...)
	PutUDP(b, &client, &server, from, to)
	return b
}

// bootp is a message with options behind the cookie.
func bootp(options string) string {
	b := make([]byte, DHCPLen)
	b[0], b[1], b[2], b[10] = 2, 1, 6, 0x80
	copy(b[4:], "\xfc\xfe\x00\x01")
	copy(b[16:], "\xc0\xa8\x01\x64")
	copy(b[28:], clientMAC[:])
	copy(b[108:], "boot.img")
	be.PutUint32(b[BOOTPLen:], DHCPCookie)
	return string(b) + options
}

// What a name server is asked, and answers: an alias, what it is one of, and what a record has that nobody reads.
const (
	dnsQuery  = "\x11\x08\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00" + dnsAsked
	dnsAsked  = "\x03www\x07example\x03org\x00\x00\x01\x00\x01"
	dnsAnswer = "\x11\x08\x85\x80\x00\x01\x00\x03\x00\x01\x00\x00" + dnsAsked + "\xc0\x0c\x00\x05\x00\x01\x00\x00\x0e\x10\x00\x06\x03web\xc0\x10" +
		"\xc0\x2d\x00\x01\x00\x01\x00\x00\x00\x3d\x00\x04\xcb\x00\x71\x50" + "\xc0\x2d\x00\x1c\x00\x01\x00\x01\x51\x81\x00\x10\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x07" +
		"\x00\x00\x29\x10\x00\x00\x00\x00\x00\x00\x02\xab\xcd"
)

func message(typ, code uint8, id, seq uint16, body []byte) []byte {
	b := append(make([]byte, ICMPLen), body...)
	PutICMP(b, typ, code, id, seq)
	return b
}

func arpPacket(op uint16) []byte {
	b := make([]byte, ARPLen)
	PutARP(b, op, clientMAC, client, MAC{}, server)
	return b
}

var synOptions = []byte{OptMSS, 4, 5, 0xb4, OptSACKPermitted, 2, OptTimestamps, 10, 0, 0, 0, 100, 0, 0, 0, 0, OptNop, OptWindowScale, 3, 7}

// with returns a copy of b with bytes changed from offset at on.
func with(b []byte, at int, change ...byte) []byte {
	b = bytes.Clone(b)
	copy(b[at:], change)
	return b
}

// samples are the frames of the golden file: what a lab sends, and what damage
// does to it.
func samples() []sample {
	ip := func(proto uint8, payload []byte) []byte { return ethFrame(TypeIPv4, ipPacket(proto, payload)...) }
	syn := ip(ProtoTCP, segment(SYN, 1739326486, 0, synOptions, ""))
	request := segment(PSH|ACK, 1739326487, 9, nil, "GET / HTTP/1.0\r\nHost: a.example.com\r\nAccept: */*\r\n\r\n")
	strange := []byte{OptNop, OptSACK, 10, 0, 0, 0, 10, 0, 0, 0, 20, 200, 4, 1, 2, OptWindowScale, 4, 7, 0, OptMSS, 9, 0, 0, 0}
	return []sample{
		{"ARP request, padded", append(ethFrame(TypeARP, arpPacket(ARPRequest)...), make([]byte, 18)...)},
		{"SYN", syn},
		{"data", ip(ProtoTCP, request)},
		{"SACK, an unknown option, a wrong length, a cut option", ip(ProtoTCP, segment(ACK, 7, 9, strange, "\x00\x01"))},
		{"wrong checksums", with(with(ip(ProtoTCP, segment(FIN|ACK, 7, 9, []byte{OptNop, OptEnd, 0, 0}, "")), 24, 0xab, 0xcd), 50, 0, 1)},
		{"UDP", ip(ProtoUDP, datagram("你好, lab\n"))},
		{"UDP without a checksum, longer than its packet", with(ip(ProtoUDP, datagram("hello")), 38, 0, 99, 0, 0)},
		{"echo request", ip(ProtoICMP, message(ICMPEcho, 0, 0x1234, 1, []byte("abcdefgh")))},
		{"port unreachable", ip(ProtoICMP, message(ICMPUnreachable, CodePortUnreachable, 0, 0, ipPacket(ProtoUDP, datagram("hello"))))},
		{"fragmentation needed", ip(ProtoICMP, message(ICMPUnreachable, CodeFragNeeded, 0, 576, ipPacket(ProtoTCP, request)[:28]))},
		{"time exceeded in front of an ICMP error", ip(ProtoICMP, message(ICMPTimeExceeded, 0, 0, 0,
			ipPacket(ProtoICMP, message(ICMPUnreachable, 1, 0, 0, ipPacket(ProtoUDP, datagram("x"))))))},
		{"second fragment", with(ip(ProtoUDP, datagram("hello")), 20, 0, 5)},
		{"cut in the IPv4 header", syn[:31]},
		{"cut in the TCP header", syn[:50]},
		{"cut in the TCP options", syn[:63]},
		{"impossible header lengths", with(ip(ProtoTCP, request[:TCPLen]), 46, 0x20)},
		{"not IPv4 at all", ethFrame(TypeIPv4, with(request, 0, 0x65)...)},
		{"IEEE 802.3, cut", ethFrame(100, 1, 2, 3)},
		{"no bytes", nil},
		{"DNS question", ip(ProtoUDP, between(4000, DNSPort, dnsQuery))},
		{"DNS answer", ip(ProtoUDP, between(DNSPort, 4000, dnsAnswer))},
		{"DNS, a name that points to itself", ip(ProtoUDP, between(4000, DNSPort, dnsQuery[:12]+"\xc0\x0c\x00\x01\x00\x01"))},
		{"DNS, more promised than there is", ip(ProtoUDP, between(DNSPort, 4000, "\x00\x07\x80\x03"+"\x00\x02\x00\x00\x00\x00\x00\x00"+dnsAsked+"\x00\x00"))},
		{"DHCP offer", ip(ProtoUDP, between(DHCPServerPort, DHCPClientPort, bootp("\x35\x01\x02"+"\x00"+"\x36\x04\xc0\xa8\x01\x01"+
			"\x06\x08\x0a\x00\x00\x02\x0a\x00\x00\x03"+"\x33\x04\x00\x01\x51\xbd"+"\x0c\x02PC"+"\x37\x02\x01\xfa"+"\xfa\x02ab"+"\xff\x00\x00")))},
		{"DHCP, an option that is cut", ip(ProtoUDP, between(DHCPClientPort, DHCPServerPort, bootp("\x35\x01\x09"+"\x33\x03\x00\x00\x00"+"\x0c\x09PC")))},
		{"BOOTP", ip(ProtoUDP, between(DHCPClientPort, DHCPServerPort, string(with([]byte(bootp("")), BOOTPLen, 1, 2, 3, 4))))},
	}
}

func dump(fields []Field) string {
	var b strings.Builder
	for _, f := range fields {
		bad := ""
		if f.Bad {
			bad = "  !"
		}
		line := fmt.Sprintf("%3d-%-3d %*s%s  %s: %s%s", f.Start, f.End, 2*int(f.Depth), "", f.Key, f.Name, f.Text, bad)
		b.WriteString(strings.TrimRight(line, " ") + "\n")
	}
	return b.String()
}

// Read testdata/fields.golden to see what Fields says; after a change,
// go test ./stack/wire -update writes it anew.
func TestFieldsGolden(t *testing.T) {
	var got strings.Builder
	for _, s := range samples() {
		fmt.Fprintf(&got, "# %s\n%s\n", s.name, dump(Fields(nil, s.frame)))
	}
	const path = "testdata/fields.golden"
	if *update {
		if err := os.WriteFile(path, []byte(got.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	gotLines, wantLines := strings.Split(got.String(), "\n"), strings.Split(string(want), "\n")
	for i := range max(len(gotLines), len(wantLines)) {
		g, w := lineAt(gotLines, i), lineAt(wantLines, i)
		if g != w {
			t.Fatalf("%s:%d\n got %q\nwant %q", path, i+1, g, w)
		}
	}
}

func lineAt(lines []string, i int) string {
	if i < len(lines) {
		return lines[i]
	}
	return "(end)"
}

// checkTree says what is wrong with a tree, or "".
func checkTree(fields []Field, frame []byte) string {
	var open [8]Field // the fields that the next one may belong to, by depth
	covered, depth := 0, -1
	for _, f := range fields {
		switch d := int(f.Depth); {
		case f.Start < 0 || f.End < f.Start || f.End > len(frame):
			return "outside of the frame: " + dump([]Field{f})
		case d > depth+1:
			return "a level is missing above " + dump([]Field{f})
		case d > 0 && (f.Start < open[d-1].Start || f.End > open[d-1].End):
			return "outside of what it belongs to: " + dump([]Field{f})
		case d == 0 && f.Start != covered:
			return fmt.Sprintf("bytes %d to %d are in no layer, or in two", covered, f.Start)
		case f.Key == "" || f.Name == "":
			return "nameless: " + dump([]Field{f})
		}
		depth = int(f.Depth)
		open[depth] = f
		if depth == 0 {
			covered = f.End
		}
	}
	if covered != len(frame) {
		return fmt.Sprintf("the layers end at %d of %d", covered, len(frame))
	}
	return ""
}

func TestFieldsAreNestedAndCoverTheFrame(t *testing.T) {
	for _, s := range samples() {
		if wrong := checkTree(Fields(nil, s.frame), s.frame); wrong != "" {
			t.Errorf("%s: %s", s.name, wrong)
		}
	}
}

// Whatever is cut off a good frame, something says so; of the whole frame
// nothing is bad.
func TestFieldsSayWhatIsCut(t *testing.T) {
	for _, s := range samples()[:3] {
		for n := range len(s.frame) {
			if s.frame[13] == 6 && n >= EthernetLen+ARPLen {
				break // only padding is missing
			}
			fields := Fields(nil, s.frame[:n])
			if !anyBad(fields) || !strings.Contains(dump(fields), "truncated") {
				t.Errorf("%s, %d bytes of %d: not a word about it\n%s", s.name, n, len(s.frame), dump(fields))
			}
		}
		if fields := Fields(nil, s.frame); anyBad(fields) {
			t.Errorf("%s: bad\n%s", s.name, dump(fields))
		}
	}
}

func anyBad(fields []Field) bool {
	for _, f := range fields {
		if f.Bad {
			return true
		}
	}
	return false
}

// Fields appends: it neither touches nor looks at what stands before.
func TestFieldsAppend(t *testing.T) {
	frame := samples()[1].frame
	before := Field{Key: "tcp.seq", Name: "before"}
	got := Fields([]Field{before}, frame)
	if got[0] != before || dump(got[1:]) != dump(Fields(nil, frame)) {
		t.Error(dump(got))
	}
}

// Any bytes give a tree whose ranges hold, and the same one twice.
func TestFieldsOfRandomFrames(t *testing.T) {
	seed := seeds.First(t)
	r := rand.New(rand.NewPCG(seed, 0))
	good := samples()
	var fields []Field
	for i := range 20_000 {
		frame := randomFrame(r, good)
		fields = Fields(fields[:0], frame)
		if wrong := checkTree(fields, frame); wrong != "" {
			t.Fatalf("seed %d, frame %d, %x: %s", seed, i, frame, wrong)
		}
		if i%100 == 0 && dump(fields) != dump(Fields(nil, bytes.Clone(frame))) {
			t.Fatalf("seed %d, frame %d, %x: two descriptions", seed, i, frame)
		}
	}
}

// randomFrame returns noise, or a sample that was damaged.
func randomFrame(r *rand.Rand, good []sample) []byte {
	if r.IntN(4) == 0 {
		b := make([]byte, r.IntN(120))
		for i := range b {
			b[i] = byte(r.Uint32())
		}
		if len(b) >= EthernetLen && r.IntN(2) == 0 {
			copy(b[12:], []byte{8, byte(r.IntN(2) * 6)})
		}
		return b
	}
	b := bytes.Clone(good[r.IntN(len(good))].frame)
	for range r.IntN(6) {
		if len(b) > 0 {
			b[r.IntN(len(b))] = byte(r.Uint32() >> r.IntN(8))
		}
	}
	switch r.IntN(3) {
	case 0:
		b = b[:r.IntN(len(b)+1)]
	case 1:
		b = append(b, make([]byte, r.IntN(30))...)
	}
	return b
}

func TestPreview(t *testing.T) {
	long := strings.Repeat("a", 41)
	for _, c := range []struct{ data, want string }{
		{"", ""},
		{"ok", ` "ok"`},
		{"two\r\nlines\t", ` "two\r\nlines\t"`},
		{long[:40], ` "` + long[:40] + `"`},
		{long, ` "` + long[:40] + `"…`},
		{"\x00", ""},
		{"bell\a", ""},
		{"\xff\xfe", ""},
		{"网络", ` "网络"`},
		{"网络"[:5], ` "网"…`},
		{"网络"[:2], ""},
		{`say "hi"`, ` "say \"hi\""`},
	} {
		if got := preview([]byte(c.data)); got != c.want {
			t.Errorf("preview(%q) = %s, want %s", c.data, got, c.want)
		}
	}
}

func TestDSCPNames(t *testing.T) {
	for _, c := range []struct {
		v    uint64
		want string
	}{{0, "CS0"}, {8, "CS1"}, {56, "CS7"}, {10, "AF11"}, {20, "AF22"}, {38, "AF43"}, {46, "EF PHB"}, {42, "Unknown"}, {5, "Unknown"}, {2, "Unknown"}} {
		if got := dscpName(dscpShort, c.v); got != c.want {
			t.Errorf("%d: %s, want %s", c.v, got, c.want)
		}
	}
	if got := dscpName(dscpLong, 20); got != "Assured Forwarding 22" {
		t.Error(got)
	}
}
