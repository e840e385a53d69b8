package stack

import (
	"testing"
	"unsafe"

	"wirelab/stack/tcp"
	"wirelab/stack/timer"
)

// An established connection that nobody uses costs at most 1.2 KB of state: its control
// block, its socket, its place in the timer queue and one slot of the retransmission queue.
func TestIdleEndpointIsSmall(t *testing.T) {
	bytes := unsafe.Sizeof(tcp.Conn{}) + unsafe.Sizeof(Socket{}) + unsafe.Sizeof(timer.Item{}) + 4 + unsafe.Sizeof(tcp.Sent{})
	if bytes > 1200 {
		t.Errorf("%d bytes: Conn %d, Socket %d", bytes, unsafe.Sizeof(tcp.Conn{}), unsafe.Sizeof(Socket{}))
	}
	p := newPair(t)
	fd, _, _ := p.connect()
	p.run(p.now + second)
	if c := p.hosts[0].Conn(fd); len(c.Sacks) > 0 || len(c.Cubic) > 0 || len(c.BBR) > 0 || len(c.Rtx.Buf) > 1 || len(c.RcvBuf.Buf) > 0 {
		t.Errorf("an idle connection holds more: %d, %d, %d, %d, %d", len(c.Sacks), len(c.Cubic), len(c.BBR), len(c.Rtx.Buf), len(c.RcvBuf.Buf))
	}
}
