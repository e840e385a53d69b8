package view

import (
	"strings"

	"wirelab/lab"
	"wirelab/lab/prog"
	"wirelab/lab/ui"
)

// Terminal is the terminals of all hosts, of which one is shown.
type Terminal struct {
	Closed  bool // only its tabs are shown
	Wanted  bool // somebody asked for it: it gets a line to type on where there is little room
	bare    bool // there was none in the last frame
	focus   bool // the keyboard is wanted
	typed   map[uint32]*string
	history map[uint32][]string
	back    int // how far up in the history, 0: the line being typed
	lines   scrollback
	heads   []ui.Tab // of the hosts
	hosts   []uint32
}

// Clear forgets what was typed: another lab is open.
func (d *Terminal) Clear() { d.typed, d.history, d.back = nil, nil, 0 }

// TerminalHead is the height of the row of tabs.
const TerminalHead = 34

// scrollback shows the lines of a machine to the widget.
type scrollback struct {
	theme *ui.Theme
	lines []prog.Line
	spans [2]ui.Span
}

func (s *scrollback) Lines() int { return len(s.lines) }

func (s *scrollback) Line(i int) []ui.Span {
	l := &s.lines[i]
	color := s.theme.Ok
	switch l.Style {
	case prog.StyleTyped:
		color = s.theme.Text
	case prog.StyleCall:
		color = s.theme.Dim
	case prog.StyleError:
		color = s.theme.Rst
	}
	if prompt := strings.Index(l.Text, "$ "); l.Style == prog.StyleTyped && prompt >= 0 {
		s.spans = [2]ui.Span{{Text: l.Text[:prompt+2], Color: s.theme.Dim}, {Text: l.Text[prompt+2:], Color: color}}
		return s.spans[:]
	}
	s.spans[0] = ui.Span{Text: l.Text, Color: color}
	return s.spans[:1]
}

// Draw draws the terminals into r.
func (d *Terminal) Draw(u *ui.UI, r ui.Rect, m *Model) {
	t := &u.Theme
	if d.typed == nil {
		d.typed, d.history = map[uint32]*string{}, map[uint32][]string{}
	}
	if int(m.Node) >= m.Lab.Nodes() || m.Lab.Host(m.Node) == nil {
		m.Node = d.firstHost(m)
	}
	u.Enter(ui.Spec{ID: "terminal", Rect: r, Role: ui.RoleGroup, Name: m.Say("view.terminal"), Solid: true})
	defer u.Leave()
	u.Shadow(r, ui.RadiusCard, 12, t.Shadow)
	u.RoundFill(r, ui.RadiusCard, t.Bg)
	u.RoundStroke(r, ui.RadiusCard, 0, t.LineStrong)
	head := r.CutTop(u.Grow(TerminalHead))
	d.tabs(u, head.InsetXY(ui.Space2, 0), m)
	d.bare = r.H < u.LineHeight(ui.Code)+2*ui.Space2
	if d.Closed || d.bare || m.Lab.Host(m.Node) == nil {
		return
	}
	u.HLine(r.X+1, r.Y, r.W-2, t.Line)
	d.lines.theme, d.lines.lines = t, m.Lab.Machine(m.Node).Lines
	d.prompt(u, r.InsetXY(ui.Space3, ui.Space2), m)
}

// Focus gives the keyboard to the terminal that is shown.
func (d *Terminal) Focus() { d.focus, d.Wanted = true, true }

func (d *Terminal) firstHost(m *Model) uint32 {
	for id := range uint32(m.Lab.Nodes()) {
		if m.Lab.Host(id) != nil {
			return id
		}
	}
	return 0
}

