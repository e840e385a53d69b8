package wire

import (
	"strings"
	"testing"
)

// segmentFrame is a SYN with options, whose checksums are right.
func segmentFrame(t *testing.T) []byte {
	t.Helper()
	b := make([]byte, EthernetLen+IPv4Len+TCPLen+4)
	PutEthernet(b, MAC{2, 0, 0, 0, 0, 1}, MAC{2, 0, 0, 0, 0, 2}, TypeIPv4)
	ip := b[EthernetLen:]
	src, dst := V4(10, 0, 0, 1), V4(10, 0, 0, 2)
	(&IPv4Header{Src: src, Dst: dst, Length: len(ip), TTL: 64, Protocol: ProtoTCP}).Put(ip)
	tcp := ip[IPv4Len:]
	tcp[12], tcp[13] = 6<<4, SYN
	copy(tcp[20:], []byte{2, 4, 5, 0xb4})
	mendSums(b)
	return b
}

func field(frame []byte, key string) Field {
	for _, f := range Fields(nil, frame) {
		if f.Key == key {
			return f
		}
	}
	return Field{}
}

func TestEdit(t *testing.T) {
	for _, c := range []struct{ key, value, shows string }{
		{"ip.ttl", "1", "1"}, {"ip.src", "192.0.2.7", "192.0.2.7"}, {"tcp.seq", "4294967290", "4294967290"},
		{"tcp.flags.ack", "1", "Set"}, {"tcp.flags.syn", "0", "Not set"}, {"tcp.srcport", "0x50", "80"},
		{"eth.dst", "02:00:00:00:00:09", "02:00:00:00:00:09"}, {"ip.dsfield.ecn", "3", "Congestion Experienced (3)"},
		{"tcp.options.mss_val", "536", "536"},
	} {
		b := segmentFrame(t)
		if err := Edit(b, c.key, c.value, true); err != nil {
			t.Errorf("%s = %s: %v", c.key, c.value, err)
			continue
		}
		if got := field(b, c.key).Text; !strings.HasPrefix(got, c.shows) {
			t.Errorf("%s = %s shows %q, want %q", c.key, c.value, got, c.shows)
		}
		for _, f := range Fields(nil, b) {
			if f.Bad {
				t.Errorf("%s = %s: %s is %s", c.key, c.value, f.Key, f.Text)
			}
		}
		b = segmentFrame(t)
		Edit(b, c.key, c.value, false)
		inIP, inTCP := strings.HasPrefix(c.key, "ip."), strings.HasPrefix(c.key, "tcp.") || c.key == "ip.src"
		if got := field(b, "ip.checksum").Bad; got != inIP {
			t.Errorf("%s = %s without mending: the header checksum is wrong: %v", c.key, c.value, got)
		}
		if got := field(b, "tcp.checksum").Bad; got != inTCP {
			t.Errorf("%s = %s without mending: the segment's checksum is wrong: %v", c.key, c.value, got)
		}
	}
}

func TestEditRefuses(t *testing.T) {
	for _, c := range []struct{ key, value, says string }{
		{"ip.ttl", "256", "holds at most 255"}, {"ip.dsfield.ecn", "4", "holds at most 3"}, {"ip.src", "10.0.0", "takes an address"},
		{"udp.port", "1", "no field udp.port"}, {"frame[999]", "1", "0 to 57"}, {"tcp.checksum", "xyz", "2 bytes such as"},
		{"ip", "45", "20 bytes"}, {"tcp.flags.syn", "yes", "takes a number"},
	} {
		b := segmentFrame(t)
		before := string(b)
		if err := Edit(b, c.key, c.value, true); err == nil || !strings.Contains(err.Error(), c.says) || string(b) != before {
			t.Errorf("%s = %s: %v, want %q and the frame as it was", c.key, c.value, err, c.says)
		}
	}
	b := segmentFrame(t)
	if err := Edit(b, "frame[57]", "0x2a", false); err != nil || b[57] != 0x2a {
		t.Errorf("a single byte: %v", err)
	}
}
