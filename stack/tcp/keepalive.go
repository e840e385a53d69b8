package tcp

import (
	"wirelab/stack/event"
	"wirelab/stack/wire"
)

// Keep-alives (RFC 9293 §3.8.4): off unless asked for, after two hours at the earliest, without
// data, and one lost probe does not end anything (MUST-24 to MUST-29, SHLD-12).

func (c *Conn) keepIdle(conf *Config) int64 {
	return or(int64(c.Opts.Rare().KeepIdleS)*secondNs, conf.KeepIdleNs)
}
func (c *Conn) keepIntvl(conf *Config) int64 {
	return or(int64(c.Opts.Rare().KeepIntvlS)*secondNs, conf.KeepIntvlNs)
}

// or returns a, or b if a is zero.
func or[T int64 | uint64 | uint32 | uint8](a, b T) T {
	if a == 0 {
		return b
	}
	return a
}

// armKeepAlive starts the timer, if it is wanted, from when the peer was heard last.
func (c *Conn) armKeepAlive(env *Env) {
	c.KeepAt = Never
	if c.Opts.KeepAlive && c.State >= Established && c.State != TimeWait {
		c.KeepAt = max(c.LastRecvAt+c.keepIdle(env.Conf), env.Now)
	}
}

// keepAlive asks a peer that was silent for long whether it is still there, and
// gives up on one that does not answer.
func (c *Conn) keepAlive(env *Env) {
	idle := c.keepIdle(env.Conf)
	silent := env.Now - c.LastRecvAt
	c.KeepAt = env.Now + idle
	switch {
	case c.Rtx.Len() > 0 || c.SndQueued > 0: // its ACKs tell
		return
	case silent < idle:
		c.KeepAt = c.LastRecvAt + idle
		return
	}
	gaveUp := c.Probes >= or(c.Opts.Rare().KeepCount, env.Conf.KeepCount)
	if t := c.userTimeout(); t != 0 { // Linux: then that alone decides
		gaveUp = c.Probes > 0 && silent >= t
	}
	if gaveUp {
		c.reset(env, c.SndNxt, event.KeepAlive)
		c.fail(env, ETIMEDOUT)
		return
	}
	c.Probes++
	c.KeepAt = env.Now + c.keepIntvl(env.Conf)
	c.emit(env, c.SndUna-1, 0, wire.ACK, event.KeepAlive, 1)
}