// tabs draws a tab for each host, what its program waits in, and the buttons.
func (d *Terminal) tabs(u *ui.UI, r ui.Rect, m *Model) {
	icon := ui.IconChevronDown
	if d.Closed {
		icon = ui.IconChevronUp
	}
	fold := r.CutRight(u.Grow(28)).Center(u.Grow(26), u.Grow(26))
	if u.IconButton(fold, "fold", m.Say("view.fold"), icon, ui.Opt{Quiet: true, Key: "`"}) {
		d.Closed = !d.Closed && !d.bare
		d.Wanted = !d.Closed
	}
	if m.Lab.Host(m.Node) == nil {
		u.TextIn(r, m.Say("view.no_host"), ui.Small, ui.Left, u.Theme.Dim)
		return
	}
	p := m.Lab.Machine(m.Node).Foreground()
	if p != nil {
		d.keys(u, &r, m)
	} else {
		d.suggest(u, &r, m)
	}
	tabs, ids := d.heads[:0], d.hosts[:0]
	at := 0
	for id := range uint32(m.Lab.Nodes()) {
		if m.Lab.Host(id) == nil || len(tabs) > 12 {
			continue
		}
		if id == m.Node {
			at = len(tabs)
		}
		ids = append(ids, id)
		tabs = append(tabs, ui.Tab{ID: m.NodeName(id), Label: m.NodeName(id), Tip: m.sayStrings("view.terminal_of", m.NodeName(id), "")})
	}
	d.heads, d.hosts = tabs, ids
	used := float32(0)
	for i := range tabs {
		used += u.Width(tabs[i].Label, ui.BodyBold) + 2*ui.Space3
	}
	if u.Tabs(r.CutLeft(min(used, r.W)), "hosts", m.Say("view.terminal"), tabs, &at) {
		m.Node, d.Closed, d.Wanted, d.back = ids[at], false, true, 0
	}
	if p != nil {
		source := prog.SourceOf(p)
		line := source[min(max(int(p.Line), 1), len(source))-1]
		u.TextIn(r.InsetXY(ui.Space3, 0), m.sayStrings("view.stands_at", prog.Name(p.Kind), line), ui.CodeTiny, ui.Left, u.Theme.Dim)
	}
}

// keys draws ^C and ^D while a program has the terminal.
func (d *Terminal) keys(u *ui.UI, r *ui.Rect, m *Model) {
	for _, k := range []struct {
		id, label string
		kind      AskKind
	}{{"eof", "^D", AskEndInput}, {"interrupt", "^C", AskInterrupt}} {
		o := ui.Opt{Quiet: true, Tip: m.Say("view." + k.id), Style: ui.CodeSmall}
		w := u.ButtonWidth(k.label, o)
		b := r.CutRight(w).Center(w, u.Grow(24))
		if u.Button(b, k.id, k.label, o) {
			m.Ask(Ask{Kind: k.kind, Node: m.Node})
		}
	}
}

// suggest offers what can be typed.
func (d *Terminal) suggest(u *ui.UI, r *ui.Rect, m *Model) {
	label := m.Say("view.commands")
	w := u.ButtonWidth(label) + 14
	items := func() (items []ui.MenuItem) {
		for _, line := range suggestions(m, m.Node) {
			items = append(items, ui.MenuItem{ID: line, Label: line})
		}
		return items
	}
	b := r.CutRight(w)
	if line := u.Dropdown(b.Center(w, u.Grow(24)), "commands", label, items, ui.Opt{Quiet: true, Style: ui.Small}); line != "" {
		m.Ask(Ask{Kind: AskExec, Node: m.Node, Text: line})
		d.Closed = false
	}
}

// suggestions lists lines that make sense at a host's terminal: commands that
// start a server or talk to another host, or what the program there waits for.
func suggestions(m *Model, node uint32) []string {
	if p := m.Lab.Machine(node).Foreground(); p != nil {
		return linesFor(m, node, prog.Name(p.Kind))
	}
	lines := []string{"help", "ip addr", "ss -ti", "tcpdump -n &", "echo-server 7 &", "httpd &", "nc -l 9000", "sink 9 &"}
	for id := range uint32(m.Lab.Nodes()) {
		h := m.Lab.Host(id)
		if id == node || h == nil || addressOf(h) == "" || len(lines) > 16 {
			continue
		}
		addr := addressOf(h)
		lines = append(lines, "ping -c 3 "+addr, "echo-client "+addr+" 7", "nc "+addr+" 9000", "source "+addr+" 9 1000000")
		if portOf(m, id, "httpd") != "" {
			lines = append([]string{"curl -v http://" + addr + "/hello", "browser http://" + addr + "/"}, lines...)
		}
		if id := portOf(m, id, "echo-server"); id != "" {
			lines = append([]string{"echo-client " + addr + " " + id}, lines...)
		}
	}
	return lines
}

