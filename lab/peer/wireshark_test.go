//go:build linux

package peer

import (
	"os"
	"path/filepath"
	"testing"
	"time"
)

// The last test, by the name of its file: Wireshark has nothing to object to in
// what all others sent and received.
func TestWiresharkAgrees(t *testing.T) {
	needWireshark(t)
	c, err := sessions()
	if err != nil {
		t.Fatal(err)
	}
	defer os.RemoveAll(filepath.Dir(c.path))
	defer c.file.Close()
	if c.count == 0 {
		t.Skip("no other test has run")
	}
	began := time.Now()
	bad := c.finds(t)
	for _, line := range bad[:min(len(bad), 20)] {
		t.Error(line)
	}
	t.Logf("Wireshark read %d packets in %.1f s and objects to %d", c.count, time.Since(began).Seconds(), len(bad))
}
