package drill

import (
	"wirelab/stack"
	"wirelab/stack/tcp"
)

// Socket options whose value is not a number, for getsockopt; and those that only the calls of
// this package know.

// readOption reads such an option, if name is one.
func (r *runner) readOption(d *descriptor, name string, e *Expr) (try attempt, err error) {
	if isTimeout(name) {
		return r.readTimeout(d, name, e)
	}
	switch name {
	case "TCP_INFO":
		return r.readInfo(d, e)
	case "TCP_CONGESTION":
		return r.onConn(d, func(c *tcp.Conn) outcome {
			got := tcp.AlgorithmName(c.Opts.CC)
			if want := only(e); want.Kind == String && want.Text != got {
				return outcome{expected: "to store " + want.String(), got: Expr{Kind: String, Text: got}.String()}
			}
			return outcome{}
		}), nil
	case "SO_LINGER":
		if err := only(e).onlyFields("a linger", "onoff", "l_onoff", "linger", "l_linger"); err != nil {
			return nil, err
		}
		return r.onConn(d, func(c *tcp.Conn) outcome {
			return storedFields(only(e), func(name string) (int64, bool) {
				switch name {
				case "onoff", "l_onoff":
					return int64(truth(c.Opts.Lingers)), true
				case "linger", "l_linger":
					return int64(c.Opts.LingerS), true
				}
				return 0, false
			})
		}), nil
	case "TCP_INQ":
		return func() outcome { return written(e, int64(truth(d.inq))) }, nil
	case "IP_MTU", "IPV6_MTU":
		return r.onConn(d, func(c *tcp.Conn) outcome {
			if c.State == tcp.Closed || c.State == tcp.Listen {
				return result(0, tcp.ENOTCONN)
			}
			return written(e, int64(c.PathMTU))
		}), nil
	}
	return nil, nil
}

// readInfo is getsockopt for TCP_INFO: {tcpi_state=TCP_ESTABLISHED, tcpi_rto=...}, of whose fields
// those count that are written.
func (r *runner) readInfo(d *descriptor, e *Expr) (attempt, error) {
	s := only(e)
	for _, f := range s.Fields {
		if _, ok := (&tcp.Conn{}).Info(f.Name, &r.host.Conf, 0); !ok {
			return nil, cannot(e.Line, "%s of TCP_INFO is not there", f.Name)
		}
		if f.Value.Kind == Ellipsis {
			continue
		}
		if _, err := f.Value.number(); err != nil {
			return nil, err
		}
	}
	return r.onConn(d, func(c *tcp.Conn) outcome {
		return storedFields(s, func(name string) (int64, bool) { return c.Info(name, &r.host.Conf, r.now) })
	}), nil
}

// only returns what stands in the brackets of a value by pointer.
func only(e *Expr) *Expr {
	if e.Kind == List && len(e.List) == 1 {
		return &e.List[0]
	}
	return e
}

// storedFields compares the fields of a structure that a call stored.
func storedFields(want *Expr, get func(name string) (int64, bool)) outcome {
	for _, f := range want.Fields {
		got, ok := get(f.Name)
		if !ok || f.Value.Kind == Ellipsis {
			continue
		}
		if v, err := f.Value.number(); err != nil || v != got {
			return outcome{expected: "to store " + f.Name + "=" + f.Value.String(), got: itoa(got)}
		}
	}
	return outcome{}
}

// setOption sets an option that the host knows nothing of, if name is one.
func (r *runner) setOption(d *descriptor, name string, e *Expr) (attempt, error) {
	if isTimeout(name) {
		return r.setTimeout(d, name, e)
	}
	if name != "TCP_INQ" {
		return nil, nil
	}
	v, err := e.number()
	return func() outcome { d.inq = v != 0; return outcome{} }, err
}

// setFastOpenKey takes the bytes of one key or two.
func (r *runner) setFastOpenKey(d *descriptor, e *Expr) (attempt, error) {
	if e.Kind != String {
		return nil, cannot(e.Line, "TCP_FASTOPEN_KEY without a string")
	}
	return r.onConn(d, func(*tcp.Conn) outcome { return result(0, r.host.SetFastOpenKey(d.live, []byte(e.Text))) }), nil
}

// controlOf returns the numbers that a message's control part must hold: only TCP_CM_INQ is known,
// which tells how much is left to read.
func controlOf(m *Expr) (inq *int64, err error) {
	f := m.field("msg_control")
	if f == nil || f.Kind != List {
		return nil, nil
	}
	for i := range f.List {
		c := &f.List[i]
		level, typ, data := c.field("cmsg_level"), c.field("cmsg_type"), c.field("cmsg_data")
		if level == nil || typ == nil || data == nil || typ.Text != "TCP_CM_INQ" && typ.Text != "TCP_INQ" {
			return nil, cannot(c.Line, "a control message other than TCP_CM_INQ")
		}
		v, err := data.number()
		if err != nil {
			return nil, err
		}
		inq = &v
	}
	return inq, nil
}

// unread is what TCP_CM_INQ tells: bytes, or 1 if all that is left is the end of the stream.
func unread(h *stack.Host, d *descriptor) int64 {
	c := h.Conn(d.live)
	switch {
	case c == nil:
		return 0
	case c.RcvQueued == 0 && c.FinReceived:
		return 1
	}
	return int64(c.RcvQueued)
}
