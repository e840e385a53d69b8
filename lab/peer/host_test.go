//go:build linux

package peer

import (
	"errors"
	"fmt"
	"net"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"wirelab/lab/link"
	"wirelab/lab/trace"
	"wirelab/stack"
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/wire"
)

// patience is how long anything may take: far longer than it does.
const patience = 40 * time.Second

// Directions of a peer's link.
const (
	toKernel = iota
	fromKernel
)

// peer is a host of ours on one side of a simulated link, the kernel on the
// other. One goroutine owns host and link; real time drives both.
type peer struct {
	*stack.Host
	Addr, Kernel wire.Addr // of the two ends

	tun      *os.File
	pool     *block.Pool
	link     link.Link
	seed     uint64
	capture  *capture
	began    time.Time
	events   uint64
	woken    bool
	programs []*program
	start    chan *program
	packets  chan []byte
	spare    chan []byte
	failed   error // of the goroutine
	done     sync.WaitGroup
}

// program is stepped whenever the host may have something for it, until it is done.
type program struct {
	step func() bool
	done chan struct{}
}

var devices atomic.Uint32

// newPeer makes a device and a host behind it, with a link of these parameters
// both ways.
func newPeer(t *testing.T, params link.Params, sysctls ...string) *peer {
	t.Helper()
	n := byte(devices.Add(1))
	name := fmt.Sprintf("lab%d", n)
	p := &peer{
		Addr: wire.V4(10, 9, n, 2), Kernel: wire.V4(10, 9, n, 1),
		pool: block.NewPool(), seed: uint64(n), began: time.Now(),
		start: make(chan *program), packets: make(chan []byte, 1024), spare: make(chan []byte, 1024),
	}
	var err error
	if p.tun, err = openTUN(name); err != nil {
		t.Fatal(err)
	}
	if err := bringUp(name, [4]byte{10, 9, n, 1}); err != nil {
		t.Fatal(err)
	}
	p.Host = stack.New(1, "lab", p.seed, p.pool, p, &event.Log{Off: true})
	p.AddIface("eth0", p.Addr, 24)
	kernel := stack.New(2, "kernel", 0, p.pool, nil, nil) // only its addresses matter
	kernel.AddIface("eth0", p.Kernel, 24)
	p.Introduce(kernel)
	for i := 0; i+1 < len(sysctls); i += 2 {
		if err := p.SetSysctl(sysctls[i], sysctls[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if ipv6, _ := p.Sysctl(disableIPv6); ipv6 == 0 {
		p.overIPv6(t, name, n)
	}
	p.link.Dir[toKernel].Params, p.link.Dir[fromKernel].Params = params, params
	if p.capture, err = sessions(); err != nil {
		t.Fatal(err)
	}
	p.done.Add(2)
	go p.receive()
	go p.run()
	t.Cleanup(func() {
		close(p.start)
		p.tun.Close()
		p.done.Wait()
		if p.failed != nil {
			t.Error(p.failed)
		}
	})
	return p
}

const disableIPv6 = "net.ipv6.conf.all.disable_ipv6"

// overIPv6 gives both ends IPv6 addresses to talk by. Such a device knows no
// neighbour discovery, so there is nobody who could have the same address.
func (p *peer) overIPv6(t *testing.T, device string, n byte) {
	t.Helper()
	p.Addr = wire.Addr{0: 0xfd, 7: n, 15: 2}
	p.Kernel = wire.Addr{0: 0xfd, 7: n, 15: 1}
	if err := addAddr6(device, p.Kernel); err != nil {
		t.Skip(err)
	}
	for began := time.Now(); ; time.Sleep(time.Millisecond) { // the kernel, too, may take a moment until the address is its own
		l, err := net.ListenTCP("tcp", &net.TCPAddr{IP: p.Kernel[:]})
		if err == nil {
			l.Close()
			break
		}
		if time.Since(began) > patience/10 {
			t.Fatal(err)
		}
	}
	p.SetSysctl("net.ipv6.conf.all.dad_transmits", "0")
	if err := p.AddAddr6(0, p.Addr, 64); err != 0 {
		t.Fatal(err.Name())
	}
	kernel := p.Neighbors[0] // as it was introduced
	kernel.Addr = p.Kernel
	p.Neighbors = append(p.Neighbors, kernel)
}

// now is the host's virtual time: that of the machine, since the test began.
func (p *peer) now() int64 { return time.Since(p.began).Nanoseconds() }

// receive hands what the kernel sends to the goroutine that runs the host.
func (p *peer) receive() {
	defer p.done.Done()
	defer close(p.packets)
	for {
		var b []byte
		select {
		case b = <-p.spare:
		default:
			b = make([]byte, 1<<16)
		}
		n, err := p.tun.Read(b[:cap(b)])
		if err != nil {
			return // closed
		}
		p.packets <- b[:n]
	}
}

// run is the loop: what is due is done, then whatever comes first is waited for.
func (p *peer) run() {
	defer p.done.Done()
	timer := time.NewTimer(0)
	for {
		for p.event() {
		}
		timer.Reset(time.Duration(min(p.next()-p.now(), int64(time.Second))))
		select {
		case b, ok := <-p.packets:
			if !ok {
				return
			}
			p.arrive(b)
			for len(p.packets) > 0 {
				p.arrive(<-p.packets)
			}
		case program, ok := <-p.start:
			if !ok {
				p.start = nil
				continue
			}
			p.programs, p.woken = append(p.programs, program), true
		case <-timer.C:
		}
	}
}

// next returns when something is due.
func (p *peer) next() int64 {
	return min(p.link.Dir[toKernel].Next(), p.link.Dir[fromKernel].Next(), p.NextDeadline())
}

// event does the next thing that is due; false if there is nothing.
func (p *peer) event() bool {
	now := p.now()
	var e link.Entry
	switch {
	case p.link.Dir[fromKernel].Step(p.wires(now), &e):
		if !e.Lost {
			p.begin(now)
			p.HandleFrame(now, 0, e.Frame)
		}
	case p.link.Dir[toKernel].Step(p.wires(now), &e):
		if !e.Lost {
			p.send(e.Frame)
		}
	case p.NextDeadline() <= now:
		p.begin(now)
		p.Poll(now)
	case p.woken:
		p.woken = false
		p.step(now)
		return true
	default:
		return false
	}
	p.woken = p.woken || p.Woken()
	return true
}

func (p *peer) begin(now int64) {
	p.events++
	p.Begin(now, p.events)
}

// step lets every program run.
func (p *peer) step(now int64) {
	waiting := p.programs[:0]
	for _, program := range p.programs {
		p.begin(now)
		if program.step() {
			close(program.done)
			p.woken = true // what it did may be what another waits for
		} else {
			waiting = append(waiting, program)
		}
	}
	p.programs = waiting
}

// arrive takes a packet from the kernel, puts an Ethernet header before it and
// offers it to the link.
func (p *peer) arrive(b []byte) {
	p.capture.packet(b)
	kind := uint16(wire.TypeIPv4)
	if b[0]>>4 == 6 {
		kind = wire.TypeIPv6
	}
	frame := p.pool.New(wire.EthernetLen + len(b))
	data := p.pool.Data(frame)
	wire.PutEthernet(data, p.Ifaces[0].MAC, wire.MAC{2, 0, 0, 0, 2, 0}, kind)
	copy(data[wire.EthernetLen:], b)
	p.offer(fromKernel, frame, event.Why{})
	select {
	case p.spare <- b:
	default:
	}
}

// Transmit takes the frames that the host sends.
func (p *peer) Transmit(_, _ uint32, frame block.Handle, why event.Why) {
	p.offer(toKernel, frame, why)
}

func (p *peer) offer(dir uint8, frame block.Handle, why event.Why) {
	twice := p.link.Doubles(p.seed, dir)
	if twice {
		p.pool.Retain(frame)
	}
	p.link.Offer(p.wires(p.now()), dir, frame, 0, why)
	if twice {
		p.link.Repeat(p.wires(p.now()), dir, frame, 0, why)
	}
}

// wires is what the link is handed at time now: nobody keeps a record.
func (p *peer) wires(now int64) *link.Env {
	return &link.Env{Pool: p.pool, Seed: p.seed, Now: now, Record: new(trace.Trace)}
}

// send hands a frame that crossed the link to the kernel; ARP it does not know on
// such a device.
func (p *peer) send(frame block.Handle) {
	defer p.pool.Release(frame)
	eth, ok := wire.ParseEthernet(p.pool.Data(frame))
	if !ok || eth.Type() == wire.TypeARP {
		return
	}
	p.capture.packet(eth.Payload())
	if _, err := p.tun.Write(eth.Payload()); err != nil && !errors.Is(err, os.ErrClosed) && p.failed == nil {
		p.failed = fmt.Errorf("the kernel does not take a packet of %d bytes: %w", len(eth.Payload()), err)
	}
}

// launch starts a program on the host; it runs until step returns true.
func (p *peer) launch(step func() bool) *program {
	program := &program{step, make(chan struct{})}
	p.start <- program
	return program
}

// await runs a program and waits until it is done; what says what it is for.
func (p *peer) await(t *testing.T, what string, step func() bool) {
	t.Helper()
	p.launch(step).wait(t, what)
}

func (g *program) wait(t *testing.T, what string) {
	t.Helper()
	select {
	case <-g.done:
	case <-time.After(patience):
		t.Fatalf("%s: nothing comes of it in %v", what, patience)
	}
}
