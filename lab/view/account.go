package view

import (
	"slices"
	"strings"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/lab/trace"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
)

// Account tells in sentences what happened since it was asked last, for those who cannot see the stage.
type Account struct {
	of                 *lab.Lab
	events             uint64
	crossings, changes uint64
	flying             []uint64 // told of as sent, and of nothing since
	news               []news
}

type news struct {
	at   int64
	kind newsKind
	text string
}

// newsKind orders what happens at one instant, from cause to effect.
type newsKind uint8

const (
	newsLost newsKind = iota
	newsArrived
	newsState
	newsSent
)

// most is how much is told in full; more becomes a summary. Frames that have been out of sight for long are not told of at all.
const (
	mostNews   = 6
	mostFlying = 512
)

// Tell returns the sentences. After a jump back, or in another lab, it has nothing to tell but begins anew from there.
func (a *Account) Tell(m *Model) []string {
	l := m.Lab
	if a.of != l || l.Events < a.events || l.Crossings < a.crossings || l.Log.Count < a.changes {
		*a = Account{of: l, events: l.Events, crossings: l.Crossings, changes: l.Log.Count, flying: a.flying[:0], news: a.news[:0]}
		return nil
	}
	a.news = a.news[:0]
	a.sent(m)
	a.ended(m)
	a.states(m)
	a.events, a.crossings, a.changes = l.Events, l.Crossings, l.Log.Count
	if len(a.news) > mostNews {
		return []string{a.summary(m)}
	}
	slices.SortStableFunc(a.news, func(x, y news) int {
		if x.at != y.at {
			return int(min(max(x.at-y.at, -1), 1))
		}
		return int(x.kind) - int(y.kind)
	})
	told := make([]string, len(a.news))
	for i := range a.news {
		told[i] = a.news[i].text
	}
	return told
}

// ended finds what arrived or was lost.
func (a *Account) ended(m *Model) {
	still := a.flying[:0]
	for _, i := range a.flying {
		switch c := m.Lab.Trace.At(i); {
		case i >= m.Lab.Trace.Len(): // it was in a future that was cut off
		case c.Arrive > m.Now():
			still = append(still, i)
		default:
			kind, key := newsArrived, "said.arrived"
			if c.Fate != link.Delivered {
				kind, key = newsLost, "said.lost"
			}
			from, to := m.Ends(i)
			a.news = append(a.news, news{c.Arrive, kind, m.Say(key, m.NodeName(from), m.NodeName(to), m.spoken(&c.Head))})
		}
	}
	a.flying = still
}

func (a *Account) sent(m *Model) {
	t := &m.Lab.Trace
	first := max(a.crossings, t.First())
	for i := first; i < min(m.Lab.Crossings, t.Len()); i++ {
		c := t.At(i)
		key := "said.sent"
		if c.Why.Xmit > 1 {
			key = "said.sent_again"
		}
		from, to := m.Ends(i)
		a.news = append(a.news, news{c.Offered, newsSent, m.Say(key, m.NodeName(from), m.NodeName(to), m.spoken(&c.Head))})
		if a.flying = append(a.flying, i); len(a.flying) > mostFlying {
			a.flying = a.flying[1:]
		}
	}
}

func (a *Account) states(m *Model) {
	log := &m.Lab.Log
	for i := max(int(a.changes), log.First()); i < min(int(log.Count), log.Len()); i++ {
		if v, ok := log.Value(i, event.VarState); ok {
			c := log.At(i)
			a.news = append(a.news, news{c.TimeNs, newsState, m.Say("said.state", m.NodeName(c.Host), tcp.State(v).String())})
		}
	}
}

// summary counts what is too much to tell.
func (a *Account) summary(m *Model) string {
	var count [newsSent + 1]int
	for i := range a.news {
		count[a.news[i].kind]++
	}
	return m.Say("said.summary", Seconds(m.Now()), count[newsSent], count[newsArrived], count[newsLost])
}

// spoken is what a frame is called aloud.
func (m *Model) spoken(h *trace.Head) string {
	switch kindOf(h) {
	case KindOther:
		words := otherWords(h)
		if name, ok := strings.CutSuffix(words, " ?"); ok {
			return m.Say("said.request", name)
		}
		if name, ok := strings.CutSuffix(words, " !"); ok {
			return m.Say("said.reply", name)
		}
		return words
	case KindData:
		return m.Say("said.bytes", h.Length)
	}
	words := flagWords(h.Flags)
	if h.Length > 0 {
		words += " " + m.Say("said.with", h.Length)
	}
	return words
}
