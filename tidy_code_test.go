//go:build !js

package main_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// bans: what the source of some rooms may not contain. Tests are free.
var bans = []struct {
	what   string
	why    string
	rooms  []string // where it is banned
	except []string
	finds  func(info *types.Info, n ast.Node) bool
}{
	{"the wall clock", "time is an argument", everywhere, ownClock, isClock},
	{"a goroutine", "hosts and labs are driven, they never drive", everywhere, ownThreads, isGoroutine},
	{"unseeded or word-sized randomness", "a run must repeat on every machine", everywhere, tools, isLooseRandom},
	{"a float", "processors round differently; use integers", deciding, nil, isFloat},
	{"a range over a map", "its order differs at every run; sort the keys", core, nil, isMapRange},
	{"files or the operating system", "the core is pure", core, []string{"stack/seeds"}, isOS},
}

var (
	everywhere = []string{".", "stack/...", "lab/...", "wasm/..."}
	// deciding rooms hold the protocols and the simulator.
	deciding = []string{"stack/...", "lab", "lab/sim", "lab/link", "lab/plain", "lab/prog"}
	core     = []string{"stack/...", "lab", "lab/sim", "lab/link", "lab/plain", "lab/prog", "lab/filter", "lab/trace", "lab/save", "lab/lesson"}

	tools      = []string{"lab/serve/...", "lab/browser/...", "lab/peer", "static/pack"}
	ownThreads = slices.Concat(tools, []string{".", "lab/cli/...", "lab/bench/...", "lab/sweep/...", "lab/app/...", "wasm/..."})
	// session needs the clock for one thing: to end a slice of work in time for the next frame.
	ownClock = slices.Concat(ownThreads, []string{"lab/session"})
)

func isClock(info *types.Info, n ast.Node) bool {
	f := calledFrom(info, n, "time")
	return f != nil && slices.Contains([]string{"Now", "Sleep", "After", "AfterFunc", "Since", "Until", "Tick", "NewTimer", "NewTicker"}, f.Name()) && !isMethod(f)
}

func isGoroutine(_ *types.Info, n ast.Node) bool { _, ok := n.(*ast.GoStmt); return ok }

// isLooseRandom finds math/rand, the shared source of math/rand/v2, and Int and Uint, whose width is the machine's.
func isLooseRandom(info *types.Info, n ast.Node) bool {
	if calledFrom(info, n, "math/rand") != nil {
		return true
	}
	f := calledFrom(info, n, "math/rand/v2")
	if f == nil {
		return false
	}
	if isMethod(f) {
		return f.Name() == "Int" || f.Name() == "Uint"
	}
	return !strings.HasPrefix(f.Name(), "New")
}

func isFloat(info *types.Info, n ast.Node) bool {
	e, ok := n.(ast.Expr)
	if !ok {
		return false
	}
	t := info.TypeOf(e)
	if t == nil {
		return false
	}
	basic, ok := t.Underlying().(*types.Basic)
	return ok && (basic.Kind() == types.Float32 || basic.Kind() == types.Float64)
}

func isMapRange(info *types.Info, n ast.Node) bool {
	loop, ok := n.(*ast.RangeStmt)
	if !ok {
		return false
	}
	if call, ok := loop.X.(*ast.CallExpr); ok && calledFrom(info, call.Fun, "maps") != nil {
		return true
	}
	t := info.TypeOf(loop.X)
	if t == nil {
		return false
	}
	_, isMap := t.Underlying().(*types.Map)
	return isMap
}

func isOS(_ *types.Info, n ast.Node) bool {
	spec, ok := n.(*ast.ImportSpec)
	return ok && slices.Contains([]string{`"os"`, `"os/exec"`, `"syscall"`, `"net"`, `"unsafe"`}, spec.Path.Value)
}

