package tcp

import (
	"wirelab/stack/event"
	"wirelab/stack/wire"
)

// XmitTimer is what the one timer of unacknowledged data is for.
type XmitTimer uint8

const (
	timerRTO     XmitTimer = iota
	timerProbe             // RFC 8985 §7
	timerReorder           // RFC 8985 §6.3
)

func (t XmitTimer) String() string { return [...]string{"RTO", "TLP", "REO"}[min(int(t), 2)] }

func (c *Conn) setXmit(env *Env, what XmitTimer, wait int64) {
	c.RTOAt, c.XmitTimer = env.Now+wait, what
}

// armXmit starts the timer over after an ACK of something new.
func (c *Conn) armXmit(env *Env) {
	if !c.scheduleProbe(env, true) {
		c.armRTO(env)
	}
}

// armRTO starts the retransmission timer over if anything is in flight, and
// stops it if nothing is (RFC 6298 §5.2, §5.3). The other uses of the timer do not put the
// timeout off.
func (c *Conn) armRTO(env *Env) {
	if c.Rtx.Len() == 0 {
		c.RTOAt = Never
		return
	}
	wait := c.RTO(env.Conf)
	if c.RTOAt != Never && c.XmitTimer != timerRTO {
		wait = max(wait-(env.Now-c.Rtx.Front().At), 1)
	}
	c.setXmit(env, timerRTO, wait)
}

// Deadline returns when the first timer runs out.
func (c *Conn) Deadline() int64 {
	return min(c.RTOAt, c.PersistAt, c.DelAckAt, c.WaitAt, c.KeepAt, c.PaceAt, c.mergeDue())
}

// Deadlines returns when each timer runs out.
func (c *Conn) Deadlines() [event.ConnTimers]int64 {
	return [...]int64{c.DelAckAt, c.mergeDue(), c.RTOAt, c.PersistAt, c.PaceAt, c.KeepAt, c.WaitAt}
}

// Due returns the timer to fire next of those that are due, and its place among the deadlines; NoTimer if none is.
func (c *Conn) Due(now int64) (t event.Timer, place int) {
	for place, at := range c.Deadlines() {
		if at <= now {
			return c.TimerAt(place), place
		}
	}
	return event.NoTimer, 0
}

// TimerAt returns the timer of a deadline.
func (c *Conn) TimerAt(place int) event.Timer {
	t := [...]event.Timer{event.TimerDelAck, event.TimerMerge, event.TimerRTO, event.TimerPersist, event.TimerPace, event.TimerKeepAlive, event.TimerWait}[place]
	switch {
	case t == event.TimerRTO && c.XmitTimer == timerProbe:
		return event.TimerProbe
	case t == event.TimerRTO && c.XmitTimer == timerReorder:
		return event.TimerReorder
	case t == event.TimerWait && c.State == FinWait2:
		return event.TimerFinWait2
	}
	return t
}

// Fire does what is to be done when a timer runs out, and sends what follows.
func (c *Conn) Fire(env *Env, t event.Timer) {
	switch t {
	case event.TimerDelAck:
		c.delayedAckTimeout(env)
	case event.TimerMerge:
		c.ackNow(env, event.AckOutOfOrder)
	case event.TimerRTO:
		c.retransmitTimeout(env)
	case event.TimerProbe:
		c.sendProbe(env)
	case event.TimerReorder:
		c.reorderTimeout(env)
	case event.TimerPersist:
		c.probe(env)
	case event.TimerPace:
		c.PaceAt = Never
		c.sendLost(env, event.LossRecovery)
	case event.TimerKeepAlive:
		c.keepAlive(env)
	case event.TimerWait, event.TimerFinWait2:
		c.finish(env, 0)
	}
	c.Output(env)
}

