package trace

import (
	"bytes"
	"encoding/binary"
	"fmt"
	"slices"
	"strings"

	"wirelab/stack/wire"
)

// What tcpdump says of what a packet carries: TCP and UDP with what is in them, and ICMP.

func (p *printer) tcp(s *Summary, u *packet, frag string) {
	whole := !u.fragment && len(u.body) == u.length
	s.Proto = TCP
	p.ends(s, u, frag)
	if len(u.body) < wire.TCPLen {
		p.missing("tcp")
		return
	}
	t := wire.TCP(u.body)
	header := t.HeaderLen()
	switch {
	case header < wire.TCPLen:
		p.sayf("tcp %d [bad hdr length %d, too short, < %d]", u.length-header, header, wire.TCPLen)
		return
	case p.Quiet:
		if p.sayf("tcp %d", u.length-header); header > u.length {
			p.sayf(" [bad hdr length %d, too long, > %d]", header, u.length)
		}
		return
	}
	s.Flags, s.Window, s.Seq, s.Ack, s.Length = t.Flags(), t.Window(), t.Seq(), t.Ack(), uint16(max(0, u.length-header))
	s.Extra = t[wire.TCPLen:min(header, len(t))]
	shown := s.Head
	if p.Counted != nil {
		p.Counted(&shown)
	}
	more := aside{whole: true, urgent: t.Urgent(), seq: p.Verbose > 1}
	if p.sums(whole) && header <= len(t) {
		more.sum = tcpSum(u.src, u.dst, t)
	}
	p.b = segmentWords(p.b, s, shown.Seq, shown.Ack, &more)
	if header > len(t) && header <= u.length { // the snapshot ends among the options
		if end := bytes.LastIndex(p.b, []byte("], length ")); end > 0 {
			p.b = append(p.b[:end], ',')
			p.missing("tcp")
		}
		return
	}
	data := t[min(header, len(t)):]
	switch {
	case header > u.length:
		p.sayf(" [bad hdr length %d, too long, > %d]", header, u.length)
	case len(data) == 0:
	case s.Flags&wire.RST != 0 && p.Verbose > 0:
		p.reset(data)
	case s.has(wire.DNSPort):
		p.dnsStream(data)
	default:
		p.text(s, data, u.length-header)
	}
}

// ends tells both ends; of a fragment of IPv6 the ports stand behind its place.
func (p *printer) ends(s *Summary, u *packet, frag string) {
	if len(u.body) < 4 {
		p.pair(u.src, u.dst)
		p.say(frag)
		return
	}
	s.Src.Port, s.Dst.Port = binary.BigEndian.Uint16(u.body), binary.BigEndian.Uint16(u.body[2:])
	if frag == "" {
		p.b = appendEnds(p.b, s)
		return
	}
	proto := uint8(wire.ProtoTCP)
	if s.Proto == UDP {
		proto = wire.ProtoUDP
	}
	p.pair(u.src, u.dst)
	p.say(frag)
	p.b = appendPort(p.b, s.Src.Port, proto, s.Named)
	p.b = append(appendPort(append(p.b, " > "...), s.Dst.Port, proto, s.Named), ": "...)
}

// reset is what a segment with RST tells (RFC 9293 §3.5.3).
func (p *printer) reset(data []byte) {
	p.say(" [RST")
	if len(data) > 255 {
		data = data[:255]
		p.say("+")
	}
	p.say(" ")
	for _, c := range data {
		if c >= 0x80 {
			p.say("M-")
			c &= 0x7f
		}
		if c < ' ' || c > '~' {
			p.say("^")
			c ^= 0x40
		}
		p.b = append(p.b, c)
	}
	p.say("]")
}

func (s *Summary) has(port uint16) bool { return s.Src.Port == port || s.Dst.Port == port }

func tcpSum(src, dst wire.Addr, t wire.TCP) string {
	if t.ChecksumOK(&src, &dst) {
		return fmt.Sprintf(", cksum 0x%04x (correct)", t.Checksum())
	}
	return fmt.Sprintf(", cksum 0x%04x (incorrect -> 0x%04x)", t.Checksum(), rightSum(wire.PseudoSum(&src, &dst, wire.ProtoTCP, len(t)), t, 16))
}

func (p *printer) udp(s *Summary, u *packet, frag string) {
	s.Proto = UDP
	p.ends(s, u, frag)
	if len(u.body) < wire.UDPLen {
		p.missing("udp")
		return
	}
	h := wire.UDP(u.body)
	length := int(binary.BigEndian.Uint16(h[4:]))
	s.Length = uint16(max(0, length-wire.UDPLen))
	switch {
	case length < wire.UDPLen:
		p.sayf("truncated-udplength %d", length)
		return
	case p.sums(!u.fragment):
		p.udpSum(u, h[:min(len(h), length)], length)
	}
	data := h[wire.UDPLen:min(len(h), length)]
	switch {
	case p.Quiet:
		p.sayf("UDP, length %d", s.Length)
	case length > u.length && !u.fragment:
		p.sayf("UDP, bad length %d > %d", s.Length, u.length-wire.UDPLen)
	case s.has(wire.DNSPort) && len(data) >= wire.DNSLen:
		p.b = dnsWords(p.b, wire.DNS(data), int(s.Length), p.Verbose)
	case s.DHCP() && len(data) >= wire.BOOTPLen:
		s.Code = data[0]
		if wire.DHCP(data).Ethernet() {
			s.Extra = data[28:34]
		}
		p.say(dhcpWords(s))
		if p.Verbose > 0 {
			p.dhcp(wire.DHCP(data))
		}
	default:
		p.sayf("UDP, length %d", s.Length)
	}
}

