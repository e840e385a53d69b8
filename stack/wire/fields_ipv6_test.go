package wire

import (
	"bytes"
	"fmt"
	"math/rand/v2"
	"os"
	"strings"
	"testing"

	"wirelab/stack/seeds"
)

var (
	client6 = Addr{0x20, 1, 0xd, 0xb8, 15: 1}
	server6 = Addr{0x20, 1, 0xd, 0xb8, 15: 2}
	router6 = Addr{0xfe, 0x80, 15: 0xfe}
)

func ip6Packet(src, dst Addr, next uint8, payload []byte) []byte {
	b := make([]byte, IPv6Len, IPv6Len+len(payload))
	h := IPv6Header{Src: src, Dst: dst, Length: len(payload), FlowLabel: 0xabcde, TrafficClass: 0xb8, Next: next, HopLimit: 255}
	h.Put(b)
	return append(b, payload...)
}

func message6(src, dst Addr, typ, code uint8, rest uint32, body ...byte) []byte {
	b := append(make([]byte, ICMPLen), body...)
	PutICMPv6(b, &src, &dst, typ, code, rest)
	return ip6Packet(src, dst, ProtoICMPv6, b)
}

func segment6(data string) []byte {
	b := append(make([]byte, TCPLen), data...)
	PutTCP(b, &client6, &server6, 49152, 80, 7, 9, PSH|ACK, 65535, 0, 0)
	return b
}

// samples6 are frames of IPv6: what a lab sends, and what damage does to it.
func samples6() []sample {
	frame := func(packet []byte) []byte { return ethFrame(TypeIPv6, packet...) }
	mac := make([]byte, NDMACLen)
	PutNDMAC(mac, NDSourceMAC, clientMAC)
	mtu, prefix := make([]byte, NDMTULen), make([]byte, NDPrefixLen)
	PutNDMTU(mtu, 1400)
	(&PrefixInfo{Prefix: client6.Masked(64), Bits: 64, Flags: PrefixOnLink | PrefixAutonomous, ValidSec: 0xffffffff, PreferredSec: 3600}).Put(prefix)
	ra := RouterAdvert{HopLimit: 64, Flags: 0x40, Lifetime: 1800, ReachableMs: 30000, RetransMs: 1000}
	raBody := make([]byte, RouterAdvertLen-ICMPLen)
	raRest := ra.Put(raBody)
	raBody = append(append(append(raBody, mac...), mtu...), prefix...)
	first := make([]byte, FragmentLen)
	PutFragment(first, ProtoTCP, 0, true, 0x1234)
	later := make([]byte, FragmentLen)
	PutFragment(later, ProtoTCP, 24, false, 0x1234)
	syn := segment6("hello, six")
	hop := append([]byte{ProtoDestOptions, 0, 5, 2, 0, 0, 1, 0}, append([]byte{ProtoRouting, 0, 0xc3, 3, 1, 2, 3, 0}, ProtoTCP, 0, 0, 0, 0, 0, 0, 0)...)
	udp := make([]byte, UDPLen)
	PutUDP(udp, &client6, &server6, 7, 8)
	dst := server6.SolicitedNode()
	return []sample{
		{"TCP over IPv6", frame(ip6Packet(client6, server6, ProtoTCP, syn))},
		{"echo request over IPv6", frame(message6(client6, server6, ICMPv6Echo, 0, 0x12340001, []byte("abcdefgh")...))},
		{"neighbour solicitation", frame(message6(client6, dst, ICMPv6NeighborSolicit, 0, 0, append(server6[:], mac...)...))},
		{"neighbour advertisement", frame(message6(server6, client6, ICMPv6NeighborAdvert, 0, NASolicited|NAOverride, append(append([]byte{}, server6[:]...), 2, 1, 2, 0, 0, 0, 0, 2)...))},
		{"router solicitation", frame(message6(router6, AllRouters, ICMPv6RouterSolicit, 0, 0, mac...))},
		{"router advertisement", frame(message6(router6, AllNodes, ICMPv6RouterAdvert, 0, raRest, raBody...))},
		{"packet too big", frame(message6(router6, client6, ICMPv6TooBig, 0, 1280, ip6Packet(client6, server6, ProtoTCP, syn)...))},
		{"port unreachable over IPv6", frame(message6(server6, client6, ICMPv6Unreachable, Code6Port, 0, ip6Packet(client6, server6, ProtoUDP, udp)...))},
		{"parameter problem", frame(message6(server6, client6, ICMPv6ParamProblem, CodeUnknownOption, 42, ip6Packet(client6, server6, ProtoHopByHop, hop)...))},
		{"all extension headers", frame(ip6Packet(client6, server6, ProtoHopByHop, append(hop, syn...)))},
		{"first fragment over IPv6", frame(ip6Packet(client6, server6, ProtoFragment, append(first, syn[:24]...)))},
		{"last fragment over IPv6", frame(ip6Packet(client6, server6, ProtoFragment, append(later, syn[24:]...)))},
		{"a wrong checksum and a damaged option", with(with(frame(message6(router6, AllNodes, ICMPv6RouterAdvert, 0, raRest, raBody...)), 56, 1, 1), 71, 0)},
		{"a datagram without a checksum over IPv6", frame(ip6Packet(client6, server6, ProtoUDP, []byte{0, 7, 0, 7, 0, 8, 0, 0}))},
		{"cut in an extension header", frame(ip6Packet(client6, server6, ProtoHopByHop, hop))[:60]},
		{"not IPv6 at all", with(frame(ip6Packet(client6, server6, ProtoTCP, syn)), 14, 0x45)},
	}
}