func (c *Conn) retransmitTimeout(env *Env) {
	c.RTOAt = Never
	if c.Rtx.Len() == 0 || c.gaveUp(env) {
		return
	}
	c.timedOut(env)
	c.TxHash = 0 // another path may be whole
	open := c.State >= Established
	if open {
		c.enterLoss(env)
		c.Retries++
		if c.resend(env, 0, event.RTO) {
			c.spend(env, c.Rtx.Front().dataLen())
		}
	} else {
		c.Retries++
		if !c.Deferred || c.Retries >= c.Opts.Rare().DeferAccept { // no use in repeating what was answered (Linux)
			c.retransmit(env, 0, event.RTO)
		}
	}
	switch {
	case c.State == Established && c.thin(env):
		c.Backoff = 0
	case (c.State != SynSent || c.Retries > env.Conf.SynLinearTimeouts) && c.Backoff < 62:
		c.Backoff++
	}
	wait := c.RTO(env.Conf)
	if limit := c.userTimeout(); limit != 0 && c.RetransAt != 0 { // not beyond the user timeout
		wait = min(wait, max(c.RetransAt+limit-env.Now, 1_000_000))
	}
	c.setXmit(env, timerRTO, wait)
}

// thin reports whether the next timeout comes as soon as this one did: too little is in flight for a
// fast retransmission, and somebody asked for it (Linux, networking/tcp-thin.rst; six times at most).
func (c *Conn) thin(env *Env) bool {
	const atMost = 6
	return (env.Conf.ThinLinear || c.Opts.Has(FlagThin)) && c.Rtx.Len() < 4 && c.Ssthresh < infinite && c.Retries <= atMost
}

// gaveUp ends a connection whose peer has not answered for too long (RFC 9293
// §3.8.3, R2).
func (c *Conn) gaveUp(env *Env) bool {
	limit := c.userTimeout() // RFC 5482: a user timeout takes R2's place
	waited := env.Now - c.RetransAt
	late := false
	switch {
	case c.State == SynSent, c.State == SynReceived && !c.Passive:
		tries := or(c.Opts.Rare().SynCount, env.Conf.SynRetries)
		most := int(tries)
		if c.State == SynSent {
			most += int(env.Conf.SynLinearTimeouts) // Linux: the steps at the start come on top
		}
		late = int(c.Retries) >= most || c.Retries > 0 && waited >= or(limit, c.timeOf(env.Conf, tries, env.Conf.RTOInitNs))
	case c.State == SynReceived:
		late = c.Retries >= c.synAckTries(env) && (c.Opts.Rare().DeferAccept == 0 || c.Retries >= c.Opts.Rare().DeferAccept)
	default:
		tries := c.triesLeft(env)
		if c.SndWnd == 0 && !c.Orphan { // the peer shrank its window: this is a probe, as long as it is there
			silence := 2 * c.rtoMax(env.Conf)
			if limit != 0 {
				silence = min(silence, limit)
			}
			late = c.Retries > 0 && (limit != 0 && waited > limit || env.Now-c.LastRecvAt > silence && waited > silence)
			break
		}
		late = c.Retries > 0 && c.RetransAt != 0 && waited >= or(limit, c.timeOf(env.Conf, tries, leastRTONs))
		if c.Retries > 0 && waited >= c.timeOf(env.Conf, env.Conf.Retries1, leastRTONs) { // R1 (RFC 9293 §3.8.3, MUST-20)
			c.swallowed(env)
		}
	}
	c.fastTimeout(late)
	if late {
		c.fail(env, ETIMEDOUT)
	}
	return late
}

// leastRTONs is the timeout by which Linux turns tcp_retries2 into a time, whatever the least timeout is.
const leastRTONs = 200 * msNs

// synAckTries returns how often the SYN-ACK of a listener's connection is repeated: a connection that Fast Open
// has begun is worth one more (Linux).
func (c *Conn) synAckTries(env *Env) uint8 {
	if c.FastOpened {
		return or(c.Opts.Rare().SynCount, env.Conf.SynAckRetries+1)
	}
	return min(or(c.Opts.Rare().SynCount, env.Conf.SynAckRetries), env.SynAckLimit)
}

