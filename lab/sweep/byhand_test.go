package sweep

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack/wire"
)

const ms, second = int64(1_000_000), int64(1_000_000_000)

// byHand is a lab that somebody built: nothing stands in the scenario. B is added at 100 ms, renamed later, and its link is changed; A
// sends it 100 kB.
func byHand(t *testing.T) *Plan {
	t.Helper()
	p := link.Params{BitsPerSecond: 10_000_000, DelayNs: 10 * ms, QueuePackets: 50}
	slower := p
	slower.BitsPerSecond = 5_000_000
	end := func(node uint32, last byte) lab.LinkEnd {
		return lab.LinkEnd{Node: node, Addr: wire.V4(10, 0, 0, last), Prefix: 24}
	}
	l, err := lab.New(lab.Scenario{Seed: 1})
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range []struct {
		at int64
		in lab.Input
	}{
		{0, lab.AddNode{Name: "A"}}, {0, lab.AddNode{Name: "S", Kind: lab.KindSwitch}},
		{100 * ms, lab.AddNode{Name: "B"}},
		{100 * ms, lab.AddLink{Ends: [2]lab.LinkEnd{end(0, 1), {Node: 1}}, Params: [2]link.Params{p, p}}},
		{100 * ms, lab.AddLink{Ends: [2]lab.LinkEnd{{Node: 1}, end(2, 2)}, Params: [2]link.Params{p, p}}},
		{200 * ms, lab.Rename{Node: 2, Name: "web.example"}},
		{200 * ms, lab.Exec{Node: 2, Line: "sink 7 &"}},
		{300 * ms, lab.SetSysctl{Node: 0, Name: "net.ipv4.tcp_congestion_control", Value: "reno"}},
		{300 * ms, lab.AddRule{Rule: lab.Rule{Filter: "tcp.len > 0", Nth: 9, Surgery: lab.Surgery{Action: lab.ActDrop}}}},
		{300 * ms, lab.AddRule{Rule: lab.Rule{Filter: "arp", Nth: 1000, Surgery: lab.Surgery{Action: lab.ActDrop}}}},
		{400 * ms, lab.Exec{Node: 0, Line: "source 10.0.0.2 7 100000"}},
		{450 * ms, lab.SetLink{Link: 1, Dir: 0, Params: slower}},
		{460 * ms, lab.RemoveRule{Number: 1}},
	} {
		if err := l.SeekTo(e.at); err != nil {
			t.Fatal(err)
		}
		if err := l.Do(e.in); err != nil {
			t.Fatalf("%+v: %v", e.in, err)
		}
	}
	return &Plan{Scenario: l.Scenario, Journal: l.Journal}
}

// swept runs one sweep over a lab and returns the results.
func swept(t *testing.T, p *Plan, over ...string) []result {
	t.Helper()
	for _, o := range over {
		if err := p.Over(o); err != nil {
			t.Fatal(err)
		}
	}
	results := run(t, p, Shard{0, 1})
	for _, r := range results {
		if r.Error != "" {
			t.Fatalf("%v: %+v", over, r)
		}
	}
	return results
}

// Whatever is swept over, it is found in a lab that was built by hand, and every value comes to another state.
func TestByHand(t *testing.T) {
	for _, c := range []struct {
		over string
		runs int
	}{
		{"link.0.delay=10ms,50ms", 2}, {"link.1.rate=1mbit,10mbit", 2}, {"link.*.loss=0%,3%", 2}, {"link.A-S.limit=5,50", 2}, {"link.web.example-S.limit=5,50", 2}, {"link.B-S.limit=5,50", 2},
		{"A.net.ipv4.tcp_congestion_control=reno,cubic,bbr", 3}, {"B.net.ipv4.tcp_sack=0,1", 2}, {"web.example.net.ipv4.tcp_sack=0,1", 2}, {"*.net.ipv4.tcp_timestamps=0,1", 2},
		{"seed=1-3", 3}, {"drop=0-3", 4}, {"rule.1=on,off", 2}, {"rule.1.nth=1-3", 3}, {"rule.1.chance=1%,20%", 2},
	} {
		results := swept(t, byHand(t), c.over)
		states := map[string]bool{}
		for _, r := range results {
			states[r.StateHash] = true
			if r.BytesDelivered != 100_000 {
				t.Errorf("%v: %d bytes arrived", r.Over, r.BytesDelivered)
			}
		}
		if len(results) != c.runs || len(states) != c.runs || len(told) > 0 {
			t.Errorf("%s: %d runs came to %d states, want %d; said %q", c.over, len(results), len(states), c.runs, told)
		}
	}
}