// Read testdata/fields_ipv6.golden to see what Fields says; -update writes it anew.
func TestFieldsIPv6Golden(t *testing.T) {
	var got strings.Builder
	for _, s := range samples6() {
		fmt.Fprintf(&got, "# %s\n%s\n", s.name, dump(Fields(nil, s.frame)))
	}
	const path = "testdata/fields_ipv6.golden"
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
		if g, w := lineAt(gotLines, i), lineAt(wantLines, i); g != w {
			t.Fatalf("%s:%d\n got %q\nwant %q", path, i+1, g, w)
		}
	}
}

func TestFieldsIPv6AreNested(t *testing.T) {
	for i, s := range samples6() {
		fields := Fields(nil, s.frame)
		if wrong := checkTree(fields, s.frame); wrong != "" {
			t.Errorf("%s: %s", s.name, wrong)
		}
		if i < 12 && anyBad(fields) {
			t.Errorf("%s: bad\n%s", s.name, dump(fields))
		}
		for n := EthernetLen; n < len(s.frame) && i < 6; n++ {
			if fields := Fields(nil, s.frame[:n]); !anyBad(fields) || checkTree(fields, s.frame[:n]) != "" {
				t.Errorf("%s, %d bytes of %d: not a word about it\n%s", s.name, n, len(s.frame), dump(fields))
			}
		}
	}
}

func FuzzFields(f *testing.F) {
	for _, s := range append(samples(), samples6()...) {
		f.Add(s.frame)
	}
	f.Fuzz(func(t *testing.T, frame []byte) {
		if wrong := checkTree(Fields(nil, frame), frame); wrong != "" {
			t.Fatal(wrong)
		}
		if len(frame) < EthernetLen {
			return
		}
		if p, ok := ParseIPv6(frame[EthernetLen:]); ok { // nothing here may panic, whatever the bytes
			c := p.Headers()
			p.HopByHop()
			if !c.Fault.Drop && (c.At > len(p) || c.FragAt >= c.At) {
				t.Fatalf("%+v of %d", c, len(p))
			}
		}
		if p, ok := ParseIPv4(bytes.Clone(frame[EthernetLen:])); ok {
			p.DropFirstOptions()
			p.SetFragment(0, false)
		}
	})
}

func TestFieldsOfRandomIPv6Frames(t *testing.T) {
	r := rand.New(rand.NewPCG(seeds.First(t), 0))
	good := samples6()
	var fields []Field
	for i := range 20_000 {
		frame := randomFrame(r, good)
		fields = Fields(fields[:0], frame)
		if wrong := checkTree(fields, frame); wrong != "" {
			t.Fatalf("frame %d, %x: %s", i, frame, wrong)
		}
	}
}

