//go:build !js

package app

import (
	"bytes"
	"strings"
	"testing"
)

// What tcpdump -w has written is saved once it has ended: beside the open file, and in a page as a download.
func TestCapturesOfTcpdumpAreSaved(t *testing.T) {
	for _, page := range []bool{false, true} {
		r := newRig(t)
		offered := map[string][]byte{}
		if page {
			r.platform.Offer = func(name string, data []byte) { offered[name] = data }
		}
		if err := r.Session.Example("four-way-close"); err != nil {
			t.Fatal(err)
		}
		r.Session.Seek(10)
		r.settle()
		for _, line := range []string{"tcpdump -w x.pcap -c 4 icmp &", "ping -c 3 192.168.1.123"} {
			if err := r.Session.Exec("A", line); err != nil {
				t.Fatal(err)
			}
		}
		r.Session.Seek(14)
		r.settle()
		files := map[string][]byte(r.disk)
		if page {
			files = offered
		}
		found := 0
		for name, data := range files {
			if strings.HasSuffix(name, "x.pcap") {
				found++
				const size = 24 + 4*(16+98)
				if len(data) != size || !bytes.HasPrefix(data, []byte{0xd4, 0xc3, 0xb2, 0xa1}) {
					t.Errorf("%s has %d bytes, want %d", name, len(data), size)
				}
			}
		}
		if found != 1 {
			t.Errorf("in a page %v: %d files are saved", page, found)
		}
	}
}
