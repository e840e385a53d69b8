//go:build linux

package peer

import (
	"net"
	"sync"
	"testing"
	"time"

	"wirelab/lab/link"
	"wirelab/stack/tcp"
)

// Both ends send at once, as fast as they can.
func TestBulk(t *testing.T) {
	const n = 50_000_000
	inRoles(t, link.Params{}, func(t *testing.T, p *peer, b both) {
		took := converse(t, p, b, n, n)
		t.Logf("%d MB each way in %.2f s: %.0f MB/s in all", n/1_000_000, took.Seconds(), 2*n/1e6/took.Seconds())
	})
}

// The simulated link between them loses, doubles and reorders, both ways, and each
// of our congestion controls copes.
func TestFaults(t *testing.T) {
	need(t)
	const n = 3_000_000
	ms := time.Millisecond.Nanoseconds()
	params := link.Params{DelayNs: ms, LossPPM: 50_000, DuplicatePPM: 20_000, ReorderPPM: 50_000, ReorderNs: 2 * ms, JitterNs: ms / 2}
	for _, control := range []string{"reno", "cubic", "bbr"} {
		for _, role := range roles {
			t.Run(control+", "+role.name, func(t *testing.T) {
				t.Parallel() // most of the time both wait for timers
				p := newPeer(t, params, "net.ipv4.tcp_congestion_control", control)
				took := converse(t, p, role.open(t, p), n, n)
				p.await(t, "look", func() bool { harmed(t, p); return true })
				t.Logf("%s: %d MB each way in %.2f s", control, n/1_000_000, took.Seconds())
			})
		}
	}
}

// harmed checks that the link did what it was there for.
func harmed(t *testing.T, p *peer) {
	for d := range p.link.Dir {
		c := &p.link.Dir[d].Counters
		if c.Dropped*100 < c.Offered || c.Duplicated*100 < c.Offered || !p.link.Dir[d].Conserved() {
			t.Errorf("direction %d: %+v", d, c)
		}
	}
}

// Two hundred connections at once, each with a stream of its own both ways.
func TestManyConnections(t *testing.T) {
	need(t)
	const conns, n = 200, 20_000
	t.Run("we connect", func(t *testing.T) {
		p := newPeer(t, link.Params{DelayNs: time.Millisecond.Nanoseconds()})
		l := p.kernelListens(t)
		defer l.Close()
		var all sync.WaitGroup
		all.Go(func() {
			for range conns {
				c, err := l.AcceptTCP()
				if err != nil {
					t.Error(err)
					return
				}
				all.Go(func() {
					defer c.Close()
					if err := kernelTalk(c, 2, n, 1, n); err != nil {
						t.Error(err)
					}
				})
			}
		})
		talks := make([]*talk, conns)
		dialling := make([]*program, conns)
		for i := range talks {
			fd := p.socket(t)
			k := p.talk(fd, 1, n)
			connected := false
			talks[i], dialling[i] = k, p.launch(func() bool {
				if !connected {
					connected, k.err = p.dial(fd, l.Addr().(*net.TCPAddr).Port)
					if !connected {
						k.err = 0
						return false
					}
				}
				return k.step()
			})
		}
		all.Wait()
		for i, k := range talks {
			dialling[i].wait(t, "talk")
			if err := k.got(2, n); err != nil {
				t.Errorf("connection %d: %v", i, err)
			}
		}
	})
	t.Run("we listen", func(t *testing.T) {
		p := newPeer(t, link.Params{DelayNs: time.Millisecond.Nanoseconds()})
		const port = 80
		listener := p.listen(t, port, conns)
		var talks []*talk
		serving := p.launch(func() bool {
			for {
				fd, _, err := p.Accept(listener)
				if err == tcp.EAGAIN {
					break
				}
				talks = append(talks, p.talk(fd, 1, n))
			}
			open := conns - len(talks)
			for _, k := range talks {
				if !k.step() {
					open++
				}
			}
			return open == 0
		})
		var all sync.WaitGroup
		for range conns {
			all.Go(func() {
				c, err := net.DialTimeout("tcp", p.at(port), patience)
				if err == nil {
					defer c.Close()
					err = kernelTalk(c.(*net.TCPConn), 2, n, 1, n)
				}
				if err != nil {
					t.Error(err)
				}
			})
		}
		all.Wait()
		serving.wait(t, "serve")
		for i, k := range talks {
			if err := k.got(2, n); err != nil {
				t.Errorf("connection %d: %v", i, err)
			}
		}
	})
}
