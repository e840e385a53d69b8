// Package prog is the programs that hosts run, as plain state: a program is
// its kind, its variables and the line it stands at, advanced by Step until it
// would block. Programs talk to their host's sockets and to its terminal and
// to nothing else.
//
// It may import stack and the rooms below it. Start reading at Machine, then Proc; kinds.go lists the
// programs, and each has a file of its own.
package prog

import (
	"bytes"
	"fmt"
	"slices"
	"strings"

	"wirelab/stack"
	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/timer"
	"wirelab/stack/wire"
)

const (
	maxLines = 1000 // that a terminal remembers
	maxLine  = 4096 // bytes of one
	maxInput = 1000 // lines typed ahead
	maxProcs = 64   // on one host
)

// Style of a terminal line, for its colour.
const (
	StyleOut uint8 = iota
	StyleTyped
	StyleCall  // a system call that was made
	StyleError // what went wrong
)

// Line is one line of a terminal.
type Line struct {
	Text  string
	Style uint8
}

// Machine is what a host has besides its stack: programs and a terminal.
type Machine struct {
	Procs    []Proc
	NextPID  uint32
	Lines    []Line
	Open     bool      // the last line may go on: what was written did not end it
	Dropped  uint64    // lines that have scrolled out of Lines
	Queue    []Pending // commands that wait for the one before them
	Input    []string  // typed, and read by nobody yet: by the program in the foreground, or by the shell after it
	Taps     uint8     // programs that want to see frames: Tap
	Captures []Capture // files that tcpdump has written
	Turn     uint32    // counts what was put into the background
	Ended    []EndedJob
	Counted  []uint64 // what nstat printed last
	Busy     bool     // a line was read, and the shell has not said yet what ended
	WakeAt   int64
}

// Proc is a running program. The variables of each kind stand in a struct of
// their own; those of the other kinds are zero.
type Proc struct {
	PID        uint32
	Kind       uint8
	Line       uint16 // of Source: the one it stands at or is blocked in
	Background bool
	Stopped    bool   // by a signal
	Signal     uint8  // that it dies of
	Job        uint32 // among those in the background, from 1; zero: it never was there
	Turn       uint32 // when it became a job, or stopped
	Done       bool
	Stop       bool // ^C was pressed
	Eof        bool // ^D was pressed
	Command    string
	Args       []string
	WakeAt     int64
	FD, Conn   int32
	Buf        []byte
	Sent       uint32  // of Buf, when a write took only a part
	Files      []int32 // other open descriptors
	Bulk       Bulk
	Lookup     []Lookup    // each of these has at most one
	Found      []wire.Addr // what a lookup found
	NC         []NC
	Ping       []Ping
	Trace      []Trace
	Dig        []Dig
	HTTPD      []HTTPD
	Curl       []Curl
	Browser    []Browser
	Dump       []Dump
	Iperf      []Iperf
	Script     []Script
	DHCPD      []DHCPD
	DHClient   []DHClient
	Flood      []Flood
	DNSServer  []DNSServer
	Filters    []Filter // that its output goes through
	Partial    []byte   // the line that it writes to them
}

// Sys is what a program is handed while it runs. It is not state; a lab has
// one, and points it at a host before that host's programs run.
type Sys struct {
	*stack.Host
	Now     int64
	Pool    *block.Pool
	Calls   uint64 // system calls that came back, ever
	Spy     Spy
	Wires   Wires // the links of the lab; nil: there are none
	Hosts   Hosts // what others are called; nil: nobody knows
	machine *Machine
	proc    *Proc
	from    event.Ref   // what lets proc run
	act     event.Act   // the call that is being made
	again   bool        // a program was let go on by another one
	scratch [65536]byte // for data that is read and forgotten

	pageSeen block.Handle // where the page of all sources was last, if it is still there
}

// Exec does what a person does by typing a line and Return at a host's
// terminal. The program in the foreground may read it; what it leaves is for the shell.
func (m *Machine) Exec(s *Sys, line string) {
	if m.Foreground() != nil {
		m.print(StyleTyped, line)
		if len(m.Input) < maxInput {
			m.Input = append(m.Input, line)
		}
		m.Run(s)
		return
	}
	m.prompt(s, line)
	m.Run(s)
}

