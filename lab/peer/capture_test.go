//go:build linux

package peer

import (
	"bufio"
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"wirelab/stack/wire"
)

// sessions is what crossed all devices so far. One file for all tests: each
// start of Wireshark takes half a second. The devices have networks of their own,
// so a packet says which test it is of.
var sessions = sync.OnceValues(func() (*capture, error) {
	dir, err := os.MkdirTemp("", "wirelab-peer")
	if err != nil {
		return nil, err
	}
	return newCapture(dir)
})

// capture writes packets into a pcap file, for Wireshark's judgement.
type capture struct {
	mu    sync.Mutex
	path  string
	file  *os.File
	out   *bufio.Writer
	count int
}

// newCapture begins a file, in the classic format with times in nanoseconds
// and bare IP packets.
func newCapture(dir string) (*capture, error) {
	c := &capture{path: filepath.Join(dir, "session.pcap")}
	var err error
	if c.file, err = os.Create(c.path); err != nil {
		return nil, err
	}
	c.out = bufio.NewWriterSize(c.file, 1<<20)
	const linkRaw, snapLen = 101, 1 << 16
	for _, word := range []uint32{0xa1b23c4d, 2 | 4<<16, 0, 0, snapLen, linkRaw} {
		binary.Write(c.out, binary.LittleEndian, word)
	}
	return c, nil
}

func (c *capture) packet(b []byte) {
	c.mu.Lock()
	defer c.mu.Unlock()
	now := time.Now()
	var head [16]byte
	for i, word := range []int64{now.Unix(), int64(now.Nanosecond()), int64(len(b)), int64(len(b))} {
		binary.LittleEndian.PutUint32(head[4*i:], uint32(word))
	}
	c.out.Write(head[:])
	c.out.Write(b)
	c.count++
}

// faults is what Wireshark is asked for: no checksum passes unseen, which it
// does not look at by itself. Its one mistake is left out: 0xffff, which the
// kernel sends now and then, is as good a zero as any in ones' complement.
const faults = `(_ws.malformed || _ws.expert.severity == "Error" || tcp.checksum.status == "Bad" || ip.checksum.status == "Bad") && !(tcp.checksum == 0xffff)`

// finds returns a line for each packet that Wireshark objects to.
func (c *capture) finds(t *testing.T) (bad []string) {
	t.Helper()
	if err := c.out.Flush(); err != nil {
		t.Fatal(err)
	}
	cmd := exec.Command("tshark", "-r", c.path, "-n", "-o", "tcp.check_checksum:TRUE", "-o", "ip.check_checksum:TRUE",
		"-d", "tcp.port==1-65535,data", // the payload is noise: no guessing at what it could be
		"-Y", faults)
	var complaints strings.Builder
	cmd.Stderr = &complaints
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("tshark cannot read the capture: %v\n%s", err, complaints.String())
	}
	if text := strings.TrimSpace(string(out)); text != "" {
		bad = strings.Split(text, "\n")
	}
	return bad
}

func needWireshark(t *testing.T) {
	t.Helper()
	need(t)
	if _, err := exec.LookPath("tshark"); err != nil {
		t.Skip("tshark is not installed; ./build.sh test installs it where it may")
	}
}

// Wireshark does find what it is asked for; otherwise its silence would say nothing.
func TestWiresharkObjects(t *testing.T) {
	needWireshark(t)
	c, err := newCapture(t.TempDir())
	if err != nil {
		t.Fatal(err)
	}
	defer c.file.Close()
	src, dst := wire.V4(10, 0, 0, 1), wire.V4(10, 0, 0, 2)
	b := make([]byte, wire.IPv4Len+wire.TCPLen+4)
	wire.PutTCP(b[wire.IPv4Len:], &src, &dst, 1000, 7, 1, 1, wire.ACK, 9, 0, 0)
	h := wire.IPv4Header{Src: src, Dst: dst, Length: len(b), TTL: 64, Protocol: wire.ProtoTCP}
	h.Put(b)
	c.packet(b)
	spoiled := []struct{ at, xor byte }{
		{wire.IPv4Len + wire.TCPLen, 1}, // the checksum of TCP
		{8, 1},                          // that of IP
		{wire.IPv4Len + 12, 0x10},       // a header shorter than TCP's can be
	}
	for _, s := range spoiled {
		b[s.at] ^= s.xor
		c.packet(b)
		b[s.at] ^= s.xor
	}
	if bad := c.finds(t); len(bad) != len(spoiled) {
		t.Errorf("Wireshark objects to %d of %d bad packets and a good one:\n%s", len(bad), len(spoiled), strings.Join(bad, "\n"))
	}
}
