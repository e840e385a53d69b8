//go:build !js

package browser

import (
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/cdproto/target"
	"github.com/chromedp/chromedp"
)

// openBeside opens a tab that shares storage with another one.
func openBeside(b *tab, url string) *tab {
	b.Helper()
	id, err := target.CreateTarget("about:blank").WithBrowserContextID(b.storage).Do(wholeBrowser())
	if err != nil {
		b.Fatal(err)
	}
	return b.attach(id, url)
}

// attach drives a tab that exists, and opens url in it unless that is empty.
func (b *tab) attach(id target.ID, url string) *tab {
	b.Helper()
	ctx, closeTab := chromedp.NewContext(browser, chromedp.WithTargetID(id))
	b.Cleanup(closeTab)
	ctx, cancel := context.WithTimeout(ctx, patience)
	b.Cleanup(cancel)
	o := &tab{T: b.T, ctx: ctx, storage: b.storage}
	chromedp.ListenTarget(ctx, o.listen)
	if url != "" {
		o.run("opening "+url, chromedp.Navigate(url))
	}
	return o
}

// reload loads the page again, as its button does.
func (b *tab) reload() {
	b.Helper()
	b.run("reload", chromedp.Reload())
	b.eval(waitReady, nil)
}

// work is what a page says of the lab that it has open.
type work struct {
	Title string
	Time  int64 `json:"time_ns"`
	Hash  string
	Hosts []string
}

// readWork reads title, time, state and hosts of the open lab.
const readWork = `const s = await wirelab.status();
	const hosts = [];
	for (const name of ['A', 'B', 'mine', 'tab1', 'tab2', 'other']) { try { await wirelab.output(name); hosts.push(name); } catch { /* there is none */ } }
	return { title: s.title, time_ns: s.time_ns, hash: s.state_hash, hosts };`

func (b *tab) work() (w work) {
	b.Helper()
	b.eval(waitReady+readWork, &w)
	return w
}

func (w work) has(host string) bool {
	for _, h := range w.Hosts {
		if h == host {
			return true
		}
	}
	return false
}

// library reads the titles of all works that the page's storage lists.
func (b *tab) library() (titles []string) {
	b.Helper()
	b.eval(`const all = await wirelabStore.list(); return all.filter((m) => !m.draft && !m.deleted_ms).map((m) => m.title)`, &titles)
	return titles
}

// said waits until a part of the page says something.
func (b *tab) said(words string) {
	b.Helper()
	quoted, _ := json.Marshal(words)
	b.until(`document.getElementById('lab').textContent.includes(` + string(quoted) + `) || [...document.querySelectorAll('#mirror *')].some((e) => (e.getAttribute('aria-label') || '').includes(` + string(quoted) + `))`)
}

// A reload keeps the work of its tab, whatever the address asks for; a fresh visit starts what the address asks for, and offers the work.
func TestAReloadKeepsTheWork(t *testing.T) {
	s := newSiteOrSkip(t)
	for _, query := range []string{"", "?example=lost-syn&lang=en"} {
		b := open(t, s.URL+subPath+query)
		b.eval(waitShown+`await wirelab.example('lost-syn'); await wirelab.command('add host mine'); await wirelab.seek(2);`, nil)
		before := b.work()
		b.reload()
		if after := b.work(); after.Hash != before.Hash || after.Time != before.Time || !after.has("mine") {
			t.Errorf("%q: reloaded: %+v, was %+v", query, after, before)
		}
		b.run("coming back", chromedp.Navigate(s.URL+subPath+query))
		if query == "" {
			if after := b.work(); !after.has("mine") {
				t.Errorf("coming back to the plain address: %+v, was %+v", after, before)
			}
			continue
		}
		if after := b.work(); after.has("mine") || after.Time != 0 {
			t.Errorf("a fresh visit: %+v", after)
		}
		b.said("You have work made from this")
		b.press("toast0/action")
		b.until(`(await wirelab.status()).time_ns === 2e9`)
		if after := b.work(); after.Hash != before.Hash {
			t.Errorf("going on: %+v, was %+v", after, before)
		}
	}
}

// Two tabs have each their own work: closing one takes nothing from the other.
func TestTwoTabs(t *testing.T) {
	s := newSiteOrSkip(t)
	one := open(t, s.URL+subPath)
	one.eval(waitShown+`await wirelab.example('home-network'); await wirelab.command('add host tab1');`, nil)
	two := openBeside(one, s.URL+subPath)
	two.eval(waitShown+`await wirelab.example('lost-syn'); await wirelab.command('add host tab2');`, nil)
	time.Sleep(2 * time.Second)
	two.run("closing", page.Close())
	one.reload()
	if w := one.work(); !w.has("tab1") || w.has("tab2") {
		t.Errorf("the first tab has %+v", w)
	}
	if got := len(one.library()); got != 2 {
		t.Errorf("%d works in the library: %q", got, one.library())
	}
	// A third tab goes on with the work that nobody has open.
	three := openBeside(one, s.URL+subPath)
	if w := three.work(); !w.has("tab2") {
		t.Errorf("a new tab opens %+v", w)
	}
}

