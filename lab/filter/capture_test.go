package filter

import (
	"bytes"
	"errors"
	"strings"
	"testing"

	"wirelab/stack/wire"
)

func capture(t testing.TB, text string) *Filter {
	t.Helper()
	f, err := Capture(text)
	if err != nil {
		t.Fatalf("%s\n%s^ %v", text, strings.Repeat(" ", err.(*Error).At), err)
	}
	return f
}

func TestCaptureMatches(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"", letters}, {"tcp", "SDK"}, {"udp", "UF6"}, {"ip", "SDKUERF"}, {"ip6", "N6"}, {"arp", "A"}, {"icmp", "ER"}, {"icmp6", "N"}, {"not ip", "AN6"}, {"! ip && ! arp", "N6"},
		{"port 80", "SDK"}, {"udp port domain", "U"}, {"src port 80", ""}, {"dst port http", "SDK"}, {"src or dst port 53", "U"}, {"src and dst port 80", ""}, {"portrange 50-60", "U"}, {"tcp portrange 79-81", "SDK"}, {"port 80 or 53", "SDKU"}, {"port (80 or 53)", "SDKU"}, {"port 1 or 2", ""},
		{"host 10.0.0.1", "SDKUERFA"}, {"10.0.0.1", "SDKUERFA"}, {"src 10.0.0.1 or 10.0.0.2", "SDKUERFA"}, {"dst host 10.0.0.1", ""}, {"arp host 10.0.0.2", "A"}, {"ip host 10.0.0.2", "SDKUERF"}, {"src and dst host 10.0.0.1", ""},
		{"net 10", "SDKUERFA"}, {"net 10.0.0.0/30", "SDKUERFA"}, {"src net 10.0.0.0 mask 255.255.255.252", "SDKUERFA"}, {"host fe80::1", "N6"}, {"net fe80::/10", "N6"}, {"dst net ff00::/8", "N6"},
		{"ether host 02:00:00:00:00:01", letters}, {"ether dst 02-00-00-00-00-01", ""}, {"ether proto 0x806", "A"}, {"ether proto \\arp", "A"}, {"ip proto \\udp", "URF"[:1] + "F"}, {"ip proto 1", "ER"}, {"proto 17", "UF6"}, {"ip6 proto 58", "N"},
		{"broadcast", ""}, {"ip6 multicast", "N6"}, {"ether multicast", ""}, {"less 60", "UEFA"}, {"greater 60", "SDKRN6"}, {"len > 80", ""},
		{"tcp[13] & 2 != 0", "S"}, {"tcp[tcpflags] & (tcp-syn|tcp-fin) != 0", "S"}, {"tcp[tcpflags] = tcp-ack", "K"}, {"tcp[20:4] = 0x020405b4", "S"}, {"tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420", "D"},
		{"ip[8] = 64", "SDKUERF"}, {"ip[6:2] & 0x1fff != 0", "F"}, {"icmp[icmptype] = icmp-echo", "E"}, {"icmp[0] == 3 and icmp[1] == 3", "R"}, {"icmp6[icmp6type] = icmp6-neighborsolicit", "N"}, {"ether[0] & 1 = 0", letters}, {"udp[8:4] = 0x68656c6c", "U"},
		{"ip[2:2] - 100 > 5000", "SDKUERF"}, {"not tcp[100] = 1", "UERFAN6"}, {"tcp[100] = 1 or ip", "UERF"}, {"1 = 1", letters}, {"1 > 2", ""}, {"-1 = 0xffffffff", letters}, {"(tcp[13] & 2) != 0 and (port 80)", "S"},
		{"tcp or udp and port 53", "U"}, {"not tcp or udp", "UERFAN6"}, {"not port 80 and ip", "UERF"}, {"ip and not (port 80 or 53)", "ERF"},
	} {
		f := capture(t, c.text)
		if got := matching(f); got != c.want {
			t.Errorf("%s matches %q, want %q (%s)", c.text, got, c.want, f)
		}
		again := display(t, f.String())
		if got := matching(again); got != c.want || again.String() != f.String() {
			t.Errorf("%s: as a display filter, %s, it matches %q", c.text, f, got)
		}
	}
}

