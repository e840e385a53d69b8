package drill

import (
	"fmt"
	"reflect"
	"strings"
	"testing"

	"wirelab/stack/wire"
)

const msec = 1_000_000

// eventOf parses one event after a first one at time 0.
func eventOf(t *testing.T, event string) (Event, error) {
	t.Helper()
	s, err := Parse("x.pkt", "0 socket(...) = 3\n"+event)
	if err != nil {
		return Event{}, err
	}
	if len(s.Events) != 2 {
		t.Fatalf("%q gives %d events", event, len(s.Events)-1)
	}
	return s.Events[1], nil
}

func TestEventTimes(t *testing.T) {
	for _, c := range []struct {
		text string
		want When
	}{
		{"1 close(3) = 0", When{Absolute, 1000 * msec, 1000 * msec, false, false}},
		{"0.5 close(3) = 0", When{Absolute, 500 * msec, 500 * msec, false, false}},
		{".5 close(3) = 0", When{Absolute, 500 * msec, 500 * msec, false, false}},
		{"+0 close(3) = 0", When{Relative, 0, 0, false, false}},
		{"+.0000019 close(3) = 0", When{Relative, 1000, 1000, false, false}}, // whole microseconds
		{"* > . 1:1(0) ack 1", When{AnyTime, 0, 0, false, false}},
		{"1~2.5 > . 1:1(0) ack 1", When{Absolute, 1000 * msec, 2500 * msec, true, false}},
		{"+0.000~+0.050 > . 1:1(0) ack 1", When{Relative, 0, 50 * msec, true, false}},
		{"0.1...0.3 close(3) = 0", When{Absolute, 100 * msec, 300 * msec, false, true}},
		{"+0.1...0.3 close(3) = 0", When{Relative, 100 * msec, 300 * msec, false, true}},
		{"+0...+3 close(3) = 0", When{Relative, 0, 3000 * msec, false, true}},
	} {
		e, err := eventOf(t, c.text)
		if err != nil || e.When != c.want {
			t.Errorf("%q: %+v, %v, want %+v", c.text, e.When, err, c.want)
		}
	}
}

