package drill

import (
	"fmt"
	"strings"
	"testing"
)

// Parts of scripts.
const (
	listening = "0 socket(..., SOCK_STREAM, IPPROTO_TCP) = 3\n+0 bind(3, ..., ...) = 0\n+0 listen(3, 1) = 0\n"
	handshake = listening + "+0 < S 0:0(0) win 8000 <mss 1000>\n+0 > S. 0:0(0) ack 1 <...>\n+.01 < . 1:1(0) ack 1 win 8000\n"
	open      = handshake + "+0 accept(3, ..., ...) = 4\n" // 7 lines
	edged     = open + "+0 setsockopt(4, SOL_SOCKET, SO_SNDBUF, [1], 4) = 0\n+0 fcntl(4, F_SETFL, O_NONBLOCK) = 0\n+0 epoll_create(1) = 5\n+0 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN|EPOLLOUT|EPOLLET, fd=4}) = 0\n"
	active    = "0 socket(..., SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3\n+0 connect(3, ..., ...) = -1 EINPROGRESS\n+0 > S 0:0(0) <...>\n"
)

// A client that gets a cookie, and one that comes back.
const (
	withCookie = "0 socket(..., SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3\n+0 sendto(3, ..., 9, MSG_FASTOPEN, ..., ...) = -1 EINPROGRESS\n+0 > S 0:0(0) <...>\n" +
		"+.1 < S. 0:0(0) ack 1 win 9000 <mss 1460,FO 0102030405060708,nop,nop>\n+0 > . 1:1(0) ack 1\n+0 setsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=0}, 8) = 0\n+0 close(3) = 0\n+0 > R. 1:1(0) ack 1\n"
	again = "+0 socket(..., SOCK_STREAM|SOCK_NONBLOCK, IPPROTO_TCP) = 3\n+0 sendto(3, ..., 9, MSG_FASTOPEN, ..., ...) = ...\n* > S "
)

func run(t *testing.T, text string, o Options) Result {
	t.Helper()
	s, err := Parse("x", text)
	if err != nil {
		t.Fatal(err)
	}
	return s.Run(o)
}

