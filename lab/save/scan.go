package save

import (
	"encoding/binary"

	"wirelab/stack/problem"
)

const (
	maxDepth    = 16
	maxElements = 4 << 20
)

// scan walks over MessagePack without recursion and without believing any
// length: nesting, counts and sizes are checked against what is there, before
// a decoder allocates by them.
func scan(b []byte) error {
	var open [maxDepth]int // values still to come at each level
	depth, seen := 0, 0
	open[0] = 1
	for at := 0; ; {
		for open[depth] == 0 {
			if depth == 0 {
				if at != len(b) {
					return problem.New("%d bytes follow its end", len(b)-at)
				}
				return nil
			}
			depth--
		}
		open[depth]--
		if seen++; seen > maxElements {
			return problem.New("it has more than %d values", maxElements)
		}
		size, inside, err := head(b, at)
		if err != nil {
			return err
		}
		at += size
		if inside == 0 {
			continue
		}
		if inside > len(b)-at {
			return problem.New("at byte %d it announces %d values, more than there are bytes", at, inside)
		}
		if depth++; depth == maxDepth {
			return problem.New("at byte %d it is nested more than %d deep", at, maxDepth)
		}
		open[depth] = inside
	}
}

// head returns the length of the value at offset at without the values inside
// it, and how many those are.
func head(b []byte, at int) (size, inside int, err error) {
	if at >= len(b) {
		return 0, 0, problem.New("it ends at byte %d in the middle of a value", at)
	}
	c := b[at]
	switch {
	case c < 0x80 || c >= 0xe0: // small integers
		return 1, 0, nil
	case c < 0x90:
		return 1, 2 * int(c&15), nil
	case c < 0xa0:
		return 1, int(c & 15), nil
	case c < 0xc0:
		return within(b, at, 1, int(c&31))
	case c >= 0xd4 && c <= 0xd8: // fixed extensions of 1 … 16 bytes
		return within(b, at, 2, 1<<(c-0xd4))
	}
	// By code from 0xc0: bytes of the length field, bytes of fixed contents, how
	// many values each counted one holds.
	f := [...]struct{ field, fixed, each int }{
		{0, 0, 0}, {-1, 0, 0}, {0, 0, 0}, {0, 0, 0}, // nil, unused, false, true
		{1, 0, 0}, {2, 0, 0}, {4, 0, 0}, // bin
		{1, 1, 0}, {2, 1, 0}, {4, 1, 0}, // ext
		{0, 4, 0}, {0, 8, 0}, // float
		{0, 1, 0}, {0, 2, 0}, {0, 4, 0}, {0, 8, 0}, // uint
		{0, 1, 0}, {0, 2, 0}, {0, 4, 0}, {0, 8, 0}, // int
		{0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}, {0, 0, 0}, // fixext, above
		{1, 0, 0}, {2, 0, 0}, {4, 0, 0}, // str
		{2, 0, 1}, {4, 0, 1}, {2, 0, 2}, {4, 0, 2}, // array, map
	}[c-0xc0]
	if f.field < 0 {
		return 0, 0, problem.New("byte %d has no meaning", at)
	}
	if at+1+f.field > len(b) {
		return 0, 0, problem.New("it ends at byte %d in the middle of a value", len(b))
	}
	var n uint32
	switch f.field {
	case 1:
		n = uint32(b[at+1])
	case 2:
		n = uint32(binary.BigEndian.Uint16(b[at+1:]))
	case 4:
		n = binary.BigEndian.Uint32(b[at+1:])
	}
	if n > 1<<28 {
		return 0, 0, problem.New("at byte %d it announces %d bytes or values", at, n)
	}
	if f.each > 0 {
		return 1 + f.field, int(n) * f.each, nil
	}
	return within(b, at, 1+f.field+f.fixed, int(n))
}

// within checks that header and contents lie within b.
func within(b []byte, at, header, contents int) (int, int, error) {
	if at+header+contents > len(b) {
		return 0, 0, problem.New("at byte %d it announces %d bytes, more than there are", at, contents)
	}
	return header + contents, 0, nil
}
