package main

import (
	"fmt"
	"math"

	"wirelab/lab/ui"
)

// page is what the gallery shows, and what its widgets change.
type page struct {
	lang        string
	light       bool
	open        string
	tab, speed  int
	sound, grid bool
	split       float32
	slide       float32
	row         int
	filter      string
	input       string
	said        scrollback
	dialog      bool
	menuName    string
	treeOpen    [3]bool
	count       int
}

func newPage() page {
	return page{
		sound: true, split: 0.6, slide: 0.4, row: 4, speed: 1, treeOpen: [3]bool{true, true, false}, filter: "tcp.flags.syn == 1",
		said: scrollback{
			{{Text: "A$ ", Color: 0}, {Text: "echo-client 192.168.1.123 7788", Bold: true}},
			{{Text: "connect() = 0 · 1.040 s"}},
			{{Text: "> hello"}},
			{{Text: "hello", Color: ui.RGB(0x4fd1a5)}},
			{{Text: "a line that is longer than the window is wide, so that it has to be folded: 0123456789 0123456789 0123456789 0123456789"}},
			{{Text: "阻塞中，等待 B 的数据"}},
		},
	}
}

type scrollback [][]ui.Span

func (s scrollback) Lines() int           { return len(s) }
func (s scrollback) Line(i int) []ui.Span { return s[i] }

// say returns the words of the chosen language.
func (p *page) say(en, zh string) string {
	if p.lang == "zh" {
		return zh
	}
	return en
}

func (p *page) draw(u *ui.UI, tick int) {
	u.Theme = ui.Dark
	if p.light {
		u.Theme = ui.Light
	}
	u.Words = ui.Words{Close: p.say("Close", "关闭"), ScrollBar: p.say("Scroll bar of {0}", "{0}的滚动条")}
	t := &u.Theme
	screen := u.Screen()
	u.Fill(screen, t.Stage)
	p.bar(u, screen.CutTop(44))
	p.foot(u, screen.CutBottom(64))
	left, right := u.SplitX(screen, "split", p.say("Stage and instruments", "舞台与仪表"), &p.split, 420, 320)
	u.Fill(right, t.Panel)
	bottom := left.CutBottom(150)
	p.stage(u, left)
	p.terminal(u, bottom)
	p.instruments(u, right)
	p.popups(u, tick)
}

func (p *page) bar(u *ui.UI, r ui.Rect) {
	t := &u.Theme
	u.Fill(r, t.Panel)
	u.HLine(r.X, r.Bottom()-u.Pixel(), r.W, t.Line)
	r = r.InsetXY(ui.Space4, 6)
	u.Label(r.CutLeft(u.Width("wirelab", ui.Title)+ui.Space3), "title", "wirelab", ui.Title, ui.Left, t.Text)
	u.TextIn(r.CutLeft(260), p.say("Why four packets to say goodbye?", "为什么是四次挥手？"), ui.BodyBold, ui.Left, t.Text)
	if u.IconButton(r.CutRight(32), "theme", p.say("Theme", "主题"), themeIcon(p.light), ui.Opt{Quiet: true, Key: "T"}) {
		p.light = !p.light
	}
	r.CutRight(ui.Space2)
	lang := 0
	if p.lang == "zh" {
		lang = 1
	}
	if u.Segmented(r.CutRight(96), "lang", "Language", []ui.Tab{{ID: "en", Label: "EN"}, {ID: "zh", Label: "中"}}, &lang) {
		p.lang = []string{"en", "zh"}[lang]
	}
	r.CutRight(ui.Space2)
	p.button(u, &r, "share", p.say("Share link", "分享链接"), ui.Opt{Primary: true})
	if p.button(u, &r, "save", p.say("Save", "保存"), ui.Opt{Icon: ui.IconSave, Key: "S", ShowKey: true}) {
		u.Toast(p.say("Saved as half-close.lab", "已保存为 half-close.lab"), ui.ToneOk)
	}
	if p.button(u, &r, "open", p.say("Open", "打开"), ui.Opt{Icon: ui.IconOpen}) {
		p.dialog = true
	}
	p.button(u, &r, "off", p.say("Disabled", "不可用"), ui.Opt{Disabled: true})
}

func (p *page) button(u *ui.UI, r *ui.Rect, id, label string, o ui.Opt) bool {
	pressed := u.Button(r.CutRight(u.ButtonWidth(label, o)), id, label, o)
	r.CutRight(ui.Space2)
	return pressed
}

