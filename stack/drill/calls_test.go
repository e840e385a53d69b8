package drill

import (
	"strings"
	"testing"
)

// verdicts runs scripts and compares how they end.
func verdicts(t *testing.T, cases []struct{ text, want string }) {
	t.Helper()
	for _, c := range cases {
		if got := run(t, c.text, Options{}).String(); !strings.HasPrefix(got, c.want) || c.want == "ok x" && got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestWaitAllKeepsTheErrorForTheNextCall(t *testing.T) {
	waiting := open + "+0...0.2 recv(4, ..., 100, MSG_WAITALL) = 30\n0.1 < P. 1:31(30) ack 1 win 8000\n+0 > . 1:1(0) ack 31\n"
	verdicts(t, []struct{ text, want string }{
		{waiting + "0.2 < R. 31:31(0) ack 1 win 0\n+0 recv(4, ..., 100, 0) = -1 ECONNRESET\n+0 recv(4, ..., 100, 0) = 0", "ok x"},
		{waiting + "0.2 < F. 31:31(0) ack 1 win 8000\n+0 recv(4, ..., 100, MSG_WAITALL) = 0", "ok x"},
		{waiting + "0.2 < R. 31:31(0) ack 1 win 0\n+0 recv(4, ..., 100, 0) = 0", "FAIL x:12: expected recv(4, ..., 100, 0) = 0, got -1 ECONNRESET"},
		{open + "+0...0.2 recv(4, ..., 50, MSG_WAITALL) = 50\n0.1 < P. 1:31(30) ack 1 win 8000\n+0 > . 1:1(0) ack 31\n0.2 < P. 31:61(30) ack 1 win 8000\n+0 > . 1:1(0) ack 61\n+0 read(4, ..., 99) = 10", "ok x"},
		{open + "+0 < P. 1:31(30) ack 1 win 8000\n+0 recv(4, ..., 50, MSG_WAITALL|MSG_DONTWAIT) = 30", "ok x"},
	})
}

func TestResultWithoutAnError(t *testing.T) {
	verdicts(t, []struct{ text, want string }{
		{open + "+0 close(9) = -1\n+0 recv(4, ..., 9, MSG_DONTWAIT) = -1", "ok x"},
		{open + "+0 close(4) = -1", "FAIL x:8: expected close(4) = -1, got 0"},
		{open + "+0 close(9) = 0", "FAIL x:8: expected close(9) = 0, got -1 EBADF"},
	})
}

func TestAddresses(t *testing.T) {
	client := "0 socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, 0) = 3\n"
	verdicts(t, []struct{ text, want string }{
		{client + "+0 connect(3, {sa_family = AF_INET, sin_port = htons(9), sin_addr = inet_addr(\"192.0.2.1\")}, 16) = -1 EINPROGRESS\n+0 > S 0:0(0) <...>", "ok x"},
		{client + "+0 connect(3, {sin_family = AF_INET, sin_port = htons(9), sin_addr = inet_addr(\"192.0.2.1\")}, 15) = -1 EINVAL", "ok x"},
		{client + "+0 bind(3, {sa_family = AF_INET, sin_port = htons(9), sin_addr = htonl(INADDR_ANY)}, 16) = 0\n+0 connect(3, ..., ...) = -1 EINPROGRESS\n+0 > 9 > 8080 S 0:0(0) <...>", "ok x"},
		{client + "+0 connect(3, {sa_family = AF_UNIX}, 16) = 0", "cannot run x:2: the symbol AF_UNIX"},
		{client + "+0 connect(3, {sa_family = 17}, 16) = 0", "cannot run x:2: addresses of a family other than"},
		{client + "+0 connect(3, {sa_family = AF_INET, sin_prot = htons(9)}, 16) = 0", "cannot run x:2: the field sin_prot of an address"},
		{client + "+0 connect(3, {sa_family = AF_INET6, sin6_scope_id = 5}, 28) = 0", "cannot run x:2: an address with sin6_scope_id=5"},
		{"--ip_version=ipv6\n0 socket(AF_INET6, SOCK_STREAM|SOCK_NONBLOCK, 0) = 3\n+0 connect(3, {sa_family = AF_INET6, sin6_port = htons(9), sin6_flowinfo = 0, sin6_addr = inet_pton(\"2001:db8::1\"), sin6_scope_id = 0}, 28) = -1 EINPROGRESS\n+0 > S 0:0(0) <...>", "ok x"},
		{"--ip_version=ipv6\n0 socket(AF_INET6, SOCK_STREAM|SOCK_NONBLOCK, 0) = 3\n+0 connect(3, {sa_family = AF_INET6, sin6_port = htons(9), sin6_addr = inet_pton(\"2001:db8::1\")}, 16) = -1 EINVAL", "ok x"},
		{"--ip_version=ipv4-mapped-ipv6\n0 socket(AF_INET6, SOCK_STREAM|SOCK_NONBLOCK, 0) = 3\n+0 connect(3, {sa_family = AF_INET6, sin6_port = htons(9), inet_pton(AF_INET6, \"::ffff:192.0.2.1\", &sin6_addr)}, 28) = -1 EINPROGRESS\n+0 > S 0:0(0) <...>", "ok x"},
		{listening + "+0 accept(3, {sa_family = AF_INET}, [16]) = 4", "cannot run x:4: accept() with {sa_family=AF_INET} in the place of ..."},
		{open + "+0 write(4, \"abc\", 3) = 3", "cannot run x:8: write() with \"abc\" in the place of ..."},
	})
}

func TestDisconnect(t *testing.T) {
	const give = "+0 connect(%, {sa_family = AF_UNSPEC}, 16) = 0\n"
	gone, unlisten := strings.ReplaceAll(give, "%", "4"), strings.ReplaceAll(give, "%", "3")
	verdicts(t, []struct{ text, want string }{
		{open + gone + "+0 > R. 1:1(0) ack 1\n+0 write(4, ..., 9) = -1 EPIPE", "ok x"},
		{open + gone + gone + "+0 close(4) = 0", "ok x"},
		{active + unlisten + "+0 connect(3, ..., ...) = -1 EINPROGRESS\n+0 > S 0:0(0) <...>", "ok x"}, // a SYN was sent from another port
		{active + "+0 < S. 0:0(0) ack 1 win 500\n+0 > . 1:1(0) ack 1\n" + unlisten + "+0 > R. 1:1(0) ack 1\n+0 connect(3, ..., ...) = -1 EINPROGRESS\n+0 > S 0:0(0) <...>", "ok x"},
		{handshake + unlisten + "+0 > R. 1:1(0) ack 1\n+0 accept(3, ..., ...) = -1 EINVAL", "ok x"},
		{"0 connect(9, {sa_family = AF_UNSPEC}, 16) = -1 EBADF", "ok x"},
	})
}

func TestMessagesToAnAddress(t *testing.T) {
	const to = "{sa_family = AF_INET, sin_port = htons(9), sin_addr = inet_addr(\"192.0.2.1\")}"
	verdicts(t, []struct{ text, want string }{
		{"`sysctl -q net.ipv4.tcp_fastopen=0x5`\n0 socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, 0) = 3\n+0 sendmsg(3, {msg_name(16) = " + to + ", msg_iov(2)=[{..., 10}, {..., 20}], msg_flags=0}, MSG_FASTOPEN) = 30\n+0 > S 0:30(30) <...>", "ok x"},
		{"`sysctl -q net.ipv4.tcp_fastopen=0x5`\n0 socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, 0) = 3\n+0 sendmsg(3, {msg_name(...) = ..., msg_iov(1)=[{..., 10}], msg_flags=0}, MSG_FASTOPEN) = 10\n+0 > S 0:10(10) <...>", "ok x"},
		{"0 socket(AF_INET, SOCK_STREAM|SOCK_NONBLOCK, 0) = 3\n+0 sendmsg(3, {msg_name(16) = {sa_family = AF_UNSPEC}, msg_iov(1)=[{..., 10}], msg_flags=0}, MSG_FASTOPEN) = -1 EOPNOTSUPP", "ok x"},
		{"0 socket(AF_INET, SOCK_DGRAM, 0) = 3\n+0 sendmsg(3, {msg_name(16) = " + to + ", msg_iov(1)=[{..., 10}], msg_flags=0}, 0) = 10\n+0 > udp (10)", "ok x"},
		{open + "+0 sendmsg(4, {msg_iov(2)=[{..., 10}], msg_flags=0}, 0) = 10", "cannot run x:8: 1 buffers that are said to be 2"},
		{open + "+0 writev(4, [{..., 10}], 3) = 10", "cannot run x:8: 1 buffers that are said to be 3"},
		{open + "+0 sendmsg(4, {msg_iov(1)=[{..., 10}], msg_nonsense=0}, 0) = 10", "cannot run x:8: sendmsg() with msg_nonsense"},
		{open + "+0 sendfile(4, 9, [0], 10) = -1 EBADF\n+0 sendfile(4, 3, [0], 10) = -1 EINVAL", "ok x"},
	})
}

func TestEscapesInStrings(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{`a\x41\101\n`, "aAA\n"}, {`\0\x0z`, "\x00\x00z"}, {`\\\"\'\t\a`, "\\\"'\t\a"}, {`\377\x7f`, "\xff\x7f"}, {`\1234`, "S4"},
	} {
		e, err := eventOf(t, `+0 setsockopt(3, 1, 2, "`+c.text+`", 4) = 0`)
		if err != nil {
			t.Error(err)
			continue
		}
		if got := e.Call.Args[3].Text; got != c.want {
			t.Errorf("%s: %q, want %q", c.text, got, c.want)
		}
		again, err := eventOf(t, "+0 "+e.Call.String())
		if err != nil || again.Call.Args[3].Text != c.want {
			t.Errorf("%s is printed as %s: %v", c.text, e.Call, err)
		}
	}
	for _, text := range []string{`\q`, `\xg`, `\777`} {
		if _, err := eventOf(t, `+0 open("`+text+`", 0) = 4`); err == nil || !strings.Contains(err.Error(), "no escape of C") {
			t.Errorf("%s: %v", text, err)
		}
	}
}

func TestWhatCannotBeHonouredIsRefused(t *testing.T) {
	epoll := open + "+0 epoll_create(1) = 5\n+0 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN, fd=4}) = 0\n"
	verdicts(t, []struct{ text, want string }{
		{"--dry_run\n" + open + "+0 close(4) = 7", "ok x"},
		{"--dry_run=yes\n" + open, "cannot run x:1: --dry_run=yes: not a value"},
		{"--so_filename=x\n" + open, "cannot run x:1: the option --so_filename"},
		{"--strict_segments=0\n" + open, "cannot run x:1: --strict_segments=0: not a value"},
		{"--non_fatal=everything\n" + open, "cannot run x:1: --non_fatal=everything: not a value"},
		{"--netmask_ip=255.0.255.0\n" + open, "cannot run x:1: --netmask_ip=255.0.255.0: not a value"},
		{"--netmask_ip=0.0.0.0\n" + open, "cannot run x:1: --netmask_ip=0.0.0.0: not a value"},
		{epoll + "+0 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN, fd=4}) = -1 EEXIST\n+0 epoll_ctl(5, EPOLL_CTL_MOD, 3, {events=EPOLLIN, fd=3}) = -1 ENOENT\n" +
			"+0 epoll_ctl(5, EPOLL_CTL_DEL, 4, ...) = 0\n+0 epoll_ctl(5, EPOLL_CTL_DEL, 4, ...) = -1 ENOENT\n+0 epoll_wait(9, ..., 1, 0) = -1 EBADF\n+0 epoll_create(0) = -1 EINVAL", "ok x"},
		{epoll + "+0 epoll_ctl(5, 7, 4, {events=EPOLLIN, fd=4}) = 0", "cannot run x:10: epoll_ctl() with the operation 7"},
		{epoll + "+0 epoll_ctl(5, EPOLL_CTL_MOD, 4, {events=EPOLLIN|0x10000000, fd=4}) = 0", "cannot run x:10: epoll_ctl() with events 0x10000000"},
		{open + "+0 poll([{fd=4, events=POLLIN, revents=0}], 2, 0) = 0", "cannot run x:8: poll() of 1 descriptors that are said to be 2"},
		{open + "+0 poll([{fd=4, events=POLLIN, revent=0}], 1, 0) = 0", "cannot run x:8: revent in a pollfd"},
		{open + "+0 fcntl(4, F_SETFD, FD_CLOEXEC) = 0\n+0 fcntl(4, F_GETFD) = 1", "ok x"},
		{open + "+0 fcntl(4, F_SETFL, 0x400) = 0", "cannot run x:8: fcntl() with F_SETFL of 0x400"},
		{open + "+0 fcntl(4, 1031, 5) = 0", "cannot run x:8: fcntl() for 1031"},
		{open + "+0 setsockopt(4, SOL_TCP, TCP_NODELAY, [1], 2) = -1 EINVAL\n+0 setsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=1}, 4) = -1 EINVAL", "ok x"},
		{open + "+0 getsockopt(4, SOL_TCP, TCP_NODELAY, [0], [1]) = 0", "cannot run x:8: getsockopt(TCP_NODELAY) into fewer bytes"},
		{open + "+0 getsockopt(4, SOL_SOCKET, SO_LINGER, {onof=1, linger=1}, [8]) = 0", "cannot run x:8: onof in a linger"},
		{"0 socket(..., SOCK_DGRAM, 0) = 3\n+0 setsockopt(3, SOL_TCP, TCP_NODELAY, [1], 4) = -1 ENOPROTOOPT\n+0 setsockopt(3, SOL_IP, IP_TTL, [9], 4) = 0\n+0 sendto(3, ..., 1, 0, ..., ...) = 1\n+0 > (ttl 9) udp (1)", "ok x"},
		{"0 socket(..., SOCK_DGRAM, 0) = 3\n+0 getsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=0, linger=0}, [8]) = 0", "cannot run x:2: getsockopt(SO_LINGER) of a socket of UDP"},
		{open + "+0 accept4(3, ..., ..., 7) = 5", "cannot run x:8: accept4() with flags"},
		{open + "+0 splice(4, NULL, 5, NULL, 9, 0) = 0", "cannot run x:8: the call splice()"},
		{open + "+0 pipe([5, 6]) = 0", "cannot run x:8: the call pipe()"},
	})
}

func TestICMPMessages(t *testing.T) {
	verdicts(t, []struct{ text, want string }{
		{"0 < icmp echo_request id 9 seq 3\n+0 > icmp echo_reply id 9 seq 3", "ok x"},
		{"0 < icmp echo_request id 9 seq 3\n+0 > icmp echo_reply id 9 seq 4", "FAIL x:2: expected > icmp echo_reply id 9 seq 4, got > icmp echo_reply id 9 seq 3 (seq 3)"},
		{"--ip_version=ipv6\n0 < icmp echo_request id 9 seq 3\n+0 > icmp echo_reply id 9 seq 3", "ok x"},
		{"0 < icmp echo_request mtu 9 seq 3", "cannot run x:1: an ICMP message with mtu and with id or seq"},
		{active + "+.1 < icmp parameter_problem bad_pointer [0:0(0)]\n+0 getsockopt(3, SOL_SOCKET, SO_ERROR, [EPROTO], [4]) = 0", "ok x"},
		{active + "+.1 < [0:0(0)] icmp unreachable 3\n+0 getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0", "ok x"},
		// What quotes nothing is about no connection.
		{active + "+.1 < icmp unreachable port_unreachable\n+0 getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0", "ok x"},
	})
	r, f := rig(t, Options{})
	for text, want := range map[string]int{"< icmp timestamp id 1 seq 2": 20, "< icmp timestamp_request id 1 seq 2": 20, "< icmp timestamp_reply id 1 seq 2": 20, "< icmp echo id 1": 8} {
		e, err := eventOf(t, "+0 "+text)
		if err != nil {
			t.Fatal(err)
		}
		if b, err := r.message(f, e.Packet.Error, 1); err != nil || len(b) != want {
			t.Errorf("%s: %d bytes, %v", text, len(b), err)
		}
		if again, err := eventOf(t, "+0 "+e.Packet.String()); err != nil || *again.Packet.Error != *e.Packet.Error {
			t.Errorf("%s is printed as %s", text, e.Packet)
		}
	}
}

// A SYN without ACK may show any echo, and --tcp_ts_ecr_scaled lets a value that never left stand for one as far
// from the first.
func TestEchoesOfWhatNeverLeft(t *testing.T) {
	stamped := listening + "+0 < S 0:0(0) win 8000 <mss 1000,nop,nop,TS val 10 ecr 77>\n+0 > S. 0:0(0) ack 1 <mss 1460,nop,nop,TS val 500 ecr 10>\n"
	verdicts(t, []struct{ text, want string }{
		{stamped + "+.1 < . 1:1(0) ack 1 win 8000 <nop,nop,TS val 20 ecr 500>\n+0 accept(3, ..., ...) = 4", "ok x"},
		{stamped + "+.1 < . 1:1(0) ack 1 win 8000 <nop,nop,TS val 20 ecr 400>", "cannot run x:6: ecr 400 echoes"},
		{"--tcp_ts_ecr_scaled\n" + stamped + "+.1 < . 1:1(0) ack 1 win 8000 <nop,nop,TS val 20 ecr 500>\n+0 accept(3, ..., ...) = 4\n+.1 < P. 1:11(10) ack 1 win 8000 <nop,nop,TS val 20 ecr 400>\n+0 read(4, ..., 99) = 10", "ok x"},
	})
}
