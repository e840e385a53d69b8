package drill

import (
	"fmt"

	"wirelab/stack/tcp"
)

// watch is a descriptor that an epoll set looks at, with the number that it
// gives back.
type watch struct {
	d      *descriptor
	events int64
	data   int64
	spent  bool // EPOLLONESHOT has fired
}

// callEpollCreate gives a descriptor that the host knows nothing of.
func (r *runner) callEpollCreate(*Call, int) (attempt, error) {
	return func() outcome { return outcome{value: 1 << 20} }, nil
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

func (r *runner) callEpollCtl(k *Call, line int) (attempt, error) {
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
	if w.events&symbols["EPOLLET"] != 0 {
		return nil, cannot(line, "epoll_ctl() with EPOLLET is not there")
	}
	return func() outcome {
		for i := range set.watches {
			if set.watches[i].d == d {
				set.watches = append(set.watches[:i], set.watches[i+1:]...)
				break
			}
		}
		if op != symbols["EPOLL_CTL_DEL"] {
			set.watches = append(set.watches, w)
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
		if most <= 0 {
			return result(0, tcp.EINVAL)
		}
		out := outcome{}
		for i := range set.watches {
			w := &set.watches[i]
			got := r.revents(&polled{d: w.d, events: w.events})
			if got == 0 || w.spent || out.value == most {
				continue
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
