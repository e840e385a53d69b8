//go:build !js

package browser

import (
	"encoding/json"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/chromedp/chromedp"
)

func TestRefusalsAreErrorsWithACode(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath)
	b.eval(waitReady, nil)
	for call, want := range map[string]string{
		`await wirelab.seek('soon')`:    `bad_argument: wirelab.seek(seconds): seconds must be a number, not "soon".`,
		`await wirelab.exec('client')`:  `bad_argument: wirelab.exec(host, commandLine) needs commandLine, a string.`,
		`await wirelab.open([1, 2, 3])`: `bad_argument: wirelab.open(data): data must be a Uint8Array, not a value of type Array.`,
	} {
		if err := b.try(call, nil); err == nil || err.Error() != want {
			t.Errorf("%s: %v, want %s", call, err, want)
		}
	}
}

// The first minute of a script: a built-in lab, run to its end, its capture as text.
func TestExampleRunExport(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath)
	b.eval(waitReady, nil)
	var text string
	b.eval(`await wirelab.example('handshake-capture'); await wirelab.seek(60); return wirelab.export('txt')`, &text)
	for _, flags := range []string{"Flags [S]", "Flags [S.]", "Flags [.]"} {
		if !strings.Contains(text, flags) {
			t.Errorf("the capture lacks %s:\n%s", flags, text)
		}
	}
	b.shot("handshake")
}

// Playing moves the clock with the frames; pausing stops it.
func TestPlayAndPause(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath)
	b.eval(waitShown, nil)
	var stopped bool
	b.eval(`await wirelab.example('handshake-capture'); await wirelab.play();
		while ((await wirelab.status()).time_ns === 0) await new Promise((r) => setTimeout(r, 50));
		await wirelab.pause();
		const then = (await wirelab.status()).time_ns;
		await new Promise((r) => setTimeout(r, 300));
		return (await wirelab.status()).time_ns === then`, &stopped)
	if !stopped {
		t.Error("the clock went on after pause")
	}
}

// Seeking to and fro never changes the state at an instant, and needs no frame.
func TestSeekIsRepeatable(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath)
	b.eval(waitReady, nil)
	var hashes []string
	b.eval(`await wirelab.example('four-way-close'); const hashes = [];
		for (const at of [0.05, 20, 0.05, 1, 20]) { await wirelab.seek(at); hashes.push((await wirelab.status()).state_hash); }
		return hashes`, &hashes)
	if hashes[0] != hashes[2] || hashes[1] != hashes[4] || hashes[0] == hashes[1] {
		t.Errorf("hashes at 0.05, 20, 0.05, 1, 20 s: %v", hashes)
	}
}

// A lab saved in the browser gives the same state on the desktop.
func TestALabFromTheBrowserRunsOnTheDesktop(t *testing.T) {
	program := os.Getenv("WIRELAB_BIN")
	if program == "" {
		t.Skip("needs WIRELAB_BIN, the desktop program; ./build.sh test gives it")
	}
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath)
	b.eval(waitReady, nil)
	var saved struct {
		Data []byte // base64, as encoding/json reads bytes
		Hash string
	}
	b.eval(`await wirelab.example('four-way-close'); await wirelab.seek(3);
		const bytes = await wirelab.save();
		return { Data: btoa(String.fromCharCode(...bytes)), Hash: (await wirelab.status()).state_hash }`, &saved)
	path := filepath.Join(t.TempDir(), "saved.lab")
	if err := os.WriteFile(path, saved.Data, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command(program, "run", "--json", path).Output()
	if err != nil {
		t.Fatalf("wirelab run: %v\n%s", err, out)
	}
	var status struct {
		StateHash string `json:"state_hash"`
	}
	if err := json.Unmarshal(out, &status); err != nil {
		t.Fatalf("wirelab run printed %s: %v", out, err)
	}
	if status.StateHash != saved.Hash {
		t.Errorf("the hash is %s in the browser and %s on the desktop", saved.Hash, status.StateHash)
	}
	b.eval(`await wirelab.example('lost-syn');
		await wirelab.open(Uint8Array.from(atob('`+toBase64(saved.Data)+`'), (c) => c.charCodeAt(0)))`, nil)
	var hash string
	b.eval(`return (await wirelab.status()).state_hash`, &hash)
	if hash != saved.Hash {
		t.Errorf("opened again in the browser, the hash is %s, want %s", hash, saved.Hash)
	}
}

func toBase64(data []byte) string {
	text, _ := json.Marshal(data)
	return strings.Trim(string(text), `"`)
}

// What the document promises to scripts is there, and does it.
func TestEveryMethodOfTheDocument(t *testing.T) {
	s := newSiteOrSkip(t)
	readme, err := os.ReadFile("../../docs/page.md")
	if err != nil {
		t.Fatal(err)
	}
	_, table, _ := strings.Cut(string(readme), "# The page, from JavaScript")
	table, _, _ = strings.Cut(table, "\n## ")
	b := open(t, s.URL+subPath)
	b.eval(waitReady, nil)
	methods := regexp.MustCompile("(?m)^\\| `([a-z]+)\\(").FindAllStringSubmatch(table, -1)
	if len(methods) < 15 {
		t.Fatalf("the document has only %d methods", len(methods))
	}
	for _, m := range methods {
		b.eval(`if (typeof wirelab.`+m[1]+` !== 'function') throw new Error('wirelab.`+m[1]+` is no function')`, nil)
	}
	var why string
	b.eval(`await wirelab.example('four-way-close'); await wirelab.step('packet'); await wirelab.command('drop 1'); await wirelab.seek(0.2);
		if ((await wirelab.status()).packets_dropped !== 1) throw new Error('nothing was dropped');
		return wirelab.why(1)`, &why)
	if why == "" {
		t.Error("why(1) says nothing")
	}
}

