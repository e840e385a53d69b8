//go:build linux

package peer

import (
	"bytes"
	"errors"
	"io"
	"net"
	"strings"
	"syscall"
	"testing"
	"time"

	"golang.org/x/sys/unix"

	"wirelab/lab/link"
	"wirelab/stack/tcp"
)

// inRoles runs a test once with each end calling, each time with a host and a
// device of its own, and settings of that host: name, value and so on.
func inRoles(t *testing.T, params link.Params, test func(t *testing.T, p *peer, b both), sysctls ...string) {
	t.Helper()
	need(t)
	for _, role := range roles {
		t.Run(role.name, func(t *testing.T) {
			p := newPeer(t, params, sysctls...)
			test(t, p, role.open(t, p))
		})
	}
}

// state returns the state of our end.
func (p *peer) state(t *testing.T, fd int32) (s tcp.State) {
	t.Helper()
	p.await(t, "look", func() bool { s = p.Conn(fd).State; return true })
	return s
}

// read waits for what read(2) says at our end.
func (p *peer) read(t *testing.T, fd int32, b []byte) (n int, err tcp.Errno) {
	t.Helper()
	p.await(t, "read", func() bool { n, err = p.Read(fd, b); return err != tcp.EAGAIN })
	return n, err
}

// options are what the kernel says was agreed on in the handshake.
func options(t *testing.T, c *net.TCPConn) (bits uint8) {
	t.Helper()
	raw, err := c.SyscallConn()
	if err != nil {
		t.Fatal(err)
	}
	raw.Control(func(fd uintptr) {
		info, err := unix.GetsockoptTCPInfo(int(fd), unix.IPPROTO_TCP, unix.TCP_INFO)
		if err != nil {
			t.Fatal(err)
		}
		bits = info.Options
	})
	return bits
}

// handshake looks at a connection that has just been made, and says a word on it.
func handshake(t *testing.T, p *peer, b both) {
	if s := p.state(t, b.fd); s != tcp.Established {
		t.Errorf("our end is in %v", s)
	}
	converse(t, p, b, 5, 6)
}

func TestHandshake(t *testing.T) { inRoles(t, link.Params{}, handshake) }

func TestIPv6(t *testing.T) {
	const much = 5_000_000
	inRoles(t, link.Params{}, func(t *testing.T, p *peer, b both) {
		if a := b.kernel.RemoteAddr().(*net.TCPAddr); a.IP.To4() != nil {
			t.Errorf("the kernel talks to %v", a)
		}
		converse(t, p, b, much, much)
	}, disableIPv6, "0")
}

// What we offer is what the kernel takes, and what we do not offer it does without.
func TestOptions(t *testing.T) {
	need(t)
	const timestamps, sack, windowScaling, ecn = 1, 2, 4, 8 // TCPI_OPT_…
	const all = timestamps | sack | windowScaling
	for _, c := range []struct {
		name, value string
		calling     uint8 // agreed on when we connect
		called      uint8 // and when the kernel does
	}{
		{"net.ipv4.tcp_window_scaling", "1", all, all},
		{"net.ipv4.tcp_window_scaling", "0", all &^ windowScaling, all &^ windowScaling},
		{"net.ipv4.tcp_sack", "0", all &^ sack, all &^ sack},
		{"net.ipv4.tcp_timestamps", "0", all &^ timestamps, all &^ timestamps},
		{"net.ipv4.tcp_ecn", "1", all | ecn, all}, // the kernel takes ECN, but does not ask for it
	} {
		t.Run(c.name+"="+c.value, func(t *testing.T) {
			inRoles(t, link.Params{}, func(t *testing.T, p *peer, b both) {
				want := c.calling
				if strings.HasSuffix(t.Name(), "listen") {
					want = c.called
				}
				if got := options(t, b.kernel); got&(all|ecn) != want {
					t.Errorf("the kernel says that options %04b were agreed on, want %04b", got, want)
				}
				converse(t, p, b, 100_000, 100_000)
			}, c.name, c.value)
		})
	}
}

// One end is done while the other still has much to say.
func TestHalfClose(t *testing.T) {
	const much = 1 << 20
	inRoles(t, link.Params{}, func(t *testing.T, p *peer, b both) {
		p.await(t, "shutdown", func() bool { p.Shutdown(b.fd, false, true); return true })
		b.kernel.SetDeadline(time.Now().Add(patience))
		if n, err := b.kernel.Read(make([]byte, 9)); err != io.EOF {
			t.Fatalf("the kernel read %d bytes, %v, after our FIN", n, err)
		}
		p.await(t, "the ACK of our FIN", func() bool { return p.Conn(b.fd).State == tcp.FinWait2 })
		converse(t, p, b, 0, much)
		// On a busy machine the kernel may repeat its FIN and be gone when our second ACK arrives: its reset then ends TIME_WAIT.
		if s := p.state(t, b.fd); s != tcp.TimeWait && s != tcp.Closed {
			t.Errorf("at the end, ours is in %v", s)
		}
	}, "net.ipv4.tcp_rfc1337", "1") // an answer to what the kernel repeats on a busy machine may bring a reset, which would end TIME_WAIT
	inRoles(t, link.Params{}, func(t *testing.T, p *peer, b both) {
		b.kernel.CloseWrite()
		if n, err := p.read(t, b.fd, make([]byte, 9)); n != 0 || err != 0 {
			t.Fatalf("we read %d bytes, %s, after the kernel's FIN", n, err.Name())
		}
		if s := p.state(t, b.fd); s != tcp.CloseWait {
			t.Errorf("our end is in %v", s)
		}
		converse(t, p, b, much, 0)
		p.await(t, "the last ACK", func() bool { return p.Conn(b.fd).State == tcp.Closed })
	})
}

