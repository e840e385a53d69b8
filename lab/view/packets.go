package view

import (
	"strconv"
	"strings"

	"wirelab/lab"
	"wirelab/lab/trace"
	"wirelab/lab/ui"
	"wirelab/lab/words"
	"wirelab/stack/wire"
)

// Packets is the list of all packets that hosts have sent, in tcpdump's words,
// with a filter. What lies ahead of now after a step back is shown pale.
type Packets struct {
	menu    *Target // whose menu is open
	of      *lab.Lab
	query   string
	filter  packetFilter
	finder  completer
	texts   [textCache]rowText
	begun   bool
	sent    int                  // packets by now, in the last frame
	inSight bool                 // the last of them could be seen
	playing bool                 // in the last frame
	owners  map[wire.Addr]uint32 // which node has an address
	names   float32              // the width of the longest
}

// textCache is how many rows' words are remembered: more than a screen shows.
const textCache = 512

// rowText is what a row says, so that scrolling formats nothing twice.
type rowText struct {
	row  int // counted from 1; 0: empty
	of   textKey
	kind Kind
	bad  bool // it does not arrive

	number, time, way, letters, words, mark string
	short                                   string // words without the addresses, which way says
	brief                                   string // and without the flags, which the letters say for the most part
	name                                    string // all of it
}

// textKey is what a row's words depend on besides the row.
type textKey struct {
	turns uint64
	lang  words.Lang
}

// Draw draws filter and list into r.
func (p *Packets) Draw(u *ui.UI, r ui.Rect, m *Model) {
	if p.of != m.Lab {
		*p = Packets{of: m.Lab, owners: owners(m)}
	}
	u.Enter(ui.Spec{ID: "packets", Rect: r, Role: ui.RoleGroup, Name: m.Say("view.packets")})
	defer u.Leave()
	u.PushClip(r)
	defer u.PopClip()
	p.field(u, r.CutTop(u.Grow(ui.ControlHeight)+ui.Space2), m)
	p.filter.update(m, p.query, p.haystack)
	n := p.filter.count(m)
	if n == 0 || p.filter.wrong != nil {
		p.nothing(u, r.InsetXY(ui.Space4, ui.Space3), m)
		return
	}
	c := p.columns(u, r, m)
	if r.H > 5*c.height {
		p.heads(u, r.CutTop(c.height), c, m)
	}
	p.list(u, r, c, n, m)
}

// field is where the filter is typed; it says how many packets match.
func (p *Packets) field(u *ui.UI, r ui.Rect, m *Model) {
	t := &u.Theme
	u.HLine(r.X, r.Bottom()-u.Pixel(), r.W, t.Line)
	r = r.InsetXY(ui.Space2, ui.Space1)
	total := m.PacketsWords()
	count := total
	switch {
	case p.filter.wrong != nil:
		count = m.Say("view.matches", "–", total)
	case p.filter.active():
		count = m.Say("view.matches", thousands(uint64(len(p.filter.rows))), total)
		if p.filter.seen < m.Packets() {
			count += " …"
		}
	}
	if w := u.Width(count, ui.Small); w < r.W/2 {
		u.Label(r.CutRight(w), "count", count, ui.Small, ui.Right, t.Dim)
		r.CutRight(ui.Space3)
	}
	opt := ui.FieldOpt{Icon: ui.IconSearch, Mono: true, Style: ui.CodeSmall, Placeholder: m.Say("view.filter_hint"), Tab: true}
	if e := p.filter.wrong; e != nil {
		opt.Bad, opt.Wrong = true, [2]int{e.At, e.At + max(e.Len, 1)}
	}
	out := u.TextField(r, "filter", m.Say("view.filter"), &p.query, opt)
	p.finder.update(u, r, m, &p.query, out)
	if out.Cancelled {
		p.query = ""
	}
}

func (p *Packets) nothing(u *ui.UI, r ui.Rect, m *Model) {
	words := m.Say("view.packets_none")
	switch {
	case p.filter.active() && p.filter.seen < m.Packets():
		return
	case p.filter.wrong != nil:
		key, args := p.filter.wrong.Words()
		words = m.Say(key, args...)
	case p.filter.search != nil:
		words = m.Say("view.no_filtered")
	case p.filter.active():
		words = m.Say("view.no_match")
	}
	u.Node(ui.Spec{ID: "nothing", Rect: r, Role: ui.RoleText, Name: words})
	ink := u.Theme.Dim
	if p.filter.wrong != nil {
		ink = u.Theme.Rst
		icon := r
		icon = icon.CutTop(u.LineHeight(ui.Body))
		u.DrawIcon(icon.CutLeft(u.Grow(16)), ui.IconWarn, ink)
		r.CutLeft(u.Grow(16) + ui.Space2)
	}
	u.Paragraph(r, words, ui.Body, ink)
}

