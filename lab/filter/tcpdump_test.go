//go:build !js

package filter_test

import (
	"errors"
	"os/exec"
	"strconv"
	"strings"
	"testing"

	"wirelab/lab/filter"
)

// captures are read the same by libpcap. What it does not check here is: the
// protocol of the right operand of an operator, if it is another than that of
// the left one. Alone, an address is read here but not there.
var captures = strings.Split(strings.TrimSpace(`
tcp
udp
icmp
icmp6
ip
ip6
arp
not ip
not (tcp or arp)
tcp or udp and port 53
! tcp && ! udp
host 10.9.0.1
src host 192.168.1.116
dst 192.168.1.116
src or dst host 10.9.0.2
src and dst host 10.9.0.2
host 10.0.0.1 or 10.9.0.1
host (10.0.0.1 or 10.9.0.1) and icmp
not host 10.9.0.1 and not 192.168.1.116
arp host 10.9.0.1
ip host 10.9.0.1
net 10
net 10.9.0.0/16
src net 192.168.1
dst net 192.168.0.0 mask 255.255.0.0
host fe80::1
net fe80::/10
ip6 host ff02::1
port 7788
tcp port 7788
udp port 53
src port 7
dst port domain
src or dst port 7
portrange 50-90
tcp portrange 1-100
tcp dst portrange 7000-8000
port 7 or 80
port (53 or 80)
tcp port 7 or 80 and ip
ether host 02:00:00:00:00:01
ether src 02:00:00:00:00:01
ether dst ff:ff:ff:ff:ff:ff
broadcast
ether multicast
ip multicast
ip broadcast
ether broadcast
vlan
vlan 5
vlan 6
not vlan
vlan 5 and less 200
arp or vlan 5
esp or ah
pim or vrrp or igrp
ip6 multicast
ether proto 0x806
ether proto \arp
ether proto \ip
ip proto 17
ip proto \icmp
proto 6
ip6 proto 58
ip6 proto 17
less 60
greater 100
len > 100
len - 54 > 1000
tcp[13] & 2 != 0
tcp[tcpflags] & (tcp-syn|tcp-fin) != 0
tcp[tcpflags] & tcp-ack != 0 and tcp[tcpflags] & tcp-push = 0
tcp[tcpflags] == tcp-syn
tcp[2:2] = 80
tcp[20:2] = 0x0204
tcp[((tcp[12:1] & 0xf0) >> 2):4] = 0x47455420
tcp and (ip[2:2] - ((ip[0] & 0xf) << 2) - ((tcp[12] & 0xf0) >> 2)) != 0
not tcp[100] = 1
tcp[100] = 1 or arp
arp or tcp[100] = 1
ip[8] = 64
ip[6:2] & 0x1fff != 0
ip[6] & 0x20 != 0
ip[0] & 0xf > 5 or ip[9] = 1
icmp[icmptype] = icmp-echo
icmp[icmptype] == icmp-unreach and icmp[icmpcode] == 3
icmp6[icmp6type] = icmp6-neighborsolicit
udp[4:2] > 10
udp[8:4] = 0x68656c6c
ether[12:2] = 0x0806
ether[0] & 1 = 1
arp[6:2] = 1
ip6[6] = 58
ip[2:2] * 2 + 3 > 100
ip[2:2] / 40 = 1
ip[2:2] % 7 = 3
(-ip[8]) = 0xffffffc0
ip[8] ^ 0x40 = 0
1 << 4 = 16 and tcp
len / (ip[8] - 64) = 1
ip and not port 7
not port 7
tcp and (src port 7 or dst port 80)
`), "\n")

func TestTcpdumpMatchesTheSame(t *testing.T) {
	if _, err := exec.LookPath("tcpdump"); err != nil {
		t.Skip("tcpdump is not installed; ./build.sh test installs it where it may")
	}
	r := record(t, true)
	for _, text := range captures {
		theirs, err := dumped(r.path, text)
		if err != nil {
			t.Errorf("tcpdump does not read %s: %v", text, err)
			continue
		}
		for len(theirs) > 0 && theirs[len(theirs)-1] > len(r.packets) {
			theirs = theirs[:len(theirs)-1]
		}
		f, err := filter.CaptureAt(text, filter.Vantage{Masked: true}) // the netmask of a file is zero
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		compare(t, text+" ("+f.String()+")", r.numbers(t, f, len(r.packets)), theirs, len(r.packets))
	}
	t.Logf("%d expressions over %d frames", len(captures), len(r.packets))
}

// dumped returns the numbers of the frames that tcpdump prints; their seconds
// count from zero.
func dumped(path, text string) (list []int, err error) {
	out, err := exec.Command("tcpdump", "-n", "-tt", "-r", path, text).Output()
	if exit := (*exec.ExitError)(nil); errors.As(err, &exit) {
		return nil, errors.New(string(exit.Stderr))
	}
	for line := range strings.Lines(string(out)) {
		seconds, _, _ := strings.Cut(line, ".")
		if n, err := strconv.Atoi(seconds); err == nil {
			list = append(list, n+1)
		}
	}
	return list, err
}
