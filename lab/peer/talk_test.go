//go:build linux

package peer

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"hash"
	"io"
	"math/rand/v2"
	"net"
	"net/netip"
	"testing"
	"time"

	"wirelab/stack"
	"wirelab/stack/tcp"
)

// stream returns n bytes that depend on seed and position, and the hash of
// those read so far.
func stream(seed uint64, n int64) (io.Reader, hash.Hash) {
	var key [32]byte
	key[0], key[1], key[2] = byte(seed), byte(seed>>8), 1
	sum := sha256.New()
	return io.TeeReader(io.LimitReader(rand.NewChaCha8(key), n), sum), sum
}

// sumOf returns the hash of a whole stream.
func sumOf(seed uint64, n int64) []byte {
	r, sum := stream(seed, n)
	io.Copy(io.Discard, r)
	return sum.Sum(nil)
}

// talk is what our end of a connection does: send a stream, end it, and read
// until the other's ends.
type talk struct {
	p         *peer
	fd        int32
	out       io.Reader
	pending   []byte // read from out, not yet written
	buf, page [1 << 16]byte
	in        hash.Hash
	received  int64
	shut, eof bool
	err       tcp.Errno
}

func (p *peer) talk(fd int32, seed uint64, n int64) *talk {
	out, _ := stream(seed, n)
	return &talk{p: p, fd: fd, out: out, in: sha256.New()}
}

// step reads and writes what it can; true when both directions have ended, or
// the connection has failed.
func (k *talk) step() bool {
	for !k.eof && k.err == 0 {
		n, err := k.p.Read(k.fd, k.page[:])
		if err == tcp.EAGAIN {
			break
		}
		k.err, k.eof = err, n == 0
		k.in.Write(k.page[:n])
		k.received += int64(n)
	}
	for !k.shut && k.err == 0 {
		if len(k.pending) == 0 {
			n, _ := io.ReadFull(k.out, k.buf[:])
			if n == 0 {
				k.err, k.shut = k.p.Shutdown(k.fd, false, true), true
				break
			}
			k.pending = k.buf[:n]
		}
		n, err := k.p.Write(k.fd, k.pending)
		if err == tcp.EAGAIN {
			break
		}
		k.err, k.pending = err, k.pending[n:]
	}
	return k.err != 0 || k.eof && k.shut
}

// got says whether the other end's stream came whole.
func (k *talk) got(seed uint64, n int64) error {
	if k.err != 0 {
		return fmt.Errorf("our end failed after %d bytes: %s", k.received, k.err.Name())
	}
	if k.received != n || !bytes.Equal(k.in.Sum(nil), sumOf(seed, n)) {
		return fmt.Errorf("our end received %d bytes of %d, or others", k.received, n)
	}
	return nil
}

// kernelTalk is talk for the kernel's end.
func kernelTalk(c *net.TCPConn, sendSeed uint64, send int64, wantSeed uint64, want int64) error {
	c.SetDeadline(time.Now().Add(patience))
	sent := make(chan error, 1)
	go func() {
		out, _ := stream(sendSeed, send)
		_, err := io.Copy(struct{ io.Writer }{c}, out)
		if err == nil {
			err = c.CloseWrite()
		}
		sent <- err
	}()
	in := sha256.New()
	n, err := io.CopyBuffer(in, struct{ io.Reader }{c}, make([]byte, 1<<16))
	if err != nil {
		return fmt.Errorf("the kernel's end failed after %d bytes received: %w", n, err)
	}
	if n != want || !bytes.Equal(in.Sum(nil), sumOf(wantSeed, want)) {
		return fmt.Errorf("the kernel's end received %d bytes of %d, or others", n, want)
	}
	if err := <-sent; err != nil {
		return fmt.Errorf("the kernel's end could not send: %w", err)
	}
	return nil
}

// dial connects our host to a port of the kernel; false while that takes time.
func (p *peer) dial(fd int32, port int) (done bool, err tcp.Errno) {
	err = p.Connect(fd, tcp.Endpoint{Addr: p.Kernel, Port: uint16(port)})
	return err != tcp.EINPROGRESS && err != tcp.EALREADY, err
}

// socket opens a TCP socket of our host.
func (p *peer) socket(t *testing.T) (fd int32) {
	t.Helper()
	p.await(t, "socket", func() bool { fd, _ = p.Socket(stack.SockTCP); return true })
	return fd
}

// both is one connection, seen from both ends.
type both struct {
	fd     int32
	kernel *net.TCPConn
}

// roles are who calls whom.
var roles = []struct {
	name string
	open func(t *testing.T, p *peer) both
}{
	{"we connect", weConnect},
	{"we listen", weListen},
}

func weConnect(t *testing.T, p *peer) both {
	t.Helper()
	l := p.kernelListens(t)
	defer l.Close()
	b := both{fd: p.socket(t)}
	dialled := p.launch(func() bool {
		done, err := p.dial(b.fd, l.Addr().(*net.TCPAddr).Port)
		if done && err != 0 {
			t.Errorf("connect: %s", err.Name())
		}
		return done
	})
	var err error
	if b.kernel, err = l.AcceptTCP(); err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { b.kernel.Close() })
	dialled.wait(t, "connect")
	return b
}

// kernelListens opens a listener of the kernel on any port.
func (p *peer) kernelListens(t *testing.T) *net.TCPListener {
	t.Helper()
	l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: p.Kernel[:]})
	if err != nil {
		t.Fatal(err)
	}
	l.SetDeadline(time.Now().Add(patience))
	return l
}

func weListen(t *testing.T, p *peer) both {
	t.Helper()
	const port = 7788
	listener := p.listen(t, port, 8)
	dialled := make(chan *net.TCPConn, 1)
	go func() {
		defer close(dialled)
		c, err := net.DialTimeout("tcp", p.at(port), patience)
		if err != nil {
			t.Error(err)
			return
		}
		dialled <- c.(*net.TCPConn)
	}()
	var b both
	p.await(t, "accept", func() bool {
		var err tcp.Errno
		b.fd, _, err = p.Accept(listener)
		return err != tcp.EAGAIN
	})
	if b.kernel = <-dialled; b.kernel == nil {
		t.FailNow()
	}
	t.Cleanup(func() { b.kernel.Close() })
	p.await(t, "close the listener", func() bool { p.Close(listener); return true })
	return b
}

// at names a port of our end as package net does.
func (p *peer) at(port uint16) string {
	return netip.AddrPortFrom(netip.AddrFrom16(p.Addr).Unmap(), port).String()
}

func (p *peer) listen(t *testing.T, port uint16, backlog uint32) (fd int32) {
	t.Helper()
	fd = p.socket(t)
	p.await(t, "listen", func() bool {
		for _, err := range []tcp.Errno{p.Bind(fd, tcp.Endpoint{Port: port}), p.Listen(fd, backlog)} {
			if err != 0 {
				t.Errorf("listen: %s", err.Name())
			}
		}
		return true
	})
	return fd
}

// converse lets both ends send so many bytes at once, and returns how long that took.
func converse(t *testing.T, p *peer, b both, ours, theirs int64) time.Duration {
	t.Helper()
	began := time.Now()
	k := p.talk(b.fd, 1, ours)
	talking := p.launch(k.step)
	if err := kernelTalk(b.kernel, 2, theirs, 1, ours); err != nil {
		t.Error(err)
	}
	talking.wait(t, "talk")
	if err := k.got(2, theirs); err != nil {
		t.Error(err)
	}
	return time.Since(began)
}
