//go:build !js

package main_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"maps"
	"path"
	"slices"
	"strings"
	"testing"
)

// kept are exported names that no other package uses, but for tests, and why they are exported all the same.
var kept = map[string]string{
	"lab.Lab.CheckpointEvery": "random labs of lab/worlds are sought with all sorts of intervals",
	"lab.MaxLabel":            "tests of lab/worlds write names of that length",
	"lab/bench.Result":        "tests of lab/cli read what bench prints",
	"lab/browser/look.Check":  "tests of the page and of the window compare pictures",

	"lab/link.Direction.Conserved": "tests of lab and lab/worlds hold links to it",
	"lab/link.Fates":               "tests of lab/trace go through them",
	"lab/plain.Append":             "tests of lab encode every leaf of its state",
	"lab/plain.Clone":              "tests of lab clone every leaf of its state",
	"lab/plain.Decode":             "tests of lab decode every leaf of its state",
	"lab/plain.Leaves":             "tests of lab change every leaf of its state",
	"lab/prog.History":             "external tests of lab/prog compare with it",
	"lab/prog.Sys.BindToDevice":    "it hides that of Host, which records no call",
	"lab/prog.Sys.RecvError":       "it hides that of Host, which records no call",
	"lab/prog.Sys.SendRaw":         "it hides that of Host, which records no call",
	"lab/words.Langs":              "tests of the window go through the languages",
	"lab/works.Listed":             "tests of stores compare lists",
	"stack.Host.Abort":             "tests of stack/tcp end connections by it",
	"stack.Host.Sysctl":            "tests of lab/sweep and lab/peer read settings by it",
	"stack/seeds.Check":            "seeds are for tests",
	"stack/seeds.First":            "seeds are for tests",
	"stack/seeds.More":             "seeds are for tests",
	"stack/seeds.Range":            "seeds are for tests",
}

// export is an exported name of a package.
type export struct {
	at    token.Position
	kin   []string // names with which it is used as one: the constants of its group, and their type
	field bool
}

// census is who exports what, and who uses which names. It reads syntax alone, so that it sees the files of every target.
type census struct {
	files   *token.FileSet
	exports map[string]map[string]*export // by room, then name: Name, or Type.Name
	shown   map[string]map[string]bool    // by room: types that other exported declarations show
	named   map[string]map[string]bool    // by room: names that other rooms select from it by its package name
	picked  map[string]map[string]bool    // by name: rooms in which it is selected from anything, or stands before a colon
	tests   map[string]map[string]bool    // by name: the same of tests
	idents  map[string]map[string]int     // by room: how often an identifier stands in it, but for tests
	demands map[string]bool               // names of methods that interfaces of the source ask for
}

// outside are methods that interfaces of other modules ask for.
var outside = strings.Fields(`String Error Unwrap Is As Read Write Close Seek ReadAt Len Less Swap Push Pop Layout Update Draw ServeHTTP
	MarshalJSON UnmarshalJSON MarshalText UnmarshalText EncodeMsgpack DecodeMsgpack AfterApply Run Help RoundTrip Format GoString Open Stat ReadDir Name Size Mode ModTime IsDir Sys Info Type`)

func takeCensus(t *testing.T) *census {
	c := &census{token.NewFileSet(), map[string]map[string]*export{}, map[string]map[string]bool{}, map[string]map[string]bool{}, map[string]map[string]bool{}, map[string]map[string]bool{}, map[string]map[string]int{}, map[string]bool{}}
	for _, name := range outside {
		c.demands[name] = true
	}
	for _, file := range sourceFiles(t) {
		if !strings.HasSuffix(file, ".go") {
			continue
		}
		f, err := parser.ParseFile(c.files, file, nil, parser.SkipObjectResolution)
		if err != nil {
			continue // removed, or the compiler says
		}
		room, test := path.Dir(file), strings.HasSuffix(file, "_test.go")
		if !test {
			c.readExports(room, f)
		}
		if test && strings.HasSuffix(f.Name.Name, "_test") {
			room += " from outside"
		}
		c.readUses(room, f, test)
	}
	return c
}

func put[K comparable, V any](m map[string]map[K]V, of string, key K, v V) {
	if m[of] == nil {
		m[of] = map[K]V{}
	}
	m[of][key] = v
}

func (c *census) readExports(room string, f *ast.File) {
	add := func(name string, at token.Pos, kin []string, field bool) {
		put(c.exports, room, name, &export{c.files.Position(at), kin, field})
	}
	for _, d := range f.Decls {
		switch d := d.(type) {
		case *ast.FuncDecl:
			if !d.Name.IsExported() {
				continue
			}
			name := d.Name.Name
			if d.Recv != nil {
				name = baseName(d.Recv.List[0].Type) + "." + name
			}
			add(name, d.Pos(), nil, false)
			c.show(room, d.Type, "")
		case *ast.GenDecl:
			var group []string
			for _, spec := range d.Specs {
				if v, ok := spec.(*ast.ValueSpec); ok && d.Tok == token.CONST && len(d.Specs) > 1 {
					if of, ok := v.Type.(*ast.Ident); ok && of.IsExported() {
						group = append(group, of.Name)
					}
					for _, n := range v.Names {
						group = append(group, n.Name)
					}
				}
			}
			for _, spec := range d.Specs {
				switch spec := spec.(type) {
				case *ast.ValueSpec:
					for _, n := range spec.Names {
						if n.IsExported() {
							add(n.Name, n.Pos(), group, false)
							if spec.Type != nil {
								c.show(room, spec.Type, "")
							}
							for _, v := range spec.Values {
								c.show(room, v, "")
							}
						}
					}
				case *ast.TypeSpec:
					c.readTypeExports(room, spec, add)
				}
			}
		}
	}
}

