package session

import (
	"strings"
	"testing"
	"time"

	"wirelab/lab/link"
)

// What a line says is done, stands in the journal, and can be undone.
func TestCommands(t *testing.T) {
	s := New()
	if err := s.Example("four-way-close"); err != nil {
		t.Fatal(err)
	}
	s.SeekNs(105e6) // the SYN is on the wire
	for s.Busy() {
		s.Work(time.Second)
	}
	for _, line := range []string{"hold 1", "release 1", "delay 1 20ms", "edit 1 ip.ttl 9", "duplicate 1 2", "corrupt 2", "drop 3",
		"link 0 delay 50ms", "link 0 queue fq_codel dir 1", "sysctl A net.ipv4.tcp_sack 0",
		"rule nth 2 drop when tcp.len > 0", `rule link 0 dir 1 chance 30% delay 5ms when wl.host == "B"`, "rule edit ip.ttl 3 keep", "unrule 3",
		"inject 0 1 0200000000010200000000020800"} {
		n := len(s.Lab().Journal)
		if err := s.Command(line); err != nil {
			t.Errorf("%s: %v", line, err)
		} else if len(s.Lab().Journal) == n {
			t.Errorf("%s: nothing stands in the journal", line)
		}
	}
	d := &s.Lab().LinkAt(0).Dir
	if d[0].DelayNs != 50e6 || d[1].DelayNs != 50e6 || d[0].Discipline != link.UseDropTail || d[1].Discipline != link.UseFQCoDel {
		t.Errorf("the link is %+v and %+v", d[0].Params, d[1].Params)
	}
	r := s.Lab().Rules
	if len(r) != 3 || r[0].Nth != 2 || r[0].Filter != "tcp.len > 0" || r[1].PPM != 300_000 || r[1].Dir != 2 || r[1].Ns != 5e6 || !r[2].KeepSums || !r[2].Off {
		t.Errorf("the rules are %+v", r)
	}
	if ok, err := s.Undo(); !ok || err != nil {
		t.Error(err)
	}
	for line, says := range map[string]string{
		"": "there are hold", "fly 1": `"fly"`, "drop": "missing", "drop 99": "no packet 99", "drop 1 2": "too much", "delay 1 soon": "it is written delay",
		"edit 1 ip.ttl 999": "at most 255", "link 9 delay 1ms": "no link 9", "link 0 speed 1": "no setting", "link 0 delay": "are needed",
		"rule nth 2": "action is missing", "rule drop when tcp.flagz": "tcp.flagz", "rule often drop": "no condition", "inject 0 1 xyz": "hexadecimal",
		"inject 0 2 00": "direction", "sysctl Z net.ipv4.tcp_sack 0": "Z", "unrule 9": "no rule 9", "release 1": "not held",
	} {
		n := len(s.Lab().Journal)
		if err := s.Command(line); err == nil || !strings.Contains(err.Error(), says) || len(s.Lab().Journal) != n {
			t.Errorf("%q: %v, want %q", line, err, says)
		}
	}
}

// What is changed at the beginning of a lab meets what was typed later; mistakes are said, and ^C reaches a program.
func TestCommandsKeepWhatComesLater(t *testing.T) {
	s := New()
	work := func() {
		for s.Busy() {
			s.Work(time.Second)
		}
	}
	if err := s.Example("four-way-close"); err != nil {
		t.Fatal(err)
	}
	if err := s.Command("rule nth 2 drop when tcp.len > 0"); err != nil {
		t.Fatal(err)
	}
	s.SeekNs(10e9)
	work()
	if st := s.Status(); st.PacketsSent < 10 || st.PacketsDropped != 1 {
		t.Errorf("with the rule: %+v", st)
	}
	for line, says := range map[string]string{"rule chance 0% drop": "would never act", "rule nth 0 drop": "counted from 1", "memory 99999999999": "16 to 1048575", "link 7 delay 5ms": "there is no link 7"} {
		if err := s.Command(line); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("%s: %v", line, err)
		}
	}
	if err := s.Command("link 0 loss-filter tcp.flags.syn == 1 dir 1"); err != nil || s.Lab().LinkAt(0).Dir[1].LossFilter != "tcp.flags.syn == 1" {
		t.Errorf("a filter with blanks: %v", err)
	}
	for _, line := range []string{"ping 192.168.1.123", "^C"} {
		if err := s.Exec("A", line); err != nil {
			t.Fatal(err)
		}
		s.SeekNs(s.Lab().Position().TimeNs + 2e9)
		work()
	}
	if out, _ := s.Output("A"); !strings.Contains(out, "ping statistics") {
		t.Errorf("^C does not end a program:\n%s", out)
	}
}
