package drill

import (
	"bufio"
	"flag"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"reflect"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "write testdata/failing.txt anew")

const failingFile = "testdata/failing.txt"

// corpus returns the scripts in testdata.
func corpus(t testing.TB) (scripts []*Script) {
	t.Helper()
	err := filepath.WalkDir("testdata", func(path string, d fs.DirEntry, err error) error {
		if err != nil || !strings.HasSuffix(path, ".pkt") {
			return err
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		s, err := Parse(strings.TrimPrefix(filepath.ToSlash(path), "testdata/"), string(text))
		scripts = append(scripts, s)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(scripts) < 212 {
		t.Fatalf("only %d scripts", len(scripts))
	}
	return scripts
}

// reason is a line of the list of scripts that fail: name, line and why.
func reason(r Result) string {
	s := strings.TrimPrefix(r.String(), "FAIL ")
	return strings.Replace(s, "cannot run "+r.Name+":", r.Name+":", 1)
}

// TestScripts runs every script. Those in failing.txt are known not to pass yet:
// whoever mends the stack takes them out (go test ./stack/drill -update), and none may join them.
func TestScripts(t *testing.T) {
	known := map[string]bool{}
	if f, err := os.Open(failingFile); err == nil {
		for lines := bufio.NewScanner(f); lines.Scan(); {
			name, _, _ := strings.Cut(lines.Text(), ":")
			known[name] = true
		}
		f.Close()
	}
	var list strings.Builder
	for _, s := range corpus(t) {
		// The scripts' echoes of timestamps were checked against Linux, though the language leaves them open.
		r := s.Run(Options{Switches: Switches{TSEcho: true}})
		switch {
		case r.Verdict != OK:
			fmt.Fprintln(&list, reason(r))
			if !known[s.Name] && !*update {
				t.Error(r)
			}
		case known[s.Name] && !*update:
			t.Errorf("%s passes now: take it out of %s with -update", s.Name, failingFile)
		}
		delete(known, s.Name)
	}
	for name := range known {
		t.Errorf("%s is in %s, but there is no such script", name, failingFile)
	}
	if *update {
		if err := os.WriteFile(failingFile, []byte(list.String()), 0o644); err != nil {
			t.Fatal(err)
		}
	}
}

// A run depends on nothing but the script.
func TestARunRepeats(t *testing.T) {
	for _, s := range corpus(t) {
		var logs [2]string
		var results [2]Result
		for i := range results {
			results[i] = s.Run(Options{Log: func(line string) { logs[i] += line + "\n" }})
		}
		if !reflect.DeepEqual(results[0], results[1]) || logs[0] != logs[1] {
			t.Errorf("%s: %v, then %v", s.Name, results[0], results[1])
		}
	}
}

// Whatever a script holds, its run ends with a verdict.
func FuzzRun(f *testing.F) {
	for _, s := range corpus(f)[:5] {
		text, err := os.ReadFile("testdata/" + s.Name)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	for _, text := range []string{
		open + "+0 %{ assert (tcpi_state in (1, 2)) and 3 <= abs(-tcpi_rto) // 7 % 5 << 2, 'x' % 1\nx = 1; x += 2 }%",
		open + "+0 poll([{fd=4, events=POLLIN, revents=0}], 1, 10) = 0\n+0...1 recvmsg(4, {msg_iov(1)=[{..., 9}], msg_flags=0}, MSG_PEEK) = 9\n+.1 < FP. 1:11(10) ack 1 win 3 <nop,nop,sack 1:2>",
		active + "+0 < [0:0(0)] icmp unreachable frag_needed mtu 9\n+0 < S. 0:0(0) ack 1 win 5 <mss 9,TS val 1 ecr 0,nop,nop,FO 01,nop>\n+0 setsockopt(3, SOL_SOCKET, SO_LINGER, {onoff=1, linger=2}, 8) = 0\n+0...+1 close(3) = 0\n* > F. 1:1(0) ack 1",
		"--mtu=999 --non_fatal=packet --strict_segments\n`../defaults.sh && sysctl -q net.ipv4.tcp_rmem='1 2 3'; sleep 1`\n0 socket(..., SOCK_DGRAM, 0) = 3\n+0 sendto(3, ..., 9, 0, ..., ...) = 9\n+0 > [ect0] udp (9)\n`sockstat | grep -c LISTEN | grep 0`",
	} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		s, err := Parse("f", text)
		if err != nil {
			return
		}
		if r := s.Run(Options{}); r.Verdict != OK && (r.Got == "" || r.Line < 1) {
			t.Errorf("%+v", r)
		}
	})
}
