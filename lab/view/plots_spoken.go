package view

import (
	"strings"
	"time"

	"wirelab/lab/words"
)

// spoken is what a screen reader hears of a chart, written anew when it changes.
type spoken struct {
	at     int64
	due    time.Duration // while it plays, it is written a few times a second
	lang   words.Lang
	values []float64
	words  string
}

// sentence says what a chart shows at an instant.
func (d *Plots) sentence(c *chart, now time.Duration, m *Model) string {
	s, at := &c.spoken, d.instant(m)
	if m.Playing && s.words != "" && now < s.due {
		return s.words
	}
	s.due = now + 250*time.Millisecond
	same, n := s.at == at && s.lang == m.Lang && s.words != "", 0
	for i := range c.curves {
		v, _ := c.curves[i].t.value(min(at, c.curves[i].of.till))
		if n == len(s.values) {
			s.values, same = append(s.values, v), false
		}
		same = same && s.values[n] == v
		s.values[n] = v
		n++
	}
	if same && n == len(s.values) {
		return s.words
	}
	s.values = s.values[:n]
	s.at, s.lang = at, m.Lang
	var parts []string
	for i := range c.curves {
		k := &c.curves[i]
		if _, ok := k.t.value(min(at, k.of.till)); ok {
			parts = append(parts, d.titled(c, k)+" "+d.memo.words(c.kind.value(), s.values[i]))
		}
	}
	if len(parts) == 0 {
		s.words = m.Say("view.plot_nothing", instantWords(at, 3))
	} else {
		s.words = m.Say("view.plot_says", strings.Join(parts, ", "), instantWords(at, 3))
	}
	return s.words
}
