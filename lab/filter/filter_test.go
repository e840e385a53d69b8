package filter

import (
	"encoding/binary"
	"errors"
	"strings"
	"testing"

	"wirelab/stack/event"
	"wirelab/stack/wire"
)

var (
	macA  = wire.MAC{2, 0, 0, 0, 0, 1}
	macB  = wire.MAC{2, 0, 0, 0, 0, 2}
	addrA = wire.V4(10, 0, 0, 1)
	addrB = wire.V4(10, 0, 0, 2)
)

func ethFrame(typ uint16, payload []byte) []byte {
	b := make([]byte, wire.EthernetLen, wire.EthernetLen+len(payload))
	wire.PutEthernet(b, macB, macA, typ)
	return append(b, payload...)
}

func packet(proto uint8, payload []byte) []byte {
	b := make([]byte, wire.IPv4Len, wire.IPv4Len+len(payload))
	h := wire.IPv4Header{Src: addrA, Dst: addrB, Length: wire.IPv4Len + len(payload), ID: 7, Flags: wire.IPv4DF, TTL: 64, Protocol: proto}
	h.Put(b)
	return append(b, payload...)
}

func packet6(next uint8, payload []byte) []byte {
	b := make([]byte, wire.IPv6Len, wire.IPv6Len+len(payload))
	h := wire.IPv6Header{Src: wire.Addr{0xfe, 0x80, 15: 1}, Dst: wire.Addr{0xff, 2, 15: 1}, Length: len(payload), Next: next, HopLimit: 255}
	h.Put(b)
	return append(b, payload...)
}

func segment(flags uint8, options []byte, data string) []byte {
	b := append(append(make([]byte, wire.TCPLen), options...), data...)
	wire.PutTCP(b, &addrA, &addrB, 49152, 80, 1000, 2000, flags, 500, 0, len(options))
	return b
}

func datagram(src, dst uint16, data string) []byte {
	b := append(make([]byte, wire.UDPLen), data...)
	wire.PutUDP(b, &addrA, &addrB, src, dst)
	return b
}

func icmp(typ, code uint8, body []byte) []byte {
	b := append(make([]byte, wire.ICMPLen), body...)
	wire.PutICMP(b, typ, code, 9, 3)
	return b
}

