//go:build !js

package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// namers are the documents about the code: what stands in backticks there is a path, a name, or a command.
var namers = []string{"docs/ARCHITECTURE.md", "CONTRIBUTING.md"}

// names is what the source declares.
type names struct {
	declared map[string]bool            // all names: packages, functions, types, methods, fields, variables
	literals map[string]bool            // all strings
	of       map[string]map[string]bool // by package, or by type: what it has
	embeds   map[string][]string        // by type: the types that it embeds
	scripts  string                     // of the page
}

func (n *names) add(owner, name string) {
	n.declared[name] = true
	if n.of[owner] == nil {
		n.of[owner] = map[string]bool{}
	}
	n.of[owner][name] = true
}

// has reports whether a type or package has a name, by itself or by what it embeds.
func (n *names) has(owner, name string) bool {
	return n.of[owner][name] || slices.ContainsFunc(n.embeds[owner], func(e string) bool { return e != owner && n.has(e, name) })
}

// readNames reads all source files.
func readNames(t *testing.T) *names {
	t.Helper()
	n := &names{map[string]bool{}, map[string]bool{}, map[string]map[string]bool{}, map[string][]string{}, ""}
	for _, file := range sourceFiles(t) {
		if strings.HasSuffix(file, ".js") {
			script, _ := os.ReadFile(file)
			n.scripts += string(script)
		}
		if !strings.HasSuffix(file, ".go") {
			continue
		}
		f, err := parser.ParseFile(token.NewFileSet(), file, nil, parser.SkipObjectResolution)
		if err != nil {
			continue // removed, or the compiler says
		}
		n.declared[f.Name.Name] = true
		for _, d := range f.Decls {
			n.readDecl(f.Name.Name, d)
		}
		ast.Inspect(f, func(x ast.Node) bool {
			if lit, ok := x.(*ast.BasicLit); ok && lit.Kind == token.STRING && file != "tidy_docs_test.go" { // those here are also wrong ones
				s, _ := strconv.Unquote(lit.Value)
				n.literals[s] = true
			}
			return true
		})
	}
	return n
}

func (n *names) readDecl(pkg string, d ast.Decl) {
	switch d := d.(type) {
	case *ast.FuncDecl:
		if d.Recv == nil {
			n.add(pkg, d.Name.Name)
			return
		}
		n.add(baseName(d.Recv.List[0].Type), d.Name.Name)
	case *ast.GenDecl:
		for _, spec := range d.Specs {
			switch spec := spec.(type) {
			case *ast.ValueSpec:
				for _, name := range spec.Names {
					n.add(pkg, name.Name)
				}
			case *ast.TypeSpec:
				n.add(pkg, spec.Name.Name)
				n.readType(spec)
			}
		}
	}
}

func (n *names) readType(spec *ast.TypeSpec) {
	var list *ast.FieldList
	switch of := spec.Type.(type) {
	case *ast.StructType:
		list = of.Fields
	case *ast.InterfaceType:
		list = of.Methods
	default:
		return
	}
	for _, field := range list.List {
		for _, name := range field.Names {
			n.add(spec.Name.Name, name.Name)
		}
		if len(field.Names) == 0 {
			n.add(spec.Name.Name, baseName(field.Type))
			n.embeds[spec.Name.Name] = append(n.embeds[spec.Name.Name], baseName(field.Type))
		}
	}
}

// baseName returns the name of a type without pointer, package and parameters.
func baseName(e ast.Expr) string {
	switch e := e.(type) {
	case *ast.StarExpr:
		return baseName(e.X)
	case *ast.IndexExpr:
		return baseName(e.X)
	case *ast.SelectorExpr:
		return e.Sel.Name
	case *ast.Ident:
		return e.Name
	}
	return ""
}

var (
	fence       = regexp.MustCompile("(?ms)^```.*?^```$")
	backticked  = regexp.MustCompile("`([^`\n]+)`")
	isPath      = regexp.MustCompile(`^[\w.*-]*/[\w./*-]*$|^[\w.-]+\.(go|sh|js|md|txt|css|html|yml)$`)
	placeholder = regexp.MustCompile(`\b(NAME|ID|FILE)\b|_ID\b`)
	isName      = regexp.MustCompile(`^[A-Za-z_]\w*(\.[A-Za-z_]\w*){0,2}(\(\))?$`)
)

