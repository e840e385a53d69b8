package session

import (
	"testing"
	"time"

	"wirelab/lab/lesson"
	"wirelab/lab/words"
)

// Each built-in lab's lesson can be followed to its end by going on from step to step, in both languages.
func TestLessons(t *testing.T) {
	for _, name := range lesson.Names() {
		s := New()
		s.SkipIdle = true
		if err := s.Example(name); err != nil {
			t.Fatal(err)
		}
		s.Frame(0, time.Second)
		n := len(s.Lesson())
		if n == 0 || n != len(lesson.Steps(name)) {
			t.Errorf("%s has %d steps", name, n)
		}
		for _, lang := range []words.Lang{words.English, words.Chinese} {
			s.Lang(string(lang))
			seen := map[string]bool{}
			for i, step := range s.Lesson() {
				if step.Text == "" || seen[step.Text] || step.Text == "lesson."+name+"."+string(rune('1'+i)) {
					t.Errorf("%s, %s: step %d says %q", name, lang, i+1, step.Text)
				}
				seen[step.Text] = true
			}
		}
		for i := range n {
			if s.Lesson()[i].Done {
				t.Fatalf("%s: step %d is met before its time", name, i+1)
			}
			if err := s.Continue(); err != nil {
				t.Fatal(err)
			}
			for range 100_000 {
				s.Frame(100*time.Millisecond, time.Second)
				if !s.Playing() && !s.course.ahead {
					break
				}
			}
			step := s.Lesson()[i]
			if at := s.Lab().Position(); s.Err() != nil || !step.Done || step.At != at {
				t.Fatalf("%s: on the way to step %d, met at %v: stopped at %v: %v", name, i+1, step.At, at, s.Err())
			}
		}
		if err := s.Continue(); err == nil {
			t.Errorf("%s goes on after its end", name)
		}
	}
}

// What a person does changes what a lesson finds: steps that are not met any more say so, and those that lie behind a seek are open again.
func TestLessonLooksAgain(t *testing.T) {
	s := New() // nobody has looked at it: it can be continued all the same
	for range 2 {
		if err := s.Continue(); err != nil {
			t.Fatal(err)
		}
		for s.course.ahead || s.Playing() {
			s.Frame(100*time.Millisecond, time.Second)
		}
	}
	met := s.Lesson()[1].At
	s.SeekNs(0)
	for s.Busy() {
		s.Work(time.Second)
	}
	s.Frame(0, time.Second)
	if steps := s.Lesson(); steps[0].Done || steps[1].At != met {
		t.Errorf("back at the start: %+v", steps)
	}
	if err := s.Command("link 0 state down"); err != nil {
		t.Fatal(err)
	}
	for range 2 {
		if err := s.Continue(); err != nil {
			t.Fatal(err)
		}
		for s.course.ahead || s.Playing() {
			s.Frame(100*time.Millisecond, time.Second)
		}
	}
	if s.Err() == nil || !s.Lesson()[0].Done || s.Lesson()[1].Done {
		t.Errorf("the cable is cut, and the SYN is answered: %+v", s.Lesson())
	}
}