// udpSum tells of the checksum; that of IPv4 needs -vv.
func (p *printer) udpSum(u *packet, h wire.UDP, length int) {
	switch {
	case u.src.Is4() && p.Verbose < 2:
	case h.Checksum() == 0:
		p.say("[no cksum] ")
	case len(h) < length:
	case h.ChecksumOK(&u.src, &u.dst):
		p.say("[udp sum ok] ")
	default:
		p.sayf("[bad udp cksum 0x%04x -> 0x%04x!] ", h.Checksum(), rightSum(wire.PseudoSum(&u.src, &u.dst, wire.ProtoUDP, len(h)), h, 6))
	}
}

// dnsStream is DNS over TCP: a message behind its length.
func (p *printer) dnsStream(data []byte) {
	if len(data) < 2 {
		p.missing("domain")
		return
	}
	p.say(" ")
	n := int(binary.BigEndian.Uint16(data))
	m := data[2:min(len(data), 2+n)]
	if len(m) < wire.DNSLen {
		p.missing("domain")
		return
	}
	p.b = dnsWords(p.b, wire.DNS(m), n, p.Verbose)
}

func (p *printer) icmp(s *Summary, u *packet) {
	if len(u.body) < wire.ICMPLen {
		p.sayf("ICMP")
		p.missing("icmp")
		return
	}
	s.Extra = s.upper(wire.ProtoICMP, u.body)
	s.Length = uint16(u.length)
	p.sayf("ICMP %s, length %d", icmpBody(s), u.length)
	m := wire.ICMP(u.body)
	if p.Verbose > 0 && !u.fragment && len(m) == u.length && !m.ChecksumOK() {
		p.sayf(" (wrong icmp cksum %x (->%x)!)", m.Checksum(), rightSum(0, m, 2))
	}
	if quoted := u.body[wire.ICMPLen:]; p.Verbose > 0 && s.isError() {
		p.say("\n\t")
		length := 0
		if len(quoted) >= 4 {
			length = int(binary.BigEndian.Uint16(quoted[2:])) // as much as it says: the rest is not missing
		}
		p.ipv4(quoted, length)
	}
}

// isError reports whether a message of ICMP is about a packet.
func (s *Summary) isError() bool {
	switch s.Flags {
	case wire.ICMPUnreachable, wire.ICMPTimeExceeded, wire.ICMPParamProblem, icmpRedirect, 4: // 4 is source quench
		return true
	}
	return false
}

var httpPorts = []uint16{80, 8080, 3128}

// text tells of protocols whose messages are lines.
func (p *printer) text(s *Summary, b []byte, length int) {
	for _, port := range httpPorts {
		if s.has(port) {
			p.http(b, length)
			return
		}
	}
}

// http adds the first line of a message of HTTP, or with verbose all lines of text that it begins with.
func (p *printer) http(b []byte, length int) {
	cut := len(b) < length // by the length of the snapshot
	first, _, _ := bytes.Cut(b, []byte{'\n'})
	speaks := isHTTP(string(first))
	var text []string
	for len(b) > 0 && speaks {
		line, rest, whole := bytes.Cut(b, []byte{'\n'})
		shown := string(bytes.TrimSuffix(line, []byte{'\r'}))
		if strings.ContainsFunc(shown, func(r rune) bool { return r != '\t' && (r < ' ' || r > '~') }) {
			break
		}
		switch {
		case !whole && cut && len(text) == 0:
			p.say(": HTTP [|http]")
			return
		case !whole && cut:
			text[len(text)-1] += " [|http]"
			b = nil
			continue
		case !whole: // cut off by the end of the segment
			shown += " [|http]"
		}
		text, b = append(text, shown), rest
		if p.Verbose == 0 {
			p.say(": HTTP: " + shown)
			return
		}
	}
	if p.say(": HTTP"); !speaks || p.Verbose == 0 {
		return
	}
	p.sayf(", length: %d", length)
	for _, line := range text {
		p.say("\n\t" + line)
	}
}

// isHTTP reports whether a line begins a request or an answer.
func isHTTP(line string) bool {
	words := strings.Fields(line)
	if len(words) < 2 {
		return false
	}
	if slices.Contains([]string{"GET", "HEAD", "POST", "PUT", "DELETE", "OPTIONS", "TRACE", "CONNECT"}, strings.ToUpper(words[0])) {
		return true
	}
	return strings.HasPrefix(words[0], "HTTP/") && len(words[1]) == 3
}
