package lab

import (
	"wirelab/lab/prog"
	"wirelab/stack/problem"
)

// CaptureFile is a file that tcpdump -w writes at a host. It is no part of the state: a replay writes it again.
type CaptureFile struct {
	Node uint32
	prog.Capture
	Closed bool // tcpdump has ended
}

// Captures lists the files that were written so far, by host.
func (l *Lab) Captures() (list []CaptureFile) {
	for id := range l.nodes {
		files, closed := l.nodes[id].machine.Written()
		for i, c := range files {
			list = append(list, CaptureFile{uint32(id), c, i < closed})
		}
	}
	return list
}

// Capture returns what a file holds by now.
func (l *Lab) Capture(f *CaptureFile) ([]byte, error) {
	data, packets := f.Form.Header(int(f.Snap)), uint64(0)
	wrote := func(node, pid uint32, record []byte) {
		if node == f.Node && pid == f.PID && packets < f.Packets {
			data = append(data, record...)
			packets++
		}
	}
	r := l.replay(func(*Lab, sending) {}, Watch{Wrote: wrote})
	defer r.discard()
	if _, err := r.Advance(l.Clock, 1<<62); err != nil {
		return nil, err
	}
	if packets != f.Packets {
		return nil, problem.New("only %d of the %d packets of %s were captured again on replay", packets, f.Packets, f.Name)
	}
	return data, nil
}
