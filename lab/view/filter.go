package view

import (
	"sort"
	"strings"

	"wirelab/lab"
	"wirelab/lab/words"
)

// filter keeps the packets whose words match what a person typed. It works the
// recording off in slices, so that a long one never stops a frame.
type filter struct {
	terms []term
	rows  []int32 // of the list, those that match
	seen  int     // rows looked at so far
	of    filterKey
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
func (f *filter) update(m *Model, text string, haystack func(row int, m *Model) string) {
	if key := (filterKey{text, m.Lab, m.Lab.Trace.Turns, m.Lang}); f.of != key {
		*f = filter{of: key, rows: f.rows[:0], terms: parseTerms(f.terms[:0], text)}
	}
	if !f.active() {
		return
	}
	for n := 0; f.seen < m.Packets() && n < filterSlice; n++ {
		if f.matches(haystack(f.seen, m)) {
			f.rows = append(f.rows, int32(f.seen))
		}
		f.seen++
	}
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

func (f *filter) active() bool { return len(f.terms) > 0 }

func (f *filter) matches(haystack string) bool {
	for _, t := range f.terms {
		if strings.Contains(haystack, t.word) == t.not {
			return false
		}
	}
	return true
}

// count returns how many rows there are to show.
func (f *filter) count(m *Model) int {
	if f.active() {
		return len(f.rows)
	}
	return m.Packets()
}

// row returns which packet stands at place i of what is shown.
func (f *filter) row(i int) int {
	if f.active() {
		return int(f.rows[i])
	}
	return i
}

// place returns where a packet stands in what is shown, or would stand.
func (f *filter) place(row int) (i int, shown bool) {
	if !f.active() {
		return row, row >= 0
	}
	i = sort.Search(len(f.rows), func(k int) bool { return int(f.rows[k]) >= row })
	return i, i < len(f.rows) && int(f.rows[i]) == row
}
