//go:build !js

package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"slices"
	"strings"
	"testing"

	"wirelab/static"
)

// keyMaker knows which keys the source can make: those that it spells, and those that it puts together from what it spells.
type keyMaker struct {
	spelled  map[string]bool // all strings of the source
	made     map[string]bool // answers of makes
	beginner []string        // strings that end like the beginning of a key
}

func newKeyMaker(t *testing.T) *keyMaker {
	k := &keyMaker{spelled: map[string]bool{}, made: map[string]bool{}}
	eachSource(t, func(path string) error {
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if e, ok := n.(ast.Expr); ok {
				if s, ok := text(e); ok {
					k.spell(s)
				}
			}
			return true
		})
		return nil
	})
	return k
}

func (k *keyMaker) spell(s string) {
	if !k.spelled[s] && (strings.HasSuffix(s, ".") || strings.HasSuffix(s, "_")) {
		k.beginner = append(k.beginner, s)
	}
	k.spelled[s] = true
}

// makes reports whether the source can make a key, or the rest of one behind its beginning: it is spelled or a number, begins with
// a string that ends in a point or a line, or ends with one that begins so.
func (k *keyMaker) makes(s string, rest bool) bool {
	if k.spelled[s] || rest && (strings.Trim(s, "0123456789") == "" && s != "" || k.spelled["net.ipv4."+s]) {
		return true
	}
	id := s
	if rest {
		id = "\x00" + s
	}
	if made, ok := k.made[id]; ok {
		return made
	}
	k.made[id] = false
	made := slices.ContainsFunc(k.beginner, func(b string) bool {
		behind, ok := strings.CutPrefix(s, b)
		return ok && behind != "" && k.makes(behind, true)
	})
	for i := 1; i < len(s) && !made && rest; i++ {
		made = (s[i] == '.' || s[i] == '_') && (k.spelled[s[i:]] || k.makes(s[i+1:], true) && s[i] == '.') && k.makes(s[:i], true)
	}
	k.made[id] = made
	return made
}

// Nothing stands in the catalogues that the program cannot say.
func TestNoKeyIsUnused(t *testing.T) {
	k := newKeyMaker(t)
	keys := slices.Sorted(maps.Keys(parse(static.WordsEnglish)))
	for _, key := range keys {
		if !k.makes(key, false) {
			t.Errorf("the source never says %s; take it out of static/words", key)
		}
	}
	if len(keys) < 500 {
		t.Errorf("only %d keys were found", len(keys))
	}
	k = &keyMaker{spelled: map[string]bool{}, made: map[string]bool{}}
	for _, s := range []string{"view.", "verb.", "view_", "ladder", ".ask", "whole.key", "sysctl.", "net.ipv4.tcp_x", "lesson.", "a-lab"} {
		k.spell(s)
	}
	for key, made := range map[string]bool{
		"view.ladder": true, "view.leader": false, "verb.view_ladder": true, "verb.view_ladder.ask": true, "verb.ladder.asks": false, "whole.key": true, "sysctl.tcp_x": true,
		"lesson.a-lab.12": true, "lesson.a-lab.x": false, "ladder.ask": false, "page.ladder": false,
	} {
		if k.makes(key, false) != made {
			t.Errorf("%s is made: %v, want %v", key, !made, made)
		}
	}
}
