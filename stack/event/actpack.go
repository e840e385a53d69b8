package event

import (
	"encoding/binary"
	"math/bits"

	"wirelab/stack/wire"
)

// Acts are packed by chunks: what many have in common stands in a dictionary, the rest as differences to the one
// before, in variable length.

// actKin is what acts of one kind have in common.
type actKin struct {
	host, conn, gen, pid  uint32
	fd                    int32
	local, remote         wire.Addr
	localPort, remotePort uint16
	err                   int16
	call                  Call
	timer                 Timer
	program, option       uint8
}

func (a *Act) kin() actKin {
	return actKin{a.Host, a.Conn, a.Gen, a.PID, a.FD, a.Local, a.Remote, a.LocalPort, a.RemotePort, a.Err, a.Call, a.Timer, a.Program, a.Option}
}

func (k *actKin) put(a *Act) {
	a.Host, a.Conn, a.Gen, a.PID, a.FD, a.Local, a.Remote = k.host, k.conn, k.gen, k.pid, k.fd, k.local, k.remote
	a.LocalPort, a.RemotePort, a.Err, a.Call, a.Timer, a.Program, a.Option = k.localPort, k.remotePort, k.err, k.call, k.timer, k.program, k.option
}

// actNumbers is how many other numbers there are: the first of them grow, and From is near the event.
const actNumbers = 9

func (a *Act) numbers() [actNumbers]uint64 {
	return [actNumbers]uint64{uint64(a.TimeNs), a.Cause.Event, a.Change, a.Cause.Event - uint64(a.From), uint64(a.Cause.Index), uint64(a.Changes), uint64(a.Sent), uint64(a.Arg), uint64(a.Result)}
}

func (a *Act) setNumbers(n *[actNumbers]uint64) {
	a.TimeNs, a.Cause.Event, a.Change, a.From = int64(n[0]), n[1], n[2], Ref(n[1]-n[3])
	a.Cause.Index, a.Changes, a.Sent, a.Arg, a.Result = uint32(n[4]), uint32(n[5]), uint32(n[6]), int64(n[7]), int64(n[8])
}

// actPacker remembers what packing and unpacking go by.
type actPacker struct {
	index  map[actKin]int
	kinds  []actKin
	recent [2]int // most acts are like one of the last two
	last   [actNumbers]uint64
}

func newActPacker() *actPacker { return &actPacker{index: map[actKin]int{}} }

func (p *actPacker) reset() {
	clear(p.index)
	p.kinds, p.recent, p.last = p.kinds[:0], [2]int{-1, -1}, [actNumbers]uint64{}
}

// kindOf returns the number of a kind, and whether it has one already.
func (p *actPacker) kindOf(k *actKin) (n int, known bool) {
	for _, n := range p.recent {
		if n >= 0 && p.kinds[n] == *k {
			return n, true
		}
	}
	if n, known = p.index[*k]; !known {
		n = len(p.kinds)
		p.index[*k], p.kinds = n, append(p.kinds, *k)
	}
	p.recent = [2]int{n, p.recent[0]}
	return n, known
}

func (p *actPacker) pack(dst []byte, chunk []Act) []byte {
	p.reset()
	for i := range chunk {
		a := &chunk[i]
		k := a.kin()
		n, known := p.kindOf(&k)
		if dst = binary.AppendUvarint(dst, uint64(n)); !known {
			dst = appendActKin(dst, &k)
		}
		at, changed := len(dst), uint16(0) // bit j is set if number j is not as it was in the act before
		dst = append(dst, 0, 0)
		for j, v := range a.numbers() {
			if d := v - p.last[j]; d != 0 {
				dst = binary.AppendVarint(dst, int64(d))
				p.last[j] = v
				changed |= 1 << j
			}
		}
		binary.LittleEndian.PutUint16(dst[at:], changed)
	}
	return dst
}

func (p *actPacker) unpack(chunk []Act, b []byte) {
	p.reset()
	for i := range chunk {
		kind, size := binary.Uvarint(b)
		b = b[size:]
		if int(kind) == len(p.kinds) {
			var k actKin
			b = readActKin(b, &k)
			p.kinds = append(p.kinds, k)
		}
		a := &chunk[i]
		p.kinds[kind].put(a)
		changed := binary.LittleEndian.Uint16(b)
		for b = b[2:]; changed != 0; changed &= changed - 1 {
			v, size := binary.Varint(b)
			b = b[size:]
			p.last[bits.TrailingZeros16(changed)] += uint64(v)
		}
		a.setNumbers(&p.last)
	}
}

func appendActKin(dst []byte, k *actKin) []byte {
	for _, v := range [...]uint32{k.host, k.conn, k.gen, k.pid, uint32(k.fd), uint32(k.localPort), uint32(k.remotePort), uint32(uint16(k.err))} {
		dst = binary.AppendUvarint(dst, uint64(v))
	}
	return append(append(append(dst, k.local[:]...), k.remote[:]...), uint8(k.call), uint8(k.timer), k.program, k.option)
}

func readActKin(b []byte, k *actKin) []byte {
	var v [8]uint32
	for i := range v {
		x, n := binary.Uvarint(b)
		v[i], b = uint32(x), b[n:]
	}
	k.host, k.conn, k.gen, k.pid, k.fd = v[0], v[1], v[2], v[3], int32(v[4])
	k.localPort, k.remotePort, k.err = uint16(v[5]), uint16(v[6]), int16(v[7])
	b = b[copy(k.local[:], b):]
	b = b[copy(k.remote[:], b):]
	k.call, k.timer, k.program, k.option = Call(b[0]), Timer(b[1]), b[2], b[3]
	return b[4:]
}
