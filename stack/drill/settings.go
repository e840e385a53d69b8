package drill

import (
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"wirelab/stack/wire"
)

// settings are what the options of a script set.
type settings struct {
	toleranceNs int64
	percent     int64 // of the time between events, in thousandths
	mtu         uint32
	v6          bool // the packets of the script are IPv6
	localIP     wire.Addr
	gatewayIP   wire.Addr
	remoteIP    wire.Addr
	prefix      uint8
	bindPort    uint16
	connectPort uint16
	tsTickNs    int64
	ecrScaled   bool
	strict      bool // no aggregation of segments
	dryRun      bool // the script is read and not run
	nonFatal    []string
}

func defaultSettings() settings {
	return settings{toleranceNs: 4_000_000, percent: 12_500, bindPort: 8080, connectPort: 8080}
}

// Addresses of the two ends if a script gives none. A segment of IPv6 then has room for as much
// as one of IPv4.
var usual = [2]settings{
	{mtu: 1500, localIP: wire.V4(192, 168, 0, 1), gatewayIP: wire.V4(192, 168, 0, 2), remoteIP: wire.V4(192, 0, 2, 1), prefix: 16},
	{mtu: 1520, localIP: mustAddr("fd3d:a0b:17d6::1"), gatewayIP: mustAddr("fd3d:a0b:17d6::2"), remoteIP: mustAddr("2001:db8::1"), prefix: 64},
}

func mustAddr(text string) wire.Addr {
	a, err := wire.ParseAddr(text)
	if err != nil {
		panic(err)
	}
	return a
}

// complete fills in what no option gave, and refuses addresses of the other version of IP.
func (s *settings) complete() error {
	u := &usual[truth(s.v6)]
	or := func(a *wire.Addr, usual wire.Addr) error {
		if a.IsZero() {
			*a = usual
		}
		if a.Is4() == s.v6 {
			return cannot(1, "the address %v needs --ip_version=ipv%d", *a, 6-2*truth(s.v6))
		}
		return nil
	}
	if s.mtu == 0 {
		s.mtu = u.mtu
	}
	if s.prefix == 0 {
		s.prefix = u.prefix
	}
	if err := or(&s.localIP, u.localIP); err != nil {
		return err
	}
	if s.gatewayIP.IsZero() && !u.gatewayIP.InPrefix(s.localIP, s.prefix) { // somebody beside us
		s.gatewayIP = s.localIP
		s.gatewayIP[15] ^= 3
	}
	if err := or(&s.gatewayIP, u.gatewayIP); err != nil {
		return err
	}
	return or(&s.remoteIP, u.remoteIP)
}

// ignoredOptions can change no verdict here: define was done by the parser; mss is how large what arrives is to a tool that
// joins it, speed what a link claims to be; persistent_tun_dev and send_omit_free are about the tool's own device and
// memory; the others are about what it prints.
var ignoredOptions = []string{"define", "mss", "speed", "persistent_tun_dev", "send_omit_free", "debug", "verbose", "v"}

// switches are options without a value.
var switches = []string{"dry_run", "tcp_ts_ecr_scaled", "strict_segments"}

// apply takes one option.
func (s *settings) apply(o Option) error {
	bad := func() error { return cannot(o.Line, "--%s=%s: not a value for this option", o.Name, o.Value) }
	number := func(low, high int64) (int64, error) {
		v, err := strconv.ParseInt(o.Value, 0, 64)
		if err != nil || v < low || v > high {
			return 0, bad()
		}
		return v, nil
	}
	if slices.Contains(switches, o.Name) && o.Value != "" {
		return bad()
	}
	var v int64
	var err error
	switch o.Name {
	case "dry_run":
		s.dryRun = true
	case "tolerance_usecs":
		v, err = number(0, 1<<40)
		s.toleranceNs = v * 1000
	case "tolerance_percent":
		c := cursor{text: o.Value, line: o.Line}
		v, err = c.seconds()
		if s.percent = v / 1_000_000; err != nil || !c.end() || v > 100_000_000_000 {
			return bad()
		}
	case "tcp_ts_tick_usecs":
		v, err = number(0, 1_000_000)
		s.tsTickNs = v * 1000
	case "mtu":
		v, err = number(68, 65535)
		s.mtu = uint32(v)
	case "bind_port":
		v, err = number(1, 65535)
		s.bindPort = uint16(v)
	case "connect_port":
		v, err = number(1, 65535)
		s.connectPort = uint16(v)
	case "tcp_ts_ecr_scaled":
		s.ecrScaled = true
	case "strict_segments":
		s.strict = true
	case "non_fatal":
		s.nonFatal = strings.Split(o.Value, ",")
		for _, kind := range s.nonFatal {
			if kind != "packet" && kind != "syscall" && kind != "" {
				return bad()
			}
		}
	case "local_ip", "gateway_ip", "remote_ip", "netmask_ip":
		return s.address(o, bad)
	case "ip_version":
		switch o.Value {
		case "ipv4", "ipv4-mapped-ipv6", "ipv4_mapped_ipv6": // mapped addresses are IPv4's on the wire, and in the stack
			s.v6 = false
		case "ipv6":
			s.v6 = true
		default:
			return bad()
		}
	default:
		if !slices.Contains(ignoredOptions, o.Name) {
			return cannot(o.Line, "the option --%s is not there", o.Name)
		}
	}
	return err
}

// address takes an option whose value is an address; it may say how long the prefix is.
func (s *settings) address(o Option, bad func() error) error {
	text, length, _ := strings.Cut(o.Value, "/")
	a, err := wire.ParseAddr(text)
	if err != nil {
		return bad()
	}
	n, err := strconv.ParseUint(length, 10, 8)
	if length != "" && (err != nil || n > 128 || n == 0 || a.Is4() && n > 32) {
		return bad()
	}
	switch o.Name {
	case "local_ip":
		s.localIP = a
		if n > 0 {
			s.prefix = uint8(n)
		}
	case "gateway_ip":
		s.gatewayIP = a
	case "remote_ip":
		s.remoteIP = a
	case "netmask_ip":
		if !a.Is4() {
			return bad()
		}
		m := a.As4()
		if s.prefix = uint8(bits.LeadingZeros32(^m)); s.prefix == 0 || m<<s.prefix != 0 {
			return bad()
		}
	}
	return nil
}

// tolerance returns how far from its time an event may be, given the time
// since the event before it.
func (s *settings) tolerance(sinceNs int64) int64 {
	if sinceNs <= 0 {
		return s.toleranceNs
	}
	return max(s.toleranceNs, sinceNs/100_000*s.percent)
}
