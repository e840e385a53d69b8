//go:build !js

package main_test

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"path"
	"slices"
	"strings"
	"testing"
)

// The house rules, as data. A room is a directory; "stack/..." also means what lies below it.

// layers, lowest first: a room imports only rooms above it in this list, and none of its own line.
var layers = [][]string{
	{"static", "stack/seq", "stack/problem", "stack/seeds"},
	{"lab/disk", "lab/words", "stack/block", "stack/timer"},
	{"lab/plain"},
	{"stack/ring", "stack/wire"},
	{"stack/event"},
	{"stack/tcp"},
	{"stack"},
	{"stack/drill", "lab/filter"},
	{"lab/sim"},
	{"lab/link"},
	{"lab/trace"},
	{"lab/prog"},
	{"lab"},
	{"lab/save", "lab/lesson", "lab/sweep", "lab/bench"},
	{"lab/session", "lab/bench/main", "lab/serve"},
	{"lab/works"},
	{"lab/works/folder"},
	{"lab/serve/cmd", "lab/cli", "lab/ui", "wasm/bridge", "wasm/page"},
	{"lab/view", "lab/ui/gallery"},
	{"lab/app"},
	{"lab/window"},
	{".", "wasm", "lab/app/shot", "lab/app/typist"},
	{"static/pack", "lab/browser", "lab/browser/look", "lab/browser/report", "lab/peer", "lab/worlds"},
}

// only names the rooms that may import few others, whatever their layer.
var only = map[string][]string{
	"lab/disk":      {},
	"stack/problem": {},
	"stack/seeds":   {},
	"lab/words":     {"static", "stack/problem"},
	"lab/ui":        {"static", "lab/words"},
	"lab/serve":     {},
	"wasm/page":     {"stack/problem"},
	"static":        {},
	"static/pack":   {},
}

// inside names trees that import nothing of ours from outside.
var inside = []string{"stack/..."}

// atRoot is what stands at the root of the repository. What has no name here belongs into a directory.
var atRoot = []string{
	".ci/", ".gitattributes", ".gitignore", "CONTRIBUTING.md", "LICENSE", "README.md", "README.zh-CN.md", "build.sh", "docs/", "docs_test.go",
	"go.mod", "go.sum", "lab/", "main.go", "stack/", "static/", "tidy_*_test.go", "tidy_test.go", "wasm/",
}

// reach: who may depend on a package, directly or through others.
var reach = []struct {
	dependency string
	rooms      []string
}{
	{"github.com/hajimehoshi/ebiten/v2", []string{"lab/ui/...", "lab/view/...", "lab/app/...", "lab/window", ".", "wasm"}},
	{"net/http", []string{"lab/serve/...", "lab/cli/...", "lab/browser/...", "static/pack", "."}},
	{"github.com/alecthomas/kong", []string{"lab/cli/...", "."}},
	{"github.com/chromedp/chromedp", []string{"lab/browser/..."}},
	{"github.com/andybalholm/brotli", []string{"static/pack"}},
}

// neverInTheDownload must not reach the browser program: each costs a good part of a megabyte, or calls eval.
var neverInTheDownload = []string{
	"net/http", "github.com/alecthomas/kong", "github.com/andybalholm/brotli", "github.com/hajimehoshi/ebiten/v2/exp/textinput",
	"pgregory.net/rapid", "github.com/google/go-cmp/cmp", "testing",
}

// pkg is what go list says about a package.
type pkg struct {
	ImportPath   string
	Dir          string
	Export       string
	GoFiles      []string
	Imports      []string
	Deps         []string
	DepOnly      bool
	Incomplete   bool
	Error, Stale any
}

const module = "wirelab"

func (p pkg) room() string { return roomOf(p.ImportPath) }

func roomOf(importPath string) string {
	if importPath == module {
		return "."
	}
	return strings.TrimPrefix(importPath, module+"/")
}

func ours(importPath string) bool {
	return importPath == module || strings.HasPrefix(importPath, module+"/")
}

func matches(pattern, room string) bool {
	parent, tree := strings.CutSuffix(pattern, "/...")
	return room == parent || tree && strings.HasPrefix(room, parent+"/")
}

func listed(patterns []string, room string) bool {
	return slices.ContainsFunc(patterns, func(p string) bool { return matches(p, room) })
}

