package prog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Jobs are programs that were started with & : jobs, fg, bg and kill, in the words of bash.

const (
	sigInt  uint8 = 2
	sigKill uint8 = 9
	sigPipe uint8 = 13
	sigTerm uint8 = 15
	sigCont uint8 = 18
)

// signals are those of Linux, from 1, each with what strsignal(3) says of a program that died of it; those without
// are ignored, and "Stopped" stops.
var signals = [...][2]string{{"HUP", "Hangup"}, {"INT", "Interrupt"}, {"QUIT", "Quit"}, {"ILL", "Illegal instruction"}, {"TRAP", "Trace/breakpoint trap"},
	{"ABRT", "Aborted"}, {"BUS", "Bus error"}, {"FPE", "Floating point exception"}, {"KILL", "Killed"}, {"USR1", "User defined signal 1"},
	{"SEGV", "Segmentation fault"}, {"USR2", "User defined signal 2"}, {"PIPE", "Broken pipe"}, {"ALRM", "Alarm clock"}, {"TERM", "Terminated"},
	{"STKFLT", "Stack fault"}, {"CHLD", ""}, {"CONT", ""}, {"STOP", "Stopped"}, {"TSTP", "Stopped"},
	{"TTIN", "Stopped"}, {"TTOU", "Stopped"}, {"URG", ""}, {"XCPU", "CPU time limit exceeded"}, {"XFSZ", "File size limit exceeded"},
	{"VTALRM", "Virtual timer expired"}, {"PROF", "Profiling timer expired"}, {"WINCH", ""}, {"IO", "I/O possible"}, {"PWR", "Power failure"}, {"SYS", "Bad system call"}}

// EndedJob is a job that is over and of which nobody was told yet.
type EndedJob struct {
	Number, Turn   uint32
	State, Command string
}

// job is a line of jobs.
type job struct {
	number, turn, pid uint32
	state, command    string
	proc              *Proc // nil: it is over
}

// jobs lists the jobs in order of number.
func (m *Machine) jobs() (list []job) {
	for i := range m.Procs {
		if p := &m.Procs[i]; p.Job > 0 && p.Background && !p.Done {
			j := job{p.Job, p.Turn, p.PID, "Running", p.Command + " &", p}
			if p.Stopped {
				j.state, j.command = "Stopped", p.Command
			}
			list = append(list, j)
		}
	}
	for _, e := range m.Ended {
		list = append(list, job{number: e.Number, turn: e.Turn, state: e.State, command: e.Command})
	}
	slices.SortFunc(list, func(a, b job) int { return int(a.number) - int(b.number) })
	return list
}

// mark is what stands behind the number of a job: + at the one that was used last, - at the one before.
func mark(list []job, j *job) byte {
	later := 0
	for i := range list {
		if list[i].turn > j.turn {
			later++
		}
	}
	return "+- "[min(later, 2)]
}

// employ gives a program a number among the jobs.
func (m *Machine) employ(p *Proc) {
	list := m.jobs()
	p.Job = 1
	if len(list) > 0 {
		p.Job = list[len(list)-1].number + 1
	}
	m.Turn++
	p.Turn = m.Turn
	m.print(StyleOut, fmt.Sprintf("[%d] %d", p.Job, p.PID))
}

// dismiss notes that a job is over.
func (m *Machine) dismiss(p *Proc) {
	if p.Job == 0 || !p.Background {
		return
	}
	state := "Done"
	if p.Signal > 0 && p.Signal != sigPipe {
		state = signals[p.Signal-1][1]
	}
	if len(m.Ended) >= maxProcs {
		m.Ended = slices.Clone(m.Ended[1:])
	}
	m.Ended = append(m.Ended, EndedJob{p.Job, p.Turn, state, p.Command})
}

// notify tells what jobs ended, before the shell waits for a line again.
func (m *Machine) notify() {
	list := m.jobs()
	for i := range list {
		if j := &list[i]; j.proc == nil {
			m.print(StyleOut, jobLine(list, j, false))
		}
	}
	m.Ended = nil
}

