//go:build !js

package browser

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/chromedp/cdproto/emulation"
	"github.com/chromedp/chromedp"

	"wirelab/lab"
)

// keyCase is what the key of a verb does in a page: does is a condition of the page, or file one of what the page would save.
// It is not met before the key is pressed. With back the same key takes it away again; leave is a widget that Escape closes.
type keyCase struct {
	verb   string
	before string // JavaScript that makes it possible
	does   string
	file   func(w *twin) bool
	back   bool
	leave  string
}

// Every key of the sheet of keys does in the browser what the sheet says, and the browser keeps none for itself.
func TestEveryKeyOfTheSheet(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, "about:blank")
	still := emulation.SetEmulatedMedia().WithFeatures([]*emulation.MediaFeature{{Name: "prefers-reduced-motion", Value: "reduce"}})
	b.run("opening", still, chromedp.EmulateViewport(1280, 900), chromedp.Navigate(s.URL+subPath+"?example=four-way-close&lang=en&theme=dark"))
	b.eval(waitShown+pageSide, nil)
	sheet := b.readSheet()
	for _, c := range keyCases {
		key, ok := sheet[c.verb]
		if !ok {
			t.Errorf("the sheet has no key for %s", c.verb)
			continue
		}
		delete(sheet, c.verb)
		b.tryKey(key, &c)
	}
	for verb, key := range sheet {
		if !slices.Contains(textVerbs, verb) {
			t.Errorf("nobody tries %s, %s", key, verb)
			continue
		}
		delete(sheet, verb)
	}
	b.noComplaints()
}

// pageSide is what the cases say things with, and hears of keys that nobody took.
const pageSide = `
	self.w = (id) => document.querySelector('#mirror [data-id="' + id + '"]');
	self.is = (id) => w(id)?.ariaSelected === 'true';
	self.asks = (words) => w('prompt')?.ariaLabel.startsWith(words);
	self.says = (words) => document.getElementById('mirror').textContent.includes(words);
	self.seen = async (f) => { for (let n = 0; !f(); n++) { if (n > 200) throw new Error('never: ' + f); await new Promise((r) => setTimeout(r, 50)); } };
	self.hash = async () => (await wirelab.status()).state_hash;
	self.now = async () => (await wirelab.status()).time_ns;
	self.at = async (seconds) => { await wirelab.pause(); await wirelab.seek(seconds); };
	self.stepped = async (from, kind) => { await at(from); self.was = await hash(); await wirelab.step(kind); self.want = await hash(); await at(from); };
	self.pick = async (id) => { await seen(() => w(id)); w(id).click(); };
	self.eaten = [];
	addEventListener('keydown', (e) => { if (!e.defaultPrevented) eaten.push(e.code); });
`

// readSheet opens the sheet in a low window, where some of it must be scrolled to be seen but not to be read, and returns the keys
// of verbs as b.keys takes them. P and Del act on what is chosen, each as two verbs.
func (b *tab) readSheet() map[string]string {
	b.Helper()
	b.run("a low window", chromedp.EmulateViewport(1280, 360))
	defer b.run("the window", chromedp.EmulateViewport(1280, 900))
	b.keys("Shift+?")
	b.until(there("keys/sheet/remove_link"))
	rows := map[string]string{}
	b.eval(`const rows = {};
		for (const e of document.querySelectorAll('#mirror [data-id^="keys/sheet/"]')) rows[e.dataset.id.slice(11)] = e.textContent;
		return rows`, &rows)
	b.leave("keys")
	for verb, words := range rows {
		if strings.HasPrefix(verb, "app.") {
			delete(rows, verb) // a head
			continue
		}
		rows[verb] = keyOf(words)
	}
	return rows
}

// keyOf finds the key at the end of a line of the sheet.
func keyOf(words string) string {
	fields := strings.Fields(words)
	key := fields[len(fields)-1]
	fields = fields[:len(fields)-1]
	for _, sign := range [][2]string{{"→", "ArrowRight"}, {"←", "ArrowLeft"}, {"↓", "ArrowDown"}, {"Esc", "Escape"}, {"Del", "Delete"}, {"?", "Shift+?"}} {
		if key == sign[0] {
			key = sign[1]
		}
	}
	if len(key) == 1 {
		key = strings.ToLower(key)
	}
	for _, held := range []string{"Shift", "Ctrl"} {
		if n := len(fields); n > 0 && fields[n-1] == held {
			key, fields = held+"+"+key, fields[:n-1]
		}
	}
	return key
}

// tryKey presses the key of a verb, and sees what that does.
func (b *tab) tryKey(key string, c *keyCase) {
	b.Helper()
	b.eval(c.before, nil)
	if b.met(c) {
		b.Errorf("%s: before %s is pressed there is already: %s", c.verb, key, c.does)
		return
	}
	b.keys(key)
	b.await(key, c, true)
	if c.back {
		b.keys(key)
		b.await(key+" again", c, false)
	}
	if c.leave != "" {
		b.leave(c.leave)
	}
	var eaten []string
	b.eval(`return eaten.splice(0)`, &eaten)
	if len(eaten) > 0 {
		b.Errorf("%s: the browser gets %s: %q", c.verb, key, eaten)
	}
}

func (b *tab) met(c *keyCase) (is bool) {
	b.Helper()
	if c.file != nil {
		return c.file(b.twin())
	}
	b.eval(`return !!(`+c.does+`)`, &is)
	return is
}

// await gives a case some seconds, whatever it waits for.
func (b *tab) await(key string, c *keyCase, want bool) {
	b.Helper()
	for end := time.Now().Add(20 * time.Second); b.met(c) != want; time.Sleep(50 * time.Millisecond) {
		if time.Now().After(end) {
			b.Errorf("%s: %s does not do it: %s", c.verb, key, c.does)
			return
		}
	}
}

// did says whether somebody did something to a packet.
func (w *twin) did(action lab.Action) bool {
	return slices.ContainsFunc(w.Session.Lab().Journal, func(e lab.Entry) bool { o, ok := e.Input.(lab.Operate); return ok && o.Surgery.Action == action })
}
