package drill

import (
	"encoding/binary"

	"wirelab/stack/wire"
)

// Kinds of TCP options that package wire has no need to name.
const (
	optMD5      = 19
	optFastOpen = 34
	optAccECN0  = 172
	optAccECN1  = 174
	optExpFO    = 254
	expFOMagic  = 0xf989
)

// options4 reads the <…> behind a segment's numbers.
func (c *cursor) options4(p *Packet) error {
	if ok, err := c.accept("<"); err != nil || !ok {
		return err
	}
	if ok, err := c.accept("..."); err != nil || ok {
		if err == nil && p.In {
			err = c.errorf("<...> is for segments that leave")
		}
		p.AnyOpts = true
		return c.orExpect(err, ">", "behind the options")
	}
	for {
		o, err := c.option()
		if err != nil {
			return err
		}
		p.Opts = append(p.Opts, o)
		ok, err := c.accept(",")
		if err != nil {
			return err
		}
		if !ok {
			break
		}
	}
	if err := c.expect(">", "behind the options"); err != nil {
		return err
	}
	n := optionsLen(p.Opts)
	switch {
	case n > wire.MaxTCPOptions:
		return c.errorf("the options take %d bytes; there is room for %d", n, wire.MaxTCPOptions)
	case p.In && n%4 != 0:
		return c.errorf("the options take %d bytes; fill them with nop or eol to a multiple of 4", n)
	}
	return nil
}

// option reads one option.
func (c *cursor) option() (o Opt, err error) {
	w, err := c.word()
	if err != nil {
		return o, err
	}
	var v int64
	switch w {
	case "nop":
		o.Kind = wire.OptNop
	case "eol":
		o.Kind = wire.OptEnd
	case "sackOK":
		o.Kind = wire.OptSACKPermitted
	case "mss":
		v, err = c.unsigned(w, 65535)
		o.Kind, o.Data = wire.OptMSS, binary.BigEndian.AppendUint16(nil, uint16(v))
	case "wscale":
		v, err = c.unsigned(w, 255)
		o.Kind, o.Data = wire.OptWindowScale, []byte{byte(v)}
	case "sack":
		o.Kind = wire.OptSACK
		o.Values, err = c.sackBlocks()
	case "TS":
		o.Kind = wire.OptTimestamps
		o.Values, err = c.named([]string{"val", "ecr"})
	case "md5":
		o.Kind = optMD5
		o.Data, err = c.hexBytes()
	case "FO":
		o.Kind = optFastOpen
		o.Data, err = c.hexBytes()
	case "FOEXP":
		o.Kind = optExpFO
		o.Data, err = c.hexBytes()
		o.Data = append(binary.BigEndian.AppendUint16(nil, expFOMagic), o.Data...)
	case "ECN":
		err = c.accECN(&o)
	default:
		err = c.errorf("expected a TCP option such as mss or sackOK, not %s", c.orHere(w))
	}
	return o, err
}

// sackBlocks reads a:b c:d …
func (c *cursor) sackBlocks() (edges []uint32, err error) {
	for {
		if err := c.skip(); err != nil {
			return nil, err
		}
		if !isDigit(c.at(0)) {
			if len(edges) == 0 {
				err = c.errorf("expected the edges of a SACK block, not %s", c.here())
			}
			return edges, err
		}
		if len(edges) >= 8 {
			return nil, c.errorf("there is room for four SACK blocks")
		}
		left, err := c.unsigned("the left edge", 1<<32-1)
		if err == nil {
			err = c.expect(":", "between the edges of a SACK block")
		}
		if err != nil {
			return nil, err
		}
		right, err := c.unsigned("the right edge", 1<<32-1)
		if err != nil {
			return nil, err
		}
		edges = append(edges, uint32(left), uint32(right))
	}
}

// named reads `val 1 ecr 2`: each word and its number.
func (c *cursor) named(words []string) (values []uint32, err error) {
	for _, w := range words {
		ok, err := c.acceptWord(w)
		if err != nil || !ok {
			return nil, c.orError(err, "expected %s, not %s", w, c.here())
		}
		v, err := c.unsigned(w, 1<<32-1)
		if err != nil {
			return nil, err
		}
		values = append(values, uint32(v))
	}
	return values, nil
}

// accECN reads e0b N ceb N e1b N, or with e1b first: the order tells the kind
// (RFC 9768 §3.2.3). Three bytes each.
func (c *cursor) accECN(o *Opt) error {
	if err := c.skip(); err != nil {
		return err
	}
	o.Kind = optAccECN0
	words := []string{"e0b", "ceb", "e1b"}
	if c.peekWord() == "e1b" {
		o.Kind = optAccECN1
		words = []string{"e1b", "ceb", "e0b"}
	}
	for _, w := range words {
		ok, err := c.acceptWord(w)
		if err != nil {
			return err
		}
		if !ok {
			break // fewer counters are allowed
		}
		v, err := c.unsigned(w, 1<<24-1)
		if err != nil {
			return err
		}
		o.Data = append(o.Data, byte(v>>16), byte(v>>8), byte(v))
	}
	return nil
}

// hexBytes reads pairs of hex digits; none is allowed.
func (c *cursor) hexBytes() (b []byte, err error) {
	if err := c.skip(); err != nil {
		return nil, err
	}
	for hexDigit(c.at(0)) < 16 {
		high, low := hexDigit(c.at(0)), hexDigit(c.at(1))
		if low > 15 {
			return nil, c.errorf("expected pairs of hex digits")
		}
		b = append(b, high<<4|low)
		c.advance(2)
		if len(b) > wire.MaxTCPOptions {
			return nil, c.errorf("more bytes than there is room for options")
		}
	}
	return b, nil
}

// length returns the bytes that the option takes.
func (o *Opt) length() int {
	if o.Kind == wire.OptEnd || o.Kind == wire.OptNop {
		return 1
	}
	return 2 + len(o.Data) + 4*len(o.Values)
}

func optionsLen(opts []Opt) (n int) {
	for i := range opts {
		n += opts[i].length()
	}
	return n
}

// put appends the option's bytes to b.
func (o *Opt) put(b []byte) []byte {
	b = append(b, o.Kind)
	if o.length() == 1 {
		return b
	}
	b = append(append(b, uint8(o.length())), o.Data...)
	for _, v := range o.Values {
		b = binary.BigEndian.AppendUint32(b, v)
	}
	return b
}

// readOptions takes apart the options of a segment that left. What cannot be
// read becomes one option that no script can ask for.
func readOptions(b []byte) (opts []Opt) {
	for at := 0; at < len(b); {
		if b[at] == wire.OptEnd || b[at] == wire.OptNop {
			opts = append(opts, Opt{Kind: b[at]})
			at++
			continue
		}
		if at+1 >= len(b) || b[at+1] < 2 || at+int(b[at+1]) > len(b) {
			return append(opts, Opt{Kind: b[at], Data: b[at:]})
		}
		o := Opt{Kind: b[at], Data: b[at+2 : at+int(b[at+1])]}
		at += int(b[at+1])
		if (o.Kind == wire.OptSACK || o.Kind == wire.OptTimestamps) && len(o.Data)%4 == 0 {
			for d := o.Data; len(d) > 0; d = d[4:] {
				o.Values = append(o.Values, binary.BigEndian.Uint32(d))
			}
			o.Data = nil
		}
		opts = append(opts, o)
	}
	return opts
}