// What the walk over extension headers finds (RFC 8200 §4).
func TestHeaders(t *testing.T) {
	report := func(code uint8, at uint32) Fault { return Fault{Drop: true, Report: true, Code: code, Pointer: at} }
	options := func(next uint8, opts ...byte) []byte { return append([]byte{next, 0}, opts...) }
	join := func(parts ...[]byte) []byte { return bytes.Join(parts, nil) }
	fragment := []byte{ProtoUDP, 0, 0, 8, 0, 0, 0, 1}
	for _, c := range []struct {
		name string
		next uint8
		body []byte
		want Chain
	}{
		{"none", ProtoTCP, nil, Chain{Proto: ProtoTCP, At: 40, LinkAt: 6}},
		{"nothing follows", ProtoNone, nil, Chain{Proto: ProtoNone, At: 40, LinkAt: 6}},
		{"padding", ProtoHopByHop, options(ProtoUDP, 0, 1, 3, 0, 0, 0), Chain{Proto: ProtoUDP, At: 48, LinkAt: 40}},
		{"two", ProtoHopByHop, join(options(ProtoDestOptions, 1, 4, 0, 0, 0, 0), options(ProtoUDP, 5, 2, 0, 0, 0, 0)), Chain{Proto: ProtoUDP, At: 56, LinkAt: 48}},
		{"hop-by-hop too late", ProtoDestOptions, join(options(ProtoHopByHop, 1, 4, 0, 0, 0, 0), options(ProtoUDP, 1, 4, 0, 0, 0, 0)),
			Chain{Proto: ProtoHopByHop, At: 48, LinkAt: 40, Fault: report(CodeUnknownNext, 40)}},
		{"discard", ProtoDestOptions, options(ProtoUDP, 0x45, 4, 0, 0, 0, 0), Chain{Proto: ProtoDestOptions, At: 40, LinkAt: 6, Fault: Fault{Drop: true, Code: CodeUnknownOption, Pointer: 42}}},
		{"discard and say so", ProtoDestOptions, options(ProtoUDP, 0, 0xc5, 3, 0, 0, 0), Chain{Proto: ProtoDestOptions, At: 40, LinkAt: 6, Fault: report(CodeUnknownOption, 43)}},
		{"say so also to groups", ProtoDestOptions, options(ProtoUDP, 0x85, 4, 0, 0, 0, 0), Chain{Proto: ProtoDestOptions, At: 40, LinkAt: 6,
			Fault: Fault{Drop: true, Report: true, Always: true, Code: CodeUnknownOption, Pointer: 42}}},
		{"an option longer than its header", ProtoDestOptions, options(ProtoUDP, 5, 9, 0, 0, 0, 0), Chain{Proto: ProtoDestOptions, At: 40, LinkAt: 6, Fault: Fault{Drop: true}}},
		{"a header longer than the packet", ProtoDestOptions, []byte{ProtoUDP, 1, 1, 4, 0, 0, 0, 0}, Chain{Proto: ProtoDestOptions, At: 40, LinkAt: 6, Fault: Fault{Drop: true}}},
		{"a route that is over", ProtoRouting, []byte{ProtoUDP, 0, 0, 0, 0, 0, 0, 0}, Chain{Proto: ProtoUDP, At: 48, LinkAt: 40}},
		{"a source route", ProtoRouting, []byte{ProtoUDP, 0, 0, 1, 0, 0, 0, 0}, Chain{Proto: ProtoRouting, At: 40, LinkAt: 6, Fault: report(CodeErroneousHeader, 42)}},
		{"a fragment", ProtoDestOptions, join(options(ProtoFragment, 1, 4, 0, 0, 0, 0), fragment), Chain{Proto: ProtoUDP, At: 56, FragAt: 48, LinkAt: 40}},
		{"half a fragment header", ProtoFragment, fragment[:4], Chain{Proto: ProtoFragment, At: 40, LinkAt: 6, Fault: report(CodeErroneousHeader, 40)}},
	} {
		p, ok := ParseIPv6(ip6Packet(client6, server6, c.next, c.body))
		if got := p.Headers(); !ok || got != c.want {
			t.Errorf("%s: %+v, want %+v", c.name, got, c.want)
		}
	}
}