func jobLine(list []job, j *job, long bool) string {
	pid := " "
	if long {
		pid = fmt.Sprintf("%d ", j.pid)
	}
	return fmt.Sprintf("[%d]%c %s%-24s%s", j.number, mark(list, j), pid, j.state, j.command)
}

// find looks a job up by %N, %+, %-, %NAME or %?PART; without a word it is the current one.
func find(list []job, spec string) (j *job, why string) {
	word := strings.TrimPrefix(spec, "%")
	n, err := strconv.ParseUint(word, 10, 32)
	var want func(j *job) bool
	switch part, inside := strings.CutPrefix(word, "?"); {
	case word == "" || word == "+" || word == "%":
		if want = func(j *job) bool { return mark(list, j) == '+' }; spec == "" {
			spec = "current"
		}
	case word == "-":
		want = func(j *job) bool { return mark(list, j) == '-' || len(list) == 1 }
	case err == nil:
		want = func(j *job) bool { return uint64(j.number) == n }
	case inside:
		want = func(j *job) bool { return strings.Contains(j.command, part) }
	default:
		want = func(j *job) bool { return strings.HasPrefix(j.command, word) }
	}
	for i := range list {
		if list[i].proc == nil || !want(&list[i]) {
			continue
		}
		if j != nil {
			return nil, word + ": ambiguous job spec"
		}
		j = &list[i]
	}
	if j == nil {
		return nil, spec + ": no such job"
	}
	return j, ""
}

func anything([]string) error { return nil }

// grumble is an error of a command of the shell itself.
func (s *Sys) grumble(name, format string, args ...any) {
	s.printf(StyleError, "bash: %s: %s", name, fmt.Sprintf(format, args...))
}

var jobsSource = []string{`list_jobs();`}

func stepJobs(s *Sys, p *Proc) bool {
	defer s.exit()
	args := p.Args
	long, pids, only := false, false, ""
	for ; len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-'; args = args[1:] {
		for _, c := range args[0][1:] {
			switch c {
			case 'l':
				long = true
			case 'p':
				pids = true
			case 'r':
				only = "Running"
			case 's':
				only = "Stopped"
			default:
				s.grumble("jobs", "-%c: invalid option", c)
				s.printf(StyleError, "jobs: usage: jobs [-lprs] [jobspec ...]")
				return false
			}
		}
	}
	list := s.machine.jobs()
	show := func(j *job) {
		switch {
		case only != "" && j.state != only:
		case pids && j.proc != nil:
			s.printf(StyleOut, "%d", j.pid)
		case !pids:
			s.printf(StyleOut, "%s", jobLine(list, j, long))
		}
	}
	for _, spec := range args {
		if j, why := find(list, spec); j == nil {
			s.grumble("jobs", "%s", why)
		} else {
			show(j)
		}
	}
	if len(args) == 0 {
		for i := range list {
			show(&list[i])
		}
		if only == "" {
			s.machine.Ended = nil
		}
	}
	return false
}

var fgSource = []string{`kill(-pgrp, SIGCONT);`, `tcsetpgrp(0, pgrp);  // fg`}

func stepFg(s *Sys, p *Proc) bool {
	defer s.exit()
	name := kinds[p.Kind].name
	args := p.Args
	if len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		s.grumble(name, "%s: invalid option", args[0][:2])
		s.printf(StyleError, "%s: usage: %s", name, usage(name))
		return false
	}
	if len(args) == 0 {
		args = []string{""}
	} else if name == "fg" {
		args = args[:1]
	}
	list := s.machine.jobs()
	for _, spec := range args {
		j, why := find(list, spec)
		switch {
		case j == nil:
			s.grumble(name, "%s", why)
		case name == "fg":
			s.printf(StyleOut, "%s", j.proc.Command)
			j.proc.Background, j.proc.Stopped = false, false
			s.again = true
		case !j.proc.Stopped:
			s.grumble(name, "job %d already in background", j.number)
		default:
			s.printf(StyleOut, "[%d]%c %s &", j.number, mark(list, j), j.proc.Command)
			j.proc.Stopped = false
			s.again = true
		}
	}
	return false
}

var killSource = []string{`kill(pid, signal);`}

const killUsage = "kill: usage: kill [-s sigspec | -n signum | -sigspec] pid | jobspec ... or kill -l [sigspec]"