func TestPackets(t *testing.T) {
	for _, c := range []struct {
		text string
		want Packet
	}{
		{"> S 0:0(0) <mss 1460,sackOK,nop,nop>", Packet{Flags: wire.SYN, Opts: []Opt{{Kind: 2, Data: []byte{5, 180}}, {Kind: 4}, {Kind: 1}, {Kind: 1}}}},
		{"> P. 1:1001(1000) ack 1", Packet{Flags: wire.PSH | wire.ACK, Seq: 1, Len: 1000, Ack: 1, HasAck: true}},
		{"> . 1:1(0) ack 7 win 5 urg 3 <...>", Packet{Flags: wire.ACK, Seq: 1, Ack: 7, HasAck: true, Win: 5, HasWin: true, Urg: 3, AnyOpts: true}},
		{"< - 1:1(0) win 0", Packet{In: true, Seq: 1, HasWin: true}},
		{"< SEWA 0:0(0) win 1", Packet{In: true, Flags: wire.SYN | wire.ECE | wire.CWR | flagAE, Win: 1, HasWin: true}},
		{"> S5. 0:0(0) ack 1", Packet{ACE: true, Flags: wire.SYN | wire.ACK | wire.ECE | flagAE, Ack: 1, HasAck: true}},
		{"< 80 > 8080 R 4294967295:0(1) win 0", Packet{In: true, Ports: true, Src: 80, Dst: 8080, Flags: wire.RST, Seq: 1<<32 - 1, Len: 1, HasWin: true}},
		{"> [ect0] . 1:1(0) ack 1", Packet{IP: IPInfo{HasECN: true, ECN: 2}, Flags: wire.ACK, Seq: 1, Ack: 1, HasAck: true}},
		{"> (ect01, ttl 9, tos 0x10, flowlabel 0xabc) . 1:1(0)", Packet{Flags: wire.ACK, Seq: 1, IP: IPInfo{HasECN: true, AnyECT: true,
			HasTTL: true, TTL: 9, HasTOS: true, TOS: 16, HasFlow: true, Flow: 0xabc}}},
		{"< . 1:1(0) ack 1 win 9 <nop,nop,sack 5:7 9:11>", Packet{In: true, Flags: wire.ACK, Seq: 1, Ack: 1, HasAck: true, Win: 9, HasWin: true,
			Opts: []Opt{{Kind: 1}, {Kind: 1}, {Kind: 5, Values: []uint32{5, 7, 9, 11}}}}},
		{"< . 1:1(0) win 9 <TS val 1 ecr 2,eol,eol>", Packet{In: true, Flags: wire.ACK, Seq: 1, Win: 9, HasWin: true,
			Opts: []Opt{{Kind: 8, Values: []uint32{1, 2}}, {}, {}}}},
		{"> S 0:0(0) <wscale 8,FO 01ff,FOEXP,md5 00>", Packet{Flags: wire.SYN, Opts: []Opt{{Kind: 3, Data: []byte{8}}, {Kind: 34, Data: []byte{1, 255}},
			{Kind: 254, Data: []byte{0xf9, 0x89}}, {Kind: 19, Data: []byte{0}}}}},
		{"> . 1:1(0) <ECN e1b 1 ceb 0 e0b 2,nop>", Packet{Flags: wire.ACK, Seq: 1, Opts: []Opt{{Kind: 174, Data: []byte{0, 0, 1, 0, 0, 0, 0, 0, 2}}, {Kind: 1}}}},
		{"> udp (100)", Packet{Proto: UDP, Len: 100}},
		{"< udp 1 > 2 (0)", Packet{In: true, Proto: UDP, Ports: true, Src: 1, Dst: 2}},
		{"< icmp unreachable frag_needed mtu 1200 [1:1461(1460)]", Packet{In: true, Proto: ICMP, Error: &Message{Type: "unreachable", Code: "frag_needed", HasMTU: true, MTU: 1200, Echo: EchoTCP, Seq: 1, Len: 1460}}},
		{"< [1:1461(1460)] icmp unreachable frag_needed mtu 1200", Packet{In: true, Proto: ICMP, Error: &Message{Type: "unreachable", Code: "frag_needed", HasMTU: true, MTU: 1200, Echo: EchoTCP, Seq: 1, Len: 1460}}},
		{"< icmp unreachable port_unreachable [udp(12)]", Packet{In: true, Proto: ICMP, Error: &Message{Type: "unreachable", Code: "port_unreachable", Echo: EchoUDP, Len: 12}}},
		{"> icmp echo_reply id 7", Packet{Proto: ICMP, Error: &Message{Type: "echo_reply", HasID: true, ID: 7}}},
		{"> icmp 12 1 [raw(4)]", Packet{Proto: ICMP, Error: &Message{Type: "12", Code: "1", Echo: EchoRaw, Len: 4}}},
	} {
		e, err := eventOf(t, "+0 "+c.text)
		if err != nil || !reflect.DeepEqual(*e.Packet, c.want) {
			t.Errorf("%q: %v\n got %+v\nwant %+v", c.text, err, e.Packet, c.want)
		}
	}
}

// A time behind a bare ICMP message is not its code.
func TestICMPBeforeAnotherEvent(t *testing.T) {
	s, err := Parse("x", "0 < icmp echo_request\n0.5 < icmp unreachable\n 1 close(3) = 0")
	if err != nil || len(s.Events) != 3 {
		t.Error(s, err)
	}
}

