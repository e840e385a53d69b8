//go:build !js

// Package serve is the local web server of the lab: the files of dist/ with the right types and cache rules.
package serve

import (
	"context"
	"errors"
	"fmt"
	"io/fs"
	"net"
	"net/http"
	"path"
	"strings"
	"time"
)

// DefaultAddr is where the lab is served when nobody says otherwise; only this machine can reach it.
const DefaultAddr = "127.0.0.1:8017"

// program is the one large file: brotli, unpacked by the browser when it says that it can and by the page when not.
const program = "wirelab.wasm.br"

// Operating systems disagree about types, and a wrong one stops a service worker or a module; so they stand here.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".wasm": "application/wasm", ".br": "application/octet-stream", ".webmanifest": "application/manifest+json",
	".svg": "image/svg+xml", ".png": "image/png", ".ttf": "font/ttf", ".otf": "font/otf", ".woff2": "font/woff2",
	".txt": "text/plain; charset=utf-8", ".lab": "application/octet-stream",
}

// Handler serves the built web lab in files.
func Handler(files fs.FS) http.Handler {
	next := http.FileServerFS(files)
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			w.Header().Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD are served here", http.StatusMethodNotAllowed)
			return
		}
		header := w.Header()
		if t := types[path.Ext(r.URL.Path)]; t != "" {
			header.Set("Content-Type", t)
		}
		header.Set("X-Content-Type-Options", "nosniff")
		header.Set("Cache-Control", cacheRule(r))
		if path.Base(r.URL.Path) == program {
			header.Set("Vary", "Accept-Encoding")
			if acceptsBrotli(r) && r.Header.Get("Range") == "" {
				header.Set("Content-Type", "application/wasm")
				header.Set("Content-Encoding", "br")
			}
		}
		next.ServeHTTP(w, r)
	})
}

// cacheRule: a file asked for by its version never changes; anything else is checked at every visit.
func cacheRule(r *http.Request) string {
	if r.URL.Query().Get("v") != "" {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}

func acceptsBrotli(r *http.Request) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(coding) == "br" && strings.TrimSpace(weight) != "q=0" {
			return true
		}
	}
	return false
}

// Run serves files on addr until ctx ends. If the port of addr is taken, a free one is used instead. log is called once
// with the address to open.
func Run(ctx context.Context, addr string, files fs.FS, log func(url string)) error {
	listener, err := listen(addr)
	if err != nil {
		return err
	}
	server := &http.Server{Handler: Handler(files), ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	log("http://" + browsable(listener.Addr()) + "/")
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}

func listen(addr string) (net.Listener, error) {
	host, _, err := net.SplitHostPort(addr)
	if err != nil {
		return nil, fmt.Errorf("the address %q is not HOST:PORT, such as %s", addr, DefaultAddr)
	}
	listener, err := net.Listen("tcp", addr)
	if err == nil {
		return listener, nil
	}
	free, freeErr := net.Listen("tcp", net.JoinHostPort(host, "0"))
	if freeErr != nil {
		return nil, fmt.Errorf("cannot listen on %s: %w", addr, err)
	}
	return free, nil
}

// browsable turns the address "any interface" into one that can be typed into a browser.
func browsable(addr net.Addr) string {
	tcp, ok := addr.(*net.TCPAddr)
	if !ok || !tcp.IP.IsUnspecified() {
		return addr.String()
	}
	return fmt.Sprintf("127.0.0.1:%d", tcp.Port)
}
