package drill

import (
	"fmt"
	"strconv"
	"strings"

	"wirelab/stack"
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
	switch what {
	case symbols["F_SETFL"]:
		if rest := arg &^ (symbols["O_RDWR"] | symbols["O_WRONLY"] | symbols["O_NONBLOCK"]); rest != 0 { // how it was opened stays
			return nil, cannot(line, "fcntl() with F_SETFL of %#x", rest)
		}
	case symbols["F_GETFL"], symbols["F_SETFD"], symbols["F_GETFD"]:
	default:
		return nil, cannot(line, "fcntl() for %s is not there", k.Args[1])
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
		case what == symbols["F_SETFD"]:
			d.cloexec = arg&symbols["FD_CLOEXEC"] != 0
		case d.cloexec: // F_GETFD
			return outcome{value: symbols["FD_CLOEXEC"]}
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
	case symbols["SIOCINQ"], symbols["SIOCOUTQ"], symbols["SIOCOUTQNSD"], symbols["SIOCATMARK"]:
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
		got := map[int64]int64{symbols["SIOCINQ"]: int64(c.RcvQueued), symbols["SIOCOUTQ"]: int64(c.SndQueued), symbols["SIOCOUTQNSD"]: r.notSent(c),
			symbols["SIOCATMARK"]: int64(truth(c.AtMark()))}[what]
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

// optionArg returns the name of the option that a call names; some have the same number at
// different levels.
func optionArg(k *Call) (string, error) {
	level, err := k.Args[1].number()
	if err != nil {
		return "", err
	}
	v, err := k.Args[2].number()
	if err != nil {
		return "", err
	}
	for _, name := range stack.Sockopts() {
		if number, ok := symbols[name]; ok && number == v && levelOf(name) == level {
			return name, nil
		}
	}
	if k.Args[2].Text != "" {
		return k.Args[2].Text, nil
	}
	return fmt.Sprintf("option %d of level %d", v, level), nil
}

// levelOf returns the level of the option of a name: SOL_SOCKET, SOL_TCP, SOL_IP or SOL_IPV6.
func levelOf(name string) int64 {
	prefix, _, _ := strings.Cut(name, "_")
	return map[string]int64{"SO": 1, "TCP": 6, "IP": 0, "IPV6": 41}[prefix]
}

// optionOf returns the descriptor and the option that a call is about.
func (r *runner) optionOf(k *Call) (d *descriptor, name string, err error) {
	if d, err = r.fd(&k.Args[0]); err == nil {
		name, err = optionArg(k)
	}
	return d, name, err
}

func (r *runner) callSetsockopt(k *Call, line int) (attempt, error) {
	d, name, err := r.optionOf(k)
	if err != nil {
		return nil, err
	}
	short, err := tooShort(k, name)
	if err != nil {
		return nil, err
	}
	if r.isUDP(d.live) {
		v, err := k.Args[3].number()
		return func() outcome { return result(0, r.host.SetSockopt(d.live, name, v)) }, err
	}
	if short {
		return r.onConn(d, func(*tcp.Conn) outcome { return result(0, einval) }), nil
	}
	if try, err := r.setOption(d, name, &k.Args[3]); try != nil || err != nil {
		return try, err
	}
	_, settable := stack.HasSockopt(name)
	switch {
	case name == "SO_LINGER":
		return r.setLinger(d, &k.Args[3])
	case name == "TCP_FASTOPEN_KEY":
		return r.setFastOpenKey(d, only(&k.Args[3]))
	case name == "TCP_CONGESTION":
		return r.setCongestion(d, &k.Args[3])
	case !settable:
		return nil, cannot(line, "setsockopt(%s) is not there", name)
	}
	v, err := k.Args[3].number()
	return r.onConn(d, func(*tcp.Conn) outcome { return result(0, r.host.SetSockopt(d.live, name, v)) }), err
}

// tooShort reports whether a call gives fewer bytes than an option's value has.
func tooShort(k *Call, name string) (bool, error) {
	e := only(&k.Args[4])
	if e.Kind == Ellipsis || e.Kind == List {
		return false, nil
	}
	least := int64(4) // an int
	switch {
	case isTimeout(name):
		least = 16
	case name == "SO_LINGER":
		least = 8
	case name == "TCP_INFO", name == "TCP_CONGESTION", name == "TCP_FASTOPEN_KEY":
		least = 1 // as long as it is given
	}
	n, err := e.number()
	if err == nil && n < least && strings.HasPrefix(name, "IP") {
		err = cannot(e.Line, "%s(%s) with a value of %d bytes is not there", k.Name, name, n)
	}
	return n < least, err
}

// onConn tries something that needs a TCP socket.
func (r *runner) onConn(d *descriptor, do func(c *tcp.Conn) outcome) attempt {
	return func() outcome {
		if c := r.host.Conn(d.live); c != nil {
			return do(c)
		}
		return result(0, tcp.EBADF)
	}
}

// setLinger takes {onoff=1, linger=2}, in seconds.
func (r *runner) setLinger(d *descriptor, e *Expr) (attempt, error) {
	e = only(e)
	on, seconds := e.either("onoff", "l_onoff"), e.either("linger", "l_linger")
	if on == nil || seconds == nil {
		return nil, cannot(e.Line, "SO_LINGER without {onoff=…, linger=…}")
	}
	v, err := on.number()
	if err != nil {
		return nil, err
	}
	s, err := seconds.number()
	return r.onConn(d, func(*tcp.Conn) outcome { return result(0, r.host.SetLinger(d.live, v != 0, s)) }), err
}

// setCongestion takes the name of an algorithm.
func (r *runner) setCongestion(d *descriptor, e *Expr) (attempt, error) {
	if e.Kind == List && len(e.List) == 1 {
		e = &e.List[0]
	}
	if e.Kind != String {
		return nil, cannot(e.Line, "TCP_CONGESTION without a name")
	}
	if _, ok := tcp.AlgorithmByName(e.Text); !ok {
		return nil, cannot(e.Line, "setsockopt(TCP_CONGESTION, %q) is not there", e.Text)
	}
	return r.onConn(d, func(*tcp.Conn) outcome { return result(0, r.host.SetCongestion(d.live, e.Text)) }), nil
}

func (r *runner) callGetsockopt(k *Call, line int) (attempt, error) {
	d, name, err := r.optionOf(k)
	if err != nil {
		return nil, err
	}
	if short, err := tooShort(k, name); err != nil || short {
		return nil, orCannot(err, line, fmt.Sprintf("getsockopt(%s) into fewer bytes than it has is not there", name))
	}
	if r.isUDP(d.live) {
		return nil, cannot(line, "getsockopt(%s) of a socket of UDP is not there", name)
	}
	if try, err := r.readOption(d, name, &k.Args[3]); try != nil || err != nil {
		return try, err
	}
	if there, _ := stack.HasSockopt(name); !there {
		return nil, cannot(line, "getsockopt(%s) is not there", name)
	}
	if e := &k.Args[3]; e.Kind == List && len(e.List) == 1 && e.List[0].Kind != Ellipsis {
		if _, err := e.number(); err != nil { // before anything is done
			return nil, err
		}
	}
	return r.onConn(d, func(*tcp.Conn) outcome {
		got, errno := r.host.Sockopt(d.live, name)
		if errno != 0 {
			return result(0, errno)
		}
		if v, err := k.Args[3].number(); err == nil && int32(v) == int32(got) && v == int64(uint32(v)) {
			got = v // an int of C may stand there as a number without a sign
		}
		out := written(&k.Args[3], got)
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
