package prog

import (
	"fmt"
	"slices"
	"strings"

	"wirelab/stack/tcp"
)

// ssMore is what ss -p, -o and -e add behind a line.
func (s *Sys) ssMore(o *options, k *sock) (more string) {
	if o.on['p'] {
		more += s.users(k.fd)
	}
	if (o.on['o'] || o.on['e']) && k.conn != nil {
		if t := s.ssTimer(k.conn); t != "" {
			more += " timer:(" + t + ")"
		}
	}
	switch {
	case o.on['e'] && k.fd >= 0:
		more += fmt.Sprintf(" ino:%d sk:%x <->", k.fd, k.fd)
	case o.on['e'] && k.conn != nil: // no program holds it
		more += fmt.Sprintf(" ino:0 sk:%x", k.conn.ID)
	}
	return more
}

// users names the program that holds a socket, as ss -p does.
func (s *Sys) users(fd int32) string {
	for i := range s.machine.Procs {
		if p := &s.machine.Procs[i]; fd >= 0 && !p.Done && p.holds(fd) {
			return fmt.Sprintf(` users:(("%s",pid=%d,fd=%d))`, kinds[p.Kind].name, p.PID, fd)
		}
	}
	return ""
}

// holds reports whether a program has a descriptor open.
func (p *Proc) holds(fd int32) bool {
	return fd == p.FD || fd == p.Conn || slices.Contains(p.Files, fd) || len(p.Lookup) > 0 && p.Lookup[0].FD == fd
}

// ssTimer says which timer runs, for how long, and how often it has.
func (s *Sys) ssTimer(c *tcp.Conn) string {
	left := func(at int64) string {
		ms := max(at-s.Now, 0) / 1_000_000
		switch {
		case ms >= 60_000:
			if sec := ms % 60_000 / 1000; sec > 0 {
				return fmt.Sprintf("%dmin%dsec", ms/60_000, sec)
			}
			return fmt.Sprintf("%dmin", ms/60_000)
		case ms >= 10_000:
			return fmt.Sprintf("%dsec", ms/1000)
		case ms >= 1000:
			return fmt.Sprintf("%d.%03dsec", ms/1000, ms%1000)
		}
		return fmt.Sprintf("%dms", ms)
	}
	at := c.Deadline()
	switch {
	case at == tcp.Never:
		return ""
	case c.State == tcp.TimeWait:
		return "timewait," + left(c.WaitAt) + ",0"
	case c.Rtx.Len() > 0:
		return fmt.Sprintf("on,%s,%d", left(at), c.Retries)
	case c.SndQueued > 0:
		return fmt.Sprintf("persist,%s,%d", left(at), c.Probes)
	}
	return fmt.Sprintf("keepalive,%s,%d", left(at), c.Probes)
}

