package main

import (
	"bytes"
	"io"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/andybalholm/brotli"
)

// packed makes a dist from the real page and a stand-in for the program.
func packed(t *testing.T, program string) (dir string) {
	t.Helper()
	work := t.TempDir()
	wasm, loader, out := filepath.Join(work, "w.wasm"), filepath.Join(work, "wasm_exec.js"), filepath.Join(work, "dist")
	for path, text := range map[string]string{wasm: program, loader: "// loader"} {
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	if err := pack("..", wasm, loader, out, 5); err != nil {
		t.Fatal(err)
	}
	return out
}

func read(t *testing.T, parts ...string) string {
	t.Helper()
	data, err := os.ReadFile(filepath.Join(parts...))
	if err != nil {
		t.Fatal(err)
	}
	return string(data)
}

var reference = regexp.MustCompile(`(?:src|href)="([^"?]+)(\?v=[0-9a-z]+)?"`)

// Every file that the page names is there, relative, and asked for by this version.
func TestThePageFindsItsFiles(t *testing.T) {
	dir := packed(t, "\x00asm program")
	found := reference.FindAllStringSubmatch(read(t, dir, "index.html"), -1)
	if len(found) < 8 {
		t.Fatalf("only %d references", len(found))
	}
	for _, f := range found {
		if strings.HasPrefix(f[1], "/") || strings.Contains(f[1], ":") {
			t.Errorf("%s does not work under a sub-path", f[1])
		}
		read(t, dir, f[1])
		if f[2] == "?v=dev" {
			t.Errorf("%s is asked for without a version", f[1])
		}
	}
	for _, name := range []string{"index.html", "sw.js"} {
		if strings.Contains(read(t, dir, name), `v=dev`) {
			t.Errorf("%s has no version", name)
		}
	}
}

func TestTheProgramComesBack(t *testing.T) {
	dir := packed(t, "\x00asm program")
	raw, err := io.ReadAll(brotli.NewReader(bytes.NewReader([]byte(read(t, dir, program)))))
	if err != nil || string(raw) != "\x00asm program" {
		t.Errorf("%q, %v", raw, err)
	}
}

// The same sources give the same version; another program gives another.
func TestTheVersionFollowsTheBytes(t *testing.T) {
	a, b, c := read(t, packed(t, "one"), "build.js"), read(t, packed(t, "one"), "build.js"), read(t, packed(t, "two"), "build.js")
	if a != b {
		t.Error("the same files made two versions")
	}
	version := regexp.MustCompile(`"version": "[0-9a-f]{12}"`)
	if version.FindString(a) == "" || version.FindString(a) == version.FindString(c) {
		t.Errorf("versions %s and %s", version.FindString(a), version.FindString(c))
	}
}

// The decoder in vendor unpacks in steps; what a page of this version asks for is one file of each.
func TestTheDecoderIsPartOfTheVersion(t *testing.T) {
	dir := packed(t, "\x00asm program")
	for _, name := range []string{"vendor/brotli.js", "vendor/brotli.wasm", "unpack.js", "probe.js", "load.js"} {
		if !strings.Contains(read(t, dir, "build.js"), `"`+name+`"`) {
			t.Errorf("build.js does not know %s", name)
		}
		read(t, dir, name)
	}
	if !strings.HasPrefix(read(t, dir, "vendor/brotli.wasm"), "\x00asm") {
		t.Error("vendor/brotli.wasm is no WebAssembly")
	}
	if strings.HasPrefix(read(t, dir, program), "\x00") {
		t.Error("the page would take the packed program for the program: it begins with a zero")
	}
}
