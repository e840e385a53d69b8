//go:build !js

package serve

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"testing"
	"testing/fstest"
)

var site = fstest.MapFS{
	"index.html":      {Data: []byte("<!doctype html>")},
	"boot.js":         {Data: []byte("1")},
	"wirelab.wasm.br": {Data: []byte("packed")},
}

func TestHeaders(t *testing.T) {
	for _, c := range []struct{ path, accept, contentType, cache, encoding string }{
		{"/", "", "text/html; charset=utf-8", "no-cache", ""},
		{"/boot.js?v=1", "", "text/javascript; charset=utf-8", "public, max-age=31536000, immutable", ""},
		{"/boot.js", "", "text/javascript; charset=utf-8", "no-cache", ""},
		{"/wirelab.wasm.br?v=1", "gzip, br", "application/wasm", "public, max-age=31536000, immutable", "br"},
		{"/wirelab.wasm.br", "gzip, br;q=0", "application/octet-stream", "no-cache", ""},
		{"/wirelab.wasm.br", "", "application/octet-stream", "no-cache", ""},
	} {
		r := httptest.NewRequest("GET", c.path, nil)
		r.Header.Set("Accept-Encoding", c.accept)
		w := httptest.NewRecorder()
		Handler(site).ServeHTTP(w, r)
		h := w.Result().Header
		if w.Code != 200 || h.Get("Content-Type") != c.contentType || h.Get("Cache-Control") != c.cache || h.Get("Content-Encoding") != c.encoding {
			t.Errorf("%s accepting %q: %d %v", c.path, c.accept, w.Code, h)
		}
	}
}

func TestOtherMethodsAreRefused(t *testing.T) {
	w := httptest.NewRecorder()
	Handler(site).ServeHTTP(w, httptest.NewRequest("POST", "/", nil))
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
	go func() { done <- Run(ctx, taken.Addr().String(), site, func(url string) { urls <- url }) }()
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

func TestBadAddressIsExplained(t *testing.T) {
	err := Run(t.Context(), "nowhere", site, func(string) {})
	if err == nil || err.Error() != `the address "nowhere" is not HOST:PORT, such as 127.0.0.1:8017` {
		t.Errorf("error %v", err)
	}
}
