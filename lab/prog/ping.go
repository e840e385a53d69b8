package prog

import (
	"encoding/binary"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// Ping is the variables of ping.
type Ping struct {
	Seq, Received, Count uint32
	NextAt               int64
}

var pingSource = []string{
	`fd = socket(AF_INET, SOCK_DGRAM, IPPROTO_ICMP);`,
	`sendto(fd, echo request, address);`,
	`recvfrom(fd, echo reply);`,
}

const pingInterval = 1_000_000_000

// stepPing sends an echo request a second and prints what comes back. The
// time of sending travels in the packet, as it does with the real ping.
func stepPing(s *Sys, p *Proc) bool {
	ping := &p.Ping
	switch p.Line {
	case 1:
		p.FD, _ = s.Socket(stack.SockICMP)
		s.Bind(p.FD, tcp.Endpoint{})
		ping.Count, ping.NextAt = 4, s.Now
		if len(p.Args) == 2 {
			n, _ := count(p.Args[1], 1_000_000)
			ping.Count = uint32(n)
		}
		p.Line = 2
	case 2:
		if ping.NextAt > s.Now {
			p.Line = 3
			p.WakeAt = ping.NextAt
			return true
		}
		if ping.Seq == ping.Count {
			return stepPingEnd(s, p)
		}
		ping.Seq++
		ping.NextAt += pingInterval
		to, _ := wire.ParseAddr(p.Args[0])
		var data [56]byte
		binary.BigEndian.PutUint64(data[:], uint64(s.Now))
		if _, err := s.SendTo(p.FD, data[:], tcp.Endpoint{Addr: to, Port: uint16(ping.Seq)}); err != 0 {
			s.printf(StyleError, "ping: connect: %s", err.Error()) // as Linux does, which finds the way once
			s.exit()
			return false
		}
		if ping.Seq == 1 {
			s.printf(StyleOut, "PING %s 56(84) bytes of data.", p.Args[0])
		}
	case 3:
		return stepPong(s, p)
	}
	return true
}

func stepPong(s *Sys, p *Proc) bool {
	var buf [64]byte
	n, from, ttl, err := s.RecvFrom(p.FD, buf[:])
	if err != 0 || n < 8+8 {
		if p.Ping.NextAt <= s.Now {
			p.Line = 2
			return true
		}
		p.WakeAt = p.Ping.NextAt
		return false
	}
	p.Ping.Received++
	us := (s.Now - int64(binary.BigEndian.Uint64(buf[8:]))) / 1000
	s.printf(StyleOut, "%d bytes from %s: icmp_seq=%d ttl=%d time=%d.%03d ms", n, from.Addr, from.Port, ttl, us/1000, us%1000)
	if p.Ping.Received == p.Ping.Count {
		return stepPingEnd(s, p)
	}
	return true
}

func stepPingEnd(s *Sys, p *Proc) bool {
	pingStatistics(s, p)
	s.exit()
	return false
}

func pingStatistics(s *Sys, p *Proc) {
	lost := p.Ping.Seq - min(p.Ping.Seq, p.Ping.Received)
	s.printf(StyleOut, "--- %s ping statistics ---", p.Args[0])
	s.printf(StyleOut, "%d packets transmitted, %d received, %d%% packet loss", p.Ping.Seq, p.Ping.Received, lost*100/max(p.Ping.Seq, 1))
}