var (
	synOptions = []byte{wire.OptMSS, 4, 5, 0xb4, wire.OptSACKPermitted, 2, wire.OptTimestamps, 10, 0, 0, 0, 100, 0, 0, 0, 0, wire.OptNop, wire.OptWindowScale, 3, 7}
	sackOption = append([]byte{wire.OptNop, wire.OptNop, wire.OptSACK, 18}, 0, 0, 7, 210, 0, 0, 7, 220, 0, 0, 7, 230, 0, 0, 7, 240)

	frameSYN   = ethFrame(wire.TypeIPv4, packet(wire.ProtoTCP, segment(wire.SYN, synOptions, "")))
	frameData  = ethFrame(wire.TypeIPv4, packet(wire.ProtoTCP, segment(wire.PSH|wire.ACK, nil, "GET / HTTP/1.0\r\n")))
	frameSACK  = ethFrame(wire.TypeIPv4, packet(wire.ProtoTCP, segment(wire.ACK, sackOption, "")))
	frameUDP   = ethFrame(wire.TypeIPv4, packet(wire.ProtoUDP, datagram(5353, 53, "hello")))
	frameDNS   = ethFrame(wire.TypeIPv4, packet(wire.ProtoUDP, datagram(4000, 53, "\x12\x34\x01\x00\x00\x01\x00\x00\x00\x00\x00\x00\x01a\x07example\x00\x00\x1c\x00\x01")))
	frameAlias = ethFrame(wire.TypeIPv4, packet(wire.ProtoUDP, datagram(53, 4000, "\x12\x34\x85\x00\x00\x01\x00\x03\x00\x00\x00\x00\x01a\x07example\x00\x00\x01\x00\x01"+
		"\xc0\x0c\x00\x05\x00\x01\x00\x00\x00\x3c\x00\x04\x01b\xc0\x0e"+"\xc0\x27\x00\x01\x00\x01\x00\x00\x00\x3c\x00\x04\x0a\x00\x00\x07"+
		"\x00\x00\x1c\x00\x01\x00\x00\x00\x3c\x00\x10\x20\x01\x0d\xb8\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x00\x07")))
	frameOffer = ethFrame(wire.TypeIPv4, packet(wire.ProtoUDP, datagram(67, 68, string(dhcpOffer()))))
	frameEcho  = ethFrame(wire.TypeIPv4, packet(wire.ProtoICMP, icmp(wire.ICMPEcho, 0, []byte("abc"))))
	frameErr   = ethFrame(wire.TypeIPv4, packet(wire.ProtoICMP, icmp(wire.ICMPUnreachable, wire.CodePortUnreachable, packet(wire.ProtoUDP, datagram(5353, 99, "x")))))
	frameFrag  = func() []byte {
		p := packet(wire.ProtoUDP, []byte("the middle of something"))
		wire.IPv4(p).SetFragment(1480, true)
		return ethFrame(wire.TypeIPv4, p)
	}()
	frameARP = func() []byte {
		b := make([]byte, wire.ARPLen)
		wire.PutARP(b, wire.ARPRequest, macA, addrA, wire.MAC{}, addrB)
		return ethFrame(wire.TypeARP, b)
	}()
	frameNS = func() []byte {
		b := make([]byte, 24)
		b[0] = wire.ICMPv6NeighborSolicit
		copy(b[8:], []byte{0xfe, 0x80, 15: 2})
		return ethFrame(wire.TypeIPv6, packet6(wire.ProtoICMPv6, b))
	}()
	frameFrag6 = func() []byte {
		b := make([]byte, wire.FragmentLen, 64)
		wire.PutFragment(b, wire.ProtoUDP, 0, true, 77)
		return ethFrame(wire.TypeIPv6, packet6(wire.ProtoFragment, append(b, datagram(1, 2, "six")...)))
	}()
)

// allFrames are what the tables and properties look at.
var allFrames = [][]byte{frameSYN, frameData, frameSACK, frameUDP, frameEcho, frameErr, frameFrag, frameARP, frameNS, frameFrag6, nil, frameSYN[:20], frameData[:50], frameDNS, frameAlias, frameOffer}

// dhcpOffer is a message with options of all sorts, one of which no row names.
func dhcpOffer() []byte {
	b := make([]byte, wire.DHCPLen)
	b[0], b[1], b[2], b[10] = 2, 1, 6, 0x80
	copy(b[4:], "\xfc\xfe\x00\x01")
	copy(b[16:], "\x0a\x00\x00\x09")
	copy(b[28:], macA[:])
	binary.BigEndian.PutUint32(b[wire.BOOTPLen:], wire.DHCPCookie)
	return append(b, "\x35\x01\x02"+"\x36\x04\x0a\x00\x00\x01"+"\x06\x08\x0a\x00\x00\x02\x0a\x00\x00\x03"+"\x33\x04\x00\x00\x02\x58"+"\x0c\x02PC"+"\xfa\x03abc"+"\x37\x02\x01\x03"+"\xff\x00\x00"...)
}

type facts map[Fact]int64

func (f facts) Number(id Fact) (int64, bool) { v, ok := f[id]; return v, ok }
func (f facts) Text(id Fact) (string, bool)  { return "B", id == FactHost }

func packetOf(frame []byte) *Packet {
	p := &Packet{Frame: frame, TimeNs: 2_500_000_000, Number: 3, Host: "A", Link: "A-B", Fate: "lost", Dir: 1}
	p.Why = event.Why{Reason: event.RTO, Xmit: 2, Copy: 0}
	p.Flow = Flow{Known: true, Stream: 4, Seq: 999, Ack: 1990, Shift: 3}
	p.Facts = facts{Fact(event.VarState): 4, Fact(event.VarCwnd): 11, Fact(event.VarSRTT): 200_000, FactTime: 2_500_000_000, factInfo: 1}
	return p
}

