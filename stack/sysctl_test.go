package stack

import (
	"strings"
	"testing"

	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

// Each setting takes what it says it has, and refuses what lies outside.
func TestSysctlsKeepTheirValues(t *testing.T) {
	p := newPair(t)
	h := p.hosts[0]
	for _, s := range sysctls {
		v, _ := h.SysctlText(s.name)
		if err := h.SetSysctl(s.name, v); err != nil {
			t.Errorf("%s refuses its own value: %v", s.name, err)
		}
		for _, bad := range []string{"", "x", "99999999999999999999", "1.5"} {
			if err := CheckSysctl(s.name, bad); err == nil || !strings.Contains(err.Error(), s.name) {
				t.Errorf("%s = %q: %v", s.name, bad, err)
			}
		}
		if got, _ := h.SysctlText(s.name); got != v {
			t.Errorf("%s was %s and is %s", s.name, v, got)
		}
	}
	for _, c := range []struct{ name, value, says string }{
		{"net.ipv4.tcp_congestion_control", "vegas", "cubic"},
		{"net.ipv4.tcp_rmem", "1 2", "three numbers"},
		{"net.ipv4.tcp_wmem", "4096 1 2", "2048"},
		{"net.ipv4.nonsense", "1", "no setting"},
	} {
		if err := h.SetSysctl(c.name, c.value); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s = %s: %v", c.name, c.value, err)
		}
	}
}

// Any name with any value: set, or refused with a sentence; and a host with any settings can still talk.
func FuzzSysctl(f *testing.F) {
	for _, s := range sysctls {
		f.Add(s.name, "1")
	}
	f.Add("net.ipv4.tcp_rmem", "4096 131072 6291456")
	f.Add("net.ipv4.tcp_congestion_control", "bbr")
	f.Fuzz(func(t *testing.T, name, value string) {
		p := newPair(t)
		h := p.hosts[0]
		err, checked := h.SetSysctl(name, value), CheckSysctl(name, value)
		if (err == nil) != (checked == nil) {
			t.Fatalf("set says %v, check says %v", err, checked)
		}
		if err != nil {
			return
		}
		p.at()
		l, _ := p.hosts[1].Socket(SockTCP)
		p.must(p.hosts[1].Bind(l, tcp.Endpoint{Port: 7}))
		p.must(p.hosts[1].Listen(l, 1))
		fd, _ := h.Socket(SockTCP)
		h.Connect(fd, tcp.Endpoint{Addr: ends[1].Addr, Port: 7})
		p.wait(second)
		p.at()
		h.Write(fd, make([]byte, 5000))
		h.Close(fd)
		p.wait(second)
	})
}

// A socket option that can be set is what it was set to, within its limits.
func TestSockopts(t *testing.T) {
	g := newTarget()
	g.Log = &event.Log{}
	for _, o := range sockopts {
		there, settable := HasSockopt(o.name)
		if !there || settable != (o.set != nil) {
			t.Errorf("%s: there %v, settable %v", o.name, there, settable)
		}
		if !settable {
			if err := g.SetSockopt(g.fd, o.name, 1); err != tcp.ENOPROTOOPT {
				t.Errorf("setting %s = %v", o.name, err)
			}
			continue
		}
		if o.low > -tcpNoLimit {
			if err := g.SetSockopt(g.fd, o.name, o.low-1); err != tcp.EINVAL {
				t.Errorf("%s below its limit: %v", o.name, err)
			}
		}
		if err := g.SetSockopt(g.fd, o.name, o.high+1); err != tcp.EINVAL {
			t.Errorf("%s above its limit: %v", o.name, err)
		}
		fd := g.fd
		if strings.HasPrefix(o.name, "TCP_FASTOPEN") { // before it is connected
			fd, _ = g.Socket(SockTCP)
		}
		if err := g.SetSockopt(fd, o.name, max(o.low, 1)); err != 0 {
			t.Errorf("%s: %v", o.name, err)
		}
		if _, err := g.Sockopt(g.fd, o.name); err != 0 {
			t.Errorf("reading %s: %v", o.name, err)
		}
	}
	if _, err := g.Sockopt(g.fd, "SO_NONSENSE"); err != tcp.ENOPROTOOPT {
		t.Error(err)
	}
}

const tcpNoLimit = 1 << 31
