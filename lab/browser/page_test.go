//go:build !js

package browser

import (
	"bytes"
	"context"
	"fmt"
	"image/png"
	"net/http"
	"net/http/httptest"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"

	"wirelab/lab/serve"
)

// maxTransfer is the promise: at most this many bytes cross the network before the first packet is seen.
const maxTransfer = 4_600_000

// A host that only serves files, under a sub-path: the page unpacks the program itself, and stays within the promise.
func TestFirstVisitFromAPlainHost(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath)
	b.eval(waitShown, nil)
	total := 0
	for name, n := range s.transferred() {
		t.Logf("%8d %s", n, name)
		// The service worker may ask for a file once more after the start; that is not on the way to the first packet.
		if info, err := os.Stat(dist + "/" + name); err == nil {
			n = min(n, int(info.Size()))
		}
		total += n
	}
	t.Logf("%8d bytes in all", total)
	if total > maxTransfer {
		t.Errorf("a first visit transfers %d bytes; at most %d are allowed", total, maxTransfer)
	}
	b.shot("first-visit")
	b.noComplaints()
}

// Our own server sends the program as Content-Encoding: br, and the browser unpacks it.
func TestFirstVisitFromWirelabServe(t *testing.T) {
	newSiteOrSkip(t)
	server := httptest.NewServer(serve.Handler(os.DirFS(dist)))
	t.Cleanup(server.Close)
	b := open(t, server.URL)
	b.eval(waitShown, nil)
	b.noComplaints()
}

func TestTheCanvasIsPainted(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath+"?theme=dark")
	b.eval(waitShown, nil)
	picture, err := png.Decode(bytes.NewReader(b.shot("canvas")))
	if err != nil {
		t.Fatal(err)
	}
	if size := picture.Bounds().Size(); size.X < 1200 || size.Y < 500 {
		t.Errorf("the page is %v", size)
	}
	var canvas struct{ Width, Height int }
	b.eval(`const c = document.querySelector('canvas'); return { Width: c.clientWidth, Height: c.clientHeight }`, &canvas)
	if canvas.Width < 1200 || canvas.Height < 500 {
		t.Errorf("the canvas is %+v", canvas)
	}
}

// The page is zoomed, or dragged to another display: the canvas is as fine as the display again.
func TestTheDensityMayChange(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath+"?theme=light")
	b.eval(waitShown, nil)
	for _, scale := range []float64{2, 1.25, 1} {
		b.run("density", chromedp.EmulateViewport(1280, 720, chromedp.EmulateScale(scale)))
		b.until(fmt.Sprintf(`Math.abs(document.querySelector('canvas').width - 1280*%[1]v) < 2 && Math.abs(document.querySelector('canvas').height - 720*%[1]v) < 2`, scale))
		b.shot(fmt.Sprintf("density-%v", scale))
	}
	b.noComplaints()
}

func TestThePageSpeaksBothLanguages(t *testing.T) {
	s := newSiteOrSkip(t)
	for query, want := range map[string]string{"?lang=en": "Try again", "?lang=zh-CN": "重试"} {
		b := open(t, s.URL+subPath+query)
		var text string
		b.eval(`return document.getElementById('retry').textContent`, &text)
		if text != want {
			t.Errorf("%s: the button says %q, want %q", query, text, want)
		}
	}
	b := open(t, s.URL+subPath)
	var lacking []string
	b.eval(`const { en, zh } = wirelabWords.catalogues;
		return [...Object.keys(en).filter((k) => !(k in zh)), ...Object.keys(zh).filter((k) => !(k in en))]`, &lacking)
	if len(lacking) > 0 {
		t.Errorf("words.js: only one language has %v", lacking)
	}
}

