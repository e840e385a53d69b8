package stack

import (
	"encoding/binary"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// IPv6 flow labels (RFC 6437): routers may spread flows over several paths by them. As in Linux a
// connection keeps one until a timeout says that its path may be broken; then it tries another.

// Values of net.ipv6.auto_flowlabels.
const (
	labelsOff = iota
	labelsOn
	labelsAsked // for sockets that ask: none can
	labelsForced
)

func (h *Host) labels() bool { return h.IP.AutoFlowLabels&1 != 0 }

// connLabel returns the flow label of a connection, and chooses one if it has none or had to
// give its last one up.
func (h *Host) connLabel(c *tcp.Conn) uint32 {
	if c.Remote.Addr.Is4() || !h.labels() {
		return 0
	}
	if c.TxHash == 0 {
		c.TxHash = max(h.flowHash(&c.Local, &c.Remote, wire.ProtoTCP, h.env.Now), 1)
	}
	return c.TxHash
}

// packetLabel returns the flow label of a packet that belongs to no connection.
func (h *Host) packetLabel(local, remote *tcp.Endpoint, proto uint8) uint32 {
	if remote.Addr.Is4() || !h.labels() {
		return 0
	}
	return max(h.flowHash(local, remote, proto, 0), 1)
}

// flowHash is a keyed hash of what makes a flow (RFC 6437 §3), in the 20 bits of a label; at tells one choice for it
// from another.
func (h *Host) flowHash(local, remote *tcp.Endpoint, proto uint8, at int64) uint32 {
	var b [48]byte
	copy(b[:], local.Addr[:])
	copy(b[16:], remote.Addr[:])
	binary.BigEndian.PutUint16(b[32:], local.Port)
	binary.BigEndian.PutUint16(b[34:], remote.Port)
	b[36] = proto
	binary.BigEndian.PutUint64(b[40:], uint64(at))
	return uint32(sipHash(h.Secret, b[:])) & 0xfffff
}
