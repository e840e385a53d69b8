package prog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wirelab/stack"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// script runs socket calls line by line, as the C programs of textbooks make them: each blocks as it does
// there, and shows as strace would show it. The calls themselves are in scriptcalls.go.

// Script is the variables of script. Its Source belongs to the process; Proc.Line says where it stands.
type Script struct {
	Source []string
	Vars   []Var
	Typed  bool   // lines come from the terminal
	Begun  bool   // the line has been begun: it may block
	Until  int64  // it blocks until then at most: sleep, a timeout of the socket, lingering
	Slot   uint32 // of the connection whose close lingers
	Gen    uint32
}

// Var is a variable of a script.
type Var struct {
	Name  string
	Value int64
}

const (
	maxStatements = 500
	maxVars       = 64
)

func parseScript(args []string) (list []string, err error) {
	for _, a := range args {
		list = append(list, splitStatements(a)...)
	}
	for _, line := range list {
		st, err := parseStatement(line)
		if err == nil && st.call != "" && scriptCall(st.call) == nil {
			err = unknownCall(st.call)
		}
		if err != nil {
			return nil, err
		}
	}
	return list, nil
}

func unknownCall(name string) error {
	var names []string
	for i := range scriptCalls {
		names = append(names, scriptCalls[i].name)
	}
	return fmt.Errorf("there is no call %s; there are %s", name, strings.Join(names, ", "))
}

var scriptWaits = []string{`// type a line, such as fd = socket(AF_INET, SOCK_STREAM, 0);`}

func stepScript(s *Sys, p *Proc) bool {
	if len(p.Script) == 0 {
		list, _ := parseScript(p.Args)
		p.Script = []Script{{Source: list, Typed: len(list) == 0}}
		p.Line = 1
	}
	sc := &p.Script[0]
	if int(p.Line) > len(sc.Source) {
		line, ok := "", false
		if sc.Typed && len(sc.Source) < maxStatements {
			line, ok = s.gets()
		}
		switch {
		case ok:
			sc.Source = append(sc.Source, line)
			return true
		case !sc.Typed || p.Eof || len(sc.Source) >= maxStatements:
			s.exit()
		}
		return false
	}
	st, err := parseStatement(sc.Source[p.Line-1])
	call := scriptCall(st.call)
	if err == nil && st.call != "" && call == nil {
		err = unknownCall(st.call)
	}
	if err == nil && call != nil && (len(st.args) < call.least || len(st.args) > call.most) {
		err = fmt.Errorf("%s is called as %s", call.name, call.shape)
	}
	if err != nil {
		s.printf(StyleError, "%s", err.Error())
		return s.scriptNext(p)
	}
	if call == nil { // nothing to do
		return s.scriptNext(p)
	}
	k := &scriptRun{s: s, p: p, sc: sc, name: st.call, args: st.args, socket: -1}
	result, errno := call.do(k)
	if k.wrong != nil {
		s.printf(StyleError, "%s: %s", call.name, k.wrong.Error())
		return s.scriptNext(p)
	}
	if k.blocks {
		sc.Begun, p.WakeAt = true, sc.wake()
		return false
	}
	if st.into != "" {
		v := result
		if errno != 0 {
			v = -1
		}
		sc.set(st.into, v)
	}
	s.call(errno, int(result), "%s(%s)", call.name, strings.Join(k.shown, ", "))
	return s.scriptNext(p)
}

func (s *Sys) scriptNext(p *Proc) bool {
	sc := &p.Script[0]
	sc.Begun, sc.Until = false, 0
	p.Buf, p.Sent, p.Found = nil, 0, nil
	p.Line++
	return true
}

func (sc *Script) set(name string, v int64) {
	for i := range sc.Vars {
		if sc.Vars[i].Name == name {
			sc.Vars[i].Value = v
			return
		}
	}
	if len(sc.Vars) < maxVars {
		sc.Vars = append(sc.Vars, Var{name, v})
	}
}

// scriptRun is a call while it is made.
type scriptRun struct {
	s        *Sys
	p        *Proc
	sc       *Script
	name     string
	args     []argument
	socket   int32    // that it is about
	dontWait bool     // MSG_DONTWAIT
	shown    []string // its arguments, as strace shows them
	blocks   bool
	wrong    error
}

