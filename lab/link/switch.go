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

// Places says where in the table of a switch a station may stand, so that it need not be searched for each frame. It is not state, and what
// it says is looked at before it is believed. The zero value knows nothing.
type Places [1024]uint16

func (p *Places) of(mac wire.MAC) *uint16 {
	return &p[(uint32(mac[3])<<8|uint32(mac[4])+uint32(mac[5])<<4)%uint32(len(p))]
}

// Forward learns the sender of a frame that came in on port in, and returns
// the one port it goes out of, or flood.
func (s *Switch) Forward(now int64, in uint32, eth wire.Ethernet, places *Places) (out uint32, flood bool) {
	s.learn(now, in, eth.Src(), places)
	if dst := eth.Dst(); dst[0]&1 == 0 {
		if l := s.find(dst, places); l != nil && now-l.At < ageNs {
			return l.Port, false
		}
	}
	return 0, true
}

// find returns the line of a station, or nil.
func (s *Switch) find(mac wire.MAC, places *Places) *Learned {
	place := places.of(mac)
	if i := int(*place); i < len(s.Table) && s.Table[i].MAC == mac {
		return &s.Table[i]
	}
	for i := range s.Table {
		if l := &s.Table[i]; l.MAC == mac {
			*place = uint16(i)
			return l
		}
	}
	return nil
}

func (s *Switch) learn(now int64, port uint32, mac wire.MAC, places *Places) {
	if mac[0]&1 != 0 {
		return
	}
	if l := s.find(mac, places); l != nil {
		l.Port, l.At = port, now
		return
	}
	if len(s.Table) < maxLearned {
		s.Table = append(s.Table, Learned{mac, port, now})
		return
	}
	oldest := 0
	for i := range s.Table {
		if s.Table[i].At < s.Table[oldest].At {
			oldest = i
		}
	}
	s.Table[oldest] = Learned{mac, port, now}
}

// Forget forgets the stations behind a port: its link was taken out.
func (s *Switch) Forget(port uint32) {
	s.Table = slices.DeleteFunc(s.Table, func(l Learned) bool { return l.Port == port })
}
