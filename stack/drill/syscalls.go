package drill

import (
	"wirelab/stack"
	"wirelab/stack/tcp"
)

const (
	maxWrite = 16 << 20 // bytes of one call
	einval   = tcp.EINVAL
)

// preparer checks the arguments of a call and returns how to try it.
type preparer func(r *runner, k *Call, line int) (attempt, error)

// knownCalls are the calls that can be made, with how many arguments they take.
var knownCalls = []struct {
	name      string
	low, high int
	prepare   preparer
}{
	{"socket", 1, 3, (*runner).callSocket}, {"bind", 1, 3, (*runner).callBind}, {"listen", 2, 2, (*runner).callListen},
	{"accept", 1, 3, (*runner).callAccept}, {"accept4", 1, 4, (*runner).callAccept}, {"connect", 1, 3, (*runner).callConnect},
	{"close", 1, 1, (*runner).callClose}, {"shutdown", 2, 2, (*runner).callShutdown},
	{"read", 3, 3, (*runner).callRead}, {"recv", 4, 4, (*runner).callRead}, {"recvfrom", 4, 6, (*runner).callRead},
	{"readv", 3, 3, (*runner).callReadv}, {"recvmsg", 3, 3, (*runner).callRecvmsg},
	{"write", 3, 3, (*runner).callWrite}, {"send", 4, 4, (*runner).callWrite}, {"sendto", 4, 6, (*runner).callWrite},
	{"writev", 3, 3, (*runner).callWritev}, {"sendmsg", 3, 3, (*runner).callSendmsg},
	{"fcntl", 2, 3, (*runner).callFcntl}, {"ioctl", 2, 3, (*runner).callIoctl},
	{"open", 2, 3, (*runner).callOpen}, {"sendfile", 4, 4, (*runner).callSendfile},
	{"getsockopt", 5, 5, (*runner).callGetsockopt}, {"setsockopt", 5, 5, (*runner).callSetsockopt},
	{"poll", 3, 3, (*runner).callPoll}, {"epoll_create", 1, 1, (*runner).callEpollCreate}, {"epoll_create1", 1, 1, (*runner).callEpollCreate},
	{"epoll_ctl", 4, 4, (*runner).callEpollCtl}, {"epoll_wait", 4, 4, (*runner).callEpollWait}, {"cap_set", 0, 9, (*runner).callNothing},
}

// prepareCall finds a call and checks its arguments.
func (r *runner) prepareCall(k *Call, line int) (attempt, error) {
	for _, known := range knownCalls {
		if known.name == k.Name {
			if len(k.Args) < known.low || len(k.Args) > known.high {
				return nil, cannot(line, "%s() with %d arguments", k.Name, len(k.Args))
			}
			return known.prepare(r, k, line)
		}
	}
	return nil, cannot(line, "the call %s() is not there", k.Name)
}

// callNothing is for calls that have nothing to do here: a script's program may do all.
func (r *runner) callNothing(*Call, int) (attempt, error) {
	return func() outcome { return outcome{} }, nil
}

func (r *runner) callSocket(k *Call, line int) (attempt, error) {
	if k.Args[0].Kind != Ellipsis {
		if v, err := k.Args[0].number(); err != nil || v != symbols["AF_INET"] && v != symbols["AF_INET6"] {
			return nil, orCannot(err, line, "only sockets of the families AF_INET and AF_INET6 are there")
		}
	}
	kind := uint8(stack.SockTCP)
	if len(k.Args) > 1 {
		typ, err := k.Args[1].number()
		if err != nil {
			return nil, err
		}
		switch typ &^ (symbols["SOCK_NONBLOCK"] | symbols["SOCK_CLOEXEC"]) {
		case symbols["SOCK_STREAM"]:
		case symbols["SOCK_DGRAM"]:
			kind = stack.SockUDP
		default:
			return nil, cannot(line, "only sockets of the types SOCK_STREAM and SOCK_DGRAM are there")
		}
	}
	if len(k.Args) > 2 && k.Args[2].Kind != Ellipsis {
		proto, err := k.Args[2].number()
		usual := map[uint8]int64{stack.SockTCP: symbols["IPPROTO_TCP"], stack.SockUDP: symbols["IPPROTO_UDP"]}[kind]
		if err != nil || proto != 0 && proto != usual {
			return nil, orCannot(err, line, "only sockets of the protocols TCP and UDP are there")
		}
	}
	return func() outcome {
		fd, errno := r.host.Socket(kind)
		return result(int(fd), errno)
	}, nil
}

func orCannot(err error, line int, what string) error {
	if err != nil {
		return err
	}
	return cannot(line, "%s", what)
}