// prompt does a line that the shell reads.
func (m *Machine) prompt(s *Sys, line string) {
	m.print(StyleTyped, s.Name+"$ "+line)
	m.Busy = true
	m.enter(s, line)
}

// Interrupt does what ^C does: it ends the program in the foreground, and what was typed ahead is forgotten.
func (m *Machine) Interrupt(s *Sys) {
	if p := m.Foreground(); p != nil {
		m.print(StyleTyped, "^C")
		p.Stop, m.Queue, m.Input = true, nil, nil
	}
	m.Run(s)
}

// EndInput does what ^D does: the program in the foreground reads to the end of its input.
func (m *Machine) EndInput(s *Sys) {
	if p := m.Foreground(); p != nil {
		p.Eof = true
	}
	m.Run(s)
}

// Foreground returns the program that has the terminal, or nil.
func (m *Machine) Foreground() *Proc {
	for i := range m.Procs {
		if p := &m.Procs[i]; !p.Done && !p.Background {
			return p
		}
	}
	return nil
}

// Run steps every program until it blocks, forgets those that are done, and starts what waited for them.
func (m *Machine) Run(s *Sys) {
	s.machine = m
	for {
		m.step(s)
		if s.again || m.startNext(s.Now) {
			s.again = false
			continue
		}
		if m.Foreground() != nil {
			return
		}
		if m.Busy {
			m.Busy = false
			m.notify()
		}
		if len(m.Input) == 0 {
			return
		}
		m.prompt(s, m.takeLine())
	}
}

func (m *Machine) step(s *Sys) {
	done := false
	m.WakeAt = timer.Never
	for i := range m.Procs {
		p := &m.Procs[i]
		if p.Stopped && p.Signal != sigKill {
			continue
		}
		s.proc, s.from = p, s.woke()
		if p.WakeAt <= s.Now {
			if from, fired := s.FireProgram(p.Kind, p.PID, p.WakeAt); fired {
				s.from = from
			}
			p.WakeAt = timer.Never
		}
		at := p.WakeAt
		for !p.Done {
			if p.Stop || p.Signal > 0 {
				s.die(p)
			} else if !kinds[p.Kind].step(s, p) && p.Signal == 0 {
				break
			}
		}
		if p.Done {
			p.WakeAt = timer.Never
		}
		if p.WakeAt != at && p.WakeAt != timer.Never {
			s.ArmProgram(p.PID, p.WakeAt)
		}
	}
	s.proc = nil
	for i := range m.Procs {
		done = done || m.Procs[i].Done
		if !m.Procs[i].Stopped {
			m.WakeAt = min(m.WakeAt, m.Procs[i].WakeAt)
		}
	}
	if done {
		m.Procs = slices.DeleteFunc(m.Procs, func(p Proc) bool { return p.Done })
	}
}

// write puts what a program wrote on the terminal: a line for each line in it,
// of which the last goes on if it has no end yet.
func (m *Machine) write(data []byte) {
	for len(data) > 0 {
		line, rest, ended := bytes.Cut(data, []byte{'\n'})
		if last := len(m.Lines) - 1; m.Open && len(m.Lines[last].Text)+len(line) <= maxLine {
			m.Lines[last].Text = erased(m.Lines[last].Text + visible(line))
		} else {
			line, rest = line[:min(len(line), maxLine)], data[min(len(line), maxLine):]
			rest, ended = bytes.CutPrefix(rest, []byte{'\n'})
			m.print(StyleOut, erased(visible(line)))
		}
		m.Open, data = !ended, rest
	}
}

// shown replaces the bytes that a terminal would act on instead of showing them.
// It looks at bytes, as a character may come in two pieces.
func shown(line []byte) string { return strings.ReplaceAll(visible(line), "\b", "·") }

