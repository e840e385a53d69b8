package wire

import (
	"strings"
	"testing"
)

func TestDNSNames(t *testing.T) {
	head := strings.Repeat("\x00", DNSLen)
	long := strings.Repeat("\x3f"+strings.Repeat("a", 63), 4)
	for _, c := range []struct {
		message, name string
		at, next      int
		ok            bool
	}{
		{"\x03www\x07example\x00", "www.example", 12, 25, true},
		{"\x00", "", 12, 13, true},
		{"\x03www\x00\x01a\xc0\x0c", "a.www", 17, 21, true},
		{"\x03www\x00\x01a\xc0\x0c\xc0\x11", "a.www", 21, 23, true},
		{"\x05a.\\ \xff\x00", `a\.\\\032\255`, 12, 19, true},
		{"\xc0\x0c", "", 12, 14, false},          // itself
		{"\xc0\x0e\x01a\x00", "", 12, 14, false}, // onwards
		{"\x01a\xc0\x0c", "a", 12, 16, false},    // its own beginning
		{"\x01a\x00\xc0\x00", "", 15, 17, false}, // the header
		{"\x03ww", "", 12, 13, false},            // cut
		{"\x03www", "www", 12, 16, false},        // no end
		{"\x40a\x00", "", 12, 13, false},         // no length
		{"\xc0", "", 12, 13, false},              // half a pointer
		{long[:3*64] + "\x3d" + long[:61] + "\x00", long[1:64] + "." + long[1:64] + "." + long[1:64] + "." + "\x3f" + long[1:61], 12, 12 + 255, true},
		{long + "\x00", long[1:64] + "." + long[1:64] + "." + long[1:64], 12, 12 + 3*64 + 1, false},
	} {
		name, next, ok := DNS(head+c.message).AppendName(nil, c.at)
		if string(name) != c.name || next != c.next || ok != c.ok {
			t.Errorf("%q: %q to %d, %v, want %q to %d, %v", c.message, name, next, ok, c.name, c.next, c.ok)
		}
	}
}

// However a message is cut, what is read of it is a beginning of what it holds.
func TestDNSCut(t *testing.T) {
	whole := DNS(dnsAnswer)
	var want []DNSRecord
	for r, ok := whole.Next(DNSRecord{}); ok; r, ok = whole.Next(r) {
		want = append(want, r)
	}
	if end, ok := whole.whole(); !ok || end != len(whole) || len(want) != 5 {
		t.Fatalf("%d records that end at %d of %d", len(want), end, len(whole))
	}
	for n := DNSLen; n < len(whole); n++ {
		m, read := whole[:n], 0
		for r, ok := m.Next(DNSRecord{}); ok; r, ok = m.Next(r) {
			if r != want[read] {
				t.Fatalf("of %d bytes, record %d is %v, want %v", n, read, r, want[read])
			}
			read++
		}
		if end, ok := m.whole(); ok || read < 5 && want[read].End <= n || read > 0 && end != want[read-1].End {
			t.Fatalf("of %d bytes, %d records were read, to %d", n, read, end)
		}
	}
}
