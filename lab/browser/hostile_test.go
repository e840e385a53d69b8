//go:build !js

package browser

import (
	"encoding/base64"
	"fmt"
	"os"
	"strings"
	"testing"
)

// Files that once took a dead tab to open are opened or refused while the page goes on; a lab in a loop is told of, and save, status and
// pause answer meanwhile.
func TestHostileFilesInThePage(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath+"?lang=en")
	b.eval(waitShown, nil)
	for name, want := range map[string]string{"nil-journal": "bad_file", "nil-branch-journals": "bad_file", "esc-title": "bad_file", "zero-time-storm": ""} {
		data, err := os.ReadFile("../save/testdata/hostile/" + name + ".lab")
		if err != nil {
			t.Fatal(err)
		}
		var code string
		b.eval(fmt.Sprintf(`const data = Uint8Array.from(atob(%q), (c) => c.charCodeAt(0));
			try { await wirelab.open(data); return ''; } catch (e) { return e.code; }`, base64.StdEncoding.EncodeToString(data)), &code)
		if code != want {
			t.Errorf("%s: code %q, want %q", name, code, want)
		}
	}
	var answers []string
	b.eval(`const answers = [];
		const end = wirelab.run(10).then(() => 'reached', (e) => e.message);
		answers.push((await wirelab.save()).constructor.name, (await wirelab.status()).title, String(await wirelab.pause()));
		answers.push(await Promise.race([end, new Promise((r) => setTimeout(() => r('still running'), 20000))]));
		await wirelab.play();
		return answers`, &answers)
	if answers[0] != "Uint8Array" || answers[1] != "New lab" || answers[2] != "undefined" {
		t.Errorf("%q", answers)
	}
	b.said("a loop in the network")
}

// Arguments that no method takes are refused with a sentence, and cost nothing.
func TestForgedArguments(t *testing.T) {
	s := newSiteOrSkip(t)
	b := open(t, s.URL+subPath+"?lang=en")
	b.eval(waitReady, nil)
	for _, call := range []string{
		`wirelab.seek(10n)`, `wirelab.seek(Symbol('x'))`, `wirelab.seek(() => 1)`, `wirelab.speed({})`, `wirelab.exec(new Array(3e7), 'x')`,
		`wirelab.open(new Array(3e7))`, `wirelab.open({ length: 3e9, [Symbol.toStringTag]: 'Uint8Array' })`, `wirelab.open(new Float64Array(9))`,
		`wirelab.open(Object.defineProperty(new Uint8Array(3), 'length', { value: 3e9 }))`, `wirelab.open(new Proxy(new Uint8Array(3), {}))`,
		`wirelab.exec('A', 'x'.repeat(3e8))`, `wirelab.command('corrupt 13 99999')`, `wirelab.command('rule edit nosuch 1')`, `wirelab.seek(...new Array(9))`,
		`wirelab.example('constructor')`, `wirelab.step('constructor')`, `wirelab.run({})`, `wirelab.why(-1)`, `wirelab.export('__proto__')`,
	} {
		err := b.try("await "+call, nil)
		if err == nil || strings.HasPrefix(err.Error(), "internal") || strings.HasPrefix(err.Error(), "RangeError") || len(err.Error()) < 20 {
			t.Errorf("%s: %v", call, err)
		}
	}
	b.eval(`await wirelab.seek(1); if ((await wirelab.status()).time_ns !== 1e9) throw new Error('the lab does not go on');`, nil)
}