// A copied tab has the same work open. It says so, and what is changed in it goes into a copy.
func TestTheSameWorkTwice(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath+"?lang=en")
	b.eval(waitShown+`await wirelab.example('lost-syn'); await wirelab.command('add host mine');`, nil)
	time.Sleep(time.Second)
	known, err := target.GetTargets().Do(wholeBrowser())
	if err != nil {
		t.Fatal(err)
	}
	b.run("copying the tab", chromedp.Evaluate(`void window.open(location.href)`, nil))
	id := newTarget(t, known)
	copied := b.attach(id, "")
	copied.eval(waitShown, nil)
	if w := copied.work(); !w.has("mine") {
		t.Fatalf("the copied tab has %+v", w)
	}
	copied.said("open in another window, too")
	copied.eval(`await wirelab.command('add host other')`, nil)
	b.eval(`await wirelab.command('add host tab1')`, nil)
	time.Sleep(2500 * time.Millisecond)
	if titles := strings.Join(b.library(), "|"); strings.Count(titles, "|") != 1 || !strings.Contains(titles, "(copy)") {
		t.Errorf("the library has %s", titles)
	}
	b.reload()
	copied.reload()
	if w := b.work(); !w.has("tab1") || w.has("other") {
		t.Errorf("the first tab has %+v", w)
	}
	if w := copied.work(); !w.has("other") || w.has("tab1") {
		t.Errorf("the copied tab has %+v", w)
	}
}

// newTarget waits for a tab that was not there before.
func newTarget(t *testing.T, known []*target.Info) target.ID {
	t.Helper()
	old := map[target.ID]bool{}
	for _, i := range known {
		old[i.TargetID] = true
	}
	for range 100 {
		all, err := target.GetTargets().Do(wholeBrowser())
		if err != nil {
			t.Fatal(err)
		}
		for _, i := range all {
			if i.Type == "page" && !old[i.TargetID] {
				return i.TargetID
			}
		}
		time.Sleep(50 * time.Millisecond)
	}
	t.Fatal("no tab was opened")
	return ""
}

// Opening something over unsaved work keeps it, and Ctrl Z brings it back.
func TestOpeningInThePage(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath+"?lang=en")
	b.eval(waitShown+`await wirelab.example('lost-syn'); await wirelab.command('add host mine'); await wirelab.example('four-way-close');`, nil)
	b.said("is open.")
	b.press("toast0/action")
	b.until(`(await wirelab.status()).title.includes('SYN')`)
	if w := b.work(); !w.has("mine") {
		t.Errorf("undo brings back %+v", w)
	}
}

// before runs a script in the page before any of its own.
func before(b *tab, script string) {
	b.Helper()
	b.run("preparing", chromedp.ActionFunc(func(ctx context.Context) error {
		_, err := page.AddScriptToEvaluateOnNewDocument(script).Do(ctx)
		return err
	}))
}

// A browser that refuses storage is told of, in the window; the lab runs all the same.
func TestRefusedStorage(t *testing.T) {
	s := newSiteOrSkip(t)
	for name, script := range map[string]string{
		"forbidden": `Object.defineProperty(window, 'indexedDB', { get() { throw new DOMException('no', 'SecurityError'); } });
			Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('no', 'SecurityError'); } });`,
		"broken": `indexedDB.open = () => { throw new DOMException('no', 'InvalidStateError'); };`,
		"full": `const put = IDBObjectStore.prototype.put;
			IDBObjectStore.prototype.put = function (...a) { if (self.wirelabFull) throw new DOMException('no', 'QuotaExceededError'); return put.apply(this, a); };
			self.wirelabFull = true;`,
	} {
		b := open(t, "about:blank")
		before(b, script)
		b.run("opening", chromedp.Navigate(s.URL+subPath+"?lang=en&example=lost-syn"))
		b.eval(waitShown+`await wirelab.command('add host mine')`, nil)
		b.said("Your work is not being saved")
		b.until(`document.querySelector('#mirror [data-id="bar/unkept"]')`)
		if w := b.work(); !w.has("mine") {
			t.Errorf("%s: the lab has %+v", name, w)
		}
		b.shot("storage-" + name)
		if name == "full" {
			b.eval(`self.wirelabFull = false`, nil)
			b.until(`!document.querySelector('#mirror [data-id="bar/unkept"]')`)
			if len(b.library()) != 1 {
				t.Errorf("%s: when there is room again the work is not kept", name)
			}
		}
	}
}