func themeIcon(light bool) ui.Icon {
	if light {
		return ui.IconMoon
	}
	return ui.IconSun
}

func (p *page) foot(u *ui.UI, r ui.Rect) {
	t := &u.Theme
	u.Fill(r, t.Panel)
	u.HLine(r.X, r.Y, r.W, t.Line)
	r = r.InsetXY(ui.Space4, 16)
	for i, icon := range []ui.Icon{ui.IconSkipBack, ui.IconBack, ui.IconPlay, ui.IconStep, ui.IconSkipForward} {
		w := float32(34)
		if icon == ui.IconPlay {
			w = 48
		}
		u.IconButton(r.CutLeft(w), fmt.Sprint("transport", i), p.say("Play", "播放"), icon, ui.Opt{Primary: icon == ui.IconPlay, Key: "Space"})
		r.CutLeft(6)
	}
	r.CutLeft(ui.Space3)
	items := p.menu
	label := p.say("Step: packet", "单步：数据包")
	p.menuName = u.Dropdown(r.CutLeft(u.ButtonWidth(label, ui.Opt{Arrow: true})), "step", label, items)
	r.CutLeft(ui.Space4)
	u.TextIn(r.CutLeft(130), "3.084 100 s", ui.Clock, ui.Left, t.Text)
	u.Slider(r.CutLeft(160), "speed", p.say("Speed", "速度"), fmt.Sprintf("%.2f", p.slide), &p.slide, 0, 1, 0)
	r.CutLeft(ui.Space3)
	u.Progress(r.CutLeft(120).Center(120, 6), "progress", p.say("Seeking", "跳转"), p.slide, t.Ok)
	r.CutLeft(ui.Space3)
	u.Toggle(r.CutLeft(160), "sound", p.say("Reduce motion", "减少动画"), &p.sound)
}

func (p *page) menu() []ui.MenuItem {
	return []ui.MenuItem{
		{ID: "event", Label: p.say("Step one event", "单步：一个事件"), Key: "E", Icon: ui.IconStep},
		{ID: "packet", Label: p.say("Step one packet", "单步：一个数据包"), Key: "P", Checked: true},
		{},
		{ID: "branch", Label: p.say("New branch here", "从这里分支"), Key: "B", Icon: ui.IconBranch},
		{ID: "never", Label: p.say("Not now", "现在不行"), Disabled: true},
	}
}

func (p *page) stage(u *ui.UI, r ui.Rect) {
	t := &u.Theme
	u.PushClip(r)
	defer u.PopClip()
	for y := r.Y + 12; y < r.Bottom(); y += 24 {
		for x := r.X + 12; x < r.Right(); x += 24 {
			u.Circle(x, y, 0.8, t.Line)
		}
	}
	it := u.Node(ui.Spec{ID: "stage", Rect: r, Role: ui.RoleImage, Name: p.say("Stage", "舞台"), Actions: ui.CanDrag | ui.CanScroll | ui.CanMenu})
	u.ContextMenu(it, "verbs", p.say("Packet", "数据包"), p.menu())
	p.lesson(u, ui.R(r.X+18, r.Y+18, 320, 150))
	shapes(u, r.X+24, r.Y+196)
	timers(u, r.X+370, r.Y+24)
	icons(u, r.X+24, r.Y+300)
}

func (p *page) lesson(u *ui.UI, r ui.Rect) {
	t := &u.Theme
	u.Card(r, t.Panel)
	r = r.Inset(ui.Space4)
	u.TextIn(r.CutTop(16), p.say("Step 3 of 5", "第 3 步 / 5"), ui.Small, ui.Left, t.Dim)
	r.CutTop(ui.Space1)
	u.Paragraph(r, p.say("The client has closed its direction, but the server still has something to say.",
		"客户端已经关闭了发送方向，但服务器还有话要说。看服务器在 CLOSE_WAIT 里继续发送 “bye”。"), ui.Lead, t.Text)
	foot := r.CutBottom(ui.ControlHeight)
	label := p.say("Continue", "继续")
	o := ui.Opt{Primary: true, Key: "↵", ShowKey: true}
	if u.Button(foot.CutLeft(u.ButtonWidth(label, o)), "continue", label, o) {
		u.Toast(p.say("Waiting for B to send FIN", "等待 B 发出 FIN"), ui.ToneInfo)
	}
	foot.CutLeft(ui.Space2)
	why := p.say("Why?", "为什么？")
	u.Button(foot.CutLeft(u.ButtonWidth(why)), "why", why, ui.Opt{Quiet: true})
	u.TextIn(foot, p.say("waiting: B sends FIN", "等待：B 发出 FIN"), ui.Small, ui.Right, t.Dim)
}

