package tcp

import (
	"encoding/binary"

	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/wire"
)

// Segment is a segment in decoded form, arriving or about to be sent. For one
// that arrives the payload is an extent of its frame; one that is sent takes
// it from the send buffer, as Conn.Payload reads it.
type Segment struct {
	Seq, Ack uint32
	Data     Extent
	Flags    uint8
	Window   uint16 // as on the wire, not scaled
	Urgent   uint16

	TOS              uint8 // of IP, without the bits of ECN
	CE, ECT          bool  // IP's word on congestion: it arrived marked, it may be marked (RFC 3168 §5)
	HasMSS, HasScale bool
	SackOK, HasFO    bool
	HasUTO           bool
	HasTS            bool
	Scale            uint8
	NSacks           uint8
	MSS, UTO         uint16
	TSVal, TSEcho    uint32
	Sacks            [maxSacks]Span // NSacks of them; the others mean nothing
	FO               Cookie

	Reason event.Reason
	Cause  event.Cause
	Xmit   uint8
}

// Len returns the segment's length in sequence space (RFC 9293 §3.4, SEG.LEN).
func (s *Segment) Len() uint32 {
	n := s.Data.Len
	if s.Flags&wire.SYN != 0 {
		n++
	}
	if s.Flags&wire.FIN != 0 {
		n++
	}
	return n
}

// Read fills s from the view t, whose payload stands at offset at of block b.
func (s *Segment) Read(t wire.TCP, b block.Handle, at int) {
	*s = Segment{Seq: t.Seq(), Ack: t.Ack(), Flags: t.Flags(), Window: t.Window(), Urgent: t.Urgent(),
		Data: Extent{b, uint32(at), uint32(len(t) - t.HeaderLen())}}
	if opts := t.Options(); len(opts) > 0 {
		s.readOptions(opts)
	}
}

// readOptions takes the options that the segment may carry; those of unknown
// kind are skipped (RFC 9293 §3.1, MUST-6). MSS and window scale count only on
// a SYN.
func (s *Segment) readOptions(opts []byte) {
	syn := s.Flags&wire.SYN != 0
	for at := 0; ; {
		o, next, ok := wire.NextOption(opts, at)
		if !ok {
			return
		}
		at = next
		switch {
		case o.Kind == wire.OptMSS && len(o.Data) == 2 && syn:
			s.HasMSS, s.MSS = true, binary.BigEndian.Uint16(o.Data)
		case o.Kind == wire.OptWindowScale && len(o.Data) == 1 && syn:
			s.HasScale, s.Scale = true, min(o.Data[0], 14) // RFC 7323 §2.3
		case o.Kind == wire.OptSACKPermitted && len(o.Data) == 0 && syn:
			s.SackOK = true
		case o.Kind == wire.OptTimestamps && len(o.Data) == 8:
			s.HasTS, s.TSVal, s.TSEcho = true, binary.BigEndian.Uint32(o.Data), binary.BigEndian.Uint32(o.Data[4:])
		case o.Kind == wire.OptFastOpen && syn:
			s.readCookie(o.Data, false)
		case o.Kind == wire.OptExperiment && len(o.Data) >= 2 && binary.BigEndian.Uint16(o.Data) == fastOpenMagic && syn:
			s.readCookie(o.Data[2:], true)
		case o.Kind == wire.OptUserTimeout && len(o.Data) == 2:
			s.HasUTO, s.UTO = true, binary.BigEndian.Uint16(o.Data)
		case o.Kind == wire.OptSACK && len(o.Data)%8 == 0 && !syn:
			s.NSacks = uint8(len(o.Data) / 8)
			for i := range s.NSacks {
				b := o.Data[8*i:]
				s.Sacks[i] = Span{binary.BigEndian.Uint32(b), binary.BigEndian.Uint32(b[4:])}
			}
		}
	}
}

// fastOpenMagic tells Fast Open from other experiments (RFC 6994).
const fastOpenMagic = 0xf989

