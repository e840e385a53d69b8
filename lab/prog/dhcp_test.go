package prog_test

import (
	"strings"
	"testing"
)

// A DHCP server never leases an address that is in use: its own, its router's, one that answers an echo request, or
// ARP if not that, or one that a client declined.
func TestAddressesInUse(t *testing.T) {
	c := tool{lines: []string{
		"names 0 dhcpd -r 10.0.0.54 10.0.0.53 10.0.0.57 &", // itself, its router, client, and two more
		"client 10 ip addr del 10.0.0.1/24 dev eth0", "client 11 ip addr add 10.0.0.55/24 dev eth0",
		"other 1000 dhclient -v",
	}, until: 6000}
	out := c.run(t)
	for _, want := range []string{"Abandoning IP address 10.0.0.55: pinged before offer", "DHCPOFFER of 10.0.0.56", "bound to 10.0.0.56"} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	c.lines = append([]string{"client 0 sysctl -w net.ipv4.icmp_echo_ignore_all=1"}, c.lines...)
	if out := c.run(t); !strings.Contains(out, "bound to 10.0.0.56") {
		t.Errorf("who answers ARP only is not seen:\n%s", out)
	}
}

// A client asks by ARP for the address that it gets, declines it if somebody answers, and waits ten seconds (RFC 2131
// §3.1.5); the server gives it to nobody then.
func TestDecline(t *testing.T) {
	c := tool{lines: []string{
		"names 0 dhcpd 10.0.0.100 10.0.0.101 &", "client 10 ip addr del 10.0.0.1/24 dev eth0", "other 1000 dhclient -v",
		"client 2006 ip addr add 10.0.0.100/24 dev eth0", // after the server has looked, before the client does
	}, until: 30000}
	out := c.run(t)
	for _, want := range []string{
		"DHCPACK of 10.0.0.100", "dhclient: 10.0.0.100 is in use by 02:00:00:00:00:00", "DHCPDECLINE for 10.0.0.100", "DHCPDECLINE of 10.0.0.100 from", "abandoned", "bound to 10.0.0.101",
	} {
		if !strings.Contains(out, want) {
			t.Errorf("no %q in\n%s", want, out)
		}
	}
	if strings.Contains(out, "bound to 10.0.0.100") {
		t.Errorf("it takes what it declined:\n%s", out)
	}
}
