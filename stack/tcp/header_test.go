package tcp_test

import (
	"fmt"
	"testing"

	"wirelab/stack"
	"wirelab/stack/block"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// A segment of which any one bit was turned over is dropped, counted and not answered, and the connection
// does not notice (RFC 9293 §3.1, MUST-3). Turned back it is good.
func TestEveryBit(t *testing.T) {
	p := newPair(t)
	_, b, _ := p.connect()
	h := p.hosts[1]
	c := h.Conn(b)
	opts := []byte{1, 1, 1, 77, 4, 0x55, 0xaa, 1}
	before, sent := fmt.Sprintf("%+v", *c), len(p.sent)
	frame := func() block.Handle {
		return p.craft(1, c.Remote, c.Local, c.RcvNxt, c.SndNxt, wire.ACK|wire.PSH, opts, []byte("sound"))
	}
	whole := frame()
	n := len(p.pool.Data(whole))
	p.pool.Release(whole)
	for bit := range 8 * (n - wire.EthernetLen) {
		f := frame()
		p.pool.Data(f)[wire.EthernetLen+bit/8] ^= 1 << (bit % 8)
		bad := func() uint64 { return h.Counters.InErrs + h.Counters.IP.InHdrErrors }
		errs := bad()
		p.arrive(1, f)
		if got := bad(); got != errs+1 {
			t.Errorf("bit %d of byte %d: %d errors counted", bit%8, bit/8, got-errs)
		}
		if after := fmt.Sprintf("%+v", *c); after != before || len(p.sent) != sent {
			t.Fatalf("bit %d of byte %d is not found out:\n%s\n%s", bit%8, bit/8, before, after)
		}
	}
	p.arrive(1, frame())
	if got := make([]byte, 9); h.Conn(b).RcvQueued != 5 {
		t.Error("the sound segment is not taken")
	} else if n, _ := h.Read(b, got); string(got[:n]) != "sound" {
		t.Errorf("%q", got[:n])
	}
}

// pad fills options up to a multiple of four.
func pad(opts []byte) []byte {
	for len(opts)%4 != 0 {
		opts = append(opts, wire.OptEnd)
	}
	return opts
}

// What stands in front of a damaged option of a SYN counts, nothing behind it does (RFC 9293 §3.1, MUST-4..7, MUST-64).
func TestSynOptions(t *testing.T) {
	nops := make([]byte, 40)
	for i := range nops {
		nops[i] = wire.OptNop
	}
	mss := []byte{wire.OptMSS, 4, 0x3, 0xe8}
	with := func(more ...byte) []byte { return append(append([]byte(nil), mss...), more...) }
	for _, c := range []struct {
		name  string
		opts  []byte
		mss   uint32
		scale bool
		sack  bool
	}{
		{"sound", with(wire.OptWindowScale, 3, 7, wire.OptSACKPermitted, 2), 1000, true, true},
		{"length 0", with(wire.OptWindowScale, 0, 7, wire.OptSACKPermitted, 2), 1000, false, false},
		{"length 1", with(wire.OptWindowScale, 1, 7, wire.OptSACKPermitted, 2), 1000, false, false},
		{"length 0 of an unknown kind", with(77, 0, wire.OptSACKPermitted, 2), 1000, false, false},
		{"longer than the options", with(77, 30, wire.OptSACKPermitted, 2), 1000, false, false},
		{"255 bytes", with(77, 255, wire.OptSACKPermitted, 2), 1000, false, false},
		{"a kind and no length", with(1, 1, 1, wire.OptWindowScale), 1000, false, false},
		{"MSS of 3 bytes", []byte{wire.OptMSS, 3, 5, wire.OptSACKPermitted, 2}, 536, false, true},
		{"MSS of 6 bytes", []byte{wire.OptMSS, 6, 5, 5, 5, 5, wire.OptSACKPermitted, 2}, 536, false, true},
		{"window scale of 4 bytes", with(wire.OptWindowScale, 4, 7, 7, wire.OptSACKPermitted, 2), 1000, false, true},
		{"SACK permitted of 3 bytes", with(wire.OptSACKPermitted, 3, 0), 1000, false, false},
		{"timestamps of 9 bytes", with(wire.OptTimestamps, 9, 1, 1, 1, 1, 1, 1, 1, wire.OptSACKPermitted, 2), 1000, false, true},
		{"an unknown kind is stepped over", with(77, 5, 1, 2, 3, wire.OptSACKPermitted, 2), 1000, false, true},
		{"nothing but no-operation", nops, 536, false, false},
		{"no-operation in between", with(1, 1, 1, wire.OptSACKPermitted, 2), 1000, false, true},
		{"behind the end of the list", with(wire.OptEnd, wire.OptSACKPermitted, 2), 1000, false, false},
		{"nothing but the end", make([]byte, 40), 536, false, false},
		{"MSS of zero", []byte{wire.OptMSS, 4, 0, 0}, 48, false, false},
		{"twice: the last counts", with(wire.OptMSS, 4, 0x2, 0x58), 600, false, false},
	} {
		t.Run(c.name, func(t *testing.T) {
			p := newPair(t)
			h := p.hosts[1]
			l, _ := h.Socket(stack.SockTCP)
			h.Bind(l, tcp.Endpoint{Port: 80})
			h.Listen(l, 5)
			from, to := tcp.Endpoint{Addr: ends[0].Addr, Port: 5}, tcp.Endpoint{Addr: ends[1].Addr, Port: 80}
			p.arrive(1, p.craft(1, from, to, 100, 0, wire.SYN, pad(c.opts), nil))
			conn := h.ConnBetween(to, from)
			if conn == nil || conn.State != tcp.SynReceived {
				t.Errorf("%s: no SYN-ACK", c.name)
				return
			}
			if conn.PeerMSS != c.mss || conn.ScaleOn != c.scale || conn.SackOn != c.sack || conn.TS.On {
				t.Errorf("%s: MSS %d, scale %v, SACK %v, timestamps %v", c.name, conn.PeerMSS, conn.ScaleOn, conn.SackOn, conn.TS.On)
			}
		})
	}
}

// Whatever stands in the options of a segment, its data arrives and the connection goes on: 20,000 segments, each
// with options drawn at random.
func TestAnyOptions(t *testing.T) {
	p := newPair(t)
	_, b, _ := p.connect()
	h := p.hosts[1]
	x := uint64(1)
	draw := func(n int) int {
		x = mix(x, 5)
		return int(x>>8) & (1<<30 - 1) % n
	}
	kinds := []byte{0, 1, 2, 3, 4, 5, 6, 28, 30, 34, 172, 254, 255} // all but timestamps: an old one would be right to drop
	for i := range 20_000 {
		opts := make([]byte, 4*draw(11))
		for k := range opts {
			switch draw(3) {
			case 0:
				opts[k] = kinds[draw(len(kinds))]
			case 1:
				opts[k] = byte(draw(12))
			}
			if opts[k] == wire.OptTimestamps {
				opts[k] = 0
			}
		}
		c := h.Conn(b)
		p.arrive(1, p.craft(1, c.Remote, c.Local, c.RcvNxt, c.SndNxt, wire.ACK|wire.PSH, opts, []byte{byte(i)}))
		got := make([]byte, 2)
		if n, err := h.Read(b, got); n != 1 || got[0] != byte(i) {
			t.Fatalf("segment %d with options %x: %d bytes, %v", i, opts, n, err)
		}
		p.air = p.air[:0]
		p.sent = p.sent[:0]
	}
	if c := h.Conn(b); c.State != tcp.Established {
		t.Error(c.State)
	}
}

// A header that says it is longer than the segment, or shorter than a header can be, is none (MUST-2).
func TestHeaderLengths(t *testing.T) {
	p := newPair(t)
	_, b, _ := p.connect()
	h := p.hosts[1]
	c := h.Conn(b)
	sent := len(p.sent)
	for words := range 16 {
		if words == 5 {
			continue
		}
		t.Run(fmt.Sprintf("%dwords", words), func(t *testing.T) {
			f := p.craft(1, c.Remote, c.Local, c.RcvNxt, c.SndNxt, wire.ACK, nil, []byte("text"))
			seg := p.pool.Data(f)[wire.EthernetLen+wire.IPv4Len:]
			seg[12] = byte(words << 4)
			seg[16], seg[17] = 0, 0
			sum := wire.PseudoSum(&c.Remote.Addr, &c.Local.Addr, wire.ProtoTCP, len(seg)).AddBytes(seg).Fold()
			seg[16], seg[17] = byte(sum>>8), byte(sum)
			errs := h.Counters.InErrs
			p.arrive(1, f)
			switch {
			case words == 6: // the data is taken for an option
				if h.Counters.InErrs != errs {
					t.Error("24 bytes of header are refused")
				}
			case h.Counters.InErrs != errs+1 || c.RcvQueued > 0 || len(p.sent) != sent:
				t.Errorf("%d words: %d errors, %d bytes, %d answers", words, h.Counters.InErrs-errs, c.RcvQueued, len(p.sent)-sent)
			}
			sent = len(p.sent)
		})
	}
}
