//go:build js

// Package bridge turns the calls of window.wirelab into calls on the open session. It reaches neither Ebitengine nor the
// page's elements, so that its tests run under Node.
package bridge

import (
	"errors"
	"syscall/js"
	"time"

	"wirelab/lab/words"
	"wirelab/stack/problem"
)

// Session is what a page may do with the open lab; *session.Session is the real one.
type Session interface {
	Open(data []byte) error
	Save() ([]byte, error)
	Example(name string) error
	Play()
	Pause()
	Speed(x float64) error
	Seek(seconds float64) error
	Step(kind string) error
	Run(until string) error
	Exec(host, line string) error
	Output(host string) (string, error)
	Command(line string) error
	WhyText(what string) ([]string, error)
	Export(kind string) ([]byte, error)
	Lang(code string) error
	Language() words.Lang
	Busy() bool
	Work(budget time.Duration)
	Err() error // of the work, once it is done
}

// slice is how long a seek may keep the browser's only thread before a frame gets its turn.
const slice = 8 * time.Millisecond

// Bridge keeps calls in order: while the session is busy with a seek, later ones wait.
type Bridge struct {
	session Session
	status  func() any
	waiting []call
	running *call // began a long piece of work and has not been answered yet
	channel js.Value
	ticking bool
}

type call struct {
	name            string
	args            []js.Value
	resolve, reject js.Value
}

// New returns a bridge to session. status returns the struct that status() shows, with json tags.
func New(session Session, status func() any) *Bridge {
	b := &Bridge{session: session, status: status}
	b.channel = js.Global().Get("MessageChannel").New()
	b.channel.Get("port1").Set("onmessage", js.FuncOf(func(js.Value, []js.Value) any {
		b.ticking = false
		b.tick()
		return nil
	}))
	return b
}

// Func returns the function call(name, args) → promise that the page's side of the contract waits for.
func (b *Bridge) Func() js.Func {
	return js.FuncOf(func(_ js.Value, in []js.Value) any {
		c := call{name: in[0].String()}
		for i := range in[1].Length() {
			c.args = append(c.args, in[1].Index(i))
		}
		executor := js.FuncOf(func(_ js.Value, settle []js.Value) any {
			c.resolve, c.reject = settle[0], settle[1]
			return nil
		})
		promise := js.Global().Get("Promise").New(executor)
		executor.Release()
		b.accept(c)
		return promise
	})
}

// accept does a call now if its turn has come. A look at the lab, a copy of it or a pause need not wait for a long seek to end.
func (b *Bridge) accept(c call) {
	if !b.session.Busy() && b.running == nil && len(b.waiting) == 0 || c.name == "status" || c.name == "pause" || c.name == "save" {
		b.do(c)
	} else {
		b.waiting = append(b.waiting, c)
	}
	b.schedule()
}

// do makes one call and answers it, unless the answer has to wait for the session's work.
func (b *Bridge) do(c call) {
	result, err := b.invoke(c)
	switch {
	case err != nil:
		b.fail(c, err)
	case methods[c.name].long && b.session.Busy():
		b.running = &c
	default:
		c.resolve.Invoke(result)
	}
}

// invoke guards the page against a defect in the lab: the call fails, the tab lives.
func (b *Bridge) invoke(c call) (result any, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = &failure{"internal", problem.New("%s: an error in the program: %v", c.name, r)}
		}
	}()
	m, ok := methods[c.name]
	if !ok {
		return nil, &failure{"unknown_method", problem.New("there is no method %s", c.name)}
	}
	if err := checkArgs(c.name, m.params, c.args); err != nil {
		return nil, err
	}
	return m.do(b, c.args)
}

// tick works off one slice and then whatever has been waiting.
func (b *Bridge) tick() {
	if b.session.Busy() {
		b.session.Work(slice)
	}
	if !b.session.Busy() && b.running != nil {
		c := *b.running
		b.running = nil
		if err := b.session.Err(); err != nil {
			b.fail(c, err)
		} else {
			c.resolve.Invoke(js.Undefined())
		}
	}
	for len(b.waiting) > 0 && b.running == nil && !b.session.Busy() {
		c := b.waiting[0]
		b.waiting = b.waiting[1:]
		b.do(c)
	}
	b.schedule()
}

// schedule asks for another tick. A message comes back sooner than a timer, which browsers hold to 4 ms, and in hidden
// tabs to a second; and it needs no frame.
func (b *Bridge) schedule() {
	if b.ticking || b.running == nil && len(b.waiting) == 0 {
		return
	}
	b.ticking = true
	b.channel.Get("port2").Call("postMessage", js.Null())
}

// failure is a refusal with a code that scripts can test.
type failure struct {
	Code string
	Err  error
}

func (e *failure) Error() string { return e.Err.Error() }

// Unwrap returns what says it.
func (e *failure) Unwrap() error { return e.Err }

// fail rejects the promise with a JavaScript Error that carries the code, and says in the session's language what is wrong.
func (b *Bridge) fail(c call, err error) {
	code := "failed"
	var coded interface{ ErrorCode() string }
	var own *failure
	switch {
	case errors.As(err, &coded):
		code = coded.ErrorCode()
	case errors.As(err, &own):
		code = own.Code
	}
	e := js.Global().Get("Error").New(words.Tell(b.session.Language(), err))
	e.Set("code", code)
	c.reject.Invoke(e)
}
