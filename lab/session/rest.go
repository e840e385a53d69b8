package session

import "wirelab/lab"

// RunToRest goes on until the open lab is at rest (lab.RunToRest) and comes back only then: it is for a program without a window.
func (s *Session) RunToRest() (lab.Rest, error) {
	s.Pause()
	s.err = nil
	r, err := s.lab.RunToRest()
	if err != nil {
		s.fail(err)
	}
	return r, s.err
}
