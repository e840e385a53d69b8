//go:build !js && !windows

package main_test

import (
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"
)

// documents are those whose blocks are run. Each block begins where the one before it ended: files that it wrote are there.
var documents = []string{"README.md", "README.zh-CN.md", "docs/commands.md", "docs/zh/commands.md"}

var block = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$")

// Every block of the documents is run, and prints what the document says. "…" stands for any text within a line, and a line of its own for
// any number of lines. Blocks of JavaScript and HTML are run in a browser (lab/browser).
func TestDocuments(t *testing.T) {
	bin := t.TempDir()
	build := exec.Command("go", "build", "-o", filepath.Join(bin, "wirelab"), ".")
	if out, err := build.CombinedOutput(); err != nil {
		t.Fatalf("%v\n%s", err, out)
	}
	for _, name := range documents {
		t.Run(name, func(t *testing.T) {
			text, err := os.ReadFile(name)
			if err != nil {
				t.Fatal(err)
			}
			d := document{T: t, dir: t.TempDir(), bin: bin}
			here, _ := os.Getwd()
			if err := os.Symlink(filepath.Join(here, "stack"), filepath.Join(d.dir, "stack")); err != nil {
				t.Fatal(err)
			}
			for _, b := range block.FindAllStringSubmatch(string(text), -1) {
				d.run(b[1], b[2])
			}
		})
	}
}

type document struct {
	*testing.T
	dir, bin string
}

func (d *document) run(kind, text string) {
	switch kind {
	case "console":
		for _, c := range strings.Split("\n"+text, "\n$ ")[1:] {
			command, want, _ := strings.Cut(c, "\n")
			if got := d.shell(command); !like(got, want) {
				d.Errorf("$ %s\nprints\n%s\nand the document says\n%s", command, got, want)
			}
		}
	case "sh":
		d.shell("export SLURM_ARRAY_TASK_ID=3\n" + text + "\ntest -s out.3.jsonl || echo nothing came out >&2")
	case "yaml":
		line := regexp.MustCompile(`command: \[sh, -c, '(.*)'\]`).FindStringSubmatch(text)
		if line == nil {
			d.Errorf("there is no command in\n%s", text)
			return
		}
		if got := d.shell("export JOB_COMPLETION_INDEX=3\n" + strings.ReplaceAll(line[1], "/lab/", "")); !strings.HasPrefix(got, `{"index":`) {
			d.Errorf("the job prints %q", got)
		}
	default:
		d.Errorf("a block of kind %q is not run", kind)
	}
}

// shell runs commands and returns what they print. What they say on standard error is no part of a document, but must not be a failure.
func (d *document) shell(commands string) string {
	c := exec.Command("sh", "-ec", commands)
	c.Dir = d.dir
	c.Env = append(os.Environ(), "PATH="+d.bin+string(os.PathListSeparator)+os.Getenv("PATH"))
	var says strings.Builder
	c.Stderr = &says
	out, err := c.Output()
	if err != nil || strings.Contains(says.String(), "nothing came out") {
		d.Errorf("$ %s\n%v\n%s", commands, err, says.String())
	}
	return string(out)
}

// like reports whether a text is as a pattern says.
func like(text, pattern string) bool {
	var re strings.Builder
	re.WriteString(`\A`)
	for line := range strings.Lines(pattern) {
		if line = strings.TrimSuffix(line, "\n"); line == "…" {
			re.WriteString(`(?:.*\n)*`)
			continue
		}
		re.WriteString(strings.ReplaceAll(regexp.QuoteMeta(line), "…", ".*") + `\n`)
	}
	re.WriteString(`\z`)
	return regexp.MustCompile(re.String()).MatchString(text)
}

func TestLike(t *testing.T) {
	for _, c := range []struct {
		text, pattern string
		is            bool
	}{{"a\nb\n", "a\nb\n", true}, {"a\nb\n", "a\n", false}, {"a\n", "a\nb\n", false}, {"a\nx\ny\nb\n", "a\n…\nb\n", true}, {"a 12 b\n", "a … b\n", true}, {"a.b\n", "a+b\n", false}, {"", "", true}} {
		if like(c.text, c.pattern) != c.is {
			t.Errorf("%q is as %q: %v", c.text, c.pattern, !c.is)
		}
	}
}