// linesFor returns what may be typed at a program: something to send first, and
// then what ends it.
func linesFor(m *Model, node uint32, program string) []string {
	if program == "script" {
		return []string{"fd = socket(AF_INET, SOCK_STREAM, 0);", `connect(fd, "10.0.0.2", 80);`, `send(fd, "hello\n");`, "n = recv(fd, 1024);", "close(fd);"}
	}
	if program != "echo-client" && program != "nc" {
		return nil
	}
	for i := int(m.Lab.Position().Inputs) - 1; i >= 0; i-- {
		typed, ok := m.Lab.Journal[i].Input.(lab.Exec)
		if !ok || typed.Node != node {
			continue
		}
		if program == "echo-client" && !strings.HasPrefix(typed.Line, program) {
			return []string{"exit"}
		}
		break
	}
	return []string{"hello"}
}

// complete takes Tab: it puts as much of a word as is certain, and then offers what it may be.
func (d *Terminal) complete(m *Model, text *string) {
	from, words := prog.Complete(m.Lab.Machine(m.Node), m.Lab.Host(m.Node), *text, len(*text))
	if len(words) == 0 {
		return
	}
	same := words[0]
	for _, w := range words[1:] {
		for !strings.HasPrefix(w, same) {
			same = same[:len(same)-1]
		}
	}
	if len(words) == 1 {
		same += " "
	}
	if from+len(same) > len(*text) {
		*text = (*text)[:from] + same
	}
}

// portOf returns the port that a program of a host serves.
func portOf(m *Model, node uint32, name string) string {
	procs := m.Lab.Machine(node).Procs
	for i := range procs {
		if p := &procs[i]; prog.Name(p.Kind) == name {
			if len(p.Args) > 0 {
				return p.Args[0]
			}
			return "80" // httpd's
		}
	}
	return ""
}

// prompt draws the lines and takes what is typed.
func (d *Terminal) prompt(u *ui.UI, r ui.Rect, m *Model) {
	text, ok := d.typed[m.Node]
	if !ok {
		text = new(string)
		d.typed[m.Node] = text
	}
	name := m.NodeName(m.Node)
	prompt := glued(name, "$ ")
	if p := m.Lab.Machine(m.Node).Foreground(); p != nil {
		if prompt = ""; linesFor(m, m.Node, prog.Name(p.Kind)) != nil {
			prompt = "> " // it reads what is typed
		}
	}
	row := u.LineHeight(ui.Code)
	r.CutTop(r.H - row*float32(int(r.H/row))) // whole lines only
	out := u.Terminal(r, "of-"+name, m.sayStrings("view.terminal_of", name, ""), &d.lines, ui.TerminalOpt{Prompt: prompt, Text: text, Tab: prompt != "" && prompt != "> ", Focus: d.focus})
	d.focus = false
	old := d.history[m.Node]
	switch {
	case out.Submitted:
		if *text != "" || prompt == "> " {
			m.Ask(Ask{Kind: AskExec, Node: m.Node, Text: *text})
			d.history[m.Node] = append(old[max(0, len(old)-200):], *text)
		}
		*text, d.back = "", 0
	case out.Tab:
		d.complete(m, text)
	case out.Up && d.back < len(old):
		d.back++
		*text = old[len(old)-d.back]
	case out.Down && d.back > 0:
		d.back--
		*text = ""
		if d.back > 0 {
			*text = old[len(old)-d.back]
		}
	}
}
