package drill

import (
	"bytes"
	"fmt"
	"strings"

	"wirelab/stack/wire"
)

// meetSYN fits the script's initial sequence number to the one that the host
// chose: at the first SYN, and at the SYN of another connection between the
// same ends, unless the script gives a number that only the old one explains.
func (f *flow) meetSYN(want *Packet, got *seen) {
	if want.Proto != TCP || got.Proto != TCP || !want.isSYN() || !got.isSYN() {
		return
	}
	if !f.matched || f.newSYN && want.Seq == f.scriptISN {
		f.localISN += got.Seq - f.scriptISN
		f.scriptISN, got.Seq = want.Seq, want.Seq
		f.matched = true
	}
}

// matched takes note of what a packet that was as expected tells about the
// numbers of the wire.
func (r *runner) matched(f *flow, want *Packet, got *seen) {
	if want.Proto != TCP {
		return
	}
	if want.isSYN() {
		f.localISN += got.Seq - f.scriptISN
		f.scriptISN, f.newSYN = got.Seq, false
		if got.HasAck {
			f.remoteISN, f.greeted = got.Ack-1, true
			if f.remoteISN-f.synLen == f.lastSYN { // it acknowledges data of the SYN, too
				f.remoteISN = f.lastSYN
			}
		}
	}
	for i := range want.Opts {
		o := &want.Opts[i]
		if o.Kind != wire.OptTimestamps {
			continue
		}
		for _, g := range got.Opts {
			if g.Kind != o.Kind || len(g.Values) < 2 {
				continue
			}
			pair := tsPair{o.Values[0], g.Values[0]}
			if !f.tsSeen {
				f.tsFirst, f.tsSeen = pair, true
			}
			f.tsMap = append(f.tsMap, pair)
		}
	}
}

// compare says how a packet that left differs from the one expected; "" if it
// does not.
func (r *runner) compare(f *flow, want *Packet, got *seen) string {
	switch {
	case got.bad != "":
		return got.bad
	case got.Proto != want.Proto:
		return "another protocol"
	}
	if diff := compareIP(&want.IP, &got.IP); diff != "" {
		return diff
	}
	switch want.Proto {
	case UDP:
		return differs("length", got.Len, want.Len)
	case ICMP:
		return compareICMP(want.Error, got.Error, got.v6)
	}
	return r.compareTCP(f, want, got)
}

func differs[T comparable](what string, got, want T) string {
	if got == want {
		return ""
	}
	return fmt.Sprintf("%s %v", what, got)
}

func compareIP(want, got *IPInfo) string {
	switch {
	case want.HasECN && want.AnyECT && got.ECN != 1 && got.ECN != 2, want.HasECN && !want.AnyECT && got.ECN != want.ECN:
		return "ECN field " + [...]string{"noecn", "ect1", "ect0", "ce"}[got.ECN]
	case want.HasTOS && got.TOS != want.TOS:
		return fmt.Sprintf("tos %#x", got.TOS)
	case want.HasTTL && got.TTL != want.TTL:
		return fmt.Sprintf("ttl %d", got.TTL)
	case want.HasFlow && !got.HasFlow:
		return "no flow label"
	case want.HasFlow && got.Flow != want.Flow:
		return fmt.Sprintf("flowlabel %#x", got.Flow)
	}
	return ""
}

func compareICMP(want, got *Message, v6 bool) string {
	typ, code, _ := want.numbers(v6)
	gotType, gotCode, _ := got.numbers(v6)
	switch {
	case gotType != typ || gotCode != code:
		return strings.TrimSpace(got.Type + " " + got.Code)
	case want.HasMTU && got.MTU != want.MTU:
		return fmt.Sprintf("mtu %d", got.MTU)
	case want.HasID && got.ID != want.ID:
		return fmt.Sprintf("id %d", got.ID)
	case want.HasNumber && got.Number != want.Number:
		return fmt.Sprintf("seq %d", got.Number)
	}
	return ""
}

