package drill

import (
	"slices"
	"strings"
	"testing"

	"wirelab/stack/block"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// rig is a runner whose host has sent nothing by itself: the test puts into
// r.sent what is to have left.
func rig(t *testing.T, o Options) (*runner, *flow) {
	t.Helper()
	s, err := Parse("x", "0 cap_set() = 0")
	if err != nil {
		t.Fatal(err)
	}
	r := &runner{opts: o, script: s, set: defaultSettings(), now: startNs, start: startNs, done: startNs, at: startNs, extraAcks: o.Switches.ExtraAcks}
	r.pool = block.NewPool()
	if err := r.prepare(); err != nil {
		t.Fatal(err)
	}
	f := r.newFlow(tcp.Endpoint{Addr: r.set.localIP, Port: 8080}, tcp.Endpoint{Addr: r.set.remoteIP, Port: 1000}, wire.ProtoTCP, -1)
	f.localISN, f.known, f.matched = 5_000_000, true, true
	f.remoteISN, f.greeted = 7, true
	return r, f
}

// leaves puts a segment on the wire at a time, given in the script's words.
func (r *runner) leaves(t *testing.T, f *flow, atNs int64, text string) {
	t.Helper()
	e, err := eventOf(t, "+0 "+text)
	if err != nil {
		t.Fatal(err)
	}
	r.leavesAs(f, startNs+atNs, e.Packet)
}

// leavesAs puts a packet of a script on the wire.
func (r *runner) leavesAs(f *flow, at int64, p *Packet) {
	b := make([]byte, wire.TCPLen)
	for _, o := range p.Opts {
		if o.Kind == wire.OptSACK {
			edges := make([]uint32, len(o.Values))
			for i, v := range o.Values {
				edges[i] = v + f.remoteISN
			}
			o.Values = edges
		}
		b = o.put(b)
	}
	opts := len(b) - wire.TCPLen
	b = append(b, make([]byte, p.Len)...)
	num, ack := p.Seq+f.localISN, p.Ack+f.remoteISN
	if p.isSYN() {
		num, ack = p.Seq-f.scriptISN+f.localISN, p.Ack
	}
	if !p.HasAck {
		ack = 0
	}
	wire.PutTCP(b, &f.local.Addr, &f.remote.Addr, f.local.Port, f.remote.Port, num, ack, uint8(p.Flags), p.Win, p.Urg, opts)
	h := r.header(&p.IP)
	h.src, h.dst, h.proto = f.local.Addr, f.remote.Addr, wire.ProtoTCP
	packet := append(make([]byte, wire.IPv4Len), b...)
	h.put(packet, 0)
	r.sent = append(r.sent, captured{at, packet})
}

// compareAll expects the packet want at 0 when those in sent leave at the times
// that stand before their text, in ms.
func compareAll(t *testing.T, o Options, want string, sent ...string) (*runner, error) {
	t.Helper()
	r, f := rig(t, o)
	for _, s := range sent {
		ms, text, _ := strings.Cut(s, " ")
		c := cursor{text: ms}
		at, err := c.seconds()
		if err != nil {
			t.Fatal(err)
		}
		r.leaves(t, f, at/1000, text)
	}
	e, err := eventOf(t, "+0 "+want)
	if err != nil {
		t.Fatal(err)
	}
	return r, r.event(&e)
}

func TestComparison(t *testing.T) {
	for _, c := range []struct {
		want, sent, differs string // "": they are the same
		used                string // a switch, if it made them the same
	}{
		{"> P. 1:11(10) ack 5", "> P. 1:11(10) ack 5 win 99", "", ""},
		{"> P. 1:11(10) ack 5", "> . 1:11(10) ack 5", "flags .", "psh"},
		{"> . 1:1(0) ack 5", "> . 1:1(0) ack 6", "ack 6", ""},
		{"> . 1:1(0) ack 5", "> . 2:2(0) ack 5", "seq 2", ""},
		{"> . 1:11(10) ack 5", "> . 1:12(11) ack 5", "11 bytes", ""},
		{"> . 1:1(0) ack 5 win 4", "> . 1:1(0) ack 5 win 3", "win 3", "win"},
		{"> . 1:1(0) ack 5 urg 1", "> . 1:1(0) ack 5 urg 2", "urg 2", ""},
		{"> . 1:1(0) ack 5", "> . 1:1(0) ack 5 <nop,nop,nop,eol>", "options", "opt-order"},
		{"> . 1:1(0) ack 5 <nop,nop,sack 3:4>", "> . 1:1(0) ack 5", "no options", ""},
		{"> . 1:1(0) ack 5 <nop,nop,sack 3:4>", "> . 1:1(0) ack 5 <nop,nop,sack 3:4>", "", ""},
		{"> . 1:1(0) ack 5 <nop,nop,sack 3:4>", "> . 1:1(0) ack 5 <nop,nop,sack 3:5>", "sack 3:5", ""},
		{"> . 1:1(0) ack 5 <...>", "> . 1:1(0) ack 5 <nop,nop,sack 3:5>", "", ""},
		{"> . 1:1(0) ack 5 <TS val 1 ecr 2,nop,nop>", "> . 1:1(0) ack 5 <TS val 8 ecr 9,nop,nop>", "", ""},
		{"> . 1:1(0) ack 5 <TS val 1 ecr 2,nop,nop>", "> . 1:1(0) ack 5 <nop,nop,TS val 1 ecr 2>", "options", "opt-order"},
		{"> S. 0:0(0) ack 8 <mss 9,FO 0102,nop,nop,nop,nop>", "> S. 0:0(0) ack 8 <mss 9,FO 0304,nop,nop,nop,nop>", "FO 0304", "tfo-cookie"},
		{"> (ect0) . 1:1(0) ack 5", "> (ect1) . 1:1(0) ack 5", "ect1", ""},
		{"> (ect01) . 1:1(0) ack 5", "> (ect1) . 1:1(0) ack 5", "", ""},
		{"> (tos 3) . 1:1(0) ack 5", "> (tos 4) . 1:1(0) ack 5", "tos 0x4", ""},
		{"> (ttl 3) . 1:1(0) ack 5", "> (ttl 4) . 1:1(0) ack 5", "ttl 4", ""},
		{"> udp (0)", "> . 1:1(0) ack 5", "another protocol", ""},
		{"> .5 1:1(0) ack 5", "> EA. 1:1(0) ack 5", "flags", ""},
	} {
		_, err := compareAll(t, Options{}, c.want, "0 "+c.sent)
		if (err == nil) != (c.differs == "") || err != nil && !strings.Contains(err.Error(), c.differs) {
			t.Errorf("%s: %s gives %v", c.want, c.sent, err)
		}
		r, err := compareAll(t, Options{Switches: Switches{OptOrder: true, Win: true, Psh: true, TFOCookie: true}}, c.want, "0 "+c.sent)
		if c.used != "" && (err != nil || strings.Join(r.result.Switches, " ") != c.used) {
			t.Errorf("%s: %s with switches gives %v, by %v", c.want, c.sent, err, r.result.Switches)
		}
	}
}

func TestAggregation(t *testing.T) {
	for _, c := range []struct {
		want    string
		sent    []string
		differs string
	}{
		{"> P. 1:31(30) ack 1", []string{"0 > . 1:11(10) ack 1", "0 > . 11:21(10) ack 1", "0 > P. 21:31(10) ack 1"}, ""},
		{"> P. 1:26(25) ack 1", []string{"0 > . 1:11(10) ack 1", "0 > . 11:21(10) ack 1", "0 > P. 21:26(5) ack 1"}, ""},
		{"> FP. 1:21(20) ack 1", []string{"0 > . 1:11(10) ack 1", "0 > FP. 11:21(10) ack 1"}, ""},
		{"> W. 1:21(20) ack 1", []string{"0 > W. 1:11(10) ack 1", "0 > . 11:21(10) ack 1"}, ""},
		{"> . 1:21(20) ack 1", []string{"0 > . 1:11(10) ack 1", "0 > W. 11:21(10) ack 1"}, ""},
		{"> . 1:21(20) ack 1", []string{"0 > . 11:21(10) ack 1"}, "seq 11"},
		{"> . 1:21(20) ack 1", []string{"0 > . 1:11(10) ack 1"}, "only > . 1:11(10) ack 1 until 2.000000"},
		{"> . 1:21(20) ack 1", []string{"0 > . 1:11(10) ack 1", "0 > . 12:22(10) ack 1"}, "not the bytes behind"},
		{"> . 1:21(20) ack 1", []string{"0 > . 1:11(10) ack 1", "0 > . 11:21(10) ack 2"}, "another ack"},
		{"> . 1:21(20) ack 1", []string{"0 > . 1:11(10) ack 1", "0 > . 11:21(10) ack 1 win 4"}, "another win"},
		{"> . 1:21(20) ack 1", []string{"0 > . 1:11(10) ack 1", "0 > E. 11:21(10) ack 1"}, "other flags"},
		{"> . 1:31(30) ack 1", []string{"0 > . 1:11(10) ack 1", "0 > . 11:16(5) ack 1", "0 > . 16:31(15) ack 1"}, "different lengths"},
		{"> . 1:16(15) ack 1", []string{"0 > . 1:11(10) ack 1", "0 > . 11:21(10) ack 1"}, "20 bytes"},
		{"> . 1:21(20) ack 1", []string{"0 > . 1:11(10) ack 1", "9 > . 11:21(10) ack 1"}, "at 0.009000"}, // the time is the last one's
	} {
		if _, err := compareAll(t, Options{}, c.want, c.sent...); (err == nil) != (c.differs == "") || err != nil && !strings.Contains(err.Error(), c.differs) {
			t.Errorf("%s: %v gives %v, want %q", c.want, c.sent, err, c.differs)
		}
	}
	strict := Options{Flags: []Option{{Name: "strict_segments"}}}
	if _, err := compareAll(t, strict, "> . 1:21(20) ack 1", "0 > . 1:11(10) ack 1", "0 > . 11:21(10) ack 1"); err == nil {
		t.Error("pieces pass as a whole in spite of strict_segments")
	}
}

func TestTolerance(t *testing.T) {
	for _, c := range []struct {
		want, sent string
		ok         bool
	}{
		{"> . 1:1(0) ack 5", "4 > . 1:1(0) ack 5", true},
		{"> . 1:1(0) ack 5", "4.1 > . 1:1(0) ack 5", false},
		{"> . 1:1(0) ack 5", "2001 > . 1:1(0) ack 5", false},
	} {
		if _, err := compareAll(t, Options{}, c.want, c.sent); (err == nil) != c.ok {
			t.Errorf("%s: %s gives %v", c.want, c.sent, err)
		}
	}
	for _, c := range []struct {
		when, sent string // at 0 something else was
		ok         bool
	}{
		{"+1", "875 > . 1:1(0) ack 5", true}, // 12.5 %
		{"+1", "874 > . 1:1(0) ack 5", false},
		{"+1", "1125 > . 1:1(0) ack 5", true},
		{"+1", "1126 > . 1:1(0) ack 5", false},
		{"+.01~+.02", "5.9 > . 1:1(0) ack 5", false},
		{"+.01~+.02", "6 > . 1:1(0) ack 5", true},
		{"+.01~+.02", "24 > . 1:1(0) ack 5", true},
		{"+.01~+.02", "24.1 > . 1:1(0) ack 5", false},
		{"*", "1999 > . 1:1(0) ack 5", true},
	} {
		r, f := rig(t, Options{})
		ms, text, _ := strings.Cut(c.sent, " ")
		cur := cursor{text: ms}
		at, _ := cur.seconds()
		r.leaves(t, f, at/1000, text)
		e, err := eventOf(t, c.when+" > . 1:1(0) ack 5")
		if err != nil {
			t.Fatal(err)
		}
		if err := r.event(&e); (err == nil) != c.ok {
			t.Errorf("%s: %s gives %v", c.when, c.sent, err)
		}
	}
}

func TestLooseTimesAndAcks(t *testing.T) {
	o := Options{Switches: Switches{AckDelay: true, ExtraAcks: 1}}
	for _, c := range []struct {
		want string
		sent []string
		used string // "": fails
	}{
		{"> . 1:1(0) ack 5", []string{"500 > . 1:1(0) ack 5"}, "ack-delay"},
		{"> . 1:1(0) ack 5", []string{"501 > . 1:1(0) ack 5"}, ""},
		{"> . 1:11(10) ack 5", []string{"500 > . 1:11(10) ack 5"}, ""},
		{"> P. 1:11(10) ack 5", []string{"0 > . 1:1(0) ack 4", "0 > P. 1:11(10) ack 5"}, "extra-ack"},
		{"> P. 1:11(10) ack 5", []string{"0 > . 1:1(0) ack 4", "0 > . 1:1(0) ack 5", "0 > P. 1:11(10) ack 5"}, ""},
	} {
		r, err := compareAll(t, o, c.want, c.sent...)
		if (err == nil) != (c.used != "") || err == nil && strings.Join(r.result.Switches, " ") != c.used {
			t.Errorf("%s: %v gives %v by %v", c.want, c.sent, err, r.result.Switches)
		}
	}
}

// Packets of other connections are passed over; damage is found whatever the script says.
func TestOthersAndDamage(t *testing.T) {
	r, f := rig(t, Options{})
	other := *f
	other.remote.Port = 1001
	r.leaves(t, &other, 0, "> R 1:1(0)")
	r.leaves(t, f, 0, "> . 1:3(2) ack 5")
	e, _ := eventOf(t, "+0 > . 1:3(2) ack 5")
	if err := r.event(&e); err != nil {
		t.Error(err)
	}
	for at, says := range map[int]string{9: "IP header", 25: "checksum of the segment"} {
		r, f := rig(t, Options{})
		r.leaves(t, f, 0, "> . 1:3(2) ack 5")
		if at == 9 {
			at = 8 // the TTL
		}
		r.sent[0].data[at] ^= 1
		if err := r.event(&e); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("damage at %d: %v", at, err)
		}
	}
}

