package prog

import (
	"slices"
	"strings"

	"wirelab/stack"
	"wirelab/stack/tcp"
)

// What a terminal proposes and remembers. Nothing here is state: it is read from the machine and its host.

// Complete proposes what the word that ends at offset at of a line could be; from is where that word
// begins. Proposals are whole words, in order.
func Complete(m *Machine, h *stack.Host, line string, at int) (from int, words []string) {
	at = min(max(at, 0), len(line))
	from = strings.LastIndexAny(line[:at], " ;&|") + 1
	prefix := line[from:at]
	start := strings.LastIndexAny(line[:from], ";&|") + 1
	before := strings.Fields(line[start:from])
	for _, w := range candidates(m, h, before, prefix) {
		if strings.HasPrefix(w, prefix) && w != prefix {
			words = append(words, w)
		}
	}
	slices.Sort(words)
	return from, slices.Compact(words)
}

// candidates returns what can stand behind the words of a command.
func candidates(m *Machine, h *stack.Host, before []string, prefix string) []string {
	if len(before) == 0 {
		return kindNames()
	}
	last := before[len(before)-1]
	switch {
	case before[0] == "help":
		return kindNames()
	case before[0] == "sysctl":
		return append(stack.Sysctls(), "-a", "-w")
	case last == "dev" || last == "-i" && before[0] == "tcpdump" || before[0] == "dhclient":
		return ifaceNames(h)
	case before[0] == "iperf" && last == "-C":
		var names []string
		for i := range tcp.Algorithms() {
			names = append(names, tcp.AlgorithmName(uint8(i)))
		}
		return names
	case before[0] == "ip" && ipWords(before) != nil:
		return ipWords(before)
	case strings.HasPrefix(prefix, "-"):
		return optionsOf(before[0])
	case prefix == "" && !takesHost(before[0]):
		return nil
	case before[0] == "curl" || before[0] == "browser":
		var urls []string
		for _, name := range knownHosts(m, h) {
			if strings.Contains(name, ":") {
				name = "[" + name + "]"
			}
			urls = append(urls, "http://"+name+"/", name)
		}
		return urls
	case before[0] == "dig":
		var servers []string
		for _, name := range knownHosts(m, h) {
			servers = append(servers, "@"+name, name)
		}
		return servers
	}
	return append(knownHosts(m, h), ifaceNames(h)...)
}

func takesHost(name string) bool {
	i := kindOf(name)
	return i >= 0 && (strings.Contains(kinds[i].usage, "HOST") || strings.Contains(kinds[i].usage, "URL") || name == "dig" || name == "nslookup")
}

func ifaceNames(h *stack.Host) []string {
	names := []string{"lo"}
	for i := range h.Ifaces {
		names = append(names, h.Ifaces[i].Name)
	}
	return names
}

// ipWords are the words of iproute2 that fit behind others.
func ipWords(before []string) []string {
	words := slices.DeleteFunc(slices.Clone(before[1:]), func(w string) bool { return strings.HasPrefix(w, "-") })
	switch len(words) {
	case 0:
		return []string{"addr", "route", "neigh", "link"}
	case 1:
		return []string{"show", "add", "del", "get", "set"}
	}
	if words[1] == "add" || words[1] == "del" {
		if len(words) == 2 && words[0] == "route" {
			return []string{"default"}
		}
		return []string{"dev", "via", "lladdr"}
	}
	return nil
}

// optionsOf reads a program's options off its usage.
func optionsOf(name string) (opts []string) {
	i := kindOf(name)
	if i < 0 {
		return nil
	}
	for word := range strings.FieldsSeq(kinds[i].usage) {
		word = strings.Trim(word, "[]")
		if strings.HasPrefix(word, "--") {
			opts = append(opts, word)
		} else if letters, ok := strings.CutPrefix(word, "-"); ok {
			for _, c := range letters {
				if c >= '0' && c <= '9' || c|32 >= 'a' && c|32 <= 'z' {
					opts = append(opts, "-"+string(c))
				}
			}
		}
	}
	return opts
}

const maxKnown = 64

// knownHosts are addresses and names that the host has to do with: routers, name servers, neighbours,
// peers, and what was typed here before.
func knownHosts(m *Machine, h *stack.Host) (names []string) {
	add := func(name string) {
		if name != "" && len(names) < maxKnown && !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	for i := range h.Routes {
		if r := &h.Routes[i]; !r.Via.IsZero() {
			add(r.Via.String())
		}
	}
	for _, a := range h.Nameservers {
		add(a.String())
	}
	for i := range h.Neighbors {
		add(h.Neighbors[i].Addr.String())
	}
	for i := range h.Conns {
		if c := &h.Conns[i]; c.Remote.Port != 0 {
			add(c.Remote.Addr.String())
		}
	}
	for _, line := range History(m, h.Name) {
		for i, w := range strings.Fields(line) {
			w = strings.TrimSuffix(strings.TrimPrefix(strings.TrimPrefix(w, "http://"), "@"), "/")
			if i > 0 && checkHost(w) == nil && (strings.ContainsAny(w, ".:") || len(w) > 2) && kindOf(w) < 0 && strings.Trim(w, "0123456789") != "" {
				add(w)
			}
		}
	}
	return names
}

// History returns the command lines that were typed at a host's shell and that the terminal still shows,
// the oldest first, each once where it was repeated at once.
func History(m *Machine, name string) (lines []string) {
	for i := range m.Lines {
		l := &m.Lines[i]
		text, ok := strings.CutPrefix(l.Text, name+"$ ")
		if l.Style != StyleTyped || !ok || strings.TrimSpace(text) == "" {
			continue
		}
		if n := len(lines); n == 0 || lines[n-1] != text {
			lines = append(lines, text)
		}
	}
	return lines
}
