package stack

import (
	"slices"
	"strings"
	"testing"

	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

// Each setting takes what it says it has, and refuses what lies outside.
func TestSysctlsKeepTheirValues(t *testing.T) {
	w := two(t)
	h := w.hosts[0]
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
		{"net.ipv4.tcp_available_congestion_control", "reno", "only be read"},
		{"net.ipv4.tcp_allowed_congestion_control", "reno vegas", "vegas"},
		{"net.ipv4.ip_local_port_range", "5000 4000", "first and the last"},
		{"net.ipv4.ip_local_port_range", "0 4000", "first and the last"},
		{"net.ipv4.ip_local_reserved_ports", "5-4", "8080"},
		{"net.core.default_qdisc", "red", "pfifo_fast"},
		{"net.ipv4.tcp_mem", "1 2", "3 whole numbers"},
		{"net.ipv4.tcp_autocorking", "2", "from 0 to 1"},
		{"net.ipv4.tcp_rmem", "1 2", "three numbers"},
		{"net.ipv4.tcp_wmem", "4096 1 2", "2048"},
		{"net.ipv4.nonsense", "1", "no setting"},
	} {
		if err := h.SetSysctl(c.name, c.value); err == nil || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%s = %s: %v", c.name, c.value, err)
		}
	}
}

// The names stand in order, each once, and each shows what it was set to; a host keeps nothing of a setting
// that changes nothing once it is as it was.
func TestSysctlNames(t *testing.T) {
	h := two(t).hosts[0]
	names := Sysctls()
	for i, name := range names {
		if i > 0 && names[i-1] == name {
			t.Errorf("%s stands there twice", name)
		}
		if v, ok := h.SysctlText(name); !ok {
			t.Errorf("%s is not there", name)
		} else if err := h.SetSysctl(name, v); err != nil {
			t.Errorf("%s refuses its own value: %v", name, err)
		}
	}
	for _, table := range [][]sysctl{tcpSysctls, coreSysctls, labSysctls} {
		if !slices.IsSortedFunc(table, func(a, b sysctl) int { return strings.Compare(a.name, b.name) }) {
			t.Errorf("a table is not in order of name: %s", table[0].name)
		}
	}
	if !slices.IsSortedFunc(inertSysctls, func(a, b inertSysctl) int { return strings.Compare(a.name, b.name) }) {
		t.Error("inertSysctls is not in order of name")
	}
	for _, set := range []struct{ name, value, shown string }{
		{"net.ipv4.tcp_mem", "1 2 3", "1\t2\t3"},
		{"net.ipv4.tcp_autocorking", "0", "0"},
		{"net.ipv4.ip_local_reserved_ports", "9000-9010,80,9011", "80,9000-9011"},
		{"net.ipv4.ip_local_port_range", "1024 65535", "1024\t65535"},
		{"net.ipv4.tcp_rmem", "8192 131072 6291456", "8192\t131072\t6291456"},
		{"net.ipv4.tcp_wmem", "8192 65536 131072", "8192\t65536\t131072"},
		{"net.ipv4.tcp_timestamps", "2", "2"},
		{"net.core.default_qdisc", "fq", "fq"},
		{"net.core.default_qdisc", "cake", "cake"},
	} {
		if err := h.SetSysctl(set.name, set.value); err != nil {
			t.Error(err)
		}
		if got, _ := h.SysctlText(set.name); got != set.shown {
			t.Errorf("%s is %q, want %q", set.name, got, set.shown)
		}
	}
	if len(h.Inert) != 3 {
		t.Errorf("kept: %v", h.Inert)
	}
	h.SetSysctl("net.ipv4.tcp_autocorking", "1")
	h.SetSysctl("net.ipv4.tcp_mem", inertSysctls[len(inertSysctls)-1].usual)
	h.SetSysctl("net.core.default_qdisc", "pfifo_fast")
	if len(h.Inert) != 1 {
		t.Errorf("kept: %v", h.Inert)
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
		w := two(t)
		h := w.hosts[0]
		err, checked := h.SetSysctl(name, value), CheckSysctl(name, value)
		if (err == nil) != (checked == nil) {
			t.Fatalf("set says %v, check says %v", err, checked)
		}
		if err != nil {
			return
		}
		w.tell()
		l, _ := w.hosts[1].Socket(SockTCP)
		if bind, listen := w.hosts[1].Bind(l, tcp.Endpoint{Port: 7}), w.hosts[1].Listen(l, 1); bind != 0 || listen != 0 {
			t.Fatal(bind, listen)
		}
		fd, _ := h.Socket(SockTCP)
		h.Connect(fd, tcp.Endpoint{Addr: ends[1].Addr, Port: 7})
		w.wait(second)
		w.tell()
		h.Write(fd, make([]byte, 5000))
		h.Close(fd)
		w.wait(second)
	})
}

// Every socket option refuses what lies outside its limits and keeps what lies inside.
func TestSockoptLimits(t *testing.T) {
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
		for _, v := range []int64{o.low - 1, o.high + 1} {
			if err := g.SetSockopt(g.fd, o.name, v); err != tcp.EINVAL && v == int64(int32(v)) {
				t.Errorf("%s = %d: %v", o.name, v, err)
			}
		}
		if _, err := g.Sockopt(g.fd, o.name); err != 0 {
			t.Errorf("reading %s: %v", o.name, err)
		}
	}
	if _, err := g.Sockopt(g.fd, "SO_NONSENSE"); err != tcp.ENOPROTOOPT {
		t.Error(err)
	}
}

