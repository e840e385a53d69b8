package drill

import (
	"fmt"
	"strconv"
	"strings"

	"wirelab/stack/tcp"
)

func itoa(v int64) string { return strconv.FormatInt(v, 10) }

func (r *runner) callFcntl(k *Call, line int) (attempt, error) {
	d, err := r.fd(&k.Args[0])
	if err != nil {
		return nil, err
	}
	what, err := k.Args[1].number()
	if err != nil {
		return nil, err
	}
	arg := int64(0)
	if len(k.Args) > 2 {
		if arg, err = k.Args[2].number(); err != nil {
			return nil, err
		}
	}
	return func() outcome {
		switch {
		case d.live < 0:
			return result(0, tcp.EBADF)
		case what == symbols["F_SETFL"]:
			d.nonblock = arg&symbols["O_NONBLOCK"] != 0
		case what == symbols["F_GETFL"]:
			flags := symbols["O_RDWR"]
			if d.nonblock {
				flags |= symbols["O_NONBLOCK"]
			}
			return outcome{value: flags}
		case what != symbols["F_SETFD"] && what != symbols["F_GETFD"]:
			return result(0, einval)
		}
		return outcome{}
	}, nil
}

func (r *runner) callIoctl(k *Call, line int) (attempt, error) {
	d, err := r.fd(&k.Args[0])
	if err != nil {
		return nil, err
	}
	what, err := k.Args[1].number()
	if err != nil {
		return nil, err
	}
	if len(k.Args) < 3 {
		return nil, cannot(line, "ioctl() with 2 arguments")
	}
	switch what {
	case symbols["FIONBIO"]:
		on, err := k.Args[2].number()
		return func() outcome { d.nonblock = on != 0; return outcome{} }, err
	case symbols["SIOCINQ"], symbols["SIOCOUTQ"], symbols["SIOCOUTQNSD"]:
	default:
		return nil, cannot(line, "ioctl() for %s is not there", k.Args[1])
	}
	return func() outcome {
		c := r.host.Conn(d.live)
		switch {
		case c == nil:
			return result(0, tcp.EBADF)
		case c.State == tcp.Listen:
			return result(0, einval)
		}
		got := map[int64]int64{symbols["SIOCINQ"]: int64(c.RcvQueued), symbols["SIOCOUTQ"]: int64(c.SndQueued), symbols["SIOCOUTQNSD"]: notSent(c)}[what]
		return written(&k.Args[2], got)
	}, nil
}

// written is the outcome of a call that stores a number: what it stored must
// be what stands in the argument.
func written(want *Expr, got int64) outcome {
	if want.Kind == Ellipsis || want.Kind == List && (len(want.List) == 0 || want.List[0].Kind == Ellipsis) {
		return outcome{}
	}
	v, err := want.number()
	switch {
	case err != nil:
		return outcome{expected: "to store what is written", got: err.Error()}
	case v != got:
		return outcome{expected: "to store " + strings.Trim(want.String(), "[]"), got: itoa(got)}
	}
	return outcome{}
}

// option names a socket option.
type option struct {
	level int64
	name  string
	set   func(r *runner, c *tcp.Conn, v int64) tcp.Errno
	get   func(c *tcp.Conn) int64
}

const (
	solSocket = 1
	solTCP    = 6
	rmemMax   = 212992 // net.core.rmem_max and wmem_max
)

// options are the socket options that the stack has. Any address can be used
// again here, so the options about that have nothing to do.
var options = []option{
	{solSocket, "SO_REUSEADDR", nothing, nil},
	{solSocket, "SO_REUSEPORT", nothing, nil},
	{solSocket, "SO_ERROR", nil, func(c *tcp.Conn) int64 {
		v := int64(c.Err)
		c.Err = 0
		return v
	}},
	{solSocket, "SO_TYPE", nil, func(*tcp.Conn) int64 { return symbols["SOCK_STREAM"] }},
	{solSocket, "SO_ACCEPTCONN", nil, func(c *tcp.Conn) int64 { return int64(truth(c.State == tcp.Listen)) }},
	// What the kernel doubles: half of it is window.
	{solSocket, "SO_RCVBUF", func(_ *runner, c *tcp.Conn, v int64) tcp.Errno {
		c.RcvBufMax = uint32(max(min(v, rmemMax), 1152))
		return 0
	}, func(c *tcp.Conn) int64 { return 2 * int64(c.RcvBufMax) }},
	{solSocket, "SO_SNDBUF", func(_ *runner, c *tcp.Conn, v int64) tcp.Errno {
		c.SndBufMax = uint32(max(2*min(v, rmemMax), 4608))
		return 0
	}, func(c *tcp.Conn) int64 { return int64(c.SndBufMax) }},
	{solTCP, "TCP_NODELAY", func(_ *runner, c *tcp.Conn, v int64) tcp.Errno {
		c.NoDelay = v != 0
		return 0
	}, func(c *tcp.Conn) int64 { return int64(truth(c.NoDelay)) }},
	{solTCP, "TCP_MAXSEG", nil, func(c *tcp.Conn) int64 { return int64(c.SndMSS) }},
}

