package prog

import (
	"errors"
	"fmt"
	"strconv"
	"strings"

	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// The filters of ss: states, and an expression about addresses and ports (ss(8)).

// sockTest is one term of an expression in reverse Polish notation.
type sockTest struct {
	op     byte // 'a' address, 'p' port, '!', '&' or '|'
	local  bool // of this side: src and sport
	addr   wire.Addr
	prefix uint8
	any    bool // an address that was left out
	port   uint16
	cmp    string // of ports: =, !=, <, >, <= or >=; of addresses = or !=
}

// sockFilter is what follows the options of ss.
type sockFilter struct {
	states uint32 // a bit for each tcp.State; zero: none was named
	expr   []sockTest
}

func statesOf(list ...tcp.State) (bits uint32) {
	for _, s := range list {
		bits |= 1 << s
	}
	return bits
}

// ssStateSets are the words behind state and exclude.
var ssStateSets = func() map[string]uint32 {
	sets := map[string]uint32{"listening": statesOf(tcp.Listen), "listen": statesOf(tcp.Listen), "closed": statesOf(tcp.Closed), "unconnected": statesOf(tcp.Closed), "established": statesOf(tcp.Established), "estab": statesOf(tcp.Established)}
	all := statesOf(tcp.Closed, tcp.Listen, tcp.Established)
	for _, state := range []tcp.State{tcp.SynSent, tcp.SynReceived, tcp.FinWait1, tcp.FinWait2, tcp.CloseWait, tcp.Closing, tcp.LastAck, tcp.TimeWait} {
		all |= 1 << state
		sets[strings.ToLower(ssStates[state])] = 1 << state
	}
	sets["all"], sets["bucket"] = all, statesOf(tcp.SynReceived, tcp.TimeWait)
	sets["big"] = all &^ sets["bucket"]
	sets["connected"] = all &^ statesOf(tcp.Closed, tcp.Listen)
	sets["synchronized"] = sets["connected"] &^ statesOf(tcp.SynSent)
	return sets
}()

// parseSockFilter reads the words behind the options of ss.
func parseSockFilter(words []string) (f sockFilter, err error) {
	for len(words) > 0 && (words[0] == "state" || words[0] == "exclude") {
		if len(words) == 1 {
			return f, fmt.Errorf("the name of a state is missing behind %q", words[0])
		}
		set, ok := ssStateSets[strings.ToLower(words[1])]
		switch {
		case !ok:
			return f, fmt.Errorf("there is no state %q; there are established, syn-sent, syn-recv, fin-wait-1, fin-wait-2, time-wait, closed, close-wait, last-ack, listening, closing, all, connected, synchronized, bucket and big", words[1])
		case words[0] == "state":
			f.states |= set
		default:
			if f.states == 0 {
				f.states = ssStateSets["all"]
			}
			f.states &^= set
		}
		words = words[2:]
	}
	r := filterReader{words: filterWords(strings.Join(words, " "))}
	if len(r.words) == 0 {
		return f, nil
	}
	if err = r.or(); err == nil && len(r.words) > 0 {
		err = fmt.Errorf("%q has no meaning there in a filter", r.words[0])
	}
	f.expr = r.expr
	return f, err
}

// filterWords takes a filter apart: brackets around a part, operators and words stand alone.
func filterWords(text string) (words []string) {
	for text = strings.TrimSpace(text); text != ""; text = strings.TrimSpace(text) {
		n := strings.IndexAny(text, " ()!=<>&|")
		switch {
		case n < 0:
			n = len(text)
		case n > 0:
		case strings.HasPrefix(text, "&&") || strings.HasPrefix(text, "||") || len(text) > 1 && text[1] == '=':
			n = 2
		default:
			n = 1
		}
		words, text = append(words, text[:n]), text[n:]
	}
	return words
}

type filterReader struct {
	words []string
	expr  []sockTest
	depth int
}

// take takes the next word if it is one of these.
func (r *filterReader) take(options ...string) bool {
	for _, o := range options {
		if len(r.words) > 0 && r.words[0] == o {
			r.words = r.words[1:]
			return true
		}
	}
	return false
}

func (r *filterReader) or() error {
	if err := r.and(); err != nil {
		return err
	}
	for r.take("or", "||", "|") {
		if err := r.and(); err != nil {
			return err
		}
		r.expr = append(r.expr, sockTest{op: '|'})
	}
	return nil
}

// and reads terms that stand side by side, with "and" or nothing between them.
func (r *filterReader) and() error {
	if err := r.not(); err != nil {
		return err
	}
	for {
		said := r.take("and", "&&", "&")
		if !said && (len(r.words) == 0 || r.words[0] == ")" || r.words[0] == "or" || r.words[0][0] == '|') {
			return nil
		}
		if err := r.not(); err != nil {
			return err
		}
		r.expr = append(r.expr, sockTest{op: '&'})
	}
}

func (r *filterReader) not() error {
	if r.depth++; r.depth > 50 {
		return errors.New("the filter is nested too deeply")
	}
	defer func() { r.depth-- }()
	switch {
	case r.take("not", "!"):
		if err := r.not(); err != nil {
			return err
		}
		r.expr = append(r.expr, sockTest{op: '!'})
		return nil
	case r.take("("):
		if err := r.or(); err != nil {
			return err
		}
		if !r.take(")") {
			return errors.New("the filter lacks a closing bracket")
		}
		return nil
	}
	return r.term()
}

// compares are the ways to write a comparison.
var compares = map[string]string{"=": "=", "==": "=", "eq": "=", "!=": "!=", "ne": "!=", "neq": "!=", ">": ">", "gt": ">", "<": "<", "lt": "<", ">=": ">=", "ge": ">=", "geq": ">=", "<=": "<=", "le": "<=", "leq": "<="}

func (r *filterReader) term() (err error) {
	if len(r.words) == 0 {
		return errors.New("the filter ends in the middle")
	}
	t := sockTest{cmp: "="}
	switch word := r.words[0]; word {
	case "dst", "src":
		t.op, t.local = 'a', word == "src"
	case "dport", "sport":
		t.op, t.local = 'p', word == "sport"
	default:
		return fmt.Errorf("a filter asks for src or dst with an address, or sport or dport with a port, not for %q", word)
	}
	name := r.words[0]
	if r.words = r.words[1:]; len(r.words) > 0 && compares[r.words[0]] != "" {
		t.cmp = compares[r.words[0]]
		r.words = r.words[1:]
	}
	switch {
	case len(r.words) == 0:
		return fmt.Errorf("the value behind %s is missing", name)
	case t.op == 'p':
		t.port, err = filterPort(strings.TrimPrefix(r.words[0], ":"))
	case len(t.cmp) > 1 && t.cmp != "!=" || t.cmp == "<" || t.cmp == ">":
		return fmt.Errorf("addresses compare with = and !=, not with %s", t.cmp)
	default:
		err = t.address(r.words[0])
	}
	if err != nil {
		return err
	}
	r.words, r.expr = r.words[1:], append(r.expr, t)
	return nil
}

func filterPort(text string) (uint16, error) {
	n, err := strconv.ParseUint(text, 10, 16)
	if err != nil {
		return 0, fmt.Errorf("%q is not a port such as :80", text)
	}
	return uint16(n), nil
}

// address reads ADDRESS[/PREFIX][:PORT]; an address of IPv6 with a port stands in brackets.
func (t *sockTest) address(text string) (err error) {
	wrong := fmt.Errorf("%q is not an address such as 10.0.0.1, 10.0.0.0/8, 10.0.0.1:80, [2001:db8::1]:80 or :80", text)
	host, port := text, ""
	if at := strings.LastIndexByte(text, ':'); at >= 0 && (strings.Count(text, ":") == 1 || text[0] == '[' && at > strings.IndexByte(text, ']')) {
		host, port = text[:at], text[at+1:]
	}
	if port != "" && port != "*" {
		if t.port, err = filterPort(port); err != nil {
			return wrong
		}
	}
	host = strings.NewReplacer("[", "", "]", "").Replace(host)
	if t.any = host == "" || host == "*"; t.any {
		return nil
	}
	if t.addr, t.prefix, err = parsePrefix(host, 0); err != nil {
		return wrong
	}
	return nil
}

// matches reports whether the filter lets a socket through.
func (f *sockFilter) matches(k *sock) bool {
	var stack []bool
	for i := range f.expr {
		t, n := &f.expr[i], len(stack)
		switch t.op {
		case '!':
			stack[n-1] = !stack[n-1]
		case '&':
			stack[n-2] = stack[n-2] && stack[n-1]
			stack = stack[:n-1]
		case '|':
			stack[n-2] = stack[n-2] || stack[n-1]
			stack = stack[:n-1]
		default:
			stack = append(stack, t.holds(k))
		}
	}
	return len(stack) == 0 || stack[0]
}

func (t *sockTest) holds(k *sock) bool {
	end := k.remote
	if t.local {
		end = k.local
	}
	if t.op == 'a' {
		if end.Addr.IsZero() {
			end.Addr = wire.From4(0)
		}
		same := (t.any || end.Addr.Is4() == t.addr.Is4() && end.Addr.InPrefix(t.addr, t.prefix)) && (t.port == 0 || t.port == end.Port)
		return same == (t.cmp == "=")
	}
	switch t.cmp {
	case "=":
		return end.Port == t.port
	case "!=":
		return end.Port != t.port
	case "<":
		return end.Port < t.port
	case ">":
		return end.Port > t.port
	case "<=":
		return end.Port <= t.port
	}
	return end.Port >= t.port
}
