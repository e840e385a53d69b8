package trace

import (
	"os/exec"
	"strings"
	"testing"

	"wirelab/stack/wire"
)

// icmp4 is a frame with an ICMP message.
func icmp4(typ, code uint8, rest uint32, body []byte) []byte {
	m := append(make([]byte, wire.ICMPLen), body...)
	m[0], m[1], m[4], m[5], m[6], m[7] = typ, code, byte(rest>>24), byte(rest>>16), byte(rest>>8), byte(rest)
	return packet4(wire.ProtoICMP, 0, m)
}

func packet4(proto uint8, frag uint16, body []byte) []byte {
	b := make([]byte, wire.EthernetLen+wire.IPv4Len)
	wire.PutEthernet(b, wire.MAC{4}, wire.MAC{2}, wire.TypeIPv4)
	h := wire.IPv4Header{Src: wire.V4(10, 0, 0, 2), Dst: wire.V4(10, 0, 0, 1), Length: wire.IPv4Len + len(body), TTL: 64, Protocol: proto, Flags: frag}
	h.Put(b[wire.EthernetLen:])
	return append(b, body...)
}

var src6, dst6 = wire.Addr{0: 0xfd, 15: 1}, wire.Addr{0: 0xfd, 15: 2}

func packet6(next uint8, body []byte) []byte {
	b := make([]byte, wire.EthernetLen+wire.IPv6Len)
	wire.PutEthernet(b, wire.MAC{4}, wire.MAC{2}, wire.TypeIPv6)
	h := wire.IPv6Header{Src: src6, Dst: dst6, Length: len(body), Next: next, HopLimit: 64}
	h.Put(b[wire.EthernetLen:])
	return append(b, body...)
}

func icmp6(typ, code uint8, rest uint32, body []byte) []byte {
	m := append(make([]byte, wire.ICMPLen), body...)
	wire.PutICMPv6(m, &src6, &dst6, typ, code, rest)
	return packet6(wire.ProtoICMPv6, m)
}

// quotes are packets that errors are about: of TCP, UDP and another protocol.
func quotes(v6 bool) (list [][]byte) {
	for _, proto := range []uint8{wire.ProtoTCP, wire.ProtoUDP, 132} {
		body := []byte{0x12, 0x34, 0x82, 0x9b, 0, 12, 0, 0, 1, 2, 3, 4, 0x50, 2, 3, 4, 5, 6, 7, 8}
		if proto == wire.ProtoUDP {
			body = body[:12]
		}
		if v6 {
			list = append(list, packet6(proto, body)[wire.EthernetLen:])
		} else {
			list = append(list, packet4(proto, 0, body)[wire.EthernetLen:])
		}
	}
	return list
}

// Errors of ICMP are told with the packet that they are about, and fragments by their place, as tcpdump does.
func TestErrorsAndFragmentsInTcpdumpsWords(t *testing.T) {
	var frames [][]byte
	for _, q := range quotes(false) {
		for code := range uint8(17) {
			frames = append(frames, icmp4(wire.ICMPUnreachable, code, 0, q), icmp4(wire.ICMPUnreachable, code, 1400, q))
		}
		for code := range uint8(4) {
			frames = append(frames, icmp4(wire.ICMPTimeExceeded, code, 0, q), icmp4(wire.ICMPParamProblem, code, 20<<24, q), icmp4(icmpRedirect, code, 0x0a000009, q))
		}
	}
	for _, q := range quotes(true)[:2] { // of other protocols tcpdump takes the ports for cut off
		for code := range uint8(5) { // a larger one of "unreachable" makes tcpdump print bytes
			for typ := range uint8(4) {
				frames = append(frames, icmp6(typ+1, code, 42, q))
			}
		}
	}
	echo := icmp6(wire.ICMPv6Echo, 0, 7<<16|1, make([]byte, 40))[wire.EthernetLen+wire.IPv6Len:]
	for _, at := range []uint16{0, 48, 1448} {
		frames = append(frames, packet6(wire.ProtoFragment, append([]byte{wire.ProtoICMPv6, 0, byte(at >> 8), byte(at) | 1, 1, 2, 3, 4}, echo...)))
		frames = append(frames, packet4(wire.ProtoICMP, 0x2000|at/8, append([]byte{8, 0, 0, 0, 0, 7, 0, 1}, echo[8:]...)))
	}
	want := []string{"ICMP 10.0.0.1 tcp port 33435 unreachable, length 48", "ICMP 10.0.0.1 udp port 33435 unreachable, length 40", "ICMP ip reassembly time exceeded, length", "unreachable - need to frag (mtu 1400), length",
		"ICMP6, destination unreachable, unreachable port, fd00::2 udp port 33435, length 60", "ICMP6, parameter problem, option - octet 42, length", "IP6 fd00::1 > fd00::2: frag (1448|48)", "frag (0|48) ICMP6, echo request, id 7, seq 1, length 48"}
	var theirs []string
	if _, err := exec.LookPath("tcpdump"); err == nil {
		theirs = tcpdump(t, frames, "-n")
	}
	var d Dump
	var all strings.Builder
	for i, f := range frames {
		_, line, _ := strings.Cut(d.Line(0, f), " ")
		all.WriteString(line + "\n")
		if theirs != nil && line != theirs[i] {
			t.Errorf("frame %d is\n%s, and tcpdump says\n%s", i, line, theirs[i])
		}
	}
	for _, w := range want {
		if !strings.Contains(all.String(), w) {
			t.Errorf("no frame is %q in\n%s", w, all.String())
		}
	}
}
