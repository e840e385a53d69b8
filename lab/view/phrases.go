package view

import "fmt"

// phrases are words of a crossing that are wanted in every frame that shows it. A frame that is recorded does not
// change, so they are put together once.
type phrases struct{ id, menu, capsule, label, words string }

// maxPhrases is more than any screen shows at once.
const maxPhrases = 8192

// phrases returns those of crossing i, empty where nobody asked yet.
func (m *Model) phrases(i uint64) *phrases {
	x := &m.index
	if p, ok := x.phrases[i]; ok {
		return p
	}
	if x.phrases == nil || len(x.phrases) >= maxPhrases {
		x.phrases = map[uint64]*phrases{}
	}
	p := &phrases{id: fmt.Sprintf("p%d", i), menu: fmt.Sprintf("p%d.menu", i)}
	x.phrases[i] = p
	return p
}

// Words returns what tcpdump says of crossing i, without the time.
func (m *Model) Words(i uint64) string {
	p := m.phrases(i)
	if p.words == "" {
		s := m.Lab.Trace.Summary(i)
		p.words = m.index.numbers.Words(i, &s)
	}
	return p.words
}

// Capsule returns the few letters that stand on a packet.
func (m *Model) Capsule(i uint64) string {
	p := m.phrases(i)
	if p.capsule == "" {
		p.capsule = m.capsule(i)
	}
	return p.capsule
}

// Label returns what stands along a packet's arrow on the ladder, in the
// notation of the textbooks: first:last(bytes).
func (m *Model) Label(i uint64) string {
	p := m.phrases(i)
	if p.label == "" {
		p.label = m.label(i)
	}
	return p.label
}