func display(t testing.TB, text string) *Filter {
	t.Helper()
	f, err := Display(text)
	if err != nil {
		t.Fatalf("%s\n%s^ %v", text, strings.Repeat(" ", err.(*Error).At), err)
	}
	return f
}

// Which of the frames in order S(YN) D(ata) K (SACK) U(DP) E(cho) R (error)
// F(ragment) A(RP) N(eighbour) 6 (fragment) match.
const letters = "SDKUERFAN6"

func matching(f *Filter) string {
	var b strings.Builder
	for i := range letters {
		if f.Match(packetOf(allFrames[i])) {
			b.WriteByte(letters[i])
		}
	}
	return b.String()
}

func TestDisplayMatches(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"tcp", "SDK"}, {"udp", "UR6"}, {"ip", "SDKUERF"}, {"ipv6", "N6"}, {"arp", "A"}, {"eth", letters}, {"icmp or icmpv6", "ERN"},
		{"tcp.flags.syn == 1", "S"}, {"tcp.flags.syn == true", "S"}, {"tcp.flags.syn", "SDK"}, {"!tcp", "UERFAN6"}, {"not tcp.flags.syn == 0", "SUERFAN6"},
		{"tcp.flags & 0x12", "SDK"}, {"tcp.flags & 2", "S"}, {"tcp.flags & 0x12 == 0x10", "DK"}, {"tcp.flags == 0x018", "D"},
		{"tcp.port == 80", "SDK"}, {"tcp.port != 80", ""}, {"tcp.port !== 80", "SDK"}, {"tcp.port === 80", ""}, {"tcp.port ~= 80", "SDK"}, {"!(tcp.port == 80)", "UERFAN6"},
		{"all tcp.port > 79", "SDK"}, {"all tcp.port > 80", ""}, {"any tcp.port > 80", "SDK"}, {"tcp.srcport eq 49152 && tcp.dstport lt 1024", "SDK"},
		{"tcp.port in {1, 70..90}", "SDK"}, {"udp.port in {53 99}", "UR"}, {"udp.port not in {53}", "SDKERFAN6"}, {"all udp.port in {53,5353}", "U"}, {"udp.port#1 == 99", "R"},
		{"tcp.len == 16", "D"}, {"tcp.len > 0", "D"}, {"tcp.hdr_len == 40", "SK"}, {"ip.hdr_len == 20 and ip.len < 41", "UER"},
		{"tcp.seq == 1", "SDK"}, {"tcp.seq_raw == 1000", "SDK"}, {"tcp.nxtseq == 2", "S"}, {"tcp.nxtseq == 17", "D"}, {"tcp.ack == 10", "DK"}, {"tcp.window_size == 4000", "DK"}, {"tcp.window_size_value == 500", "SDK"},
		{"tcp.options.mss_val == 1460", "S"}, {"tcp.options.wscale.shift == 7", "S"}, {"tcp.options.sack_perm", "S"}, {"tcp.options.timestamp.tsval == 100", "S"},
		{"tcp.options.sack_le == 12", "K"}, {"tcp.options.sack_re == 42", "K"}, {"count(tcp.options.sack_le) == 2", "K"}, {"count(tcp.options.nop) == 1", "S"}, {"tcp.option_kind == 5", "K"}, {"tcp.options", "SK"},
		{"tcp.stream == 4", "SDK"}, {"tcp.analysis.retransmission", "SDK"}, {"tcp.checksum.status == \"Good\"", "SDK"}, {"ip.checksum.status == Bad", ""}, {"udp.checksum.status == unverified", "6"},
		{"ip.addr == 10.0.0.0/30", "SDKUERF"}, {"ip.src == 10.0.0.2", ""}, {"ip.dst != 10.0.0.1", "SDKUERF"}, {"ip.addr#2 == 10.0.0.1", "R"}, {"ip.src < 10.0.0.2", "SDKUERF"}, {"ip.addr in {10.0.0.2..10.0.0.9}", "SDKUERF"}, {"ip.src == ip.dst", ""},
		{"ip.frag_offset > 0", "F"}, {"ip.frag_offset == 185", "F"}, {"ip.flags.mf == 1", "F"}, {"ip.flags.df == 1", "SDKUER"}, {"ip.proto == TCP", "SDK"}, {"ip.ttl >= 64", "SDKUERF"},
		{"ipv6.src == fe80::/10", "N6"}, {"ipv6.dst == ff02::1", "N6"}, {"ipv6.fraghdr.ident == 77", "6"}, {"ipv6.nxt == ICMPv6", "N"}, {"icmpv6.nd.ns.target_address == fe80::2", "N"},
		{"icmp.type == 8", "E"}, {"icmp.type == \"Destination unreachable\" && icmp.code == 3", "R"}, {"icmp.seq == 3", "E"}, {"icmp.mtu", ""},
		{"arp.opcode == request", "A"}, {"arp.src.proto_ipv4 == 10.0.0.1", "A"}, {"eth.addr == 02-00-00-00-00-01", letters}, {"eth.src[0:3] == 02:00:00", letters}, {"eth.dst.ig == 0", letters}, {"eth.type == IPv6", "N6"},
		{"tcp[13:1] == 02", "S"}, {"tcp[13] & 2", "S"}, {"tcp[13] == 0x02", "S"}, {"tcp[20:4] == 02:04:05:b4", "S"}, {"tcp[2-3] == 00:50", "SDK"}, {"tcp[-2:] == 03:07", "S"}, {"uint(tcp[2:2]) == 80", "SDK"}, {"frame[:2] == 02:00", letters}, {"frame[{14 + ip.hdr_len + 13}] == 02", "S"},
		{"tcp contains \"HTTP\"", "D"}, {"frame contains 48:54:54:50", "D"}, {"tcp.payload[0:3] == \"GET\"", "D"}, {"udp.payload == \"hello\"", "U"}, {"data.data contains \"llo\"", "U"}, {"len(tcp.payload) == 16", "D"},
		{"frame.len > 60 and ip", "SDKR"}, {"frame.number == 3", letters}, {"frame.time_relative > 2.4", letters}, {"frame.time_relative <= 2500ms", letters}, {"lab.time >= 3s", ""}, {"lab.time == 2.5", letters},
		{"wl.host == \"A\"", letters}, {"wl.host == A && wl.link contains \"-\"", letters}, {"wl.fate == \"lost\"", letters}, {"wl.reason == rto", letters}, {"wl.xmit > 1", letters}, {"wl.copy == 0", letters},
		{"tcb.state == \"ESTABLISHED\"", letters}, {"tcb.state == \"FIN-WAIT-1\"", ""}, {"tcb.state in {ESTABLISHED, CLOSE_WAIT}", letters}, {"tcb.cwnd > 10", letters}, {"tcb.ssthresh > 0", ""}, {"tcb.srtt == 200ms", letters}, {"tcb.srtt < 199999", ""}, {"tcb.tcpi_state == 1", letters}, {"host == \"B\"", letters},
		{"tcp xor ip", "UERF"}, {"tcp or udp and arp", "SDK"}, {"(tcp or udp) and arp", ""}, {"tcp.srcport - 1 == 49151", "SDK"}, {"{tcp.len + 4} * 2 == 40", "D"}, {"-tcp.len == -16", "D"}, {"tcp.len << 1 == 32 | 0", "D"}, {"tcp.len % 5 == 1", "D"}, {"(tcp.len + 4) * 2 == 40", "D"}, {"ip.len > 1KiB", ""}, {"80 == tcp.dstport", "SDK"}, {"10.0.0.0/8 == ip.src", "SDKUERF"},
	} {
		f := display(t, c.text)
		if got := matching(f); got != c.want {
			t.Errorf("%s matches %q, want %q (%s)", c.text, got, c.want, f)
		}
	}
}

