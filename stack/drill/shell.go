package drill

import (
	"strconv"
	"strings"

	"wirelab/stack/tcp"
)

// shell does what a back-quoted command means here. A few lines set or look at
// what the host has; some mean nothing without a kernel; any other cannot be run.
func (r *runner) shell(s *Shell, cleanup bool) error {
	for _, line := range commandLines(s.Text) {
		words, file := redirected(splitWords(line))
		if len(words) == 0 || words[0] == ":" || words[0] == "true" || words[0] == "echo" && (file == "" || file == "/dev/null") {
			continue
		}
		if words[0] == "echo" && strings.HasPrefix(file, "/proc/sys/") {
			words = []string{"sysctl", file + "=" + strings.Join(words[1:], " ")}
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

// redirected takes > file and 2>&1 out of a command's words; file is where its output goes, if not
// onto the terminal.
func redirected(words []string) (rest []string, file string) {
	for i := 0; i < len(words); i++ {
		w := words[i]
		at := strings.IndexByte(w, '>')
		switch {
		case at != 0 && !(at == 1 && (w[0] == '1' || w[0] == '2')):
			rest = append(rest, w)
			continue
		case strings.Contains(w, "&"):
			continue
		}
		to := strings.TrimLeft(w[at:], ">")
		if to == "" && i+1 < len(words) {
			i++
			to = words[i]
		}
		if w[0] != '2' {
			file = to
		}
	}
	return rest, file
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
	case name == "tcpdrop":
		return r.dropConnections(words[1:], line, at)
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

// dropConnections is tcpdrop(8): -a, or the addresses and ports of one connection. Without them it
// is the one under test.
func (r *runner) dropConnections(words []string, line string, at int) error {
	all, ports := false, []uint16(nil)
	for _, w := range words {
		v, err := strconv.ParseUint(w, 10, 16)
		if err == nil {
			ports = append(ports, uint16(v))
		}
		all = all || w == "-a"
	}
	dropped := 0
	for _, f := range r.flows {
		named := len(ports) == 2 && f.local.Port == ports[0] && f.remote.Port == ports[1] || len(ports) == 0 && f == r.flow
		if (all || named) && r.host.AbortBetween(f.local, f.remote) == 0 {
			dropped++
		}
	}
	if dropped == 0 && !all {
		return failed(at, "a connection for "+line, "none")
	}
	return r.retry()
}
