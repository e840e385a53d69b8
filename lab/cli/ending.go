//go:build !js

package cli

import (
	"fmt"
	"strings"

	"wirelab/lab"
	"wirelab/lab/session"
	"wirelab/lab/words"
	"wirelab/stack/timer"
)

// endHelp is what --help says of commands that run a lab without --until.
const endHelp = "without it, to where the lab was left if that is beyond its start, else until nothing is in flight, nothing that was typed lies ahead and no timer is due within 1 s (retransmissions are waited for however far ahead they are, keep-alives and other periodic timers are not), at most 60 s"

// reach brings a session that was opened, and stands where the lab was left, to where a command ends. It returns a sentence that says
// where that is and why; none if until says it.
func reach(s *session.Session, until *virtualTime) (stopped string, err error) {
	if until != nil {
		s.SeekNs(int64(*until))
		return "", work(s)
	}
	if at := s.Lab().Position().TimeNs; at > 0 {
		return "stopped at " + seconds(at) + ", where the lab was left; --until goes further", nil
	}
	r, err := s.RunToRest()
	return stoppedAt(s.Lab(), &r), err
}

// opened is replay and reach.
func (p *Program) opened(command, file string, until *virtualTime, seed *uint64) (s *session.Session, stopped string, err error) {
	if s, err = p.replay(command, file, seed); err == nil {
		stopped, err = reach(s, until)
	}
	return s, stopped, err
}

// sayStopped says where a command stopped, once it has done its work.
func (p *Program) sayStopped(command, stopped string) {
	if stopped != "" {
		p.say("wirelab %s: %s", command, stopped)
	}
}

// stoppedAt says where a run ended and why.
func stoppedAt(l *lab.Lab, r *lab.Rest) string {
	return "stopped at " + seconds(r.TimeNs) + ": " + whyRest(l, r) + "; --until goes further"
}

// whyRest says why a run ended where it did.
func whyRest(l *lab.Lab, r *lab.Rest) string {
	limit := "that is the most without --until, and "
	switch r.Doing {
	case lab.InputAhead:
		return limit + "more of what was typed lies ahead"
	case lab.InFlight:
		return limit + "packets are in flight on " + l.LinkName(r.Link)
	case lab.TimerRuns:
		return limit + words.Get(words.English, "timer."+r.Timer.Key()) + " of " + l.Node(r.Node).Name + " runs"
	case lab.ProgramWaits:
		return limit + r.Program + " on " + l.Node(r.Node).Name + " goes on"
	}
	rest := "nothing in flight and no timer within 1 s"
	if next := l.NextEvent(); next != timer.Never {
		rest += " (the next is due at " + seconds(next) + ")"
	}
	return rest
}

// seconds writes a time exactly, as --until reads it but for the blank.
func seconds(ns int64) string {
	text := fmt.Sprintf("%d.%09d", ns/1_000_000_000, ns%1_000_000_000)
	return strings.TrimRight(strings.TrimRight(text, "0"), ".") + " s"
}