func TestDNSMatches(t *testing.T) {
	for text, want := range map[string]bool{
		"dns": true, `dns.qry.name contains "exam"`: true, `dns.qry.name contains "b.ex"`: false, "dns.flags.rcode": false, "dns.a": false, "dns.id == 0x1234 && dns.flags.response == 0": true, "dns.qry.name == a.example": true, `dns.qry.name == "a.example."`: true,
		"dns.qry.name == b.example": false, "dns.qry.type == AAAA": true, "dns.count.queries > 0": true, "dns.flags.rcode == Refused": false, "data": false,
	} {
		if f := display(t, text); f.Match(packetOf(frameDNS)) != want || f.Match(packetOf(frameEcho)) && text != "data" {
			t.Error(text)
		}
	}
}

func TestAnswersMatch(t *testing.T) {
	for text, want := range map[string]bool{
		"dns.a == 10.0.0.7": true, "dns.a in {10.0.0.0/24}": true, "dns.aaaa == 2001:db8::7": true, "dns.cname == b.example": true, `dns.cname contains "b."`: true, "dns.cname == a.example": false,
		"dns.resp.name == b.example": true, "dns.resp.name == a.example": true, `dns.resp.name == ""`: true, "dns.resp.name == c.example": false, "dns.resp.type == CNAME": true, "dns.resp.type == NS": false, "count(dns.resp.ttl) == 3": true,
		"dns.qry.name == dns.resp.name": true, "dns.qry.name == dns.cname": false, "dns.flags.rcode == 0": true,
	} {
		if display(t, text).Match(packetOf(frameAlias)) != want {
			t.Error(text)
		}
	}
}

