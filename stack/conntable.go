package stack

import (
	"encoding/binary"
	"math/bits"

	"wirelab/stack/tcp"
)

// tuple names a connection; a listener has no remote end.
type tuple struct{ local, remote tcp.Endpoint }

// connTable finds connections by their ends. It is no state: whoever restores a host fills it again. It keeps slots of
// Host.Conns alone, in open addressing: ten thousand connections cost a few bytes each, and the ends stand in one place.
type connTable struct {
	slots []uint32 // plus one; zero: free. Their number is a power of two, and at most three of four are taken
	taken int
}

func (k *tuple) hash() uint32 {
	x := word(k.local.Addr[8:]) ^ bits.RotateLeft64(word(k.remote.Addr[8:]), 32) ^ uint64(k.local.Port)<<16 ^ uint64(k.remote.Port)
	y := word(k.local.Addr[:]) + bits.RotateLeft64(word(k.remote.Addr[:]), 17)
	return uint32(mix(x, y) >> 32)
}

func word(b []byte) uint64 { return binary.LittleEndian.Uint64(b) }

func tupleOf(c *tcp.Conn) tuple { return tuple{c.Local, c.Remote} }

// place returns where a connection stands, or, if there is none, where it would.
func (t *connTable) place(conns []tcp.Conn, k *tuple) (at uint32, found bool) {
	mask := uint32(len(t.slots) - 1)
	for at = k.hash() & mask; t.slots[at] != 0; at = (at + 1) & mask {
		if c := &conns[t.slots[at]-1]; c.Local == k.local && c.Remote == k.remote {
			return at, true
		}
	}
	return at, false
}

// find returns the slot of a connection.
func (t *connTable) find(conns []tcp.Conn, k *tuple) (slot uint32, found bool) {
	if t.taken == 0 {
		return 0, false
	}
	at, found := t.place(conns, k)
	return t.slots[at] - 1, found
}

// put makes the connection in a slot the one with its ends.
func (t *connTable) put(conns []tcp.Conn, slot uint32) {
	t.reserve(conns, t.taken+1)
	k := tupleOf(&conns[slot])
	at, found := t.place(conns, &k)
	if t.slots[at] = slot + 1; !found {
		t.taken++
	}
}

// reserve makes room for n connections.
func (t *connTable) reserve(conns []tcp.Conn, n int) {
	size := max(len(t.slots), 8)
	for n*4 > size*3 {
		size *= 2
	}
	if size == len(t.slots) {
		return
	}
	old := t.slots
	t.slots = make([]uint32, size)
	for _, s := range old {
		if s != 0 {
			k := tupleOf(&conns[s-1])
			at, _ := t.place(conns, &k)
			t.slots[at] = s
		}
	}
}

// remove takes the connection in a slot out, if it is the one with its ends. What stands behind it moves up: a search ends at the
// first free place.
func (t *connTable) remove(conns []tcp.Conn, slot uint32) {
	if t.taken == 0 {
		return
	}
	k := tupleOf(&conns[slot])
	at, found := t.place(conns, &k)
	if !found || t.slots[at] != slot+1 {
		return
	}
	mask := uint32(len(t.slots) - 1)
	for next := (at + 1) & mask; t.slots[next] != 0; next = (next + 1) & mask {
		k := tupleOf(&conns[t.slots[next]-1])
		if home := k.hash() & mask; (next-home)&mask >= (next-at)&mask {
			t.slots[at], at = t.slots[next], next
		}
	}
	t.slots[at] = 0
	t.taken--
}