// list runs go list -json for a target.
func list(t *testing.T, env []string, args ...string) []pkg {
	t.Helper()
	cmd := exec.Command("go", append([]string{"list", "-e", "-json=ImportPath,Dir,Export,GoFiles,Imports,Deps,DepOnly"}, args...)...)
	cmd.Env = append(os.Environ(), env...)
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil {
		t.Fatalf("go list: %v\n%s", err, stderr.String())
	}
	var pkgs []pkg
	for d := json.NewDecoder(bytes.NewReader(out)); ; {
		var p pkg
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			return pkgs
		} else if err != nil {
			t.Fatal(err)
		}
		pkgs = append(pkgs, p)
	}
}

// allPackages lists the native packages and those of the browser program.
func allPackages(t *testing.T) []pkg {
	browser := list(t, []string{"GOOS=js", "GOARCH=wasm"}, "./wasm/...")
	return append(list(t, nil, "./..."), browser...)
}

func layerOf(room string) int {
	return slices.IndexFunc(layers, func(rooms []string) bool { return slices.Contains(rooms, room) })
}

func TestRoomsImportOnlyWhatIsBelowThem(t *testing.T) {
	for _, p := range allPackages(t) {
		if len(p.GoFiles) == 0 {
			continue // only tests, or nothing for this target
		}
		here := layerOf(p.room())
		if here < 0 {
			t.Errorf("%s is in no layer; give it a place in tidy_test.go", p.room())
			continue
		}
		allowed, restricted := only[p.room()]
		for _, imported := range p.Imports {
			if !ours(imported) {
				continue
			}
			room := roomOf(imported)
			if restricted && !slices.Contains(allowed, room) {
				t.Errorf("%s imports %s; it may import only %v", p.room(), room, allowed)
			}
			if listed(inside, p.room()) && !listed(inside, room) {
				t.Errorf("%s imports %s; %v imports nothing of ours from outside", p.room(), room, inside)
			}
			if layerOf(room) >= here {
				t.Errorf("%s imports %s, which stands beside or above it", p.room(), room)
			}
		}
	}
}

// strayAtRoot returns what of the files of the repository makes an entry at its root that is not in atRoot.
func strayAtRoot(files []string) (stray []string) {
	for _, file := range files {
		entry, _, below := strings.Cut(file, "/")
		if below {
			entry += "/"
		}
		known := slices.ContainsFunc(atRoot, func(pattern string) bool {
			match, err := path.Match(pattern, entry)
			return err == nil && match
		})
		if !known && !slices.Contains(stray, entry) {
			stray = append(stray, entry)
		}
	}
	return stray
}

func TestTheRootHoldsOnlyWhatIsKnown(t *testing.T) {
	for _, entry := range strayAtRoot(sourceFiles(t)) {
		t.Errorf("%s stands at the root of the repository; move it into a directory, or remove it", entry)
	}
	got := strayAtRoot([]string{"main.go", "lab/lab.go", "lab", "notes/a.md", "notes/b.md", "x.go", "tidy_x_test.go", "docs_test.go.orig", "go.work"})
	if want := []string{"lab", "notes/", "x.go", "docs_test.go.orig", "go.work"}; !slices.Equal(got, want) {
		t.Errorf("strays are %q, want %q", got, want)
	}
}

func TestHeavyDependenciesStayInTheirRooms(t *testing.T) {
	for _, p := range allPackages(t) {
		for _, rule := range reach {
			if slices.Contains(p.Deps, rule.dependency) && !listed(rule.rooms, p.room()) {
				t.Errorf("%s reaches %s; only %v may", p.room(), rule.dependency, rule.rooms)
			}
		}
	}
}

func TestTheDownloadStaysSmall(t *testing.T) {
	for _, p := range list(t, []string{"GOOS=js", "GOARCH=wasm"}, "./wasm") {
		for _, banned := range neverInTheDownload {
			if slices.Contains(p.Deps, banned) {
				t.Errorf("the browser program reaches %s: %s", banned, why(banned))
			}
		}
	}
}

// why names our packages that import a banned one, for the message.
func why(banned string) string {
	cmd := exec.Command("go", "list", "-deps", "-f", `{{.ImportPath}}{{range .Imports}} {{.}}{{end}}`, "./wasm")
	cmd.Env = append(os.Environ(), "GOOS=js", "GOARCH=wasm")
	out, _ := cmd.Output()
	var importers []string
	for line := range strings.Lines(string(out)) {
		fields := strings.Fields(line)
		if len(fields) > 0 && slices.Contains(fields[1:], banned) {
			importers = append(importers, fields[0])
		}
	}
	return "imported by " + strings.Join(importers, ", ")
}