// signalOf reads a signal: 9, KILL or SIGKILL. Zero only asks whether the program is there.
func signalOf(word string) (uint8, bool) {
	if n, err := strconv.ParseUint(word, 10, 8); err == nil {
		return uint8(n), n <= uint64(len(signals))
	}
	name := strings.TrimPrefix(strings.ToUpper(word), "SIG")
	for i := range signals {
		if signals[i][0] == name {
			return uint8(i + 1), true
		}
	}
	return 0, false
}

func stepKill(s *Sys, p *Proc) bool {
	defer s.exit()
	args, sig := p.Args, "TERM"
	if len(args) > 0 && len(args[0]) > 1 && args[0][0] == '-' {
		switch opt := args[0]; {
		case opt == "-l":
			s.killList(args[1:])
			return false
		case opt == "-s" || opt == "-n":
			if len(args) == 1 {
				s.grumble("kill", "%s: option requires an argument", opt)
				return false
			}
			sig, args = args[1], args[2:]
		case opt != "--":
			sig, args = opt[1:], args[1:]
		default:
			args = args[1:]
		}
	}
	number, ok := signalOf(sig)
	switch {
	case !ok:
		s.grumble("kill", "%s: invalid signal specification", sig)
		return false
	case len(args) == 0:
		s.printf(StyleError, killUsage)
		return false
	}
	for _, word := range args {
		s.killOne(word, number)
	}
	return false
}

func (s *Sys) killOne(word string, number uint8) {
	var target *Proc
	if word[:min(1, len(word))] == "%" {
		j, why := find(s.machine.jobs(), word)
		if j == nil {
			s.grumble("kill", "%s", why)
			return
		}
		target = j.proc
	} else {
		pid, err := strconv.ParseUint(word, 10, 32)
		if err != nil {
			s.grumble("kill", "%s: arguments must be process or job IDs", word)
			return
		}
		at := slices.IndexFunc(s.machine.Procs, func(p Proc) bool { return uint64(p.PID) == pid && !p.Done && p.PID != s.proc.PID })
		if at < 0 {
			s.grumble("kill", "(%d) - No such process", pid)
			return
		}
		target = &s.machine.Procs[at]
	}
	if number > 0 {
		s.signal(target, number)
	}
}

// signal sends a program a signal.
func (s *Sys) signal(p *Proc, number uint8) {
	s.again = true
	switch word := signals[number-1][1]; {
	case number == sigCont:
		p.Stopped = false
	case word == "Stopped":
		if !p.Stopped && p.Background {
			s.machine.Turn++
			p.Stopped, p.Turn = true, s.machine.Turn
		}
	case number == sigInt && kinds[p.Kind].stop != nil, number == sigTerm && kinds[p.Kind].name == "tcpdump": // which catches it
		p.Stop = true
	case word != "" && (p.Signal == 0 || number == sigKill):
		p.Signal = number
	}
}

// die ends a program that a signal terminates. One that catches the signal runs its stop function first.
func (s *Sys) die(p *Proc) {
	if p.Signal != sigPipe && len(p.Filters) > 0 { // the filters die with it
		p.Filters = []Filter{{Kind: uint8(kindOf("head")), Over: true}}
	}
	if stop := kinds[p.Kind].stop; stop != nil && p.Stop {
		stop(s, p)
	}
	s.exit()
}

func (s *Sys) killList(args []string) {
	for _, word := range args {
		n, ok := signalOf(word)
		switch {
		case !ok || n == 0:
			s.grumble("kill", "%s: invalid signal specification", word)
		case strings.Trim(word, "0123456789") == "":
			s.printf(StyleOut, "%s", signals[n-1][0])
		default:
			s.printf(StyleOut, "%d", n)
		}
	}
	if len(args) > 0 {
		return
	}
	for i := 0; i < len(signals); i += 5 {
		line := ""
		for k := i; k < min(i+5, len(signals)); k++ {
			line += fmt.Sprintf("%2d) SIG%s\t", k+1, signals[k][0])
		}
		s.printf(StyleOut, "%s", untab(strings.TrimSuffix(line, "\t")))
	}
}
