package wire

import (
	"bytes"
	"math/rand/v2"
	"testing"

	"wirelab/stack/seeds"
)

// What a Put writes, a view reads; the bytes are those of the RFC's figure.

func TestEthernet(t *testing.T) {
	b := append(make([]byte, EthernetLen), "payload"...)
	PutEthernet(b, MAC{1, 2, 3, 4, 5, 6}, MAC{7, 8, 9, 10, 11, 12}, TypeARP)
	if want := unhex(t, "0102030405060708090a0b0c0806"); !bytes.Equal(b[:EthernetLen], want) {
		t.Errorf("%x, want %x", b[:EthernetLen], want)
	}
	e, ok := ParseEthernet(b)
	if !ok || e.Dst() != (MAC{1, 2, 3, 4, 5, 6}) || e.Src() != (MAC{7, 8, 9, 10, 11, 12}) || e.Type() != TypeARP || string(e.Payload()) != "payload" {
		t.Errorf("%v: %v %v %x %q", ok, e.Dst(), e.Src(), e.Type(), e.Payload())
	}
	if _, ok := ParseEthernet(b[:EthernetLen-1]); ok {
		t.Error("13 bytes are no frame")
	}
}

func TestARP(t *testing.T) {
	b := make([]byte, ARPLen)
	PutARP(b, ARPReply, MAC{2, 0, 0, 0, 0, 1}, V4(10, 0, 0, 1), MAC{2, 0, 0, 0, 0, 2}, V4(10, 0, 0, 2))
	if want := unhex(t, "00010800060400020200000000010a0000010200000000020a000002"); !bytes.Equal(b, want) {
		t.Errorf("%x, want %x", b, want)
	}
	a, ok := ParseARP(b)
	if !ok || a.Op() != ARPReply || a.SenderMAC() != (MAC{2, 0, 0, 0, 0, 1}) || a.SenderIP() != V4(10, 0, 0, 1) ||
		MAC(a[18:24]) != (MAC{2, 0, 0, 0, 0, 2}) || a.TargetIP() != V4(10, 0, 0, 2) {
		t.Errorf("%v: %x", ok, []byte(a))
	}
	for _, c := range []struct {
		what string
		b    []byte
	}{
		{"short", b[:ARPLen-1]},
		{"other hardware", with(b, 0, 0, 6)},
		{"other protocol", with(b, 2, 0x86, 0xdd)},
		{"other size of hardware address", with(b, 4, 8)},
		{"other size of protocol address", with(b, 5, 16)},
	} {
		if _, ok := ParseARP(c.b); ok {
			t.Errorf("%s: taken", c.what)
		}
	}
}

func TestIPv4(t *testing.T) {
	h := IPv4Header{Src: V4(192, 168, 0, 1), Dst: V4(192, 168, 0, 199), Length: 23, ID: 0xbeef, Flags: IPv4DF, TOS: 2, TTL: 64, Protocol: ProtoUDP}
	b := append(make([]byte, IPv4Len), "abc, and padding"...)
	h.Put(b)
	if want := unhex(t, "45020017beef40004011"); !bytes.Equal(b[:10], want) {
		t.Errorf("%x, want %x", b[:10], want)
	}
	p, ok := ParseIPv4(b)
	if !ok || len(p) != h.Length || p.HeaderLen() != IPv4Len || p.TOS() != h.TOS || p.TotalLen() != h.Length || p.ID() != h.ID ||
		p.Flags() != h.Flags || p.FragOffset() != 0 || p.IsFragment() || p.TTL() != h.TTL || p.Protocol() != h.Protocol ||
		p.Src() != h.Src || p.Dst() != h.Dst || string(p.Payload()) != "abc" || !p.ChecksumOK() {
		t.Errorf("%v: %x", ok, []byte(p))
	}
	if want := naive(b[:10], b[12:IPv4Len]); p.Checksum() != want {
		t.Errorf("checksum %04x, want %04x", p.Checksum(), want)
	}
	for bit := range IPv4Len * 8 {
		damaged := IPv4(with(b, bit/8, b[bit/8]^1<<(bit%8)))
		if damaged.HeaderLen() == IPv4Len && damaged.ChecksumOK() {
			t.Errorf("bit %d flipped, and the checksum is right", bit)
		}
	}
}

