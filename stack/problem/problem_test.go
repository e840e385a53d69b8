package problem

import (
	"errors"
	"testing"
)

func TestErrorsAreWhatFmtMakes(t *testing.T) {
	inner := New("%s is too much", Word("a delay"))
	for err, want := range map[error]string{
		inner:                        "a delay is too much",
		New("link %d: %w", 3, inner): "link 3: a delay is too much",
		New("link %d: %v", 3, inner): "link 3: a delay is too much",
	} {
		if err.Error() != want {
			t.Errorf("%q, want %q", err, want)
		}
	}
	if !errors.Is(New("link %d: %w", 3, inner), inner) || errors.Is(New("link %d: %v", 3, inner), inner) {
		t.Error("%w wraps, and nothing else does")
	}
}