// Who looks at an interface may ask for the broadcast address of its network and for the direction.
func TestCaptureAtAnInterface(t *testing.T) {
	frame := func(dst ...byte) []byte {
		b := ethFrame(wire.TypeIPv4, packet(wire.ProtoUDP, datagram(4001, 4002, "hello")))
		copy(b[30:], dst)
		return b
	}
	tagged := append(append(bytes.Clone(frameSYN[:12]), 0x81, 0, 0x20, 5), frameSYN[12:]...)
	for _, c := range []struct {
		text  string
		frame []byte
		dir   uint8
		want  bool
	}{
		{"ip broadcast", frame(10, 0, 3, 255), 0, true}, {"ip broadcast", frame(10, 0, 0, 0), 0, true}, {"ip broadcast", frame(10, 0, 0, 255), 0, false}, {"ip broadcast", frame(255, 255, 255, 255), 0, true},
		{"ip broadcast", frameARP, 0, false}, {"not ip broadcast", frame(10, 0, 0, 1), 0, true},
		{"inbound", frameSYN, 0, true}, {"inbound", frameSYN, 1, false}, {"outbound and tcp", frameSYN, 1, true}, {"outbound or udp", frameSYN, 0, false},
		{"vlan", tagged, 0, true}, {"vlan 5", tagged, 0, true}, {"vlan 6", tagged, 0, false}, {"vlan", frameSYN, 0, false}, {"not vlan", frameSYN, 0, true}, {"vlan 5 and greater 10", tagged, 0, true},
		{"tcp and not vlan", frameSYN, 0, true},
	} {
		f, err := CaptureAt(c.text, Vantage{Netmask: 0xfffffc00, Masked: true})
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got := f.Match(&Packet{Frame: c.frame, Dir: c.dir}); got != c.want {
			t.Errorf("%s of %x: %v", c.text, c.frame, got)
		}
	}
	if _, err := CaptureAt("ip broadcast", Vantage{}); err == nil || err.(*Error).What != NoNetmask {
		t.Errorf("without a netmask: %v", err)
	}
}

func TestCaptureErrors(t *testing.T) {
	for _, c := range []struct {
		text    string
		at, len int
		what    Problem
	}{
		{"tcp and", 7, 0, Empty},
		{"host", 4, 0, NoOperand},
		{"host example.org", 5, 11, NoResolve},
		{"port 70000", 5, 5, BadPort},
		{"port", 4, 0, NoOperand},
		{"tcp host 10.0.0.1", 0, 8, BadQualifier},
		{"net 10.0.0.1/24", 4, 11, HostBits},
		{"net 10.0.0.0/40", 4, 11, BadNet},
		{"ip broadcast", 3, 9, NoNetmask},
		{"ether host 10.0.0.1", 11, 8, NotMAC},
		{"tcp[0:3] = 1", 6, 1, BadSize},
		{"tcp[0] = ", 9, 0, Empty},
		{"ftp[0] = 1", 0, 3, UnknownWord},
		{"len / 0 = 1", 4, 1, DivideByZero},
		{"tcp port 80 90", 12, 2, Unexpected},
		{"not host (1) + 1 = 2", 9, 1, Unexpected},
		{"(tcp", 4, 0, Missing},
		{"tcp)", 3, 1, Unexpected},
		{strings.Repeat("(", 99) + "tcp", 64, 1, TooDeep},
		{strings.Repeat("-", 99) + "1 = 1", 64, 1, TooDeep},
		{"gateway 10.0.0.1", 0, 7, NotAsked},
		{"inbound", 0, 7, NoSide},
		{"vlan 5000", 5, 4, NotNumber},
		{"vlan 5 and tcp", 11, 3, BehindVLAN},
		{"vlan or (len > 5 and arp)", 21, 3, BehindVLAN},
		{"hubba", 0, 5, Unexpected},
		{"ip6 host 10.0.0.1", 0, 8, BadQualifier},
	} {
		_, err := Capture(c.text)
		var e *Error
		if !errors.As(err, &e) {
			t.Errorf("%s: no error", c.text)
			continue
		}
		if e.At != c.at || e.Len != c.len || e.What != c.what || strings.Contains(e.Error(), "{0}") {
			t.Errorf("%s: %s at %d, %d long: %v", c.text, e.What.Key(), e.At, e.Len, e)
		}
	}
}
