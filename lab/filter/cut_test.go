//go:build !js

package filter_test

import (
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"testing"

	"wirelab/lab/filter"
)

// A frame that is cut behind any byte has the fields, and their values, that Wireshark shows.
func TestFieldsOfCutFrames(t *testing.T) {
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed; ./build.sh test installs it where it may")
	}
	cuts := filter.Cuts()
	r := cutFile(t, cuts)
	fields := filter.HeaderFields()
	args := []string{"-T", "fields", "-E", "separator=|"}
	for _, f := range fields {
		args = append(args, "-e", f.Key)
	}
	lines := strings.Split(strings.TrimSuffix(r.tshark(t, args...), "\n"), "\n")
	if len(lines) != len(cuts)+1 {
		t.Fatalf("tshark says something of %d frames, not of %d", len(lines), len(cuts)+1)
	}
	there := 0
	for k, f := range fields {
		var wrong []string
		for i, c := range cuts {
			theirs := strings.Split(lines[i], "|")[k]
			ours := filter.Values(f.Key, c.Frame)
			if theirs != "" {
				there++
			}
			if f.Key == "ip.version" && strings.HasPrefix(theirs, "6") { // Wireshark shows it in IPv6, too
				continue
			}
			if c.Quotes && (f.Key == "tcp.len" || f.Key == "tcp.seq_raw" || f.Key == "tcp.nxtseq") { // Wireshark leaves them out, even if they are there
				continue
			}
			if (len(ours) > 0) != (theirs != "") || f.Number && !equalNumbers(ours, theirs) {
				wrong = append(wrong, fmt.Sprintf("%s, %d bytes (lengths corrected: %t): %v, there %q", c.Name, c.Bytes, c.Short, ours, theirs))
			}
		}
		if len(wrong) > 0 {
			t.Errorf("%s, %d times: %s", f.Key, len(wrong), strings.Join(wrong[:min(len(wrong), 5)], "; "))
		}
	}
	t.Logf("%d fields of %d frames, of which %d values are there", len(fields), len(cuts), there)
}

// equalNumbers compares the values of a field with tshark's list.
func equalNumbers(ours []int64, theirs string) bool {
	var list []string
	if theirs != "" {
		list = strings.Split(theirs, ",")
	}
	for i, text := range list {
		v, err := strconv.ParseInt(text, 0, 64)
		switch text {
		case "True", "False":
			v, err = int64(len("False")-len(text)), nil
		}
		if err != nil || i >= len(ours) || ours[i] != v {
			return false
		}
	}
	return len(list) == len(ours)
}

// A capture filter takes of frames that are cut behind any byte those that tcpdump takes.
func TestCapturesOfCutFrames(t *testing.T) {
	if _, err := exec.LookPath("tcpdump"); err != nil {
		t.Skip("tcpdump is not installed; ./build.sh test installs it where it may")
	}
	cuts := filter.Cuts()
	r := cutFile(t, cuts)
	for _, text := range append(cutCaptures, captures...) {
		theirs, err := dumped(r.path, text)
		if err != nil {
			t.Errorf("tcpdump does not read %s: %v", text, err)
			continue
		}
		f, err := filter.CaptureAt(text, filter.Vantage{Masked: true})
		if err != nil {
			t.Errorf("%s: %v", text, err)
			continue
		}
		takes := map[int]bool{}
		for _, n := range theirs {
			takes[n-1] = true
		}
		var wrong []string
		for i, c := range cuts {
			if f.Match(&r.packets[i]) != takes[i] {
				wrong = append(wrong, fmt.Sprintf("%s, %d bytes (lengths corrected: %t): there %t", c.Name, c.Bytes, c.Short, takes[i]))
			}
		}
		if len(wrong) > 0 {
			t.Errorf("%s (%s), %d times: %s", text, f, len(wrong), strings.Join(wrong[:min(len(wrong), 5)], "; "))
		}
	}
	t.Logf("%d expressions over %d frames", len(cutCaptures)+len(captures), len(cuts))
}

// cutCaptures are where it matters that what cannot be read rejects a frame, whatever else is asked of it.
var cutCaptures = []string{
	"not tcp", "not udp port 4001", "not (tcp[13] & 2 != 0)", "tcp[13] & 2 != 0 or ip[8] = 64", "tcp port 80 or host 10.0.0.1", "not icmp[0] = 8", "not arp host 10.0.0.1",
	"not net 10.0.0.0/8", "not src host fe80::1", "not host fe80::1", "not net fe80::/10", "not ip6 multicast", "not ip multicast", "not icmp6", "not icmp6[0] = 135", "not portrange 1-100",
	"not ip[2:2] > 5", "not udp[4:2] > 3", "not ip6[6] = 6", "not ether src 02:00:00:00:00:01", "not proto 17", "src port 80 or dst port 80", "not ip6 proto 6",
}

// cutFile writes frames into a file for tshark and tcpdump, and one more: a table of seconds ends before the last.
func cutFile(t *testing.T, cuts []filter.Cut) *recorded {
	t.Helper()
	r := &recorded{path: filepath.Join(t.TempDir(), "cut.pcap")}
	var frames [][]byte
	for i, c := range cuts {
		frames = append(frames, c.Frame)
		r.packets = append(r.packets, filter.Packet{Frame: c.Frame, Number: uint64(i + 1)})
	}
	r.write(t, append(frames, frames[0]))
	return r
}
