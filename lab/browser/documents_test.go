//go:build !js

package browser

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"regexp"
	"strings"
	"testing"
	"time"
)

// documents are those with blocks of JavaScript and HTML.
var documents = []string{"../../docs/page.md", "../../docs/zh/page.md"}

var block = regexp.MustCompile("(?ms)^```(\\w*)\n(.*?)^```$")

// Blocks of JavaScript in the documents print what the block behind them says, and the page around a frame gets its answer.
func TestDocuments(t *testing.T) {
	s := newSiteOrSkip(t)
	for _, name := range documents {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		printed := ""
		for _, b := range block.FindAllStringSubmatch(string(text), -1) {
			switch b[1] {
			case "js":
				page := open(t, s.URL+subPath)
				page.eval(`const lines = []; const log = console.log; console.log = (...a) => lines.push(a.join(' '));
					`+b[2]+`; console.log = log; return lines.join('\n') + '\n'`, &printed)
			case "text":
				if pattern := regexp.MustCompile(`\A` + strings.ReplaceAll(regexp.QuoteMeta(b[2]), "…", ".*") + `\z`); !pattern.MatchString(printed) {
					t.Errorf("%s: prints\n%s\nand the document says\n%s", name, printed, b[2])
				}
			case "html":
				framedDocument(t, s, name, b[2])
			default:
				t.Errorf("%s: a block of kind %q is not run", name, b[1])
			}
		}
	}
}

// framedDocument opens a page of a document that frames the lab, and waits for what it logs.
func framedDocument(t *testing.T, lab *site, name, html string) {
	t.Helper()
	html = strings.Replace(html, "https://example.org/wirelab/", lab.URL+subPath, 1)
	around := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		fmt.Fprint(w, "<!doctype html><title>x</title>"+html)
	}))
	defer around.Close()
	b := open(t, around.URL)
	for range 300 {
		b.mu.Lock()
		said := strings.Join(b.console, "\n")
		b.mu.Unlock()
		if strings.Contains(said, "log: 1") && !strings.Contains(said, "Object") { // no error
			return
		}
		time.Sleep(100 * time.Millisecond)
	}
	b.fatal(name, fmt.Errorf("the page around the frame got no answer"))
}
