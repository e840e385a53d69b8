package words

import (
	"maps"
	"regexp"
	"slices"
	"strings"
	"testing"

	"wirelab/static"
)

func TestGet(t *testing.T) {
	for _, c := range []struct {
		lang Lang
		key  string
		args []any
		want string
	}{
		{English, "session.no_language", []any{"{0}"}, "There is no language {0}; there are: en, zh."},
		{Chinese, "session.no_language", []any{"fr"}, "不支持语言 fr；可用：en、zh。"},
		{"fr", "session.no_language", []any{"fr"}, "There is no language fr; there are: en, zh."},
		{English, "no.such.key", []any{1}, "[no.such.key]"},
	} {
		if got := Get(c.lang, c.key, c.args...); got != c.want {
			t.Errorf("Get(%s, %s, %v) = %q, want %q", c.lang, c.key, c.args, got, c.want)
		}
	}
	if got := fill("{1} {0} {2} {x", []any{"{1}", 7}); got != "7 {1} {2} {x" {
		t.Errorf("fill: %q", got)
	}
}

func TestParse(t *testing.T) {
	for code, want := range map[string]Lang{"zh": Chinese, "zh-CN": Chinese, "zh_CN.UTF-8": Chinese, "EN-us": English} {
		if got, ok := Parse(code); got != want || !ok {
			t.Errorf("Parse(%q) = %q, %v", code, got, ok)
		}
	}
	if _, ok := Parse("english"); ok {
		t.Error("english is not a code")
	}
}

var placeholder = regexp.MustCompile(`\{\d\}`)

// Both languages say the same things with the same values in them.
func TestCataloguesAgree(t *testing.T) {
	en, zh := parse(static.WordsEnglish), parse(static.WordsChinese)
	for _, key := range slices.Sorted(maps.Keys(en)) {
		if _, ok := zh[key]; !ok {
			t.Errorf("zh.txt lacks %s", key)
			continue
		}
		a, b := placeholder.FindAllString(en[key], -1), placeholder.FindAllString(zh[key], -1)
		slices.Sort(a)
		slices.Sort(b)
		if !slices.Equal(a, b) {
			t.Errorf("%s: placeholders %v in English, %v in Chinese", key, a, b)
		}
	}
	for key := range zh {
		if _, ok := en[key]; !ok {
			t.Errorf("en.txt lacks %s", key)
		}
	}
}

// Every line is a comment or a sorted, unique entry; a comment begins a new section.
func TestCataloguesAreTidy(t *testing.T) {
	for name, text := range map[string]string{"en.txt": static.WordsEnglish, "zh.txt": static.WordsChinese} {
		seen, last := map[string]bool{}, ""
		number := 0
		for line := range strings.Lines(text) {
			number++
			line = strings.TrimSpace(line)
			if line == "" || line[0] == '#' {
				last = ""
				continue
			}
			key, value, ok := entry(line)
			switch {
			case !ok || key == "" || value == "":
				t.Errorf("%s:%d: want key = text, got %q", name, number, line)
			case seen[key]:
				t.Errorf("%s:%d: %s stands twice", name, number, key)
			case key < last:
				t.Errorf("%s:%d: %s must stand before %s", name, number, key, last)
			}
			seen[key], last = true, key
		}
	}
}