func TestDHCPMatches(t *testing.T) {
	for text, want := range map[string]bool{
		"dhcp": true, "udp.port == 67": true, "data": false, "dns": false, "dhcp.id == 0xfcfe0001": true, "dhcp.ip.your == 10.0.0.9": true, "dhcp.option.dhcp == Offer": true, "dhcp.option.dhcp == Discover": false,
		"dhcp.option.domain_name_server == 10.0.0.3": true, "count(dhcp.option.domain_name_server) == 2": true, "dhcp.option.ip_address_lease_time == 600": true, "dhcp.option.hostname == \"PC\"": true, "dhcp.option.type == 250": true,
		"dhcp.option.router": false, "dhcp.option.end": true, "dhcp.hw.mac_addr == eth.src": true, "dhcp.option.request_list_item == 3": true,
	} {
		if display(t, text).Match(packetOf(frameOffer)) != want {
			t.Error(text)
		}
	}
}

func TestDisplayErrors(t *testing.T) {
	for _, c := range []struct {
		text    string
		at, len int
		what    Problem
		says    string
	}{
		{"", 0, 0, Empty, "missing"},
		{"tcp and", 7, 0, Empty, ""},
		{"tcp.flag == 1", 0, 8, SimilarField, "did you mean tcp.flags?"},
		{"hubba.bubba", 0, 11, UnknownField, ""},
		{"tcp udp", 4, 3, Unexpected, "udp"},
		{"tcp.port == ", 12, 0, Empty, ""},
		{"tcp.port == http", 12, 4, NotNumber, "http is not a number, as tcp.port is"},
		{"tcp.port == 10.0.0.1", 12, 8, NotNumber, ""},
		{"tcp.flags.syn == 2", 17, 1, NotBool, ""},
		{"ip.addr == 10.0.0", 11, 6, NotAddress, ""},
		{"ip.addr == 10.0.0.1/33", 11, 11, NotAddress, ""},
		{"ip.addr == ::1", 11, 3, NotAddress, ""},
		{"eth.src == 02:00", 11, 5, NotMAC, ""},
		{"tcp[13] == zz", 11, 2, NotBytes, ""},
		{"tcp[a]", 4, 1, BadSlice, ""},
		{"tcp[3:0]", 3, 5, BadSlice, ""},
		{"tcp[0-", 3, 3, BadSlice, "[0- is no part"},
		{"tcp[0- ]", 3, 4, BadSlice, "[0-  is no part"},
		{"tcp[]", 3, 1, BadSlice, "[ is no part"},
		{"tcp.srcport[0]", 0, 11, NoSlice, ""},
		{"ip.addr#0 == 1.2.3.4", 7, 2, NoLayer, ""},
		{"1 == 1", 0, 1, Constant, ""},
		{"80", 0, 2, Constant, ""},
		{"(tcp", 4, 0, Missing, "here ) is missing"},
		{"tcp.port in 80", 12, 2, Missing, "{"},
		{"tcp.port in {90..80}", 13, 6, BadRange, "90"},
		{"tcp.port matches \"8.\"", 9, 7, NoRegexp, ""},
		{"wl.host == \"A", 11, 2, OpenString, ""},
		{"wl.host == \"\\q\"", 12, 2, BadEscape, ""},
		{"tcp ; udp", 4, 1, BadCharacter, ";"},
		{"tcb.state == \"OPEN\"", 13, 6, UnknownWord, "ESTABLISHED"},
		{"wl.reason == \"hunger\"", 13, 8, UnknownWord, "handshake_ack"},
		{"tcb.srtt == 1500ns", 12, 6, NotWhole, ""},
		{"tcp.len == 2s", 11, 2, NotTime, ""},
		{"ip.src == ipv6.src", 0, 18, Mismatch, ""},
		{"tcp.len / 0 == 1", 10, 1, DivideByZero, ""},
		{"(tcp or udp) == 1", 1, 10, NotComparable, ""},
		{"min(tcp.len) == 1", 0, 3, UnknownFunction, "len"},
		{strings.Repeat("(", 70) + "tcp", 64, 1, TooDeep, "64"},
		{strings.Repeat("!", 70) + "tcp", 65, 1, TooDeep, "64"},
		{strings.Repeat(" ", 4096) + "tcp", 4096, 3, TooLong, "4096"},
		{"dns.qry.name == a..b", 17, 2, Unexpected, ""},
		{"dns.qry.name == \"a..b\"", 16, 6, NotDomain, ""},
		{"tcp.analysis.retransmission == 1", 0, 27, NoValue, ""},
	} {
		_, err := Display(c.text)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s: no error", c.text)
			continue
		}
		if e.At != c.at || e.Len != c.len || e.What != c.what || !strings.Contains(e.Error(), c.says) || strings.Contains(e.Error(), "{0}") {
			t.Errorf("%s: %s at %d, %d long: %v", c.text, e.What.Key(), e.At, e.Len, e)
		}
	}
}

