package prog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/timer"
)

// What the flags of send and recv, the options with a structure, and lingering mean for a script.

// Flags of send and recv, with Linux's values.
const (
	msgOOB      = 0x1
	msgPeek     = 0x2
	msgDontWait = 0x40
	msgEOR      = 0x80
	msgWaitAll  = 0x100
	msgNoSignal = 0x4000
	msgMore     = 0x8000
)

// flags reads argument i, if it is there: flags, of which only those in may count.
func (k *scriptRun) flags(i int, may int64) int64 {
	v := k.number(i)
	if k.wrong == nil && v&^may != 0 {
		k.wrong = fmt.Errorf("flags %#x mean nothing here; there are %s", v&^may, flagNames(may))
	}
	k.dontWait = v&msgDontWait != 0
	return v
}

// flagNames writes flags as strace does.
func flagNames(v int64) string {
	var names []string
	for _, c := range constants {
		if strings.HasPrefix(c.Name, "MSG_") && v&c.Value != 0 {
			names = append(names, c.Name)
		}
	}
	if len(names) == 0 {
		return "0"
	}
	return strings.Join(names, "|")
}

// lengthAndFlags reads what follows the text of send or write: nothing, flags of send, or the length and flags as in C.
func (k *scriptRun) lengthAndFlags(name string, n int) (length int, flags int64) {
	length = n
	may := int64(msgOOB | msgDontWait | msgEOR | msgNoSignal | msgMore)
	switch {
	case name == "write" && len(k.args) > 2, len(k.args) > 3:
		v := k.number(2)
		if k.wrong == nil && (v < 0 || v > int64(n)) {
			k.wrong = fmt.Errorf("the length is %d, and the text has %d bytes", v, n)
			return 0, 0
		}
		length, flags = int(v), k.flags(3, may)
	case len(k.args) > 2:
		flags = k.flags(2, may)
	}
	return length, flags
}

// sendFlags are the flags as the stack takes them.
func sendFlags(flags int64) (how uint8) {
	for _, f := range []struct {
		flag int64
		how  uint8
	}{{msgMore, tcp.MsgMore}, {msgOOB, tcp.MsgOOB}, {msgEOR, tcp.MsgEOR}} {
		if flags&f.flag != 0 {
			how |= f.how
		}
	}
	return how
}

// receive reads from a stream: until as much is there as a blocking call waits for, in p.Buf.
func (k *scriptRun) receive(fd int32, most int, flags int64) ([]byte, tcp.Errno) {
	switch {
	case flags&msgOOB != 0:
		b, err := k.s.ReadUrgent(fd, flags&msgPeek != 0)
		return []byte{b}, err
	case flags&msgPeek != 0:
		b := k.s.scratch[:most]
		n, err := k.s.Peek(fd, b)
		if err == 0 && n < k.s.Host.WaitsFor(fd, most, flags&msgWaitAll != 0) && !k.dontWait && !k.s.Host.Ending(fd) {
			err = tcp.EAGAIN
		}
		return b[:n], err
	}
	target := k.s.Host.WaitsFor(fd, most, flags&msgWaitAll != 0)
	for {
		if len(k.p.Buf) > 0 && k.s.Host.Ended(fd) { // the end, or an error, is for the next call
			return k.p.Buf, 0
		}
		b := k.s.scratch[:most-len(k.p.Buf)]
		n, err := k.s.Read(fd, b)
		k.p.Buf = append(k.p.Buf, b[:n]...)
		switch {
		case err == tcp.EAGAIN && len(k.p.Buf) > 0 && k.dontWait:
			return k.p.Buf, 0
		case err != 0:
			return k.p.Buf, err
		case n == 0, len(k.p.Buf) >= target, k.dontWait:
			return k.p.Buf, 0
		}
	}
}

// pair reads {a, b} or {.name=a, .name=b}.
func pair(text string) (a, b int64, ok bool) {
	inside, found := strings.CutPrefix(text, "{")
	inside, closed := strings.CutSuffix(inside, "}")
	parts := strings.Split(inside, ",")
	if !found || !closed || len(parts) != 2 {
		return 0, 0, false
	}
	var v [2]int64
	for i, part := range parts {
		if at := strings.LastIndexByte(part, '='); at >= 0 {
			part = part[at+1:]
		}
		n, err := strconv.ParseInt(strings.TrimSpace(part), 0, 64)
		if err != nil {
			return 0, 0, false
		}
		v[i] = n
	}
	return v[0], v[1], true
}

