package view

import (
	"errors"
	"sort"
	"strings"

	"wirelab/lab"
	"wirelab/lab/filter"
	"wirelab/lab/words"
)

// packetFilter keeps the packets that match what a person typed: a display filter in Wireshark's syntax, or plain words
// that stand in the row. It works the recording off in slices, so that a long one never stops a frame.
type packetFilter struct {
	terms  []term
	rows   []int32 // of the list, those that match
	seen   int     // rows looked at so far
	of     filterKey
	wrong  *filter.Error // why the text is no filter
	search *lab.Search   // for a display filter
	taken  int           // of what it found
}

// filterKey is what the result depends on.
type filterKey struct {
	text  string
	lab   *lab.Lab
	turns uint64
	lang  words.Lang
}

// term is a word that must stand in a row, or must not.
type term struct {
	word string
	not  bool
}

// filterSlice is how many rows are looked at in a frame: a few milliseconds,
// also in a browser.
const filterSlice = 2000

// update goes on with the rows that were not looked at yet.
func (f *packetFilter) update(m *Model, text string, haystack func(row int, m *Model) string) {
	key := filterKey{text, m.Lab, m.Lab.Trace.Turns, m.Lang}
	if f.of != key || f.search != nil && f.search.Stale() {
		f.begin(m, key)
	}
	switch {
	case f.search != nil:
		f.find(m)
	case f.active():
		for n := 0; f.seen < m.Packets() && n < filterSlice; n++ {
			if f.matches(haystack(f.seen, m)) {
				f.rows = append(f.rows, int32(f.seen))
			}
			f.seen++
		}
	}
}

// begin reads what was typed.
func (f *packetFilter) begin(m *Model, key filterKey) {
	if f.search != nil {
		f.search.Close()
	}
	*f = packetFilter{of: key, rows: f.rows[:0], terms: f.terms[:0]}
	if strings.TrimSpace(key.text) == "" {
		return
	}
	wanted, err := filter.Display(key.text)
	switch {
	case err == nil:
		f.search = m.Lab.Search(wanted)
	case plainWords(key.text):
		f.terms = parseTerms(f.terms, key.text)
	default:
		errors.As(err, &f.wrong)
	}
}

// plainWords reports whether a text is words to look for, and no filter that went wrong.
func plainWords(text string) bool { return !strings.ContainsAny(text, "=<>!&|(){}[]\"") }

// searchSlice is how many events a display filter replays in a frame: a few milliseconds, also in a browser.
const searchSlice = 1000

// find goes on with a search. What it finds before the records begin, or at a switch, stands in no row.
func (f *packetFilter) find(m *Model) {
	f.search.Step(searchSlice)
	for ; f.taken < len(f.search.Found); f.taken++ {
		crossing := f.search.Found[f.taken]
		if row := m.rowOf(crossing); row >= 0 && m.packetAt(row) == crossing {
			f.rows = append(f.rows, int32(row))
		}
	}
	f.seen = m.rowOf(f.search.Seen-1) + 1
}

// parseTerms splits what was typed at spaces. A lone "-" is the beginning of
// something and matches all.
func parseTerms(terms []term, text string) []term {
	for _, w := range strings.Fields(strings.ToLower(text)) {
		word, not := strings.CutPrefix(w, "-")
		if word != "" {
			terms = append(terms, term{word, not})
		}
	}
	return terms
}

func (f *packetFilter) active() bool { return len(f.terms) > 0 || f.search != nil }

func (f *packetFilter) matches(haystack string) bool {
	for _, t := range f.terms {
		if strings.Contains(haystack, t.word) == t.not {
			return false
		}
	}
	return true
}

// count returns how many rows there are to show.
func (f *packetFilter) count(m *Model) int {
	if f.active() {
		return len(f.rows)
	}
	return m.Packets()
}

// row returns which packet stands at place i of what is shown.
func (f *packetFilter) row(i int) int {
	if f.active() {
		return int(f.rows[i])
	}
	return i
}

// place returns where a packet stands in what is shown, or would stand.
func (f *packetFilter) place(row int) (i int, shown bool) {
	if !f.active() {
		return row, row >= 0
	}
	i = sort.Search(len(f.rows), func(k int) bool { return int(f.rows[k]) >= row })
	return i, i < len(f.rows) && int(f.rows[i]) == row
}
