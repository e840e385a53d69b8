package wire

// Kinds of IPv4 options (RFC 791 §3.1, RFC 2113); OptEnd and OptNop are as in TCP.
const (
	OptRecordRoute = 7
	OptTimestamp   = 68
	OptLooseRoute  = 131
	OptStrictRoute = 137
	OptAlert       = 148
)

// What an Internet timestamp option asks for, in the low four bits of its fourth byte.
const (
	StampTimes    = 0
	StampAddrs    = 1 // and times
	StampAddrsSet = 3 // the sender wrote the addresses that shall add their times
)

// OptionLen returns the length of the option that begins at byte at of the header, or false if that is less than
// two bytes or more than there are. End and no-operation have one byte.
func (p IPv4) OptionLen(at int) (n int, ok bool) {
	if p[at] == OptEnd || p[at] == OptNop {
		return 1, true
	}
	end := p.HeaderLen()
	if at+2 > end {
		return 0, false
	}
	n = int(p[at+1])
	return n, n >= 2 && at+n <= end
}

// MendChecksum computes the header checksum anew.
func (p IPv4) MendChecksum() {
	be.PutUint16(p[10:], 0)
	be.PutUint16(p[10:], Sum(0).AddBytes(p[:p.HeaderLen()]).Fold())
}

// DropFirstOptions writes no-operations over the options that only the first
// fragment carries (RFC 791 §3.1, the copied flag). SetFragment mends the checksum.
func (p IPv4) DropFirstOptions() {
	const copied = 0x80
	for at := IPv4Len; at < p.HeaderLen() && p[at] != OptEnd; {
		n, ok := p.OptionLen(at)
		if !ok {
			return
		}
		if p[at]&copied == 0 {
			for i := range n {
				p[at+i] = OptNop
			}
		}
		at += n
	}
}
