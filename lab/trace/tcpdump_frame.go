package trace

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"strings"

	"wirelab/stack/wire"
)

// Lines are what tcpdump says of a frame, with the numbers of a segment of TCP as the caller counts them. Other than Words, it
// has the whole frame: it tells what HTTP says, and with verbose (-v) what stands in the header of IP and whether checksums are right.
func Lines(frame []byte, seq, ack uint32, verbose bool) []string {
	s := Summarize(frame)
	var words string
	if s.Proto == TCP {
		words = current(&s, seq, ack)
	} else {
		words = (&Dump{Absolute: true}).Words(0, &s)
	}
	eth, ok := wire.ParseEthernet(frame)
	if !ok {
		return []string{words}
	}
	switch eth.Type() {
	case wire.TypeIPv4:
		if p, ok := wire.ParseIPv4(eth.Payload()); ok {
			whole := !p.IsFragment()
			lines := upperLines(&s, words, p.Src(), p.Dst(), p.Payload(), verbose, whole)
			if !verbose {
				return lines
			}
			_, rest, _ := strings.Cut(lines[0], " ")
			return append([]string{"IP " + ipv4Details(p), "    " + rest}, lines[1:]...)
		}
	case wire.TypeIPv6:
		if p, ok := wire.ParseIPv6(eth.Payload()); ok {
			c := p.Skip()
			whole := !c.Fault.Drop && c.At <= len(p) && c.FragAt == 0
			var body []byte
			if whole {
				body = p[c.At:]
			}
			lines := upperLines(&s, words, p.Src(), p.Dst(), body, verbose, whole)
			if verbose {
				if c.FragAt > 0 && c.FragAt+8 <= len(p) {
					lines[0] = fragDetails(&s, lines[0], wire.Fragment(p[c.FragAt:]))
				}
				_, rest, _ := strings.Cut(lines[0], " ")
				lines[0] = "IP6 " + ipv6Details(p) + " " + rest
			}
			return lines
		}
	case wire.TypeARP:
		if verbose {
			words = strings.Replace(words, "ARP, ", "ARP, Ethernet (len 6), IPv4 (len 4), ", 1)
		}
	}
	return []string{words}
}

// upperLines adds to the words about a packet what the body of its upper layer says.
func upperLines(s *Summary, words string, src, dst wire.Addr, body []byte, verbose, whole bool) []string {
	switch s.Proto {
	case TCP:
		t, ok := wire.ParseTCP(body)
		if !ok {
			break
		}
		if verbose && whole {
			words = strings.Replace(words, "], ", "], "+tcpSum(src, dst, body)+", ", 1)
		}
		if s.Src.Port == httpPort || s.Dst.Port == httpPort {
			return httpLines(words, t.Payload(), verbose)
		}
	case UDP:
		if u, ok := wire.ParseUDP(body); ok && verbose && whole && !src.Is4() { // of IPv4 only -vv tells
			words = strings.Replace(words, ": ", ": "+udpSum(src, dst, u)+" ", 1)
		}
	case ICMP:
		if m := wire.ICMP(body); verbose && whole && !m.ChecksumOK() {
			words += fmt.Sprintf(" (wrong icmp cksum %x (->%x)!)", m.Checksum(), rightSum(0, body, 2))
		}
	case ICMP6:
		if verbose && whole {
			return icmp6Lines(s, words, src, dst, body)
		}
	}
	return []string{words}
}

// rightSum returns the checksum that should stand at a place of b.
func rightSum(pseudo wire.Sum, b []byte, at int) uint16 {
	b = bytes.Clone(b)
	b[at], b[at+1] = 0, 0
	return pseudo.AddBytes(b).Fold()
}

func tcpSum(src, dst wire.Addr, body []byte) string {
	t := wire.TCP(body)
	if t.ChecksumOK(&src, &dst) {
		return fmt.Sprintf("cksum 0x%04x (correct)", t.Checksum())
	}
	return fmt.Sprintf("cksum 0x%04x (incorrect -> 0x%04x)", t.Checksum(), rightSum(wire.PseudoSum(&src, &dst, wire.ProtoTCP, len(body)), body, 16))
}

func udpSum(src, dst wire.Addr, u wire.UDP) string {
	switch {
	case u.Checksum() == 0:
		return "[no cksum]"
	case u.ChecksumOK(&src, &dst):
		return "[udp sum ok]"
	}
	return fmt.Sprintf("[bad udp cksum 0x%04x -> 0x%04x!]", u.Checksum(), rightSum(wire.PseudoSum(&src, &dst, wire.ProtoUDP, len(u)), u, 6))
}

