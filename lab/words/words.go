// Package words holds what the lab says to people, in English and Simplified Chinese. Texts live in catalogues under
// static/words, one "key = text" a line, so that a translator needs no Go.
package words

import (
	"fmt"
	"strings"
	"sync"

	"wirelab/static"
)

// Lang is a language the lab speaks.
type Lang string

const (
	English Lang = "en"
	Chinese Lang = "zh"
)

// Langs lists the languages, the fallback first.
var Langs = []Lang{English, Chinese}

// Parse maps what browsers, environments and people write (zh-CN, zh_Hans, EN) to a language; ok is false for others.
func Parse(code string) (lang Lang, ok bool) {
	code = strings.ToLower(code)
	for _, l := range Langs {
		rest, found := strings.CutPrefix(code, string(l))
		if found && (rest == "" || strings.ContainsRune("-_.", rune(rest[0]))) {
			return l, true
		}
	}
	return English, false
}

// Get returns the text for key with {0}, {1} … replaced by args. An unknown key comes back in brackets: it shows on the
// screen and in tests, and breaks nothing.
func Get(lang Lang, key string, args ...any) string {
	text, ok := catalogues()[lang][key]
	if !ok {
		text, ok = catalogues()[English][key]
	}
	if !ok {
		return "[" + key + "]"
	}
	return fill(text, args)
}

// fill replaces placeholders in one pass, so that an argument containing {1} stays as it is.
func fill(text string, args []any) string {
	if len(args) == 0 || !strings.Contains(text, "{") {
		return text
	}
	var out strings.Builder
	for i := 0; i < len(text); i++ {
		if i+2 < len(text) && text[i] == '{' && text[i+2] == '}' {
			if n := int(text[i+1]) - '0'; n >= 0 && n < len(args) {
				fmt.Fprint(&out, args[n])
				i += 2
				continue
			}
		}
		out.WriteByte(text[i])
	}
	return out.String()
}

type catalogue map[string]string

var catalogues = sync.OnceValue(func() map[Lang]catalogue {
	return map[Lang]catalogue{
		English: parse(static.WordsEnglish),
		Chinese: parse(static.WordsChinese),
	}
})

// parse reads a catalogue. Lines that make no sense are skipped: a test, not a reader of the lab, has to see them.
func parse(text string) catalogue {
	c := catalogue{}
	for line := range strings.Lines(text) {
		if key, value, ok := entry(line); ok {
			c[key] = value
		}
	}
	return c
}

// entry splits one line; \n in a text stands for a line break.
func entry(line string) (key, value string, ok bool) {
	line = strings.TrimSpace(line)
	if line == "" || line[0] == '#' {
		return "", "", false
	}
	key, value, ok = strings.Cut(line, " = ")
	return strings.TrimSpace(key), strings.ReplaceAll(strings.TrimSpace(value), `\n`, "\n"), ok
}
