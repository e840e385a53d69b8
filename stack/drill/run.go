package drill

import (
	"errors"
	"fmt"
	"slices"

	"wirelab/stack"
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

const (
	startNs = int64(1_000_000_000_000) // what the clock shows when a script begins: the host has been up for a while
	second  = int64(1_000_000_000)

	outboundWait = 2 * second         // for a packet, behind its time
	endWait      = second             // for a blocking call, behind the last event
	blockedMax   = 24 * 3600 * second // for a call that nothing in the script ends
	maxSteps     = 2_000_000          // of the host, in one script
	maxIdle      = 10_000             // of the host, without time going on
)

// gatewayMAC is who the packets of a script come from and go to.
var gatewayMAC = wire.MAC{2, 0, 0, 0, 0xff, 1}

// runner plays one script.
type runner struct {
	opts   Options
	script *Script
	set    settings
	host   *stack.Host
	pool   *block.Pool
	result Result

	now, start  int64
	steps, idle int

	// Times by which the next event is placed.
	done    int64 // when the last event was finished
	at      int64 // when it was to be
	inbound bool  // it was a packet that arrived
	cur     *Event
	tol     int64 // of cur

	fds        []*descriptor
	blocked    *blockedCall
	flows      []*flow
	flow       *flow // the connection under test
	listenPort uint16
	portNext   uint16 // of the next remote end
	sent       []captured
	dropOutput bool
	vars       []variable // of the shell
	ipID       uint16
	cookies    []cookie
	extraAcks  int
	inert      []string // settings of which the notes say that they change nothing

	snapshots []snapshot
}

// Run plays the script on a new host and returns its verdict.
func (s *Script) Run(o Options) Result {
	r := &runner{opts: o, script: s, set: defaultSettings(), pool: block.NewPool(), now: startNs, start: startNs,
		cur:      &s.Events[0],
		portNext: 40_000, extraAcks: o.Switches.ExtraAcks}
	r.result.Name = s.Name
	err := r.prepare()
	if err == nil && r.set.dryRun {
		r.note("--dry_run: nothing was run")
		return r.result
	}
	if err == nil {
		r.start, r.done, r.at = r.now, r.now, r.now
		err = r.play()
	}
	if err == nil {
		err = r.runCode()
	}
	if s.Cleanup != nil && r.host != nil { // also after a failure
		if e := r.shell(s.Cleanup, true); err == nil {
			err = e
		}
	}
	r.logUnasked()
	var end *stop
	if errors.As(err, &end) {
		r.result.Verdict, r.result.Line, r.result.Expected, r.result.Got = end.verdict, end.line, end.expected, end.got
	}
	return r.result
}

// prepare makes the host: one interface, a gateway whose MAC is known, so that
// no ARP is seen, and a route to everywhere.
func (r *runner) prepare() error {
	for _, o := range append(slices.Clone(r.script.Options), r.opts.Flags...) {
		if err := r.set.apply(o); err != nil {
			return err
		}
	}
	if err := r.set.complete(); err != nil {
		return err
	}
	h := stack.New(1, "drill", 1, r.pool, r, &event.Log{})
	if err := r.connect(h); err != nil {
		return err
	}
	r.host = h
	r.begin()
	if r.script.Init != nil && !r.set.dryRun {
		return r.shell(r.script.Init, false)
	}
	return nil
}

// connect gives the host its addresses and the way out.
func (r *runner) connect(h *stack.Host) error {
	if r.set.v6 { // the address is good at once, and no router is asked for
		h.AddIface("tun0", usual[0].localIP, usual[0].prefix)
		h.IP.DADTransmits, h.IP.AcceptRA = 0, false
		h.AddAddr6(0, r.set.localIP, r.set.prefix)
	} else {
		h.AddIface("tun0", r.set.localIP, r.set.prefix)
	}
	h.Ifaces[0].MTU = r.set.mtu
	if errno := h.AddRoute(wire.Addr{}, 0, r.set.gatewayIP); errno != 0 {
		return cannot(1, "the gateway %v is not on the network of %v/%d", r.set.gatewayIP, r.set.localIP, r.set.prefix)
	}
	for _, a := range []wire.Addr{r.set.gatewayIP, r.set.remoteIP} {
		h.Neighbors = append(h.Neighbors, stack.Neighbor{Addr: a, MAC: gatewayMAC, Known: true, Retry: timer.Never})
	}
	return nil
}

// play runs the events, and then what they left running.
func (r *runner) play() error {
	for i := range r.script.Events {
		e := &r.script.Events[i]
		if err := r.event(e); err != nil && !r.forgiven(e, err) {
			return err
		}
		r.done, r.inbound = r.now, e.inbound()
	}
	return r.awaitBlocked(r.now + endWait)
}

// forgiven reports whether --non_fatal passes over what went wrong.
func (r *runner) forgiven(e *Event, err error) bool {
	kind := ""
	switch {
	case e.Packet != nil:
		kind = "packet"
	case e.Call != nil:
		kind = "syscall"
	}
	var s *stop
	if !slices.Contains(r.set.nonFatal, kind) || !errors.As(err, &s) || s.verdict != Fail {
		return false
	}
	r.note("line %d, not fatal: expected %s, got %s", s.line, s.expected, s.got)
	return true
}

// event places an event in time and lets it happen.
func (r *runner) event(e *Event) error {
	base := r.start
	r.cur = e
	switch {
	case e.When.Kind == AnyTime:
		base = r.now
	case e.When.Kind == Relative && e.inbound() && r.inbound:
		base = r.at // a burst keeps its spacing
	case e.When.Kind == Relative:
		base = r.done
	}
	at, end := base+e.When.Start, base+e.When.End
	if at > maxTimeNs || end > maxTimeNs {
		return cannot(e.Line, "a script of more than %d s", maxTimeNs/second)
	}
	r.tol = r.set.tolerance(at - r.at)
	r.at = at
	if e.outbound() {
		return r.expectPacket(e, at, end)
	}
	if err := r.advance(at); err != nil {
		return err
	}
	if late := r.now - at; late > r.tol {
		return failed(e.Line, "this to happen at "+clock(at-r.start), "to it only at "+clock(r.now-r.start))
	}
	r.begin()
	switch {
	case e.Packet != nil:
		if err := r.inject(e); err != nil {
			return err
		}
		return r.retry()
	case e.Call != nil:
		return r.call(e, at, end)
	case e.Code != nil:
		return r.snapshot(e.Code)
	}
	return r.shell(e.Shell, false)
}

// begin tells the host that it is about to be driven.
func (r *runner) begin() {
	r.steps++
	r.host.Begin(r.now, uint64(r.steps))
}

// advance runs the host until a time.
func (r *runner) advance(to int64) error {
	for r.next() <= to {
		if err := r.step(); err != nil {
			return err
		}
	}
	r.now = max(r.now, to)
	return nil
}

// next returns when something will happen by itself.
func (r *runner) next() int64 {
	at := r.host.NextDeadline()
	if r.blocked != nil {
		at = min(at, r.blocked.wakeAt)
	}
	return at
}

// step goes to the next time at which something happens, and lets it happen.
func (r *runner) step() error {
	at := max(r.next(), r.now)
	if at > r.now {
		r.idle = 0
	}
	r.now = at
	r.idle++
	r.begin()
	if r.idle > maxIdle || r.steps > maxSteps {
		return failed(r.cur.Line, "the host to come to rest", fmt.Sprintf("timers that fire again and again at %s", clock(r.now-r.start)))
	}
	r.host.Poll(r.now)
	return r.retry()
}
