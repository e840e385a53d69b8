package event

import (
	"encoding/binary"

	"wirelab/stack/ring"
)

// Changes are packed by chunks: each as differences to the one before, in variable length.

func packChanges(dst []byte, chunk []Change) []byte {
	var last Change
	for i := range chunk {
		c := &chunk[i]
		dst = binary.AppendVarint(dst, c.TimeNs-last.TimeNs)
		dst = binary.AppendVarint(dst, int64(c.Cause.Event-last.Cause.Event))
		dst = binary.AppendUvarint(dst, uint64(c.Cause.Index))
		dst = binary.AppendVarint(dst, int64(c.Host)-int64(last.Host))
		dst = binary.AppendVarint(dst, int64(c.Conn)-int64(last.Conn))
		dst = binary.AppendVarint(dst, int64(c.Gen)-int64(last.Gen))
		dst = binary.AppendUvarint(dst, uint64(c.Mask))
		dst = binary.AppendVarint(dst, int64(c.first)-int64(last.first))
		dst = append(dst, uint8(c.Reason))
		last = *c
	}
	return dst
}

func unpackChanges(chunk []Change, b []byte) {
	signed := func() int64 {
		v, n := binary.Varint(b)
		b = b[n:]
		return v
	}
	unsigned := func() uint64 {
		v, n := binary.Uvarint(b)
		b = b[n:]
		return v
	}
	var last Change
	for i := range chunk {
		c := &chunk[i]
		c.TimeNs = last.TimeNs + signed()
		c.Cause.Event = last.Cause.Event + uint64(signed())
		c.Cause.Index = uint32(unsigned())
		c.Host = uint32(int64(last.Host) + signed())
		c.Conn = uint32(int64(last.Conn) + signed())
		c.Gen = uint32(int64(last.Gen) + signed())
		c.Mask = uint32(unsigned())
		c.first = uint32(int64(last.first) + signed())
		c.Reason = Reason(b[0])
		b = b[1:]
		last = *c
	}
}

// The new values of variables: those of one connection come again and again in the same order.
func packValues(dst []byte, chunk []uint32) []byte { return ring.PackWords(dst, chunk, 4) }
func unpackValues(chunk []uint32, b []byte)        { ring.UnpackWords(chunk, b, 4) }
