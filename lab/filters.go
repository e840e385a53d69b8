package lab

import (
	"fmt"

	"wirelab/lab/filter"
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
	return nil, fmt.Errorf("the filter %q: %w", text, err)
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

// checkLossFilter says what is wrong with the filter of a link, or nil. A link
// sees frames and the time; what else a filter may ask for is not known there.
func checkLossFilter(text string) error {
	f, err := readFilter(text)
	if err != nil {
		return err
	}
	if f.Uses()&^(filter.UsesFrame|filter.UsesTime) != 0 {
		return fmt.Errorf("the filter %q: a link knows nothing of a frame but its bytes and the time; ask for those, such as tcp.seq_raw in place of tcp.seq", text)
	}
	return nil
}

// matches reports whether a frame that goes over a link fulfils a filter.
func (l *Lab) matches(text string, frame []byte) bool {
	f := l.filters.get(text)
	return f != nil && f.Match(&filter.Packet{Frame: frame, TimeNs: l.Clock})
}