// readCookie takes a Fast Open cookie, unless it has a length that none has (RFC 7413 §4.1.1).
func (s *Segment) readCookie(b []byte, experimental bool) {
	if n := len(b); n == 0 || n >= minCookie && n <= MaxCookie && n%2 == 0 {
		s.HasFO, s.FO = true, Cookie{Len: uint8(n), Exp: experimental}
		copy(s.FO.Bytes[:], b)
	}
}

// optionLen is the length of the option that carries a cookie, without padding.
func (k *Cookie) optionLen() int {
	n := 2 + int(k.Len)
	if k.Exp {
		n += 2
	}
	return n
}

// OptionsLen returns the room the options take, a multiple of four.
func (s *Segment) OptionsLen() int {
	n := 0
	if s.HasMSS {
		n += 4
	}
	switch {
	case s.HasTS:
		n += timestampsLen
	case s.SackOK:
		n += 4
	}
	if s.HasScale {
		n += 4
	}
	n += int(s.sackLen())
	if s.HasUTO {
		n += 4
	}
	if s.HasFO {
		n += (s.FO.optionLen() + 3) &^ 3
	}
	return n
}

// PutOptions writes the options to the front of b, in Linux's order and with its padding.
func (s *Segment) PutOptions(b []byte) {
	if s.HasMSS {
		b[0], b[1] = wire.OptMSS, 4
		binary.BigEndian.PutUint16(b[2:], s.MSS)
		b = b[4:]
	}
	if s.HasTS || s.SackOK {
		b[0], b[1] = wire.OptNop, wire.OptNop
		at := 2
		if s.SackOK {
			if !s.HasTS {
				b[2], b[3] = wire.OptSACKPermitted, 2
				at = 4
			} else {
				b[0], b[1] = wire.OptSACKPermitted, 2
			}
		}
		if s.HasTS {
			b[2], b[3] = wire.OptTimestamps, 10
			binary.BigEndian.PutUint32(b[4:], s.TSVal)
			binary.BigEndian.PutUint32(b[8:], s.TSEcho)
			at = timestampsLen
		}
		b = b[at:]
	}
	if s.HasScale {
		b[0], b[1], b[2], b[3] = wire.OptNop, wire.OptWindowScale, 3, s.Scale
		b = b[4:]
	}
	if s.NSacks > 0 {
		b[0], b[1], b[2], b[3] = wire.OptNop, wire.OptNop, wire.OptSACK, 2+8*s.NSacks
		for i, block := range s.Sacks[:s.NSacks] {
			binary.BigEndian.PutUint32(b[4+8*i:], block.Start)
			binary.BigEndian.PutUint32(b[8+8*i:], block.End)
		}
	}
	if s.HasUTO {
		b[0], b[1] = wire.OptUserTimeout, 4
		binary.BigEndian.PutUint16(b[2:], s.UTO)
		b = b[4:]
	}
	if s.HasFO {
		n := s.FO.optionLen()
		b[0], b[1] = wire.OptFastOpen, byte(n)
		if s.FO.Exp {
			b[0] = wire.OptExperiment
			binary.BigEndian.PutUint16(b[2:], fastOpenMagic)
		}
		copy(b[n-int(s.FO.Len):], s.FO.Bytes[:s.FO.Len])
		for i := n; i%4 != 0; i++ {
			b[i] = wire.OptNop
		}
	}
}

// ResetFor returns the reset that answers a segment for which there is no
// connection, or false if none may be sent (RFC 9293 §3.5.2, group 1).
func ResetFor(s *Segment) (Segment, bool) {
	if s.Flags&wire.RST != 0 {
		return Segment{}, false
	}
	r := Segment{Flags: wire.RST, Reason: event.ResetNoConnection, Xmit: 1}
	if s.Flags&wire.ACK != 0 {
		r.Seq = s.Ack
	} else {
		r.Flags |= wire.ACK
		r.Ack = s.Seq + s.Len()
	}
	return r, true
}

// sackLen returns the bytes that the SACK option takes in the header.
func (s *Segment) sackLen() uint32 {
	if s.NSacks == 0 {
		return 0
	}
	return 4 + 8*uint32(s.NSacks)
}
