//go:build !js

package browser

import (
	"context"
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"
	"time"

	cdpbrowser "github.com/chromedp/cdproto/browser"
	"github.com/chromedp/cdproto/dom"
	"github.com/chromedp/cdproto/input"
	"github.com/chromedp/cdproto/page"
	"github.com/chromedp/chromedp"
	"github.com/chromedp/chromedp/kb"
)

// press presses a widget through its twin in the page, as a screen reader does.
func (b *tab) press(id string) {
	b.Helper()
	b.eval(`let e, tries = 0;
		while (!(e = document.querySelector('#mirror [data-id="`+id+`"]'))) {
			if (++tries > 200) throw new Error('the mirror has no `+id+`: ' + [...document.querySelectorAll('#mirror [data-id]')].map((n) => n.dataset.id).join(' '));
			await new Promise((r) => setTimeout(r, 50));
		}
		e.click();`, nil)
}

// until waits until an expression of the page is true.
func (b *tab) until(expression string) {
	b.Helper()
	b.eval(`for (let tries = 0; !(`+expression+`); tries++) {
			if (tries > 300) throw new Error('never true; status ' + JSON.stringify(await wirelab.status()));
			await new Promise((r) => setTimeout(r, 50));
		}`, nil)
}

func (b *tab) run(what string, actions ...chromedp.Action) {
	b.Helper()
	if err := chromedp.Run(b.ctx, actions...); err != nil {
		b.fatal(what, err)
	}
}

// The whole page by the elements that screen readers see.
func TestTheMirrorCanBeReadAndPressed(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath+"?example=four-way-close&lang=en")
	b.eval(waitShown, nil)
	b.press("time/step")
	b.until(`(await wirelab.status()).packets_sent === 1`)
	b.press("time/play")
	b.until(`(await wirelab.status()).playing`)
	b.press("time/pause")
	b.until(`!(await wirelab.status()).playing`)
	b.press("bar/language")
	b.until(`(await wirelab.status()).lang === 'zh' && document.documentElement.lang.startsWith('zh') && document.title.includes('四')`)
	b.noComplaints()
}

func TestKeysReachTheLab(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath+"?example=four-way-close&lang=en")
	b.eval(waitShown, nil)
	b.run("space", chromedp.KeyEvent(" "))
	b.until(`(await wirelab.status()).playing`)
	b.run("space", chromedp.KeyEvent(" "))
	b.until(`!(await wirelab.status()).playing`)
	b.eval(`await wirelab.seek(0)`, nil)
	b.run("right", chromedp.KeyEvent(kb.ArrowRight))
	b.until(`(await wirelab.status()).packets_sent === 1`)
}

// Chinese by an input method: what is being composed is seen, what is settled is a line of the journal.
func TestTextIsTypedWithAnInputMethod(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath+"?example=four-way-close&lang=zh")
	b.eval(waitShown+`await wirelab.seek(0.15)`, nil)
	b.press("terminal/of-A/input")
	b.until(`document.activeElement.id === 'text-input'`)
	compose := func(text string) chromedp.Action {
		return chromedp.ActionFunc(func(ctx context.Context) error {
			return input.ImeSetComposition(text, int64(len([]rune(text))), int64(len([]rune(text)))).Do(ctx)
		})
	}
	commit := chromedp.ActionFunc(func(ctx context.Context) error { return input.InsertText("你好，网络").Do(ctx) })
	b.run("composing", compose("ni"), compose("nihao"))
	b.shot("composing")
	b.run("commit", commit, chromedp.Sleep(200*time.Millisecond), chromedp.KeyEvent(kb.Enter))
	b.until(`(await wirelab.output('A')).includes('你好，网络')`)
	b.eval(`await wirelab.seek(3)`, nil)
	var out string
	b.eval(`return wirelab.output('A')`, &out)
	if strings.Count(out, "你好，网络") < 2 {
		t.Errorf("the echo did not come back:\n%s", out)
	}
	b.shot("typed")
	b.noComplaints()
}

// saved presses Save and returns the file that the browser downloads.
func (b *tab) saved() string {
	b.Helper()
	dir := b.TempDir()
	err := cdpbrowser.SetDownloadBehavior(cdpbrowser.SetDownloadBehaviorBehaviorAllow).WithDownloadPath(dir).
		WithBrowserContextID(b.storage).Do(wholeBrowser())
	if err != nil {
		b.fatal("downloads", err)
	}
	b.press("bar/save")
	for range 200 {
		if found, _ := filepath.Glob(filepath.Join(dir, "*.lab")); len(found) == 1 {
			return found[0]
		}
		time.Sleep(50 * time.Millisecond)
	}
	b.Fatal("nothing was downloaded")
	return ""
}

// Save and open as a person does: a download, a file dialog, a file that is dropped; and the same file on a desktop.
func TestFilesGoOutAndComeIn(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath+"?example=four-way-close&lang=en")
	b.eval(waitShown+`await wirelab.seek(0.3)`, nil)
	var want, got struct {
		Title string `json:"title"`
		Hash  string `json:"state_hash"`
	}
	b.eval(`return wirelab.status()`, &want)
	file := b.saved()

	if program := os.Getenv("WIRELAB_BIN"); program != "" {
		out, err := exec.Command(program, "run", "--json", file).Output()
		if err == nil {
			err = json.Unmarshal(out, &got)
		}
		if err != nil || got.Hash != want.Hash {
			t.Errorf("on the desktop: %v\n%swant %s", err, out, want.Hash)
		}
	}

	b.eval(`await wirelab.example('lost-syn')`, nil)
	chosen := make(chan error, 1)
	chromedp.ListenTarget(b.ctx, func(event any) {
		if e, ok := event.(*page.EventFileChooserOpened); ok {
			go func() {
				chosen <- chromedp.Run(b.ctx, dom.SetFileInputFiles([]string{file}).WithBackendNodeID(e.BackendNodeID))
			}()
		}
	})
	b.run("dialog", page.SetInterceptFileChooserDialog(true))
	b.keys("Ctrl+o")
	select {
	case err := <-chosen:
		if err != nil {
			b.fatal("choosing", err)
		}
	case <-time.After(20 * time.Second):
		t.Fatal("no file dialog opened")
	}
	b.until(`(await wirelab.status()).state_hash === '` + want.Hash + `'`)

	data, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	drop := func(data []byte) {
		b.eval(`const data = new DataTransfer();
			data.items.add(new File([Uint8Array.from(atob('`+toBase64(data)+`'), (c) => c.charCodeAt(0))], 'mine.lab'));
			document.querySelector('canvas').dispatchEvent(new DragEvent('drop', { dataTransfer: data, bubbles: true, cancelable: true }));`, nil)
	}
	b.eval(`await wirelab.example('lost-syn')`, nil)
	drop(data)
	b.until(`(await wirelab.status()).state_hash === '` + want.Hash + `'`)
	data[len(data)/2] ^= 1
	drop(data)
	b.until(`document.getElementById('mirror').textContent.includes('mine.lab was not opened, and your lab is as it was: the file is damaged')`)
	b.eval(`return wirelab.status()`, &got)
	if got != want {
		t.Errorf("after a damaged file: %+v, before %+v", got, want)
	}
	b.shot("damaged")
}
