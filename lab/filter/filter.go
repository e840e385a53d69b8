// Package filter is one tree of expressions over the fields of a frame, what the
// lab knows about it, and the variables of a connection. Two parsers build it:
// Display reads Wireshark's display filters (Wireshark User's Guide §6.4,
// wireshark-filter(4)), Capture reads those of tcpdump (pcap-filter(7)), which
// it says in fields: `dst port 80` becomes `tcp.dstport#1 == 80` and the same of UDP, on conditions.
//
// Of a frame that is cut, a display filter finds the fields that Wireshark 4.0 shows, and a capture filter reads the bytes that
// libpcap reads: each agrees with its own tool, and they differ where the tools do.
//
// It may import the rooms of stack. Start reading at Filter, then node.go (the
// tree), display.go and capture.go (the parsers), eval.go (what a tree says of
// a packet), walk.go (where in a frame which header stands) and offsets.go (the same for capture filters). The fields stand
// in fields_*.go.
package filter

import (
	"wirelab/stack/event"
)

// Limits on what is read: a filter may come with a file from a stranger.
const (
	maxText  = 4096 // bytes, also of the normalised text
	maxDepth = 64   // of expressions within expressions
)

// Filter is a condition that was read and understood. It does not change: many
// may use it at once.
type Filter struct {
	root *node
	uses Uses
	text string
}

// Packet is a frame and what the lab knows about it. All but Frame may be zero.
type Packet struct {
	Frame  []byte // from the Ethernet header on, without check sequence
	TimeNs int64  // since the lab began
	Number uint64 // of the frame, counted from one
	Host   string // that sent it
	Link   string
	Fate   string // key in the word catalogues, without "fate."
	Dir    uint8  // of the link
	Why    event.Why
	Flow   Flow
	Facts  Facts // about a connection or a host; nil: none
}

// Flow is what earlier frames of a connection told.
type Flow struct {
	Known  bool   // the stream, and where its numbers begin
	Stream uint32 // number of the connection
	Seq    uint32 // initial sequence number of the sender
	Ack    uint32 // of the receiver
	Shift  uint8  // of the sender's window (RFC 7323 §2.2)
}

// Facts answers what no frame holds. A fact that is not there makes every
// comparison with it false.
type Facts interface {
	// Number returns a variable of the connection in question, in its unit.
	Number(Fact) (int64, bool)
	// Text returns a fact that is a name.
	Text(Fact) (string, bool)
}

// Uses says what a filter asks about.
type Uses uint8

const (
	UsesFrame  Uses = 1 << iota // bytes of a frame
	UsesPacket                  // what the lab knows about a frame
	UsesConn                    // variables of a connection
	UsesHost                    // which host
	UsesTime                    // the clock of the lab
)

// Display reads a display filter in Wireshark's syntax. The error is an *Error.
func Display(text string) (*Filter, error) {
	p := parser{text: text}
	return p.finish(p.display())
}

// Capture reads a capture filter in tcpdump's syntax. The error is an *Error.
func Capture(text string) (*Filter, error) {
	p := parser{text: text}
	return p.finish(p.capture())
}

// Vantage is the interface of a host at which tcpdump looks.
type Vantage struct {
	Netmask uint32
	Masked  bool // Netmask is known
}

// CaptureAt is Capture for who looks at an interface: a packet's Dir is 1 if it goes out there.
func CaptureAt(text string, at Vantage) (*Filter, error) {
	p := parser{text: text, at: &at}
	return p.finish(p.capture())
}

// finish makes a filter of a tree, unless there is none or it is too large.
func (p *parser) finish(root *node) (*Filter, error) {
	if p.err == nil && root.depth() > maxDepth {
		p.fail(0, len(p.text), TooDeep, number(maxDepth))
	}
	if p.err != nil {
		return nil, p.err
	}
	f := &Filter{root: root, uses: root.uses()}
	f.text = string(root.print(nil, 0))
	if len(f.text) > maxText {
		p.fail(0, len(p.text), TooLong, number(len(f.text)), number(maxText))
		return nil, p.err
	}
	return f, nil
}

// String returns the filter as a display filter, whichever syntax it was
// written in. Display reads it to the same effect.
func (f *Filter) String() string { return f.text }

// Uses returns what the filter asks about.
func (f *Filter) Uses() Uses { return f.uses }

// Match reports whether the packet fulfils the condition. It allocates nothing.
func (f *Filter) Match(p *Packet) bool {
	var m machine
	m.p, m.frame = p, p.Frame
	return m.test(f.root)
}
