package session

import (
	"strconv"
	"time"

	"wirelab/lab"
	"wirelab/lab/lesson"
	"wirelab/lab/words"
)

// Step is a step of the open lab's lesson.
type Step struct {
	Text string // what is true once it is met, in the session's language
	At   lab.Position
	Done bool // it is met where the lab stands
}

// course is how far the lab came in its lesson.
type course struct {
	of     *lab.Lab
	facts  []string
	steps  []Step
	lang   words.Lang // of their texts
	follow *lab.Course
	ahead  bool          // somebody waits for the next step
	stop   *lab.Position // where play ends, as the next step is met there
}

// lessonName returns the name of the built-in lab that is open or that the file was made from.
func (s *Session) lessonName() string {
	if lesson.Has(s.file.Lesson) {
		return s.file.Lesson
	}
	return ""
}

// Lesson returns the steps of the open lab's lesson, good until the next call; none if it has none.
func (s *Session) Lesson() []Step {
	k := &s.course
	if k.of != s.lab {
		return nil
	}
	if k.lang != s.lang || len(k.steps) != len(k.facts) {
		k.lang, k.steps = s.lang, make([]Step, len(k.facts))
		for i := range k.steps {
			k.steps[i].Text = words.Get(s.lang, "lesson."+s.lessonName()+"."+strconv.Itoa(i+1))
		}
	}
	done := s.done()
	for i := range k.steps {
		if k.steps[i].Done = i < done; i < len(k.follow.Met) {
			k.steps[i].At = k.follow.Met[i]
		}
	}
	return k.steps
}

// Grade returns the steps of the open lab's lesson once all that is recorded was looked at: what lies ahead of where the lab stands is not met.
func (s *Session) Grade() []Step {
	s.beginCourse()
	for k := &s.course; k.follow != nil && !k.follow.Step(chunk, false); {
	}
	return s.Lesson()
}

// done returns how many steps are met where the lab stands.
func (s *Session) done() (n int) {
	if c := s.course.follow; c != nil {
		for n < len(c.Met) && !s.lab.Position().Before(c.Met[n]) {
			n++
		}
	}
	return n
}

// Continue plays to where the next step of the lesson is met, as if nobody did anything until then.
func (s *Session) Continue() error {
	if s.course.of != s.lab { // it was opened just now
		s.beginCourse()
	}
	if s.done() >= len(s.course.facts) {
		return failKey("not_found", "lesson.over")
	}
	s.Pause()
	s.err, s.course.ahead = nil, true
	return nil
}

// learn looks how far the lab came in its lesson, for at most about budget.
func (s *Session) learn(budget time.Duration) {
	k := &s.course
	if k.of != s.lab || k.follow != nil && k.follow.Stale() {
		s.beginCourse()
	}
	start, done := time.Now(), false
	for k.follow != nil && !done && time.Since(start) < budget {
		done = k.follow.Step(chunk/10, k.ahead)
		n := s.done()
		switch {
		case !k.ahead:
		case n < len(k.follow.Met):
			k.ahead, k.stop, s.playing = false, &k.follow.Met[n], true
		case done:
			k.ahead = false
			s.fail(failKey("not_reached", "lesson.unmet"))
		}
	}
}

// beginCourse follows the facts from the start: another lab is open, or something was done.
func (s *Session) beginCourse() {
	k := &s.course
	if k.follow != nil {
		k.follow.Close()
	}
	again := k.of == s.lab && (k.ahead || k.stop != nil)
	*k = course{of: s.lab, ahead: again}
	for _, step := range lesson.Steps(s.lessonName()) {
		k.facts = append(k.facts, step.Fact)
	}
	if len(k.facts) > 0 {
		k.follow, _ = s.lab.Follow(k.facts) // the facts are ours, and a test reads them
	}
}