// What is put is what is read.
func TestIPv6RoundTrip(t *testing.T) {
	want := IPv6Header{Src: client6, Dst: server6, Length: 3, FlowLabel: 0xfedcb, TrafficClass: 0xa5, Next: 17, HopLimit: 9}
	b := make([]byte, IPv6Len+5)
	want.Put(b)
	p, ok := ParseIPv6(b)
	got := IPv6Header{p.Src(), p.Dst(), p.PayloadLen(), p.FlowLabel(), p.TrafficClass(), p.NextHeader(), p.HopLimit()}
	if !ok || got != want || len(p) != IPv6Len+3 {
		t.Errorf("%+v, want %+v", got, want)
	}
	for _, short := range [][]byte{b[:39], b[:42], append([]byte{0x45}, b[1:]...)} {
		if _, ok := ParseIPv6(short); ok {
			t.Errorf("%x is taken", short)
		}
	}
	f := make([]byte, FragmentLen)
	PutFragment(f, 6, 65528, true, 0xdeadbeef)
	if v := Fragment(f); v.NextHeader() != 6 || v.Offset() != 65528 || !v.More() || v.ID() != 0xdeadbeef {
		t.Errorf("%x", f)
	}
}

func TestAddressesOfIPv6(t *testing.T) {
	a, _ := ParseAddr("2001:db8::1234:5678")
	for _, c := range []struct{ got, want any }{
		{a.SolicitedNode().String(), "ff02::1:ff34:5678"},
		{a.SolicitedNode().GroupMAC().String(), "33:33:ff:34:56:78"},
		{V4(224, 129, 2, 3).GroupMAC().String(), "01:00:5e:01:02:03"},
		{MAC{0x34, 0x56, 0x78, 0x9a, 0xbc, 0xde}.EUI64(Addr{0xfe, 0x80}).String(), "fe80::3656:78ff:fe9a:bcde"},
		{a.Masked(20).String(), "2001::"}, {a.Masked(28).String(), "2001:db0::"}, {a.Masked(128), a}, {a.Masked(0), Addr{}},
		{a.CommonBits(a), uint8(128)}, {a.CommonBits(a.Masked(100)), uint8(102)},
		{a.IsLinkLocal(), false}, {Addr{0xfe, 0xbf}.IsLinkLocal(), true}, {Addr{0xfe, 0xc0}.IsLinkLocal(), false},
		{AllNodes.IsLinkLocal(), true}, {Addr{0xff, 5}.IsLinkLocal(), false}, {V4(254, 128, 0, 1).IsLinkLocal(), false},
	} {
		if c.got != c.want {
			t.Errorf("%v, want %v", c.got, c.want)
		}
	}
}

// Options of neighbour discovery fill the message or it is damaged (RFC 4861 §6.1).
func TestNDOptions(t *testing.T) {
	mac := []byte{1, 1, 2, 0, 0, 0, 0, 1}
	for _, c := range []struct {
		b  []byte
		ok bool
	}{{nil, true}, {mac, true}, {append(mac[:8:8], 9, 2, 0, 0, 0, 0, 0, 0), false}, {mac[:7], false}, {[]byte{1, 0, 0, 0, 0, 0, 0, 0}, false}} {
		if NDOptionsOK(c.b) != c.ok {
			t.Errorf("%x", c.b)
		}
	}
	if o := FindNDOption(append([]byte{14, 1, 0, 0, 0, 0, 0, 0}, mac...), NDSourceMAC, NDMACLen); o == nil || o.MAC() != clientMAC {
		t.Errorf("%x", o)
	}
	if FindNDOption(mac, NDPrefix, NDPrefixLen) != nil {
		t.Error("found what is not there")
	}
}