// icmp6Lines tells whether the sum is right, and the link-layer addresses of neighbour discovery; the length stands only there.
func icmp6Lines(s *Summary, words string, src, dst wire.Addr, body []byte) []string {
	sum := "[icmp6 sum ok] "
	if m := wire.ICMPv6(body); !m.ChecksumOK(&src, &dst) {
		sum = fmt.Sprintf("[bad icmp6 cksum 0x%04x -> 0x%04x!] ", m.Checksum(), rightSum(wire.PseudoSum(&src, &dst, wire.ProtoICMPv6, len(body)), body, 2))
	}
	length := fmt.Sprintf(", length %d", s.Length)
	words = strings.Replace(strings.TrimSuffix(words, length), "ICMP6, ", sum+"ICMP6, ", 1)
	at := map[uint8]int{wire.ICMPv6NeighborSolicit: 24, wire.ICMPv6NeighborAdvert: 24, wire.ICMPv6RouterSolicit: 8}[s.Flags]
	switch s.Flags {
	case wire.ICMPv6NeighborSolicit:
		words = strings.Replace(words, "solicitation, ", "solicitation"+length+", ", 1)
	case wire.ICMPv6NeighborAdvert:
		words = strings.Replace(words, "advertisement, ", "advertisement"+length+", ", 1) + advertFlags(body[4])
	case wire.ICMPv6RouterSolicit, wire.ICMPv6RouterAdvert:
		words += length
	}
	lines := []string{words}
	for at > 0 && at+8 <= len(body) {
		n := int(body[at+1]) * 8
		if n == 0 || at+n > len(body) {
			break
		}
		if kind := body[at]; n == 8 && (kind == 1 || kind == 2) {
			name := [...]string{"source", "destination"}[kind-1]
			lines = append(lines, fmt.Sprintf("\t  %s link-address option (%d), length 8 (1): %s", name, kind, wire.MAC(body[at+2:at+8])))
		}
		at += n
	}
	return lines
}

func advertFlags(b byte) string {
	var names []string
	for i, name := range []string{"router", "solicited", "override"} {
		if b&(0x80>>i) != 0 {
			names = append(names, name)
		}
	}
	if names == nil {
		return ", Flags [none]"
	}
	return ", Flags [" + strings.Join(names, ", ") + "]"
}

var protoNames = map[uint8]string{0: "Options", wire.ProtoTCP: "TCP", wire.ProtoUDP: "UDP", wire.ProtoICMP: "ICMP", wire.ProtoFragment: "Fragment", wire.ProtoICMPv6: "ICMPv6"}

func protoName(p uint8) string {
	if name, ok := protoNames[p]; ok {
		return name
	}
	return "unknown"
}

func ipv4Details(p wire.IPv4) string {
	flags := "none"
	switch p.Flags() {
	case wire.IPv4DF:
		flags = "DF"
	case wire.IPv4MF:
		flags = "+"
	}
	bad := ""
	if !p.ChecksumOK() {
		bad = fmt.Sprintf(", bad cksum %x (->%x)!", p.Checksum(), rightSum(0, p[:p.HeaderLen()], 10))
	}
	return fmt.Sprintf("(tos 0x%x, ttl %d, id %d, offset %d, flags [%s], proto %s (%d), length %d%s)", p.TOS(), p.TTL(), p.ID(), p.FragOffset(), flags, protoName(p.Protocol()), p.Protocol(), p.TotalLen(), bad)
}

func ipv6Details(p wire.IPv6) string {
	b := "("
	if c := p.TrafficClass(); c != 0 {
		b += fmt.Sprintf("class 0x%02x, ", c)
	}
	if f := binary.BigEndian.Uint32(p) & 0xfffff; f != 0 {
		b += fmt.Sprintf("flowlabel 0x%05x, ", f)
	}
	return b + fmt.Sprintf("hlim %d, next-header %s (%d) payload length: %d)", p.HopLimit(), protoName(p.NextHeader()), p.NextHeader(), p.PayloadLen())
}

const httpPort = 80

// fragDetails adds the identification of a fragment; the length of a message of ICMP is not told again.
func fragDetails(s *Summary, words string, f wire.Fragment) string {
	if s.Proto == ICMP6 {
		words = strings.TrimSuffix(words, fmt.Sprintf(", length %d", s.Length))
	}
	return strings.Replace(words, ": frag (", fmt.Sprintf(": frag (0x%08x:", f.ID()), 1)
}

// httpLines adds the first line of a message of HTTP, or with verbose all lines of text that it begins with.
func httpLines(words string, b []byte, verbose bool) []string {
	if len(b) == 0 {
		return []string{words}
	}
	n := len(b)
	first, _, _ := bytes.Cut(b, []byte{'\n'})
	speaks := isHTTP(string(first))
	var text []string
	for len(b) > 0 {
		line, rest, whole := bytes.Cut(b, []byte{'\n'})
		shown := string(bytes.TrimSuffix(line, []byte{'\r'}))
		if !speaks || strings.ContainsFunc(shown, func(r rune) bool { return r != '\t' && (r < ' ' || r > '~') }) {
			break
		}
		if !whole { // cut off by the end of the segment
			shown += " [|http]"
		}
		text, b = append(text, shown), rest
		if !verbose {
			return []string{words + ": HTTP: " + shown}
		}
	}
	if !speaks || !verbose {
		return []string{words + ": HTTP"}
	}
	lines := []string{fmt.Sprintf("%s: HTTP, length: %d", words, n)}
	for _, line := range text {
		lines = append(lines, "\t"+line)
	}
	return lines
}

// isHTTP reports whether a line begins a request or an answer.
func isHTTP(line string) bool {
	words := strings.Fields(line)
	if len(words) < 2 {
		return false
	}
	switch strings.ToUpper(words[0]) {
	case "GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT":
		return true
	}
	return strings.HasPrefix(words[0], "HTTP/") && len(words[1]) == 3
}
