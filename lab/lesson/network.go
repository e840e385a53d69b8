package lesson

import (
	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack/wire"
)

// Nodes of the network at home.
const (
	homePC = iota
	homePhone
	homeSwitch
	homeRouter
	homeServer
)

// homeNetwork is what a page needs on its way to a screen: an address by DHCP, the router's MAC by ARP, the server's address by
// DNS, translation by the router, and then TCP and HTTP.
func homeNetwork() (*lab.Lab, error) {
	local := link.Params{BitsPerSecond: 100_000_000, DelayNs: 100_000, QueuePackets: 100}
	wide := link.Params{BitsPerSecond: 10_000_000, DelayNs: 15_000_000, QueuePackets: 100}
	forward := []lab.Setting{{Name: "net.ipv4.ip_forward", Value: "1"}, {Name: "wirelab.nat", Value: "2"}}
	lan := func(node uint32, addr wire.Addr, prefix uint8) lab.Link {
		return lab.Link{Ends: [2]lab.LinkEnd{{Node: node, Addr: addr, Prefix: prefix}, {Node: homeSwitch}}, Params: [2]link.Params{local, local}}
	}
	s := lab.Scenario{
		Seed: 1,
		Nodes: []lab.Node{
			homePC:     {Name: "PC", X: -350, Y: -85},
			homePhone:  {Name: "Phone", X: -350, Y: 85},
			homeSwitch: {Name: "Switch", Kind: lab.KindSwitch, X: -120},
			homeRouter: {Name: "Router", X: 90, Sysctls: forward, Startup: []string{"dhcpd -i eth0 -r 192.168.1.1 -d 203.0.113.80 192.168.1.100 192.168.1.199 &"}},
			homeServer: {Name: "Server", X: 350, Startup: []string{"dns-server 53 www.example.org=203.0.113.80 &", "httpd 80 &"}},
		},
		Links: []lab.Link{
			lan(homePC, wire.Addr{}, 0),
			lan(homePhone, wire.Addr{}, 0),
			lan(homeRouter, wire.V4(192, 168, 1, 1), 24),
			{Ends: [2]lab.LinkEnd{{Node: homeRouter, Addr: wire.V4(203, 0, 113, 1), Prefix: 24}, {Node: homeServer, Addr: wire.V4(203, 0, 113, 80), Prefix: 24}}, Params: [2]link.Params{wide, wide}},
		},
	}
	return script(s, typed(second/10, homePC, "dhclient"), typed(second/5, homePhone, "dhclient"),
		typed(3*second, homePC, "curl http://www.example.org/"), typed(4*second, homePhone, "ping -c 2 www.example.org"))
}