// calledFrom returns the function of package path that n names, if it does.
func calledFrom(info *types.Info, n ast.Node, path string) *types.Func {
	selector, ok := n.(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	f, ok := info.Uses[selector.Sel].(*types.Func)
	if !ok || f.Pkg() == nil || f.Pkg().Path() != path {
		return nil
	}
	return f
}

func isMethod(f *types.Func) bool { return f.Signature().Recv() != nil }

func TestBans(t *testing.T) {
	check(t, nil, "./...")
	check(t, []string{"GOOS=js", "GOARCH=wasm"}, "./wasm/...")
}

// check type-checks packages from source, against compiled dependencies, and applies the bans.
func check(t *testing.T, env []string, pattern string) {
	pkgs := list(t, env, "-export", "-deps", pattern)
	exports := map[string]string{}
	for _, p := range pkgs {
		exports[p.ImportPath] = p.Export
	}
	fset := token.NewFileSet()
	imports := importer.ForCompiler(fset, "gc", func(path string) (io.ReadCloser, error) {
		if exports[path] == "" {
			return nil, fmt.Errorf("no export data for %s", path)
		}
		return os.Open(exports[path])
	})
	for _, p := range pkgs {
		if !ours(p.ImportPath) || len(p.GoFiles) == 0 || (env != nil) != strings.HasPrefix(p.room(), "wasm") {
			continue
		}
		var files []*ast.File
		for _, name := range p.GoFiles {
			f, err := parser.ParseFile(fset, filepath.Join(p.Dir, name), nil, parser.SkipObjectResolution)
			if err != nil {
				t.Error(err)
				continue
			}
			files = append(files, f)
		}
		info := &types.Info{Types: map[ast.Expr]types.TypeAndValue{}, Uses: map[*ast.Ident]types.Object{}, Defs: map[*ast.Ident]types.Object{}}
		config := types.Config{Importer: imports, Error: func(error) {}} // whether it compiles, the compiler says
		_, _ = config.Check(p.ImportPath, fset, files, info)
		applyBans(t, fset, info, p.room(), files)
	}
}

func applyBans(t *testing.T, fset *token.FileSet, info *types.Info, room string, files []*ast.File) {
	for _, ban := range bans {
		if !listed(ban.rooms, room) || listed(ban.except, room) {
			continue
		}
		lastLine := "" // one report a line is enough
		for _, f := range files {
			ast.Inspect(f, func(n ast.Node) bool {
				if n == nil || !ban.finds(info, n) {
					return true
				}
				at := fset.Position(n.Pos())
				if line := fmt.Sprintf("%s:%d", relative(at.Filename), at.Line); line != lastLine {
					lastLine = line
					t.Errorf("%s: %s (%s)", line, ban.what, ban.why)
				}
				return true
			})
		}
	}
}

func relative(path string) string {
	dir, err := os.Getwd()
	if err != nil {
		return path
	}
	if rel, err := filepath.Rel(dir, path); err == nil {
		return rel
	}
	return path
}

const maxLines = 700

// machinePath finds paths that exist on one machine only.
var machinePath = regexp.MustCompile(`/(root/(go|\.)|work/[a-z]|Users/|tmp/bash|home/[a-z]+/)`)

func TestFiles(t *testing.T) {
	documented := map[string]bool{}
	for _, path := range sourceFiles(t) {
		data, err := os.ReadFile(path)
		if err != nil {
			continue // removed, not yet committed
		}
		// Vendored and generated files are not ours to shorten.
		if lines := strings.Count(string(data), "\n"); lines > maxLines && strings.HasSuffix(path, ".go") {
			t.Errorf("%s has %d lines; split it, %d are allowed", path, lines, maxLines)
		}
		if found := machinePath.FindString(string(data)); found != "" && isText(data) && path != "tidy_code_test.go" {
			t.Errorf("%s contains %q, a path of one machine", path, found)
		}
		if strings.HasSuffix(path, ".go") && !strings.HasSuffix(path, "_test.go") {
			dir := filepath.Dir(path)
			f, err := parser.ParseFile(token.NewFileSet(), path, data, parser.PackageClauseOnly|parser.ParseComments)
			documented[dir] = documented[dir] || err == nil && f.Doc != nil
		}
	}
	for dir, ok := range documented {
		if !ok {
			t.Errorf("package %s has no package comment", dir)
		}
	}
}

func isText(data []byte) bool { return !slices.Contains(data[:min(len(data), 4096)], 0) }

// sourceFiles lists what is, or could be, committed.
func sourceFiles(t *testing.T) []string {
	out, err := exec.Command("git", "ls-files", "--cached", "--others", "--exclude-standard").Output()
	if err != nil {
		t.Skip("not a git work tree: ", err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// looseChoices finds what would draw other choices in every run of a test.
var looseChoices = regexp.MustCompile(`"math/rand"|"crypto/rand"|"testing/quick"|\brapid\.(Check|MakeCheck)\(|\brand\.(N|Perm|Shuffle|(Int|Uint|Float|Norm|Exp)\w*)\(`)

// A test that failed must fail again. Those that talk to a kernel or a browser repeat nothing anyway.
func TestTestsTakeTheirSeedsFromOnePlace(t *testing.T) {
	looked := 0
	eachTest(t, func(path string) {
		room := filepath.ToSlash(filepath.Dir(path))
		if room == "stack/seeds" || listed(tools, room) || path == "tidy_code_test.go" {
			return
		}
		text, err := os.ReadFile(path)
		if err != nil {
			t.Fatal(err)
		}
		looked++
		for i, line := range strings.Split(string(text), "\n") {
			if found := looseChoices.FindString(line); found != "" {
				t.Errorf("%s:%d: %s draws other choices in every run; take seeds.Check, seeds.Range or seeds.First", path, i+1, found)
			}
		}
	})
	if looked < 100 {
		t.Errorf("only %d test files were found", looked)
	}
}

// eachTest calls see with the path of every file of tests.
func eachTest(t *testing.T, see func(path string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, d fs.DirEntry, err error) error {
		if err == nil && d.IsDir() && (d.Name() == ".git" || d.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if err == nil && strings.HasSuffix(path, "_test.go") {
			see(path)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
}
