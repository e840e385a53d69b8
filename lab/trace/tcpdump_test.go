package trace

import (
	"bytes"
	"encoding/binary"
	"math/rand/v2"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/net/dns/dnsmessage"

	"wirelab/stack/seeds"
	"wirelab/stack/wire"
)

// segment is a frame from one of addrs to the other.
func segment(from int, port [2]uint16, seq, ack uint32, flags uint8, opts []byte, data string) []byte {
	src, dst := addrs[from], addrs[1-from]
	tcp := append(append(make([]byte, wire.TCPLen), opts...), data...)
	wire.PutTCP(tcp, &src, &dst, port[from], port[1-from], seq, ack, flags, 9, 0, len(opts))
	b := make([]byte, wire.EthernetLen+wire.IPv4Len)
	wire.PutEthernet(b, wire.MAC{4}, wire.MAC{2}, wire.TypeIPv4)
	h := wire.IPv4Header{Src: src, Dst: dst, Length: wire.IPv4Len + len(tcp), TTL: 64, Protocol: wire.ProtoTCP}
	h.Put(b[wire.EthernetLen:])
	return append(b, tcp...)
}

// datagram is a frame from one of addrs to the other.
func datagram(from int, port [2]uint16, data []byte) []byte {
	src, dst := addrs[from], addrs[1-from]
	udp := append(make([]byte, wire.UDPLen), data...)
	wire.PutUDP(udp, &src, &dst, port[from], port[1-from])
	b := make([]byte, wire.EthernetLen+wire.IPv4Len)
	wire.PutEthernet(b, wire.MAC{4}, wire.MAC{2}, wire.TypeIPv4)
	h := wire.IPv4Header{Src: src, Dst: dst, Length: wire.IPv4Len + len(udp), TTL: 64, Protocol: wire.ProtoUDP}
	h.Put(b[wire.EthernetLen:])
	return append(b, udp...)
}

// sack is the option, behind what lines it up.
func sack(edges ...uint32) []byte {
	b := []byte{wire.OptNop, wire.OptNop, wire.OptSACK, uint8(2 + 4*len(edges))}
	for _, e := range edges {
		b = binary.BigEndian.AppendUint32(b, e)
	}
	return b
}

// tcpdump prints what frames are, without the time.
func tcpdump(t *testing.T, frames [][]byte, options ...string) []string {
	le := binary.LittleEndian
	b := le.AppendUint32(le.AppendUint32(nil, 0xa1b2c3d4), 2|4<<16)
	b = le.AppendUint32(le.AppendUint32(append(b, make([]byte, 8)...), 65535), 1)
	for i, f := range frames {
		b = le.AppendUint32(le.AppendUint32(b, uint32(i)), 0)
		b = append(le.AppendUint32(le.AppendUint32(b, uint32(len(f))), uint32(len(f))), f...)
	}
	path := filepath.Join(t.TempDir(), "frames.pcap")
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("tcpdump", append(options, "-t", "-r", path)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimRight(string(out), "\n"), "\n")
}

// What a SACK names is counted as the acknowledgment beside it is; tcpdump itself says the same of all these frames.
func TestSACKInTcpdumpsWords(t *testing.T) {
	port, other := [2]uint16{1000, 7}, [2]uint16{1001, 7}
	frames := [][]byte{
		segment(0, port, 5000, 0, wire.SYN, nil, ""),
		segment(1, port, 9000, 5001, wire.SYN|wire.ACK, nil, ""),
		segment(0, port, 5001, 9001, wire.ACK, nil, ""),
		segment(0, port, 5011, 9001, wire.PSH|wire.ACK, nil, "x"),
		segment(1, port, 9001, 5001, wire.ACK, sack(5011, 5012), ""),
		segment(1, port, 9001, 5001, wire.ACK, sack(5001, 5002, 5005, 5009), ""),
		segment(0, port, 5001, 9001, wire.ACK, sack(9001, 9003), ""),
		segment(0, port, 5001, 9001, wire.ACK, []byte{wire.OptSACK, 6, 1, 2, 3, 4, wire.OptNop, wire.OptNop}, ""),
		segment(0, other, 5001, 0, wire.SYN, sack(9001, 9003), ""),
	}
	want := map[bool][]string{
		false: {4: "sack 1 {11:12}", "sack 2 {1:2}{5:9}", "sack 1 {1:3}", "[sack invalid sack,", "sack 1 {9001:9003}"},
		true:  {4: "sack 1 {5011:5012}", "sack 2 {5001:5002}{5005:5009}", "sack 1 {9001:9003}", "[sack invalid sack,", "sack 1 {9001:9003}"},
	}
	_, missing := exec.LookPath("tcpdump")
	for absolute, words := range want {
		d := Dump{Absolute: absolute}
		var theirs []string
		if missing == nil {
			options := []string{"-n"}
			if absolute {
				options = append(options, "-S")
			}
			theirs = tcpdump(t, frames, options...)
		}
		for i, f := range frames {
			_, line, _ := strings.Cut(d.Line(0, f), " ")
			if !strings.Contains(line, words[i]) {
				t.Errorf("frame %d is %s, want %s", i, line, words[i])
			}
			if missing == nil && line != theirs[i] {
				t.Errorf("frame %d is %s, and tcpdump says %s", i, line, theirs[i])
			}
		}
	}
}