// While the program is on its way, a bar says how much of it has arrived.
func TestTheDownloadIsShown(t *testing.T) {
	newSiteOrSkip(t)
	files := http.FileServer(http.Dir(dist))
	more := make(chan struct{})
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if !strings.HasSuffix(r.URL.Path, ".br") {
			files.ServeHTTP(w, r)
			return
		}
		program, _ := os.ReadFile(dist + "/wirelab.wasm.br")
		w.Header().Set("Content-Length", strconv.Itoa(len(program)))
		w.Write(program[:len(program)/2])
		w.(http.Flusher).Flush()
		<-more
		w.Write(program[len(program)/2:])
	}))
	t.Cleanup(server.Close)
	b := open(t, server.URL+"/?lang=en")
	var seen struct {
		Now    float64
		Status string
	}
	b.eval(`const bar = document.getElementById('bar');
		while (!(+bar.getAttribute('aria-valuenow') >= 40)) await new Promise((r) => setTimeout(r, 50));
		return { Now: +bar.getAttribute('aria-valuenow'), Status: document.getElementById('splash-status').textContent }`, &seen)
	if seen.Now < 40 || seen.Now > 60 || !strings.HasSuffix(seen.Status, "% of "+megabytes(t)+" MB") {
		t.Errorf("half-way the page shows %+v, and %s MB are to be transferred", seen, megabytes(t))
	}
	b.shot("download")
	close(more)
	b.eval(waitShown, nil)
}

// megabytes is what a visit transfers of the program, as the page writes it.
func megabytes(t *testing.T) string {
	info, err := os.Stat(dist + "/wirelab.wasm.br")
	if err != nil {
		t.Fatal(err)
	}
	return fmt.Sprintf("%.1f", float64(info.Size())/1e6)
}

// What is transferred is what counts, also where the browser unpacks on the way.
func TestTheBarCountsWhatIsTransferred(t *testing.T) {
	newSiteOrSkip(t)
	server := httptest.NewServer(serve.Handler(os.DirFS(dist)))
	t.Cleanup(server.Close)
	b := open(t, "about:blank")
	record := chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(`self.said = [];
			document.addEventListener('DOMContentLoaded', () => new MutationObserver(() => said.push(document.getElementById('splash-status').textContent))
				.observe(document.getElementById('splash-status'), { childList: true }));`).Do(ctx)
		return err
	})
	b.run("opening", record, chromedp.Navigate(server.URL+"/?lang=en"))
	var said []string
	b.eval(waitShown+`return said`, &said)
	counted := 0
	for _, line := range said {
		if strings.HasPrefix(line, "Downloading") {
			counted++
			if !strings.HasSuffix(line, "% of "+megabytes(t)+" MB") {
				t.Errorf("the page says %q, and %s MB are transferred", line, megabytes(t))
			}
		}
	}
	if counted == 0 {
		t.Errorf("nothing is said of the download: %q", said)
	}
}

// What keeps the lab from starting gets one sentence, which stays, and a button.
func TestWhatIsMissingIsExplained(t *testing.T) {
	s := newSiteOrSkip(t)
	program, err := os.ReadFile(dist + "/wirelab.wasm.br")
	if err != nil {
		t.Fatal(err)
	}
	noWebGL := `HTMLCanvasElement.prototype.getContext = () => null; self.Worker = class { constructor(url) { setTimeout(() => this.onmessage({ data: false })); } postMessage() {} terminate() {} };`
	changed := bytes.Clone(program)
	changed[len(changed)/2] ^= 1
	for _, c := range []struct {
		name, before string
		program      []byte // what the host has in the place of the program, if that is not it
		en, zh       string
	}{
		{"no-webgl", noWebGL, nil, "no_webgl: This browser offers no WebGL 2", "no_webgl: 此浏览器没有提供实验室绘图所需的 WebGL 2"},
		{"no-wasm", `delete self.WebAssembly;`, nil, "no_wasm: This browser cannot run WebAssembly", "no_wasm: 此浏览器不能运行 WebAssembly"},
		{"cut", "", program[:len(program)/2], "load_failed: The download did not finish", "load_failed: 下载没有完成"},
		{"a-page", "", []byte("<!doctype html>Please sign in"), "load_failed: The download did not finish", "load_failed: 下载没有完成"},
		{"changed", "", changed, "stale: The site was updated", "stale: 加载期间网站更新了"},
		{"longer", "", append(bytes.Clone(program), 0), "stale: The site was updated", "stale: 加载期间网站更新了"},
	} {
		for lang, want := range map[string]string{"en": c.en, "zh": c.zh} {
			t.Run(c.name+"-"+lang, func(t *testing.T) {
				url := s.URL + subPath
				if c.program != nil {
					url = hostWith(t, c.program)
				}
				b := open(t, "about:blank")
				before := chromedp.ActionFunc(func(ctx context.Context) error {
					_, err := page.AddScriptToEvaluateOnNewDocument(c.before).Do(ctx)
					return err
				})
				b.run("opening", before, chromedp.Navigate(url+"?lang="+lang))
				err := b.try(`await wirelab.ready`, nil)
				if err == nil || !strings.HasPrefix(err.Error(), want) {
					t.Fatalf("ready: %v, want %s", err, want)
				}
				var seen struct {
					Status string
					Retry  bool
				}
				b.eval(`await new Promise((r) => setTimeout(r, 300));
					return { Status: document.getElementById('splash-status').textContent, Retry: !document.getElementById('retry').hidden }`, &seen)
				if !strings.HasSuffix(err.Error(), seen.Status) || !seen.Retry {
					t.Errorf("the page shows %+v for %v", seen, err)
				}
				b.shot("start-" + c.name + "-" + lang)
			})
		}
	}
}

