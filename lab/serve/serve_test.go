//go:build !js

package serve

import (
	"context"
	"io"
	"io/fs"
	"net"
	"net/http"
	"net/http/httptest"
	"os"
	"strings"
	"testing"
	"testing/fstest"
)

var site = fstest.MapFS{
	"index.html":      {Data: []byte("<!doctype html>")},
	"boot.js":         {Data: []byte("1")},
	"wirelab.wasm.br": {Data: []byte("packed")},
	"page.css.gz":     {Data: []byte("packed")},
	"icons/icon.svg":  {Data: []byte("<svg/>")},
	"more/index.html": {Data: []byte("more")},
}

// get asks the server under a name of this machine.
func get(t *testing.T, files fs.FS, path string, change func(*http.Request)) *httptest.ResponseRecorder {
	t.Helper()
	r := httptest.NewRequest("GET", "http://localhost:8017"+path, nil)
	if change != nil {
		change(r)
	}
	w := httptest.NewRecorder()
	Handler(files).ServeHTTP(w, r)
	return w
}

func TestHeaders(t *testing.T) {
	for _, c := range []struct{ path, accept, contentType, cache, encoding string }{
		{"/", "", "text/html; charset=utf-8", "no-cache", ""},
		{"/boot.js?v=1", "", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", ""},
		{"/boot.js", "", "text/javascript; charset=utf-8", "no-cache", ""},
		{"/wirelab.wasm.br?v=1", "gzip, br", "application/wasm", "public, max-age=31536000, immutable", "br"},
		{"/wirelab.wasm.br", "gzip, br;q=0", "application/octet-stream", "no-cache", ""},
		{"/wirelab.wasm.br", "gzip, br; q=0.0", "application/octet-stream", "no-cache", ""},
		{"/wirelab.wasm.br", "", "application/octet-stream", "no-cache", ""},
		{"/page.css.gz", "gzip", "text/css; charset=utf-8", "no-cache", "gzip"},
		{"/page.css.gz", "br", "application/gzip", "no-cache", ""},
	} {
		w := get(t, site, c.path, func(r *http.Request) { r.Header.Set("Accept-Encoding", c.accept) })
		h := w.Result().Header
		if w.Code != 200 || h.Get("Content-Type") != c.contentType || h.Get("Cache-Control") != c.cache || h.Get("Content-Encoding") != c.encoding {
			t.Errorf("%s accepting %q: %d %v", c.path, c.accept, w.Code, h)
		}
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	w := get(t, site, "/", func(r *http.Request) { r.Method = "POST" })
	if w.Code != http.StatusMethodNotAllowed {
		t.Errorf("POST: %d", w.Code)
	}
}

func TestRunTakesAFreePortWhenTheWantedOneIsTaken(t *testing.T) {
	taken, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	defer taken.Close()
	ctx, stop := context.WithCancel(t.Context())
	urls, done := make(chan string, 1), make(chan error, 1)
	go func() {
		done <- Run(ctx, Options{Addr: taken.Addr().String(), Files: site, Log: func(all []string) { urls <- all[0] }})
	}()
	response, err := http.Get(<-urls)
	if err != nil {
		t.Fatal(err)
	}
	body, _ := io.ReadAll(response.Body)
	response.Body.Close()
	if string(body) != "<!doctype html>" {
		t.Errorf("body %q", body)
	}
	stop()
	if err := <-done; err != nil {
		t.Errorf("after the end: %v", err)
	}
}

// A part of a compressed file is of the file as it lies there.
func TestRanges(t *testing.T) {
	w := get(t, site, "/wirelab.wasm.br", func(r *http.Request) {
		r.Header.Set("Accept-Encoding", "br")
		r.Header.Set("Range", "bytes=1-2")
	})
	if w.Code != http.StatusPartialContent || w.Body.String() != "ac" || w.Header().Get("Content-Encoding") != "" {
		t.Errorf("%d %q %v", w.Code, w.Body, w.Header())
	}
}

func TestFoldersAreNotListed(t *testing.T) {
	for path, want := range map[string]int{"/": 200, "/more/": 200, "/more": 301, "/icons/": 404, "/icons": 404, "/none": 404, "/icons/icon.svg": 200, "/../serve.go": 404, "/%2e%2e/serve.go": 404} {
		w := get(t, site, path, nil)
		if w.Code != want || strings.Contains(w.Body.String(), "icon.svg") {
			t.Errorf("%s: %d %s, want %d", path, w.Code, w.Body, want)
		}
	}
	if w := get(t, fstest.MapFS{"a.txt": {}}, "/", nil); w.Code != 404 {
		t.Errorf("without a page: %d %s", w.Code, w.Body)
	}
}

// The policy is the page's own, on everything that is served.
func TestThePolicyIsThatOfThePage(t *testing.T) {
	page := os.DirFS("../../static")
	text, err := fs.ReadFile(page, "index.html")
	if err != nil {
		t.Fatal(err)
	}
	for _, path := range []string{"/", "/boot.js", "/none"} {
		h := get(t, page, path, nil).Header()
		policy := h.Get("Content-Security-Policy")
		if !strings.HasPrefix(policy, "default-src 'none'; script-src 'self' 'wasm-unsafe-eval';") || !strings.Contains(string(text), `content="`+policy+`"`) {
			t.Errorf("%s: the policy is %q", path, policy)
		}
		if h.Get("X-Content-Type-Options") != "nosniff" {
			t.Errorf("%s: %v", path, h)
		}
	}
	if h := get(t, site, "/", nil).Header(); h.Values("Content-Security-Policy") != nil {
		t.Errorf("a page without a policy gets %v", h)
	}
}
