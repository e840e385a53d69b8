package stack

import (
	"testing"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// A transfer over a path whose middle carries less than its ends: the first
// segments that are too big teach the sender, and all bytes arrive (RFC 1191 §3,
// RFC 8201 §4). The next connection begins with what was learned.
func TestPathMTUOfTCP(t *testing.T) {
	for _, v6 := range []bool{false, true} {
		w := routed6(t, 1500)
		w.hosts[1].Ifaces[1].MTU, w.hosts[1].Ifaces[1].MTU6 = 1300, 1300
		to := tcp.Endpoint{Addr: wire.V4(10, 0, 1, 1), Port: 7}
		if v6 {
			to.Addr = w.auto(2)
		}
		b := w.hosts[2]
		l, _ := b.Socket(SockTCP)
		b.Bind(l, tcp.Endpoint{Port: 7})
		b.Listen(l, 5)
		for round := range 2 {
			tooBig := 0
			w.drop = func(from int, frame []byte) bool {
				if from == 0 && len(frame) > wire.EthernetLen+1300 {
					tooBig++
				}
				return false
			}
			fd, _ := w.hosts[0].Socket(SockTCP)
			w.hosts[0].Connect(fd, to)
			w.wait(second)
			child, _, err := b.Accept(l)
			if err != 0 {
				t.Fatal(err.Name())
			}
			sent, got, buf := 0, 0, make([]byte, 1<<16)
			for i := 0; i < 2000 && got < 200_000; i++ {
				if sent < 200_000 {
					n, _ := w.hosts[0].Write(fd, buf[:min(200_000-sent, len(buf))])
					sent += n
				}
				w.wait(5 * oneHop)
				n, _ := b.Read(child, buf)
				got += n
			}
			if got != 200_000 || (tooBig > 0) != (round == 0) || tooBig > 20 {
				t.Errorf("IPv6 %v, connection %d: %d bytes arrived, %d packets were too big", v6, round, got, tooBig)
			}
			w.hosts[0].Close(fd)
			b.Close(child)
			w.wait(second)
		}
	}
}
