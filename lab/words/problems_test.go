//go:build !js

package words

import (
	"go/ast"
	"go/parser"
	"go/token"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"wirelab/static"
)

// takesFormat tells which argument of a call is the format of a problem, by the name under which it is called; fail is that of
// package session alone.
var takesFormat = map[string]int{"problem.New": 0, "problem.Word": 0, "fail": 1}

// formats returns the formats of all problems in the source, and where each stands.
func formats(t *testing.T) map[string]string {
	found, files := map[string]string{}, token.NewFileSet()
	eachSource(t, func(path string) error {
		file, err := parser.ParseFile(files, path, nil, parser.SkipObjectResolution)
		if err != nil {
			return err
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if f, ok := n.(*ast.FuncDecl); ok && f.Name.Name == "fail" {
				return false // it hands on the format of others
			}
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			at, ok := takesFormat[called(call.Fun)]
			if !ok || called(call.Fun) == "fail" && file.Name.Name != "session" {
				return true
			}
			if format, ok := text(call.Args[at]); ok {
				found[format] = files.Position(call.Pos()).String()
			} else {
				t.Errorf("%v: the format of a problem is to be written out, so that it can be found here", files.Position(call.Pos()))
			}
			return true
		})
		return nil
	})
	return found
}

// called returns the name of what is called, with its package.
func called(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.Ident:
		return e.Name
	case *ast.SelectorExpr:
		if x, ok := e.X.(*ast.Ident); ok {
			return x.Name + "." + e.Sel.Name
		}
	}
	return ""
}

// text returns the value of a literal.
func text(e ast.Expr) (string, bool) {
	lit, ok := e.(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return "", false
	}
	s, err := strconv.Unquote(lit.Value)
	return s, err == nil
}

func TestEveryProblemHasItsLine(t *testing.T) {
	source, lines := formats(t), problems()[Chinese]
	for format, at := range source {
		if _, ok := lines[format]; !ok {
			t.Errorf("static/words/problems.zh.txt lacks the format of %s:\n%s%s", at, format, arrow)
		}
	}
	for format, other := range lines {
		if _, ok := source[format]; !ok {
			t.Errorf("nothing in the source says %q any more", format)
		}
		if a, b := verbs(format), verbs(other); !slices.Equal(a, b) {
			t.Errorf("%q has the verbs %v, %q has %v", format, a, other, b)
		}
	}
	if len(source) < 100 {
		t.Errorf("only %d formats were found in the source", len(source))
	}
}

var verb = regexp.MustCompile(`%(?:\[(\d+)\])?([-+# 0-9.]*)([a-zA-Z%])`)

// verbs returns what a format does with each of its arguments, in their order: %w is as good as %v.
func verbs(format string) []string {
	var kinds []string
	next := 1
	for _, m := range verb.FindAllStringSubmatch(format, -1) {
		if m[3] == "%" {
			continue
		}
		if n, err := strconv.Atoi(m[1]); err == nil {
			next = n
		}
		kinds = append(kinds, strconv.Itoa(next)+m[2]+strings.Replace(m[3], "w", "v", 1))
		next++
	}
	slices.Sort(kinds)
	return kinds
}

// Every line is a comment or "English => other", sorted, and what fmt would stumble over stands in none.
func TestProblemsAreTidy(t *testing.T) {
	last, number := "", 0
	for line := range strings.Lines(static.ProblemsChinese) {
		number++
		line = strings.TrimSuffix(line, "\n")
		if strings.HasPrefix(line, "#") {
			continue
		}
		english, other, ok := strings.Cut(line, arrow)
		switch {
		case !ok || english != strings.TrimSpace(english) || other != strings.TrimSpace(other) || other == "" || strings.Contains(other, arrow):
			t.Errorf("problems.zh.txt:%d: want English%sother, got %q", number, arrow, line)
		case english <= last:
			t.Errorf("problems.zh.txt:%d: %q must stand before %q", number, english, last)
		case strings.Contains(other, "%w"):
			t.Errorf("problems.zh.txt:%d: here an error is told with %%v", number)
		}
		last = english
	}
}
