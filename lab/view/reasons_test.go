package view

import (
	"strings"
	"testing"

	"wirelab/lab/words"
	"wirelab/stack/event"
)

func TestEveryReasonHasWords(t *testing.T) {
	for r := range event.Reasons() {
		for _, lang := range words.Langs {
			if s := words.Get(lang, "reason."+event.Reason(r).Key()); strings.HasPrefix(s, "[") {
				t.Errorf("%s: %s is not in the catalogue", lang, s)
			}
		}
	}
}
