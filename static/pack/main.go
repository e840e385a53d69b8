// Command pack makes dist/: the page's files, the program compressed with brotli, and build.js, which names the version
// and every file's size and digest. It runs at build time only.
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"flag"
	"fmt"
	"log"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/andybalholm/brotli"
)

// A file of dist, as build.js describes it. Versioned files are asked for as NAME?v=VERSION.
type file struct {
	Size      int    `json:"size"`
	SHA256    string `json:"sha256"`
	Versioned bool   `json:"versioned"`
	data      []byte
}

type build struct {
	Version    string           `json:"version"`
	Wasm       int              `json:"wasm"` // size before compression
	WasmSHA256 string           `json:"wasm_sha256"`
	Files      map[string]*file `json:"files"`
}

const program = "wirelab.wasm.br"

// The page's files under static/. Those that a browser asks for by a plain name are not versioned.
var (
	versioned = []string{"page.css", "words.js", "contract.js", "store.js", "load.js", "boot.js", "probe.js", "unpack.js", "vendor/brotli.js", "vendor/brotli.wasm"}
	plain     = []string{"index.html", "manifest.webmanifest", "icons/icon.svg", "icons/icon-192.png", "icons/icon-512.png"}
)

func main() {
	log.SetFlags(0)
	wasm := flag.String("wasm", "", "the compiled program")
	wasmExec := flag.String("wasm-exec", "", "Go's wasm_exec.js")
	static := flag.String("static", "static", "the page's sources")
	out := flag.String("out", "dist", "the folder to write")
	quality := flag.Int("quality", brotli.BestCompression, "0 is quick, 11 is small")
	flag.Parse()
	if err := pack(*static, *wasm, *wasmExec, *out, *quality); err != nil {
		log.Fatal("pack: ", err)
	}
}

func pack(static, wasm, wasmExec, out string, quality int) error {
	b := &build{Files: map[string]*file{}}
	raw, err := os.ReadFile(wasm)
	if err != nil {
		return err
	}
	b.Wasm, b.WasmSHA256 = len(raw), digest(raw)
	packed, err := compress(raw, quality)
	if err != nil {
		return err
	}
	b.add(program, packed, true)
	if err := b.addFile("wasm_exec.js", wasmExec, true); err != nil {
		return err
	}
	for _, name := range versioned {
		if err := b.addFile(name, filepath.Join(static, name), true); err != nil {
			return err
		}
	}
	for _, name := range plain {
		if err := b.addFile(name, filepath.Join(static, name), false); err != nil {
			return err
		}
	}
	if err := b.addFonts(static); err != nil {
		return err
	}
	worker, err := os.ReadFile(filepath.Join(static, "sw.js"))
	if err != nil {
		return err
	}
	b.stamp(worker)
	return b.write(out, worker)
}

func compress(raw []byte, quality int) ([]byte, error) {
	var packed bytes.Buffer
	w := brotli.NewWriterOptions(&packed, brotli.WriterOptions{Quality: quality, LGWin: 24})
	if _, err := w.Write(raw); err != nil {
		return nil, err
	}
	if err := w.Close(); err != nil {
		return nil, err
	}
	return packed.Bytes(), nil
}

func (b *build) addFile(name, path string, versioned bool) error {
	data, err := os.ReadFile(path)
	if err != nil {
		return err
	}
	b.add(name, data, versioned)
	return nil
}

func (b *build) add(name string, data []byte, versioned bool) {
	b.Files[name] = &file{Size: len(data), SHA256: digest(data), Versioned: versioned, data: data}
}

// addFonts takes the fonts that the program fetches when it needs them; the small ones are inside the program.
func (b *build) addFonts(static string) error {
	paths, err := filepath.Glob(filepath.Join(static, "fonts", "web", "*"))
	if err != nil {
		return err
	}
	for _, path := range paths {
		if err := b.addFile("fonts/"+filepath.Base(path), path, true); err != nil {
			return err
		}
	}
	return nil
}

// stamp derives the version from every byte that will be served, and then writes it where the page asks for files.
func (b *build) stamp(worker []byte) {
	all := sha256.New()
	for _, name := range b.names() {
		fmt.Fprintln(all, name, b.Files[name].SHA256)
	}
	all.Write(worker)
	b.Version = hex.EncodeToString(all.Sum(nil))[:12]
	page := string(b.Files["index.html"].data)
	page = strings.ReplaceAll(page, "?v=dev", "?v="+b.Version)
	page = strings.ReplaceAll(page, `data-version="dev"`, `data-version="`+b.Version+`"`)
	b.add("index.html", []byte(page), false)
}

func (b *build) write(out string, worker []byte) error {
	description, err := json.MarshalIndent(b, "", " ")
	if err != nil {
		return err
	}
	if err := os.RemoveAll(out); err != nil {
		return err
	}
	contents := map[string][]byte{
		"build.js": []byte("self.wirelabBuild = " + string(description) + ";\n"),
		"sw.js":    bytes.ReplaceAll(worker, []byte("?v=dev"), []byte("?v="+b.Version)),
	}
	for name, f := range b.Files {
		contents[name] = f.data
	}
	for name, data := range contents {
		path := filepath.Join(out, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o755); err != nil {
			return err
		}
		if err := os.WriteFile(path, data, 0o644); err != nil {
			return err
		}
	}
	fmt.Printf("%s: version %s, program %.2f MB, as %s %.2f MB\n", out, b.Version, float64(b.Wasm)/1e6, program, float64(b.Files[program].Size)/1e6)
	return nil
}

func (b *build) names() []string {
	var names []string
	for name := range b.Files {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

func digest(data []byte) string {
	sum := sha256.Sum256(data)
	return hex.EncodeToString(sum[:])
}
