package drill

import (
	"fmt"
	"slices"
)

// Verdict is how a script ended.
type Verdict uint8

// The verdicts.
const (
	OK     Verdict = iota
	Fail           // something was not as the script says
	Cannot         // the script, or this stack, asks for what is not there
)

var verdictNames = [...]string{"ok", "fail", "cannot"}

func (v Verdict) String() string { return verdictNames[v] }

// Result is what came of a script.
type Result struct {
	Verdict  Verdict
	Name     string
	Line     int    // of what failed or could not be run
	Expected string // of Fail; of Cannot it is empty
	Got      string // what came instead; of Cannot: the construct
	Switches []string
	Notes    []string // what was passed over because the script says so, and settings that are not there
}

func (r Result) String() string {
	switch r.Verdict {
	case Fail:
		return fmt.Sprintf("FAIL %s:%d: expected %s, got %s", r.Name, r.Line, r.Expected, r.Got)
	case Cannot:
		if r.Line == 0 { // it could not be read
			return fmt.Sprintf("cannot run %s: %s", r.Name, r.Got)
		}
		return fmt.Sprintf("cannot run %s:%d: %s", r.Name, r.Line, r.Got)
	}
	return "ok " + r.Name
}

// stop is why a run ended before the script did.
type stop struct {
	verdict       Verdict
	line          int
	expected, got string
}

func (s *stop) Error() string { return s.got }

// failed is a difference between script and stack.
func failed(line int, expected, got string) error { return &stop{Fail, line, expected, got} }

// cannot names a construct that is not there.
func cannot(line int, format string, args ...any) error {
	return &stop{verdict: Cannot, line: line, got: fmt.Sprintf(format, args...)}
}

// Options are what a run is given beside the script.
type Options struct {
	Flags    []Option // as at the top of a script, over which they win
	Switches Switches
	Log      func(line string) // of every packet, call and setting; may be nil
}

// Switches loosen or tighten comparisons. A result names those that made a
// difference.
type Switches struct {
	OptOrder  bool // compare TCP options as a set, without nop and eol
	Win       bool // ignore the window of what leaves
	Psh       bool // ignore PSH
	ExtraAcks int  // pure ACKs that may leave unasked
	AckDelay  bool // a pure ACK may leave up to 500 ms late
	RcvBuf    bool // ignore what getsockopt says of SO_RCVBUF and SO_SNDBUF
	TFOCookie bool // the first Fast Open cookie that leaves stands for the script's
	Consts    bool // a name TCPI_X that is not there means TCP_X
	TSEcho    bool // stricter: also compare the echo of timestamps that leave
}

// used remembers that a switch made a difference.
func (r *runner) used(name string) {
	if !slices.Contains(r.result.Switches, name) {
		r.result.Switches = append(r.result.Switches, name)
	}
}

func (r *runner) note(format string, args ...any) {
	r.result.Notes = append(r.result.Notes, fmt.Sprintf(format, args...))
}

func (r *runner) log(format string, args ...any) { r.logAt(r.now, format, args...) }

func (r *runner) logAt(at int64, format string, args ...any) {
	if r.opts.Log != nil {
		r.opts.Log(clock(at-r.start) + " " + fmt.Sprintf(format, args...))
	}
}

// clock writes nanoseconds as seconds with six places.
func clock(ns int64) string {
	sign := ""
	if ns < 0 {
		sign, ns = "-", -ns
	}
	return fmt.Sprintf("%s%d.%06d", sign, ns/1_000_000_000, ns%1_000_000_000/1000)
}
