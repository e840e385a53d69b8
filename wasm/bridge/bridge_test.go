//go:build js

package bridge

import (
	"errors"
	"syscall/js"
	"testing"
	"time"

	"wirelab/lab/words"
	"wirelab/stack/problem"
)

// fake is a session whose seeks take three slices and which remembers what it was asked.
type fake struct {
	log  []string
	work int
	data []byte

	chinese bool
}

type codedError struct{}

func (codedError) Error() string     { return "there is no built-in lab x" }
func (codedError) ErrorCode() string { return "no_example" }

func (f *fake) note(s string) error { f.log = append(f.log, s); return nil }
func (f *fake) long(s string) error { f.work = 3; return f.note(s) }

func (f *fake) Open(data []byte) error        { f.data = data; return f.note("open") }
func (f *fake) Save() ([]byte, error)         { return f.data, nil }
func (f *fake) Example(string) error          { return codedError{} }
func (f *fake) Play()                         { f.note("play") }
func (f *fake) Pause()                        { f.note("pause") }
func (f *fake) Speed(float64) error           { panic("speed is broken") }
func (f *fake) Seek(float64) error            { return f.long("seek") }
func (f *fake) Step(kind string) error        { return f.long("step " + kind) }
func (f *fake) Run(until string) error        { return f.long("run " + until) }
func (f *fake) Exec(host, line string) error  { return f.note(host + ": " + line) }
func (f *fake) Output(string) (string, error) { return "out\xff", nil }
func (f *fake) Command(line string) error {
	if line == "unrule 9" {
		return problem.New("there is no rule %s; there are %d", "9", 0)
	}
	return f.note("do " + line)
}
func (f *fake) WhyText(string) ([]string, error) { return []string{"a", "b"}, nil }
func (f *fake) Export(kind string) ([]byte, error) {
	return []byte(kind), nil
}
func (f *fake) Lang(string) error { return errors.New("plain") }
func (f *fake) Language() words.Lang {
	if f.chinese {
		return words.Chinese
	}
	return words.English
}
func (f *fake) Busy() bool         { return f.work > 0 }
func (f *fake) Work(time.Duration) { f.work--; f.note("work") }
func (f *fake) Err() error         { return nil }

type status struct {
	TimeNS int64 `json:"time_ns"`
}

// caller calls methods as the page does and waits for promises.
type caller struct {
	t *testing.T
	f js.Func
}

func newCaller(t *testing.T) (caller, *fake) {
	session := &fake{}
	b := New(session, func() any { return status{1 << 40} })
	t.Cleanup(func() { b.channel.Get("port1").Call("close") }) // an open port keeps Node alive
	return caller{t, b.Func()}, session
}

func (c caller) begin(name string, args ...any) js.Value {
	return c.f.Invoke(name, js.ValueOf(append([]any{}, args...)))
}

func (c caller) wait(promise js.Value) (value, failure js.Value) {
	done := make(chan struct{})
	then := js.FuncOf(func(_ js.Value, a []js.Value) any { value = a[0]; close(done); return nil })
	caught := js.FuncOf(func(_ js.Value, a []js.Value) any { failure = a[0]; close(done); return nil })
	promise.Call("then", then, caught)
	<-done
	return value, failure
}

func (c caller) call(name string, args ...any) js.Value {
	c.t.Helper()
	value, failure := c.wait(c.begin(name, args...))
	if failure.Truthy() {
		c.t.Fatalf("%s: %s", name, failure.Get("message").String())
	}
	return value
}

func (c caller) refused(code, message, name string, args ...any) {
	c.t.Helper()
	_, failure := c.wait(c.begin(name, args...))
	if !failure.Truthy() {
		c.t.Errorf("%s(%v) was not refused", name, args)
		return
	}
	if got := failure.Get("code").String(); got != code {
		c.t.Errorf("%s(%v): code %q, want %q", name, args, got, code)
	}
	if got := failure.Get("message").String(); got != message {
		c.t.Errorf("%s(%v): message %q, want %q", name, args, got, message)
	}
	if !failure.InstanceOf(js.Global().Get("Error")) {
		c.t.Errorf("%s(%v): not an Error", name, args)
	}
}

func TestBytesGoThere(t *testing.T) {
	c, _ := newCaller(t)
	c.call("open", toBytes([]byte{1, 2, 255}))
	back := c.call("save")
	if !isBytes(back) || back.Length() != 3 || back.Index(2).Int() != 255 {
		t.Errorf("save gave %v", back)
	}
}

func TestResults(t *testing.T) {
	c, _ := newCaller(t)
	if got := c.call("status").Get("time_ns").Float(); got != 1<<40 {
		t.Errorf("time_ns %v", got)
	}
	if got := c.call("output", "a").String(); got != "out\uFFFD" {
		t.Errorf("output %q", got)
	}
	if got := c.call("export", "txt"); got.Type() != js.TypeString {
		t.Errorf("a text is exported as %v", got.Type())
	}
	if got := c.call("export", "pcapng"); !isBytes(got) {
		t.Error("a capture is not exported as bytes")
	}
	if got := c.call("play"); !got.IsUndefined() {
		t.Errorf("play gave %v", got)
	}
}

func TestRefusals(t *testing.T) {
	c, _ := newCaller(t)
	c.refused("no_example", "there is no built-in lab x", "example", "x")
	c.refused("failed", "plain", "lang", "xx")
	c.refused("internal", "speed: an error in the program: speed is broken", "speed", 1)
	c.refused("unknown_method", "there is no method nonsense", "nonsense")
	c.refused("bad_argument", "wirelab.seek(seconds) needs seconds, a number.", "seek")
	c.refused("bad_argument", `wirelab.seek(seconds): seconds must be a number, not "1".`, "seek", "1")
	c.refused("bad_argument", "wirelab.seek(seconds): seconds must be a number, not NaN.", "seek", js.Global().Get("NaN"))
	c.refused("bad_argument", "wirelab.open(data): data must be a Uint8Array, not a value of type Array.", "open", []any{1})
	c.refused("bad_argument", "wirelab.exec(host, commandLine) needs commandLine, a string.", "exec", "client")
	c.refused("bad_argument", "wirelab.step(kind): kind must be a string, not null.", "step", nil)
}

// Messages are in the language of the session; codes are for programs and in none.
func TestRefusalsInChinese(t *testing.T) {
	c, f := newCaller(t)
	f.chinese = true
	c.refused("unknown_method", "没有方法 nonsense", "nonsense")
	c.refused("bad_argument", "wirelab.open(data)：data 的类型须为 Uint8Array，不能是 Array 类型的值。", "open", []any{1})
	c.refused("internal", "speed：程序出错：speed is broken", "speed", 1)
	c.refused("failed", "没有规则 9；共有 0 条", "command", "unrule 9")
}

// A seek is worked off in slices, later calls wait their turn, and a pause or a look does not.
func TestLongWorkKeepsOrder(t *testing.T) {
	c, session := newCaller(t)
	seek := c.begin("seek", 5)
	run := c.begin("run", 2.5)
	exec := c.begin("exec", "client", "ls")
	c.call("pause")
	c.call("status")
	for _, p := range []js.Value{exec, run, seek} {
		if _, failure := c.wait(p); failure.Truthy() {
			t.Fatal(failure.Get("message").String())
		}
	}
	want := []string{"seek", "pause", "work", "work", "work", "run 2.5s", "work", "work", "work", "client: ls"}
	if len(session.log) != len(want) {
		t.Fatalf("log %q", session.log)
	}
	for i := range want {
		if session.log[i] != want[i] {
			t.Fatalf("log %q, want %q", session.log, want)
		}
	}
}
