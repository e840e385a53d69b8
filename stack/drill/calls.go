package drill

import (
	"fmt"
	"strconv"

	"wirelab/stack/tcp"
	"wirelab/stack/timer"
)

// descriptor is a file descriptor of the script.
type descriptor struct {
	script   int64
	live     int32 // of the host
	nonblock bool
	cloexec  bool    // shown and no more: no program is started
	inq      bool    // TCP_INQ: recvmsg tells how much is left
	full     bool    // a write found no room, and nothing has told of room since
	watches  []watch // of epoll_ctl
}

// outcome is what a try at a call gives: a result, or that it would block.
type outcome struct {
	value  int64
	errno  tcp.Errno
	wait   bool  // nothing yet; ask again when something has happened
	wakeAt int64 // with wait: ask again then at the latest; zero: never
	// What a call wrote through its arguments, if it is not what the script says.
	expected, got string
}

func result(n int, errno tcp.Errno) outcome { return outcome{value: int64(n), errno: errno} }

// attempt is a call that can be tried again until it no longer blocks.
type attempt func() outcome

// blockedCall is a call t...u that has not returned.
type blockedCall struct {
	e       *Event
	at, end int64
	try     attempt
	wakeAt  int64
}

// call makes a system call at the present time.
func (r *runner) call(e *Event, at, end int64) error {
	if e.When.Blocking && r.blocked != nil { // there is one thread for them
		if err := r.awaitBlocked(r.now + blockedMax); err != nil {
			return err
		}
		r.begin()
	}
	try, err := r.prepareCall(e.Call, e.Line)
	if err != nil {
		return err
	}
	out := try()
	if e.When.Blocking && out.wait {
		r.log("%s blocks", e.Call.text())
		r.blocked = &blockedCall{e, at, end, try, wake(out)}
		return nil
	}
	for limit := r.now + blockedMax; out.wait; out = try() {
		at := min(r.next(), wake(out))
		if at > limit {
			return failed(e.Line, e.Call.text()+" to return", "it blocks for ever")
		}
		if at < r.next() {
			r.now = at
			r.begin()
			continue
		}
		if err := r.step(); err != nil {
			return err
		}
	}
	if err := r.returned(e, out); err != nil {
		return err
	}
	if e.When.Blocking {
		if err := r.checkReturn(e, at, end); err != nil {
			return err
		}
	}
	return r.retry()
}

func wake(o outcome) int64 {
	if o.wakeAt == 0 {
		return timer.Never
	}
	return o.wakeAt
}

// retry asks the blocked call again, since something has happened.
func (r *runner) retry() error {
	b := r.blocked
	if b == nil {
		return nil
	}
	out := b.try()
	if out.wait {
		b.wakeAt = wake(out)
		return nil
	}
	r.blocked = nil
	if err := r.returned(b.e, out); err != nil {
		return err
	}
	return r.checkReturn(b.e, b.at, b.end)
}

// awaitBlocked runs on until the blocked call has returned.
func (r *runner) awaitBlocked(limit int64) error {
	for r.blocked != nil {
		if r.next() > limit {
			return failed(r.blocked.e.Line, fmt.Sprintf("%s to return at %s", r.blocked.e.Call.text(), clock(r.blocked.end-r.start)), "it blocks still at "+clock(limit-r.start))
		}
		if err := r.step(); err != nil {
			return err
		}
	}
	return nil
}

// checkReturn compares when a blocking call returned with when it was to.
func (r *runner) checkReturn(e *Event, at, end int64) error {
	tol := r.set.tolerance(end - at)
	if r.now >= end-tol && r.now <= end+tol {
		return nil
	}
	return failed(e.Line, fmt.Sprintf("%s to return at %s (within %d us)", e.Call.text(), clock(end-r.start), tol/1000), "it to return at "+clock(r.now-r.start))
}

// makesDescriptor names the calls whose result is a descriptor.
var makesDescriptor = map[string]bool{"socket": true, "accept": true, "accept4": true, "epoll_create": true, "epoll_create1": true, "open": true}

// returned compares a call's outcome with the script's.
func (r *runner) returned(e *Event, out outcome) error {
	k := e.Call
	got := strconv.FormatInt(out.value, 10)
	if out.errno != 0 {
		out.value = -1
		got = "-1 " + errnoText(out.errno)
	}
	r.log("%s = %s", k.text(), got)
	if k.Result.Kind == Ellipsis && k.Errno == "" {
		return nil
	}
	want, err := int64(0), error(nil)
	if k.Result.Kind != Ellipsis {
		if want, err = k.Result.number(); err != nil {
			return err
		}
	}
	text := strconv.FormatInt(want, 10)
	if k.Errno != "" {
		text += " " + k.Errno
		errno, ok := errnoByName(k.Errno)
		if !ok {
			return cannot(e.Line, "the error %s is not known", k.Errno)
		}
		if errno != out.errno {
			return failed(e.Line, k.text()+" = "+text, got)
		}
		return nil
	}
	if makesDescriptor[k.Name] && out.errno == 0 && want >= 0 {
		r.fds = append(r.fds, &descriptor{script: want, live: int32(out.value), nonblock: r.bornNonblocking(k)})
		return nil
	}
	if out.errno != 0 && want == -1 { // the script leaves open why
		return nil
	}
	if out.errno != 0 || out.value != want {
		return failed(e.Line, k.text()+" = "+text, got)
	}
	if out.expected != "" {
		return failed(e.Line, k.text()+" "+out.expected, out.got)
	}
	return nil
}

// bornNonblocking reports whether socket or accept4 asks for SOCK_NONBLOCK.
func (r *runner) bornNonblocking(k *Call) bool {
	at := map[string]int{"socket": 1, "accept4": 3}[k.Name]
	if at == 0 || at >= len(k.Args) {
		return false
	}
	v, err := k.Args[at].number()
	return err == nil && v&symbols["SOCK_NONBLOCK"] != 0
}

// fd returns the descriptor that an argument names. One that is not open has
// a number that the host knows nothing of.
func (r *runner) fd(e *Expr) (*descriptor, error) {
	v, err := e.number()
	if err != nil {
		return nil, err
	}
	for i := len(r.fds) - 1; i >= 0; i-- {
		if r.fds[i].script == v {
			return r.fds[i], nil
		}
	}
	return &descriptor{script: v, live: -1}, nil
}

// forget takes a descriptor out that was closed.
func (r *runner) forget(script int64) {
	for i := len(r.fds) - 1; i >= 0; i-- {
		if r.fds[i].script == script {
			r.fds = append(r.fds[:i], r.fds[i+1:]...)
			return
		}
	}
}