// columns are the widths of the list's columns, in logical pixels.
type columns struct {
	height, number, time, letters, way float32
	full, short                        bool // there is room for the addresses, at least for the flags
}

func (p *Packets) columns(u *ui.UI, r ui.Rect, m *Model) columns {
	ch := u.Width("0", ui.CodeSmall)
	last := p.text(m.Packets()-1, m)
	if p.names == 0 {
		p.names = longestName(u, m)
	}
	c := columns{height: u.Grow(ui.RowHeight), number: max(ch*float32(max(3, len(last.number))), u.Width(m.Say("view.column_number"), ui.Tiny)+1), time: ch * float32(len(last.time)),
		letters: 8*u.Width("0", ui.CodeTiny.Bold()) + 14 + ui.Space2, way: min(2*p.names+3*ch, 220)}
	room := func() float32 { return r.W - c.number - c.time - c.letters - c.way - 6*ui.Space3 }
	c.full = room() > 90*ch
	for _, least := range []*float32{&c.time, &c.way} { // what a narrow pane does without
		if room() < 18*ch {
			*least = 0
		}
	}
	c.short = room() > 45*ch
	return c
}

func longestName(u *ui.UI, m *Model) float32 {
	longest := float32(1)
	for id := range uint32(m.Lab.Ever()) {
		longest = max(longest, u.Width(m.NodeName(id), ui.CodeSmall))
	}
	return longest
}

// cut takes the next column off a row; a column of no width is left out.
func cut(r *ui.Rect, width float32) ui.Rect {
	if width == 0 {
		return ui.Rect{}
	}
	column := r.CutLeft(width)
	r.CutLeft(ui.Space3)
	return column
}

func (p *Packets) heads(u *ui.UI, r ui.Rect, c columns, m *Model) {
	t := &u.Theme
	u.HLine(r.X, r.Bottom()-u.Pixel(), r.W, t.Line)
	r = r.InsetXY(ui.Space3, 0)
	number := cut(&r, c.number)
	u.TextIn(number, m.Say("view.column_number"), ui.Tiny, ui.Right, t.Dim)
	it := u.Node(ui.Spec{ID: "number", Rect: number, Role: ui.RoleText, Name: m.Say("view.column_number"), Value: m.Say("view.column_number_tip")})
	u.Tooltip(it, m.Say("view.column_number_tip"), "")
	u.TextIn(cut(&r, c.time), m.Say("view.column_time"), ui.Tiny, ui.Left, t.Dim)
	u.TextIn(cut(&r, c.letters), m.Say("view.column_kind"), ui.Tiny, ui.Left, t.Dim)
	u.TextIn(cut(&r, c.way), m.Say("view.column_way"), ui.Tiny, ui.Left, t.Dim)
	u.TextIn(r, "tcpdump", ui.Tiny, ui.Left, t.Dim)
}

func (p *Packets) list(u *ui.UI, r ui.Rect, c columns, n int, m *Model) {
	sent := m.sentBy(m.Now())
	now, _ := p.filter.place(sent)
	selected := -1
	if m.Packet >= 0 {
		if i, ok := p.filter.place(m.rowOf(m.packetOf(uint64(m.Packet)))); ok {
			selected = i
		}
	}
	opt := ui.ListOpt{}
	if p.follows(m, sent) {
		opt.Reveal = now
	}
	if p.menu != nil && !u.MenuOpen("list.menu") {
		p.menu = nil
	}
	out := u.List(r, "list", m.Say("view.packets"), n, c.height, &selected, func(row ui.Row) string {
		text := p.text(p.filter.row(row.Index), m)
		p.row(u, row, c, text, row.Index >= now, m)
		if row.Index == now && now > 0 {
			u.Fill(ui.R(row.Rect.X, row.Rect.Y, row.Rect.W, 1), u.Theme.Focus)
		}
		return text.name
	}, opt)
	p.inSight = now-1 >= out.First && now-1 < out.Last
	p.sent, p.playing, p.begun = sent, m.Playing, true
	if out.Changed && selected >= 0 {
		m.Select(int64(m.packetAt(p.filter.row(selected))))
	}
	if out.RightClicked >= 0 {
		p.menu = &Target{Kind: OnPacket, Packet: m.packetAt(p.filter.row(out.RightClicked))}
	}
	if p.menu != nil {
		m.Menu(u, ui.Interaction{RightClicked: out.RightClicked >= 0, X: out.X, Y: out.Y}, "list.menu", *p.menu)
	}
	if out.Opened >= 0 {
		m.Ask(Ask{Kind: AskSeek, TimeNs: m.Lab.Trace.At(m.packetAt(p.filter.row(out.Opened))).Start})
	}
}

// follows says whether the list goes along with now: when time was moved, and
// while it plays, unless a person scrolled away to look at something.
func (p *Packets) follows(m *Model, sent int) bool {
	if sent == p.sent && p.begun {
		return false
	}
	return !p.begun || !m.Playing || !p.playing || p.inSight
}

