package prog

import (
	"fmt"
	"math/bits"
)

// The lines of iperf, as iperf3 prints them.

// number is what iperf3 calls a stream: a descriptor there.
func (a *iperfArgs) number(i int) int {
	if a.server && i > 0 {
		return firstStream + 1 + 2*i
	}
	return firstStream + 2*i
}

// countRetrans reads how many segments a stream sent again, also after its last write.
func (s *Sys) countRetrans(t *Stream) {
	if c := s.Conn(t.FD); c != nil {
		t.Retr = c.Segs.Retrans
	}
}

// iperfInterval prints a line for each stream, and their sum if there are several.
func (s *Sys) iperfInterval(f *Iperf, until int64, a *iperfArgs) {
	from, to := f.LastAt-f.BeganAt, until-f.BeganAt
	var bytes uint64
	var retr uint32
	var sum Counted
	sends := false
	for i := range f.Streams {
		t := &f.Streams[i]
		s.countRetrans(t)
		n, r := t.Bytes-t.Before, t.Retr-t.RetrBefore
		now := Counted{t.Packets - t.CountedBefore.Packets, t.Lost - t.CountedBefore.Lost, t.JitterNs}
		tail := ""
		switch sends = t.Sends; {
		case f.UDP:
			tail = now.line(sends, "")
		case sends:
			cwnd := uint64(0)
			if c := s.Conn(t.FD); c != nil {
				cwnd = uint64(c.Cwnd) * uint64(c.SndMSS)
			}
			tail = fmt.Sprintf("  %3d   %sBytes       ", r, unitOf(cwnd, 1024))
		}
		s.printf(StyleOut, "[%3d] %s%s", a.number(i), iperfSpan(from, to, n), tail)
		bytes, retr = bytes+n, retr+r
		sum.add(&now, len(f.Streams))
		t.Before, t.RetrBefore, t.CountedBefore = t.Bytes, t.Retr, t.Counted
	}
	if len(f.Streams) > 1 {
		tail := ""
		switch {
		case f.UDP:
			tail = sum.line(sends, "")
		case sends:
			tail = fmt.Sprintf("  %3d             ", retr)
		}
		s.printf(StyleOut, "[SUM] %s%s", iperfSpan(from, to, bytes), tail)
		s.printf(StyleOut, "- - - - - - - - - - - - - - - - - - - - - - - - -")
	}
	f.LastAt = until
}

// add adds one of n streams; their jitter is the mean.
func (c *Counted) add(o *Counted, n int) {
	c.Packets, c.Lost, c.JitterNs = c.Packets+o.Packets, c.Lost+o.Lost, c.JitterNs+o.JitterNs/int64(n)
}

func iperfSpan(from, to int64, bytes uint64) string {
	sec := func(ns int64) string { // rounded, as by C's %.2f
		hundredths := (ns + 5_000_000) / 10_000_000
		return fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)
	}
	rate := uint64(0)
	if us := uint64(to-from) / 1000; us > 0 {
		high, low := bits.Mul64(bytes, 8_000_000)
		rate, _ = bits.Div64(high%us, low, us)
	}
	return fmt.Sprintf("%6s-%-6s sec  %sBytes  %sbits/sec", sec(from), sec(to), unitOf(bytes, 1024), unitOf(rate, 1000))
}

// unitOf prints a number with a unit, in a width of five, as iperf3 does.
func unitOf(n, base uint64) string {
	units := [...]string{"", "K", "M", "G", "T"}
	one, i := uint64(1), 0
	for i+1 < len(units) && n >= one*base {
		one *= base
		i++
	}
	switch h := (n*100 + one/2) / one; {
	case h < 1000:
		return fmt.Sprintf("%d.%02d %s", h/100, h%100, units[i])
	case h < 10_000:
		h = (n*10 + one/2) / one
		return fmt.Sprintf("%d.%d %s", h/10, h%10, units[i])
	}
	return fmt.Sprintf("%4d %s", (n+one/2)/one, units[i])
}

// iperfSummary prints what the whole test was: at the server its own side of it, at the client both.
func (s *Sys) iperfSummary(f *Iperf, a *iperfArgs) {
	if len(f.Streams) == 0 {
		return
	}
	if len(f.Streams) < 2 {
		s.printf(StyleOut, "- - - - - - - - - - - - - - - - - - - - - - - - -")
	}
	sends := f.Streams[0].Sends
	s.iperfTotals(f, sends || !a.server)
	span := f.OverAt - f.BeganAt
	var sum [2]iperfTotal // of who sends, of who receives
	for i := range f.Streams {
		t := &f.Streams[i]
		own := iperfTotal{t.Bytes, t.Retr, span, f.UDP, t.Counted}
		peer := iperfTotal{t.PeerBytes, t.PeerRetr, t.PeerNs, f.UDP, t.PeerCounted}
		if t.PeerNs == 0 { // it did not say
			peer.ns = span
		}
		both := [2]iperfTotal{own, peer}
		if !sends {
			both = [2]iperfTotal{peer, own}
		}
		for k := range both {
			if a.server && (k == 0) != sends {
				continue
			}
			s.printf(StyleOut, "[%3d] %s", a.number(i), both[k].line(k == 0))
			sum[k].bytes, sum[k].retr, sum[k].ns = sum[k].bytes+both[k].bytes, sum[k].retr+both[k].retr, max(sum[k].ns, both[k].ns)
			sum[k].udp = f.UDP
			sum[k].counted.add(&both[k].counted, len(f.Streams))
		}
	}
	for k := range sum {
		if len(f.Streams) > 1 && sum[k].ns > 0 {
			s.printf(StyleOut, "[SUM] %s", sum[k].line(k == 0))
		}
	}
}

// iperfTotals prints the head of the last lines.
func (s *Sys) iperfTotals(f *Iperf, retr bool) {
	tail := ""
	switch {
	case f.UDP:
		tail = "         Jitter    Lost/Total Datagrams"
	case retr:
		tail = "         Retr"
	}
	s.printf(StyleOut, "[ ID] Interval           Transfer     Bitrate%s", tail)
}

// iperfTotal is one side of a test, or of one of its streams.
type iperfTotal struct {
	bytes   uint64
	retr    uint32
	ns      int64
	udp     bool
	counted Counted
}

func (t *iperfTotal) line(sends bool) string {
	span := iperfSpan(0, t.ns, t.bytes)
	switch {
	case t.udp && sends:
		return span + t.counted.line(sends, "sender")
	case t.udp:
		return span + t.counted.line(sends, "receiver")
	case sends:
		return fmt.Sprintf("%s  %3d             sender", span, t.retr)
	}
	return span + "                  receiver"
}