func TestKernelResets(t *testing.T) {
	inRoles(t, link.Params{}, func(t *testing.T, p *peer, b both) {
		b.kernel.SetLinger(0)
		b.kernel.Close()
		if _, err := p.read(t, b.fd, make([]byte, 9)); err != tcp.ECONNRESET {
			t.Errorf("read says %s", err.Name())
		}
		if s := p.state(t, b.fd); s != tcp.Closed {
			t.Errorf("our end is in %v", s)
		}
	})
}

// Who closes without having read what came resets (RFC 9293 §3.6.1).
func TestWeReset(t *testing.T) {
	inRoles(t, link.Params{}, func(t *testing.T, p *peer, b both) {
		b.kernel.Write([]byte("never read"))
		p.await(t, "data", func() bool { return p.Conn(b.fd).RcvQueued > 0 })
		p.await(t, "close", func() bool { p.Close(b.fd); return true })
		b.kernel.SetDeadline(time.Now().Add(patience))
		if _, err := b.kernel.Read(make([]byte, 9)); !errors.Is(err, syscall.ECONNRESET) {
			t.Errorf("the kernel's read says %v", err)
		}
	})
}

func TestRefused(t *testing.T) {
	need(t)
	t.Run("we connect", func(t *testing.T) {
		p := newPeer(t, link.Params{})
		fd := p.socket(t)
		p.await(t, "refusal", func() bool {
			done, err := p.dial(fd, 9)
			if done && err != tcp.ECONNREFUSED {
				t.Errorf("connect says %s", err.Name())
			}
			return done
		})
	})
	t.Run("the kernel connects", func(t *testing.T) {
		p := newPeer(t, link.Params{})
		_, err := net.DialTimeout("tcp", p.at(9), patience)
		if !errors.Is(err, syscall.ECONNREFUSED) {
			t.Errorf("connect says %v", err)
		}
	})
}

// A reader that does not read closes the window; when it reads again, all comes.
func TestSlowReaders(t *testing.T) {
	need(t)
	const n, pause = 4 << 20, 700 * time.Millisecond
	t.Run("the kernel", func(t *testing.T) {
		p := newPeer(t, link.Params{})
		b := weConnect(t, p)
		k := p.talk(b.fd, 1, n)
		talking := p.launch(k.step)
		p.await(t, "the kernel's window to close", func() bool { // on a busy machine that takes its time
			c := p.Conn(b.fd)
			return c.SndWnd < c.SndMSS
		})
		time.Sleep(pause) // more than a zero-window probe waits
		if err := kernelTalk(b.kernel, 2, 0, 1, n); err != nil {
			t.Error(err)
		}
		talking.wait(t, "talk")
	})
	t.Run("ours", func(t *testing.T) {
		p := newPeer(t, link.Params{})
		b := weListen(t, p)
		kernel := make(chan error, 1)
		go func() { kernel <- kernelTalk(b.kernel, 2, n, 1, 0) }()
		time.Sleep(pause)
		k := p.talk(b.fd, 1, 0)
		p.await(t, "talk", k.step)
		if err := k.got(2, n); err != nil {
			t.Error(err)
		}
		if err := <-kernel; err != nil {
			t.Error(err)
		}
	})
}

// What is urgent to the kernel comes in line here.
func TestUrgentData(t *testing.T) {
	inRoles(t, link.Params{}, func(t *testing.T, p *peer, b both) {
		raw, err := b.kernel.SyscallConn()
		if err != nil {
			t.Fatal(err)
		}
		raw.Control(func(fd uintptr) { err = unix.Sendto(int(fd), []byte("ab!"), unix.MSG_OOB, nil) })
		if err != nil {
			t.Fatal(err)
		}
		b.kernel.Write([]byte("cd"))
		var got []byte
		for len(got) < 4 {
			buf := make([]byte, 9)
			n, err := p.read(t, b.fd, buf)
			if n == 0 || err != 0 {
				t.Fatalf("%q, then %s", got, err.Name())
			}
			got = append(got, buf[:n]...)
		}
		if !bytes.Contains([]byte("ab!cd abcd"), got) {
			t.Errorf("read %q", got)
		}
	})
}