func (c *census) readTypeExports(room string, spec *ast.TypeSpec, add func(string, token.Pos, []string, bool)) {
	if spec.Name.IsExported() {
		add(spec.Name.Name, spec.Pos(), nil, false)
		c.show(room, spec.Type, spec.Name.Name)
	}
	if i, ok := spec.Type.(*ast.InterfaceType); ok {
		for _, m := range i.Methods.List {
			for _, n := range m.Names {
				c.demands[n.Name] = true
			}
		}
	}
	s, ok := spec.Type.(*ast.StructType)
	if !ok {
		return
	}
	for _, field := range s.Fields.List {
		for _, n := range field.Names {
			if n.IsExported() && field.Tag == nil {
				add(spec.Name.Name+"."+n.Name, n.Pos(), nil, true)
			}
		}
	}
}

// show notes the types that a declaration mentions: who uses the one has the other in hand.
func (c *census) show(room string, n ast.Node, but string) {
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.IsExported() && id.Name != but {
			put(c.shown, room, id.Name, true)
		}
		return true
	})
}

func (c *census) readUses(room string, f *ast.File, test bool) {
	rooms := map[string]string{} // by the name of a package in this file
	for _, i := range f.Imports {
		p := strings.Trim(i.Path.Value, `"`)
		if !ours(p) {
			continue
		}
		name := path.Base(p)
		if i.Name != nil {
			name = i.Name.Name
		}
		rooms[name] = roomOf(p)
	}
	pick := func(name string) {
		if test {
			put(c.tests, name, room, true)
		} else {
			put(c.picked, name, room, true)
		}
	}
	ast.Inspect(f, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.InterfaceType:
			for _, m := range n.Methods.List {
				for _, id := range m.Names {
					c.demands[id.Name] = true
				}
			}
		case *ast.Ident:
			if !test {
				put(c.idents, room, n.Name, c.idents[room][n.Name]+1)
			}
		case *ast.SelectorExpr:
			pick(n.Sel.Name)
			if x, ok := n.X.(*ast.Ident); ok && rooms[x.Name] != "" {
				of := rooms[x.Name]
				if test {
					of += " by tests"
				}
				put(c.named, of, n.Sel.Name, true)
			}
		case *ast.KeyValueExpr:
			if id, ok := n.Key.(*ast.Ident); ok {
				pick(id.Name)
			}
		}
		return true
	})
}

// verdict says what is wrong with an exported name; empty if nothing is.
func (c *census) verdict(room, name string) string {
	x := c.exports[room][name]
	owner, member, isMember := strings.Cut(name, ".")
	elsewhere := func(rooms map[string]bool) bool {
		return slices.ContainsFunc(slices.Collect(maps.Keys(rooms)), func(r string) bool { return r != room })
	}
	switch {
	case isMember && x.field: // reflection reads fields, so they are exported; but somebody has to write or read them
		if len(c.picked[member]) > 0 {
			return ""
		}
	case isMember:
		if c.demands[member] || elsewhere(c.picked[member]) {
			return ""
		}
		if elsewhere(c.tests[member]) {
			return "only tests of other packages use it"
		}
		if !ast.IsExported(owner) && len(c.picked[member]) > 0 {
			return "" // nobody sees the type
		}
	default:
		for _, n := range append(x.kin, name) {
			if c.named[room][n] || c.shown[room][n] {
				return ""
			}
		}
		if c.named[room+" by tests"][name] {
			return "only tests of other packages use it"
		}
	}
	if c.idents[room][path.Base(strings.ReplaceAll(name, ".", "/"))] > 1 {
		return "only its package uses it; write it small"
	}
	return "nobody uses it; delete it"
}

// What is exported is used elsewhere. What only its own package uses is written small, what nobody uses is deleted.
func TestExportedNamesAreUsed(t *testing.T) {
	c := takeCensus(t)
	seen := 0
	for _, room := range slices.Sorted(maps.Keys(c.exports)) {
		for _, name := range slices.Sorted(maps.Keys(c.exports[room])) {
			seen++
			why := c.verdict(room, name)
			if why == "" || kept[room+"."+name] != "" {
				continue
			}
			t.Errorf("%s:%d: %s: %s", c.exports[room][name].at.Filename, c.exports[room][name].at.Line, name, why)
		}
	}
	for name := range kept {
		room, rest, _ := strings.Cut(name, ".")
		if c.exports[room] == nil || c.exports[room][rest] == nil || c.verdict(room, rest) == "" {
			t.Errorf("%s is gone, or used; take it out of kept", name)
		}
	}
	if seen < 1000 {
		t.Errorf("only %d exported names were found", seen)
	}
}
