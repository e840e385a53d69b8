package stack

import (
	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

// Abort ends the connection of a socket from outside: the peer is sent a reset, and the
// program, which keeps the descriptor, reads ECONNABORTED.
func (h *Host) Abort(fd int32) tcp.Errno {
	c, err := h.conn(fd)
	if err == 0 {
		err = h.abort(c)
	}
	return err
}

// AbortBetween does so for the connection between two ends, also if no program holds it any
// more, as tcpdrop(8) and ss --kill do.
func (h *Host) AbortBetween(local, remote tcp.Endpoint) tcp.Errno {
	c := h.lookup(local, remote)
	if c == nil {
		return tcp.ENOENT
	}
	return h.abort(c)
}

func (h *Host) abort(c *tcp.Conn) tcp.Errno {
	switch c.State {
	case tcp.Closed:
		return tcp.ENOTCONN
	case tcp.Listen:
		h.closeChildren(c.ID)
	}
	h.run(c, event.ResetAbort, func(c *tcp.Conn) {
		c.Abort(&h.env)
		c.Fail(&h.env, tcp.ECONNABORTED)
	})
	return 0
}