// What the walk finds is what wire.Fields shows: the same bytes under the same names.
func TestFieldsStandWhereWireSaysTheyDo(t *testing.T) {
	checked := map[string]bool{}
	for _, frame := range allFrames {
		var m machine
		m.p, m.frame = packetOf(frame), frame
		for _, f := range wire.Fields(nil, frame) {
			r := find(f.Key)
			if r == nil || f.Start == f.End || r.rows == nil {
				continue
			}
			checked[f.Key] = true
			m.top = 0
			m.field(r, 0)
			if from := r.rows[0].from; r.kind.isNumber() && (from == fixed || from == inOption || from >= inReply && from <= dhcpOption) {
				want := int64(0)
				for _, b := range frame[f.Start:f.End] {
					want = want<<8 | int64(b)
				}
				if row := r.rows[0]; row.mask != 0 {
					want = want & int64(row.mask) / int64(row.mask&-row.mask)
				}
				if !hasValue(m.vals[:m.top], func(v value) bool { return v.n == want }) {
					t.Errorf("%s: wire says %d at %d-%d, the filter %v", f.Key, want, f.Start, f.End, m.vals[:m.top])
				}
			} else if m.top == 0 || !r.kind.isNumber() && r.kind != kProto && !hasValue(m.vals[:m.top], func(v value) bool { return int(v.at) == f.Start && int(v.end) == f.End }) {
				t.Errorf("%s: wire says %d-%d, the filter %v", f.Key, f.Start, f.End, m.vals[:m.top])
			}
		}
	}
	if len(checked) < 150 {
		t.Errorf("only %d fields were looked at", len(checked))
	}
}

