package drill

import (
	"strconv"
	"strings"

	"wirelab/stack/tcp"
)

// shell does what a back-quoted text means here. Some commands set or look at what the host has; some have no effect
// without a kernel, and say below why; any other cannot be run.
func (r *runner) shell(s *Shell, cleanup bool) error {
	in := shellReader{text: s.Text, line: s.Line}
	ok, joined := true, ";"
	for !in.end() {
		in.vars = r.vars
		p, err := in.next()
		if err != nil {
			return err
		}
		if len(p.commands) > 0 && (joined == ";" || ok == (joined == "&&")) {
			r.log("`%s`", p.commands[0].source)
			if ok, err = r.pipeline(p.commands, cleanup); err != nil {
				return err
			}
			r.vars = append(r.vars, p.commands[0].kept()...)
		}
		joined = p.then
	}
	if !ok && !cleanup {
		return failed(s.Line, "the commands to succeed", "another status of the last one than zero")
	}
	return nil
}

// kept returns what a command assigns to variables: nothing, if the values are for that command alone.
func (c *shellCommand) kept() []variable {
	if c.words == nil {
		return c.assigns
	}
	if c.words[0] != "export" {
		return nil
	}
	var all []variable
	for _, w := range c.words[1:] {
		if name, value, ok := strings.Cut(w, "="); ok {
			all = append(all, variable{name, value})
		}
	}
	return all
}

func notThere(c *shellCommand) error { return cannot(c.line, "the command %q is not there", c.source) }

// pipeline runs commands whose output goes from one to the next, and reports whether they succeed.
func (r *runner) pipeline(commands []shellCommand, cleanup bool) (ok bool, err error) {
	c := &commands[0]
	if len(commands) > 1 {
		if c.words != nil && (c.name() == "sockstat" || c.name() == "netstat") {
			return true, r.countStates(commands)
		}
		return false, notThere(c)
	}
	switch {
	case c.words == nil:
		return true, nil
	case c.words[0] == "false":
		return false, nil
	}
	return true, r.command(c, cleanup)
}

// name returns the command's name without the folders in front.
func (c *shellCommand) name() string { return c.words[0][strings.LastIndexByte(c.words[0], '/')+1:] }

// command runs one command.
func (r *runner) command(c *shellCommand, cleanup bool) error {
	last := c.words[len(c.words)-1]
	switch name := c.name(); name {
	case ":", "true", "export":
		return nil
	case "set": // how the shell itself works: what goes wrong ends a script here in any case
		if len(c.words) == 2 && strings.Trim(c.words[1], "+-eux") == "" {
			return nil
		}
	case "echo":
		return r.echo(c)
	case "sysctl", "set_sysctls.py":
		return r.sysctls(c)
	case "defaults.sh":
		r.defaults()
		return nil
	case "sh", "bash", ".", "source":
		if len(c.words) == 2 && strings.HasSuffix(last, "/defaults.sh") {
			r.defaults()
			return nil
		}
	case "ethtool":
		return r.ethtool(c)
	case "nstat": // shows counters and keeps them for the next time it is called; nobody looks at them here
		return nil
	case "tc":
		return r.trafficControl(c)
	case "ip":
		return r.ip(c)
	case "sleep":
		if len(c.words) == 2 {
			t := cursor{text: c.words[1], line: c.line}
			if ns, err := t.seconds(); err == nil && t.end() {
				return r.advance(r.now + ns)
			}
		}
	case "tcpdrop":
		return r.dropConnections(c)
	}
	if strings.Contains(c.name(), "restore") && (cleanup || strings.Contains(c.source, "_restore_")) {
		return nil // takes settings back for the scripts behind this one; the host of this one ends here
	}
	return notThere(c)
}

// echo writes onto the terminal, which nobody sees, or into a file of /proc/sys.
func (r *runner) echo(c *shellCommand) error {
	text := c.words[1:]
	if len(text) > 0 && (text[0] == "-n" || text[0] == "-e") {
		text = text[1:]
	}
	switch {
	case c.file == "" || c.file == "/dev/null":
		return nil
	case strings.HasPrefix(c.file, "/proc/sys/"):
		set := *c
		set.words = []string{"sysctl", c.file + "=" + strings.Join(text, " ")}
		return r.sysctls(&set)
	}
	return notThere(c)
}

// countStates takes … | grep -c STATE | grep N: so many connections are in a state.
func (r *runner) countStates(commands []shellCommand) error {
	c := &commands[0]
	state, want := "", ""
	for i := range commands[1:] {
		words := commands[i+1].words
		switch {
		case len(words) == 3 && words[0] == "grep" && words[1] == "-c":
			state = words[2]
		case len(words) == 2 && words[0] == "grep":
			want = words[1]
		default:
			return notThere(&commands[i+1])
		}
	}
	n, err := strconv.Atoi(want)
	if state == "" || err != nil {
		return notThere(c)
	}
	got := 0
	for i := range r.host.Conns {
		k := &r.host.Conns[i]
		if k.State.String() == state && !(k.State == tcp.Closed && k.Orphan) {
			got++
		}
	}
	if got != n {
		return failed(c.line, want+" connections in "+state, strconv.Itoa(got))
	}
	return nil
}

// dropConnections is tcpdrop(8): -a, or the addresses and ports of one connection. Without them it
// is the one under test.
func (r *runner) dropConnections(c *shellCommand) error {
	all, ports := false, []uint16(nil)
	for _, w := range c.words[1:] {
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
		return failed(c.line, "a connection for "+c.source, "none")
	}
	return r.retry()
}
