package drill

import (
	"fmt"

	"wirelab/stack"
	"wirelab/stack/tcp"
)

// polled is one struct pollfd.
type polled struct {
	d              *descriptor
	events, expect int64
	any            bool // revents=...
}

// callPoll is poll([{fd=3, events=POLLIN, revents=POLLIN}], n, milliseconds).
func (r *runner) callPoll(k *Call, line int) (attempt, error) {
	if k.Args[0].Kind != List {
		return nil, cannot(line, "poll() without [{fd=…, events=…, revents=…}]")
	}
	var list []polled
	for i := range k.Args[0].List {
		p, err := r.polled(&k.Args[0].List[i])
		if err != nil {
			return nil, err
		}
		list = append(list, p)
	}
	if n, err := k.Args[1].number(); k.Args[1].Kind != Ellipsis && (err != nil || n != int64(len(list))) {
		return nil, orCannot(err, line, fmt.Sprintf("poll() of %d descriptors that are said to be %s", len(list), k.Args[1]))
	}
	timeout, err := k.Args[2].number()
	until := r.now + milliseconds(timeout)
	return func() outcome {
		ready := 0
		for i := range list {
			if r.revents(&list[i]) != 0 {
				ready++
			}
		}
		if ready == 0 && timeout < 0 {
			return outcome{wait: true}
		}
		if ready == 0 && r.now < until {
			return outcome{wait: true, wakeAt: until}
		}
		out := result(ready, 0)
		for i := range list {
			if got := r.revents(&list[i]); !list[i].any && got != list[i].expect {
				out.expected = fmt.Sprintf("with revents=%s", eventNames(list[i].expect))
				out.got = eventNames(got)
			}
		}
		return out
	}, err
}

// milliseconds returns a timeout of poll(2) in nanoseconds.
func milliseconds(n int64) int64 { return min(n, 1<<31) * 1_000_000 }

func (r *runner) polled(e *Expr) (p polled, err error) {
	if err := e.onlyFields("a pollfd", "fd", "events", "revents"); err != nil {
		return p, err
	}
	fd, events, revents := e.field("fd"), e.field("events"), e.field("revents")
	if e.Kind != Struct || fd == nil || events == nil {
		return p, cannot(e.Line, "poll() without fd=… and events=…")
	}
	if p.d, err = r.fd(fd); err != nil {
		return p, err
	}
	if p.events, err = events.number(); err != nil {
		return p, err
	}
	if p.any = revents == nil || revents.Kind == Ellipsis; p.any {
		return p, nil
	}
	p.expect, err = revents.number()
	return p, err
}

// revents returns what poll(2) says of a socket: what was asked for, and
// errors and hang-ups in any case.
func (r *runner) revents(p *polled) int64 {
	got := r.pollMask(p.d.live)
	return got & (p.events | pollErr | pollHup | symbols["POLLNVAL"])
}

func (r *runner) pollMask(fd int32) (mask int64) {
	ready := r.host.Ready(fd)
	c := r.host.Conn(fd)
	if c == nil && !r.isUDP(fd) {
		return symbols["POLLNVAL"]
	}
	if ready&stack.Readable != 0 {
		mask |= pollIn | symbols["POLLRDNORM"]
	}
	if ready&stack.Writable != 0 {
		mask |= pollOut | symbols["POLLWRNORM"]
	}
	if ready&stack.Failed != 0 {
		mask |= pollErr
	}
	if ready&stack.Pressing != 0 {
		mask |= symbols["POLLPRI"]
	}
	if c == nil {
		return mask
	}
	fresh := c.Fresh()
	noMore := c.FinReceived || c.ReadShut || c.State == tcp.Closed && !fresh
	if fresh {
		mask &^= pollIn | symbols["POLLRDNORM"]
	}
	if noMore {
		mask |= pollRdHup
	}
	if c.State == tcp.Closed || noMore && c.FinQueued {
		mask |= pollHup
	}
	return mask
}

// eventNames writes a set of events as scripts do.
func eventNames(mask int64) string {
	s := ""
	for _, name := range []string{"POLLIN", "POLLPRI", "POLLOUT", "POLLERR", "POLLHUP", "POLLNVAL", "POLLRDNORM", "POLLWRNORM", "POLLRDHUP"} {
		if mask&symbols[name] != 0 {
			s += "|" + name
			mask &^= symbols[name]
		}
	}
	if mask != 0 || s == "" {
		s += "|" + itoa(mask)
	}
	return s[1:]
}
