//go:build !js

package cli

import (
	"bytes"
	"os"
	"strings"
	"testing"

	"wirelab/lab/link"
)

// run writes what tcpdump -w captured beside the lab; another file of that name is kept.
func TestRunWritesCaptures(t *testing.T) {
	t.Chdir(t.TempDir())
	build(t, "ping.lab", 0, link.Params{BitsPerSecond: 10_000_000, DelayNs: 10_000_000, QueuePackets: 100}, "tcpdump -w x.pcap icmp &", "ping -c 3 10.0.0.2")
	run := func() {
		if status, _, errOut := do(t, "run", "ping.lab"); status != ok || !strings.Contains(errOut, "A wrote x") || !strings.Contains(errOut, "packets: 6") {
			t.Errorf("status %d, %s", status, errOut)
		}
	}
	run()
	const size = 24 + 6*(16+98)
	first, err := os.ReadFile("x.pcap")
	if err != nil || len(first) != size {
		t.Fatalf("x.pcap has %d bytes, want %d: %v", len(first), size, err)
	}
	run()
	if _, err := os.Stat("x-2.pcap"); err == nil {
		t.Error("the same file was written again")
	}
	put(t, "x.pcap", []byte("other"))
	run()
	if second, err := os.ReadFile("x-2.pcap"); err != nil || !bytes.Equal(first, second) {
		t.Errorf("x-2.pcap: %v", err)
	}
	if other, _ := os.ReadFile("x.pcap"); string(other) != "other" {
		t.Error("a file was replaced")
	}
}