// constants that scripts may name, with Linux's values.
var constants = []Var{{"AF_INET", 2}, {"AF_INET6", 10}, {"PF_INET", 2}, {"SOCK_STREAM", 1}, {"SOCK_DGRAM", 2}, {"IPPROTO_IP", 0}, {"IPPROTO_ICMP", 1}, {"IPPROTO_TCP", 6}, {"IPPROTO_UDP", 17},
	{"IPPROTO_IPV6", 41}, {"SOL_SOCKET", 1}, {"SOL_TCP", 6}, {"SOL_IP", 0}, {"SHUT_RD", 0}, {"SHUT_WR", 1}, {"SHUT_RDWR", 2}, {"SOMAXCONN", 4096}, {"MSG_OOB", 1}, {"MSG_PEEK", 2}, {"MSG_DONTWAIT", msgDontWait},
	{"MSG_EOR", msgEOR}, {"MSG_WAITALL", msgWaitAll}, {"MSG_NOSIGNAL", msgNoSignal}, {"MSG_MORE", msgMore}, {"NULL", 0}}

// number returns the value of argument i: a number, a variable or a constant.
func (k *scriptRun) number(i int) int64 {
	if i >= len(k.args) {
		return 0
	}
	var sum int64
	for word := range strings.SplitSeq(k.args[i].text, "|") {
		word = strings.TrimSpace(word)
		v, err := strconv.ParseInt(word, 0, 64)
		if err == nil {
			sum |= v
			continue
		}
		named := func(v Var) bool { return v.Name == word }
		if at := slices.IndexFunc(k.sc.Vars, named); at >= 0 {
			sum |= k.sc.Vars[at].Value
		} else if at := slices.IndexFunc(constants, named); at >= 0 {
			sum |= constants[at].Value
		} else {
			k.wrong = fmt.Errorf("%q is no number, no variable and no constant", word)
			return 0
		}
	}
	return sum
}

// fd is the first argument: a descriptor.
func (k *scriptRun) fd() int32 {
	k.socket = int32(k.number(0))
	k.show("%d", k.socket)
	return k.socket
}

func (k *scriptRun) show(format string, args ...any) {
	k.shown = append(k.shown, fmt.Sprintf(format, args...))
}

// endpoint reads an address and a port, arguments i and i+1; a name is looked up, which may block.
func (k *scriptRun) endpoint(i int) (e tcp.Endpoint, ok bool) {
	port := k.number(i + 1)
	if port < 0 || port > 65535 {
		k.wrong = fmt.Errorf("%d is not a port", port)
		return e, false
	}
	e.Port = uint16(port)
	name := k.args[i].text
	if !k.args[i].quoted && (name == "INADDR_ANY" || name == "in6addr_any") || name == "0.0.0.0" || name == "::" {
		k.showAddr(e)
		return e, true
	}
	if name == "INADDR_LOOPBACK" {
		name = "127.0.0.1"
	}
	if err := checkHost(name); err != nil {
		k.wrong = err
		return e, false
	}
	addrs, done := k.p.Found, true
	if len(addrs) == 0 {
		var why string
		if addrs, why, done = k.s.resolve(k.p, name, 0); done && len(addrs) == 0 {
			k.wrong = fmt.Errorf("%s: %s", name, why)
		}
	}
	if !done || k.wrong != nil {
		if k.blocks = !done; !done {
			k.sc.Until = k.p.WakeAt
		}
		return e, false
	}
	k.sc.Until = 0
	k.p.Found = addrs
	e.Addr = addrs[0]
	k.showAddr(e)
	return e, true
}

// showAddr shows a struct sockaddr and its length.
func (k *scriptRun) showAddr(e tcp.Endpoint) {
	if e.Addr.Is4() || e.Addr.IsZero() {
		a := e.Addr
		if a.IsZero() {
			a = wire.From4(0)
		}
		k.show("{sa_family=AF_INET, sin_port=htons(%d), sin_addr=inet_addr(\"%s\")}", e.Port, a)
		k.show("16")
		return
	}
	k.show("{sa_family=AF_INET6, sin6_port=htons(%d), inet_pton(AF_INET6, \"%s\", &sin6_addr)}", e.Port, e.Addr)
	k.show("28")
}

// kindOfSocket is SOCK_STREAM or SOCK_DGRAM of what was opened.
func (k *scriptRun) datagrams(fd int32) bool {
	return fd >= 0 && int(fd) < len(k.s.Sockets) && (k.s.Sockets[fd].Kind == stack.SockUDP || k.s.Sockets[fd].Kind == stack.SockICMP)
}