func TestIPv4Fragments(t *testing.T) {
	for _, c := range []struct {
		field  uint16
		flags  uint16
		offset int
		part   bool
	}{
		{0, 0, 0, false},
		{0x4000, IPv4DF, 0, false},
		{0x2000, IPv4MF, 0, true},
		{0x20b9, IPv4MF, 1480, true},
		{0x00b9, 0, 1480, true},
		{0x1fff, 0, 65528, true},
		{0x8000, 0x8000, 0, false},
	} {
		p := IPv4(ipPacket(ProtoUDP, nil))
		be.PutUint16(p[6:], c.field)
		if p.Flags() != c.flags || p.FragOffset() != c.offset || p.IsFragment() != c.part {
			t.Errorf("%04x: %04x, %d, %v", c.field, p.Flags(), p.FragOffset(), p.IsFragment())
		}
	}
}

func TestParseIPv4Lengths(t *testing.T) {
	good := ipPacket(ProtoUDP, make([]byte, 12)) // 32 bytes
	for _, c := range []struct {
		what string
		b    []byte
		ok   bool
	}{
		{"whole", good, true},
		{"padded", append(bytes.Clone(good), 0, 0), true},
		{"options", with(good, 0, 0x46), true},
		{"options to the end", with(good, 0, 0x48), true},
		{"header longer than the packet", with(good, 0, 0x49), false},
		{"header too short", with(good, 0, 0x44), false},
		{"IPv6", with(good, 0, 0x65), false},
		{"total longer than the bytes", with(good, 2, 0, 33), false},
		{"total less than the header", with(good, 2, 0, 19), false},
		{"only a header", with(good, 2, 0, 20), true},
		{"cut", good[:31], false},
		{"cut in the header", good[:19], false},
		{"nothing", nil, false},
	} {
		if p, ok := ParseIPv4(c.b); ok != c.ok || ok && len(p) != p.TotalLen() {
			t.Errorf("%s: %v, %d bytes", c.what, ok, len(p))
		}
	}
}

// A checksum that is mended equals one that is computed anew (RFC 1624).
func TestDecrementTTL(t *testing.T) {
	seed := seeds.First(t)
	r := rand.New(rand.NewPCG(seed, 0))
	for i := range 400 {
		for ttl := 1; ttl < 256; ttl++ { // a packet of TTL 0 is never forwarded (RFC 1812 §5.3.1)
			p := make(IPv4, IPv4Len)
			for j := range p {
				p[j] = byte(r.Uint32())
				if i%4 == 0 {
					p[j] |= 0xf0 // sums near the one's complement zero
				}
			}
			p[0], p[8] = 0x45, byte(ttl)
			be.PutUint16(p[10:], naive(p[:10], p[12:]))
			p.DecrementTTL()
			if want := naive(p[:10], p[12:]); p.TTL() != byte(ttl-1) || p.Checksum() != want || !p.ChecksumOK() {
				t.Fatalf("seed %d, header %d, TTL %d: %x, want checksum %04x", seed, i, ttl, []byte(p), want)
			}
		}
	}
}

func TestICMP(t *testing.T) {
	b := append(make([]byte, ICMPLen), "abc"...)
	PutICMP(b, ICMPEcho, 0, 0x1234, 7)
	m, ok := ParseICMP(b)
	if !ok || m.Type() != ICMPEcho || m.Code() != 0 || m.ID() != 0x1234 || m.Seq() != 7 || string(m.Payload()) != "abc" || !m.ChecksumOK() {
		t.Errorf("%v: %x", ok, b)
	}
	if want := naive(b[:2], b[4:]); m.Checksum() != want {
		t.Errorf("checksum %04x, want %04x", m.Checksum(), want)
	}
	if ICMP(with(b, 10, 'd')).ChecksumOK() {
		t.Error("a changed byte goes unnoticed")
	}
	if _, ok := ParseICMP(b[:ICMPLen-1]); ok {
		t.Error("7 bytes are no message")
	}
}

func TestUDP(t *testing.T) {
	b := datagram("hello")
	if want := unhex(t, "14ea1e61000d"); !bytes.Equal(b[:6], want) {
		t.Errorf("%x, want %x", b[:6], want)
	}
	u, ok := ParseUDP(append(bytes.Clone(b), "surplus"...))
	if !ok || u.SrcPort() != 5354 || u.DstPort() != 7777 || u.Length() != 13 || string(u.Payload()) != "hello" || !u.ChecksumOK(&client, &server) {
		t.Errorf("%v: %x", ok, []byte(u))
	}
	pseudo := append(append(bytes.Clone(client[12:]), server[12:]...), 0, ProtoUDP, 0, 13)
	if want := naive(pseudo, b[:6], b[8:]); u.Checksum() != want {
		t.Errorf("checksum %04x, want %04x", u.Checksum(), want)
	}
	other := V4(10, 0, 0, 3)
	if u.ChecksumOK(&client, &other) || UDP(with(b, 8, 'j')).ChecksumOK(&client, &server) {
		t.Error("another address or another byte goes unnoticed")
	}
	if !UDP(with(with(b, 8, 'j'), 6, 0, 0)).ChecksumOK(&client, &server) {
		t.Error("a checksum of zero was not computed, so it is not wrong")
	}
	for _, length := range []byte{0, 7, 14} {
		if _, ok := ParseUDP(with(b, 5, length)); ok {
			t.Errorf("length %d of %d: taken", length, len(b))
		}
	}
	if _, ok := ParseUDP(b[:UDPLen-1]); ok {
		t.Error("7 bytes are no datagram")
	}
}

