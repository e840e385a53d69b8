package drill

import (
	"wirelab/stack"
	"wirelab/stack/tcp"
)

// SO_RCVTIMEO and SO_SNDTIMEO: how long a blocking call waits (socket(7)).

// blocks is the outcome of a call that began at a time and would still block: to wait, or what it gives
// once the socket's time for it is over.
func (r *runner) blocks(d *descriptor, option string, began int64, late outcome) outcome {
	t := r.host.Timeout(d.live, option)
	switch {
	case t == 0:
		return outcome{wait: true}
	case t < 0 || r.now >= began+t:
		return late
	}
	return outcome{wait: true, wakeAt: began + t}
}

func errnoUnless(some bool, errno tcp.Errno) tcp.Errno {
	if some {
		return 0
	}
	return errno
}

// timeval reads {tv_sec=1, tv_usec=500000}, or the same without names.
func timeval(e *Expr) (v [2]int64, err error) {
	e = only(e)
	names := [...]string{"tv_sec", "tv_usec"}
	if err := e.onlyFields("a time", names[:]...); err != nil {
		return v, err
	}
	for i := range v {
		f := e.field(names[i])
		if f == nil && e.Kind == Struct && len(e.List) == len(v) {
			f = &e.List[i]
		}
		if f == nil {
			return v, cannot(e.Line, "a time that is not {tv_sec=…, tv_usec=…}")
		}
		if v[i], err = f.number(); err != nil {
			return v, err
		}
	}
	return v, nil
}

// setTimeout is setsockopt for a time.
func (r *runner) setTimeout(d *descriptor, name string, e *Expr) (attempt, error) {
	v, err := timeval(e)
	return r.onConn(d, func(*tcp.Conn) outcome { return result(0, r.host.SetTimeout(d.live, name, v[0], v[1])) }), err
}

// readTimeout is getsockopt for a time. One that is over before it begins shows as none.
func (r *runner) readTimeout(d *descriptor, name string, e *Expr) (attempt, error) {
	if e := only(e); e.Kind == Ellipsis {
		return r.onConn(d, func(*tcp.Conn) outcome { return outcome{} }), nil
	}
	want, err := timeval(e)
	return r.onConn(d, func(*tcp.Conn) outcome {
		us := max(r.host.Timeout(d.live, name), 0) / 1000
		if got := [2]int64{us / 1_000_000, us % 1_000_000}; got != want {
			return outcome{expected: "to store " + e.String(), got: "tv_sec=" + itoa(got[0]) + ", tv_usec=" + itoa(got[1])}
		}
		return outcome{}
	}), err
}

// isTimeout reports whether the value of an option is a time.
func isTimeout(name string) bool { return name == stack.ReceiveTimeout || name == stack.SendTimeout }
