package tcp

import "wirelab/stack/seq"

// Taking back a reduction of the congestion window that turns out to have been
// needless: the retransmissions all arrived twice (RFC 3708), a timestamp shows that the
// original arrived (RFC 3522, RFC 4015), or data that was never sent again is
// acknowledged after a timeout (RFC 5682).

// UndoState is what is needed for that.
type UndoState struct {
	On       bool
	Marker   uint32 // SND.UNA when recovery began
	Retrans  int32  // retransmissions since that have not arrived twice; -1: none was sent
	Ssthresh uint32 // before the reduction; 0: it stays
}

// beginUndo remembers where a recovery starts.
func (c *Conn) beginUndo() {
	u := &c.Undo
	u.On, u.Marker, u.Retrans = true, c.SndUna, int32(c.RetransOut)
	if c.Probe.On && c.Probe.Retrans {
		u.Retrans++
	}
	if u.Retrans == 0 {
		u.Retrans = -1
	}
}

// delayed reports whether what was taken for lost was only late.
func (c *Conn) delayed(env *Env) bool {
	if c.RetransAt != 0 {
		return c.echoBefore(env, c.RetransAt)
	}
	// Nothing was sent again, yet the ACK advanced. (Without SACK RetransAt is forgotten at HighSeq.)
	return (c.SackOn || seq.LT(c.SndUna, c.HighSeq)) && c.State != SynSent
}

func (c *Conn) mayUndo(env *Env) bool {
	return c.Undo.On && (c.Undo.Retrans == 0 || c.delayed(env))
}

// undo restores the windows; unmark says that nothing is lost after all.
func (c *Conn) undo(env *Env, unmark bool) {
	if unmark {
		for i := range c.Rtx.Len() {
			c.Rtx.At(i).Mark &^= markLost
		}
		c.LostOut = 0
	}
	if c.Undo.Ssthresh != 0 {
		c.Cwnd = c.algorithm().undo(c)
		if c.Undo.Ssthresh > c.Ssthresh {
			c.Ssthresh = c.Undo.Ssthresh
			c.ECN.SendCWR = false
		}
	}
	c.Use.Stamp = env.Now
	c.Undo.On = false
	c.Rack.Advanced = true // look again at what is lost
}

// undoAtEnd is for the end of a recovery. It reports whether the state stays all the same.
func (c *Conn) undoAtEnd(env *Env) bool {
	if c.mayUndo(env) {
		c.undo(env, false)
	} else if c.Rack.Persist > 0 {
		c.Rack.Persist--
	}
	if c.staysForDuplicates() {
		return true
	}
	c.setCA(env, Open)
	c.Reneged = false
	return false
}

// staysForDuplicates reports whether, without SACK, duplicates of an ACK of HighSeq may follow that
// mean no new loss: only an ACK of more ends recovery (RFC 6582 §6).
func (c *Conn) staysForDuplicates() bool {
	if c.SndUna != c.HighSeq || c.SackOn {
		return false
	}
	if !c.anyRetrans() {
		c.RetransAt = 0
	}
	return true
}

// undoByDSack is for ACKs which say that all retransmissions were needless.
func (c *Conn) undoByDSack(env *Env) bool {
	if !c.Undo.On || c.Undo.Retrans != 0 {
		return false
	}
	c.Rack.Persist = min(c.Rack.Persist+1, rackPersist)
	c.undo(env, false)
	return true
}

// undoTimeout is for the time after a timeout; spurious says that F-RTO has proof.
func (c *Conn) undoTimeout(env *Env, spurious bool) bool {
	if !spurious && !c.mayUndo(env) {
		return false
	}
	c.undo(env, true)
	c.Retries = 0
	if c.staysForDuplicates() {
		return true
	}
	if spurious || c.SackOn {
		c.setCA(env, Open)
		c.Reneged = false
	}
	return true
}

// undoPartly is for a partial ACK during recovery. It reports whether the rest must wait for
// copies that are still on their way.
func (c *Conn) undoPartly(env *Env) bool {
	if !c.Undo.On || !c.delayed(env) {
		return false
	}
	if seq.LT(env.news.una, env.news.fack) {
		c.noteReordering(env, env.news.una)
	}
	if c.RetransOut > 0 {
		return true
	}
	if !c.anyRetrans() {
		c.RetransAt = 0
	}
	c.undo(env, true)
	c.keepOpen(env)
	return false
}