// A lab as it is comes to the same state in a sweep as without one.
func TestASweepOfWhatIsThereChangesNothing(t *testing.T) {
	p := byHand(t)
	r := swept(t, p, "seed=1")[0]
	l, err := lab.New(p.Scenario)
	if err == nil {
		err = l.Load(p.Journal)
	}
	if err == nil {
		_, err = l.RunToRest()
	}
	if hash := fmt.Sprintf("%016x", l.Hash()); err != nil || r.StateHash != hash || r.TimeNs != l.Position().TimeNs {
		t.Errorf("%v: the sweep comes to %s at %d, the lab to %s at %d", err, r.StateHash, r.TimeNs, hash, l.Position().TimeNs)
	}
	if len(told) != 1 || !strings.Contains(told[0], "seed=1 changed no packet") {
		t.Errorf("said %q", told)
	}
	if whole := swept(t, byHand(t), "drop"); len(whole) < 100 || whole[0].StateHash != r.StateHash || whole[1].PacketsDropped < 2 {
		t.Errorf("%d runs; the one that loses no other packet than the rule does comes to %s", len(whole), whole[0].StateHash)
	}
}

// The swept value holds from the first moment, whatever the journal sets later; all else stays as it is.
func TestSweptValuesWin(t *testing.T) {
	p := byHand(t)
	for _, o := range []string{"A.net.ipv4.tcp_congestion_control=bbr", "B.net.ipv4.tcp_sack=0", "link.1.delay=33ms"} {
		if err := p.Over(o); err != nil {
			t.Fatal(err)
		}
	}
	c := p.change()
	for k, v := range p.values(0) {
		if err := p.Axes[k].apply(c, v); err != nil {
			t.Fatal(err)
		}
	}
	l, err := c.lab()
	if err != nil {
		t.Fatal(err)
	}
	for _, at := range []int64{0, 100 * ms, 350 * ms, 500 * ms} {
		if err := l.SeekTo(at); err != nil {
			t.Fatal(err)
		}
		if cc, _ := l.Host(0).SysctlText("net.ipv4.tcp_congestion_control"); cc != "bbr" {
			t.Errorf("at %d ns A has %s", at, cc)
		}
		if at < 100*ms {
			continue
		}
		if sack, _ := l.Host(2).Sysctl("net.ipv4.tcp_sack"); sack != 0 {
			t.Errorf("at %d ns B has SACK", at)
		}
		for dir := range 2 {
			want := link.Params{BitsPerSecond: 10_000_000, DelayNs: 33 * ms, QueuePackets: 50}
			if dir == 0 && at > 450*ms {
				want.BitsPerSecond = 5_000_000
			}
			if got := l.LinkAt(1).Dir[dir].Params; got != want {
				t.Errorf("at %d ns direction %d of the link is %+v", at, dir, got)
			}
		}
		if got := l.LinkAt(0).Dir[0].Params.DelayNs; got != 10*ms {
			t.Errorf("the other link has %d ns", got)
		}
	}
	if len(l.Rules) != 2 || l.Rules[0].Off || !l.Rules[1].Off {
		t.Errorf("rules: %+v", l.Rules)
	}
}

// A rule that a sweep adds does not take the number of another.
func TestRulesKeepTheirNumbers(t *testing.T) {
	p := byHand(t)
	if err := p.Over("drop=5"); err != nil {
		t.Fatal(err)
	}
	c := p.change()
	p.Axes[0].apply(c, "5")
	l, err := c.lab()
	if err == nil {
		_, err = l.RunToRest()
	}
	if err != nil || len(l.Rules) != 3 || l.Rules[0].Off || l.Rules[1].Off || !l.Rules[2].Off || l.Rules[0].Hits != 1 || l.Rules[1].Hits != 1 {
		t.Errorf("%v: %+v", err, l.Rules)
	}
}

// A value that changed no run is reported, and only then.
func TestWhatChangedNothing(t *testing.T) {
	for _, c := range []struct {
		over []string
		says []string
	}{
		{[]string{"link.0.delay=10ms,50ms"}, nil},
		{[]string{"link.0.delay=10ms,10000us"}, []string{"link.0.delay=10ms,10000us changed nothing: both runs came to the same state"}},
		{[]string{"link.0.delay=10ms,10000us", "seed=1-3"}, []string{"link.0.delay=10ms,10000us changed nothing: with each of the 3 combinations of the other values, both runs came to the same state"}},
		{[]string{"B.net.ipv4.tcp_congestion_control=reno,cubic"}, []string{"B.net.ipv4.tcp_congestion_control=reno,cubic changed no packet: both runs sent the same at the same times"}},
		{[]string{"A.net.ipv4.tcp_fwmark_accept=1"}, []string{"A.net.ipv4.tcp_fwmark_accept=1 changed no packet: the same is sent at the same times without it"}},
		{[]string{"A.net.ipv4.tcp_timestamps=0"}, nil},
		{[]string{"A.net.ipv4.tcp_timestamps=1"}, []string{"changed no packet: the same is sent at the same times without it"}}, // as it is anyway
		{[]string{"drop=0-3,900-902,950"}, []string{"drop=900-902,950 lost nothing: no run had so many packets that count"}},
		{[]string{"drop=900-902"}, []string{"drop=900,901,902 changed no packet", "drop=900-902 lost nothing"}},
		{[]string{"A.net.ipv4.tcp_timestamps=1", "seed=1-401"}, []string{"changed no packet: the same is sent at the same times without it (201 of the 401 runs were compared)"}},
		{[]string{"rule.2=on,off"}, []string{"rule.2=on,off changed no packet"}},
	} {
		swept(t, byHand(t), c.over...)
		ok := len(told) == len(c.says)
		for i := range min(len(told), len(c.says)) {
			ok = ok && strings.Contains(told[i], c.says[i])
		}
		if !ok {
			t.Errorf("%v: said %q, want %q", c.over, told, c.says)
		}
	}
	p := byHand(t)
	if err := p.Over("link.0.delay=10ms,10000us"); err != nil {
		t.Fatal(err)
	}
	if run(t, p, Shard{0, 2}); len(told) > 0 {
		t.Errorf("a shard, which has not seen the other one, says %q", told)
	}
}

