package app

import (
	"time"

	"wirelab/lab/view"
)

// voice says in words what just happened, so that a handshake can be followed without seeing it.
type voice struct {
	account view.Account
	due     time.Duration // while time runs, not before then
	playing bool
}

// breath is how long a sentence takes to be heard.
const breath = 1500 * time.Millisecond

// speak hands the news to Say: after a step at once, while time runs no faster than one can listen.
func (a *App) speak(now time.Duration) {
	v, m := &a.voice, &a.Model
	if a.Say == nil || a.Session.Busy() || m.Playing && v.playing && now < v.due {
		return
	}
	told := v.account.Tell(m)
	v.due = now + breath*time.Duration(max(1, len(told)))
	if m.Playing && !v.playing {
		a.Say(m.Say("said.playing"))
	}
	for _, sentence := range told {
		a.Say(sentence)
	}
	if v.playing && !m.Playing {
		a.Say(m.Say("said.paused", view.Seconds(m.Now())))
	}
	v.playing = m.Playing
}
