package tcp_test

import (
	"math"
	"testing"

	"wirelab/stack/tcp"
)

// stream is a connection from A to B that A never stops writing to, with B reading at once,
// through a bottleneck with a queue.
type stream struct {
	*pair
	a, b     int32
	nsPacket int64 // that a packet takes on the bottleneck
	queue    int64 // packets that may wait for it
	free     int64 // when the bottleneck is free
	drops    int
	lose     func(n int) bool // of A's packets, counted from the first
	packets  int
	read     uint64
}

func newStream(t *testing.T, cc string, nsPacket, queue int64, settings ...[2]string) *stream {
	s := &stream{pair: newPair(t), nsPacket: nsPacket, queue: queue}
	for _, h := range s.hosts {
		for _, set := range append(settings, [2]string{"net.ipv4.tcp_congestion_control", cc}, [2]string{"wirelab.rmem_bytes", "33554432"}, [2]string{"wirelab.wmem_bytes", "33554432"}) {
			if err := h.SetSysctl(set[0], set[1]); err != nil {
				t.Fatal(err)
			}
		}
	}
	s.a, s.b, _ = s.connect()
	s.harm = func(from int, f *inAir) bool {
		if from != 0 {
			return true
		}
		s.packets++
		if s.lose != nil && s.lose(s.packets) {
			return false
		}
		if s.nsPacket == 0 {
			return true
		}
		if s.free > s.now+s.queue*s.nsPacket {
			s.drops++
			return false
		}
		s.free = max(s.free, s.now) + s.nsPacket
		f.at = s.free + oneWay
		return true
	}
	return s
}

func (s *stream) conn() *tcp.Conn { return s.hosts[0].Conn(s.a) }

// flow lets d ns pass, in steps of a millisecond.
func (s *stream) flow(d int64) {
	page := make([]byte, 65536)
	for end := s.now + d; s.now < end; {
		s.at()
		for {
			if n, _ := s.hosts[0].Write(s.a, page); n < len(page) {
				break
			}
		}
		for {
			n, err := s.hosts[1].Read(s.b, page)
			if err != 0 || n == 0 {
				break
			}
			s.read += uint64(n)
		}
		s.sent = s.sent[:0]
		s.wait(1_000_000)
	}
}

// CUBIC's window follows W(t) = C·(t-K)³ + Wmax, or Reno's if that is larger (RFC 9438 §4.2, §4.3). The reference is
// computed with floating point, of course.
func TestCubic(t *testing.T) {
	s := newStream(t, "cubic", 0, 0)
	s.lose = func(n int) bool { return n == 500 }
	for s.conn().Ssthresh == 0x7fffffff && s.now < 10*second {
		s.flow(5_000_000)
	}
	for s.conn().CA != tcp.Open {
		s.flow(1_000_000)
	}
	c := s.conn()
	wmax := float64(c.Cubic[0].Max)
	start, low := s.now, float64(c.Cwnd)
	if low < 0.69*wmax || low > 0.71*wmax {
		t.Fatalf("the window came down from %v to %v, want a factor of 0.7", wmax, low)
	}
	const rtt = 2 * float64(oneWay) / 1e9
	k := math.Cbrt((wmax - low) / 0.4)
	for s.now-start < int64((k+3)*1e9) {
		s.flow(50_000_000)
		at := float64(s.now-start)/1e9 + rtt
		want := 0.4*math.Pow(at-k, 3) + wmax
		reno := low + 9.0/17*(at-rtt)/rtt // α = 3·(1-β)/(1+β)
		want = max(want, reno)
		if got := float64(c.Cwnd); math.Abs(got-want) > max(2, 0.03*want) {
			t.Fatalf("%.2f s after the loss the window is %v, the curve %.1f (Reno's %.1f, K %.2f s)", at, got, want, reno, k)
		}
	}
}

// A reference model of Reno: slow start by the segments acknowledged, then one segment a window.
func TestReno(t *testing.T) {
	s := newStream(t, "reno", 0, 0)
	s.conn().Ssthresh = 40
	want, count := uint32(10), uint32(0)
	for s.now < 2*second {
		una := s.conn().SndUna
		s.flow(1_000_000)
		c := s.conn()
		for n := (c.SndUna - una) / c.SndMSS; n > 0; n-- {
			if want < c.Ssthresh {
				want++
			} else if count++; count >= want {
				want, count = want+1, 0
			}
		}
		if got := c.Cwnd; got+1 < want || got > want+1 {
			t.Fatalf("at %d ms the window is %d, by the book %d", s.now/1_000_000, got, want)
		}
	}
	if want < 60 {
		t.Errorf("the window only reached %d", want)
	}
}