func TestRuns(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{open + "+0 write(4, ..., 100) = 100\n+0 > P. 1:101(100) ack 1", "ok x"},
		// calls
		{open + "+.1...+.2 read(4, ..., 100) = 10\n+.1 < P. 1:11(10) ack 1 win 8000", "ok x"},
		{open + "+.1...+.3 read(4, ..., 100) = 10\n+.1 < P. 1:11(10) ack 1 win 8000", "FAIL x:8: expected read(4, ..., 100) to return at 0.310000 (within 25000 us), got it to return at 0.210000"},
		{open + "+.1...+.3 read(4, ..., 100) = 10", "FAIL x:8: expected read(4, ..., 100) to return at 0.310000, got it blocks still at 1.110000"},
		{open + "+.1 read(4, ..., 100) = 10", "FAIL x:8: expected read(4, ..., 100) to return, got it blocks for ever"},
		{open + "+0 fcntl(4, F_SETFL, O_RDWR|O_NONBLOCK) = 0\n+0 fcntl(4, F_GETFL) = 0x802\n+0 read(4, ..., 100) = -1 EWOULDBLOCK (x)", "ok x"},
		{open + "+0 ioctl(4, FIONBIO, [1]) = 0\n+0 read(4, ..., 100) = -1 EAGAIN", "ok x"},
		{open + "+0 read(9, ..., 100) = -1 EBADF\n+0 close(9) = -1 EBADF\n+0 accept(4, ..., ...) = -1 EINVAL", "ok x"},
		{open + "+0 recv(4, ..., 100, MSG_DONTWAIT) = -1 EAGAIN\n+0 close(4) = -1 EBADF", "FAIL x:9: expected close(4) = -1 EBADF, got 0"},
		{open + "+0 sendmsg(4, {msg_name(...)=..., msg_iov(2)=[{..., 10}, {..., 20}], msg_flags=0}, 0) = 30\n+0 > P. 1:31(30) ack 1", "ok x"},
		{open + "+0 writev(4, [{..., 10}, {..., 20}], 2) = 30\n+0 > P. 1:31(30) ack 1", "ok x"},
		{open + "+0 < P. 1:31(30) ack 1 win 8000\n+0 recvmsg(4, {msg_iov(1)=[{..., 100}], msg_flags=0}, 0) = 30", "ok x"},
		{open + "+0 < P. 1:31(30) ack 1 win 8000\n+0 recv(4, ..., 9, MSG_PEEK) = 9\n+0 ioctl(4, SIOCINQ, [30]) = 0\n+0 read(4, ..., 99) = 30\n+0 ioctl(4, SIOCINQ, [1]) = 0",
			"FAIL x:12: expected ioctl(4, SIOCINQ, [1]) to store 1, got 0"},
		{open + "+0 poll([{fd=4, events=POLLIN|POLLOUT, revents=POLLOUT}], 1, 0) = 1\n+0 poll([{fd=4, events=POLLIN, revents=0}], 1, 50) = 0\n0.06 close(4) = 0", "ok x"},
		{open + "+0 poll([{fd=4, events=POLLIN, revents=POLLIN}], 1, 0) = 0", "FAIL x:8: expected poll([{fd=4, events=POLLIN, revents=POLLIN}], 1, 0) with revents=POLLIN, got 0"},
		{open + "+0...+.2 poll([{fd=4, events=POLLIN, revents=POLLIN}], 1, -1) = 1\n+.2 < P. 1:31(30) ack 1 win 8000", "ok x"},
		{open + "+0 setsockopt(4, SOL_SOCKET, SO_RCVBUF, [5000], 4) = 0\n+0 getsockopt(4, SOL_SOCKET, SO_RCVBUF, [10000], [4]) = 0", "ok x"},
		{active + "+.1 < R. 0:0(0) ack 1 win 0\n+0 getsockopt(3, SOL_SOCKET, SO_ERROR, [ECONNREFUSED], [4]) = 0\n+0 getsockopt(3, SOL_SOCKET, SO_ERROR, [0], [4]) = 0", "ok x"},
		{active + "+.1 < R. 0:0(0) ack 1 win 0\n+0 getsockopt(3, SOL_SOCKET, SO_ERROR, [EPIPE], [4]) = 0", "FAIL x:5: expected getsockopt(3, SOL_SOCKET, SO_ERROR, [EPIPE], [4]) to store EPIPE, got ECONNREFUSED"},
		{active + "+.1 < icmp unreachable port_unreachable [0:0(0)]\n+0 connect(3, ..., ...) = -1 ECONNREFUSED", "ok x"},
		{active + "+.1 < [0:0(0)] icmp unreachable port_unreachable\n+0 connect(3, ..., ...) = -1 ECONNREFUSED", "ok x"},
		{open + "+0 epoll_create(1) = 5\n+0 epoll_ctl(5, EPOLL_CTL_ADD, 4, {events=EPOLLIN, fd=4}) = 0\n+0 epoll_wait(5, {events=EPOLLIN, fd=4}, 1, 0) = 0\n+0...+.1 epoll_wait(5, {events=EPOLLIN, fd=4}, 1, -1) = 1\n+.1 < P. 1:31(30) ack 1 win 8000\n" +
			"+0 epoll_wait(5, {events=EPOLLIN, fd=9}, 1, 0) = 1", "FAIL x:13: expected epoll_wait(5, {events=EPOLLIN, fd=9}, 1, 0) with {events=EPOLLIN, fd=9}, got {events=POLLIN, 4}"},
		{edged + "+0 epoll_wait(5, {events=EPOLLOUT, fd=4}, 1, 0) = 1\n+0 epoll_wait(5, ..., 1, 0) = 0\n+.1 < P. 1:31(30) ack 1 win 8000\n" +
			"+0 epoll_wait(5, {events=EPOLLIN|EPOLLOUT, fd=4}, 1, 0) = 1\n+0 epoll_wait(5, ..., 1, 0) = 0\n+0 < P. 31:61(30) ack 1 win 8000\n+0 epoll_wait(5, {events=EPOLLIN|EPOLLOUT, fd=4}, 1, 0) = 1\n+0 close(5) = 0", "ok x"},
		{edged + "+0 epoll_wait(5, {events=EPOLLOUT, fd=4}, 1, 0) = 1\n+0 write(4, ..., 20000) = 16000\n+0 epoll_wait(5, ..., 1, 0) = 0\n" +
			"+.1...+.3 epoll_wait(5, {events=EPOLLOUT, fd=4}, 1, -1) = 1\n+.1 < . 1:1(0) ack 8001 win 8000\n+.1 < . 1:1(0) ack 16001 win 8000\n+0 epoll_wait(5, ..., 1, 0) = 0", "ok x"},
		// what is not a number
		{open + "+0 getsockopt(4, SOL_TCP, TCP_INFO, {tcpi_state=TCP_ESTABLISHED, tcpi_rto=..., tcpi_snd_mss=1000}, [...]) = 0", "ok x"},
		{open + "+0 getsockopt(4, SOL_TCP, TCP_INFO, {tcpi_state=TCP_CLOSE_WAIT}, [...]) = 0", "FAIL x:8: expected getsockopt(4, SOL_TCP, TCP_INFO, {tcpi_state=TCP_CLOSE_WAIT}, [...]) to store tcpi_state=TCP_CLOSE_WAIT, got 1"},
		{open + "+0 getsockopt(4, SOL_TCP, TCP_INFO, {tcpi_busy_time=1}, [...]) = 0", "cannot run x:8: tcpi_busy_time of TCP_INFO"},
		{open + "+0 getsockopt(4, SOL_TCP, TCP_CONGESTION, [\"cubic\"], [...]) = 0", "ok x"},
		{open + "+0 getsockopt(4, SOL_TCP, TCP_CONGESTION, [\"reno\"], [...]) = 0", "FAIL x:8"},
		{open + "+0 setsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=7}, 8) = 0\n+0 getsockopt(4, SOL_SOCKET, SO_LINGER, {onoff=1, linger=7}, [8]) = 0", "ok x"},
		{open + "+0 getsockopt(4, SOL_IP, IP_MTU, [1500], [4]) = 0\n+0 getsockopt(3, SOL_IP, IP_MTU, [...], [4]) = -1 ENOTCONN", "ok x"},
		{open + "+0 setsockopt(4, SOL_TCP, TCP_INQ, [1], 4) = 0\n+0 < P. 1:31(30) ack 1 win 8000\n" +
			"+0 recvmsg(4, {msg_iov(1)=[{..., 10}], msg_flags=0, msg_control=[{cmsg_level=SOL_TCP, cmsg_type=TCP_CM_INQ, cmsg_data=20}]}, 0) = 10\n+0 < F. 31:31(0) ack 1 win 8000\n" +
			"+0 recvmsg(4, {msg_iov(1)=[{..., 99}], msg_flags=0, msg_control=[{cmsg_level=SOL_TCP, cmsg_type=TCP_CM_INQ, cmsg_data=1}]}, 0) = 20", "ok x"},
		{open + "+0 < P. 1:31(30) ack 1 win 8000\n+0 recvmsg(4, {msg_iov(1)=[{..., 10}], msg_control=[{cmsg_level=SOL_TCP, cmsg_type=TCP_CM_INQ, cmsg_data=20}]}, 0) = 10", "FAIL x:9"},
		{open + "+0 recvmsg(4, {msg_iov(1)=[{..., 10}], msg_control=[{cmsg_level=SOL_SOCKET, cmsg_type=SO_TIMESTAMPING, cmsg_data=20}]}, 0) = 10", "cannot run x:8: a control message"},
		{open + "+0 open(\"/a\", O_RDONLY) = 5\n+0 sendfile(4, 5, [0], 100) = 100\n+0 > P. 1:101(100) ack 1\n+0 close(5) = 0", "ok x"},
		{open + "+0 < P. 1:11(10) ack 1 win 8000\n+0 recv(4, ..., 10, MSG_TRUNC) = 10", "ok x"},
		{open + "+0 < P.U 1:11(10) ack 1 win 8000 urg 5\n+0 ioctl(4, SIOCATMARK, [0]) = 0\n+0 read(4, ..., 10) = 4\n+0 ioctl(4, SIOCATMARK, [1]) = 0", "ok x"},
		{"0 socket(..., SOCK_STREAM, IPPROTO_MPTCP) = 3", "cannot run x:1: only sockets of the protocols TCP and UDP"},
		// datagrams and echo
		{"0 socket(..., SOCK_DGRAM, IPPROTO_UDP) = 3\n+0 sendto(3, ..., 100, 0, ..., ...) = 100\n+0 > udp (100)\n+0 < udp (7)\n+0 recvfrom(3, ..., 100, 0, ..., ...) = 7", "ok x"},
		{"0 < icmp echo_request id 9\n+0 > icmp echo_reply id 9", "ok x"},
		{"0 < udp (7)\n+0 > icmp unreachable port_unreachable", "ok x"},
		// ports, numbers, times
		{listening + "+0 < 1000 > 8080 S 100:100(0) win 8000\n+0 > 8080 > 1000 S. 5:5(0) ack 101 <...>\n+0 < 1000 > 9 S 0:0(0) win 1\n+0 > R. 0:0(0) ack 1", "ok x"},
		{"0 < . 1:1(0) ack 70 win 5\n+0 > R 70:70(0)", "ok x"},
		{listening + "1 < S 0:0(0) win 8000\n+.5 > S. 0:0(0) ack 1 <...>", "FAIL x:5: expected > S. 0:0(0) ack 1 <...> at 1.500000 (within 62500 us), got it at 1.000000"},
		{listening + "1 < S 0:0(0) win 8000\n1 > S. 0:0(0) ack 1 <...>\n+.9~+1.1 > S. 0:0(0) ack 1 <...>\n1.5 close(3) = 0", "FAIL x:7: expected this to happen at 1.500000, got to it only at 2.000000"},
		{listening + "0 > S. 0:0(0) ack 1", "cannot run x:4: a packet that leaves before there is a connection"},
		{listening + "0 < S 0:0(0) win 8000\n+0 > S. 0:0(0) ack 1\n+.1 < . 1:1(0) ack 1 win 9\n+0 > . 1:1(0)", "FAIL x:5: expected > S. 0:0(0) ack 1, got > S. 0:0(0) ack 1 <"},
		// code
		{open + "+0 %{ assert tcpi_state == TCP_ESTABLISHED; x = 5 }%\n+0 close(4) = 0\n+0 %{\nassert x == 5\nassert tcpi_state == TCP_LISTEN, 1 }%", "ok x"},
		{open + "+0 %{ assert tcpi_snd_cwnd == 3\n }%\n+.1 close(5) = 0", "FAIL x:10: expected close(5) = 0, got -1 EBADF"}, // the code comes last
		{open + "+0 %{\nassert tcpi_snd_cwnd == 3 }%", "FAIL x:9: expected assert tcpi_snd_cwnd == 3, got tcpi_snd_cwnd = 10"},
		{"0 `true`\n+0 %{ pass }%", "cannot run x:2: code when there is no socket to ask for TCP_INFO"},
		// what is not there
		{open + "+0 splice(1) = 0", "cannot run x:8: the call splice()"},
		{open + "+0 close(4, 5) = 0", "cannot run x:8: close() with 2 arguments"},
		{open + "+0 send(4, ..., 10, MSG_OOB|MSG_NOSUCH) = 0", "cannot run x:8: the symbol MSG_NOSUCH"},
		{open + "+0 setsockopt(4, SOL_SOCKET, SO_ZEROCOPY, [1], 4) = 0", "cannot run x:8: setsockopt(SO_ZEROCOPY)"},
		{open + "+0 getsockopt(4, SOL_TCP, 99, [1], 4) = 0", "cannot run x:8: getsockopt(option 99 of level 6)"},
		{open + "+0 setsockopt(4, SOL_TCP, TCP_CONGESTION, \"vegas\", 4) = 0", "cannot run x:8: setsockopt(TCP_CONGESTION, \"vegas\")"},
		{"0 socket(AF_UNIX, SOCK_STREAM, IPPROTO_TCP) = 3", "cannot run x:1: the symbol AF_UNIX"},
		{"0 socket(17, SOCK_STREAM, IPPROTO_TCP) = 3", "cannot run x:1: only sockets of the families AF_INET and AF_INET6"},
		{"--ip_version=ipx\n0 close(3) = 0", "cannot run x:1: --ip_version=ipx: not a value"},
		{"--local_ip=2001:db8::5\n0 close(3) = 0", "cannot run x:1: the address 2001:db8::5 needs --ip_version=ipv6"},
		{"--ip_version=ipv6 --remote_ip=1.2.3.4\n0 close(3) = 0", "cannot run x:1: the address 1.2.3.4 needs --ip_version=ipv4"},
		{listening + "+0 < S 0:0(0) win 9\n+0 < icmp packet_too_big mtu 1280 [0:0(0)]", "cannot run x:5: there is no ICMP type \"packet_too_big\" for IPv4"},
		{listening + "+0 < (flowlabel 1) S 0:0(0) win 9", "cannot run x:4: a flow label in a packet of IPv4"},
		{"--nonsense\n0 close(3) = 0", "cannot run x:1: the option --nonsense is not there"},
		{"--mtu=9\n0 close(3) = 0", "cannot run x:1: --mtu=9: not a value for this option"},
		{open + "+0 < . 1:1(0) ack 1 win 9 <TS val 1 ecr 5,nop,nop>", "cannot run x:8: ecr 5 echoes a timestamp that never left"},
		{open + "+0 close(4) = -1 ENOSUCH", "cannot run x:8: the error ENOSUCH"},
	} {
		if got := run(t, c.text, Options{}).String(); !strings.HasPrefix(got, c.want) || c.want == "ok x" && got != c.want {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
}

func TestScriptOptions(t *testing.T) {
	for _, c := range []struct{ options, text, want string }{
		{"--mtu=1000", listening + "+0 < S 0:0(0) win 9\n+0 > S. 0:0(0) ack 1 <mss 960>", "ok x"},
		{"--tolerance_usecs=500000", listening + "+0 < S 0:0(0) win 9\n+.5 > S. 0:0(0) ack 1 <...>", "ok x"},
		{"--tolerance_percent=100", listening + "+0 < S 0:0(0) win 9\n+.5 > S. 0:0(0) ack 1 <...>", "ok x"},
		{"--local_ip=10.0.0.1 --gateway_ip=10.0.0.2 --netmask_ip=255.255.255.0 --remote_ip=9.9.9.9", listening + "+0 < S 0:0(0) win 9\n+0 > S. 0:0(0) ack 1 <...>", "ok x"},
		{"--gateway_ip=10.0.0.2", listening, "cannot run x:1: the gateway 10.0.0.2"},
		{"--non_fatal=packet,syscall", listening + "+0 close(7) = 0\n+0 < S 0:0(0) win 9\n+0 > R 0:0(0)", "ok x"},
		{"--bind_port=99", listening + "+0 < 5 > 99 S 0:0(0) win 9\n+0 > 99 > 5 S. 0:0(0) ack 1 <...>", "ok x"},
		{"--connect_port=99", active + "+0 < 99 > 1 S. 0:0(0) ack 1 win 9\n+0 > R 1:1(0)", "ok x"},
	} {
		r := run(t, c.options+"\n"+c.text, Options{})
		if !strings.HasPrefix(r.String(), c.want) {
			t.Errorf("%s: %s", c.options, r)
		}
		if strings.Contains(c.options, "non_fatal") && len(r.Notes) != 2 {
			t.Error(r.Notes)
		}
	}
	// Options of the run win over the script's.
	r := run(t, "--tolerance_usecs=0\n"+listening+"+0 < S 0:0(0) win 9\n+.5 > S. 0:0(0) ack 1 <...>", Options{Flags: []Option{{Name: "tolerance_usecs", Value: "500000"}}})
	if r.Verdict != OK {
		t.Error(r)
	}
}

func TestShell(t *testing.T) {
	for _, c := range []struct{ command, want string }{
		{"sysctl -q net.ipv4.tcp_syn_retries=3 net.ipv4.tcp_retries2=0x5", "ok x"},
		{"sysctl -q net.ipv4.tcp_rmem=\"4096 8192 16384\"", "ok x"},
		{"../common/set_sysctls.py /proc/sys/net/ipv4/tcp_syn_retries=3", "ok x"},
		{"../common/defaults.sh\n  sysctl -q net.ipv4.tcp_syn_retries=3 && true; ethtool -K tun0 tso off", "ok x"},
		{"# a comment\n:; echo x; nstat -n; ip tcp_metrics flush all > /dev/null 2>&1; tc qdisc replace dev tun0 root pfifo; sleep 0.5", "ok x"},
		{"echo 3 > /proc/sys/net/ipv4/tcp_syn_retries; sysctl -w net.ipv4.tcp_retries2=9 >/dev/null 2>&1", "ok x"},
		{"echo 300 > /proc/sys/net/ipv4/tcp_syn_retries", "cannot run x:1: sysctl: net.ipv4.tcp_syn_retries takes"},
		{"sysctl -w net.inet.tcp.keepidle=4000 net.inet.tcp.rfc1323=0 net.inet.tcp.hostcache.purgenow=1 net.inet.tcp.syncookies_only=1", "ok x"},
		{"sysctl -w net.inet.tcp.keepidle=4500", "cannot run x:1: sysctl net.inet.tcp.keepidle=4500: not a value"},
		{"sysctl -w net.inet.tcp.nonsense=4500", "cannot run x:1: sysctl net.inet.tcp.nonsense is not there"},
		{"tcpdrop -a", "ok x"},
		{"sysctl -q net.ipv4.tcp_nonsense=3", "cannot run x:1: sysctl net.ipv4.tcp_nonsense"},
		{"sysctl -q net.ipv4.tcp_syn_retries=nine", "cannot run x:1: sysctl: net.ipv4.tcp_syn_retries takes"},
		{"sysctl net.ipv4.tcp_syn_retries", "cannot run x:1: sysctl net.ipv4.tcp_syn_retries without a value"},
		{"iptables -F", "cannot run x:1: the command \"iptables -F\""},
		{"true\n  iptables -F # x", "cannot run x:2: the command \"iptables -F # x\""},
		{"sysctl -q net.ipv4.tcp_syn_retries=3 # iptables -F\n# iptables -F; x\n", "ok x"},
		{"X=3 Y='4 5'; sysctl -q net.ipv4.tcp_syn_retries=$X net.ipv4.tcp_retries2=$((X * (2 + 1)))", "ok x"},
		{"X=400; sysctl -q net.ipv4.tcp_syn_retries=$X", "cannot run x:1: sysctl: net.ipv4.tcp_syn_retries takes"},
		{"M='4096 8192 16384'\nsysctl -q net.ipv4.tcp_rmem=\"${M}\" \\\n  -w net.ipv4.tcp_wmem=\"4096 $((1 << 14)) 4194304\"", "ok x"},
		{"M='net.ipv4.tcp_sack=0 net.ipv4.tcp_dsack=0'; export N=1; sysctl -q $M net.ipv4.tcp_timestamps=$N", "ok x"},
		{"sysctl -q net.ipv4.tcp_syn_retries=$NOSUCH", "cannot run x:1: a command with the variable NOSUCH"},
		{"sysctl -q net.ipv4.tcp_syn_retries=$((3 +))", "cannot run x:1: the arithmetic $((3 +))"},
		{"sysctl -q net.ipv4.tcp_syn_retries=$(cat x)", "cannot run x:1: a command within a command"},
		{"sysctl -q net.ipv4.tcp_syn_retries='3", "cannot run x:1: a command with ' and no closing"},
		{"echo $((1+1)) > /proc/sys/net/ipv4/tcp_syn_retries && false || true", "ok x"},
		{"true || iptables -F; false && iptables -F; true", "ok x"},
		{"true && false", "FAIL x:1: expected the commands to succeed"},
		{"sleep 1 &", "cannot run x:1: a command in the background"},
		{"for i in 1 2; do true; done", "cannot run x:1: the command \"for i in 1 2\""},
		{"nstat | grep Tcp", "cannot run x:1: the command"},
		{"echo 1 > /tmp/x", "cannot run x:1: the command"},
		{"sysctl -e -q net.ipv4.tcp_nonsense=3", "ok x"},
		{"sysctl -p file", "cannot run x:1: the command"},
		{"ip link set dev tun0 txqueuelen 100 gso_max_segs 3 up mtu 1400; ip link set tun0 mtu 1500", "ok x"},
		{"ip link set dev tun0 down", "cannot run x:1: the command"},
		{"ip link set dev tun0 gso_max_size 3000", "cannot run x:1: the command"},
		{"ip link set dev lo mtu 3000", "cannot run x:1: the command"},
		{"ip route add 1.2.3.4 dev tun0", "cannot run x:1: the command"},
		{"ip tcp_metrics flush; ip tcp_metrics flush 192.0.2.0/24; ip tcp_metrics del address 192.0.2.1; ip tcp_metrics show", "ok x"},
		{"ip tcp_metrics flush nobody", "cannot run x:1: the command"},
		{"ethtool -K tun0 tso off gso off gro off", "ok x"},
		{"ethtool -K tun0 gro on", "cannot run x:1: ethtool -K gro on is not there"},
		{"ethtool -G tun0 rx 5", "cannot run x:1: the command"},
		{"tc qdisc add dev tun0 root handle 1: fq; tc qdisc del dev tun0 root; tc qdisc replace dev tun0 root pfifo limit 1000", "ok x"},
		{"tc qdisc replace dev tun0 root fq maxrate 1mbit", "cannot run x:1: the command"},
		{"tc qdisc replace dev eth0 root fq", "cannot run x:1: the command"},
		{"tc filter add dev tun0", "cannot run x:1: the command"},
		{"tc qdisc add dev tun0 root netem loss 1%", "cannot run x:1: the command"},
		{"ip link set dev tun0 mtu lots", "cannot run x:1: the command"},
	} {
		if got := run(t, "`"+c.command+"`\n0 cap_set() = 0", Options{}).String(); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s: %s", c.command, got)
		}
	}
}

