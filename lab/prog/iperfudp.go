package prog

import (
	"encoding/binary"
	"fmt"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// iperf -u: datagrams at a steady pace, each with the time it left and a number.

// Counted is what one side counts of datagrams.
type Counted struct {
	Packets  uint32 // sent, or the highest number that came
	Lost     int64
	JitterNs int64 // RFC 3550 §6.4.1
}

const (
	iperfRate      = 1 << 20 // bits per second, if -b says nothing
	iperfDatagram  = 12      // bytes of the time and the number
	iperfHello     = 0x36373839
	iperfHelloBack = 0x39383736
	helloAgainNs   = 1_000_000_000
	maxBehindNs    = 100_000_000
)

// udpLength is the usual length of a datagram: what a segment of TCP holds on this path.
func udpLength(to wire.Addr) uint32 {
	if to.Is4() {
		return 1448
	}
	return 1428
}

// iperfGap is the time between datagrams, in ns.
func iperfGap(length uint32, rate uint64) int64 {
	return max(int64(uint64(length)*8*1_000_000_000/rate), 1000)
}

// udpConnect greets the server from each stream until it greets back.
func (s *Sys) udpConnect(p *Proc, a *iperfArgs) {
	f := &p.Iperf[0]
	to := tcp.Endpoint{Addr: f.Addr, Port: a.port}
	for len(f.Streams) < int(f.Wanted) {
		fd, err := s.Socket(stack.SockUDP)
		if err == 0 {
			p.Files = append(p.Files, fd)
			err = s.Connect(fd, to)
		}
		if err != 0 {
			s.iperfFails(p, "error - unable to create a new stream: "+err.Error())
			return
		}
		f.Streams = append(f.Streams, Stream{FD: fd, Peer: to, Sends: !f.Reverse})
	}
	again := s.Now >= f.HelloAt
	for i := range f.Streams {
		t := &f.Streams[i]
		if t.Up { // what comes now is data
			continue
		}
		if n, _, _, err := s.RecvFrom(t.FD, s.scratch[:]); err == 0 && n == 4 {
			t.Up = true
			k := &s.Sockets[t.FD]
			s.printf(StyleOut, "[%3d] local %s port %d connected to %s port %d", a.number(i), k.Local.Addr, k.Local.Port, to.Addr, to.Port)
		} else if again {
			s.SendTo(t.FD, binary.BigEndian.AppendUint32(nil, iperfHello), to)
		}
	}
	if again {
		f.HelloAt = s.Now + helloAgainNs
	}
	p.WakeAt = f.HelloAt
}

// udpListen opens the socket that all streams of a test share at the server.
func (s *Sys) udpListen(p *Proc, a *iperfArgs) bool {
	fd, err := s.Socket(stack.SockUDP)
	if err == 0 {
		p.Files = append(p.Files, fd)
		err = s.Bind(fd, tcp.Endpoint{Port: a.port})
	}
	if err != 0 {
		s.printf(StyleError, "iperf3: error - unable to create a new stream: %s", err.Error())
	}
	return err == 0
}

// udpAccept greets back those that greet; when all are here, the test begins.
func (s *Sys) udpAccept(p *Proc, a *iperfArgs) {
	f := &p.Iperf[0]
	for {
		n, from, _, err := s.RecvFrom(p.Files[0], s.scratch[:])
		if err != 0 {
			return
		}
		if n != 4 || binary.BigEndian.Uint32(s.scratch[:]) != iperfHello {
			continue
		}
		if f.streamOf(from) == nil {
			if len(f.Streams) == int(f.Wanted) {
				continue
			}
			f.Streams = append(f.Streams, Stream{FD: p.Files[0], Peer: from, Up: true, Sends: f.Reverse})
			_, local, _ := s.RouteTo(from.Addr)
			s.printf(StyleOut, "[%3d] local %s port %d connected to %s port %d", a.number(len(f.Streams)-1), local, a.port, from.Addr, from.Port)
		}
		s.SendTo(p.Files[0], binary.BigEndian.AppendUint32(nil, iperfHelloBack), from)
		if len(f.Streams) == int(f.Wanted) {
			s.iperfBegin(p)
			return
		}
	}
}

func (f *Iperf) streamOf(peer tcp.Endpoint) *Stream {
	for i := range f.Streams {
		if f.Streams[i].Peer == peer {
			return &f.Streams[i]
		}
	}
	return nil
}

// udpMove sends what is due, or takes what came.
func (s *Sys) udpMove(p *Proc, a *iperfArgs) {
	f := &p.Iperf[0]
	for i := range f.Streams {
		t := &f.Streams[i]
		for t.Sends && t.NextAt <= s.Now && s.Now < f.EndAt && (a.bytes == 0 || f.total() < a.bytes) {
			b := s.scratch[:f.Length]
			clear(b)
			binary.BigEndian.PutUint32(b, uint32(s.Now/1_000_000_000))
			binary.BigEndian.PutUint32(b[4:], uint32(s.Now%1_000_000_000/1000))
			t.Packets++
			t.NextAt = max(t.NextAt+f.GapNs, s.Now-maxBehindNs) // one that was stopped does not make up for hours
			binary.BigEndian.PutUint32(b[8:], t.Packets)
			if n, err := s.SendTo(t.FD, b, t.Peer); err == 0 {
				t.Bytes += uint64(n)
			}
		}
		for !t.Sends {
			n, from, _, err := s.RecvFrom(t.FD, s.scratch[:])
			if err != 0 {
				break
			}
			of := t
			if a.server {
				of = f.streamOf(from)
			}
			switch {
			case of == nil || n == 4 && !a.server:
			case n == 4: // its greeting came twice: the answer was lost
				s.SendTo(t.FD, binary.BigEndian.AppendUint32(nil, iperfHelloBack), from)
			case n >= iperfDatagram:
				of.took(s.scratch[:iperfDatagram], n, s.Now)
			}
		}
	}
}

// took counts a datagram that came.
func (t *Stream) took(b []byte, n int, now int64) {
	t.Bytes += uint64(n)
	sent := int64(binary.BigEndian.Uint32(b))*1_000_000_000 + int64(binary.BigEndian.Uint32(b[4:]))*1000
	switch number := binary.BigEndian.Uint32(b[8:]); {
	case number > t.Packets:
		t.Lost += int64(number - t.Packets - 1)
		t.Packets = number
	case t.Lost > 0: // late
		t.Lost--
	}
	transit := now - sent
	if t.TransitNs != 0 {
		d := transit - t.TransitNs
		t.JitterNs += (max(d, -d) - t.JitterNs) / 16
	}
	t.TransitNs = transit
}

// line is what stands behind the rate; without a word in the end it is about an interval.
func (c *Counted) line(sends bool, word string) string {
	if sends && word == "" {
		return fmt.Sprintf("  %d  ", c.Packets)
	}
	percent := "0"
	if c.Lost > 0 && c.Packets > 0 {
		percent = twoDigits(uint64(c.Lost)*100, uint64(c.Packets))
	}
	us := (c.JitterNs + 500) / 1000
	return fmt.Sprintf("  %d.%03d ms  %d/%d (%s%%)  %s", us/1000, us%1000, c.Lost, c.Packets, percent, word)
}

// twoDigits prints n/of with two significant digits, as C's %.2g does up to a hundred.
func twoDigits(n, of uint64) string {
	if n >= 10*of {
		v := (n + of/2) / of
		if v >= 100 {
			return "1e+02"
		}
		return fmt.Sprint(v)
	}
	digits, scale := 1, uint64(10)
	for n*scale < 10*of && digits < 6 {
		digits, scale = digits+1, scale*10
	}
	v := (n*scale + of/2) / of
	text := fmt.Sprintf("%d.%0*d", v/scale, digits, v%scale)
	for text[len(text)-1] == '0' {
		text = text[:len(text)-1]
	}
	if text[len(text)-1] == '.' {
		text = text[:len(text)-1]
	}
	return text
}
