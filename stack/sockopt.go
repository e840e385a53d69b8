package stack

import (
	"slices"

	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

// Socket options: setsockopt(2) and getsockopt(2). The options whose value is one number stand in
// sockopt_table.go.

// findSockopt returns the option of a name, or nil.
func findSockopt(name string) *sockopt {
	for i := range sockopts {
		if sockopts[i].name == name {
			return &sockopts[i]
		}
	}
	return nil
}

// Sockopts returns the names of the options whose value is a number.
func Sockopts() []string {
	names := make([]string, len(sockopts))
	for i := range sockopts {
		names[i] = sockopts[i].name
	}
	return names
}

// HasSockopt reports whether there is an option of that name, and whether it can be set.
func HasSockopt(name string) (there, settable bool) {
	o := findSockopt(name)
	return o != nil, o != nil && o.set != nil
}

// otherOptions have a value that is no number, or belong to datagram sockets only.
var otherOptions = []string{"TCP_CONGESTION", "SO_LINGER", "SO_BINDTODEVICE", "IP_TTL", "IPV6_UNICAST_HOPS", "IP_RECVERR", "IPV6_RECVERR", "IP_RECVTTL", "IPV6_RECVHOPLIMIT"}

// OptionNumber returns the number that records have for a socket option; zero for one that is not there.
func OptionNumber(name string) uint8 {
	if i := slices.Index(otherOptions, name); i >= 0 {
		return uint8(i + 1)
	}
	i := slices.IndexFunc(sockopts, func(o sockopt) bool { return o.name == name })
	if i < 0 {
		return 0
	}
	return uint8(len(otherOptions) + i + 1)
}

// OptionName returns the name of the option with a number.
func OptionName(n uint8) string {
	switch i := int(n) - 1; {
	case i < 0 || i >= len(otherOptions)+len(sockopts):
		return "?"
	case i < len(otherOptions):
		return otherOptions[i]
	default:
		return sockopts[i-len(otherOptions)].name
	}
}

// SetSockopt is setsockopt(2) for options whose value is a number: EINVAL for a
// value out of range, ENOPROTOOPT for an option that is not there.
func (h *Host) SetSockopt(fd int32, name string, v int64) (err tcp.Errno) {
	if s := h.socket(fd); s != nil && s.Kind != SockTCP {
		return s.setDatagramOpt(name, v)
	}
	c, err := h.conn(fd)
	if err != 0 {
		return err
	}
	if name != pacingOption {
		v = int64(int32(v)) // an int of C, but for what is a long
	}
	o := findSockopt(name)
	switch {
	case o == nil || o.set == nil:
		return tcp.ENOPROTOOPT
	case v < o.low || v > o.high:
		return tcp.EINVAL
	}
	h.run(c, event.AppWrite, func(c *tcp.Conn) { err = o.set(h, c, v) })
	return err
}

// Sockopt is getsockopt(2) for the same options.
func (h *Host) Sockopt(fd int32, name string) (int64, tcp.Errno) {
	c, err := h.conn(fd)
	if err != 0 {
		return 0, err
	}
	o := findSockopt(name)
	if o == nil {
		return 0, tcp.ENOPROTOOPT
	}
	return o.get(h, c), 0
}

// SetCongestion is setsockopt(2) with TCP_CONGESTION: ENOENT for an algorithm that is not there.
func (h *Host) SetCongestion(fd int32, name string) tcp.Errno {
	c, err := h.conn(fd)
	if err != 0 {
		return err
	}
	i, ok := tcp.AlgorithmByName(name)
	if !ok {
		return tcp.ENOENT
	}
	h.run(c, event.AppWrite, func(c *tcp.Conn) { c.SetCongestion(&h.env, i) })
	return 0
}

// SetLinger is setsockopt(2) with SO_LINGER.
func (h *Host) SetLinger(fd int32, on bool, seconds int64) tcp.Errno {
	c, err := h.conn(fd)
	if err == 0 {
		c.Opts.Lingers, c.Opts.LingerS = on, uint16(min(max(seconds, 0), 65535))
	}
	return err
}

// Timeouts of blocking calls, as SetTimeout names them.
const (
	ReceiveTimeout = "SO_RCVTIMEO" // of read, recv and accept
	SendTimeout    = "SO_SNDTIMEO" // of write, send and connect
)

// SetTimeout is setsockopt(2) with SO_RCVTIMEO or SO_SNDTIMEO. Both zero mean: wait for ever; a negative time
// means not at all (Linux). No call of this package blocks: it is for those who make calls that do.
func (h *Host) SetTimeout(fd int32, name string, seconds, micros int64) tcp.Errno {
	c, err := h.conn(fd)
	switch {
	case err != 0:
		return err
	case micros < 0 || micros >= 1_000_000:
		return tcp.EDOM
	}
	ns := min(seconds, maxInt32)*1_000_000_000 + micros*1000
	if seconds < 0 {
		ns = -1
	}
	if name == ReceiveTimeout {
		c.Opts.SetRare().RcvTimeoNs = ns
	} else {
		c.Opts.SetRare().SndTimeoNs = ns
	}
	return 0
}

// Timeout returns how long a blocking call may wait, in ns: zero for ever, below zero not at all.
func (h *Host) Timeout(fd int32, name string) int64 {
	c := h.Conn(fd)
	switch {
	case c == nil:
		return 0
	case name == ReceiveTimeout:
		return c.Opts.Rare().RcvTimeoNs
	}
	return c.Opts.Rare().SndTimeoNs
}
