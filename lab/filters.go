package lab

import (
	"wirelab/lab/filter"
	"wirelab/lab/link"
	"wirelab/stack/event"
	"wirelab/stack/problem"
)

// compiled are the filters of a lab that were read before, by their text. They
// are no state: what a text means never changes.
type compiled struct {
	texts   []string
	filters []*filter.Filter // nil: the text means nothing
}

// maxCompiled is how many filters are kept: more than the links and rules of a
// lab have as a rule.
const maxCompiled = 64

// readFilter reads a filter in Wireshark's syntax or else in tcpdump's. The error
// is about the former.
func readFilter(text string) (*filter.Filter, error) {
	f, err := filter.Display(text)
	if err == nil {
		return f, nil
	}
	if f, other := filter.Capture(text); other == nil {
		return f, nil
	}
	return nil, problem.New("the filter %q: %w", text, err)
}

// get returns the filter of a text, nil if it means nothing.
func (c *compiled) get(text string) *filter.Filter {
	for i := range c.texts {
		if c.texts[i] == text {
			return c.filters[i]
		}
	}
	if len(c.texts) == maxCompiled {
		c.texts, c.filters = c.texts[:0], c.filters[:0]
	}
	f, _ := readFilter(text)
	c.texts, c.filters = append(c.texts, text), append(c.filters, f)
	return f
}

// checkFilter says what is wrong with the filter of a link or a rule, or nil; no filter is none.
func checkFilter(text string) error {
	if text == "" {
		return nil
	}
	_, err := readFilter(text)
	return err
}

// matches reports whether a frame that is offered to a link fulfils the link's filter.
func (l *Lab) matches(text string, on uint32, dir uint8, e *link.Entry) bool {
	return l.fits(text, port{on, dir}, l.pool.Data(e.Frame), e.Why)
}

// fits reports whether a frame that is offered to a link fulfils a filter.
func (l *Lab) fits(text string, p port, frame []byte, why event.Why) bool {
	f := l.filters.get(text)
	if f == nil {
		return false
	}
	x := l.packetAt(f, p, frame, why)
	return f.Match(&x)
}
