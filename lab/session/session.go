// Package session is the lab that is open: what a window, the page and the
// command line do with it. It paces play by the wall clock, works long seeks
// off in slices, and turns every failure into a code and a sentence.
//
// It may import everything of stack and lab below it, and knows nothing of
// pixels. Start reading at Session.
package session

import (
	"fmt"
	"strconv"
	"strings"
	"time"

	"wirelab/lab"
	"wirelab/lab/lesson"
	"wirelab/lab/trace"
	"wirelab/lab/words"
)

// Status is what window.wirelab.status() and `wirelab run --json` show.
type Status struct {
	Title            string `json:"title"`
	TimeNs           int64  `json:"time_ns"`
	Playing          bool   `json:"playing"`
	Events           uint64 `json:"events"`
	PacketsSent      uint64 `json:"packets_sent"`
	PacketsDelivered uint64 `json:"packets_delivered"`
	PacketsDropped   uint64 `json:"packets_dropped"`
	BytesDelivered   uint64 `json:"bytes_delivered"`
	StateHash        string `json:"state_hash"`
	RecordBytes      uint64 `json:"record_bytes"`       // of memory that records of what happened take,
	RecordLimitBytes uint64 `json:"record_limit_bytes"` // and that they may take
	Lang             string `json:"lang"`
}

// goal is work that is not done yet: a seek, or a step that runs until
// something has happened.
type goal struct {
	at       lab.Position
	exact    bool        // to the position; else to at.TimeNs
	again    []lab.Entry // that are to be done first, each at its time
	opened   bool        // the lab was opened, and should find there
	hash     string      // this state
	until    func(*lab.Lab) bool
	text     string // of the goal that a person named, who is told if it is not met
	lastTime int64  // give up looking beyond this
}

// Session is an open lab with a person at it.
type Session struct {
	// SkipIdle lets play hurry through time in which nothing is on its way.
	SkipIdle bool

	// Window, if set, says how the window is when a file is made.
	Window func() []lab.Setting

	// Leaving, if set, is called before another document is opened.
	Leaving func()

	lab *lab.Lab
	document
	before, after []document // that undo and redo bring back
	edits         uint64     // of any document, ever
	makeID        func() string
	ids           int
	patience      time.Duration
	size          size
	notices       []error

	idle     float64 // the speed of a time in which nothing is on its way, zero at others
	playing  bool
	speed    float64 // virtual seconds a second
	owed     float64 // ns of virtual time that play has not run yet
	goal     *goal
	course   course
	err      error               // of the work, for whoever waits
	captured map[captureKey]bool // files of tcpdump that were handed over
	departed *words.Error        // how the lab that was opened departs from its file; nil: it does not
	lang     words.Lang
}

// New returns a session with the first built-in lab open.
func New() *Session {
	s := &Session{speed: 0.01, lang: words.English, patience: patience}
	if err := s.Example(lesson.Names()[0]); err != nil {
		panic(err) // a built-in lab that does not build is a mistake in the program
	}
	s.untouched = true
	return s
}

// Lab returns the open lab for looking at.
func (s *Session) Lab() *lab.Lab { return s.lab }

// Save returns the open lab as a .lab file. Entries that wait to be done again are done first: they are a part of it.
func (s *Session) Save() ([]byte, error) {
	for s.Unfinished() {
		s.Work(patience)
	}
	f := s.whole()
	b, err := f.Encode()
	if err != nil {
		return nil, &Error{"failed", err}
	}
	return b, nil
}

// View is how the window was left when the open lab was saved.
func (s *Session) View() []lab.Setting { return s.file.View }

// Play lets virtual time follow the wall clock.
func (s *Session) Play() { s.playing = true }

// Pause stops time, and ends a long seek where it is. Entries that wait to be done again go on: no journal loses them.
func (s *Session) Pause() {
	s.playing, s.owed = false, 0
	if !s.Unfinished() {
		s.goal = nil
	}
	s.course.ahead, s.course.stop = false, nil
}

// Playing reports whether time runs.
func (s *Session) Playing() bool { return s.playing }

// Speed sets how many virtual seconds pass in one.
func (s *Session) Speed(x float64) error {
	if !(x >= 1e-9 && x <= 1e6) {
		return fail("bad_argument", "a speed lies between 0.000000001 and 1000000, not at %v", x)
	}
	s.speed = x
	return nil
}

