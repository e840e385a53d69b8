package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

// Disconnect is connect(2) to an address of AF_UNSPEC: a connection is given up, with a reset to a peer that
// knows of it, and a listener closed. The socket is then as new, with the options that it had; a port that nobody
// asked for goes back.
func (h *Host) Disconnect(fd int32) tcp.Errno {
	s := h.socket(fd)
	switch {
	case s == nil:
		return tcp.EBADF
	case s.Kind != SockTCP:
		s.Remote = tcp.Endpoint{}
		return 0
	}
	c := &h.Conns[s.Conn-1]
	if c.State == tcp.Listen {
		h.closeChildren(c.ID)
	}
	if c.State != tcp.Closed {
		h.run(c, event.ResetAbort, func(c *tcp.Conn) { c.Abort(&h.env) })
	}
	h.disconnect(s)
	return 0
}
