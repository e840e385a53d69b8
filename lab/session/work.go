package session

import (
	"errors"
	"strings"
	"time"
	"unicode"

	"wirelab/lab"
	"wirelab/stack/event"
	"wirelab/stack/timer"
)

// chunk is how many events run between two looks at the clock. An event takes a microsecond, or a hundred if a program prints each
// packet.
const chunk = 64

// stepLimit is how far ahead a step looks for what it waits for.
const stepLimit = 3600 * int64(time.Second)

// Step runs until the next event, packet, change of a connection's state, timer, or
// system call of a program that comes back, or to what lab.Goal reads.
func (s *Session) Step(kind string) error {
	s.playing, s.owed = false, 0
	switch kind {
	case "event":
		s.lab.StepEvent()
		return nil
	case "packet":
		sent := s.lab.Counts().Sent
		s.waitFor(func(l *lab.Lab) bool { return l.Counts().Sent > sent })
	case "state":
		seen := s.lab.Log.Count
		s.waitFor(func(l *lab.Lab) bool {
			for ; seen < l.Log.Count; seen++ {
				if _, changed := l.Log.Value(int(seen), event.VarState); changed {
					return true
				}
			}
			return false
		})
	case "syscall":
		made := s.lab.Calls()
		s.waitFor(func(l *lab.Lab) bool { return l.Calls() > made })
	case "timer":
		fired := s.lab.Timers()
		s.waitFor(func(l *lab.Lab) bool { return l.Timers() > fired })
	default:
		if lab.NamesGoal(kind) {
			return s.runToGoal(kind)
		}
		return failKey("bad_argument", "session.no_step", kind)
	}
	return nil
}

// runToGoal goes on to what a text names.
func (s *Session) runToGoal(text string) error {
	g, err := s.lab.Goal(text)
	if wrong := (*lab.GoalError)(nil); errors.As(err, &wrong) {
		key, args := wrong.Words()
		return failKey("bad_argument", key, args...)
	} else if err != nil {
		return &Error{"bad_argument", err}
	}
	s.waitFor(g.Met)
	s.goal.text = text
	return nil
}

func (s *Session) waitFor(met func(*lab.Lab) bool) {
	s.err = nil
	s.goal = &goal{until: met, lastTime: s.lab.Position().TimeNs + stepLimit}
}

// Run goes on to an absolute time, such as "10s"; a time in the past is refused. Or it goes on until a filter is true: a packet that it matches
// is sent, or a connection or host becomes as it says, such as tcp.flags.fin == 1, tcb.cwnd > 20 or host == "A". Or it goes on to what lab.Goal reads: a timer that runs out, or the next
// event of a host or a connection.
func (s *Session) Run(until string) error {
	if lab.NamesGoal(until) {
		s.playing, s.owed = false, 0
		return s.runToGoal(until)
	}
	t, err := ParseTime(until)
	if err != nil {
		return s.runUntil(until, err)
	}
	if now := s.lab.Position().TimeNs; t < now {
		return fail("bad_argument", "%s lies in the past: the lab stands at %v; seek goes back", until, time.Duration(now))
	}
	s.SeekNs(t)
	return nil
}

// runUntil runs until a condition is true; notTime says why it is no time.
func (s *Session) runUntil(text string, notTime error) error {
	if strings.IndexFunc(text, unicode.IsLetter) < 0 || strings.IndexFunc(text, unicode.IsDigit) == 0 {
		return notTime
	}
	c, err := s.lab.Await(text)
	if err != nil {
		return &Error{"bad_argument", err}
	}
	s.waitFor(c.Met)
	return nil
}

// Work spends at most about budget on what is not done yet.
func (s *Session) Work(budget time.Duration) {
	start := time.Now()
	for s.goal != nil && time.Since(start) < budget {
		done, err := s.goal.slice(s.lab)
		if err != nil {
			s.fail(err)
		}
		if done || err != nil {
			s.lab.Forget()
			if s.goal.opened && err == nil {
				s.departed = s.departure(s.goal.hash)
				s.passCaptures()
			}
			s.goal = nil
		}
	}
}

// fail ends play and work with an error.
func (s *Session) fail(err error) {
	if !errors.As(err, new(*Error)) {
		err = &Error{"failed", err}
	}
	s.err, s.playing = err, false
}

func (g *goal) slice(l *lab.Lab) (done bool, err error) {
	switch {
	case len(g.again) > 0:
		if done, err := l.Advance(g.again[0].At.TimeNs, chunk); !done || err != nil {
			return false, err
		}
		_ = l.Do(g.again[0].Input) // or it makes no sense in this branch
		if g.again = g.again[1:]; len(g.again) == 0 {
			l.JumpTo(g.at)
		}
		return false, nil
	case g.until != nil:
		for range chunk {
			if g.until(l) {
				return true, nil
			}
			if l.NextEvent() > g.lastTime || !l.StepEvent() {
				return true, g.missed(l)
			}
		}
		return g.until(l), nil
	case g.exact:
		return l.AdvanceTo(g.at, chunk)
	}
	return l.Advance(g.at.TimeNs, chunk)
}

// missed says that what a person named did not happen; of steps nothing is said.
func (g *goal) missed(l *lab.Lab) error {
	if g.text == "" {
		return nil
	}
	return failKey("not_reached", "goal.missed", g.text, time.Duration(l.Position().TimeNs))
}

// Frame lets elapsed wall time pass for play, and works off what waits, for at
// most about budget. Time that could not be run in the budget is let go: play
// never tries to catch up.
func (s *Session) Frame(elapsed, budget time.Duration) {
	s.learn(budget / 4)
	if s.goal != nil {
		s.Work(budget)
		return
	}
	if !s.playing {
		return
	}
	if s.lab.NextEvent() == timer.Never {
		s.playing = false // nothing will ever happen again
		return
	}
	s.owed += float64(min(elapsed, 100*time.Millisecond)) * s.pace()
	ns := int64(s.owed)
	s.owed -= float64(ns)
	start, target := time.Now(), s.lab.Position().TimeNs+ns
	if s.idle > 0 {
		target = min(target, s.lab.NextEvent()) // to what ends the wait, and not past it
	}
	stop := s.course.stop
	if stop != nil && !s.lab.Position().Before(*stop) {
		s.Pause()
		return
	}
	for time.Since(start) < budget {
		var done bool
		var err error
		if stop == nil || target < stop.TimeNs {
			done, err = s.lab.Advance(target, chunk)
		} else if done, err = s.lab.AdvanceTo(*stop, chunk); done {
			s.Pause()
		}
		if err != nil {
			s.fail(err)
		}
		if done || err != nil {
			return
		}
	}
}

// idleTime is how long a wait in which nothing is on its way takes at most, ns.
const idleTime = 1.2e9

// pace returns the speed of play now: the one that was set, or a higher one
// while nothing is on its way and the wait would be long.
func (s *Session) pace() float64 {
	wait := float64(s.lab.NextEvent() - s.lab.Position().TimeNs)
	switch {
	case !s.SkipIdle || wait <= 0 || s.lab.Flying():
		s.idle = 0
	case s.idle == 0 && wait/s.speed > idleTime:
		s.idle = wait / idleTime
	}
	return max(s.speed, s.idle)
}

// Idle reports whether play hurries through a wait.
func (s *Session) Idle() bool { return s.playing && s.idle > 0 }
