package lab

import "wirelab/lab/filter"

// Search finds the packets of a recording that a filter matches, as they were when they were sent. Frames are not
// recorded, so it replays the lab, in slices: Step is called until it is done, and again when more was recorded.
type Search struct {
	Found []uint64 // crossings, in order
	Seen  uint64   // how many were looked at

	of    *Lab
	turns uint64
	r     *Lab
}

// Search begins to look for what f matches.
func (l *Lab) Search(f *filter.Filter) *Search {
	s := &Search{of: l, turns: l.Trace.Turns}
	s.r = l.replay(func(r *Lab, o sending) {
		s.Seen = r.Crossings + 1
		x := r.packetAt(f, o.port, r.pool.Data(o.frame), o.why)
		if f.Match(&x) {
			s.Found = append(s.Found, r.Crossings)
		}
	})
	return s
}

// Step looks further, for as long as so many events take. It reports whether all was looked at that is recorded.
// Once the recording has taken another turn, a new search is needed: Stale says so.
func (s *Search) Step(events int) (done bool) {
	if s.r.plan.entries != uint64(len(s.of.Journal)) {
		s.r.Journal, s.r.plan = s.of.Journal, s.of.plan
	}
	for ; s.Seen < s.of.Trace.Len(); events-- {
		if events == 0 {
			return false
		}
		if done, err := s.r.stepEvent(); !done || err != nil {
			break
		}
	}
	return true
}

// Stale reports whether what was found belongs to a future that is no more.
func (s *Search) Stale() bool { return s.turns != s.of.Trace.Turns }

// Close gives back what the search holds.
func (s *Search) Close() { s.r.discard() }