// If what leaves is what a script says, every packet of every script is in
// order, whatever its numbers, and every echo can be translated.
func TestEveryPacketMeetsItself(t *testing.T) {
	for _, s := range corpus(t) {
		r, f := rig(t, Options{Switches: Switches{TSEcho: true}})
		f.matched, f.greeted, f.remoteISN = false, false, 0
		r.set.ecrScaled = slices.ContainsFunc(s.Options, func(o Option) bool { return o.Name == "tcp_ts_ecr_scaled" })
		for i := range s.Events {
			e, f := &s.Events[i], f
			if e.Packet != nil && e.Packet.Ports {
				f, _ = r.flowFor(e.Packet, e.Line)
			}
			switch {
			case e.outbound() && e.Packet.Proto == TCP: // ICMP has no numbers
				base := r.now
				if e.When.Kind == Absolute {
					base = r.start
				}
				r.leavesAs(f, base+e.When.Start, e.Packet)
				if err := r.event(e); err != nil {
					t.Errorf("%s:%d: %+v", s.Name, e.Line, err)
				}
				r.now = max(r.now, base+e.When.Start)
			case e.inbound() && e.Packet.Proto == TCP:
				if _, err := r.segment(f, e.Packet, e.Line); err != nil {
					t.Errorf("%s:%d: %+v", s.Name, e.Line, err)
				}
				fallthrough
			default:
				if e.When.Kind == Absolute {
					r.now = r.start + e.When.Start
				} else {
					r.now += e.When.Start
				}
				r.at = r.now
			}
			r.done = r.now
		}
	}
}
