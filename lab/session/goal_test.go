package session

import (
	"errors"
	"strings"
	"testing"
	"time"

	"wirelab/lab/words"
)

// The page, the window and the verbs run to goals by name; what is wrong, or does not happen, is said in one sentence of the language.
func TestRunToGoals(t *testing.T) {
	s := New()
	if err := s.Example("four-way-close"); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct {
		begin func() error
		at    time.Duration
	}{
		{func() error { return s.Run("timer delack of host B") }, 350_052_800},
		{func() error { return s.Step("timer program") }, 370_052_800},
		{func() error { return s.Command("run next event of host A") }, 380_108_800},
		{func() error {
			return s.Command("step timer 2msl of connection 192.168.1.116:3337 > 192.168.1.123:7788")
		}, 60_380_161_600},
	} {
		if err := c.begin(); err != nil {
			t.Fatal(err)
		}
		for s.Busy() {
			s.Work(time.Second)
		}
		if at := time.Duration(s.Lab().Position().TimeNs); at != c.at || s.Err() != nil {
			t.Errorf("at %v, want %v; %v", at, c.at, s.Err())
		}
	}
	for lang, says := range map[string][3]string{"en": {"There is no timer rot; there are: rto, tlp,", "There is no host Z; there are: A, B.", "timer rto: this did not happen until 1m0."},
		"zh": {"没有定时器 rot；现有：rto, tlp,", "没有主机 Z；现有：A, B。", "timer rto：直到 1m0."}} {
		s.Lang(lang)
		rot, z := s.Run("timer rot"), s.Step("event of host Z")
		if err := s.Run("timer rto"); err != nil {
			t.Fatal(err)
		}
		for s.Busy() {
			s.Work(time.Second)
		}
		for i, err := range []error{rot, z, s.Err()} {
			if typed := (*Error)(nil); !errors.As(err, &typed) || !strings.HasPrefix(words.Tell(s.Language(), err), says[i]) {
				t.Errorf("%s: %v, want %s", lang, err, says[i])
			}
		}
	}
}