func nothing(*runner, *tcp.Conn, int64) tcp.Errno { return 0 }

// optionArg finds the option that a call names, and its name for messages.
func optionArg(k *Call) (*option, string, error) {
	level, err := k.Args[1].number()
	if err != nil {
		return nil, "", err
	}
	v, err := k.Args[2].number()
	if err != nil {
		return nil, "", err
	}
	for i := range options {
		if o := &options[i]; o.level == level && symbols[o.name] == v {
			return o, o.name, nil
		}
	}
	name := k.Args[2].Text
	if name == "" {
		name = fmt.Sprintf("option %d of level %d", v, level)
	}
	return nil, name, nil
}

func (r *runner) callSetsockopt(k *Call, line int) (attempt, error) {
	d, err := r.fd(&k.Args[0])
	if err != nil {
		return nil, err
	}
	o, name, err := optionArg(k)
	switch {
	case err != nil:
		return nil, err
	case name == "SO_LINGER":
		return r.setLinger(d, &k.Args[3])
	case name == "TCP_CONGESTION":
		return r.setCongestion(d, &k.Args[3])
	case o == nil || o.set == nil:
		return nil, cannot(line, "setsockopt(%s) is not there", name)
	}
	v, err := k.Args[3].number()
	return r.onConn(d, func(c *tcp.Conn) outcome { return result(0, o.set(r, c, v)) }), err
}

// onConn tries something that needs a TCP socket.
func (r *runner) onConn(d *descriptor, do func(c *tcp.Conn) outcome) attempt {
	return func() outcome {
		if c := r.host.Conn(d.live); c != nil {
			return do(c)
		}
		if r.isUDP(d.live) {
			return outcome{}
		}
		return result(0, tcp.EBADF)
	}
}

// setLinger takes {onoff=1, linger=2}, in seconds.
func (r *runner) setLinger(d *descriptor, e *Expr) (attempt, error) {
	on, seconds := e.field("onoff"), e.field("linger")
	if on == nil || seconds == nil {
		return nil, cannot(e.Line, "SO_LINGER without {onoff=…, linger=…}")
	}
	v, err := on.number()
	if err != nil {
		return nil, err
	}
	s, err := seconds.number()
	return r.onConn(d, func(c *tcp.Conn) outcome {
		c.Lingers, c.LingerNs = v != 0, min(max(s, 0), 1<<30)*second
		return outcome{}
	}), err
}

// setCongestion takes a name. The stack has one algorithm for all connections of a host.
func (r *runner) setCongestion(d *descriptor, e *Expr) (attempt, error) {
	if e.Kind == List && len(e.List) == 1 {
		e = &e.List[0]
	}
	if e.Kind != String {
		return nil, cannot(e.Line, "TCP_CONGESTION without a name")
	}
	i, ok := tcp.AlgorithmByName(e.Text)
	if !ok {
		return nil, cannot(e.Line, "setsockopt(TCP_CONGESTION, %q) is not there", e.Text)
	}
	return r.onConn(d, func(*tcp.Conn) outcome { r.host.Conf.CongestionControl = i; return outcome{} }), nil
}

func (r *runner) callGetsockopt(k *Call, line int) (attempt, error) {
	d, err := r.fd(&k.Args[0])
	if err != nil {
		return nil, err
	}
	o, name, err := optionArg(k)
	switch {
	case err != nil:
		return nil, err
	case o == nil || o.get == nil:
		return nil, cannot(line, "getsockopt(%s) is not there", name)
	}
	if e := &k.Args[3]; e.Kind == List && len(e.List) == 1 && e.List[0].Kind != Ellipsis {
		if _, err := e.number(); err != nil { // before anything is done
			return nil, err
		}
	}
	return r.onConn(d, func(c *tcp.Conn) outcome {
		out := written(&k.Args[3], o.get(c))
		if out.expected != "" && (name == "SO_RCVBUF" || name == "SO_SNDBUF") && r.opts.Switches.RcvBuf {
			r.used("rcvbuf")
			return outcome{}
		}
		if v, err := strconv.ParseInt(out.got, 10, 16); err == nil && v != 0 && name == "SO_ERROR" {
			out.got = errnoText(tcp.Errno(v))
		}
		return out
	}), nil
}