// visible is shown without backspaces, which a terminal can act on.
func visible(line []byte) string {
	var b strings.Builder
	for _, c := range line {
		switch {
		case c == '\r':
		case c == '\b':
			b.WriteByte(c)
		case c < ' ' || c == 0x7f:
			b.WriteString("·")
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// erased takes the character in front of each backspace away.
func erased(text string) string {
	for {
		at := strings.IndexByte(text, '\b')
		if at < 0 {
			return text
		}
		text = text[:max(at-1, 0)] + text[at+1:]
	}
}

// print adds a line to the terminal.
func (m *Machine) print(style uint8, text string) {
	m.Open = false
	if len(m.Lines) >= maxLines {
		drop := maxLines / 10
		m.Lines = append(m.Lines[:0:0], m.Lines[drop:]...)
		m.Dropped += uint64(drop)
	}
	m.Lines = append(m.Lines, Line{text, style})
}

// Output returns the terminal as text.
func (m *Machine) Output() string {
	var b strings.Builder
	for _, l := range m.Lines {
		b.WriteString(l.Text)
		b.WriteByte('\n')
	}
	return b.String()
}

func (s *Sys) printf(style uint8, format string, args ...any) {
	text := fmt.Sprintf(format, args...)
	if p := s.proc; style == StyleOut && p != nil && len(p.Filters) > 0 {
		s.write([]byte(text + "\n"))
		return
	}
	s.machine.print(style, text)
}

// write writes to the standard output: the terminal, or what stands behind a |.
func (s *Sys) write(data []byte) {
	p := s.proc
	if len(p.Filters) == 0 {
		s.machine.write(data)
		return
	}
	p.Partial = append(p.Partial, data...)
	for {
		line, rest, ended := bytes.Cut(p.Partial, []byte{'\n'})
		if !ended && len(line) <= maxLine {
			return
		}
		if !ended {
			line, rest = line[:maxLine], line[maxLine:]
		}
		p.Partial = slices.Clone(rest)
		s.machine.pipe(p, 0, shown(line))
	}
}

// call prints a system call and its result, as strace does.
func (s *Sys) call(err tcp.Errno, result int, format string, args ...any) {
	var room [96]byte
	text, style := fmt.Appendf(room[:0], format, args...), uint8(StyleCall)
	if err != 0 {
		text, style = fmt.Appendf(text, " = -1 %s (%s)", err.Name(), err.Error()), StyleError
	} else {
		text = fmt.Appendf(text, " = %d", result)
	}
	s.machine.print(style, string(text))
}

// exit ends the program and closes what it has open.
func (s *Sys) exit() {
	p := s.proc
	s.endPipe(p)
	s.machine.dismiss(p)
	for _, fd := range []int32{p.Conn, p.FD} {
		if fd >= 0 {
			s.Close(fd)
		}
	}
	for _, fd := range p.Files {
		s.Close(fd)
	}
	s.endLookup(p)
	s.closeDump(p)
	s.Pool.Release(p.Bulk.Page)
	p.Bulk.Page = 0
	p.FD, p.Conn, p.Files, p.Done = -1, -1, nil, true
}

// gets takes a typed line; false if there is none yet.
func (s *Sys) gets() (string, bool) {
	if s.proc.Background || len(s.machine.Input) == 0 {
		return "", false
	}
	return s.machine.takeLine(), true
}

// takeLine takes the oldest line of what was typed.
func (m *Machine) takeLine() string {
	line := m.Input[0]
	if m.Input = slices.Clone(m.Input[1:]); len(m.Input) == 0 {
		m.Input = nil
	}
	return line
}

// flush writes what is left of Buf to fd; it reports whether all is written.
func (s *Sys) flush(fd int32) (bool, tcp.Errno) {
	p := s.proc
	for int(p.Sent) < len(p.Buf) {
		n, err := s.Write(fd, p.Buf[p.Sent:])
		if err != 0 {
			return false, err
		}
		p.Sent += uint32(n)
	}
	p.Buf, p.Sent = p.Buf[:0], 0
	return true, 0
}

// Unfinished returns a program that waits for a time, as part of what it was started for, and false if there is none. A lease or an idle
// connection that a program keeps counts only if its end is due by the time soon.
func (m *Machine) Unfinished(soon int64) (p *Proc, unfinished bool) {
	for i := range m.Procs {
		p := &m.Procs[i]
		if p.Stopped {
			continue
		}
		keeps := len(p.HTTPD) > 0 || len(p.DHClient) > 0 && p.DHClient[0].State >= dhcpBound
		if p.WakeAt <= soon || p.WakeAt != timer.Never && !keeps {
			return p, true
		}
	}
	return nil, false
}
