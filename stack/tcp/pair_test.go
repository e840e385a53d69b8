package tcp_test

import (
	"slices"
	"testing"

	"wirelab/stack"
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// pair is two hosts on one wire of 10 ms, driven by hand.
type pair struct {
	t     *testing.T
	pool  *block.Pool
	hosts [2]*stack.Host
	now   int64
	air   []inAir
	// harm may drop a frame (false), change it, or delay it by setting at.
	harm   func(from int, f *inAir) bool
	sent   []string // the segments sent, in tcpdump's words
	frames int      // sent, ever
}

type inAir struct {
	frame block.Handle
	to    int
	at    int64
	n     int
	why   event.Why
}

const (
	second = 1_000_000_000
	oneWay = 10_000_000
)

var ends = [2]tcp.Endpoint{{Addr: wire.V4(10, 0, 0, 1)}, {Addr: wire.V4(10, 0, 0, 2)}}

func newPair(t *testing.T) *pair {
	p := &pair{t: t, pool: block.NewPool()}
	for i := range p.hosts {
		h := stack.New(uint32(i), string(rune('A'+i)), 7, p.pool, p, &event.Log{})
		h.AddIface("eth0", ends[i].Addr, 24)
		p.hosts[i] = h
	}
	for i, h := range p.hosts {
		peer := p.hosts[1-i]
		h.Neighbors = append(h.Neighbors, stack.Neighbor{Addr: ends[1-i].Addr, MAC: peer.Ifaces[0].MAC, Known: true, Retry: tcp.Never})
	}
	return p
}

func (p *pair) Transmit(host, _ uint32, frame block.Handle, why event.Why) {
	f := inAir{frame: frame, to: int(1 - host), at: p.now + oneWay, n: p.frames, why: why}
	p.frames++
	p.sent = append(p.sent, brief(int(host), p.pool.Data(frame)))
	if p.harm != nil && !p.harm(int(host), &f) {
		p.pool.Release(frame)
		return
	}
	p.air = append(p.air, f)
}

// brief names a segment: who sent it, its flags, and its payload's length.
func brief(from int, b []byte) string {
	var seg wire.TCP
	ip, ok := wire.ParseIPv4(wire.Ethernet(b).Payload())
	if ok {
		seg, ok = wire.ParseTCP(ip.Payload())
	}
	if !ok {
		return string(rune('A'+from)) + " ?"
	}
	s := string(rune('A'+from)) + " " + wire.FlagString(seg.Flags())
	if len(seg.Payload()) > 0 {
		s += " data"
	}
	return s
}

// run advances until nothing happens before the time until.
func (p *pair) run(until int64) {
	for steps := 0; ; steps++ {
		if steps > 2_000_000 {
			p.t.Fatal("the pair never comes to rest")
		}
		next, who := min(p.hosts[0].NextDeadline(), p.hosts[1].NextDeadline()), -1
		for i := range p.air {
			if f := &p.air[i]; f.at < next || f.at == next && (who < 0 || f.n < p.air[who].n) {
				next, who = f.at, i
			}
		}
		if next > until {
			p.now = until
			return
		}
		p.now = next
		if who >= 0 {
			f := p.air[who]
			p.air = slices.Delete(p.air, who, who+1)
			p.hosts[f.to].Begin(p.now, uint64(steps))
			p.hosts[f.to].HandleFrame(p.now, 0, f.frame)
			continue
		}
		for _, h := range p.hosts {
			h.Begin(p.now, uint64(steps))
			h.Poll(p.now)
		}
	}
}

// wait runs for d ns more.
func (p *pair) wait(d int64) { p.run(p.now + d) }

// at tells the hosts the time before calls are made on them.
func (p *pair) at() {
	for _, h := range p.hosts {
		h.Begin(p.now, 0)
	}
}

// connect opens a connection from A to a listener on B and returns both ends'
// descriptors and the listener's.
func (p *pair) connect() (a, b, l int32) {
	p.t.Helper()
	p.at()
	l, _ = p.hosts[1].Socket(stack.SockTCP)
	to := tcp.Endpoint{Addr: ends[1].Addr, Port: 7788}
	p.must(p.hosts[1].Bind(l, tcp.Endpoint{Port: 7788}))
	p.must(p.hosts[1].Listen(l, 5))
	a, _ = p.hosts[0].Socket(stack.SockTCP)
	if err := p.hosts[0].Connect(a, to); err != tcp.EINPROGRESS {
		p.t.Fatalf("connect = %v", err)
	}
	p.wait(3 * oneWay)
	b, _, err := p.hosts[1].Accept(l)
	p.must(err)
	p.states(a, b, tcp.Established, tcp.Established)
	p.at()
	return a, b, l
}

func (p *pair) must(err tcp.Errno) {
	p.t.Helper()
	if err != 0 {
		p.t.Fatalf("%s: %s", err.Name(), err.Error())
	}
}

func (p *pair) must2(err error) {
	p.t.Helper()
	if err != nil {
		p.t.Fatal(err)
	}
}

func (p *pair) states(a, b int32, wantA, wantB tcp.State) {
	p.t.Helper()
	for i, want := range [2]tcp.State{wantA, wantB} {
		if got := p.hosts[i].Conn([2]int32{a, b}[i]).State; got != want {
			p.t.Errorf("%c is in %v, want %v", 'A'+i, got, want)
		}
	}
}

// segments checks what was sent since the last call.
func (p *pair) segments(want ...string) {
	p.t.Helper()
	if !slices.Equal(p.sent, want) {
		p.t.Errorf("sent\n  %q, want\n  %q", p.sent, want)
	}
	p.sent = nil
}
