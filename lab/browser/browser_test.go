//go:build !js

package browser

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/chromedp/cdproto/cdp"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/runtime"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// patience is generous: software rendering on a busy machine is slow, and a test that guesses times is worse than slow.
const patience = 5 * time.Minute

var (
	dist        string // the folder under test
	browser     context.Context
	browserPath string
)

func TestMain(m *testing.M) { os.Exit(run(m)) }

func run(m *testing.M) int {
	path := find("chromium", "chromium-browser", "google-chrome")
	dist = os.Getenv("WIRELAB_DIST")
	if path == "" || dist == "" {
		return m.Run() // each test then says why it is skipped
	}
	profile, err := os.MkdirTemp("", "wirelab-browser")
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		return 1
	}
	defer os.RemoveAll(profile)
	browserPath = path
	allocator, stop := chromedp.NewExecAllocator(context.Background(), options(profile)...)
	defer stop()
	var closeBrowser context.CancelFunc
	browser, closeBrowser = chromedp.NewContext(allocator)
	defer closeBrowser()
	if err := chromedp.Run(browser); err != nil {
		fmt.Fprintln(os.Stderr, "cannot start", path+":", err)
		return 1
	}
	return m.Run()
}

// options are those of a browser with a profile of its own.
func options(profile string) []chromedp.ExecAllocatorOption {
	return append(chromedp.DefaultExecAllocatorOptions[:], chromedp.ExecPath(browserPath), chromedp.UserDataDir(profile),
		chromedp.NoSandbox, chromedp.WindowSize(1280, 720), chromedp.WSURLReadTimeout(patience),
		chromedp.Flag("headless", "new"),
		// WebGL without a graphics card.
		chromedp.Flag("use-angle", "swiftshader"), chromedp.Flag("enable-unsafe-swiftshader", true),
		chromedp.Flag("ignore-gpu-blocklist", true),
		// No calls home.
		chromedp.Flag("disable-quic", true), chromedp.Flag("disable-component-update", true), chromedp.Flag("disable-domain-reliability", true),
	)
}

func find(names ...string) string {
	for _, name := range names {
		if path, err := exec.LookPath(name); err == nil {
			return path
		}
	}
	return ""
}

// site is a host that only serves files, under a path of its own. It counts what a visit transfers.
type site struct {
	*httptest.Server
	mu    sync.Mutex
	sizes map[string]int
}

const subPath = "/some/where/"

func newSite(t *testing.T) *site {
	s := &site{sizes: map[string]int{}}
	files := http.StripPrefix(subPath, http.FileServer(http.Dir(dist)))
	s.Server = httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		switch {
		case r.URL.Path == "/frame.html":
			w.Header().Set("Content-Type", "text/html")
			fmt.Fprintf(w, "<!doctype html><title>frame</title><iframe id=lab width=1000 height=600 src=\"%s?example=handshake-capture&lang=zh\"></iframe>", subPath)
		case !strings.HasPrefix(r.URL.Path, subPath):
			http.NotFound(w, r)
		default:
			counted := &counter{ResponseWriter: w}
			files.ServeHTTP(counted, r)
			s.mu.Lock()
			s.sizes[strings.TrimPrefix(r.URL.Path, subPath)] += counted.n
			s.mu.Unlock()
		}
	}))
	t.Cleanup(s.Close)
	return s
}

type counter struct {
	http.ResponseWriter
	n int
}

func (c *counter) Write(p []byte) (int, error) {
	n, err := c.ResponseWriter.Write(p)
	c.n += n
	return n, err
}

func (s *site) transferred() map[string]int {
	s.mu.Lock()
	defer s.mu.Unlock()
	sizes := map[string]int{}
	for name, n := range s.sizes {
		sizes[name] = n
	}
	return sizes
}

// tab is one page under test. What it writes to its console is part of every failure.
type tab struct {
	*testing.T
	ctx     context.Context
	storage cdp.BrowserContextID
	mu      sync.Mutex
	console []string
}

