package wire

import (
	"encoding/hex"
	"math/bits"
	"slices"
	"strconv"
	"strings"

	"wirelab/stack/problem"
)

// Edit writes value into the field of frame that Fields names key, the outermost of several, in place:
// addresses as they are written, numbers in decimal or with 0x, anything else as hexadecimal bytes of the
// field's length; "frame[OFFSET]" is a single byte. With mend the checksums that cover it are
// made right again, where the frame holds all that they need.
func Edit(frame []byte, key, value string, mend bool) error {
	f, err := editable(frame, key)
	if err != nil {
		return err
	}
	if err := put(frame[f.Start:f.End], f, value); err != nil {
		return err
	}
	if mend {
		mendSums(frame)
	}
	return nil
}

// editable finds the field.
func editable(frame []byte, key string) (Field, error) {
	if at, ok := strings.CutPrefix(key, "frame["); ok {
		n, err := strconv.Atoi(strings.TrimSuffix(at, "]"))
		if err != nil || n < 0 || n >= len(frame) {
			return Field{}, problem.New("the frame has bytes 0 to %d; %s is none of them", len(frame)-1, key)
		}
		return Field{Key: key, Start: n, End: n + 1}, nil
	}
	var room [96]Field
	for _, f := range Fields(room[:0], frame) {
		if f.Key == key && f.End > f.Start {
			return f, nil
		}
	}
	return Field{}, problem.New("this packet has no field %s; it has %s", key, strings.Join(keysOf(Fields(room[:0], frame)), ", "))
}

// keysOf returns the keys of fields that stand in the frame, each once, without whole protocols and parts of fields: those can be had as
// well, but they would make the list too long to read.
func keysOf(fields []Field) (keys []string) {
	for _, f := range fields {
		if f.End > f.Start && strings.Count(f.Key, ".") == 1 && !slices.Contains(keys, f.Key) {
			keys = append(keys, f.Key)
		}
	}
	return keys
}

// put writes value into the bits of b that the field has.
func put(b []byte, f Field, value string) error {
	if ok, err := putAddr(b, f, value); ok || err != nil {
		return err
	}
	if len(b) <= 8 {
		if v, err := strconv.ParseUint(value, 0, 64); err == nil {
			mask := f.mask
			if mask == 0 {
				mask = 1<<(8*len(b)-1)<<1 - 1
			}
			shift := bits.TrailingZeros64(mask)
			if v > mask>>shift {
				return problem.New("%s holds at most %d, not %s", f.Key, mask>>shift, value)
			}
			v <<= shift
			for i := len(b) - 1; i >= 0; i-- {
				b[i] = b[i]&^byte(mask) | byte(v)
				mask, v = mask>>8, v>>8
			}
			return nil
		}
	}
	raw, err := hex.DecodeString(strings.NewReplacer(":", "", " ", "").Replace(value))
	if err != nil || len(raw) != len(b) || f.mask != 0 {
		return problem.New("%s takes %s, not %q", f.Key, takes(b, f), value)
	}
	copy(b, raw)
	return nil
}

// putAddr writes an address, if the field is one.
func putAddr(b []byte, f Field, value string) (bool, error) {
	switch {
	case strings.Contains(value, ".") && len(b) == 4, strings.Contains(value, ":") && len(b) == 16:
		a, err := ParseAddr(value)
		if err != nil || a.Is4() != (len(b) == 4) {
			return false, problem.New("%s takes an address of %d bytes, not %q", f.Key, len(b), value)
		}
		copy(b, a[16-len(b):])
		return true, nil
	}
	return false, nil
}

// takes says what is written into a field.
func takes(b []byte, f Field) error {
	switch {
	case f.mask != 0:
		return problem.New("a number")
	case len(b) == 1:
		return problem.New("a number or one byte such as 0x2a")
	}
	return problem.New("%d bytes such as %s", len(b), strings.Repeat("2a", min(len(b), 4)))
}

// mendSums makes the checksums of a frame right, as far as it holds what they cover.
func mendSums(frame []byte) {
	eth, ok := ParseEthernet(frame)
	if !ok {
		return
	}
	switch eth.Type() {
	case TypeIPv4:
		p, ok := ParseIPv4(eth.Payload())
		if !ok {
			return
		}
		p[10], p[11] = 0, 0
		be.PutUint16(p[10:], Sum(0).AddBytes(p[:p.HeaderLen()]).Fold())
		if !p.IsFragment() {
			src, dst := p.Src(), p.Dst()
			mendUpper(p.Payload(), p.Protocol(), &src, &dst)
		}
	case TypeIPv6:
		p, ok := ParseIPv6(eth.Payload())
		if ok && (p.NextHeader() == ProtoTCP || p.NextHeader() == ProtoUDP || p.NextHeader() == ProtoICMPv6) {
			src, dst := p.Src(), p.Dst()
			mendUpper(p.Payload(), p.NextHeader(), &src, &dst)
		}
	}
}

// mendUpper makes the checksum of a TCP segment, UDP datagram or ICMP message right.
func mendUpper(b []byte, proto uint8, src, dst *Addr) {
	at, sum := 0, PseudoSum(src, dst, proto, len(b))
	switch {
	case proto == ProtoTCP && len(b) >= TCPLen:
		at = 16
	case proto == ProtoUDP && len(b) >= UDPLen:
		if at = 6; src.Is4() && b[6]|b[7] == 0 { // none was made (RFC 768)
			return
		}
	case proto == ProtoICMPv6 && len(b) >= ICMPLen:
		at = 2
	case proto == ProtoICMP && len(b) >= ICMPLen:
		at, sum = 2, 0
	default:
		return
	}
	b[at], b[at+1] = 0, 0
	v := sum.AddBytes(b).Fold()
	if v == 0 && proto == ProtoUDP {
		v = 0xffff
	}
	be.PutUint16(b[at:], v)
}
