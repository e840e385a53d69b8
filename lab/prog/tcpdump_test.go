//go:build !js

package prog_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"wirelab/lab"
)

// looked plays a lab in which the server looks at what goes on with some options, and writes it into a file as well.
func looked(t *testing.T, iface, options string) (lines []string, capture []byte) {
	l, err := lab.New(village())
	if err != nil {
		t.Fatal(err)
	}
	snap := "-B 4096"
	if _, rest, ok := strings.Cut(options, "-s "); ok {
		snap = "-s " + strings.Fields(rest)[0]
	}
	typed := []string{"server 0 httpd -q 80 &", "server 0 echo-server 7 &", "server 1 tcpdump -w x.pcap " + snap + " -i " + iface + " &", "server 2 tcpdump -i " + iface + " " + options,
		"client 1000 ping -c 1 10.0.1.1", "client 1200 curl -s -o /dev/null http://10.0.1.1/hello", "client 1500 ping -c 1 -s 2000 2001:db8:1::1", "client 1600 nc -u -w 1 10.0.1.1 5555", "client 1700 x",
		"client 1800 echo-client server 7", "client 1900 hello", "client 2000 exit", "client 2100 nc 10.0.1.1 9", "client 2200 dig @10.0.1.1 nobody", "router 2300 tc qdisc add dev eth1 root netem loss 0%",
		"server 3000 ^C", "server 3001 ping -c 1 127.0.0.1", "server 3100 curl -s -o /dev/null http://10.0.1.1/hello", "server 3500 kill %3", "server 3501 jobs"}
	if iface == "lo" {
		typed = []string{"server 0 httpd -q 80 &", "names 0 date", "server 1 tcpdump -w x.pcap -i lo &", "server 2 tcpdump -i lo " + options + " &", "server 10 ping -c 2 127.0.0.1", "server 1500 curl -s -o /dev/null http://10.0.1.1/hello",
			"server 2000 nc 127.0.0.1 9", "server 2500 ping -c 1 ::1", "server 3000 fg %3", "server 3001 ^C", "server 3500 kill %2", "server 3501 jobs"}
	}
	for _, line := range typed {
		in, _, ms := inputOf(l, line)
		if err := l.SeekTo(ms * 1_000_000); err != nil {
			t.Fatal(err)
		}
		if err := l.Do(in); err != nil {
			t.Fatal(err)
		}
	}
	if err := l.SeekTo(4e9); err != nil {
		t.Fatal(err)
	}
	out := l.Machine(3).Output()
	_, shown, _ := strings.Cut(out, "server$ tcpdump -i "+iface+" "+options)
	if _, shown, _ = strings.Cut(shown, "snapshot length "); !strings.Contains(shown, "packets captured") {
		t.Fatalf("tcpdump did not end:\n%s", out)
	}
	shown, _, _ = strings.Cut(shown, "^C")
	own := func(line string) bool { // what is typed and printed beside it
		return strings.Contains(line, "$ ") || strings.HasPrefix(line, "PING") || strings.HasPrefix(line, "64 bytes") || strings.HasPrefix(line, "---") || strings.HasPrefix(line, "rtt ") ||
			strings.Contains(line, "packets transmitted") || strings.Contains(line, ") = ") || line == "tcpdump -i lo "+options || strings.Contains(line, " = -1 E") || strings.HasPrefix(line, "accept(")
	}
	for _, line := range strings.Split(strings.TrimSuffix(shown, "\n"), "\n")[1:] {
		if !own(line) && (iface != "lo" || line != "") {
			lines = append(lines, line)
		}
	}
	files := l.Captures()
	if len(files) != 1 || files[0].Name != "x.pcap" || !files[0].Closed || files[0].Packets == 0 || !strings.Contains(out, "x.pcap: ") {
		t.Fatalf("the files are %+v:\n%s", files, out)
	}
	capture, err = l.Capture(&files[0])
	if err != nil {
		t.Fatal(err)
	}
	return lines, capture
}

var anyColumns = regexp.MustCompile(`^([0-9:.]* ?)\S+ +(In |Out|B  |M  |P  ) `)

// What tcpdump prints at a host is what tcpdump itself prints of the file that -w wrote there.
func TestTcpdumpAsTcpdump(t *testing.T) {
	if _, err := exec.LookPath("tcpdump"); err != nil {
		t.Skip("tcpdump is not installed; ./build.sh test installs it where it may")
	}
	const more = 3 // packets of the file that come after ^C may follow
	for _, c := range []struct{ iface, options string }{
		{"eth0", "-n"}, {"eth0", "-n -v"}, {"eth0", "-vv"}, {"eth0", "-n -vvv -e"}, {"eth0", "-e"}, {"eth0", "-q -n -e"}, {"eth0", "-n -t -X"}, {"eth0", "-n -tt -x"}, {"eth0", "-n -ttt -xx"},
		{"eth0", "-n -tttt -XX"}, {"eth0", "-n -ttttt -A"}, {"eth0", "-n -AA -#"}, {"eth0", "-S -n -K -v tcp"}, {"eth0", "-n -s 80 -t"}, {"eth0", "-n -s 96 -v"}, {"eth0", "-n ip broadcast or icmp"},
		{"eth0", "-n -p -l -U -O -N tcp port 80 and greater 100"}, {"any", "-n -v"}, {"any", "-n -e"}, {"any", "-e -q -v"}, {"any", "-n -t -xx"}, {"lo", "-n -t"}, {"lo", "-n -v -e -t"}, {"lo", "-n -x -t"},
	} {
		ours, capture := looked(t, c.iface, c.options)
		path := filepath.Join(t.TempDir(), "x.pcap")
		if err := os.WriteFile(path, capture, 0o644); err != nil {
			t.Fatal(err)
		}
		command := exec.Command("tcpdump", append([]string{"-r", path}, strings.Fields(c.options)...)...)
		command.Env = append(os.Environ(), "TZ=UTC")
		out, err := command.Output()
		if err != nil {
			t.Fatalf("%s: %v", c.options, err)
		}
		theirs := strings.Split(strings.TrimSuffix(string(out), "\n"), "\n")
		for i := range theirs {
			theirs[i] = expanded(theirs[i])
			if c.iface == "any" { // it looks the number of the interface up on this machine
				theirs[i] = anyColumns.ReplaceAllString(theirs[i], "${1}eth0  $2 ")
			}
		}
		if c.iface == "lo" {
			var rows []string
			for _, line := range theirs {
				if line != "" {
					rows = append(rows, line)
				}
			}
			theirs = rows
		}
		bad := 0
		for i := range min(len(ours), len(theirs)) {
			if ours[i] != theirs[i] && bad < more {
				t.Errorf("-i %s %s: line %d is\n%q, and tcpdump says\n%q", c.iface, c.options, i, ours[i], theirs[i])
				bad++
			}
		}
		if len(ours) < 10 && !strings.Contains(c.options, "greater") && !strings.Contains(c.options, "broadcast") || len(ours) > len(theirs) {
			t.Errorf("-i %s %s: %d lines, and tcpdump has %d", c.iface, c.options, len(ours), len(theirs))
		}
	}
}

// expanded writes tabs as blanks.
func expanded(line string) string {
	var b strings.Builder
	for _, r := range line {
		if r != '\t' {
			b.WriteRune(r)
			continue
		}
		for ok := true; ok; ok = b.Len()%8 != 0 {
			b.WriteByte(' ')
		}
	}
	return b.String()
}
