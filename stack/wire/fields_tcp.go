package wire

import (
	"fmt"
	"strings"
)

// TCP as fields, in the order of RFC 9293 §3.1.

var tcpSpecs = []spec{
	{1, "tcp.srcport", "Source Port", 0, 2, 0, dec},
	{1, "tcp.dstport", "Destination Port", 2, 2, 0, dec},
	{1, "tcp.seq", "Sequence Number", 4, 4, 0, dec},
	{1, "tcp.ack", "Acknowledgment Number", 8, 4, 0, dec},
	{1, "tcp.hdr_len", "Header Length", 12, 1, 0xf0, words32},
	{1, "tcp.flags", "Flags", 12, 2, 0x0fff, tcpFlagsText},
	{2, "tcp.flags.res", "Reserved", 12, 1, 0x0e, isSet},
	{2, "tcp.flags.ae", "Accurate ECN", 12, 1, 0x01, isSet},
	{2, "tcp.flags.cwr", "Congestion Window Reduced", 13, 1, CWR, isSet},
	{2, "tcp.flags.ece", "ECN-Echo", 13, 1, ECE, isSet},
	{2, "tcp.flags.urg", "Urgent", 13, 1, URG, isSet},
	{2, "tcp.flags.ack", "Acknowledgment", 13, 1, ACK, isSet},
	{2, "tcp.flags.push", "Push", 13, 1, PSH, isSet},
	{2, "tcp.flags.reset", "Reset", 13, 1, RST, isSet},
	{2, "tcp.flags.syn", "Syn", 13, 1, SYN, isSet},
	{2, "tcp.flags.fin", "Fin", 13, 1, FIN, isSet},
	{1, "tcp.window_size_value", "Window", 14, 2, 0, dec},
	{1, "tcp.checksum", "Checksum", 16, 2, 0, hex16},
	{1, "tcp.urgent_pointer", "Urgent Pointer", 18, 2, 0, dec},
}

// tcpFlagsText shows the control bits, the reserved ones included.
func tcpFlagsText(v uint64) string {
	var set []string
	for i, name := range [...]string{"FIN", "SYN", "RST", "PSH", "ACK", "URG", "ECE", "CWR", "AE"} {
		if v&(1<<i) != 0 {
			set = append(set, name)
		}
	}
	if v>>9 != 0 {
		set = append(set, "Reserved")
	}
	if set == nil {
		set = []string{"<None>"}
	}
	return fmt.Sprintf("0x%03x (%s)", v, strings.Join(set, ", "))
}

func (d *decoder) tcp(p upper, at, end int) {
	d.open("tcp", "Transmission Control Protocol", at, min(at+TCPLen, end))
	if end-at >= 4 {
		t := TCP(d.frame[at:end])
		d.out[d.layer].Text = fmt.Sprintf("Src Port: %d, Dst Port: %d", t.SrcPort(), t.DstPort())
	}
	if !d.header(tcpSpecs, at, end) {
		return
	}
	t := TCP(d.frame[at:end])
	d.tcpSum(p, t)
	body := at + t.HeaderLen()
	switch {
	case body < at+TCPLen:
		d.fault("tcp.hdr_len", "less than the least, 20")
		d.data(at+TCPLen, end)
		return
	case body > end && d.whole:
		d.fault("tcp.hdr_len", "more than the packet holds, "+dec(uint64(len(t))))
	}
	d.tcpLen(p, t)
	d.out[d.layer].End = min(body, end)
	d.tcpOptions(at+TCPLen, min(body, end))
	if body > end && !d.whole {
		d.cut(end, end, body-end)
	}
	d.data(body, end)
}

func (d *decoder) tcpSum(p upper, t TCP) {
	state, want := sumUnverified, uint16(0)
	if d.whole {
		want = PseudoSum(&p.src, &p.dst, ProtoTCP, len(t)).AddBytes(t[:16]).AddBytes(t[18:]).Fold()
		state = stateOf(t.ChecksumOK(&p.src, &p.dst))
	}
	d.checksum("tcp.checksum", "Checksum Status", state, want)
}

// tcpLen adds what follows from the lengths in the headers: how much data the
// segment carries, and the number that comes next; SYN and FIN take one each.
func (d *decoder) tcpLen(p upper, t TCP) {
	n := p.length - t.HeaderLen()
	if n < 0 {
		return
	}
	next := t.Seq() + uint32(n) + uint32(t.Flags()>>1&1) + uint32(t.Flags()&1)
	d.computed("tcp.seq", "tcp.len", "TCP Segment Len", dec(uint64(n)))
	d.computed("tcp.ack", "tcp.nxtseq", "Next Sequence Number", dec(uint64(next)))
	text := fmt.Sprintf(", Seq: %d", t.Seq())
	if t.Flags()&ACK != 0 {
		text += fmt.Sprintf(", Ack: %d", t.Ack())
	}
	d.out[d.layer].Text += text + fmt.Sprintf(", Len: %d", n)
}
