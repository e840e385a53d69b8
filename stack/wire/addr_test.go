package wire

import "testing"

func TestAddrText(t *testing.T) {
	for _, c := range []struct {
		text, want string // want is empty if text is refused
		is4        bool
	}{
		{"10.0.0.1", "10.0.0.1", true},
		{"0.0.0.0", "0.0.0.0", true},
		{"255.255.255.255", "255.255.255.255", true},
		{"::ffff:192.0.2.7", "192.0.2.7", true},
		{"::", "::", false},
		{"::1", "::1", false},
		{"2001:db8:0:0:0:0:0:1", "2001:db8::1", false},
		{"fe80::1%eth0", "", false},
		{"10.0.0", "", false},
		{"10.0.0.256", "", false},
		{"10.0.0.01", "", false},
		{"", "", false},
		{"host", "", false},
	} {
		a, err := ParseAddr(c.text)
		if (err == nil) != (c.want != "") {
			t.Errorf("%q: error %v", c.text, err)
			continue
		}
		if err != nil {
			if a != (Addr{}) {
				t.Errorf("%q: refused, but %v", c.text, a)
			}
			continue
		}
		if a.String() != c.want || a.Is4() != c.is4 {
			t.Errorf("%q: %v, IPv4 %v", c.text, a, a.Is4())
		}
		if again, err := ParseAddr(a.String()); err != nil || again != a {
			t.Errorf("%q does not survive its text: %v, %v", c.text, again, err)
		}
	}
}

func TestAddrOf32Bits(t *testing.T) {
	a := From4(0xc0000207)
	if a != V4(192, 0, 2, 7) || a.As4() != 0xc0000207 || a.String() != "192.0.2.7" {
		t.Errorf("%v, %08x", a, a.As4())
	}
}

func TestAddrKinds(t *testing.T) {
	for _, c := range []struct {
		text                                  string
		zero, multicast, broadcast, looksBack bool
	}{
		{"0.0.0.0", true, false, false, false},
		{"::", true, false, false, false},
		{"10.0.0.1", false, false, false, false},
		{"127.0.0.1", false, false, false, true},
		{"127.255.255.254", false, false, false, true},
		{"128.0.0.1", false, false, false, false},
		{"::1", false, false, false, true},
		{"::2", false, false, false, false},
		{"223.255.255.255", false, false, false, false},
		{"224.0.0.1", false, true, false, false},
		{"239.255.255.255", false, true, false, false},
		{"240.0.0.1", false, false, false, false},
		{"255.255.255.255", false, false, true, false},
		{"ff02::1", false, true, false, false},
		{"fe80::1", false, false, false, false},
	} {
		a, err := ParseAddr(c.text)
		if err != nil {
			t.Fatal(err)
		}
		if a.IsZero() != c.zero || a.IsMulticast() != c.multicast || a.IsBroadcast() != c.broadcast || a.IsLoopback() != c.looksBack {
			t.Errorf("%s: zero %v, multicast %v, broadcast %v, loopback %v", a, a.IsZero(), a.IsMulticast(), a.IsBroadcast(), a.IsLoopback())
		}
	}
}

func TestInPrefix(t *testing.T) {
	for _, c := range []struct {
		a, net string
		bits   uint8
		want   bool
	}{
		{"10.1.2.3", "10.1.2.0", 24, true},
		{"10.1.3.3", "10.1.2.0", 24, false},
		{"10.1.3.3", "10.1.2.0", 23, true},
		{"10.1.2.3", "10.1.2.3", 32, true},
		{"10.1.2.2", "10.1.2.3", 32, false},
		{"10.1.2.2", "10.1.2.3", 31, true},
		{"10.1.2.2", "10.1.2.3", 200, false}, // no more bits than there are
		{"200.1.2.3", "0.0.0.0", 0, true},
		{"200.1.2.3", "0.0.0.0", 1, false},
		{"10.1.2.3", "::", 0, false},
		{"::1", "0.0.0.0", 0, false},
		{"2001:db8::1", "::", 0, true},
		{"2001:db8::1", "2001:db8::", 32, true},
		{"2001:db9::1", "2001:db8::", 31, true},
		{"2001:db9::1", "2001:db8::", 32, false},
		{"2001:db8::1", "2001:db8::1", 128, true},
		{"2001:db8::1", "2001:db8::", 128, false},
		{"2001:db8::1", "2001:db8::", 127, true},
	} {
		a, errA := ParseAddr(c.a)
		net, errNet := ParseAddr(c.net)
		if errA != nil || errNet != nil {
			t.Fatal(errA, errNet)
		}
		if got := a.InPrefix(net, c.bits); got != c.want {
			t.Errorf("%s in %s/%d: %v", c.a, c.net, c.bits, got)
		}
	}
}

func TestMACText(t *testing.T) {
	if got := (MAC{0x02, 0xab, 0, 0x0f, 0xf0, 1}).String(); got != "02:ab:00:0f:f0:01" {
		t.Error(got)
	}
	if got := Broadcast.String(); got != "ff:ff:ff:ff:ff:ff" {
		t.Error(got)
	}
}