func (r *runner) callBind(k *Call, _ int) (attempt, error) {
	d, err := r.fd(&k.Args[0])
	if err != nil {
		return nil, err
	}
	local, err := k.addressAt(1, tcp.Endpoint{Port: r.set.bindPort})
	if err == nil && local.unspec && !(local.Addr.IsZero()) {
		err = cannot(k.Args[1].Line, "bind() to an address of AF_UNSPEC")
	}
	return func() outcome {
		if local.short && d.live >= 0 {
			return result(0, einval)
		}
		return result(0, r.host.Bind(d.live, local.Endpoint))
	}, err
}

func (r *runner) callListen(k *Call, _ int) (attempt, error) {
	d, err := r.fd(&k.Args[0])
	if err != nil {
		return nil, err
	}
	backlog, err := k.Args[1].number()
	return func() outcome {
		errno := r.host.Listen(d.live, uint32(backlog)) // a negative one is a very large one
		if errno == 0 {
			r.listenPort, r.flow = r.host.Sockets[d.live].Local.Port, nil
		}
		return result(0, errno)
	}, err
}

func (r *runner) callAccept(k *Call, _ int) (attempt, error) {
	d, err := r.fd(&k.Args[0])
	if err == nil {
		err = k.supplied(1)
	}
	if err == nil && len(k.Args) > 3 {
		if v, e := k.Args[3].number(); e != nil || v&^(symbols["SOCK_NONBLOCK"]|symbols["SOCK_CLOEXEC"]) != 0 {
			err = orCannot(e, k.Args[3].Line, "accept4() with flags other than SOCK_NONBLOCK and SOCK_CLOEXEC")
		}
	}
	began := r.now
	return func() outcome {
		fd, _, errno := r.host.Accept(d.live)
		if errno == tcp.EAGAIN && !d.nonblock {
			return r.blocks(d, stack.ReceiveTimeout, began, result(-1, tcp.EAGAIN))
		}
		if errno == 0 {
			r.accepted(fd, r.host.Conn(fd))
		}
		return result(int(fd), errno)
	}, err
}

func (r *runner) callConnect(k *Call, _ int) (attempt, error) {
	d, err := r.fd(&k.Args[0])
	if err != nil {
		return nil, err
	}
	to, err := k.addressAt(1, r.usualRemote())
	remote := to.Endpoint
	began, first := r.now, tcp.Errno(0)
	return func() outcome {
		switch {
		case d.live >= 0 && to.short:
			return result(0, einval)
		case to.unspec:
			return result(0, r.host.Disconnect(d.live))
		}
		errno := r.host.Connect(d.live, remote)
		if errno == tcp.EINPROGRESS || errno == 0 {
			r.began(d.live, remote)
		}
		if first == 0 {
			first = errno
		}
		if !d.nonblock && (errno == tcp.EINPROGRESS || errno == tcp.EALREADY) {
			return r.blocks(d, stack.SendTimeout, began, result(-1, first))
		}
		return result(0, errno)
	}, err
}

// callClose closes; with SO_LINGER it waits until the peer has acknowledged
// everything, or the time is over.
func (r *runner) callClose(k *Call, _ int) (attempt, error) {
	d, err := r.fd(&k.Args[0])
	if err != nil {
		return nil, err
	}
	var slot, gen uint32
	until := int64(0)
	return func() outcome {
		if d.live == notOfHost {
			r.forget(d.script)
			return outcome{}
		}
		if until == 0 {
			if c := r.host.Conn(d.live); c != nil && c.Opts.Lingers && c.Opts.LingerS > 0 && !d.nonblock {
				slot, gen, until = c.ID, c.Gen, r.now+int64(c.Opts.LingerS)*second
			}
			errno := r.host.Close(d.live)
			r.closed(d)
			if until == 0 || errno != 0 {
				return result(0, errno)
			}
		}
		c := &r.host.Conns[slot]
		unacked := c.State == tcp.FinWait1 || c.State == tcp.Closing || c.State == tcp.LastAck
		if c.Gen == gen && unacked && r.now < until {
			return outcome{wait: true, wakeAt: until}
		}
		return outcome{}
	}, nil
}

// closed forgets a descriptor.
func (r *runner) closed(d *descriptor) {
	r.forget(d.script)
	for _, f := range r.flows {
		if f.fd == d.live {
			f.fd = -1
		}
	}
}

// usualRemote is the other end if a script names none.
func (r *runner) usualRemote() tcp.Endpoint {
	return tcp.Endpoint{Addr: r.set.remoteIP, Port: r.set.connectPort}
}

func (r *runner) callShutdown(k *Call, _ int) (attempt, error) {
	d, err := r.fd(&k.Args[0])
	if err != nil {
		return nil, err
	}
	how, err := k.Args[1].number()
	return func() outcome {
		if how < 0 || how > 2 {
			return result(0, einval)
		}
		return result(0, r.host.Shutdown(d.live, how != 1, how != 0))
	}, err
}
