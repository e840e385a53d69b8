package trace

import (
	"bytes"
	"math/rand/v2"
	"os/exec"
	"strings"
	"testing"

	"wirelab/stack/seeds"
	"wirelab/stack/wire"
)

// Whole frames, with -v and without, are told as tcpdump tells them: checksums that are right and wrong, HTTP, fragments, ARP.
func TestFramesInTcpdumpsWords(t *testing.T) {
	web := [2]uint16{4000, 80}
	frames := [][]byte{
		segment(0, web, 100, 0, wire.SYN, nil, ""),
		segment(0, web, 101, 0, wire.PSH, nil, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"),
		segment(0, web, 101, 0, wire.PSH, nil, "GET /no-end"),
		segment(0, web, 101, 0, wire.PSH, nil, "some text\r\nmore\r\n"),
		segment(0, web, 101, 0, wire.PSH, nil, "HTTP/1.1 404 Not Found\r\nServer: x\r\n\r\nbody\n\x01\x02\n"),
		datagram(0, [2]uint16{4000, 4001}, []byte("hello")),
		icmp6(wire.ICMPv6Echo, 0, 7<<16|1, []byte("hello")),
		icmp6(wire.ICMPv6NeighborSolicit, 0, 0, append(bytes.Clone(dst6[:]), 1, 1, 2, 0, 0, 0, 0, 1)),
		icmp6(wire.ICMPv6NeighborAdvert, 0, 0x60000000, append(bytes.Clone(dst6[:]), 2, 1, 2, 0, 0, 0, 0, 1)),
		icmp6(wire.ICMPv6NeighborAdvert, 0, 0, dst6[:]),
		icmp6(wire.ICMPv6RouterSolicit, 0, 0, []byte{1, 1, 2, 0, 0, 0, 0, 1}),
		packet6(wire.ProtoFragment, []byte{wire.ProtoICMPv6, 0, 0, 1, 1, 2, 3, 4, 128, 0, 9, 9, 0, 7, 0, 1}),
		packet6(wire.ProtoFragment, []byte{wire.ProtoICMPv6, 0, 5, 0xa8, 1, 2, 3, 4, 128, 0, 9, 9, 0, 7, 0, 1}),
	}
	for _, proto := range []uint8{wire.ProtoTCP, wire.ProtoUDP} {
		b := make([]byte, 24)
		if proto == wire.ProtoTCP {
			wire.PutTCP(b, &src6, &dst6, 5, 6, 7, 8, wire.PSH, 9, 0, 0)
		} else {
			wire.PutUDP(b, &src6, &dst6, 5, 6)
		}
		frames = append(frames, packet6(proto, b))
	}
	arp := make([]byte, wire.EthernetLen+wire.ARPLen)
	wire.PutEthernet(arp, wire.Broadcast, wire.MAC{2}, wire.TypeARP)
	wire.PutARP(arp[wire.EthernetLen:], wire.ARPRequest, wire.MAC{2}, addrs[0], wire.MAC{}, addrs[1])
	frames = append(frames, arp)
	for _, f := range frames[:len(frames)-1] { // and the same with the last byte wrong, so that no sum is right
		bad := bytes.Clone(f)
		bad[len(bad)-1] ^= 0xff
		frames = append(frames, bad)
	}
	bad := bytes.Clone(frames[0])
	bad[wire.EthernetLen+8]++ // TTL
	frames = append(frames, bad)
	for _, verbose := range []bool{false, true} {
		var ours []string
		for _, f := range frames {
			h := Summarize(f).Head
			ours = append(ours, Lines(f, h.Seq, h.Ack, verbose)...)
		}
		all := strings.Join(ours, "\n")
		want := []string{": HTTP: GET /a HTTP/1.1", ": HTTP\n"}
		options := []string{}
		if verbose {
			want = []string{"], cksum 0x", "(correct)", "(incorrect -> 0x", "[bad udp cksum 0x", "[icmp6 sum ok]", "ARP, Ethernet (len 6), IPv4 (len 4), Request", "bad cksum", "frag (0x01020304:1448|8)"}
			options = []string{"-v"}
		}
		for _, w := range want {
			if !strings.Contains(all, w) {
				t.Errorf("%q is missing in\n%s", w, all)
			}
		}
		if _, err := exec.LookPath("tcpdump"); err != nil {
			continue
		}
		theirs := tcpdump(t, frames, options...)
		for i := range min(len(ours), len(theirs)) {
			if ours[i] != theirs[i] {
				t.Errorf("line %d is\n%s, and tcpdump says\n%s", i, ours[i], theirs[i])
			}
		}
		if len(ours) != len(theirs) {
			t.Errorf("%d lines, tcpdump has %d", len(ours), len(theirs))
		}
	}
}

// Whatever damages a frame, there are words for it.
func TestDamagedFramesHaveLines(t *testing.T) {
	seed := seeds.First(t)
	r := rand.New(rand.NewPCG(seed, 1))
	good := [][]byte{segment(0, [2]uint16{4000, 80}, 1, 0, wire.PSH, nil, "GET / HTTP/1.1\r\n"), datagram(0, [2]uint16{4000, 53}, make([]byte, 20)), icmp4(3, 3, 0, quotes(false)[0]),
		icmp6(1, 4, 0, quotes(true)[0]), icmp6(wire.ICMPv6NeighborSolicit, 0, 0, make([]byte, 24)), packet6(wire.ProtoFragment, []byte{wire.ProtoICMPv6, 0, 0, 1, 1, 2, 3, 4, 128, 0, 9, 9, 0, 7, 0, 1})}
	for range 20_000 {
		f := bytes.Clone(good[r.IntN(len(good))])
		for range r.IntN(4) {
			f[r.IntN(len(f))] = byte(r.Uint32())
		}
		f = f[:len(f)-r.IntN(len(f))*r.IntN(2)]
		if lines := Lines(f, 1, 2, r.IntN(2) == 0); len(lines) == 0 || lines[0] == "" {
			t.Fatalf("seed %d, %x: %q", seed, f, lines)
		}
	}
}
