package prog

import (
	"strconv"
	"strings"
)

// The site that httpd serves: a page with its parts. Bodies are made while they are sent.

// page is one resource.
type page struct {
	kind    string
	text    string // the body, or zero bytes of text and
	size    uint64 // so many bytes of a pattern
	chunked bool
}

const (
	maxPage   = 1 << 40
	chunkSize = 1000
)

const indexHTML = `<!DOCTYPE html>
<html lang="en">
<head>
<title>Wirelab</title>
<link rel="stylesheet" href="/style.css">
<script src="/script.js"></script>
</head>
<body>
<h1>It works!</h1>
<p>This page has a style sheet, a script and images of several sizes.</p>
<img src="/images/icon.png" alt="3 kB">
<img src="/images/logo.png" alt="12 kB">
<img src="/images/chart.png" alt="30 kB">
<img src="/images/photo.jpg" alt="80 kB">
<img src="/images/map.jpg" alt="150 kB">
<img src="/images/poster.jpg" alt="300 kB">
</body>
</html>
`

var pages = []struct {
	path string
	page
}{
	{"/", page{kind: "text/html", text: indexHTML}},
	{"/index.html", page{kind: "text/html", text: indexHTML}},
	{"/hello", page{kind: "text/plain", text: "Hello, world!\n"}},
	{"/style.css", page{kind: "text/css", size: 4_000}},
	{"/script.js", page{kind: "text/javascript", size: 9_000}},
	{"/images/icon.png", page{kind: "image/png", size: 3_000}},
	{"/images/logo.png", page{kind: "image/png", size: 12_000}},
	{"/images/chart.png", page{kind: "image/png", size: 30_000}},
	{"/images/photo.jpg", page{kind: "image/jpeg", size: 80_000}},
	{"/images/map.jpg", page{kind: "image/jpeg", size: 150_000}},
	{"/images/poster.jpg", page{kind: "image/jpeg", size: 300_000}},
	{"/chunked", page{kind: "text/plain", size: 4_500, chunked: true}},
}

// findPage returns the page of a path; /bytes/N has N bytes.
func findPage(path string) (page, bool) {
	path, _, _ = strings.Cut(path, "?")
	for i := range pages {
		if pages[i].path == path {
			p := pages[i].page
			if p.text != "" {
				p.size = uint64(len(p.text))
			}
			return p, true
		}
	}
	if n, err := strconv.ParseUint(strings.TrimPrefix(path, "/bytes/"), 10, 64); err == nil && n <= maxPage {
		return page{kind: "application/octet-stream", size: n}, true
	}
	return page{kind: "text/html", text: notFound, size: uint64(len(notFound))}, false
}

const notFound = "<!DOCTYPE html>\n<title>404 Not Found</title>\n<h1>Not Found</h1>\n"

// fill writes what stands at an offset of the body into b.
func (p *page) fill(b []byte, off uint64) {
	if p.text != "" {
		copy(b, p.text[off:])
		return
	}
	text := strings.HasPrefix(p.kind, "text/")
	for i := range b {
		at := off + uint64(i)
		switch {
		case !text:
			b[i] = byte(at * 31)
		case at%64 == 63:
			b[i] = '\n'
		default:
			b[i] = 'a' + byte(at%26)
		}
	}
}
