package drill

import (
	"encoding/binary"
	"encoding/hex"
	"strings"
	"testing"

	"wirelab/stack/wire"
)

// arriving builds the segment of a script's line for a flow whose local ISN is
// 5,000,000 and whose remote one is 7.
func arriving(t *testing.T, o Options, text string, prepare func(r *runner, f *flow)) (wire.TCP, error) {
	t.Helper()
	r, f := rig(t, o)
	for _, flag := range o.Flags {
		if err := r.set.apply(flag); err != nil {
			t.Fatal(err)
		}
	}
	if prepare != nil {
		prepare(r, f)
	}
	e, err := eventOf(t, "+0 "+text)
	if err != nil {
		t.Fatal(err)
	}
	b, err := r.segment(f, e.Packet, 1)
	if err != nil {
		return nil, err
	}
	seg, ok := wire.ParseTCP(b)
	if !ok || !seg.ChecksumOK(&f.remote.Addr, &f.local.Addr) {
		t.Errorf("%s: a segment that is damaged", text)
	}
	return seg, nil
}

func TestNumbersOfWhatArrives(t *testing.T) {
	stamps := func(_ *runner, f *flow) {
		f.tsMap = []tsPair{{100, 3000}, {200, 3100}, {100, 3200}}
		f.tsFirst, f.tsSeen = f.tsMap[0], true
	}
	cookies := func(r *runner, _ *flow) { r.cookies = []cookie{{"\x01\x02", "\x0a\x0b"}} }
	scaled := Options{Flags: []Option{{Name: "tcp_ts_ecr_scaled"}}}
	for _, c := range []struct {
		text     string
		seq, ack uint32
		options  string // in hex
		prepare  func(r *runner, f *flow)
		o        Options
	}{
		{text: "< . 1:11(10) ack 5 win 9", seq: 8, ack: 5_000_005},
		{text: "< R 1:1(0) win 9", seq: 8},
		{text: "< S 50:50(0) win 9", seq: 50},
		{text: "< S. 0:0(0) ack 1 win 9", seq: 0, ack: 5_000_001},
		{text: "< . 1:1(0) ack 1 win 9 <nop,nop,sack 11:21>", seq: 8, ack: 5_000_001, options: "0101050a004c4b4b004c4b55"},
		{text: "< . 1:1(0) ack 1 win 9 <nop,nop,TS val 4 ecr 100>", seq: 8, ack: 5_000_001, options: "0101080a0000000400000c80", prepare: stamps},
		{text: "< . 1:1(0) ack 1 win 9 <nop,nop,TS val 4 ecr 200>", seq: 8, ack: 5_000_001, options: "0101080a0000000400000c1c", prepare: stamps},
		{text: "< . 1:1(0) ack 1 win 9 <nop,nop,TS val 4 ecr 0>", seq: 8, ack: 5_000_001, options: "0101080a0000000400000000", prepare: stamps},
		{text: "< . 1:1(0) ack 1 win 9 <nop,nop,TS val 4 ecr 150>", seq: 8, ack: 5_000_001, options: "0101080a0000000400000bea", prepare: stamps, o: scaled},
		{text: "< S 0:0(0) win 9 <FO 0102>", options: "22040a0b", prepare: cookies},
		{text: "< SEWA 0:0(0) win 9 <mss 9>", options: "02040009"},
	} {
		seg, err := arriving(t, c.o, c.text, c.prepare)
		if err != nil {
			t.Errorf("%s: %v", c.text, err)
			continue
		}
		if got := hex.EncodeToString(seg.Options()); seg.Seq() != c.seq || seg.Ack() != c.ack || got != c.options {
			t.Errorf("%s: seq %d ack %d options %s", c.text, seg.Seq(), seg.Ack(), got)
		}
		if ae := seg[12]&1 != 0; ae != strings.Contains(c.text, "A 0") {
			t.Errorf("%s: AE is %v", c.text, ae)
		}
	}
	if _, err := arriving(t, Options{}, "< . 1:1(0) ack 1 win 9 <nop,nop,TS val 4 ecr 150>", stamps); err == nil {
		t.Error("an echo of what never left passes")
	}
}

