package drill

import (
	"fmt"
	"slices"

	"wirelab/stack/tcp"
)

// watch is a descriptor that an epoll set looks at, with the number that it
// gives back.
type watch struct {
	d      *descriptor
	events int64
	data   int64
	spent  bool // EPOLLONESHOT has fired
	fresh  bool // with EPOLLET: nothing was reported since it was added or changed
	last   edge // with EPOLLET: how the socket stood at the last report
}

// edge is what changes on a socket when a program that waits for it is woken.
type edge struct {
	received uint64
	state    tcp.State
	fin      bool
	err      tcp.Errno
	urgent   uint8
	ready    int // connections in a listener's queue
}

func (r *runner) edgeOf(d *descriptor) edge {
	c := r.host.Conn(d.live)
	if c == nil {
		return edge{}
	}
	return edge{c.Segs.BytesReceived, c.State, c.FinReceived, c.Err, c.Urg.State, len(c.Ready)}
}

// news reports whether something has happened that EPOLLET tells of. Room to write is news only for
// whom a write found none (Linux's SOCK_NOSPACE).
func (r *runner) news(w *watch, got int64) bool {
	now := r.edgeOf(w.d)
	room := w.d.full && got&pollOut != 0
	woken := w.fresh || room || now.received != w.last.received || now.fin != w.last.fin || now.err != 0 && now.err != w.last.err ||
		now.ready > w.last.ready || now.state != w.last.state || now.urgent > w.last.urgent
	w.last = now
	return woken
}

// notOfHost is a descriptor that is no socket.
const notOfHost = 1 << 20

// callEpollCreate gives a descriptor that the host knows nothing of. What epoll_create takes is a size that means
// nothing since Linux 2.6.8, what epoll_create1 takes are flags.
func (r *runner) callEpollCreate(k *Call, _ int) (attempt, error) {
	v, err := k.Args[0].number()
	bad := k.Name == "epoll_create" && v <= 0 || k.Name == "epoll_create1" && v&^symbols["SOCK_CLOEXEC"] != 0
	return func() outcome {
		if bad {
			return result(0, einval)
		}
		return outcome{value: notOfHost}
	}, err
}

// epollEvent reads {events=…, fd=…}, or ptr, u32 or u64 in the place of fd.
func epollEvent(e *Expr) (events, data int64, err error) {
	if e.Kind == List && len(e.List) == 1 {
		e = &e.List[0]
	}
	f := e.field("events")
	if e.Kind != Struct || f == nil {
		return 0, 0, cannot(e.Line, "an epoll event that is not {events=…, fd=…}")
	}
	if err := e.onlyFields("an epoll event", "events", "fd", "ptr", "u32", "u64"); err != nil {
		return 0, 0, err
	}
	if events, err = f.number(); err != nil {
		return 0, 0, err
	}
	for _, name := range []string{"fd", "ptr", "u32", "u64"} {
		if f := e.field(name); f != nil && f.Kind != Ellipsis {
			data, err = f.number()
		}
	}
	return events, data, err
}

func (r *runner) callEpollCtl(k *Call, _ int) (attempt, error) {
	set, err := r.fd(&k.Args[0])
	if err != nil {
		return nil, err
	}
	op, err := k.Args[1].number()
	if err != nil {
		return nil, err
	}
	d, err := r.fd(&k.Args[2])
	if err != nil {
		return nil, err
	}
	w := watch{d: d}
	if op != symbols["EPOLL_CTL_DEL"] {
		if w.events, w.data, err = epollEvent(&k.Args[3]); err != nil {
			return nil, err
		}
	}
	if known := pollIn | pollPri | pollOut | pollErr | pollHup | pollRdHup | symbols["EPOLLET"] | symbols["EPOLLONESHOT"] |
		symbols["POLLRDNORM"] | symbols["POLLWRNORM"]; w.events&^known != 0 {
		return nil, cannot(k.Args[3].Line, "epoll_ctl() with events %#x", w.events&^known)
	}
	if op < symbols["EPOLL_CTL_ADD"] || op > symbols["EPOLL_CTL_MOD"] {
		return nil, cannot(k.Args[1].Line, "epoll_ctl() with the operation %d", op)
	}
	w.fresh = true
	return func() outcome {
		at := slices.IndexFunc(set.watches, func(w watch) bool { return w.d == d })
		switch {
		case set.live < 0 || d.live < 0:
			return result(0, tcp.EBADF)
		case op == symbols["EPOLL_CTL_ADD"] && at >= 0:
			return result(0, tcp.EEXIST)
		case op == symbols["EPOLL_CTL_ADD"]:
			set.watches = append(set.watches, w)
		case at < 0:
			return result(0, tcp.ENOENT)
		case op == symbols["EPOLL_CTL_DEL"]:
			set.watches = slices.Delete(set.watches, at, at+1)
		default:
			set.watches[at] = w
		}
		return outcome{}
	}, nil
}

// callEpollWait compares the first event that is ready with the script's.
func (r *runner) callEpollWait(k *Call, line int) (attempt, error) {
	set, err := r.fd(&k.Args[0])
	if err != nil {
		return nil, err
	}
	events, data, whatever := int64(0), int64(0), k.Args[1].Kind == Ellipsis
	if !whatever {
		if events, data, err = epollEvent(&k.Args[1]); err != nil {
			return nil, err
		}
	}
	most, err := k.Args[2].number()
	if err != nil {
		return nil, err
	}
	timeout, err := k.Args[3].number()
	until := r.now + milliseconds(timeout)
	return func() outcome {
		if set.live < 0 {
			return result(0, tcp.EBADF)
		}
		if most <= 0 {
			return result(0, tcp.EINVAL)
		}
		out := outcome{}
		for i := range set.watches {
			w := &set.watches[i]
			got := r.revents(&polled{d: w.d, events: w.events})
			if got == 0 || w.spent || out.value == most || w.events&symbols["EPOLLET"] != 0 && !r.news(w, got) {
				continue
			}
			w.fresh = false
			if got&pollOut != 0 {
				w.d.full = false
			}
			w.spent = w.events&symbols["EPOLLONESHOT"] != 0
			if out.value == 0 && !whatever && (got != events || w.data != data) {
				out.expected, out.got = "with "+k.Args[1].String(), fmt.Sprintf("{events=%s, %d}", eventNames(got), w.data)
			}
			out.value++
		}
		if out.value == 0 && (timeout < 0 || r.now < until) {
			out.wait = true
			if timeout >= 0 {
				out.wakeAt = until
			}
		}
		return out
	}, err
}
