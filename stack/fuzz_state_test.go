package stack

import (
	"encoding/binary"
	"fmt"
	"testing"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// withOptions is a segment with options from port 1000 of A to port 7 of B.
func withOptions(seq, ack uint32, flags uint8, options string, data []byte) []byte {
	b := append(make([]byte, wire.TCPLen), options...)
	b = append(b, data...)
	wire.PutTCP(b, &ends[0].Addr, &ends[1].Addr, 1000, 7, seq, ack, flags, 60000, 0, len(options))
	return b
}

const (
	sackAndScale = "\x02\x04\x05\xb4\x01\x01\x04\x02\x01\x03\x03\x07" // MSS 1460, SACK permitted, a scale of 7
	timestamps   = "\x02\x04\x05\xb4\x04\x02\x08\x0a\x00\x00\x00\x01\x00\x00\x00\x00\x01\x03\x03\x07"
)

// inState returns a host whose connection from A stands in one of TCP's states or somewhere in loss
// recovery, and what that is.
func inState(which byte) (*target, string) {
	g := newTarget()
	options := [...]string{"", sackAndScale, timestamps}[which%3]
	if which/3%2 == 1 {
		g.SetSysctl("net.ipv4.tcp_congestion_control", "bbr")
	}
	g.Conns[1].Abort(&g.env)
	g.settle(&g.Conns[1], g.env.Cause, 0)
	g.Close(g.fd)
	c := &g.Conns[1] // the slot is used again
	ack := func(seq, una uint32, flags uint8) {
		opts := ""
		if c.TS.On {
			opts = "\x01\x01\x08\x0a\x00\x00\x00\x02" + string(binary.BigEndian.AppendUint32(nil, c.TS.Offset))
		}
		g.frame(wire.ProtoTCP, withOptions(seq, una, flags, opts, nil))
	}
	g.frame(wire.ProtoTCP, withOptions(1, 0, wire.SYN, options, nil))
	names := []string{"SYN-RECEIVED", "ESTABLISHED", "Loss", "Recovery", "FIN-WAIT-1", "FIN-WAIT-2", "CLOSE-WAIT", "CLOSING", "LAST-ACK", "TIME-WAIT", "out of order"}
	at := int(which/6) % len(names)
	if at == 0 {
		return g, names[at]
	}
	ack(2, c.SndNxt, wire.ACK)
	g.fd, _, _ = g.Accept(3)
	all := func() { ack(c.RcvNxt, c.SndNxt, wire.ACK) }
	switch names[at] {
	case "ESTABLISHED", "Loss", "Recovery":
		g.Write(g.fd, make([]byte, 12_000))
		if names[at] == "Loss" {
			for range 3 { // the first may be a tail loss probe
				g.now += 2 * second
				g.Poll(g.now)
			}
		}
		for i := uint32(2); names[at] == "Recovery" && i < 6; i++ {
			block := binary.BigEndian.AppendUint32([]byte{1, 1, wire.OptSACK, 10}, c.SndUna+1460)
			block = binary.BigEndian.AppendUint32(block, c.SndUna+1460*i)
			g.frame(wire.ProtoTCP, withOptions(c.RcvNxt, c.SndUna, wire.ACK, string(block), nil))
		}
	case "FIN-WAIT-1", "FIN-WAIT-2", "CLOSING", "TIME-WAIT":
		g.Shutdown(g.fd, false, true)
		if names[at] == "FIN-WAIT-2" || names[at] == "TIME-WAIT" {
			all()
		}
		if names[at] == "CLOSING" {
			ack(c.RcvNxt, c.SndUna, wire.ACK|wire.FIN)
		}
		if names[at] == "TIME-WAIT" {
			ack(c.RcvNxt, c.SndNxt, wire.ACK|wire.FIN)
		}
	case "CLOSE-WAIT", "LAST-ACK":
		ack(c.RcvNxt, c.SndNxt, wire.ACK|wire.FIN)
		if names[at] == "LAST-ACK" {
			g.Shutdown(g.fd, false, true)
		}
	case "out of order":
		for _, d := range []uint32{3000, 1000, 5000} {
			g.frame(wire.ProtoTCP, withOptions(c.RcvNxt+d, c.SndNxt, wire.ACK, "", make([]byte, 700)))
		}
	}
	return g, names[at]
}

// wrong returns what contradicts itself in a connection.
func wrong(c *tcp.Conn) string {
	var sacked, lost, retrans uint32
	at := c.SndUna
	for i := range c.Rtx.Len() {
		p := c.Rtx.At(i)
		if p.Seq != at || p.Len == 0 {
			return fmt.Sprintf("segment %d in flight begins at %d, not %d, and has %d", i, p.Seq, at, p.Len)
		}
		at += p.Len
		lost, retrans, sacked = lost+uint32(p.Mark&1), retrans+uint32(p.Mark>>1&1), sacked+uint32(p.Mark>>2&1)
	}
	var read uint32
	for i := range c.RcvBuf.Len() {
		read += c.RcvBuf.At(i).Len
	}
	switch {
	case c.Rtx.Len() > 0 && at != c.SndNxt:
		return fmt.Sprintf("the segments in flight end at %d, SND.NXT is %d", at, c.SndNxt)
	case lost != c.LostOut || retrans != c.RetransOut || c.SackOn && sacked != c.SackedOut:
		return fmt.Sprintf("marked are %d lost, %d repeated, %d SACKed; counted %d, %d, %d", lost, retrans, sacked, c.LostOut, c.RetransOut, c.SackedOut)
	case sacked+lost > uint32(c.Rtx.Len()):
		return "more is lost or SACKed than in flight"
	case read != c.RcvQueued:
		return fmt.Sprintf("%d bytes wait to be read, %d are counted", read, c.RcvQueued)
	case c.Cwnd == 0 && c.State >= tcp.Established:
		return "the congestion window is 0"
	}
	return ""
}

// Random segments, options, times and calls in every state: no panic, no block lost, and the control block never
// contradicts itself.
func FuzzStates(f *testing.F) {
	ins := func(op, how byte, a, b int16, flags byte, window uint16, data ...byte) []byte {
		in := []byte{op, how, byte(len(data)), byte(len(data) >> 8), byte(a), byte(a >> 8), byte(b), byte(b >> 8), flags, 0, byte(window), byte(window >> 8)}
		return append(in, data...)
	}
	for which := range byte(66) {
		sack := append([]byte{1, 1, 5, 10}, make([]byte, 8)...)
		f.Add(join([]byte{which}, ins(1, 0, 0, 1000, wire.ACK, 500), ins(2, 0x80, 0, 0, wire.ACK, 500, sack...), ins(1, 0, 0, 0, wire.ACK|wire.FIN, 0, 1, 2, 3), ins(4, 9, 0, 0, 0, 0), ins(5, 3, 0, 0, 0, 0), ins(1, 0, 0, 0, wire.RST, 0)))
	}
	f.Fuzz(func(t *testing.T, in []byte) {
		if len(in) == 0 {
			return
		}
		g, state := inState(in[0])
		for in = in[1:min(len(in), 1<<15)]; in != nil; in = g.do(in) {
			for i := range g.Conns {
				if why := wrong(&g.Conns[i]); why != "" && g.Conns[i].State != tcp.Closed {
					t.Fatalf("from %s on, connection %d in %v: %s", state, i, g.Conns[i].State, why)
				}
			}
		}
		if n := g.leftover(); n != 0 {
			t.Fatalf("%d blocks are left over", n)
		}
	})
}
