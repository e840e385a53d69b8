package stack

import (
	"testing"

	"wirelab/stack/tcp"
)

func TestAbort(t *testing.T) {
	p := newPair(t)
	fd, _, _ := p.connect()
	h := p.hosts[0]
	if err := h.Abort(fd); err != 0 {
		t.Fatal(err)
	}
	if _, err := h.Read(fd, make([]byte, 9)); err != tcp.ECONNABORTED {
		t.Error(err)
	}
	if err := h.Abort(fd); err != tcp.ENOTCONN {
		t.Error(err)
	}
	if err := h.Abort(99); err != tcp.EBADF {
		t.Error(err)
	}
	if err := h.AbortBetween(tcp.Endpoint{}, tcp.Endpoint{Port: 1}); err != tcp.ENOENT {
		t.Error(err)
	}
	if h.Counters.OutRsts != 1 {
		t.Error(h.Counters.OutRsts)
	}
}

// A connection that its program has closed can be ended, too: nothing is left of it.
func TestAbortOfAnOrphan(t *testing.T) {
	p := newPair(t)
	fd, _, _ := p.connect()
	h := p.hosts[0]
	local, remote := h.Conn(fd).Local, h.Conn(fd).Remote
	h.Close(fd)
	if err := h.AbortBetween(local, remote); err != 0 {
		t.Error(err)
	}
	if c := h.lookup(local, remote); c != nil {
		t.Error(c.State)
	}
}