func TestCalls(t *testing.T) {
	for _, c := range []struct{ text, want string }{ // want: if it is written otherwise
		{"close(3) = 0", ""},
		{"connect(3, ..., ...) = -1 EINPROGRESS (Operation (now) in progress)", "connect(3, ..., ...) = -1 EINPROGRESS"},
		{"fcntl(3, F_GETFL) = 0x2 (flags O_RDWR) (x)", "fcntl(3, F_GETFL) = 2"},
		{"fcntl(3, F_SETFL, O_RDWR | O_NONBLOCK) = 0", "fcntl(3, F_SETFL, O_RDWR|O_NONBLOCK) = 0"},
		{`setsockopt(3, SOL_TCP, TCP_CONGESTION, "re" "no", 4) = 0`, `setsockopt(3, SOL_TCP, TCP_CONGESTION, "reno", 4) = 0`},
		{"getsockopt(3, SOL_SOCKET, SO_ERROR, [EPIPE], [4]) = 0", ""},
		{"setsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0", ""},
		{"poll([{fd=4, events=POLLIN|POLLOUT, revents=0}], 1, -1) = 0", ""},
		{"bind(3, {sa_family = AF_INET, sin_port = htons(8080)}, ...) = 0", "bind(3, {sa_family=AF_INET, sin_port=htons(8080)}, ...) = 0"},
		{"bind(3, {sin_addr=inet_addr(\"1.2.3.4\")}, 16) = -1 EADDRNOTAVAIL", ""},
		{"epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN, fd=4}) = 0", ""},
		{"epoll_wait(5, {events=EPOLLIN, ptr=4}, 1, 0) = 1", ""},
		{"recv(3, [], 0, 0) = ...", ""},
	} {
		if c.want == "" {
			c.want = c.text
		}
		e, err := eventOf(t, "+0 "+c.text)
		if err != nil {
			t.Error(err)
		} else if got := e.Call.String(); got != c.want {
			t.Errorf("%s: %s, want %s", c.text, got, c.want)
		}
	}
}

func TestMessages(t *testing.T) {
	text := "sendmsg(4, {msg_name(...)=..., msg_iov(1)=[{..., 10}], msg_flags=0, msg_control=[{cmsg_level=SOL_TCP, cmsg_type=1, cmsg_data=1}]}, 0) = 9"
	e, err := eventOf(t, "+0 "+text)
	if err != nil {
		t.Fatal(err)
	}
	iov := e.Call.Args[1].field("msg_iov")
	if n, err := vector(iov, nil); n != 10 || err != nil || e.Call.Args[1].Fields[1].Size[0].Int != 1 {
		t.Error(n, err)
	}
}

func TestSyntaxErrors(t *testing.T) {
	for _, c := range []struct {
		text string
		line int
		says string
	}{
		{"", 1, "no event"},
		{"/* open", 1, "no end"},
		{"1 close(3) = 0", 1, "first event is at time 0"},
		{"0 close(3) = 0\n2 close(3) = 0\n\n1 close(3) = 0", 4, "backwards"},
		{"0 close(3) = 0\n--mtu=1500", 2, "before the first event"},
		{"--mtu=", 1, "value"},
		{"--define=x", 1, "NAME=VALUE"},
		{"0 close(3)", 1, `expected "="`},
		{"0 close(3 = 0", 1, "comma"},
		{"0 close(3) = 0 eagain", 1, "expected an error"},
		{"0 close(3) = 0 (text", 1, "no end"},
		{"0 close(" + strings.Repeat("[", 30) + ") = 0", 1, "nested"},
		{"0 close(" + strings.Repeat("1,", 1000) + "1) = 0", 1, "more than 256 values"},
		{"0 close({" + strings.Repeat("a=1,", 1000) + "a=1}) = 0", 1, "more than 256 fields"},
		{strings.Repeat(" ", 2<<20), 1, "longer than"},
		{"--define=A=" + strings.Repeat("x", 1000) + "\n" + strings.Repeat("A ", 2000), 2, "once its symbols are replaced"},
		{"0 close(99999999999999999999) = 0", 1, "too large"},
		{"0 close(\"x) = 0", 1, "no closing"},
		{"0 ?", 1, "expected a packet"},
		{"0 %{ x", 1, "no closing }%"},
		{"`x", 1, "no closing"},
		{"* close(3) = 0", 1, "packets that leave"},
		{"0~1 close(3) = 0", 1, "packets that leave"},
		{"0...1 > . 1:1(0)", 1, "system calls"},
		{"+2~+1 > . 1:1(0)", 1, "ends before"},
		{"0~+1 > . 1:1(0)", 1, "both ends"},
		{"-1 close(3) = 0", 1, "expected the time"},
		{"0 < . 1:1(0)", 1, "needs a window"},
		{"0 > X 1:1(0)", 1, "flags"},
		{"0 > . 1:3(0)", 1, "do not hold"},
		{"0 > . 1:1(0) <foo>", 1, "TCP option"},
		{"0 > . 1:1(0) <md5 0>", 1, "pairs"},
		{"0 < S 0:0(0) win 1 <mss 5,sackOK>", 1, "multiple of 4"},
		{"0 < S 0:0(0) win 1 <...>", 1, "leave"},
		{"0 < S 0:0(0) win 1 <TS val 1>", 1, "ecr"},
		{"0 > S 0:0(0) <FO " + strings.Repeat("00", 39) + ">", 1, "room"},
		{"0 > (tos 256) . 1:1(0)", 1, "from 0 to 255"},
		{"0 > ipv4 1.1.1.1 > 2.2.2.2: . 1:1(0)", 1, "not there"},
		{"0 < icmp nonsense", 1, "ICMP type"},
		{"0 < [1:1(0)] . 1:1(0)", 1, "icmp"},
		{"#ifdef STANDARD\n0 close(3) = 0", 2, "#endif"},
		{"0 close(3) = 0\n`x`\n0 close(3) = 0", 3, "end of the script"},
	} {
		_, err := Parse("x.pkt", c.text)
		e, ok := err.(*SyntaxError)
		if !ok || e.Line != c.line || !strings.Contains(e.Text, c.says) || !strings.HasPrefix(err.Error(), fmt.Sprintf("x.pkt:%d: ", c.line)) {
			t.Errorf("%.60q: %v, want line %d and %q", c.text, err, c.line, c.says)
		}
	}
}