// hostWith is a host with other bytes in the place of the program.
func hostWith(t *testing.T, program []byte) string {
	files := http.FileServer(http.Dir(dist))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".br") {
			w.Header().Set("Content-Type", "application/octet-stream")
			w.Write(program)
			return
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	return server.URL + "/"
}

func TestAFailedDownloadIsExplained(t *testing.T) {
	newSiteOrSkip(t)
	files := http.FileServer(http.Dir(dist))
	server := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		if strings.HasSuffix(r.URL.Path, ".br") {
			http.Error(w, "gone", http.StatusNotFound)
			return
		}
		files.ServeHTTP(w, r)
	}))
	t.Cleanup(server.Close)
	b := open(t, server.URL+"/?lang=en")
	if err := b.try(`await wirelab.ready`, nil); err == nil || !strings.HasPrefix(err.Error(), "load_failed: The download did not finish (HTTP 404)") {
		t.Errorf("ready: %v", err)
	}
	var seen struct {
		Status string
		Retry  bool
	}
	b.eval(`return { Status: document.getElementById('splash-status').textContent, Retry: !document.getElementById('retry').hidden }`, &seen)
	if !strings.Contains(seen.Status, "HTTP 404") || !seen.Retry {
		t.Errorf("the page shows %+v", seen)
	}
}

// After one visit the page opens again although the host is gone.
func TestTheSecondVisitNeedsNoNetwork(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath)
	b.eval(waitReady+`await navigator.serviceWorker.ready;
		while (!(await navigator.serviceWorker.getRegistration()).active) await new Promise((r) => setTimeout(r, 50));`, nil)
	size, err := os.Stat(dist + "/wirelab.wasm.br")
	if err != nil {
		t.Fatal(err)
	}
	if got := s.transferred()["wirelab.wasm.br"]; got != int(size.Size()) {
		t.Errorf("the program was transferred %d bytes for %d", got, size.Size())
	}
	s.CloseClientConnections()
	s.Close()
	if err := chromedp.Run(b.ctx, chromedp.Navigate(s.URL+subPath+"?lang=zh")); err != nil {
		b.fatal("opening without a network", err)
	}
	b.eval(waitShown, nil)
}

func newSiteOrSkip(t *testing.T) *site {
	t.Helper()
	if browser == nil {
		t.Skip("needs Chromium and WIRELAB_DIST, a folder made by ./build.sh build; ./build.sh test gives both")
	}
	return newSite(t)
}

// noComplaints fails on errors in the page's console; a violated content security policy is one.
func (b *tab) noComplaints() {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, line := range b.console {
		if strings.HasPrefix(line, "error") || strings.HasPrefix(line, "uncaught") {
			b.Errorf("console of the page: %s", line)
		}
	}
}
