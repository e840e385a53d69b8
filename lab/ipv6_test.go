package lab

import (
	"strings"
	"testing"

	"wirelab/lab/link"
	"wirelab/stack/wire"
)

func v6(t *testing.T, s string) wire.Addr {
	t.Helper()
	a, err := wire.ParseAddr(s)
	if err != nil {
		t.Fatal(err)
	}
	return a
}

// A network of both versions: A has its address by hand, C makes one up from what the router advertises; TCP runs over IPv6
// through the router.
func TestIPv6Scenario(t *testing.T) {
	p := [2]link.Params{{DelayNs: 1_000_000}, {DelayNs: 1_000_000}}
	for _, knows := range []bool{false, true} {
		s := Scenario{Seed: 1, KnowsMAC: knows,
			Nodes: []Node{{Name: "A", Routes: []RouteSpec{{Dst: v6(t, "::"), Via: v6(t, "2001:db8:1::fe")}}},
				{Name: "R"}, {Name: "C", Sysctls: []Setting{{"net.ipv6.conf.all.disable_ipv6", "0"}}, Startup: []string{"sink 7 &"}}},
			Links: []Link{
				{Ends: [2]LinkEnd{{Node: 0, Addr: wire.V4(10, 0, 1, 1), Prefix: 24, Addr6: v6(t, "2001:db8:1::1"), Prefix6: 64}, {Node: 1, Addr: wire.V4(10, 0, 1, 254), Prefix: 24, Addr6: v6(t, "2001:db8:1::fe"), Prefix6: 64}}, Params: p},
				{Ends: [2]LinkEnd{{Node: 1, Addr: wire.V4(10, 0, 2, 254), Prefix: 24, Addr6: v6(t, "2001:db8:2::fe"), Prefix6: 64, Advertise: true}, {Node: 2, Addr: wire.V4(10, 0, 2, 1), Prefix: 24}}, Params: p},
			}}
		l := newLab(t, s)
		l.mustSeek(t, 5*second)
		var c wire.Addr
		for _, a := range l.Host(2).Ifaces[0].Addrs {
			if !a.Addr.IsLinkLocal() {
				c = a.Addr
			}
		}
		if !strings.HasPrefix(c.String(), "2001:db8:2:") {
			t.Fatalf("C made up %v", c)
		}
		l.mustExec(t, 0, "source "+c.String()+" 7 100000")
		l.mustSeek(t, 20*second)
		if got := l.Host(2).Counters.BytesDelivered; got != 100_000 {
			t.Errorf("knows %v: %d bytes arrived:\n%s", knows, got, l.Machine(0).Output())
		}
		end := l.Hash()
		l.mustSeek(t, 6*second)
		if l.mustSeek(t, 20*second); l.Hash() != end {
			t.Error("the end is another")
		}
	}
	for _, e := range []LinkEnd{{Prefix6: 64}, {Addr6: v6(t, "fe80::1"), Prefix6: 0}, {Addr6: v6(t, "2001:db8::1"), Prefix6: 48, Advertise: true}, {Addr6: wire.V4(1, 2, 3, 4), Prefix6: 64}, {Addr6: v6(t, "ff02::1"), Prefix6: 64}} {
		s := twoHosts(0, "")
		e.Addr, e.Prefix = wire.V4(10, 0, 0, 1), 24
		s.Links[0].Ends[0] = e
		if _, err := New(s); err == nil {
			t.Errorf("%+v was taken", e)
		}
	}
}