// SpeedNow returns the speed.
func (s *Session) SpeedNow() float64 { return s.speed }

// Seek goes to a time, in seconds.
func (s *Session) Seek(seconds float64) error {
	if !(seconds >= 0 && seconds <= 1e9) {
		return fail("bad_argument", "a time lies between 0 and 1000000000 s, not at %v", seconds)
	}
	s.SeekNs(int64(seconds*1e9 + 0.5))
	return nil
}

// SeekNs goes to a time in nanoseconds.
func (s *Session) SeekNs(t int64) {
	t = max(t, 0)
	s.lab.Jump(t)
	s.err = nil
	s.goal = &goal{at: lab.Position{TimeNs: t}}
	s.owed = 0
}

// Exec types a line at a host's terminal.
func (s *Session) Exec(host, line string) error {
	id, err := s.host(host)
	if err != nil {
		return err
	}
	switch line { // keys, where a line is all that can be sent
	case "^C":
		return s.Do(lab.Interrupt{Node: id})
	case "^D":
		return s.Do(lab.EndInput{Node: id})
	}
	return s.Do(lab.Exec{Node: id, Line: line})
}

// Output returns what stands on a host's terminal.
func (s *Session) Output(host string) (string, error) {
	id, err := s.host(host)
	if err != nil {
		return "", err
	}
	return s.lab.Machine(id).Output(), nil
}

func (s *Session) host(name string) (uint32, error) {
	var names []string
	for i := range s.lab.Present {
		if s.lab.Host(i) == nil {
			continue
		}
		if n := s.lab.Node(i).Name; n == name {
			return i, nil
		} else {
			names = append(names, n)
		}
	}
	return 0, fail("not_found", "there is no host %q; there are %s", name, strings.Join(names, ", "))
}

// Export returns the session so far in another form.
func (s *Session) Export(kind string) ([]byte, error) {
	style := trace.Current
	switch kind {
	case "txt":
	case "classic.txt":
		style = trace.Classic
	default:
		return nil, fail("not_yet", "cannot export %q yet; txt and classic.txt can be had", kind)
	}
	d := trace.Dump{Style: style}
	var b strings.Builder
	err := s.lab.Frames(s.lab.Position().TimeNs, func(at int64, frame []byte) {
		b.WriteString(d.Line(at, frame))
		b.WriteByte('\n')
	})
	if err != nil {
		return nil, &Error{"failed", err}
	}
	return []byte(b.String()), nil
}

// Lang sets the language: en or zh.
func (s *Session) Lang(code string) error {
	lang, ok := words.Parse(code)
	if !ok {
		return fail("bad_argument", "the languages are en and zh, not %q", code)
	}
	s.lang = lang
	return nil
}

// Language returns the language.
func (s *Session) Language() words.Lang { return s.lang }

// Status returns the numbers of the lab as it stands.
func (s *Session) Status() Status {
	c, at := s.lab.Counts(), s.lab.Position()
	return Status{s.Title(), at.TimeNs, s.playing, at.Events, c.Sent, c.Delivered, c.Dropped, c.Bytes, s.hash(), s.lab.RecordBytes(), s.lab.RecordLimit, string(s.lang)}
}

func (s *Session) hash() string { return fmt.Sprintf("%016x", s.lab.Hash()) }

// Busy reports whether a seek or a step is not done yet.
func (s *Session) Busy() bool { return s.goal != nil }

// ParseTime reads a time such as "10s", "1.5ms" or a number of seconds.
func ParseTime(text string) (int64, error) {
	if d, err := time.ParseDuration(text); err == nil && d >= 0 {
		return int64(d), nil
	}
	if x, err := strconv.ParseFloat(text, 64); err == nil && x >= 0 && x <= 1e9 {
		return int64(x*1e9 + 0.5), nil
	}
	return 0, fail("bad_argument", "%q is not a time such as 10s, 1.5ms or 2", text)
}

// Unfinished reports whether journal entries wait to be done again in a branch that a change began.
func (s *Session) Unfinished() bool { return s.goal != nil && len(s.goal.again) > 0 }

// Err returns the failure of the last work, nil if it was done.
func (s *Session) Err() error { return s.err }
