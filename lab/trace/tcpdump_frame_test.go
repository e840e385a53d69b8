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

// allFrames are frames of all sorts: good ones and such whose last byte is wrong, so that no checksum is right.
func allFrames(t *testing.T) (frames [][]byte) {
	web, dns, dhcp := [2]uint16{4000, 80}, [2]uint16{4000, wire.DNSPort}, [2]uint16{wire.DHCPClientPort, wire.DHCPServerPort}
	frames = [][]byte{
		segment(0, web, 100, 0, wire.SYN, []byte{2, 4, 5, 180, 4, 2, 8, 10, 0, 0, 0, 1, 0, 0, 0, 0, 1, 3, 3, 7}, ""),
		segment(0, web, 101, 0, wire.PSH, nil, "GET /a HTTP/1.1\r\nHost: x\r\n\r\n"),
		segment(0, web, 101, 0, wire.PSH, nil, "GET /no-end"),
		segment(0, web, 101, 0, wire.PSH, nil, "some text\r\nmore\r\n"),
		segment(0, web, 101, 0, wire.PSH, nil, "HTTP/1.1 404 Not Found\r\nServer: x\r\n\r\nbody\n\x01\x02\n"),
		segment(0, [2]uint16{4000, 8080}, 101, 0, wire.PSH, nil, "GET /a HTTP/1.1\r\n\r\n"),
		segment(0, [2]uint16{4000, 9}, 101, 77, wire.ACK, nil, ""),
		segment(0, [2]uint16{4000, 9}, 101, 77, wire.ACK|wire.RST, nil, ""),
		segment(0, [2]uint16{4000, 9}, 101, 77, wire.RST, nil, "gone"),
		segment(0, [2]uint16{4000, 9}, 101, 77, wire.ACK|wire.URG, nil, "x"),
		segment(0, [2]uint16{4000, 9}, 101, 77, wire.SYN|wire.ECE|wire.CWR, []byte{34, 2, 1, 1}, "x"),
		segment(0, [2]uint16{4000, 9}, 101, 77, wire.SYN, []byte{34, 10, 1, 2, 3, 4, 5, 6, 7, 8, 1, 1}, "x"),
		segment(0, [2]uint16{4000, 9}, 101, 77, wire.SYN, []byte{28, 4, 1, 2, 254, 4, 0xf9, 0x89, 253, 6, 1, 2, 3, 4, 1, 1, 77, 4, 1, 2, 0, 0, 0, 0}, "x"),
		datagram(0, [2]uint16{4000, 4001}, []byte("hello")),
		datagram(0, [2]uint16{4000, 9}, nil),
		icmp6(wire.ICMPv6Echo, 0, 7<<16|1, []byte("hello")),
		icmp6(wire.ICMPv6NeighborSolicit, 0, 0, append(bytes.Clone(dst6[:]), 1, 1, 2, 0, 0, 0, 0, 1)),
		icmp6(wire.ICMPv6NeighborAdvert, 0, 0x60000000, append(bytes.Clone(dst6[:]), 2, 1, 2, 0, 0, 0, 0, 1)),
		icmp6(wire.ICMPv6NeighborAdvert, 0, 0, dst6[:]),
		icmp6(wire.ICMPv6RouterSolicit, 0, 0, []byte{1, 1, 2, 0, 0, 0, 0, 1}),
		icmp6(wire.ICMPv6RouterAdvert, 0, 0x40c80708, append([]byte{0, 0, 0, 1, 0, 0, 1, 0, 5, 1, 0, 0, 0, 0, 5, 220, 3, 4, 64, 0xc0, 0, 0, 14, 16, 0, 0, 7, 8, 0, 0, 0, 0},
			append(bytes.Clone(dst6[:]), 25, 3, 0, 0, 0, 0, 1, 0, 0xfe, 0x80, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 9)...)),
		icmp6(wire.ICMPv6RouterAdvert, 0, 0, []byte{0, 0, 0, 0, 0, 0, 0, 0, 3, 4, 64, 0x80, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0, 0, 0, 0xfd, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0}),
		icmp6(icmpv6Redirect, 0, 0, append(bytes.Clone(src6[:]), dst6[:]...)),
		packet6(wire.ProtoFragment, []byte{wire.ProtoICMPv6, 0, 0, 1, 1, 2, 3, 4, 128, 0, 9, 9, 0, 7, 0, 1}),
		packet6(wire.ProtoFragment, []byte{wire.ProtoICMPv6, 0, 5, 0xa8, 1, 2, 3, 4, 128, 0, 9, 9, 0, 7, 0, 1}),
		packet6(wire.ProtoFragment, []byte{wire.ProtoUDP, 0, 0, 1, 1, 2, 3, 4, 0, 7, 0, 9, 0, 100, 0, 1}),
		packet4(99, 0, make([]byte, 20)), packet4(wire.ProtoICMP, 0x2005, make([]byte, 20)), packet6(99, make([]byte, 20)),
		append([]byte{2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x12, 0x34}, make([]byte, 50)...),
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
	for _, tos := range []byte{1, 2, 3, 0xb8} {
		f := datagram(0, [2]uint16{4000, 4001}, []byte("hello"))
		f[15] = tos
		frames = append(frames, f)
	}
	for _, q := range append(quotes(false)[:2:2], datagram(0, dns, make([]byte, 900))[wire.EthernetLen:][:548], packet4(wire.ProtoUDP, 0, make([]byte, 300))[wire.EthernetLen:], packet4(wire.ProtoTCP, 0, []byte{1, 2, 3, 4, 5, 6, 7, 8})[wire.EthernetLen:]) {
		frames = append(frames, icmp4(wire.ICMPUnreachable, 3, 0, q), icmp4(wire.ICMPUnreachable, 4, 1400, q), icmp4(wire.ICMPTimeExceeded, 0, 0, q), icmp4(icmpRedirect, 1, 0x0a000009, q))
	}
	for _, q := range quotes(true)[:2] {
		frames = append(frames, icmp6(wire.ICMPv6Unreachable, 4, 0, q), icmp6(wire.ICMPv6TooBig, 0, 1280, q), icmp6(wire.ICMPv6TimeExceeded, 0, 0, q))
	}
	for i, m := range dnsMessages(t) {
		if i == 12 { // tcpdump names the type of a record that is not all there
			continue
		}
		frames = append(frames, datagram(int(m[2]>>7), dns, m))
		frames = append(frames, segment(int(m[2]>>7), dns, 101, 0, wire.PSH, nil, string([]byte{0, byte(len(m))})+string(m)))
	}
	boot := make([]byte, 300)
	copy(boot, []byte{1, 1, 6, 0, 1, 2, 3, 4, 0, 5, 0x80})
	copy(boot[28:], []byte{2, 0, 0, 0, 1, 0})
	copy(boot[236:], []byte{0x63, 0x82, 0x53, 0x63, 53, 1, 1, 61, 7, 1, 2, 0, 0, 0, 1, 0, 50, 4, 10, 0, 0, 9, 12, 3, 'a', 'b', 'c', 55, 6, 1, 3, 6, 15, 51, 58, 255})
	frames = append(frames, datagram(0, dhcp, boot))
	reply := bytes.Clone(boot)
	copy(reply, []byte{2, 1, 6, 0, 1, 2, 3, 4, 0, 0, 0, 0, 10, 0, 0, 1, 10, 0, 0, 2, 10, 0, 0, 3, 10, 0, 0, 4})
	copy(reply[240:], []byte{53, 1, 2, 54, 4, 10, 0, 0, 1, 51, 4, 0, 0, 14, 16, 58, 4, 0, 0, 7, 8, 1, 4, 255, 255, 255, 0, 3, 4, 10, 0, 0, 254, 6, 8, 10, 0, 0, 53, 10, 0, 0, 54, 255})
	frames = append(frames, datagram(1, [2]uint16{wire.DHCPClientPort, wire.DHCPServerPort}, reply))
	arp := make([]byte, wire.EthernetLen+wire.ARPLen)
	wire.PutEthernet(arp, wire.Broadcast, wire.MAC{2}, wire.TypeARP)
	wire.PutARP(arp[wire.EthernetLen:], wire.ARPRequest, wire.MAC{2}, addrs[0], wire.MAC{}, addrs[1])
	frames = append(frames, arp)
	arp = bytes.Clone(arp)
	wire.PutARP(arp[wire.EthernetLen:], wire.ARPRequest, wire.MAC{2}, addrs[0], wire.MAC{4}, addrs[1])
	frames = append(frames, arp)
	arp = bytes.Clone(arp)
	wire.PutARP(arp[wire.EthernetLen:], wire.ARPReply, wire.MAC{}, addrs[0], wire.MAC{4}, addrs[1])
	frames = append(frames, arp)
	for _, f := range frames[:len(frames)-3] {
		bad := bytes.Clone(f)
		bad[len(bad)-1] ^= 0xff
		frames = append(frames, bad)
	}
	bad := bytes.Clone(frames[0])
	bad[wire.EthernetLen+8]++ // TTL
	return append(frames, bad)
}

// Whole frames are told as tcpdump tells them, with each set of options: checksums that are right and wrong, HTTP, fragments, ARP.
func TestFramesInTcpdumpsWords(t *testing.T) {
	frames := allFrames(t)
	for _, c := range []struct {
		options string
		o       Options
		want    []string
	}{
		{"-n", Options{}, []string{": HTTP: GET /a HTTP/1.1", ": HTTP\n"}},
		{"-n -v", Options{Verbose: 1}, []string{"], cksum 0x", "(correct)", "(incorrect -> 0x", "[bad udp cksum 0x", "[icmp6 sum ok]", "ARP, Ethernet (len 6), IPv4 (len 4), Request", "bad cksum", "frag (0x01020304:1448|8)"}},
		{"-n -vv", Options{Verbose: 2}, []string{"[udp sum ok] 7- q: A? www.example.org. 3/0/0 www.example.org. CNAME"}},
		{"-n -vvv", Options{Verbose: 3}, []string{"END (255), length 0"}},
		{"-n -q", Options{Quiet: true}, []string{": tcp 28\n", "UDP, length 5"}},
		{"-n -q -v", Options{Quiet: true, Verbose: 1}, []string{"    10.0.0.1.4000 > 10.0.0.2.80: tcp 0"}},
		{"-n -vv -K", Options{NoSums: true, Verbose: 2}, []string{": UDP, length 5"}},
		{"-v", Options{Named: true, Verbose: 1}, []string{"10.0.0.1.4000 > 10.0.0.2.http: Flags"}},
	} {
		var ours []string
		for _, f := range frames {
			ours = append(ours, strings.Join(Lines(f, len(f), &c.o), "\n"))
		}
		all := strings.Join(ours, "\n")
		for _, w := range c.want {
			if !strings.Contains(all, w) {
				t.Errorf("%s: %q is missing in\n%s", c.options, w, all)
			}
		}
		if _, err := exec.LookPath("tcpdump"); err != nil {
			continue
		}
		theirs := tcpdump(t, frames, append(strings.Fields(c.options), "-S")...)
		for i := range frames {
			n := strings.Count(ours[i], "\n") + 1
			got := strings.Join(theirs[:min(n, len(theirs))], "\n")
			for theirs = theirs[min(n, len(theirs)):]; len(theirs) > 0 && strings.Trim(theirs[0][:1], " \t") == ""; theirs = theirs[1:] {
				got += "\n" + theirs[0]
			}
			if ours[i] != got {
				t.Errorf("%s: frame %d, %x, is\n%s, and tcpdump says\n%s", c.options, i, frames[i], ours[i], got)
			}
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
		if lines := Lines(f, len(f), &Options{Verbose: r.IntN(3), Named: true}); len(lines) == 0 || lines[0] == "" {
			t.Fatalf("seed %d, %x: %q", seed, f, lines)
		}
	}
}
