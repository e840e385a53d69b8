package drill

import (
	"encoding/binary"
	"fmt"
	"strings"

	"wirelab/stack/wire"
)

// String writes a packet as a script does.
func (p *Packet) String() string {
	var b strings.Builder
	b.WriteByte("><"[truth(p.In)])
	if ip := p.IP.String(); ip != "" {
		b.WriteString(" (" + ip + ")")
	}
	switch p.Proto {
	case UDP:
		fmt.Fprintf(&b, " udp (%d)", p.Len)
	case ICMP:
		b.WriteString(" icmp " + p.Error.String())
	default:
		p.writeTCP(&b)
	}
	return b.String()
}

func truth(b bool) int {
	if b {
		return 1
	}
	return 0
}

func (p *Packet) writeTCP(b *strings.Builder) {
	if p.Ports {
		fmt.Fprintf(b, " %d > %d", p.Src, p.Dst)
	}
	fmt.Fprintf(b, " %s %d:%d(%d)", flagString(p.Flags, p.ACE), p.Seq, p.Seq+p.Len, p.Len)
	if p.HasAck {
		fmt.Fprintf(b, " ack %d", p.Ack)
	}
	if p.HasWin {
		fmt.Fprintf(b, " win %d", p.Win)
	}
	if p.Urg != 0 {
		fmt.Fprintf(b, " urg %d", p.Urg)
	}
	if p.AnyOpts {
		b.WriteString(" <...>")
	} else if len(p.Opts) > 0 {
		b.WriteString(" " + optionString(p.Opts))
	}
}

func (i *IPInfo) String() string {
	var parts []string
	if i.HasECN && i.AnyECT {
		parts = append(parts, "ect01")
	} else if i.HasECN {
		parts = append(parts, [...]string{"noecn", "ect1", "ect0", "ce"}[i.ECN&3])
	}
	if i.HasTOS {
		parts = append(parts, fmt.Sprintf("tos %#x", i.TOS))
	}
	if i.HasTTL {
		parts = append(parts, fmt.Sprintf("ttl %d", i.TTL))
	}
	if i.HasFlow {
		parts = append(parts, fmt.Sprintf("flowlabel %#x", i.Flow))
	}
	return strings.Join(parts, ", ")
}

func (m *Message) String() string {
	s := m.Type
	if m.Code != "" {
		s += " " + m.Code
	}
	if m.HasMTU {
		s += fmt.Sprintf(" mtu %d", m.MTU)
	}
	if m.HasID {
		s += fmt.Sprintf(" id %d", m.ID)
	}
	if m.HasNumber {
		s += fmt.Sprintf(" seq %d", m.Number)
	}
	switch m.Echo {
	case EchoTCP:
		s += fmt.Sprintf(" [%d:%d(%d)]", m.Seq, m.Seq+m.Len, m.Len)
	case EchoUDP:
		s += fmt.Sprintf(" [udp(%d)]", m.Len)
	case EchoRaw:
		s += fmt.Sprintf(" [raw(%d)]", m.Len)
	}
	return s
}

// optionString writes options as <mss 1460,sackOK>.
func optionString(opts []Opt) string {
	parts := make([]string, len(opts))
	for i := range opts {
		parts[i] = opts[i].String()
	}
	return "<" + strings.Join(parts, ",") + ">"
}

func (o *Opt) String() string {
	switch d := o.Data; {
	case o.Kind == wire.OptEnd:
		return "eol"
	case o.Kind == wire.OptNop:
		return "nop"
	case o.Kind == wire.OptSACKPermitted && len(d) == 0:
		return "sackOK"
	case o.Kind == wire.OptMSS && len(d) == 2:
		return fmt.Sprintf("mss %d", binary.BigEndian.Uint16(d))
	case o.Kind == wire.OptWindowScale && len(d) == 1:
		return fmt.Sprintf("wscale %d", d[0])
	case o.Kind == wire.OptSACK && len(o.Values)%2 == 0:
		s := "sack"
		for i := 0; i < len(o.Values); i += 2 {
			s += fmt.Sprintf(" %d:%d", o.Values[i], o.Values[i+1])
		}
		return s
	case o.Kind == wire.OptTimestamps && len(o.Values) == 2:
		return fmt.Sprintf("TS val %d ecr %d", o.Values[0], o.Values[1])
	case o.Kind == optMD5:
		return fmt.Sprintf("md5 %x", d)
	case o.Kind == optFastOpen:
		return strings.TrimSpace(fmt.Sprintf("FO %x", d))
	case o.Kind == optExpFO && len(d) >= 2 && binary.BigEndian.Uint16(d) == expFOMagic:
		return strings.TrimSpace(fmt.Sprintf("FOEXP %x", d[2:]))
	default:
		return fmt.Sprintf("option %d %x", o.Kind, d)
	}
}

// String writes a call as a script does.
func (k *Call) String() string {
	s := k.text() + " = " + k.Result.String()
	if k.Errno != "" {
		s += " " + k.Errno
	}
	return s
}

// text writes a call without its result.
func (k *Call) text() string { return Expr{Kind: Apply, Text: k.Name, List: k.Args}.String() }

// String writes an argument as a script does.
func (e Expr) String() string {
	var parts []string
	for _, v := range e.List {
		parts = append(parts, v.String())
	}
	for _, f := range e.Fields {
		name := f.Name
		if f.Size != nil {
			name = Expr{Kind: Apply, Text: f.Name, List: f.Size}.String()
		}
		parts = append(parts, name+"="+f.Value.String())
	}
	switch all := strings.Join(parts, ", "); e.Kind {
	case Ellipsis:
		return "..."
	case Int:
		return itoa(e.Int)
	case Word:
		return e.Text
	case Or:
		return strings.Join(parts, "|")
	case String:
		return quote(e.Text)
	case List:
		return "[" + all + "]"
	case Struct:
		return "{" + all + "}"
	default:
		return e.Text + "(" + all + ")"
	}
}
