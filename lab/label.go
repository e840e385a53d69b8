package lab

import (
	"unicode"
	"unicode/utf8"

	"wirelab/stack/problem"
)

// Limits on text that is shown, in characters.
const (
	MaxLabel = 200
	maxNote  = 4000
)

// CheckLabel says why a text cannot be a title, a name or a label of something, or nil. what names it in the sentence.
func CheckLabel(what problem.Word, text string) error { return checkShown(what, text, MaxLabel, false) }

// CheckNote says why a text cannot be a note on the stage, or nil. It may have several lines.
func CheckNote(text string) error {
	return checkShown(problem.Word("a note"), text, maxNote, true)
}

func checkShown(what problem.Word, text string, most int, lines bool) error {
	if n := utf8.RuneCountInString(text); n > most {
		return problem.New("%s has at most %d characters, this one has %d", what, most, n)
	}
	if !utf8.ValidString(text) {
		return problem.New("%s is no valid UTF-8", what)
	}
	for _, r := range text {
		if Unseen(r) && !(lines && (r == '\n' || r == '\t')) {
			return problem.New("%s has no line breaks, control characters or marks that change the direction of text, such as U+%04X", what, r)
		}
	}
	return nil
}

// Unseen reports whether a character does something instead of being seen: control characters (C0, DEL, C1), the separators of lines
// and paragraphs, and those that change the direction of the text behind them (Unicode TR9).
func Unseen(r rune) bool {
	switch {
	case unicode.IsControl(r), r == '\u2028', r == '\u2029', r == '\u061c', r == '\u200e', r == '\u200f':
		return true
	}
	return r >= '\u202a' && r <= '\u202e' || r >= '\u2066' && r <= '\u2069'
}
