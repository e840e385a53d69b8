package prog

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"wirelab/lab/trace"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// What tcpdump prints around the words about a packet: the time, the header of the link, the bytes.

func decimalText(n int) string { return strconv.Itoa(n) }

func padLeft(n uint64, width int) string { return fmt.Sprintf("%*d", width, n) }

// stampOf is the time in front of a line: of day, none with -t, in seconds with -tt, since the line before with -ttt, with the
// date with -tttt, and since the first line with -ttttt.
func (a *tcpdumpArgs) stampOf(d *Dump, now int64) string {
	part := func(ns int64) string {
		if a.nano {
			return fmt.Sprintf("%09d", ns%1_000_000_000)
		}
		return fmt.Sprintf("%06d", ns%1_000_000_000/1000)
	}
	since := func(from int64) string {
		if !a.nano { // the difference of what was printed
			from, now = from/1000*1000, now/1000*1000
		}
		ns := now - from
		s := ns / 1_000_000_000
		return fmt.Sprintf(" %02d:%02d:%02d.%s ", s/3600, s/60%60, s%60, part(ns))
	}
	s := now / 1_000_000_000
	switch a.stamp {
	case 0:
		return fmt.Sprintf("%02d:%02d:%02d.%s ", s/3600%24, s/60%60, s%60, part(now))
	case 1:
		return ""
	case 2:
		return fmt.Sprintf("%d.%s ", s, part(now))
	case 3:
		return since(d.Last)
	case 4:
		return time.Unix(s, 0).UTC().Format("2006-01-02 15:04:05.") + part(now) + " "
	}
	return since(d.First)
}

// cookedWords are the columns of -i any: the interface and where the frame goes, and with -e what LINUX_SLL2 has of the header.
func (a *tcpdumpArgs) cookedWords(g *Sight) string {
	head := fmt.Sprintf("%-5s %-3s ", g.name(), [...]string{"In", "B", "M", "P", "Out"}[g.way()])
	eth := wire.Ethernet(g.Frame)
	if !a.Ether || len(g.Frame) < wire.EthernetLen {
		return head
	}
	if head += fmt.Sprintf("ifindex %d %s ", g.index(), a.MAC(eth.Src())); a.Quiet {
		return head
	}
	const longer = 6 // than the header of Ethernet
	return head + fmt.Sprintf("%s, length %d: ", trace.EtherType(eth.Type(), false), len(g.Frame)+longer)
}

// bytesOf are the bytes of a frame, as -A, -X and -x show them; given twice, from the header of the link on.
func (a *tcpdumpArgs) bytesOf(g *Sight, frame []byte) (lines []string) {
	from := func(times uint8) []byte {
		switch {
		case times < 2:
			return frame[wire.EthernetLen:]
		case a.iface == "any":
			return trace.Cook(frame, g.index(), g.Port >= 0, g.way())
		}
		return frame
	}
	switch {
	case a.text > 0:
		return strings.Split(asciiText(from(a.text)), "\n")
	case a.hexText > 0:
		lines = trace.HexRows(from(a.hexText), true)
	case a.hex > 0:
		lines = trace.HexRows(from(a.hex), false)
	}
	for i := range lines {
		lines[i] = "\t" + lines[i]
	}
	return lines
}

// asciiText is what -A prints: text with its line ends, and a dot for what is none.
func asciiText(b []byte) string {
	var text strings.Builder
	for i, c := range b {
		switch {
		case c == '\r' && (i+1 == len(b) || b[i+1] == '\n'):
		case c == '\n' || c == '\t' || c >= ' ' && c <= '~':
			text.WriteByte(c)
		default:
			text.WriteByte('.')
		}
	}
	return text.String()
}

// relative turns sequence numbers into those counted from the first segment with ACK on that was seen, which keeps its own, as
// do a SYN and whatever has no ACK: tcpdump does so.
func (d *Dump) relative(h *trace.Head) {
	if h.Flags&wire.ACK == 0 {
		return
	}
	i, back := d.flow(h.Src, h.Dst)
	switch {
	case i >= 0 && h.Flags&wire.SYN == 0 && back:
		h.Seq, h.Ack = h.Seq-d.Flows[i].Ack, h.Ack-d.Flows[i].Seq
		return
	case i >= 0 && h.Flags&wire.SYN == 0:
		h.Seq, h.Ack = h.Seq-d.Flows[i].Seq, h.Ack-d.Flows[i].Ack
		return
	case i < 0 && len(d.Flows) >= maxFlows:
		d.Flows = append(d.Flows[:0:0], d.Flows[1:]...)
	}
	now := DumpFlow{From: h.Src, To: h.Dst, Seq: h.Seq, Ack: h.Ack - 1}
	if i >= 0 {
		d.Flows[i] = now
	} else {
		d.Flows = append(d.Flows, now)
	}
}

// flow returns where a connection stands, and whether it was first seen the other way; -1 if it was not seen.
func (d *Dump) flow(from, to tcp.Endpoint) (i int, back bool) {
	for i := range d.Flows {
		switch f := &d.Flows[i]; {
		case f.From == from && f.To == to:
			return i, false
		case f.From == to && f.To == from:
			return i, true
		}
	}
	return -1, false
}