// structured sets the options whose value is a structure. It reports whether name is one.
func (k *scriptRun) structured(fd int32, name, value string) (err tcp.Errno, is bool) {
	shape := "{tv_sec=%d, tv_usec=%d}"
	switch name {
	case "SO_LINGER":
		shape = "{l_onoff=%d, l_linger=%d}"
	case stack.ReceiveTimeout, stack.SendTimeout:
	default:
		return 0, false
	}
	a, b, ok := pair(value)
	if !ok {
		k.wrong = fmt.Errorf("%s takes a structure such as {1, 0}, not %q", name, value)
		return 0, true
	}
	k.show(shape, a, b)
	if name == "SO_LINGER" {
		k.show("8")
		return k.s.SetLinger(fd, a != 0, b), true
	}
	k.show("16")
	return k.s.SetTimeout(fd, name, a, b), true
}

// textOption shows the options whose value is no number. It reports whether name is one.
func (k *scriptRun) textOption(fd int32, name string) (err tcp.Errno, is bool) {
	c := k.s.Conn(fd)
	switch {
	case c == nil:
		return 0, false
	case name == "TCP_CONGESTION":
		k.show("%q", tcp.AlgorithmName(c.Opts.CC))
		k.show("[16]")
	case name == "SO_LINGER":
		on := 0
		if c.Opts.Lingers {
			on = 1
		}
		k.show("{l_onoff=%d, l_linger=%d}", on, c.Opts.LingerS)
		k.show("[8]")
	case name == stack.ReceiveTimeout, name == stack.SendTimeout:
		ns := k.s.Host.Timeout(fd, name)
		k.show("{tv_sec=%d, tv_usec=%d}", ns/1_000_000_000, ns%1_000_000_000/1000)
		k.show("[16]")
	default:
		return 0, false
	}
	return 0, true
}

// waitAtMost makes a call that blocks end when its socket's timeout is over; name is SO_RCVTIMEO or SO_SNDTIMEO. It
// reports whether that is now.
func (k *scriptRun) waitAtMost(name string) (over bool) {
	limit := k.s.Host.Timeout(k.socket, name)
	switch {
	case limit == 0:
		return false
	case limit < 0:
		return true
	case !k.sc.Begun:
		k.sc.Until = k.s.Now + limit
	}
	return k.s.Now >= k.sc.Until
}

// lingers reports whether close(2) waits still: until everything written, and the FIN, is acknowledged, or SO_LINGER's
// time is over.
func (k *scriptRun) lingers() bool {
	c := &k.s.Conns[k.sc.Slot]
	unacked := c.State == tcp.FinWait1 || c.State == tcp.Closing || c.State == tcp.LastAck
	return c.Gen == k.sc.Gen && unacked && k.s.Now < k.sc.Until
}

func callClose(k *scriptRun) (int64, tcp.Errno) {
	fd := k.fd()
	if k.wrong != nil {
		return -1, 0
	}
	if k.sc.Begun { // it lingers
		k.blocks = k.lingers()
		return 0, 0
	}
	at := slices.Index(k.p.Files, fd)
	if at < 0 { // of another program, or of none
		return -1, tcp.EBADF
	}
	k.p.Files = slices.Delete(k.p.Files, at, at+1)
	c := k.s.Conn(fd)
	if c == nil || !c.Opts.Lingers || c.Opts.LingerS == 0 {
		return 0, k.s.Close(fd)
	}
	k.sc.Slot, k.sc.Gen, k.sc.Until = c.ID, c.Gen, k.s.Now+int64(c.Opts.LingerS)*1_000_000_000
	err := k.s.Close(fd)
	k.blocks = err == 0 && k.lingers()
	return 0, err
}

// wake returns when a call that blocks is looked at again, whatever happens.
func (sc *Script) wake() int64 {
	if sc.Until > 0 {
		return sc.Until
	}
	return timer.Never
}