func TestOptionsSymbolsAndConditions(t *testing.T) {
	s, err := Parse("x", `// a comment
--tolerance_usecs=20000 --non_fatal
--define=MSS=1000 --define=NAME="reno" /* two
lines */ --define=CMD=`+"`true`"+`
CMD
#ifdef FreeBSD
0 nonsense
#else
0 setsockopt(3, SOL_TCP, TCP_CONGESTION, NAME, MSS) = 0 // MSS
#endif
+0 %{ assert MSS }%
`+"`end`")
	if err != nil {
		t.Fatal(err)
	}
	if got := fmt.Sprint(s.Options[0], s.Options[1]); got != "{tolerance_usecs 20000 2} {non_fatal  2}" {
		t.Error(got)
	}
	if s.Init == nil || s.Init.Text != "true" || s.Init.Line != 5 || s.Cleanup == nil || s.Cleanup.Text != "end" {
		t.Errorf("%+v, %+v", s.Init, s.Cleanup)
	}
	if a := s.Events[0].Call.Args; a[3].Text != "reno" || a[4].Int != 1000 || s.Events[0].Line != 9 {
		t.Errorf("%v at %d", a, s.Events[0].Line)
	}
	if s.Events[1].Code.Text != " assert MSS " {
		t.Errorf("%q", s.Events[1].Code.Text)
	}
}

// Whatever a file holds, Parse ends without a panic, and what it refuses has a line.
func FuzzParse(f *testing.F) {
	f.Add("0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+.1...0.2 connect(3, ..., ...) = -1 EAGAIN (x)\n* > (ect0) S 0:0(0) <mss 1,nop,sack 1:2,TS val 1 ecr 2>")
	f.Add("--define=A=`x` /* */\nA\n#ifdef X\n#endif\n0 < [1:2(1)] icmp unreachable 4 mtu 9\n+0~+1 > udp 1 > 2 (3)\n+0 %{ x }%\n`y`")
	f.Add("0 poll([{fd=4, events=A|1}], \"a\" \"b\", htons(-0x1)) = ...")
	f.Fuzz(func(t *testing.T, text string) {
		_, err := Parse("f", text)
		if e, ok := err.(*SyntaxError); err != nil && (!ok || e.Line < 1 || e.Text == "") {
			t.Errorf("%v", err)
		}
	})
}