// Messages name what there is.
func TestOverByHandRefuses(t *testing.T) {
	for over, says := range map[string]string{
		"C.net.ipv4.tcp_sack=0": `there is no host "C"; there are A, web.example (added at 100 ms)`, "S.net.ipv4.tcp_sack=0": "S is a switch, which has no settings",
		"link.2.delay=1ms": "there is no link 2; there are 0 (A-S, added at 100 ms), 1 (S-web.example, added at 100 ms)", "link.A-web.example.delay=1ms": "there is no link A-web.example",
		"rule.3=on": "there is no rule 3; there are 1 to 2", "rule.1.filter=tcp": "a rule has no setting", "rule.1=maybe": "on or off", "rule.1.nth=0": "counted from 1", "rule.1.chance=0%": "more than none",
		"web.example.net.ipv4.tcp_sak=1": `no setting "net.ipv4.tcp_sak"`,
	} {
		if err := byHand(t).Over(over); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", over, err, says)
		}
	}
	empty := &Plan{}
	for over, says := range map[string]string{"A.net.ipv4.tcp_sack=0": "the lab has no hosts", "*.net.ipv4.tcp_sack=0": "the lab has no hosts", "link.0.delay=1ms": "the lab has no links", "link.*.delay=1ms": "the lab has no links", "rule.1=off": "the lab has no rules"} {
		if err := empty.Over(over); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%q: %v, want %q", over, err, says)
		}
	}
	twice := byHand(t)
	for i, name := range []string{"x", "y"} { // both were called x once
		twice.Journal = append(twice.Journal, lab.Entry{At: lab.Position{TimeNs: second}, Input: lab.Rename{Node: uint32(2 * i), Name: "x"}}, lab.Entry{At: lab.Position{TimeNs: second}, Input: lab.Rename{Node: uint32(2 * i), Name: "z" + name}})
	}
	if err := twice.Over("x.net.ipv4.tcp_sack=0"); err == nil || !strings.Contains(err.Error(), "more than one host was called x; take the names that they have in the end: zx, zy (added at 100 ms)") {
		t.Error(err)
	}
}

// Surgery on a packet that is not there in a changed run is left out and counted.
func TestMissed(t *testing.T) {
	p := transfer()
	l, err := lab.New(p.Scenario)
	if err != nil {
		t.Fatal(err)
	}
	if err := l.SeekTo(25 * ms); err != nil {
		t.Fatal(err)
	}
	x := *l.LinkAt(0).Dir[0].Flight.At(0)
	proof, err := l.Proof(x.Crossing)
	if err == nil {
		err = l.Do(lab.Operate{Packet: x.Crossing, Proof: proof, Surgery: lab.Surgery{Action: lab.ActDrop}})
	}
	if err != nil {
		t.Fatal(err)
	}
	p.Journal = l.Journal
	results := swept(t, p, "link.0.delay=10ms,1ms")
	if missed := []int{results[0].Missed, results[1].Missed}; !slices.Equal(missed, []int{0, 1}) || results[0].PacketsDropped != 1 || results[1].PacketsDropped != 0 {
		t.Errorf("missed %v; %+v", missed, results)
	}
}

// What is typed at a terminal counts from then on.
func TestATerminalWins(t *testing.T) {
	p := transfer()
	p.Journal = []lab.Entry{{At: lab.Position{TimeNs: second}, Input: lab.Exec{Node: 1, Line: "sysctl -w net.ipv4.tcp_sack=1"}}}
	if err := p.Over("B.net.ipv4.tcp_sack=0"); err != nil {
		t.Fatal(err)
	}
	c := p.change()
	p.Axes[0].apply(c, "0")
	l, err := c.lab()
	if err == nil {
		err = l.SeekTo(second / 2)
	}
	before, _ := l.Host(1).Sysctl("net.ipv4.tcp_sack")
	if err == nil {
		err = l.SeekTo(2 * second)
	}
	after, _ := l.Host(1).Sysctl("net.ipv4.tcp_sack")
	if err != nil || before != 0 || after != 1 {
		t.Errorf("%v: %d, then %d", err, before, after)
	}
}