func (p *Packets) row(u *ui.UI, row ui.Row, c columns, text *rowText, ahead bool, m *Model) {
	t := &u.Theme
	ink, dim := t.Text, t.Dim
	if ahead && !row.Selected {
		ink, dim = t.Dim, t.Faint
	}
	r := row.Rect.InsetXY(ui.Space3, 0)
	u.TextIn(cut(&r, c.number), text.number, ui.CodeSmall, ui.Right, dim)
	u.TextIn(cut(&r, c.time), text.time, ui.CodeSmall, ui.Left, dim)
	letters := cut(&r, c.letters)
	text.kind.swatch(u, letters.CutLeft(14))
	letters.CutLeft(ui.Space2)
	u.TextIn(letters, text.letters, ui.CodeTiny.Bold(), ui.Left, ink)
	u.TextIn(cut(&r, c.way), text.way, ui.CodeSmall, ui.Left, ink)
	p.mark(u, &r, text)
	words := text.brief
	switch {
	case c.full:
		words = text.words
	case c.short:
		words = text.short
	}
	u.TextIn(r, words, ui.CodeSmall, ui.Left, ink)
	if row.Hover {
		u.Tooltip(row.Item, text.words+"\n"+m.Why(m.packetAt(text.row-1)), "")
	}
}

// mark says at the end of a row what is wrong with the packet.
func (p *Packets) mark(u *ui.UI, r *ui.Rect, text *rowText) {
	if text.mark == "" {
		return
	}
	color := u.Theme.Warn
	if text.bad {
		color = u.Theme.Rst
	}
	w := min(u.ChipWidth(text.mark, ui.Tiny), r.W)
	chip := r.CutRight(w).Center(w, u.LineHeight(ui.Tiny)+2)
	u.RoundFill(chip, ui.RadiusSmall, u.Theme.Tint(color))
	u.TextIn(chip.InsetXY(ui.Space1, 0), text.mark, ui.Tiny, ui.Middle, u.Theme.OnTint(color))
	r.CutRight(ui.Space2)
}

// text returns the words of a row, from the cache if it can.
func (p *Packets) text(row int, m *Model) *rowText {
	t := &p.texts[row%textCache]
	if of := (textKey{m.Lab.Trace.Turns, m.Lang}); t.row != row+1 || t.of != of {
		*t = p.rowText(row, m)
		t.of = of
	}
	return t
}

// rowText writes down what a row says.
func (p *Packets) rowText(row int, m *Model) rowText {
	i := m.packetAt(row)
	c := m.Lab.Trace.At(i)
	from, to := m.Ends(i)
	if owner, ok := p.owners[c.Dst.Addr]; ok {
		to = owner // a switch or a router may lie between
	}
	t := rowText{row: row + 1, kind: kindOf(&c.Head), letters: Letters(&c.Head), words: m.Words(i), bad: !sound(c),
		number: strconv.FormatUint(i+1, 10), time: Instant(c.Offered, 6), way: m.NodeName(from) + " → " + m.NodeName(to)}
	t.short = t.words
	if _, rest, ok := strings.Cut(t.words, ": "); ok && c.Proto >= trace.IPv4 {
		t.short = rest
	}
	t.brief = t.short
	if flags, rest, ok := strings.Cut(t.short, "], "); ok && strings.HasPrefix(flags, "Flags [") {
		t.brief = rest
	}
	switch {
	case !sound(c):
		t.mark = "× " + m.Fate(i)
	case c.Why.Xmit > 1:
		t.mark = m.Say("view.transmission", c.Why.Xmit)
	}
	t.name = strings.Join([]string{t.number, t.time, t.letters, t.way, t.words, t.mark}, " ")
	return t
}

// haystack is what the filter searches of a packet: all that its row says.
func (p *Packets) haystack(row int, m *Model) string {
	t := p.rowText(row, m)
	return strings.ToLower(t.way + " " + t.letters + " " + t.words + " " + t.mark)
}

func owners(m *Model) map[wire.Addr]uint32 {
	of := map[wire.Addr]uint32{}
	for id := range uint32(m.Lab.Nodes()) {
		if h := m.Lab.Host(id); h != nil {
			for i := range h.Ifaces {
				of[h.Ifaces[i].Addr] = id
			}
		}
	}
	return of
}

// packetOf returns the packet that crossing i belongs to: the crossing itself
// if a host sent it, else the one that a switch passed on.
func (m *Model) packetOf(i uint64) uint64 {
	c := m.Lab.Trace.At(i)
	for row, tries := m.rowOf(i), 0; row >= 0 && tries < 1000; row, tries = row-1, tries+1 {
		first := m.packetAt(row)
		if o := m.Lab.Trace.At(first); o.Why == c.Why && o.Head == c.Head {
			return first
		}
	}
	return i
}
