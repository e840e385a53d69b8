package filter

import (
	"strings"

	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

// kind is what a value is.
type kind uint8

const (
	kNone   kind = iota // it is there, or it is not
	kProto              // a header; contains looks on to the end of the frame
	kNumber             // int64
	kBool               // 0 or 1
	kTime               // nanoseconds; plain numbers compared with it are seconds
	kIPv4               // four bytes
	kIPv6               // sixteen bytes
	kMAC                // six bytes
	kBytes
	kText
	kDomain // text: a name in a message of DNS (RFC 1035 §3.1)
)

func (k kind) isNumber() bool { return k == kNumber || k == kBool || k == kTime }
func (k kind) isBytes() bool  { return k == kProto || k >= kIPv4 && k <= kBytes }
func (k kind) isText() bool   { return k == kText || k == kDomain }

// proto is a kind of header.
type proto uint8

const (
	lNone proto = iota // not in the frame
	lFrame
	lEth
	lARP
	lIP
	lIP6
	lHopByHop
	lDestOpts
	lRouting
	lFragment
	lICMP
	lICMP6
	lUDP
	lTCP
	lData
	lDNS
	lDHCP
)

// source is how a row finds its value.
type source uint8

const (
	fixed      source = iota // bytes at a place in the header
	words                    // the same, counting words of four bytes
	ofType                   // fixed, in ICMP messages of type arg
	whole                    // the header itself
	option                   // TCP options of kind arg
	inOption                 // bytes at a place in those
	inBlocks                 // bytes at a place in each block of eight of those
	inReply                  // fixed, in answers of DNS
	inQuestion               // bytes at a place behind the name of each question of DNS, or that name
	inRecord                 // the same of each record that is none
	recordData               // the data of records of type arg
	dhcpOption               // DHCP options of code arg, in pieces of size
	computed                 // arg says how; see value.go
)

// row is one place where a field stands. Rows with the same key are one field.
type row struct {
	key, name string // Wireshark's
	kind      kind
	at, size  uint8 // bytes, from the start of the header or option
	mask      uint32
	from      source
	arg       uint8
	names     *enum
}

// enum names the values of a field.
type enum struct {
	list []naming
	more func(i int) string // the name of value i, "" behind the last
	open bool               // there may be others
}

type naming struct {
	v    int64
	name string
}

// at returns name i; false behind the last.
func (e *enum) at(i int) (naming, bool) {
	if e.more != nil {
		name := e.more(i)
		return naming{int64(i), name}, name != ""
	}
	if i >= len(e.list) {
		return naming{}, false
	}
	return e.list[i], true
}

// find returns the value of a name, however its letters are written.
func (e *enum) find(name string) (naming, bool) {
	for i := 0; ; i++ {
		n, ok := e.at(i)
		if !ok || strings.EqualFold(strings.ReplaceAll(name, "-", "_"), strings.ReplaceAll(n.name, "-", "_")) {
			return n, ok
		}
	}
}

// all returns the names, for a message.
func (e *enum) all() string {
	var b strings.Builder
	for i := 0; ; i++ {
		n, ok := e.at(i)
		if !ok {
			return b.String()
		}
		if i > 0 {
			b.WriteString(", ")
		}
		b.WriteString(n.name)
	}
}

// ref is a field as an expression names it.
type ref struct {
	key, name string
	kind      kind
	rows      []row
	layer     proto
	fact      Fact
	unit      int64 // ns that a value counts, 0 if it is no time
	names     *enum
}

// table holds the fields of one header.
type table struct {
	layer proto
	rows  []row
}

// tables are all fields, in the order in which they are offered.
var tables = []table{
	{lFrame, frameRows}, {lNone, labRows}, {lEth, ethRows}, {lARP, arpRows}, {lIP, ipRows}, {lIP6, ipv6Rows},
	{lHopByHop, hopByHopRows}, {lDestOpts, destOptsRows}, {lRouting, routingRows}, {lFragment, fragmentRows},
	{lICMP, icmpRows}, {lICMP6, icmpv6Rows}, {lUDP, udpRows}, {lTCP, tcpRows}, {lDNS, dnsRows}, {lDHCP, dhcpRows}, {lData, dataRows},
}

// each calls see with every field until that returns false.
func each(see func(r *ref) bool) {
	for _, t := range tables {
		for i := 0; i < len(t.rows); {
			n := i + 1
			for n < len(t.rows) && t.rows[n].key == t.rows[i].key {
				n++
			}
			first := &t.rows[i]
			r := ref{key: first.key, name: first.name, kind: first.kind, rows: t.rows[i:n], layer: t.layer, names: first.names}
			if r.kind == kTime {
				r.unit = 1
			}
			if !see(&r) {
				return
			}
			i = n
		}
	}
	eachFact(see)
}

// find returns the field of a name, or nil.
func find(key string) (found *ref) {
	each(func(r *ref) bool {
		if r.key == key {
			c := *r
			found = &c
		}
		return found == nil
	})
	return found
}

// Fact is the number of something that a Facts is asked for: first the variables
// of event.Var, then the fields of tcp.InfoFields, then those below.
type Fact uint16

const (
	factInfo Fact = 0x100 // the first of tcp.InfoFields
	// FactTime is the clock of the lab, in nanoseconds.
	FactTime Fact = 0x200
	// FactHost is the name of the host that is looked at.
	FactHost Fact = 0x201
)

// Var returns the variable that a fact is; false if it is none.
func (f Fact) Var() (event.Var, bool) { return event.Var(f), f < Fact(event.NVars) }

// Info returns the field of tcp.InfoFields that a fact is, or nil.
func (f Fact) Info() *tcp.InfoField {
	if f < factInfo || int(f-factInfo) >= len(tcp.InfoFields) {
		return nil
	}
	return &tcp.InfoFields[f-factInfo]
}

var (
	states   = &enum{more: func(i int) string { return limited(i, int(tcp.TimeWait)+1, tcp.State(i).String) }}
	caStates = &enum{more: func(i int) string { return limited(i, int(tcp.Loss)+1, tcp.CAState(i).String) }}
	reasons  = &enum{more: func(i int) string { return limited(i, event.Reasons(), event.Reason(i).Key) }}
)

func limited(i, n int, name func() string) string {
	if i >= n {
		return ""
	}
	return name()
}

var varAbout = [event.NVars]string{"State", "Oldest unacknowledged number (SND.UNA)", "Next number to send (SND.NXT)",
	"Send window (SND.WND)", "Next number expected (RCV.NXT)", "Receive window (RCV.WND)", "Congestion window, segments",
	"Slow start threshold, segments", "Segments in flight", "Smoothed round-trip time, µs", "Round-trip time variation, µs",
	"Retransmission timeout, µs", "Doublings of the timeout", "Maximum segment size", "State of loss recovery",
	"Bytes waiting to be sent or acknowledged", "Bytes waiting to be read", "Pieces held out of order",
	"Initial send sequence number (ISS)", "Initial receive sequence number (IRS)", "Sequence number of the last window update (SND.WL1)",
	"Behind the last urgent byte (SND.UP)", "Shift of the windows that the peer offers", "Shift of the windows offered",
	"Segments reported by SACK", "Segments taken for lost", "Segments sent again and not acknowledged", "Number that ends loss recovery",
	"Duplicate ACKs that mean a loss"}

const microsecond, millisecond = 1000, 1_000_000

// eachFact is each for the fields that are facts.
func eachFact(see func(r *ref) bool) {
	for v := range event.NVars {
		r := ref{key: "tcb." + v.String(), name: varAbout[v], kind: kNumber, fact: Fact(v)}
		switch v {
		case event.VarState:
			r.names = states
		case event.VarCAState:
			r.names = caStates
		case event.VarSRTT, event.VarRTTVar, event.VarRTO:
			r.unit = microsecond
		}
		if !see(&r) {
			return
		}
	}
	for i := range tcp.InfoFields {
		info := &tcp.InfoFields[i]
		r := ref{key: "tcb." + info.Name, name: "Of TCP_INFO", kind: kNumber, fact: factInfo + Fact(i)}
		switch info.Unit {
		case "us":
			r.unit = microsecond
		case "ms":
			r.unit = millisecond
		}
		if !see(&r) {
			return
		}
	}
	if see(&ref{key: "lab.time", name: "Time since the lab began", kind: kTime, unit: 1, fact: FactTime}) {
		see(&ref{key: "host", name: "Host", kind: kText, fact: FactHost})
	}
}