// While the quota is exceeded the old copy stays as it was.
func TestAFullStoreKeepsTheOldCopy(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, "about:blank")
	before(b, `const put = IDBObjectStore.prototype.put;
		IDBObjectStore.prototype.put = function (v, k) { if (self.wirelabFull && k !== undefined) throw new DOMException('no', 'QuotaExceededError'); return put.call(this, ...(k === undefined ? [v] : [v, k])); };`)
	b.run("opening", chromedp.Navigate(s.URL+subPath+"?lang=en&example=lost-syn"))
	b.eval(waitShown+`await wirelab.command('add host mine')`, nil)
	b.until(`(await wirelabStore.list()).some((m) => !m.draft)`)
	b.eval(`self.wirelabFull = true; await wirelab.command('add host other')`, nil)
	b.said("Your work is not being saved")
	b.eval(`localStorage.clear()`, nil)
	b.eval(`addEventListener('pagehide', (e) => e.stopImmediatePropagation(), true)`, nil)
	var kept struct{ Bytes, Said int }
	b.eval(`const [m] = (await wirelabStore.list()).filter((m) => !m.draft);
		const { meta, data } = await wirelabStore.load(m.id);
		return { bytes: data.length, said: meta.bytes }`, &kept)
	if kept.Bytes == 0 || kept.Bytes != kept.Said {
		t.Errorf("the copy has %d bytes and its description says %d", kept.Bytes, kept.Said)
	}
}

// What an older version kept as its only work becomes a work of the library.
func TestTheOldSlotIsTakenOver(t *testing.T) {
	s := newSiteOrSkip(t)
	data, err := os.ReadFile("../session/testdata/format1/built-by-hand.lab")
	if err != nil {
		t.Fatal(err)
	}
	b := open(t, "about:blank")
	before(b, fmt.Sprintf(`if (location.protocol === 'http:' && !localStorage.getItem('tested')) { localStorage.setItem('wirelab.autosave', %q); localStorage.setItem('tested', 1); }`, base64.StdEncoding.EncodeToString(data)))
	b.run("opening", chromedp.Navigate(s.URL+subPath+"?lang=en"))
	b.eval(waitReady, nil)
	b.until(`(await wirelab.status()).time_ns === 10e9`)
	var slot bool
	b.eval(`return localStorage.getItem('wirelab.autosave') !== null`, &slot)
	if titles := b.library(); slot || len(titles) != 1 || titles[0] != "New lab" {
		t.Errorf("the library has %q, the old slot is there: %v", titles, slot)
	}
	b.reload()
	if titles := b.library(); len(titles) != 1 {
		t.Errorf("after a reload the library has %q", titles)
	}
}

// A frame touches no library, whatever is done in it.
func TestAFrameTouchesNoLibrary(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+"/frame.html")
	b.eval(framedCall+`await call('command', 'add host mine'); await call('example', 'lost-syn'); await new Promise((r) => setTimeout(r, 2500));`, nil)
	var found []string
	b.eval(`return [...(await indexedDB.databases()).map((d) => d.name), ...Object.keys(localStorage), ...Object.keys(sessionStorage)].filter((n) => n.startsWith('wirelab') && n !== 'wirelab.lang')`, &found)
	if len(found) > 0 {
		t.Errorf("the frame wrote %q", found)
	}
}

// A link that is pasted into a tab opens its lab, and undo brings the work back; a mistyped one is told of.
func TestALinkInTheSameTab(t *testing.T) {
	s := newSiteOrSkip(t)
	data, err := os.ReadFile("../session/testdata/format1/link.txt")
	if err != nil {
		t.Fatal(err)
	}
	link := strings.TrimSpace(string(data))
	b := open(t, s.URL+subPath+"?lang=en")
	b.eval(waitShown+`await wirelab.command('add host mine'); location.hash = '`+link+`'`, nil)
	b.until(`(await wirelab.status()).time_ns === 2e8`)
	b.said("is open.")
	b.press("toast0/action")
	b.until(`(await wirelab.output('mine').catch(() => null)) !== null`)
	for _, bad := range []string{link[:60], "#lab=%%%", "#lab="} {
		b.eval(`location.hash = '`+bad+`'`, nil)
		b.said("The lab in the link cannot be opened")
	}
	b.run("opening", chromedp.Navigate("about:blank"), chromedp.Navigate(s.URL+subPath+"?lang=en"+link[:80]))
	b.eval(waitShown, nil)
	b.said("The lab in the link cannot be opened")
}
