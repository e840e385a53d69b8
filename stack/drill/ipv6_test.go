package drill

import (
	"strings"
	"testing"
)

// The same scripts run over both versions of IP, but for the words about IP itself.
func TestIPVersions(t *testing.T) {
	for _, c := range []struct{ options, text, want string }{
		{"--ip_version=ipv6", open + "+0 write(4, ..., 100) = 100\n+0 > P. 1:101(100) ack 1", "ok x"},
		{"--ip_version=ipv4-mapped-ipv6", open + "+0 write(4, ..., 100) = 100\n+0 > P. 1:101(100) ack 1", "ok x"},
		{"--ip_version=ipv6", listening + "+0 < S 0:0(0) win 9\n+0 > S. 0:0(0) ack 1 <mss 1460>", "ok x"}, // of 1520 bytes
		{"--ip_version=ipv6 --mtu=1500", listening + "+0 < S 0:0(0) win 9\n+0 > S. 0:0(0) ack 1 <mss 1440>", "ok x"},
		{"--ip_version=ipv6", "`sysctl -q net.ipv6.auto_flowlabels=0`\n" + listening + "+0 < (hlim 3, class 0x20, flowlabel 0x12) S 0:0(0) win 9\n+0 > [hlim 64, class 0, flowlabel 0x0] S. 0:0(0) ack 1 <...>", "ok x"},
		{"--ip_version=ipv6", "`sysctl -q net.ipv6.auto_flowlabels=0`\n" + listening + "+0 < S 0:0(0) win 9\n+0 > [flowlabel 0x7] S. 0:0(0) ack 1 <...>", "FAIL x:7: expected > (flowlabel 0x7) S. 0:0(0) ack 1 <...>, got > (flowlabel 0x0) S. "},
		{"", listening + "+0 < S 0:0(0) win 9\n+0 > [flowlabel 0x7] S. 0:0(0) ack 1 <...>", "FAIL x:6"},
		{"--ip_version=ipv6 --local_ip=fd00::5/48 --remote_ip=2001:db8:7::9", open + "+0 close(4) = 0\n+0 > F. 1:1(0) ack 1", "ok x"},
		{"--ip_version=ipv6 --local_ip=fd00::5 --gateway_ip=fd01::1", listening, "cannot run x:1: the gateway fd01::1"},
		{"--local_ip=10.0.0.1", open + "+0 close(4) = 0\n+0 > F. 1:1(0) ack 1", "ok x"},
		{"--ip_version=ipv6", active + "+.1 < icmp unreachable no_route [0:0(0)]\n+0 connect(3, ..., ...) = -1 ENETUNREACH", "ok x"},
		{"--ip_version=ipv6", active + "+.1 < icmpv6 unreachable port_unreachable [0:0(0)]\n+0 connect(3, ..., ...) = -1 ECONNREFUSED", "ok x"},
		{"--ip_version=ipv6", active + "+.1 < icmp time_exceeded hop_limit [0:0(0)]\n+0 connect(3, ..., ...) = -1 EHOSTUNREACH", "ok x"},
		{"--ip_version=ipv6", active + "+.1 < icmp unreachable frag_needed [0:0(0)]", "cannot run x:5: there is no ICMP code \"frag_needed\" of unreachable for IPv6"},
		{"--ip_version=ipv6", "0 < icmp echo_request id 9\n+0 > icmp echo_reply id 9", "ok x"},
		{"--ip_version=ipv6", "0 < udp (7)\n+0 > icmp unreachable port_unreachable", "ok x"},
		{"--ip_version=ipv6", "0 < udp (7)\n+0 > icmp unreachable no_route", "FAIL x:3: expected > icmp unreachable no_route, got > icmp unreachable port_unreachable"},
		{"--ip_version=ipv6", "0 < udp (7)\n+0 > icmp source_quench", "cannot run x:3: there is no ICMP type \"source_quench\" for IPv6"},
		{"--ip_version=ipv6", "0 socket(AF_INET6, SOCK_DGRAM, IPPROTO_UDP) = 3\n+0 sendto(3, ..., 100, 0, ..., ...) = 100\n+0 > udp (100)\n+0 < udp (7)\n+0 recvfrom(3, ..., 100, 0, ..., ...) = 7", "ok x"},
		{"--ip_version=ipv6", "0 socket(AF_INET6, SOCK_STREAM, 0) = 3\n+0 bind(3, {sa_family = AF_INET6, sin6_port = htons(99), sin6_addr = inet_pton(\"fd3d:a0b:17d6::1\")}, ...) = 0\n+0 listen(3, 1) = 0\n+0 < S 0:0(0) win 9\n+0 > S. 0:0(0) ack 1 <...>", "ok x"},
		{"--ip_version=ipv6", "0 socket(AF_INET6, SOCK_STREAM, 0) = 3\n+0 connect(3, {sa_family = AF_INET6, sin6_port = htons(99), sin6_flowinfo = htonl(0), inet_pton(AF_INET6, \"2001:db8::1\", &sin6_addr), sin6_scope_id = 0}, ...) = 0\n", "FAIL x:3"},
		{"--ip_version=ipv6", "0 socket(AF_INET6, SOCK_STREAM, 0) = 3\n+0 bind(3, {sin6_addr = inet_addr(\"::1\")}, ...) = 0", "cannot run x:3: the address \"::1\""},
		{"--ip_version=ipv6", "0 socket(AF_INET6, SOCK_STREAM, 0) = 3\n+0 bind(3, {sin6_addr = 7}, ...) = 0", "cannot run x:3: an address that is neither"},
	} {
		if got := run(t, c.options+"\n"+c.text, Options{}).String(); !strings.HasPrefix(got, c.want) || c.want == "ok x" && got != c.want {
			t.Errorf("%s %s\n got %s\nwant %s", c.options, c.text, got, c.want)
		}
	}
}