func TestADamagedFileLeavesTheLab(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath)
	b.eval(waitReady, nil)
	var titles []string
	b.eval(`await wirelab.example('lost-syn'); const before = (await wirelab.status()).title;
		let refused = '';
		try { await wirelab.open(new Uint8Array([1, 2, 3])); } catch (e) { refused = e.code; }
		return [before, (await wirelab.status()).title, refused]`, &titles)
	if titles[0] != titles[1] || titles[2] == "" {
		t.Errorf("title before, title after, code: %q", titles)
	}
}

// framedCall is the page around an iframe asking it something over postMessage.
const framedCall = `
	const frame = document.getElementById('lab');
	const call = (method, ...args) => new Promise((resolve, reject) => {
		const id = Math.random();
		addEventListener('message', function answer(e) {
			if (e.source !== frame.contentWindow || e.data.wirelab !== 1 || e.data.id !== id) return;
			removeEventListener('message', answer);
			if (e.data.error) reject(Object.assign(new Error(e.data.error.message), { code: e.data.error.code }));
			else resolve(e.data.result);
		});
		frame.contentWindow.postMessage({ wirelab: 1, id, method, args }, '*');
	});
	if (document.readyState !== 'complete') await new Promise((r) => addEventListener('load', r));
	await call('ready');
`

func TestTheContractOverPostMessage(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+"/frame.html")
	if err := b.try(framedCall+`await call('seek', 'soon')`, nil); err == nil || !strings.HasPrefix(err.Error(), "bad_argument: wirelab.seek") {
		t.Errorf("seek: %v", err)
	}
	if err := b.try(framedCall+`await call('constructor')`, nil); err == nil || !strings.HasPrefix(err.Error(), "unknown_method: There is no method") {
		t.Errorf("constructor: %v", err)
	}
	if err := b.try(framedCall+`await call()`, nil); err == nil || !strings.HasPrefix(err.Error(), "bad_argument: A request needs a method") {
		t.Errorf("no method: %v", err)
	}
	err := b.try(framedCall+`await call('example', 'handshake-capture')`, nil)
	var status struct {
		Title string
		Lang  string
	}
	b.eval(framedCall+`return call('status')`, &status)
	if err != nil || status.Lang != "zh" || status.Title == "" {
		t.Errorf("example: %v, then status %+v", err, status)
	}
	b.shot("framed")
}

// A closed tab loses nothing; a framed lab does not show the visitor's own work to the page around it.
func TestWorkIsKeptButNotShownInAFrame(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath)
	b.eval(waitReady, nil)
	var before, after, framed string
	b.eval(`await wirelab.example('lost-syn'); await wirelab.seek(2); return (await wirelab.status()).title`, &before)
	if err := chromedp.Run(b.ctx, chromedp.Navigate(s.URL+subPath)); err != nil {
		b.fatal("coming back", err)
	}
	b.eval(waitReady+`return (await wirelab.status()).title`, &after)
	if after != before {
		t.Errorf("left %q, came back to %q", before, after)
	}
	if err := chromedp.Run(b.ctx, chromedp.Navigate(s.URL+"/frame.html")); err != nil {
		b.fatal("frame", err)
	}
	b.eval(framedCall+`return (await call('status')).title`, &framed)
	if framed == before {
		t.Errorf("the framed page opened the autosaved %q", framed)
	}
}

// Messages from anyone but the page around the frame are not answered, and a page that is not framed answers nobody.
func TestStrangersAreNotAnswered(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath)
	b.eval(waitReady, nil)
	var answered bool
	b.eval(`let answered = false;
		addEventListener('message', (e) => { if (e.data.result !== undefined || e.data.error) answered = true; });
		window.postMessage({ wirelab: 1, id: 1, method: 'ready', args: [] }, '*');
		await new Promise((r) => setTimeout(r, 300));
		return answered`, &answered)
	if answered {
		t.Error("a message to itself was answered")
	}
}

func TestTheLabSpeaksBothLanguages(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath+"?lang=zh")
	b.eval(waitShown, nil)
	var langs []string
	b.eval(`const langs = [(await wirelab.status()).lang];
		for (const code of ['en', 'zh']) { await wirelab.lang(code); langs.push((await wirelab.status()).lang); }
		return langs`, &langs)
	if strings.Join(langs, " ") != "zh en zh" {
		t.Errorf("languages %v", langs)
	}
	if err := chromedp.Run(b.ctx, chromedp.Evaluate(`wirelab.lang('en')`, nil)); err != nil {
		b.fatal("lang", err)
	}
	b.shot("english")
}