// dnsMessages are questions and answers of all sorts.
func dnsMessages(t *testing.T) (list [][]byte) {
	name := dnsmessage.MustNewName
	ask := func(names ...string) (q []dnsmessage.Question) {
		for i, n := range names {
			q = append(q, dnsmessage.Question{Name: name(n), Type: [...]dnsmessage.Type{dnsmessage.TypeA, dnsmessage.TypeAAAA, dnsmessage.TypeALL, 65280}[i], Class: 1})
		}
		return q
	}
	www, reply := ask("www.example.org."), dnsmessage.Header{ID: 7, Response: true}
	record := func(body dnsmessage.ResourceBody) dnsmessage.Resource {
		return dnsmessage.Resource{Header: dnsmessage.ResourceHeader{Name: name("www.example.org."), Class: 1, TTL: 60}, Body: body}
	}
	a, alias := record(&dnsmessage.AResource{A: [4]byte{10, 0, 0, 7}}), record(&dnsmessage.CNAMEResource{CNAME: name("web.example.org.")})
	messages := []dnsmessage.Message{
		{Header: dnsmessage.Header{ID: 4360, RecursionDesired: true}, Questions: www},
		{Questions: www},
		{Questions: ask("a.example.", "b.example.", ".", "c.example.")},
		{Questions: []dnsmessage.Question{{Name: name("version.bind."), Type: dnsmessage.TypeTXT, Class: 99}}},
		{Header: dnsmessage.Header{OpCode: 2}, Questions: www},
		{Header: dnsmessage.Header{CheckingDisabled: true}, Questions: www, Answers: []dnsmessage.Resource{a}, Authorities: []dnsmessage.Resource{a}, Additionals: []dnsmessage.Resource{a, a}},
		{Header: reply, Questions: www, Answers: []dnsmessage.Resource{alias, a, record(&dnsmessage.AAAAResource{AAAA: [16]byte{0x20, 1, 0xd, 0xb8, 15: 7}})}},
		{Header: dnsmessage.Header{Response: true, RCode: dnsmessage.RCodeNameError, Authoritative: true, RecursionAvailable: true}, Questions: www},
		{Header: dnsmessage.Header{Response: true, Truncated: true, AuthenticData: true}, Questions: ask("a.example.", "b.example.")},
		{Header: reply, Questions: www, Answers: []dnsmessage.Resource{
			record(&dnsmessage.NSResource{NS: name("ns.example.org.")}), record(&dnsmessage.PTRResource{PTR: name("host.example.org.")}), record(&dnsmessage.MXResource{Pref: 10, MX: name("mail.example.org.")}),
			record(&dnsmessage.SOAResource{NS: name("ns.example.org."), MBox: name("a.example.org.")})}, Authorities: []dnsmessage.Resource{alias}, Additionals: []dnsmessage.Resource{a}},
	}
	for _, m := range messages {
		b, err := m.Pack()
		if err != nil {
			t.Fatal(err)
		}
		list = append(list, b)
	}
	cut := list[6]
	return append(list, list[0][:20], make([]byte, 12), cut[:len(cut)-3])
}

// A datagram of DNS or DHCP is told by what it asks or answers, as tcpdump does.
func TestDNSAndDHCPInTcpdumpsWords(t *testing.T) {
	var frames [][]byte
	for _, m := range dnsMessages(t) {
		frames = append(frames, datagram(int(m[2]>>7), [2]uint16{4000, wire.DNSPort}, m))
	}
	boot := make([]byte, 300)
	boot[0], boot[1], boot[2] = 1, 1, 6
	copy(boot[28:], []byte{2, 0, 0, 0, 1, 0})
	for _, change := range [][3]byte{{1, 1, 6}, {2, 1, 6}, {1, 6, 8}, {7, 1, 6}} {
		copy(boot, change[:])
		frames = append(frames, datagram(0, [2]uint16{wire.DHCPClientPort, wire.DHCPServerPort}, boot))
	}
	want := []string{"4360+ A? www.example.org. (33)", "0 A? www.example.org. (33)", "", "", "", "", "7- 3/0/0 CNAME web.example.org., A 10.0.0.7, AAAA 2001:db8::7 (", "0 NXDomain* 0/0/0 (33)",
		12: " [|domain]", 13: "BOOTP/DHCP, Request from 02:00:00:00:01:00, length 300", 14: "BOOTP/DHCP, Reply, length 300", 16: "BOOTP/DHCP, unknown (0x07), length 300"}
	const cut = 12 // tcpdump still names the type of the record that is not all there
	var theirs []string
	if _, err := exec.LookPath("tcpdump"); err == nil {
		theirs = tcpdump(t, frames, "-n")
	}
	var d Dump
	for i, f := range frames {
		_, line, _ := strings.Cut(d.Line(0, f), " ")
		if !strings.Contains(line, want[i]) {
			t.Errorf("frame %d is %s, want %s", i, line, want[i])
		}
		if theirs != nil && line != theirs[i] && i != cut {
			t.Errorf("frame %d is %s, and tcpdump says %s", i, line, theirs[i])
		}
	}
}

// Whatever damages a message, there are words for it.
func TestDamagedMessagesHaveWords(t *testing.T) {
	seed := seeds.First(t)
	r := rand.New(rand.NewPCG(seed, 0))
	good := dnsMessages(t)
	for i := range 20_000 {
		m := bytes.Clone(good[r.IntN(len(good))])
		for range r.IntN(4) {
			m[r.IntN(len(m))] = byte(r.Uint32())
		}
		m = m[:len(m)-r.IntN(min(len(m), 9))]
		port := [2]uint16{4000, [...]uint16{wire.DNSPort, wire.DHCPServerPort}[r.IntN(2)]}
		s := Summarize(datagram(0, port, append(m, make([]byte, r.IntN(2)*240)...)))
		var d Dump
		if words := d.Words(0, &s); len(words) > 4096 || len(s.Topic()) > 2048 || !strings.HasPrefix(words, "IP 10.0.0.1.4000 > ") {
			t.Fatalf("seed %d, message %d, %x: %s", seed, i, m, words)
		}
	}
}
