package session

import "wirelab/lab"

// captureKey tells files of tcpdump -w apart.
type captureKey struct {
	work      string
	node, pid uint32
	packets   uint64
	at        int64
}

func (s *Session) keyOf(f *lab.CaptureFile) captureKey {
	return captureKey{s.id, f.Node, f.PID, f.Packets, f.At}
}

// Capture is a file that tcpdump -w wrote.
type Capture struct {
	Name    string
	Host    string
	Packets uint64
	Data    []byte
}

// TakeCaptures returns the files that tcpdump -w has closed since it was asked last. Those that were closed before the lab was
// saved and opened again are not among them, nor those of a past that is played again.
func (s *Session) TakeCaptures() (list []Capture, err error) {
	if s.goal != nil {
		return nil, nil
	}
	for _, f := range s.lab.Captures() {
		if key := s.keyOf(&f); f.Closed && !s.captured[key] {
			s.markCaptured(key)
			data, err := s.lab.Capture(&f)
			if err != nil {
				return list, &Error{"failed", err}
			}
			list = append(list, Capture{f.Name, s.lab.Host(f.Node).Name, f.Packets, data})
		}
	}
	return list, nil
}

// Captures returns all files of tcpdump -w, also those that are still written.
func (s *Session) Captures() (list []Capture, err error) {
	for _, f := range s.lab.Captures() {
		data, err := s.lab.Capture(&f)
		if err != nil {
			return nil, &Error{"failed", err}
		}
		list = append(list, Capture{f.Name, s.lab.Host(f.Node).Name, f.Packets, data})
	}
	return list, nil
}

// passCaptures notes that the files closed so far were handed over before.
func (s *Session) passCaptures() {
	for _, f := range s.lab.Captures() {
		s.markCaptured(s.keyOf(&f))
	}
}

func (s *Session) markCaptured(key captureKey) {
	if s.captured == nil {
		s.captured = map[captureKey]bool{}
	}
	s.captured[key] = true
}