func hasValue(vals []value, ok func(value) bool) bool {
	for _, v := range vals {
		if ok(v) {
			return true
		}
	}
	return false
}

func TestUses(t *testing.T) {
	for _, c := range []struct {
		text string
		want Uses
	}{
		{"tcp.port == 80", UsesFrame}, {"wl.host == A", UsesPacket}, {"tcp.seq > 1 and tcb.cwnd > 1", UsesFrame | UsesPacket | UsesConn},
		{"lab.time > 1s", UsesTime}, {"host == A", UsesHost}, {"frame.time_relative > 1s", UsesTime}, {"frame.number == 1", UsesPacket},
	} {
		if got := display(t, c.text).Uses(); got != c.want {
			t.Errorf("%s uses %b, want %b", c.text, got, c.want)
		}
	}
}

// A frame that has more values than are looked at makes no harm.
func TestManyValues(t *testing.T) {
	opts := make([]byte, wire.MaxTCPOptions)
	for i := range opts {
		opts[i] = wire.OptNop
	}
	frame := ethFrame(wire.TypeIPv4, packet(wire.ProtoTCP, segment(wire.ACK, opts, "")))
	p := packetOf(frame)
	for _, text := range []string{"count(tcp.options.nop) == 40", "tcp.option_kind == tcp.option_kind"} {
		if !display(t, text).Match(p) {
			t.Error(text)
		}
	}
	binary.BigEndian.PutUint16(frame[16:], 20)
	display(t, "tcp or tcp.options").Match(p)
	display(t, "tcp.option_kind + tcp.option_kind == 2").Match(p)
}

func BenchmarkMatch(b *testing.B) {
	for _, text := range []string{"tcp.flags.syn == 1", "tcp.port == 80 and ip.src == 10.0.0.0/24 and tcp.len > 0", "tcp.options.sack_le > 5", "wl.xmit > 1", "tcp contains \"HTTP\""} {
		b.Run(text, func(b *testing.B) {
			f, p := display(b, text), packetOf(frameData)
			b.ReportAllocs()
			for b.Loop() {
				f.Match(p)
			}
		})
	}
}

// What stands in a set must be like what is looked for in it.
func TestSetsOfOtherKinds(t *testing.T) {
	for _, text := range []string{"wl.host in {1, tcp[13:1]}", "tcp.len in {tcp, 1}", "ip.src in {tcp.len}", "tcp[13:1] in {tcp.len}", "wl.host in {tcp[0:1]..tcp[1:1]}", "tcp.len in {1..ip.src}", "ip.src in {wl.host}"} {
		if _, err := Display(text); err == nil || !strings.Contains(err.Error(), "of different kinds") && !strings.Contains(err.Error(), "no value") {
			t.Errorf("%s: %v", text, err)
		}
	}
	for _, text := range []string{"tcp.len in {1, tcp.hdr_len, 5..9}", "ip.src in {10.0.0.1, ip.dst}", "tcp[0:2] in {00:50, tcp[2:2]}", `wl.host in {"A", "B"}`} {
		if _, err := Display(text); err != nil {
			t.Errorf("%s: %v", text, err)
		}
	}
}