// timeOf is how long tries retransmissions take when the first comes after wait ns and the waits double (Linux's
// tcp_model_timeout).
func (c *Conn) timeOf(conf *Config, tries uint8, wait int64) int64 {
	total := int64(0)
	for range int(tries) + 1 {
		total += wait
		wait = min(2*wait, c.rtoMax(conf))
	}
	return total
}

// armPersist starts the timer that probes a closed window when there is
// something to send and nothing in flight to draw an ACK (RFC 9293 §3.8.6.1).
func (c *Conn) armPersist(env *Env) {
	blocked := c.Rtx.Len() == 0 && (c.unsent() > 0 || c.FinQueued && !c.FinSent)
	switch {
	case !blocked:
		c.PersistAt = Never
	case c.PersistAt == Never:
		c.PersistAt = env.Now + c.RTO(env.Conf)
	}
}

// windowAnswered takes note of an ACK while nothing is in flight: what waits may be sent
// now, or the interval between probes starts over.
func (c *Conn) windowAnswered(env *Env) {
	if c.PersistAt == Never {
		return
	}
	if n := min(c.unsent(), c.segmentSize()); n <= c.usable() && c.usable() > 0 {
		c.Backoff, c.PersistAt, c.RetransAt = 0, Never, 0
	} else {
		c.probeLater(env)
	}
}

// probe asks whether the window has opened: with as much data as fits, else,
// as Linux does, with an empty segment just left of the window. It goes on for
// as long as the peer answers (RFC 9293 §3.8.6.1, MUST-36, MUST-37), unless the program set a limit, or has closed the
// connection: then it ends once the interval cannot grow any more (Linux's tcp_probe_timer).
func (c *Conn) probe(env *Env) {
	limit := c.userTimeout()
	tries := c.triesLeft(env)
	if c.Probes >= tries || c.Orphan && !c.backsOff(env) && c.Backoff >= tries || limit != 0 && c.RetransAt != 0 && env.Now-c.RetransAt >= limit {
		c.fail(env, ETIMEDOUT)
		return
	}
	if limit != 0 && c.RetransAt == 0 { // nothing is in flight: it means the first probe
		c.RetransAt = env.Now
	}
	c.Probes++
	if c.Backoff < min(env.Conf.Retries2, 62) {
		c.Backoff++
	}
	c.probeLater(env)
	if n := min(c.unsent(), c.segmentSize(), c.usable()); n > 0 {
		c.RetransAt = 0
		c.spend(env, n)
		c.transmit(env, n, c.FinQueued && n == c.unsent() && n < c.usable(), true, event.ZeroWindowProbe)
		return
	}
	if c.Urging && c.SndUp-c.SndUna < 0x10000 { // a number that the peer takes, so that it sees the pointer (Linux)
		c.emit(env, c.SndUna, 0, wire.ACK, event.ZeroWindowProbe, 1)
	}
	c.emit(env, c.SndUna-1, 0, wire.ACK, event.ZeroWindowProbe, 1)
}

// probeLater sets when to probe next: not beyond the user timeout.
func (c *Conn) probeLater(env *Env) {
	wait := c.RTO(env.Conf)
	if limit := c.userTimeout(); limit != 0 && c.RetransAt != 0 {
		wait = min(wait, max(c.RetransAt+limit-env.Now, msNs))
	}
	c.PersistAt = env.Now + wait
}

// triesLeft returns how often the peer may leave us without an answer.
func (c *Conn) triesLeft(env *Env) uint8 {
	if !c.Orphan {
		return env.Conf.Retries2
	}
	tries, young := env.Conf.OrphanRetries, c.backsOff(env)
	switch {
	case c.SoftErr != 0 && !young: // ICMP says that something is wrong
		return 0
	case tries == 0 && young:
		return 8 // more than 100 s
	}
	return tries
}

// backsOff reports whether the timeout still grows.
func (c *Conn) backsOff(env *Env) bool { return c.RTO(env.Conf) < c.rtoMax(env.Conf) }
