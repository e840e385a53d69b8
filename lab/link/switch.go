package link

import (
	"slices"

	"wirelab/stack/wire"
)

// maxLearned bounds what a switch remembers; beyond it the oldest is forgotten.
const maxLearned = 4096

// Learned is one line of a switch's table: where a station was last heard.
type Learned struct {
	MAC  wire.MAC
	Port uint32
	At   int64
}

// Switch is an Ethernet switch that learns (IEEE 802.1D §7.7, without
// spanning tree).
type Switch struct {
	Name  string
	Ports uint32
	Table []Learned
}

// ageNs is how long a station that is silent stays in the table.
const ageNs = 300 * 1_000_000_000

// Forward learns the sender of a frame that came in on port in, and returns
// the one port it goes out of, or flood.
func (s *Switch) Forward(now int64, in uint32, eth wire.Ethernet) (out uint32, flood bool) {
	s.learn(now, in, eth.Src())
	if dst := eth.Dst(); dst[0]&1 == 0 {
		for i := range s.Table {
			if l := &s.Table[i]; l.MAC == dst && now-l.At < ageNs {
				return l.Port, false
			}
		}
	}
	return 0, true
}

func (s *Switch) learn(now int64, port uint32, mac wire.MAC) {
	if mac[0]&1 != 0 {
		return
	}
	oldest := 0
	for i := range s.Table {
		l := &s.Table[i]
		if l.MAC == mac {
			l.Port, l.At = port, now
			return
		}
		if l.At < s.Table[oldest].At {
			oldest = i
		}
	}
	if len(s.Table) >= maxLearned {
		s.Table[oldest] = Learned{mac, port, now}
		return
	}
	s.Table = append(s.Table, Learned{mac, port, now})
}

// Forget forgets the stations behind a port: its link was taken out.
func (s *Switch) Forget(port uint32) {
	s.Table = slices.DeleteFunc(s.Table, func(l Learned) bool { return l.Port == port })
}