// HyStart, in CUBIC, and HyStart++ (RFC 9406) leave slow start when round trips grow, before a queue of fourteen times what
// the path holds overflows; Reno only learns from the losses.
func TestHyStart(t *testing.T) {
	const bdp = 2*oneWay/100_000 + 1 // segments: one takes 0.1 ms
	for _, x := range []struct {
		cc, plus string
		most     uint32 // at the end of slow start
	}{{"cubic", "0", 4 * bdp}, {"cubic", "1", 11 * bdp}, {"reno", "0", 1 << 31}} {
		t.Run(x.cc+"/plus="+x.plus, func(t *testing.T) {
			s := newStream(t, x.cc, 100_000, 14*bdp, [2]string{"wirelab.hystart_plus_plus", x.plus})
			s.flow(2 * second)
			if overran := s.drops > 0; overran != (x.cc == "reno") {
				t.Errorf("%s, HyStart++ %s: %d packets overran the queue", x.cc, x.plus, s.drops)
			}
			if w := s.conn().Ssthresh; w < bdp/2 || w > x.most {
				t.Errorf("%s, HyStart++ %s: slow start ended at %d segments, the path holds %d", x.cc, x.plus, w, bdp)
			}
			if got := s.read * 8 / 2; got < 95_000_000 {
				t.Errorf("%s, HyStart++ %s: %d bit/s of 116 million", x.cc, x.plus, got)
			}
		})
	}
}

// BBR fills the path without filling the queue, and what is lost at random does not slow it down.
func TestBBR(t *testing.T) {
	s := newStream(t, "bbr", 100_000, 1000)
	s.flow(3 * second)
	before, queued := s.read, int64(0)
	for range 200 {
		s.flow(10_000_000)
		queued = max(queued, (s.free-s.now)/s.nsPacket)
	}
	if got := (s.read - before) * 8 / 2; got < 105_000_000 {
		t.Errorf("%d bit/s of 116 million", got)
	}
	if queued > 260 { // a quarter more for a round trip, and what delayed ACKs need
		t.Errorf("the queue grew to %d packets", queued)
	}
	s.lose = func(n int) bool { return n%100 == 0 }
	before = s.read
	s.flow(2 * second)
	if got := (s.read - before) * 8 / 2; got < 95_000_000 {
		t.Errorf("with 1 %% loss %d bit/s of 116 million", got)
	}
}

// Behind a token bucket that lets a tenth of the link through, BBR finds the rate of the bucket and loses little by it.
func TestBBRPolicer(t *testing.T) {
	s := newStream(t, "bbr", 100_000, 1000)
	const perPacketNs = 1_000_000 // ten times what the link takes
	tokens, at := int64(200), int64(0)
	s.lose = func(int) bool {
		fresh := (s.now - at) / perPacketNs
		tokens, at = min(tokens+fresh, 200), at+fresh*perPacketNs
		tokens--
		if tokens < 0 {
			tokens = 0
			return true
		}
		return false
	}
	for s.now < 20*second && !s.conn().BBR[0].Policer.On {
		s.flow(10_000_000)
	}
	if !s.conn().BBR[0].Policer.On {
		t.Fatal("no policer found in 20 s")
	}
	s.flow(second)
	before, sent, lost := s.read, s.conn().Segs.DataSegsOut, s.conn().Lost
	s.flow(second)
	if got := (s.read - before) * 8; got < 9_000_000 || got > 12_000_000 {
		t.Errorf("%d bit/s of 11.6 million", got)
	}
	if sent, lost = s.conn().Segs.DataSegsOut-sent, s.conn().Lost-lost; lost*10 > sent {
		t.Errorf("%d of %d segments were lost", lost, sent)
	}
}

// With 1 % loss each algorithm still moves data, and leaves each recovery at its threshold (RFC 6937).
func TestRecovery(t *testing.T) {
	for _, cc := range []string{"reno", "cubic"} {
		t.Run(cc, func(t *testing.T) {
			s := newStream(t, cc, 50_000, 50)
			s.lose = func(n int) bool { return n%211 == 0 }
			was, ended := tcp.Open, 0
			for s.now < 20*second {
				s.flow(1_000_000)
				c := s.conn()
				if was == tcp.Recovery && c.CA == tcp.Open {
					ended++
					if c.Cwnd > c.Ssthresh+3 { // a millisecond of growth
						t.Fatalf("%s: recovery ended with a window of %d, ssthresh %d", cc, c.Cwnd, c.Ssthresh)
					}
				}
				was = c.CA
			}
			if ended < 10 {
				t.Errorf("%s: only %d recoveries", cc, ended)
			}
		})
	}
}
