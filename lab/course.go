package lab

// courseLimit is how far ahead of the lab a course looks for a fact, ns.
const courseLimit = 3600 * 1_000_000_000

// Course follows facts through the life of a lab: each, in the words of Await, is looked for from where the one before it was
// found. It replays the lab in slices, so that nothing is remembered that a seek or another branch could make wrong, and can look
// ahead, into the future that comes if nobody does anything more.
type Course struct {
	Met []Position // where the facts were found, in order; those that follow were not found yet

	of      *Lab
	cuts    uint64
	replay  *Lab
	facts   []string
	waiting *Condition // for the next of them
}

// Follow begins to look for facts. What happens while the lab is built, before its first event, is not seen.
func (l *Lab) Follow(facts []string) (*Course, error) {
	for _, fact := range facts {
		if _, err := readCondition(fact); err != nil {
			return nil, err
		}
	}
	c := &Course{of: l, cuts: l.cuts, facts: facts}
	c.replay = l.replay(func(*Lab, sending) {})
	c.replay.Log.Off = false // a connection may go through several states in one event
	c.forget()
	c.wait()
	return c, nil
}

// wait watches for the next fact.
func (c *Course) wait() {
	if n := len(c.Met); n < len(c.facts) {
		c.waiting, _ = c.replay.Await(c.facts[n]) // it was read before
	}
}

// forget drops the records of the replay: they were looked at.
func (c *Course) forget() {
	log := &c.replay.Log
	log.Restart(log.Count)
	log.Acts.Restart(log.Acts.Count)
}

// Step looks further, for as long as so many events take: to the end of what is recorded, or ahead of it. It reports whether
// there is nothing left to be found that way.
func (c *Course) Step(events int, ahead bool) (done bool) {
	end, r := c.of.Furthest(), c.replay
	for ; len(c.Met) < len(c.facts); events-- {
		if ahead && r.NextEvent() > end.TimeNs+courseLimit || !ahead && !r.Position().Before(end) {
			return true
		}
		if events <= 0 {
			return false
		}
		if done, err := r.stepEvent(); !done || err != nil {
			return true
		}
		met := c.waiting.Met(r)
		if r.Log.Len()-r.Log.First() > 1000 || r.Log.Acts.Len()-r.Log.Acts.First() > 1000 {
			c.forget()
		}
		if met {
			c.Met = append(c.Met, r.Position())
			c.wait()
		}
	}
	return true
}

// Stale reports whether something was done since: what was found may not happen any more. Old records that are forgotten change
// nothing about it.
func (c *Course) Stale() bool { return c.cuts != c.of.cuts }

// Close gives back what the course holds.
func (c *Course) Close() { c.replay.discard() }