func open(t *testing.T, url string) *tab {
	t.Helper()
	if browser == nil {
		t.Skip("needs Chromium and WIRELAB_DIST, a folder made by ./build.sh build; ./build.sh test gives both")
	}
	id, storage, err := newTab()
	if err != nil {
		t.Fatal("opening a tab: ", err)
	}
	ctx, closeTab := chromedp.NewContext(browser, chromedp.WithTargetID(id))
	t.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, patience)
	t.Cleanup(cancel)
	b := &tab{T: t, ctx: ctx, storage: storage}
	chromedp.ListenTarget(ctx, b.listen)
	prepare := chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(hands).Do(ctx)
		return err
	})
	if err := chromedp.Run(ctx, prepare, chromedp.EmulateViewport(1280, 720), chromedp.Navigate(url)); err != nil {
		b.fatal("opening "+url, err)
	}
	return b
}

// newTab opens a tab that shares no storage with others. It needs a window of its own, which chromedp's own way does not
// ask for and current browsers insist on.
func newTab() (target.ID, cdp.BrowserContextID, error) {
	storage, err := target.CreateBrowserContext().WithDisposeOnDetach(true).Do(wholeBrowser())
	if err != nil {
		return "", "", err
	}
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(storage).WithNewWindow(true).Do(wholeBrowser())
	return id, storage, err
}

// wholeBrowser is where commands go that are not for one tab.
func wholeBrowser() context.Context {
	return cdp.WithExecutor(browser, chromedp.FromContext(browser).Browser)
}

func (b *tab) listen(event any) {
	b.mu.Lock()
	defer b.mu.Unlock()
	switch e := event.(type) {
	case *runtime.EventConsoleAPICalled:
		var line []string
		for _, arg := range e.Args {
			line = append(line, strings.Trim(string(arg.Value), `"`)+arg.Description)
		}
		b.console = append(b.console, string(e.Type)+": "+strings.Join(line, " "))
	case *runtime.EventExceptionThrown:
		b.console = append(b.console, "uncaught: "+e.ExceptionDetails.Error())
	}
}

func (b *tab) fatal(what string, err error) {
	b.Helper()
	b.mu.Lock()
	defer b.mu.Unlock()
	b.Fatalf("%s: %v\nconsole of the page:\n%s", what, err, strings.Join(b.console, "\n"))
}

// eval runs an async function body in the page and stores what it returns in out.
func (b *tab) eval(body string, out any) {
	b.Helper()
	if err := b.try(body, out); err != nil {
		b.fatal(body, err)
	}
}

// try is eval that gives back the error, as "code: message" for an error of the contract.
func (b *tab) try(body string, out any) error {
	var answer struct {
		Value json.RawMessage `json:"value"`
		Error string          `json:"error"`
	}
	script := fmt.Sprintf(`(async () => {
		try { const value = await (async () => { %s })(); return { value: value === undefined ? null : value }; }
		catch (e) { return { error: (e.code || e.name) + ': ' + e.message }; }
	})()`, body)
	await := func(p *runtime.EvaluateParams) *runtime.EvaluateParams { return p.WithAwaitPromise(true) }
	if err := chromedp.Run(b.ctx, chromedp.Evaluate(script, &answer, await)); err != nil {
		return err
	}
	if answer.Error != "" {
		return fmt.Errorf("%s", answer.Error)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(answer.Value, out)
}

// shot keeps a screenshot where the person who asked for one can look at it.
func (b *tab) shot(name string) []byte {
	b.Helper()
	var png []byte
	if err := chromedp.Run(b.ctx, chromedp.CaptureScreenshot(&png)); err != nil {
		b.fatal("screenshot", err)
	}
	dir := os.Getenv("WIRELAB_SHOTS")
	if dir == "" {
		dir = b.TempDir()
	}
	path := filepath.Join(dir, name+".png")
	if err := os.WriteFile(path, png, 0o644); err != nil {
		b.Fatal(err)
	}
	b.Log("screenshot: ", path)
	return png
}

const waitReady = `await wirelab.ready; await wirelab.ready();`

// waitShown waits until the download bar has gone, which is after the first frame.
const waitShown = waitReady + `while (!document.getElementById('splash').hidden) await new Promise((r) => setTimeout(r, 50));`