// shapes draws a silhouette for each kind of segment, lines and arrows.
func shapes(u *ui.UI, x, y float32) {
	t := &u.Theme
	u.Flag(ui.R(x, y, 64, 24), false, t.Block(t.Syn))
	u.TextIn(ui.R(x, y, 56, 24), "SYN", ui.CodeBold, ui.Middle, t.On(t.Block(t.Syn)))
	u.RoundFill(ui.R(x+84, y+3, 64, 18), 9, t.Block(t.Ack))
	u.TextIn(ui.R(x+84, y+3, 64, 18), "ACK 15", ui.CodeSmall.Bold(), ui.Middle, t.On(t.Block(t.Ack)))
	u.RoundFill(ui.R(x+168, y, 84, 24), 4, t.Block(t.Data))
	u.RoundStroke(ui.R(x+164, y-4, 92, 32), 7, 2, t.Focus)
	u.TextIn(ui.R(x+168, y, 84, 24), "“bye” 4B", ui.CodeBold, ui.Middle, t.On(t.Block(t.Data)))
	u.Fill(ui.R(x+272, y, 3, 24), t.Block(t.Fin))
	u.RoundFill(ui.R(x+279, y, 44, 24), 3, t.Block(t.Fin))
	u.TextIn(ui.R(x+279, y, 44, 24), "FIN", ui.CodeBold, ui.Middle, t.On(t.Block(t.Fin)))
	u.Octagon(ui.R(x+344, y-2, 44, 28), t.Block(t.Rst))
	u.TextIn(ui.R(x+344, y, 44, 24), "RST", ui.CodeBold, ui.Middle, t.On(t.Block(t.Rst)))
	u.RoundDash(ui.R(x+410, y, 70, 24), 5, 1.5, 5, 3, t.Warn)
	u.TextIn(ui.R(x+410, y, 70, 24), "SYN", ui.CodeBold, ui.Middle, t.Warn)

	y += 48
	u.Line(x, y, x+120, y+18, 1.5, t.Data)
	u.ArrowHead(x+120, y+18, x, y, 9, t.Data)
	u.Dash(x+150, y, x+270, y+18, 1.5, 6, 4, 0, t.Syn)
	u.ArrowHead(x+270, y+18, x+150, y, 9, t.Syn)
	points := make([]ui.Point, 40)
	for i := range points {
		points[i] = ui.Point{X: x + 300 + float32(i)*3, Y: y + 10 - 10*float32(math.Sin(float64(i)/4))}
	}
	u.Polyline(points, 1.5, t.Ok)
	u.TextTurned(x+450, y+10, -math.Pi/2, "LISTEN", ui.CodeTiny, t.Dim)
	u.TextTurned(x+490, y+10, 0.22, "ACK ×", ui.CodeSmall, t.Rst)
}

func timers(u *ui.UI, x, y float32) {
	t := &u.Theme
	for i, left := range []float32{1, 0.75, 0.4, 0.08} {
		cx := x + 24 + float32(i%2)*58
		cy := y + 24 + float32(i/2)*58
		u.Ring(cx, cy, 19, 4, t.Line)
		u.Arc(cx, cy, 17, 4, -math.Pi/2, -math.Pi/2+2*math.Pi*left, t.Syn)
		u.TextIn(ui.R(cx-20, cy-10, 40, 20), "RTO", ui.CodeTiny, ui.Middle, t.Text)
	}
	u.Chip(ui.R(x+130, y+8, u.ChipWidth("FIN_WAIT_2", ui.CodeBold), 24), "fw2", "FIN_WAIT_2", ui.CodeBold, t.Fin)
	u.Chip(ui.R(x+130, y+40, u.ChipWidth("ESTABLISHED", ui.CodeBold), 24), "est", "ESTABLISHED", ui.CodeBold, t.Ok)
	u.SolidChip(ui.R(x+130, y+72, 80, 22), "now", "3.0841", ui.CodeBold, t.Focus)
}

func icons(u *ui.UI, x, y float32) {
	for i := ui.IconPlay; i <= ui.IconLink; i++ {
		n := float32(i - ui.IconPlay)
		u.DrawIcon(ui.R(x+30*float32(int(n)%18), y+30*float32(int(n)/18), 18, 18), i, u.Theme.Text)
	}
}