// compareTCP compares flags, numbers, window and options.
func (r *runner) compareTCP(f *flow, want *Packet, got *seen) string {
	flags := got.Flags
	if r.opts.Switches.Psh && (flags^want.Flags) == wire.PSH {
		r.used("psh")
		flags = want.Flags
	}
	switch {
	case flags != want.Flags:
		return "flags " + flagString(got.Flags, want.ACE)
	case got.Seq != want.Seq:
		return fmt.Sprintf("seq %d", got.Seq)
	case got.Len != want.Len:
		return fmt.Sprintf("%d bytes", got.Len)
	case got.Ack != want.Ack:
		return fmt.Sprintf("ack %d", got.Ack)
	case got.Urg != want.Urg:
		return fmt.Sprintf("urg %d", got.Urg)
	}
	if want.HasWin && got.Win != want.Win {
		if !r.opts.Switches.Win {
			return fmt.Sprintf("win %d", got.Win)
		}
		r.used("win")
	}
	if want.AnyOpts || r.sameOptions(f, want.Opts, got.Opts) {
		return ""
	}
	if r.opts.Switches.OptOrder && r.sameOptions(f, sorted(want.Opts), sorted(got.Opts)) {
		r.used("opt-order")
		return ""
	}
	if len(got.Opts) == 0 {
		return "no options"
	}
	return "options " + optionString(got.Opts)
}

// sorted returns the options by kind, without nop and eol.
func sorted(opts []Opt) (out []Opt) {
	for kind := 2; kind < 256; kind++ {
		for _, o := range opts {
			if int(o.Kind) == kind {
				out = append(out, o)
			}
		}
	}
	return out
}

func (r *runner) sameOptions(f *flow, want, got []Opt) bool {
	if len(want) != len(got) {
		return false
	}
	for i := range want {
		w, g := &want[i], &got[i]
		if w.Kind != g.Kind || len(w.Values) != len(g.Values) {
			return false
		}
		switch w.Kind {
		case wire.OptTimestamps:
			if !r.sameTimestamps(f, w.Values, g.Values) {
				return false
			}
			continue
		case optFastOpen, optExpFO:
			if r.sameCookie(w.Data, g.Data) {
				continue
			}
		}
		if !bytes.Equal(w.Data, g.Data) {
			return false
		}
		for j := range w.Values {
			if w.Values[j] != g.Values[j] {
				return false
			}
		}
	}
	return true
}

// sameTimestamps compares the value with the script's, if the script says how
// fast its clock ticks, and the echo if asked.
func (r *runner) sameTimestamps(f *flow, want, got []uint32) bool {
	if r.opts.Switches.TSEcho && want[1] != got[1] {
		r.used("ts-echo")
		return false
	}
	if r.set.tsTickNs == 0 || !f.tsSeen {
		return true
	}
	shifted := got[0] - f.tsFirst.live + f.tsFirst.script
	off := int64(int32(shifted - want[0]))
	return max(off, -off)*r.set.tsTickNs <= r.tol+r.set.tsTickNs
}

// sameCookie lets the first cookie that leaves stand for the script's.
func (r *runner) sameCookie(want, got []byte) bool {
	if !r.opts.Switches.TFOCookie || len(want) == 0 || len(want) != len(got) {
		return false
	}
	for _, c := range r.cookies {
		if c.script == string(want) {
			return c.live == string(got)
		}
	}
	r.used("tfo-cookie")
	r.cookies = append(r.cookies, cookie{string(want), string(got)})
	return true
}

// text writes a packet that left as the script would, with the window only if
// the script asks for it.
func (s *seen) text(want *Packet) string {
	p := s.Packet
	p.HasWin = want.HasWin
	p.IP = IPInfo{HasECN: want.IP.HasECN, ECN: s.IP.ECN, HasTOS: want.IP.HasTOS, TOS: s.IP.TOS, HasTTL: want.IP.HasTTL, TTL: s.IP.TTL,
		HasFlow: want.IP.HasFlow && s.IP.HasFlow, Flow: s.IP.Flow}
	return p.String()
}

// flagString writes flags as scripts do.
func flagString(flags uint16, ace bool) string {
	var b strings.Builder
	for i := range flagLetters {
		if flags&(1<<i) != 0 && !(ace && i >= 6) {
			b.WriteByte(flagLetters[i])
		}
	}
	if ace {
		fmt.Fprintf(&b, "%d", flags>>6&7)
	}
	if flags>>9 != 0 {
		b.WriteString("+reserved bits")
	}
	if b.Len() == 0 {
		return "-"
	}
	return b.String()
}
