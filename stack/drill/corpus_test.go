package drill

import (
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

// corpus returns the scripts in testdata.
func corpus(t testing.TB) (scripts []*Script) {
	t.Helper()
	err := filepath.WalkDir("testdata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".pkt") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		s, err := Parse(strings.TrimPrefix(filepath.ToSlash(path), "testdata/"), string(text))
		scripts = append(scripts, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(scripts) < 295 {
		t.Fatalf("only %d scripts", len(scripts))
	}
	return scripts
}

// A run depends on nothing but the script.
func TestARunRepeats(t *testing.T) {
	for _, s := range corpus(t) {
		var logs [2]string
		var results [2]Result
		for i := range results {
			results[i] = s.Run(Options{Log: func(line string) { logs[i] += line + "\n" }})
		}
		if !reflect.DeepEqual(results[0], results[1]) || logs[0] != logs[1] {
			t.Errorf("%s: %v, then %v", s.Name, results[0], results[1])
		}
	}
}

// Whatever a script holds, its run ends with a verdict.
func FuzzRun(f *testing.F) {
	for _, s := range corpus(f)[:5] {
		text, err := os.ReadFile("testdata/" + s.Name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	for _, text := range []string{
		"--ip_version=ipv6 --local_ip=fd00::1/64 --mtu=1280\n" + active + "+0 < icmp packet_too_big mtu 1280 [0:0(0)]\n+.1 < (hlim 3, class 4, flowlabel 5) S. 0:0(0) ack 1 win 5\n+0 getsockopt(3, SOL_TCP, TCP_INFO, {tcpi_rto=...}, [...]) = 0\n+0 `tcpdrop -a`",
		edged + "+0 epoll_wait(5, {events=EPOLLOUT, fd=4}, 1, 0) = 1\n+0 open(\"x\", 0) = 6\n+0 sendfile(4, 6, [0], 9) = 9\n+0 recvmsg(4, {msg_iov(1)=[{..., 9}], msg_control=[{cmsg_level=6, cmsg_type=TCP_CM_INQ, cmsg_data=9}]}, MSG_TRUNC) = -1 EAGAIN\n+0 `echo 1 > /proc/sys/net/ipv4/tcp_sack; sysctl -w net.inet.tcp.keepidle=1000 2>&1`",
		"0 socket(AF_INET6, SOCK_STREAM, 0) = 3\n+0 connect(3, {sa_family = AF_INET6, sin6_port = htons(9), inet_pton(AF_INET6, \"::1\", &sin6_addr)}, 28) = 0",
		open + "+0 %{ assert (tcpi_state in (1, 2)) and 3 <= abs(-tcpi_rto) // 7 % 5 << 2, 'x' % 1\nx = 1; x += 2 }%",
		open + "+0 poll([{fd=4, events=POLLIN, revents=0}], 1, 10) = 0\n+0...1 recvmsg(4, {msg_iov(1)=[{..., 9}], msg_flags=0}, MSG_PEEK) = 9\n+.1 < FP. 1:11(10) ack 1 win 3 <nop,nop,sack 1:2>",
		active + "+0 < [0:0(0)] icmp unreachable frag_needed mtu 9\n+0 < S. 0:0(0) ack 1 win 5 <mss 9,TS val 1 ecr 0,nop,nop,FO 01,nop>\n+0 setsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=2}, 8) = 0\n+0...+1 close(3) = 0\n* > F. 1:1(0) ack 1",
		"--mtu=999 --non_fatal=packet --strict_segments\n`../defaults.sh && sysctl -q net.ipv4.tcp_rmem='1 2 3'; sleep 1`\n0 socket(..., SOCK_DGRAM, 0) = 3\n+0 sendto(3, ..., 9, 0, ..., ...) = 9\n+0 > [ect0] udp (9)\n`sockstat | grep -c LISTEN | grep 0`",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse("f", text)
		if err != nil {
			return
		}
		if r := s.Run(Options{}); r.Verdict != OK && (r.Got == "" || r.Line < 1) {
			t.Errorf("%+v", r)
		}
	})
}
