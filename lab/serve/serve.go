//go:build !js

// Package serve is the local web server of the lab: the files of dist/ with the right types and cache rules.
package serve

import (
	"context"
	"errors"
	"html"
	"io/fs"
	"net"
	"net/http"
	"path"
	"regexp"
	"slices"
	"strings"
	"time"
)

// DefaultAddr is where the lab is served when nobody says otherwise; only this machine can reach it.
const DefaultAddr = "127.0.0.1:8017"

// Operating systems disagree about types, and a wrong one stops a service worker or a module; so they stand here.
var types = map[string]string{
	".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
	".wasm": "application/wasm", ".br": "application/octet-stream", ".gz": "application/gzip", ".webmanifest": "application/manifest+json",
	".svg": "image/svg+xml", ".png": "image/png", ".ttf": "font/ttf", ".otf": "font/otf", ".woff2": "font/woff2",
	".txt": "text/plain; charset=utf-8", ".lab": "application/octet-stream",
}

// Handler serves the built web lab in files, under this machine's names and the given ones.
func Handler(files fs.FS, names ...string) http.Handler {
	next, policy := http.FileServerFS(noLists{files}), policyOf(files)
	return guarded(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		header := w.Header()
		header.Set("X-Content-Type-Options", "nosniff")
		if policy != "" {
			header.Set("Content-Security-Policy", policy)
		}
		if r.Method != http.MethodGet && r.Method != http.MethodHead {
			header.Set("Allow", "GET, HEAD")
			http.Error(w, "only GET and HEAD are served here", http.StatusMethodNotAllowed)
			return
		}
		describe(header, r)
		next.ServeHTTP(w, r)
	}), names...)
}

var metaPolicy = regexp.MustCompile(`<meta http-equiv="Content-Security-Policy" content="([^"]+)">`)

// policyOf returns the policy that the page names for itself. As a header it holds for the scripts of workers as well.
func policyOf(files fs.FS) string {
	page, err := fs.ReadFile(files, "index.html")
	if err != nil {
		return ""
	}
	if found := metaPolicy.FindSubmatch(page); found != nil {
		return html.UnescapeString(string(found[1]))
	}
	return ""
}

// noLists are files without lists of folders: one that has no page is not there.
type noLists struct{ fs.FS }

func (n noLists) Open(name string) (fs.File, error) {
	f, err := n.FS.Open(name)
	if err != nil {
		return nil, err
	}
	info, err := f.Stat()
	if err == nil && info.IsDir() {
		_, err = fs.Stat(n.FS, path.Join(name, "index.html"))
	}
	if err != nil {
		f.Close()
		return nil, err
	}
	return f, nil
}

// codings are how browsers call what compressed a file of this ending.
var codings = map[string]string{".br": "br", ".gz": "gzip"}

// describe says what a file is. A compressed one is unpacked by a browser that says that it can, and by the page otherwise.
func describe(header http.Header, r *http.Request) {
	name := r.URL.Path
	if coding := codings[path.Ext(name)]; coding != "" {
		header.Set("Vary", "Accept-Encoding")
		if accepts(r, coding) && r.Header.Get("Range") == "" {
			header.Set("Content-Encoding", coding)
			name = strings.TrimSuffix(name, path.Ext(name))
		}
	}
	if t := types[path.Ext(name)]; t != "" {
		header.Set("Content-Type", t)
	}
	header.Set("Cache-Control", cacheRule(r))
}

func accepts(r *http.Request, wanted string) bool {
	for part := range strings.SplitSeq(r.Header.Get("Accept-Encoding"), ",") {
		coding, weight, _ := strings.Cut(strings.TrimSpace(part), ";")
		if strings.TrimSpace(coding) == wanted && !refused.MatchString(weight) {
			return true
		}
	}
	return false
}

var refused = regexp.MustCompile(`^\s*q=0(\.0*)?\s*$`)

// cacheRule: a file asked for by its version never changes; anything else is checked at every visit.
func cacheRule(r *http.Request) string {
	if r.URL.Query().Get("v") != "" {
		return "public, max-age=31536000, immutable"
	}
	return "no-cache"
}

// Options are what Run serves, where, and under which names beside this machine's.
type Options struct {
	Addr  string
	Names []string
	Files fs.FS
	Log   func(urls []string) // is called once with the addresses to open
}

// Run serves files until ctx ends. If the port is taken, a free one is used instead.
func Run(ctx context.Context, o Options) error {
	listener, err := listen(o.Addr)
	if err != nil {
		return err
	}
	names := o.Names
	if host, _, err := net.SplitHostPort(o.Addr); err == nil && host != "" {
		names = append(slices.Clone(names), host)
	}
	server := &http.Server{Handler: Handler(o.Files, names...), ReadHeaderTimeout: 10 * time.Second}
	stop := context.AfterFunc(ctx, func() { server.Close() })
	defer stop()
	o.Log(urls(listener.Addr()))
	if err := server.Serve(listener); !errors.Is(err, http.ErrServerClosed) {
		return err
	}
	return nil
}
