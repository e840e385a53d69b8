package view

import (
	"strconv"

	"wirelab/lab/ui"
)

// phrases are words of a crossing that are wanted in every frame that shows it. A frame that is recorded does not
// change, so each is put together once.
type phrases struct {
	of                              uint64 // the crossing, counted from 1; 0: nobody's
	id, menu, capsule, label, words string
	kind                            Kind
	quotes                          bool    // it carries little enough to be quoted
	width, size                     float32 // of capsule, when letters are this many device pixels high
}

// maxPhrases is more than any screen shows at once.
const maxPhrases = 8192

// phrases returns those of crossing i, empty where nobody asked yet. Each crossing has one place where they may stand.
func (m *Model) phrases(i uint64) *phrases {
	x := &m.index
	if x.phrases == nil {
		x.phrases = make([]phrases, maxPhrases)
	}
	p := &x.phrases[i%maxPhrases]
	if p.of != i+1 {
		*p = phrases{of: i + 1}
	}
	return p
}

// nodeID is the id of the widget that shows crossing i, menuID that of its menu.
func (p *phrases) nodeID(i uint64) string {
	if p.id == "" {
		p.id = "p" + strconv.FormatUint(i, 10)
	}
	return p.id
}

func (p *phrases) menuID(i uint64) string {
	if p.menu == "" {
		p.menu = p.nodeID(i) + ".menu"
	}
	return p.menu
}

// capsuleWidth is how wide the capsule's letters are in a style, the face of which is always the same.
func (p *phrases) capsuleWidth(u *ui.UI, style ui.Style) float32 {
	if size := style.Size * u.TextScale * u.Scale(); p.size != size {
		p.width, p.size = u.Width(p.capsule, style), size
	}
	return p.width
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

// capsuleOf returns the few letters that stand on a packet.
func (m *Model) capsuleOf(i uint64) string { return m.capsulePhrases(i).capsule }

// capsulePhrases returns phrases that say what a capsule shows.
func (m *Model) capsulePhrases(i uint64) *phrases {
	p := m.phrases(i)
	if p.capsule == "" {
		c := m.Lab.Trace.At(i)
		p.capsule, p.kind, p.quotes = m.capsule(i), kindOf(&c.Head), c.Length <= mostQuoted
	}
	return p
}

// mostQuoted is how many bytes a capsule shows as they are.
const mostQuoted = 16

// Label returns what stands along a packet's arrow on the ladder, in the
// notation of the textbooks: first:last(bytes).
func (m *Model) Label(i uint64) string {
	p := m.phrases(i)
	if p.label == "" {
		p.label = m.label(i)
	}
	return p.label
}