// tcpInfo is what ss -i prints of TCP_INFO, in its order.
func (s *Sys) tcpInfo(c *tcp.Conn) string {
	get := func(name string) int64 {
		v, _ := c.Info("tcpi_"+name, &s.Conf, s.Now)
		return v
	}
	var w []string
	add := func(format string, args ...any) { w = append(w, fmt.Sprintf(format, args...)) }
	some := func(name, as string) {
		if v := get(name); v > 0 {
			add("%s:%d", as, v)
		}
	}
	opts := get("options")
	for _, f := range []struct {
		bit  int64
		name string
	}{{tcp.InfoTimestamps, "ts"}, {tcp.InfoSack, "sack"}, {tcp.InfoECN, "ecn"}, {tcp.InfoECNSeen, "ecnseen"}, {tcp.InfoSYNData, "fastopen"}} {
		if opts&f.bit != 0 {
			add("%s", f.name)
		}
	}
	add("%s", tcp.AlgorithmName(c.Opts.CC))
	if opts&tcp.InfoScale != 0 {
		add("wscale:%d,%d", get("snd_wscale"), get("rcv_wscale"))
	}
	add("rto:%s", ms0(get("rto")))
	some("backoff", "backoff")
	rtt, mss, cwnd := get("rtt"), get("snd_mss"), get("snd_cwnd")
	if rtt > 0 {
		add("rtt:%s/%s", ms0(rtt), ms0(get("rttvar")))
	}
	if v := get("ato"); v > 0 && c.Segs.DataSegsIn > 0 {
		add("ato:%s", ms0(v))
	}
	add("mss:%d", mss)
	some("pmtu", "pmtu")
	some("rcv_mss", "rcvmss")
	some("advmss", "advmss")
	add("cwnd:%d", cwnd)
	if v := get("snd_ssthresh"); v < 0xffff {
		add("ssthresh:%d", v)
	}
	for _, f := range [][2]string{{"bytes_sent", "bytes_sent"}, {"bytes_retrans", "bytes_retrans"}, {"bytes_acked", "bytes_acked"}, {"bytes_received", "bytes_received"},
		{"segs_out", "segs_out"}, {"segs_in", "segs_in"}, {"data_segs_out", "data_segs_out"}, {"data_segs_in", "data_segs_in"}} {
		some(f[0], f[1])
	}
	if rtt > 0 {
		add("send %sbps", bitRate(uint64(mss)*8*uint64(cwnd)*1_000_000/uint64(rtt)))
	}
	for _, f := range [][2]string{{"last_data_sent", "lastsnd"}, {"last_data_recv", "lastrcv"}, {"last_ack_recv", "lastack"}} {
		some(f[0], f[1])
	}
	if v := get("pacing_rate"); v > 0 {
		add("pacing_rate %sbps", bitRate(uint64(v)*8))
	}
	some("delivered", "delivered")
	some("unacked", "unacked")
	if get("retrans") > 0 || get("total_retrans") > 0 {
		add("retrans:%d/%d", get("retrans"), get("total_retrans"))
	}
	some("lost", "lost")
	if v := get("sacked"); v > 0 && c.State != tcp.Listen {
		add("sacked:%d", v)
	}
	some("dsack_dups", "dsack_dups")
	if v := get("reordering"); v != 3 {
		add("reordering:%d", v)
	}
	some("reord_seen", "reord_seen")
	if v := get("rcv_rtt"); v > 0 {
		add("rcv_rtt:%s", ms0(v))
	}
	some("rcv_space", "rcv_space")
	some("rcv_ssthresh", "rcv_ssthresh")
	some("notsent_bytes", "notsent")
	if v := get("min_rtt"); v > 0 && v < 1<<32-1 {
		add("minrtt:%s", ms0(v))
	}
	some("snd_wnd", "snd_wnd")
	return strings.Join(w, " ")
}

// ms0 prints µs as ms without needless digits, as C's %g does.
func ms0(us int64) string {
	text := fmt.Sprintf("%d.%03d", us/1000, us%1000)
	if us >= 1_000_000 { // six digits
		text = fmt.Sprintf("%d.%02d", us/1000, us%1000/10)
	}
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}

// bitRate prints a rate with three digits and a unit, as ss does.
func bitRate(bits uint64) string {
	for _, u := range []struct {
		one  uint64
		name string
	}{{1_000_000_000_000, "T"}, {1_000_000_000, "G"}, {1_000_000, "M"}, {1000, "k"}} {
		if bits >= u.one {
			return three(bits, u.one) + u.name
		}
	}
	return fmt.Sprint(bits)
}

// three prints n/unit with three significant digits, as C's %.3g does.
func three(n, unit uint64) string {
	digits, scale := 2, uint64(100)
	if n >= 100*unit {
		digits, scale = 0, 1
	} else if n >= 10*unit {
		digits, scale = 1, 10
	}
	v := (n*scale/unit*2 + 1) / 2
	if rest := n % unit * scale % unit; rest*2 >= unit {
		v = n*scale/unit + 1
	}
	if digits == 0 {
		return fmt.Sprint(v)
	}
	text := fmt.Sprintf("%d.%0*d", v/scale, digits, v%scale)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".")
}