// A sum of zero is sent as all ones: zero says that there is none (RFC 768).
func TestUDPNeverSendsAZeroChecksum(t *testing.T) {
	b := datagram("\x00\x00")
	be.PutUint16(b[8:], UDP(b).Checksum()) // now the sum over all else is 0xffff
	PutUDP(b, &client, &server, 5354, 7777)
	if u := UDP(b); u.Checksum() != 0xffff || !u.ChecksumOK(&client, &server) {
		t.Errorf("%x", b)
	}
}

func TestTCP(t *testing.T) {
	b := append(append(make([]byte, TCPLen), synOptions...), "data"...)
	PutTCP(b, &client, &server, 49152, 80, 0x01020304, 0xfffefdfc, SYN|ACK|CWR, 4096, 5, len(synOptions))
	if want := unhex(t, "c000005001020304fffefdfca0921000"); !bytes.Equal(b[:16], want) {
		t.Errorf("%x, want %x", b[:16], want)
	}
	s, ok := ParseTCP(b)
	if !ok || s.SrcPort() != 49152 || s.DstPort() != 80 || s.Seq() != 0x01020304 || s.Ack() != 0xfffefdfc || s.HeaderLen() != 40 ||
		s.Flags() != SYN|ACK|CWR || s.Window() != 4096 || s.Urgent() != 5 || !bytes.Equal(s.Options(), synOptions) ||
		string(s.Payload()) != "data" || !s.ChecksumOK(&client, &server) {
		t.Errorf("%v: %x", ok, b)
	}
	pseudo := append(append(bytes.Clone(client[12:]), server[12:]...), 0, ProtoTCP, 0, byte(len(b)))
	if want := naive(pseudo, b[:16], b[18:]); s.Checksum() != want {
		t.Errorf("checksum %04x, want %04x", s.Checksum(), want)
	}
	other := V4(10, 0, 0, 3)
	if s.ChecksumOK(&client, &other) || TCP(with(b, len(b)-1, 'b')).ChecksumOK(&client, &server) {
		t.Error("another address or another byte goes unnoticed")
	}
	for _, c := range []struct {
		what string
		b    []byte
		ok   bool
	}{
		{"no options", with(b, 12, 0x50), true},
		{"header to the end", with(b, 12, 0xb0), true},
		{"header longer than the segment", with(b, 12, 0xc0), false},
		{"header too short", with(b, 12, 0x40), false},
		{"cut", b[:TCPLen-1], false},
		{"nothing", nil, false},
	} {
		if _, ok := ParseTCP(c.b); ok != c.ok {
			t.Errorf("%s: %v", c.what, ok)
		}
	}
}

// The largest header there can be: 40 bytes of options.
func TestTCPWithAllOptionRoom(t *testing.T) {
	options := bytes.Repeat([]byte{OptNop}, MaxTCPOptions)
	if s, ok := ParseTCP(segment(ACK, 1, 2, options, "")); !ok || !bytes.Equal(s.Options(), options) || len(s.Payload()) != 0 {
		t.Errorf("%v: %x", ok, []byte(s))
	}
}

func TestFlagString(t *testing.T) {
	for _, c := range []struct {
		flags uint8
		want  string
	}{
		{0, "none"},
		{SYN, "S"},
		{SYN | ACK, "S."},
		{ACK, "."},
		{PSH | ACK, "P."},
		{FIN | ACK, "F."},
		{FIN | PSH | ACK, "FP."},
		{RST, "R"},
		{RST | ACK, "R."},
		{PSH | ACK | URG, "P.U"},
		{SYN | ECE | CWR, "SEW"}, // asks for ECN (RFC 3168 §6.1.1)
		{SYN | ACK | ECE, "S.E"},
		{ACK | ECE, ".E"},
		{ACK | CWR, ".W"},
		{0xff, "FSRP.UEW"},
	} {
		if got := FlagString(c.flags); got != c.want {
			t.Errorf("%02x: %q, want %q", c.flags, got, c.want)
		}
	}
}