func TestEchoedPackets(t *testing.T) {
	r, f := rig(t, Options{})
	for text, want := range map[string]string{
		"< icmp unreachable frag_needed mtu 700 [1:1001(1000)]": "0304 000002bc 4500 0410 06 1f9003e8004c4b41",
		"< icmp unreachable port_unreachable [udp(10)]":         "0303 00000000 4500 0026 11 1f9003e800120000",
		"< icmp time_exceeded ttl_exceeded [raw(4)]":            "0b00 00000000 4500 0018 ff 00000000",
		"< icmp echo_request id 5":                              "0800 00050000",
	} {
		e, err := eventOf(t, "+0 "+text)
		if err != nil {
			t.Fatal(err)
		}
		b, err := r.message(f, e.Packet.Error, 1)
		if err != nil {
			t.Fatal(err)
		}
		if m, ok := wire.ParseICMP(b); !ok || !m.ChecksumOK() {
			t.Errorf("%s: damaged", text)
		}
		parts := []string{hex.EncodeToString(b[:2]), hex.EncodeToString(b[4:8])}
		if q := b[8:]; len(q) > 0 {
			parts = append(parts, hex.EncodeToString(q[:2]), hex.EncodeToString(q[2:4]), hex.EncodeToString(q[9:10]), hex.EncodeToString(q[20:]))
			if a := r.set.localIP.As4(); binary.BigEndian.Uint32(q[12:]) != a {
				t.Errorf("%s: not from us", text)
			}
		}
		if got := strings.Join(parts, " "); got != want {
			t.Errorf("%s: %s, want %s", text, got, want)
		}
	}
}

// The first SYN that leaves fits the script's numbers to those of the wire; a
// later one must follow from it.
func TestInitialSequenceNumbers(t *testing.T) {
	r, f := rig(t, Options{})
	f.matched, f.known = false, false
	play := func(text string) error {
		t.Helper()
		e, err := eventOf(t, "+0 "+text)
		if err != nil {
			t.Fatal(err)
		}
		return r.event(&e)
	}
	r.leaves(t, f, 0, "> S. 777:777(0) ack 8 <mss 9>") // on the wire 5,000,777
	if err := play("> S. 40:40(0) ack 8 <mss 9>"); err != nil || f.localISN != 5_000_777 || f.scriptISN != 40 {
		t.Error(err, f)
	}
	r.leaves(t, f, 0, "> . 1:1(0) ack 1")
	if err := play("> . 1:1(0) ack 1"); err != nil {
		t.Error(err)
	}
	f.newSYN = true
	r.leaves(t, f, 0, "> S. 140:140(0) ack 71 <mss 9>")
	if err := play("> S. 140:140(0) ack 71 <mss 9>"); err != nil || f.localISN != 5_000_877 || f.remoteISN != 70 {
		t.Error(err, f)
	}
	r.leaves(t, f, 0, "> S. 5:5(0) ack 71 <mss 9>")
	if err := play("> S. 141:141(0) ack 71 <mss 9>"); err == nil {
		t.Error("a second SYN with another number passes")
	}
}

func TestTimestampsThatLeave(t *testing.T) {
	for _, c := range []struct {
		options Options
		second  string
		ok      bool
	}{
		{Options{}, "TS val 9000 ecr 1", true},
		{Options{Switches: Switches{TSEcho: true}}, "TS val 9000 ecr 2", true},
		{Options{Switches: Switches{TSEcho: true}}, "TS val 9000 ecr 1", false},
		{Options{Flags: []Option{{Name: "tcp_ts_tick_usecs", Value: "1000"}}}, "TS val 1110 ecr 2", true},
		{Options{Flags: []Option{{Name: "tcp_ts_tick_usecs", Value: "1000"}}}, "TS val 1140 ecr 2", false},
	} {
		r, f := rig(t, c.options)
		err := error(nil)
		for i, live := range []string{"TS val 1010 ecr 2", c.second} {
			r.leaves(t, f, 0, "> . 1:1(0) ack 1 <nop,nop,"+live+">")
			e, parse := eventOf(t, "+0 > . 1:1(0) ack 1 <nop,nop,"+[]string{"TS val 100 ecr 2", "TS val 200 ecr 2"}[i]+">")
			if parse != nil {
				t.Fatal(parse)
			}
			if err == nil {
				err = r.event(&e)
			}
		}
		if (err == nil) != c.ok {
			t.Errorf("%+v, %s: %v", c.options, c.second, err)
		}
	}
}
