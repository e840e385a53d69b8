package drill

import (
	"wirelab/stack"
	"wirelab/stack/tcp"
)

// length returns the number of bytes that an argument gives.
func length(e *Expr) (int, error) {
	v, err := e.number()
	if err == nil && (v < 0 || v > maxWrite) {
		err = cannot(e.Line, "a call about %d bytes; at most %d", v, maxWrite)
	}
	return int(v), err
}

// flagsAt returns the MSG_ flags among the arguments, of which only some are there.
func flagsAt(k *Call, at int, there ...string) (int64, error) {
	if at >= len(k.Args) {
		return 0, nil
	}
	flags, err := k.Args[at].number()
	if err != nil {
		return 0, err
	}
	rest := flags
	for _, name := range there {
		rest &^= symbols[name]
	}
	for _, name := range []string{"MSG_OOB", "MSG_PEEK", "MSG_TRUNC", "MSG_WAITALL", "MSG_ERRQUEUE", "MSG_MORE", "MSG_ZEROCOPY", "MSG_FASTOPEN"} {
		if rest&symbols[name] != 0 {
			return 0, cannot(k.Args[at].Line, "%s() with %s is not there", k.Name, name)
		}
	}
	if rest != 0 {
		return 0, cannot(k.Args[at].Line, "%s() with flags %#x is not there", k.Name, rest)
	}
	return flags, nil
}

// recvFlags and sendFlags are those that the stack's calls can do.
var (
	recvFlags = []string{"MSG_OOB", "MSG_PEEK", "MSG_TRUNC", "MSG_DONTWAIT", "MSG_WAITALL", "MSG_NOSIGNAL"}
	sendFlags = []string{"MSG_OOB", "MSG_MORE", "MSG_FASTOPEN", "MSG_DONTWAIT", "MSG_NOSIGNAL", "MSG_EOR"}
)

func (r *runner) callRead(k *Call, _ int) (attempt, error) {
	n, err := length(&k.Args[2])
	if err != nil {
		return nil, err
	}
	flags, err := flagsAt(k, 3, recvFlags...)
	if err != nil {
		return nil, err
	}
	if err := k.supplied(1, 4); err != nil {
		return nil, err
	}
	return r.receive(&k.Args[0], n, flags)
}

// receive reads up to n bytes.
func (r *runner) receive(fd *Expr, n int, flags int64) (attempt, error) {
	d, err := r.fd(fd)
	if err != nil {
		return nil, err
	}
	block, began := !d.nonblock && flags&symbols["MSG_DONTWAIT"] == 0, r.now
	all := flags&symbols["MSG_WAITALL"] != 0
	peek := flags&symbols["MSG_PEEK"] != 0
	had := 0
	if flags&symbols["MSG_OOB"] != 0 {
		return func() outcome {
			_, errno := r.host.ReadUrgent(d.live, peek)
			return result(1, errno)
		}, nil
	}
	return func() outcome {
		if had > 0 && r.host.Ended(d.live) { // an end or an error is for the next call
			return result(had, 0)
		}
		room := min(n-had, 65536)
		if c := r.host.Conn(d.live); c != nil {
			if peek && c.RcvQueued > 0 && (!all || int(c.RcvQueued) >= n) {
				return result(min(n, int(c.RcvQueued)), 0)
			}
			room = min(n-had, max(int(c.RcvQueued), 1)) // it may be asked again and again
		}
		got, errno := r.host.Read(d.live, make([]byte, room))
		had += got
		switch {
		case errno == tcp.EAGAIN && block, errno == 0 && got > 0 && block && had < r.host.WaitsFor(d.live, n, all):
			return r.blocks(d, stack.ReceiveTimeout, began, result(had, errnoUnless(had > 0, tcp.EAGAIN)))
		case had > 0:
			return result(had, 0)
		}
		return result(0, errno)
	}, nil
}

func (r *runner) callWrite(k *Call, _ int) (attempt, error) {
	n, err := length(&k.Args[2])
	if err != nil {
		return nil, err
	}
	flags, err := flagsAt(k, 3, sendFlags...)
	if err != nil {
		return nil, err
	}
	if err := k.supplied(1); err != nil {
		return nil, err
	}
	if len(k.Args) < 5 {
		return r.transmit(k, n, flags, nil)
	}
	to, err := k.addressAt(4, r.usualRemote())
	if err != nil {
		return nil, err
	}
	return r.transmit(k, n, flags, &to)
}

// transmit writes n zero bytes, to an address if there is one.
func (r *runner) transmit(k *Call, n int, flags int64, to *sockaddr) (attempt, error) {
	d, err := r.fd(&k.Args[0])
	if err != nil {
		return nil, err
	}
	remote := tcp.Endpoint{}
	if to != nil {
		remote = to.Endpoint
	}
	block, began := !d.nonblock && flags&symbols["MSG_DONTWAIT"] == 0, r.now
	had, zeros := 0, make([]byte, n)
	how := uint8(0)
	if flags&symbols["MSG_MORE"] != 0 {
		how |= tcp.MsgMore
	}
	if flags&symbols["MSG_OOB"] != 0 {
		how |= tcp.MsgOOB
	}
	if flags&symbols["MSG_EOR"] != 0 {
		how |= tcp.MsgEOR
	}
	fast := flags&symbols["MSG_FASTOPEN"] != 0
	begun, greeted := false, false // a blocking call waits for the handshake, and then writes what did not fit the SYN
	return func() outcome {
		switch {
		case to == nil:
		case to.short:
			return result(0, einval)
		case fast && to.unspec:
			return result(0, tcp.EOPNOTSUPP)
		}
		if r.isUDP(d.live) && to != nil {
			sent, errno := r.host.SendTo(d.live, zeros, remote)
			if errno == 0 {
				r.began(d.live, remote)
			}
			return result(sent, errno)
		}
		if c := r.host.Conn(d.live); c != nil && !greeted && (fast || c.Fast.Deferred) {
			var errno tcp.Errno
			if begun {
				errno = r.host.Connect(d.live, remote)
			} else if had, errno = r.host.SendFast(d.live, zeros, remote); errno == 0 || errno == tcp.EINPROGRESS {
				r.began(d.live, c.Remote)
				if begun = block && c.State == tcp.SynSent; begun {
					errno = tcp.EALREADY
				}
			}
			switch {
			case begun && errno == tcp.EALREADY:
				c.Fast.Waits = had < n
				return outcome{wait: true}
			case !begun || errno != 0 || had == n:
				return result(had, errno)
			}
			greeted = true
		}
		got, errno := r.host.Send(d.live, zeros[had:], how)
		had += got
		d.full = d.full || errno == tcp.EAGAIN || errno == 0 && had < n
		switch {
		case errno == tcp.EAGAIN && block, errno == 0 && had < n && block:
			if c := r.host.Conn(d.live); c != nil && c.State == tcp.SynSent {
				c.Fast.Waits = true
			}
			return r.blocks(d, stack.SendTimeout, began, result(had, errnoUnless(had > 0, tcp.EAGAIN)))
		case had > 0:
			return result(had, 0)
		}
		return result(0, errno)
	}, err
}

func (r *runner) isUDP(fd int32) bool {
	return fd >= 0 && int(fd) < len(r.host.Sockets) && r.host.Sockets[fd].Kind == stack.SockUDP
}
