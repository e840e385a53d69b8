package drill

import (
	"fmt"
	"slices"

	"wirelab/stack/tcp"
)

// Calls whose data stands in several pieces: readv and writev, recvmsg and sendmsg, sendfile.

// vector returns the bytes of an array of iovec: [{..., 100}, {..., 20}]; count is how many it has, if that is said.
func vector(e, count *Expr) (int, error) {
	if e.Kind != List {
		return 0, cannot(e.Line, "buffers that are not [{..., length}, …]")
	}
	if count != nil && count.Kind != Ellipsis {
		if v, err := count.number(); err != nil || v != int64(len(e.List)) {
			return 0, orCannot(err, e.Line, fmt.Sprintf("%d buffers that are said to be %s", len(e.List), count))
		}
	}
	all := 0
	for i := range e.List {
		v := &e.List[i]
		if v.Kind != Struct || len(v.List) != 2 || v.List[0].Kind != Ellipsis {
			return 0, cannot(v.Line, "a buffer that is not {..., length}")
		}
		n, err := length(&v.List[1])
		if err != nil {
			return 0, err
		}
		if all += n; all > maxWrite {
			return 0, cannot(e.Line, "a call about more than %d bytes", maxWrite)
		}
	}
	return all, nil
}

func (r *runner) callReadv(k *Call, _ int) (attempt, error) {
	n, err := vector(&k.Args[1], &k.Args[2])
	if err != nil {
		return nil, err
	}
	return r.receive(&k.Args[0], n, 0)
}

func (r *runner) callWritev(k *Call, _ int) (attempt, error) {
	n, err := vector(&k.Args[1], &k.Args[2])
	if err != nil {
		return nil, err
	}
	return r.transmit(k, n, 0, nil)
}

// message takes {msg_name(…)=…, msg_iov(n)=[…], msg_flags=…}, and returns how many bytes it holds.
func message(k *Call) (m *Expr, n int, err error) {
	m = &k.Args[1]
	if m.Kind != Struct {
		return nil, 0, cannot(m.Line, "%s() without {msg_iov(n)=[…]}", k.Name)
	}
	known := []string{"msg_name", "msg_iov", "msg_flags", "msg_control"}
	for _, f := range m.Fields {
		if !slices.Contains(known, f.Name) {
			return nil, 0, cannot(m.Line, "%s() with %s is not there", k.Name, f.Name)
		}
	}
	for i := range m.Fields {
		f := &m.Fields[i]
		if f.Name != "msg_iov" {
			continue
		}
		var count *Expr
		if len(f.Size) == 1 {
			count = &f.Size[0]
		}
		n, err = vector(&f.Value, count)
		return m, n, err
	}
	return nil, 0, cannot(m.Line, "%s() without msg_iov", k.Name)
}

// empty reports whether a field of a message says nothing.
func empty(f *Expr) bool {
	return f == nil || f.Kind == Ellipsis || f.Kind == Int && f.Int == 0 || f.Kind == Word && f.Text == "NULL" || f.Kind == List && len(f.List) == 0
}

// callSendmsg sends; its address counts for datagrams and for MSG_FASTOPEN. What msg_flags says is nothing to
// sendmsg(2).
func (r *runner) callSendmsg(k *Call, _ int) (attempt, error) {
	m, n, err := message(k)
	if err != nil {
		return nil, err
	}
	if f := m.field("msg_control"); !empty(f) {
		return nil, cannot(f.Line, "sendmsg() with msg_control is not there")
	}
	flags, err := flagsAt(k, 2, sendFlags...)
	if err != nil {
		return nil, err
	}
	name := m.field("msg_name")
	if name == nil || name.Kind != Ellipsis && empty(name) {
		return r.transmit(k, n, flags, nil)
	}
	to, err := address(name, r.usualRemote())
	if err != nil {
		return nil, err
	}
	return r.transmit(k, n, flags, &to)
}

func (r *runner) callRecvmsg(k *Call, _ int) (attempt, error) {
	m, n, err := message(k)
	if err != nil {
		return nil, err
	}
	if f := m.field("msg_name"); !empty(f) {
		return nil, cannot(f.Line, "recvmsg() that looks at msg_name is not there")
	}
	flags, err := flagsAt(k, 2, recvFlags...)
	if err != nil {
		return nil, err
	}
	want, asked := int64(0), false
	if f := m.field("msg_flags"); f != nil && f.Kind != Ellipsis {
		if want, err = f.number(); err != nil {
			return nil, err
		}
		asked = true
	}
	left, err := controlOf(m)
	if err != nil {
		return nil, err
	}
	d, err := r.fd(&k.Args[0])
	if err != nil {
		return nil, err
	}
	try, err := r.receive(&k.Args[0], n, flags)
	return func() outcome {
		out := try()
		if out.wait || out.errno != 0 {
			return out
		}
		if told := flags & symbols["MSG_OOB"]; asked && told != want { // all else that recvmsg(2) tells is about datagrams
			out.expected, out.got = fmt.Sprintf("with msg_flags %#x", want), fmt.Sprintf("%#x", told)
		}
		if got := unread(r.host, d); left != nil && (!d.inq || got != *left) {
			out.expected, out.got = "with TCP_CM_INQ "+itoa(*left), "none"
			if d.inq {
				out.got = itoa(got)
			}
		}
		return out
	}, err
}

// callOpen gives a descriptor of a file that holds nothing but zeros, as all that scripts write does; its name and
// how it is opened change nothing then.
func (r *runner) callOpen(*Call, int) (attempt, error) {
	return func() outcome { return outcome{value: notOfHost} }, nil
}

// callSendfile is sendfile(to, from, offset, count). Where in the file it begins means nothing: it has zeros and no end.
func (r *runner) callSendfile(k *Call, _ int) (attempt, error) {
	n, err := length(&k.Args[3])
	if err != nil {
		return nil, err
	}
	from, err := r.fd(&k.Args[1])
	if err != nil {
		return nil, err
	}
	try, err := r.transmit(k, n, 0, nil)
	return func() outcome {
		switch {
		case from.live < 0:
			return result(0, tcp.EBADF)
		case from.live != notOfHost || from.watches != nil: // no file
			return result(0, einval)
		}
		return try()
	}, err
}
