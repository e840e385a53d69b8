package drill

import (
	"slices"
	"strconv"
	"strings"

	"wirelab/stack/tcp"
)

// shell does what a back-quoted command means here. A few lines set or look at
// what the host has; some mean nothing without a kernel; any other cannot be run.
func (r *runner) shell(s *Shell, cleanup bool) error {
	for _, line := range commandLines(s.Text) {
		words := splitWords(line)
		if len(words) == 0 || words[0] == ":" || words[0] == "true" || words[0] == "echo" && !slices.Contains(words, ">") {
			continue
		}
		r.log("`%s`", line)
		if err := r.command(line, words, s.Line, cleanup); err != nil {
			return err
		}
	}
	return nil
}

// commandLines splits a script of the shell into commands.
func commandLines(text string) (lines []string) {
	text = strings.ReplaceAll(text, "\\\n", " ")
	quote := rune(0)
	start := 0
	flush := func(end, next int) {
		if l := strings.TrimSpace(text[start:end]); l != "" && !strings.HasPrefix(l, "#") {
			lines = append(lines, l)
		}
		start = next
	}
	for i, b := range text {
		switch {
		case i < start: // the second & of two
		case quote != 0:
			if b == quote {
				quote = 0
			}
		case b == '"' || b == '\'':
			quote = b
		case b == ';' || b == '\n':
			flush(i, i+1)
		case b == '&' && strings.HasPrefix(text[i:], "&&"):
			flush(i, i+2)
		}
	}
	flush(len(text), len(text))
	return lines
}

// splitWords splits a command at blanks outside quotes, and drops the quotes.
func splitWords(line string) (words []string) {
	var w strings.Builder
	quote, empty := rune(0), false // empty: a word that may be ""
	for _, b := range line {
		switch {
		case quote != 0 && b == quote:
			quote = 0
		case quote != 0:
			w.WriteRune(b)
		case b == '"' || b == '\'':
			quote, empty = b, true
		case b == ' ' || b == '\t':
			if empty || w.Len() > 0 {
				words = append(words, w.String())
			}
			w.Reset()
			empty = false
		default:
			w.WriteRune(b)
		}
	}
	if empty || w.Len() > 0 {
		words = append(words, w.String())
	}
	return words
}

// command runs one command.
func (r *runner) command(line string, words []string, at int, cleanup bool) error {
	name := words[0][strings.LastIndexByte(words[0], '/')+1:]
	switch {
	case name == "sysctl":
		return r.sysctls(words[1:], at)
	case name == "set_sysctls.py":
		return r.sysctls(words[1:], at)
	case name == "defaults.sh", name == "sh" && strings.HasSuffix(words[len(words)-1], "defaults.sh"), name == "." && strings.HasSuffix(words[len(words)-1], "defaults.sh"):
		r.defaults()
		return nil
	case name == "ethtool", name == "nstat", strings.Contains(line, "tcp_metrics flush"), cleanup && strings.Contains(name, "restore"),
		name == "true", strings.Contains(line, "_restore_"):
		return nil
	case name == "tc":
		return r.trafficControl(words, line, at)
	case name == "ip" && len(words) > 2 && words[1] == "link":
		return r.setLink(words, line, at)
	case name == "sleep" && len(words) == 2:
		c := cursor{text: words[1], line: at}
		ns, err := c.seconds()
		if err != nil {
			return cannot(at, "the command %q is not there", line)
		}
		return r.advance(r.now + ns)
	case name == "sockstat" || name == "netstat":
		return r.countStates(line, at)
	}
	return cannot(at, "the command %q is not there", line)
}

// trafficControl takes tc qdisc: a queue of no packets loses all that leaves.
func (r *runner) trafficControl(words []string, line string, at int) error {
	if len(words) < 3 || words[1] != "qdisc" {
		return cannot(at, "the command %q is not there", line)
	}
	for i := 1; i < len(words); i++ {
		switch words[i] {
		case "netem", "tbf", "htb":
			return cannot(at, "the command %q is not there", line)
		case "pfifo", "bfifo", "fq", "pfifo_fast", "fq_codel":
			r.dropOutput = i+2 < len(words) && words[i+1] == "limit" && words[i+2] == "0"
		case "del", "delete":
			r.dropOutput = false
		}
	}
	return nil
}

// setLink takes ip link set dev tun0 mtu N.
func (r *runner) setLink(words []string, line string, at int) error {
	for i := 2; i+1 < len(words); i++ {
		if words[i] == "mtu" {
			if v, err := strconv.ParseUint(words[i+1], 10, 16); err == nil && v >= 68 {
				r.host.Ifaces[0].MTU = uint32(v)
				return nil
			}
		}
	}
	return cannot(at, "the command %q is not there", line)
}

// countStates takes … | grep -c STATE | grep N: so many connections are in a state.
func (r *runner) countStates(line string, at int) error {
	parts := strings.Split(line, "|")
	state, want := "", ""
	for _, p := range parts[1:] {
		words := splitWords(p)
		switch {
		case len(words) == 3 && words[0] == "grep" && words[1] == "-c":
			state = words[2]
		case len(words) == 2 && words[0] == "grep":
			want = words[1]
		}
	}
	n, err := strconv.Atoi(want)
	if state == "" || err != nil {
		return cannot(at, "the command %q is not there", line)
	}
	got := 0
	for i := range r.host.Conns {
		c := &r.host.Conns[i]
		if c.State.String() == state && !(c.State == tcp.Closed && c.Orphan) {
			got++
		}
	}
	if got != n {
		return failed(at, want+" connections in "+state, strconv.Itoa(got))
	}
	return nil
}