// unknown returns why what stands in backticks in a document is nothing of the repository; empty if it is.
func (n *names) unknown(said string) string {
	switch {
	case strings.HasPrefix(said, "-"), placeholder.MatchString(said): // a flag; what the reader chooses
	case strings.ContainsAny(said, " <>={"):
		return n.unknownCommand(said)
	case isPath.MatchString(said):
		if !exists(said) {
			return "there is no such path"
		}
	case n.literals[said], strings.HasPrefix(said, "window.") && strings.Contains(n.scripts, said):
	case isName.MatchString(said):
		parts := strings.Split(strings.TrimSuffix(said, "()"), ".")
		last := parts[len(parts)-1]
		if !n.declared[last] {
			return "nothing is declared by that name"
		}
		if len(parts) > 1 && !n.has(parts[len(parts)-2], last) {
			return parts[len(parts)-2] + " has no " + last
		}
	case !strings.ContainsFunc(said, func(r rune) bool { return r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' }): // signs
	case strings.HasPrefix(said, "."), strings.HasSuffix(said, ".*"): // an ending, a family of names
	default:
		return "it is neither a path nor a name"
	}
	return ""
}

// unknownCommand looks at the paths and tests that a command names.
func (n *names) unknownCommand(said string) string {
	for _, word := range strings.Fields(said) {
		word = strings.Trim(word, `'",;:()`)
		test, _, _ := strings.Cut(word, "/")
		switch {
		case strings.HasPrefix(word, "./") && !exists(strings.TrimSuffix(word, "/...")):
			return word + " does not exist"
		case strings.HasPrefix(test, "Test") && !n.declared[test]:
			return "there is no test " + test
		}
	}
	return ""
}

// made are paths that a build makes.
var made = []string{"dist", "wirelab"}

func exists(name string) bool {
	name = path.Clean(name)
	found, err := filepath.Glob(name)
	return err == nil && len(found) > 0 || slices.Contains(made, name)
}

// What stands in backticks in a document about the code exists: paths, names of the source, and what commands name. Blocks are
// looked at for paths and tests.
func TestNamesInDocuments(t *testing.T) {
	n := readNames(t)
	for _, document := range namers {
		text, err := os.ReadFile(document)
		if err != nil {
			t.Fatal(err)
		}
		said := 0
		for _, found := range backticked.FindAllStringSubmatch(fence.ReplaceAllString(string(text), ""), -1) {
			said++
			if why := n.unknown(found[1]); why != "" {
				t.Errorf("%s: `%s`: %s", document, found[1], why)
			}
		}
		for _, block := range fence.FindAllString(string(text), -1) {
			if why := n.unknownCommand(block); why != "" {
				t.Errorf("%s: in a block: %s", document, why)
			}
		}
		if said < 50 {
			t.Errorf("%s: only %d names were found", document, said)
		}
	}
	for said, is := range map[string]bool{
		"lab/lab.go": true, "lab/nothing.go": false, "Lab.Do": true, "Lab.Queue": true, "Lab.Undo": false, "tcp.Conn": true, "tcp.Nothing": false,
		"net.ipv4.tcp_sack": true, "net.ipv4.tcp_suck": false, "go test ./stack/tcp -run TestErrno/x": true, "go test ./stack/tcp -run TestNone": false,
		"go vet ./nowhere/...": false, "layers": true, "dist/": true, "README.md": true,
	} {
		if got := n.unknown(said); (got == "") != is {
			t.Errorf("`%s` is known: %v, want %v (%s)", said, !is, is, got)
		}
	}
}

var (
	// citesFile finds names of documents, and behind a comma the heading in one.
	citesFile = regexp.MustCompile(`([A-Za-z][\w./-]*\.md)\b(?:, ([A-Z][a-z ]+[a-z]))?`)
	// citesPaper finds sections of papers that are called by a name in capitals, as documents of a project are.
	citesPaper = regexp.MustCompile(`\b([A-Z][A-Z-]{3,})(?:\.md)?,? §`)
)

// strayCitations returns what the text of a file cites that is not in the repository.
func strayCitations(file, text string) (stray []string) {
	for _, found := range citesFile.FindAllStringSubmatch(text, -1) {
		at := found[1]
		if !exists(at) {
			at = path.Join(path.Dir(file), at)
		}
		document, err := os.ReadFile(at)
		switch {
		case err != nil:
			stray = append(stray, found[1])
		case found[2] != "" && !strings.Contains(strings.ToLower(string(document)), "# "+strings.ToLower(found[2])+"\n"):
			stray = append(stray, found[0])
		}
	}
	for _, found := range citesPaper.FindAllStringSubmatch(text, -1) {
		stray = append(stray, found[0])
	}
	return stray
}

// Comments cite documents of the repository and public standards, nothing else.
func TestCommentsCiteWhatIsHere(t *testing.T) {
	for _, file := range sourceFiles(t) {
		if !slices.Contains([]string{".go", ".sh", ".js", ".css", ".html"}, path.Ext(file)) || file == "tidy_docs_test.go" || file == "tidy_test.go" {
			continue
		}
		text, err := os.ReadFile(file)
		if err != nil {
			continue // removed, not yet committed
		}
		for _, cited := range strayCitations(file, string(text)) {
			t.Errorf("%s cites %q, which is not in the repository; cite docs/ARCHITECTURE.md, or say what the rule is", file, cited)
		}
	}
	for text, strays := range map[string]int{
		"RFC 9293 §3.4": 0, "Wireshark User's Guide §6.4": 0, "see README.md": 0, "docs/ARCHITECTURE.md, The time line)": 0,
		"docs/ARCHITECTURE.md, The timeless line)": 1, "DESIGN §4": 1, "NOTES.md §4": 2, "see lab/PLAN.md": 1,
	} {
		if got := strayCitations("lab/x.go", text); len(got) != strays {
			t.Errorf("%q cites %q, want %d strays", text, got, strays)
		}
	}
}

var link = regexp.MustCompile(`\]\(([^)#\s]+)[^)]*\)`)

// Links of documents lead to files of the repository.
func TestLinksInDocuments(t *testing.T) {
	followed := 0
	for _, file := range sourceFiles(t) {
		text, err := os.ReadFile(file)
		if err != nil || path.Ext(file) != ".md" {
			continue
		}
		for _, found := range link.FindAllStringSubmatch(string(text), -1) {
			if to := found[1]; !strings.Contains(to, ":") {
				followed++
				if !exists(path.Join(path.Dir(file), to)) {
					t.Errorf("%s links to %s, which does not exist", file, to)
				}
			}
		}
	}
	if followed < 20 {
		t.Errorf("only %d links were found", followed)
	}
}
