package session

import (
	"wirelab/lab"
	"wirelab/lab/words"
)

// departure says how the replay of an opened lab departed from what its file recorded; nil if it did not. recorded is the state hash of
// the file, which the lab was to have at the position where it stands.
func (s *Session) departure(recorded string) *words.Error {
	d, hash := s.lab.Departed(), s.hash()
	if d == nil && (recorded == "" || recorded == hash) {
		return nil
	}
	at := lab.InstantText(s.lab.Position().TimeNs)
	first := words.Get(s.lang, "session.altered_state")
	switch {
	case d == nil:
	case d.Entry < s.lab.Inputs:
		first = words.Get(s.lang, "session.altered_entry", d.Entry+1, lab.InstantText(d.Recorded.TimeNs), s.deed(d.Entry), d.Recorded.Events, d.Replayed.Events)
	default:
		first = words.Get(s.lang, "session.altered_end", at, d.Recorded.Events, d.Replayed.Events)
	}
	if recorded == "" {
		recorded = words.Get(s.lang, "session.altered_none")
	}
	return &words.Error{Key: "session.altered", Args: []any{first, at, recorded, hash}}
}

// Departure says how the lab that was opened differs from what its file recorded: another version made it. It is nil if the replay came
// to the recorded state.
func (s *Session) Departure() error {
	if s.departed == nil {
		return nil
	}
	return s.departed
}