// What options are when nobody set them, and what becomes of what is set, by Linux's code.
func TestSockopts(t *testing.T) {
	for _, s := range []struct {
		name  string
		usual int64
		set   int64
		err   tcp.Errno
		shown int64
	}{
		{"SO_REUSEADDR", 0, 5, 0, 1},
		{"SO_RCVBUF", 131072, -1, 0, 2 * 4194304}, // taken for a very large number
		{"SO_RCVBUF", 131072, 1, 0, 2304},
		{"SO_RCVBUF", 131072, 5000, 0, 10000},
		{"SO_RCVBUFFORCE", 131072, 1 << 23, 0, 1 << 24},
		{"SO_RCVBUFFORCE", 131072, -1, 0, 2304},
		{"SO_SNDBUF", 16384, 1, 0, 4608},
		{"SO_SNDBUF", 16384, 1 << 30, 0, 2 * 4194304},
		{"SO_SNDBUFFORCE", 16384, 1 << 23, 0, 1 << 24},
		{"SO_RCVLOWAT", 1, 0, 0, 1},
		{"SO_RCVLOWAT", 1, -1, 0, 3145728},
		{"SO_PRIORITY", 0, 6, 0, 6},
		{"SO_MAX_PACING_RATE", -1, 125000, 0, 125000},
		{"SO_MAX_PACING_RATE", -1, 4294967295, 0, -1},
		{"TCP_MAXSEG", 536, 87, tcp.EINVAL, 536},
		{"TCP_MAXSEG", 536, 88, 0, 88},
		{"TCP_MAXSEG", 536, 32768, tcp.EINVAL, 536},
		{"TCP_SYNCNT", 6, 0, tcp.EINVAL, 6},
		{"TCP_KEEPIDLE", 7200, 32768, tcp.EINVAL, 7200},
		{"TCP_DEFER_ACCEPT", 0, -7, 0, 0},
		{"TCP_DEFER_ACCEPT", 0, 5, 0, 7},
		{"TCP_LINGER2", 60, -5, 0, -1},
		{"TCP_LINGER2", 60, 999, 0, 120},
		{"TCP_WINDOW_CLAMP", 0, 1, 0, 1152},
		{"TCP_WINDOW_CLAMP", 0, 30000, 0, 30000},
		{"TCP_NOTSENT_LOWAT", 0, -1, 0, -1},
		{"TCP_NOTSENT_LOWAT", 0, 4294967295, 0, -1},
		{"TCP_USER_TIMEOUT", 0, -1, tcp.EINVAL, 0},
		{"TCP_THIN_LINEAR_TIMEOUTS", 0, 2, tcp.EINVAL, 0},
		{"TCP_THIN_LINEAR_TIMEOUTS", 0, 1, 0, 1},
		{"TCP_RTO_MAX_MS", 120000, 999, tcp.EINVAL, 120000},
		{"TCP_RTO_MAX_MS", 120000, 1000, 0, 1000},
		{"TCP_RTO_MIN_US", 200000, 200001, tcp.EINVAL, 200000},
		{"TCP_RTO_MIN_US", 200000, 5000, 0, 5000},
		{"TCP_DELACK_MAX_US", 200000, 0, tcp.EINVAL, 200000},
		{"TCP_DELACK_MAX_US", 200000, 10000, 0, 10000},
		{"IP_TTL", 64, -1, 0, 64},
		{"IP_TTL", 64, 0, tcp.EINVAL, 64},
		{"IP_TTL", 64, 255, 0, 255},
		{"IP_TOS", 0, 0x1ff, 0, 0xfc},
		{"IP_TOS", 0, -1, 0, 0xfc},
		{"IPV6_TCLASS", 0, 256, tcp.EINVAL, 0},
		{"IPV6_TCLASS", 0, -1, 0, 0},
		{"IP_MTU_DISCOVER", tcp.MTUWant, tcp.MTUOmit, 0, tcp.MTUOmit},
		{"IP_MTU_DISCOVER", tcp.MTUWant, 6, tcp.EINVAL, tcp.MTUWant},
		{"IPV6_MTU_DISCOVER", tcp.MTUWant, tcp.MTUDont, 0, tcp.MTUDont},
		{"IPV6_V6ONLY", 0, 1, 0, 1},
	} {
		w := two(t)
		h := w.hosts[0]
		fd, _ := h.Socket(SockTCP)
		if got, _ := h.Sockopt(fd, s.name); got != s.usual {
			t.Errorf("%s is %d, want %d", s.name, got, s.usual)
		}
		if err := h.SetSockopt(fd, s.name, s.set); err != s.err {
			t.Errorf("%s = %d: %v, want %v", s.name, s.set, err, s.err)
		}
		if got, _ := h.Sockopt(fd, s.name); got != s.shown {
			t.Errorf("%s after %d is %d, want %d", s.name, s.set, got, s.shown)
		}
	}
}

// A connection that a listener accepts has the listener's options, but as its own.
func TestRareOptionsAreInherited(t *testing.T) {
	var l, c tcp.Conn
	l.Opts.SetRare().KeepCount = 3
	c.Inherit(&l)
	c.Opts.SetRare().KeepCount = 5
	if l.Opts.Rare().KeepCount != 3 || c.Opts.Rare().KeepCount != 5 {
		t.Error(l.Opts.Rare().KeepCount, c.Opts.Rare().KeepCount)
	}
}