func TestShellChangesTheHost(t *testing.T) {
	for _, c := range []struct{ text, want string }{
		{"`ip link set dev tun0 mtu 600`\n" + listening + "+0 < S 0:0(0) win 9\n+0 > S. 0:0(0) ack 1 <mss 560>", "ok x"},
		{open + "+0 `tc qdisc replace dev tun0 root pfifo limit 0`\n+0 write(4, ..., 9) = 9\n+.1 `tc qdisc replace dev tun0 root pfifo`\n+0 write(4, ..., 1000) = 1000\n+0 > . 1:10(9) ack 1", "FAIL"},
		{open + "+0 `sockstat -4 | grep -c ESTABLISHED | grep 1`", "ok x"},
		{open + "+0 `sockstat -4 | grep -c ESTABLISHED | grep 2`", "FAIL x:8: expected 2 connections in ESTABLISHED, got 1"},
		{open + "+0 `tcpdrop`\n+0 > R. 1:1(0) ack 1\n+0 read(4, ..., 9) = -1 ECONNABORTED", "ok x"},
		{open + "+0...+.1 read(4, ..., 9) = -1 ECONNABORTED\n+.1 `tcpdrop -a`\n+0 > R. 1:1(0) ack 1", "ok x"},
		{open + "+0 `tcpdrop 192.168.0.1 8080 192.0.2.1 40001`\n+0 > R. 1:1(0) ack 1", "ok x"},
		{open + "+0 `tcpdrop 192.168.0.1 8080 192.0.2.1 7`\n", "FAIL x:8: expected a connection for tcpdrop"},
		{"`sysctl -q net.ipv4.tcp_fastopen=1`\n" + withCookie + "+0 `ip tcp_metrics flush 192.0.2.9`\n" + again + "0:9(9) <mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7,FO 0102030405060708,nop,nop>", "ok x"},
		{"`sysctl -q net.ipv4.tcp_fastopen=1`\n" + withCookie + "+0 `ip tcp_metrics flush all`\n" + again + "0:0(0) <mss 1460,sackOK,TS val 1 ecr 0,nop,wscale 7,FO,nop,nop>", "ok x"},
		{"0 cap_set() = 0\n`iptables`", "cannot run x:2: the command"}, // the last command counts, too
		{"`sysctl -q net.ipv4.tcp_synack_retries=0`\n" + listening + "+0 < S 0:0(0) win 9\n+0 > S. 0:0(0) ack 1 <...>\n+1 > S. 0:0(0) ack 1 <...>", "FAIL x:7: expected > S. 0:0(0) ack 1 <...>, got no packet until 3.000000"},
	} {
		if got := run(t, c.text, Options{}).String(); !strings.HasPrefix(got, c.want) {
			t.Errorf("%s\n got %s\nwant %s", c.text, got, c.want)
		}
	}
	if r := run(t, "`./defaults.sh`\n0 cap_set() = 0", Options{}); len(r.Notes) > 1 {
		t.Error(r.Notes)
	}
}

// The log names what happens, with times from the beginning of the script.
func TestLog(t *testing.T) {
	var lines []string
	run(t, open+"+.1 write(4, ..., 9) = 9\n+0 > P. 1:10(9) ack 1", Options{Log: func(l string) { lines = append(lines, l) }})
	if got := fmt.Sprint(lines[len(lines)-2:]); got != "[0.110000 write(4, ..., 9) = 9 0.110000 > P. 1:10(9) ack 1]" {
		t.Error(got)
	}
}

// A setting that changes nothing is noted once, and only if it is set to something else.
func TestInertSettingsAreNoted(t *testing.T) {
	r := run(t, "`sysctl -q net.ipv4.tcp_autocorking=1; sysctl -q net.ipv4.tcp_mem=\"1 2 3\"; sysctl -q net.ipv4.tcp_mem=\"1 2 4\"`\n0 cap_set() = 0", Options{})
	if r.Verdict != OK || len(r.Notes) != 1 || r.Notes[0] != "tcp_mem changes nothing here" {
		t.Error(r, r.Notes)
	}
}
