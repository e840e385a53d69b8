package lab

// Position is a point in a lab's history. TimeNs and Order place it: a journal entry is done at the same place in every version,
// however many events came before (docs/ARCHITECTURE.md, The time line).
type Position struct {
	TimeNs int64
	Order  uint64 // 1 + events of the same instant that come before; 0: not recorded
	Inputs uint64 // journal entries that come before
	Events uint64 // executed by then, to compare a replay with; where Order is not recorded, they give the place within the instant
}

// Before reports whether p comes before q in one history.
func (p Position) Before(q Position) bool {
	switch {
	case p.TimeNs != q.TimeNs:
		return p.TimeNs < q.TimeNs
	case p.Order > 0 && q.Order > 0 && p.Order != q.Order:
		return p.Order < q.Order
	case p.Events != q.Events:
		return p.Events < q.Events
	}
	return p.Inputs < q.Inputs
}

// Position returns where in its history the lab stands.
func (l *Lab) Position() Position {
	return Position{TimeNs: l.Clock, Order: 1 + l.inInstant, Inputs: l.Inputs, Events: l.Events}
}

// setClock moves the clock to t. Events are counted anew in each instant.
func (l *Lab) setClock(t int64) {
	if t != l.Clock {
		l.Clock, l.inInstant = t, 0
	}
}

// reached reports whether the events of the instant p.TimeNs that come before p have been executed. Events of earlier instants must
// have been. A position without order is a count of all events, as files of format 1 have it. If another version made the file, that
// count may be impossible here: then p is never reached, and comes at the end of its instant.
func (l *Lab) reached(p Position) bool {
	done := uint64(0)
	if l.Clock == p.TimeNs {
		done = l.inInstant
	}
	if p.Order > 0 {
		return done >= p.Order-1
	}
	return l.Events >= p.Events && p.Events >= l.Events-done
}

// Departure says where a replay first departed from what was recorded: a number of events by then.
type Departure struct {
	Entry    uint64   // of the journal; as many as there are: the end
	Recorded Position // what the file says
	Replayed Position // what this version came to
}

// compareTo notes the first departure of the lab from a recorded position, that of a journal entry or of the end.
func (l *Lab) compareTo(entry uint64, recorded Position) {
	if recorded.Events == 0 && recorded.Order == 0 {
		return // nothing was recorded but the time
	}
	now := l.Position()
	if l.departed == nil && (recorded.Events != now.Events || recorded.Order > 0 && recorded.Order != now.Order) {
		l.departed = &Departure{entry, recorded, now}
	}
}

// Departed returns the first departure of a replay from what was recorded, nil if none was seen.
func (l *Lab) Departed() *Departure { return l.departed }
