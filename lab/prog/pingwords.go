package prog

import (
	"fmt"

	"wirelab/stack"
	"wirelab/stack/wire"
)

// What ping says of errors, and how it writes numbers.

// pingErrors prints what routers, or this host itself, say about requests; false if they say nothing.
func (s *Sys) pingErrors(p *Proc, a *pingArgs) bool {
	said := false
	for {
		e, ok := s.RecvError(p.FD)
		if !ok {
			return said
		}
		said = true
		ping := &p.Ping[0]
		ping.Errors++
		if e.From.IsZero() {
			sign := "="
			if !ping.To.Is4() {
				sign = ": "
			}
			s.pingProblem(a, StyleError, fmt.Sprintf("ping: local error: message too long, mtu%s%d", sign, e.MTU))
			continue
		}
		ping.acknowledge(e.Port)
		s.pingProblem(a, StyleOut, fmt.Sprintf("From %s icmp_seq=%d %s", e.From, e.Port, icmpWords(&e, ping.To.Is4())))
	}
}

// pingProblem prints an error; -q leaves it out, and -f has a letter for it.
func (s *Sys) pingProblem(a *pingArgs, style uint8, text string) {
	switch {
	case a.quiet:
	case a.flood:
		s.write([]byte("\bE"))
	default:
		s.printf(style, "%s", text)
	}
}

// icmpWords says what an ICMP error means, as iputils does.
func icmpWords(e *stack.ExtError, v4 bool) string {
	if !v4 {
		switch e.Type {
		case wire.ICMPv6Unreachable:
			words := [...]string{"No route", "Administratively prohibited", "Beyond scope of source address", "Address unreachable", "Port unreachable"}
			if int(e.Code) < len(words) {
				return "Destination unreachable: " + words[e.Code]
			}
			return fmt.Sprintf("Destination unreachable: Unknown code %d", e.Code)
		case wire.ICMPv6TooBig:
			return fmt.Sprintf("Packet too big: mtu=%d", e.MTU)
		case wire.ICMPv6TimeExceeded:
			return "Time exceeded: Hop limit"
		}
		return fmt.Sprintf("Parameter problem: code %d", e.Code)
	}
	switch e.Type {
	case wire.ICMPTimeExceeded:
		if e.Code == wire.CodeReassembly {
			return "Frag reassembly time exceeded"
		}
		return "Time to live exceeded"
	case wire.ICMPUnreachable:
		if e.Code == wire.CodeFragNeeded {
			return fmt.Sprintf("Frag needed and DF set (mtu = %d)", e.MTU)
		}
		words := [...]string{"Destination Net Unreachable", "Destination Host Unreachable", "Destination Protocol Unreachable", "Destination Port Unreachable"}
		if int(e.Code) < len(words) {
			return words[e.Code]
		}
		if e.Code == 13 {
			return "Packet filtered"
		}
		return fmt.Sprintf("Dest Unreachable, Bad Code: %d", e.Code)
	}
	return "Parameter problem: pointer = 0"
}

// percentOf prints a part of a whole in per cent with six significant digits, as C's %g does.
func percentOf(part, whole uint64) string {
	digits := 4
	if part*100/whole < 10 {
		digits = 5
	}
	if part*100 < whole {
		digits = 6
	}
	scale := uint64(1)
	for range digits {
		scale *= 10
	}
	v := (part*100*scale + whole/2) / whole
	text := fmt.Sprintf("%d.%0*d", v/scale, digits, v%scale)
	for text[len(text)-1] == '0' {
		text = text[:len(text)-1]
	}
	return text
}

// ms3 prints ns as ms with three digits behind the point.
func ms3(ns int64) string { return fmt.Sprintf("%d.%03d", ns/1_000_000, ns/1000%1000) }

// root is the whole part of a square root (Newton).
func root(n uint64) uint64 {
	if n < 2 {
		return n
	}
	x := n
	for y := (x + 1) / 2; y < x; y = (x + n/x) / 2 {
		x = y
	}
	return x
}
