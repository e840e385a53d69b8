package wire

// Control bits of a segment (RFC 9293 §3.1, RFC 3168 §6.1).
const (
	FIN = 1 << iota
	SYN
	RST
	PSH
	ACK
	URG
	ECE
	CWR
)

// Kinds of TCP options.
const (
	OptEnd           = 0
	OptNop           = 1
	OptMSS           = 2
	OptWindowScale   = 3
	OptSACKPermitted = 4
	OptSACK          = 5
	OptTimestamps    = 8
	OptUserTimeout   = 28
	OptFastOpen      = 34
	OptExperiment    = 254 // shared by experiments, which two bytes tell apart (RFC 6994)
)

// TCPLen is the length of a TCP header without options; MaxTCPOptions the room
// for options, in bytes.
const (
	TCPLen        = 20
	MaxTCPOptions = 40
)

// TCP is a view of a segment (RFC 9293 §3.1).
type TCP []byte

// ParseTCP returns a view of b, or false if the data offset contradicts b.
func ParseTCP(b []byte) (TCP, bool) {
	if len(b) < TCPLen {
		return nil, false
	}
	n := int(b[12]>>4) * 4
	return b, n >= TCPLen && n <= len(b)
}

func (t TCP) SrcPort() uint16  { return be.Uint16(t[0:]) }
func (t TCP) DstPort() uint16  { return be.Uint16(t[2:]) }
func (t TCP) Seq() uint32      { return be.Uint32(t[4:]) }
func (t TCP) Ack() uint32      { return be.Uint32(t[8:]) }
func (t TCP) HeaderLen() int   { return int(t[12]>>4) * 4 }
func (t TCP) Flags() uint8     { return t[13] }
func (t TCP) Window() uint16   { return be.Uint16(t[14:]) }
func (t TCP) Checksum() uint16 { return be.Uint16(t[16:]) }
func (t TCP) Urgent() uint16   { return be.Uint16(t[18:]) }
func (t TCP) Options() []byte  { return t[TCPLen:t.HeaderLen()] }
func (t TCP) Payload() []byte  { return t[t.HeaderLen():] }

// ChecksumOK reports whether the checksum over pseudo-header and segment is
// right (RFC 9293 §3.1, MUST-3).
func (t TCP) ChecksumOK(src, dst *Addr) bool {
	return PseudoSum(src, dst, ProtoTCP, len(t)).AddBytes(t).Fold() == 0
}

// PutTCP writes the fixed part of a header to the front of b. The options and
// the payload must already stand behind it; optionsLen is a multiple of 4. The
// checksum is over all of b.
func PutTCP(b []byte, src, dst *Addr, srcPort, dstPort uint16, seq, ack uint32, flags uint8, window, urgent uint16, optionsLen int) {
	_ = b[TCPLen-1]
	be.PutUint16(b[0:], srcPort)
	be.PutUint16(b[2:], dstPort)
	be.PutUint32(b[4:], seq)
	be.PutUint32(b[8:], ack)
	b[12], b[13] = uint8((TCPLen+optionsLen)/4)<<4, flags
	be.PutUint16(b[14:], window)
	be.PutUint16(b[16:], 0)
	be.PutUint16(b[18:], urgent)
	be.PutUint16(b[16:], PseudoSum(src, dst, ProtoTCP, len(b)).AddBytes(b).Fold())
}

// Option is one TCP option as it stands in a header.
type Option struct {
	Kind uint8
	At   int    // offset in the options
	Data []byte // without kind and length
}

// NextOption returns the option at offset at and the offset behind it; false
// at the end of the list, and at an option whose length is impossible
// (RFC 9293 §3.2, MUST-4, MUST-7: what stands behind it does not exist).
func NextOption(opts []byte, at int) (o Option, next int, ok bool) {
	if at >= len(opts) || opts[at] == OptEnd {
		return o, at, false
	}
	if opts[at] == OptNop {
		return Option{Kind: OptNop, At: at}, at + 1, true
	}
	if at+1 >= len(opts) {
		return o, at, false
	}
	n := int(opts[at+1])
	if n < 2 || at+n > len(opts) {
		return o, at, false
	}
	return Option{Kind: opts[at], At: at, Data: opts[at+2 : at+n]}, at + n, true
}

// FlagString returns the control bits as tcpdump prints them, lowest bit
// first: "S.", "P.", "S.E".
func FlagString(flags uint8) string {
	const letters = "FSRP.UEW"
	var b [8]byte
	out := b[:0]
	for i := range letters {
		if flags&(1<<i) != 0 {
			out = append(out, letters[i])
		}
	}
	if len(out) == 0 {
		return "none"
	}
	return string(out)
}
