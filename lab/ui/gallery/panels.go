package main

import (
	"fmt"

	"wirelab/lab/ui"
)

func (p *page) terminal(u *ui.UI, r ui.Rect) {
	t := &u.Theme
	r = r.Inset(ui.Space3)
	u.RoundFill(r, ui.RadiusCard, t.Bg)
	u.RoundStroke(r, ui.RadiusCard, 0, t.LineStrong)
	out := u.Terminal(r.Inset(ui.Space3), "term", p.say("Terminal of A", "A 的终端"), p.said, ui.TerminalOpt{Prompt: "A$ ", Text: &p.input})
	if out.Submitted {
		p.said = append(p.said, []ui.Span{{Text: "A$ " + p.input}})
		p.input = ""
	}
}

func (p *page) instruments(u *ui.UI, r ui.Rect) {
	t := &u.Theme
	tabs := []ui.Tab{
		{ID: "ladder", Label: p.say("Packets", "数据包"), Badge: "1,000,000", Key: "1"},
		{ID: "plots", Label: p.say("Fields", "字段"), Key: "2"},
		{ID: "code", Label: p.say("Code", "代码"), Icon: ui.IconTerminal, Key: "3"},
	}
	u.Tabs(r.CutTop(ui.TabHeight), "tabs", "Tabs", tabs, &p.tab)
	head := r.CutTop(48).InsetXY(ui.Space3, ui.Space2)
	u.Segmented(head.CutRight(150), "speed", "Protocols", []ui.Tab{{ID: "a", Label: p.say("All", "全部")}, {ID: "b", Label: "TCP"}, {ID: "c", Label: "UDP"}}, &p.speed)
	head.CutRight(ui.Space2)
	u.TextField(head, "filter", p.say("Filter", "过滤"), &p.filter, ui.FieldOpt{Icon: ui.IconSearch, Mono: true, Placeholder: p.say("Filter packets", "过滤数据包")})
	tree := r.CutBottom(200)
	u.HLine(r.X, r.Bottom(), r.W, t.Line)
	u.List(r, "packets", p.say("Packets", "数据包"), 1_000_000, ui.RowHeight, &p.row, func(row ui.Row) string { return p.packet(u, row) })
	u.ScrollArea(tree.InsetXY(0, ui.Space1), "fields", p.say("Fields", "字段"), func(r ui.Rect) float32 { return p.tree(u, r) })
}

func (p *page) packet(u *ui.UI, row ui.Row) string {
	t := &u.Theme
	r := row.Rect.InsetXY(ui.Space3, 0)
	number := fmt.Sprint(row.Index)
	u.TextIn(r.CutLeft(64), number, ui.CodeSmall, ui.Right, t.Dim)
	r.CutLeft(ui.Space3)
	u.TextIn(r.CutLeft(64), fmt.Sprintf("%.3f", float64(row.Index)*0.017), ui.CodeSmall, ui.Left, t.Dim)
	kinds := []struct {
		name  string
		color ui.Color
	}{{"SYN", t.Syn}, {"ACK", t.Ack}, {"DATA", t.Data}, {"FIN", t.Fin}, {"RST", t.Rst}}
	kind := kinds[row.Index%len(kinds)]
	u.RoundFill(r.CutLeft(8).Center(8, 8), 2, kind.color)
	r.CutLeft(ui.Space2)
	u.TextIn(r.CutLeft(44), kind.name, ui.CodeSmall.Bold(), ui.Left, u.Theme.Text)
	words := p.say("A.3337 > B.7788: seq 1:7, ack 1, win 64240, length 6", "A.3337 > B.7788：序号 1:7，确认 1，窗口 64240")
	u.TextIn(r, words, ui.CodeSmall, ui.Left, t.Text)
	return number + " " + kind.name
}

func (p *page) tree(u *ui.UI, r ui.Rect) float32 {
	start := r.Y
	u.TreeRow(r.CutTop(ui.RowHeight), "eth", "Ethernet II", &p.treeOpen[0], ui.TreeOpt{Value: "02:00:00:00:00:0a → 02:00:00:00:00:0b"})
	if p.treeOpen[0] {
		u.TreeRow(r.CutTop(ui.RowHeight), "type", "Type", new(bool), ui.TreeOpt{Depth: 1, Leaf: true, Value: "0x0800", Style: ui.CodeSmall})
	}
	u.TreeRow(r.CutTop(ui.RowHeight), "tcp", p.say("Transmission Control Protocol", "传输控制协议"), &p.treeOpen[1], ui.TreeOpt{Value: "3337 → 7788"})
	if p.treeOpen[1] {
		for i, field := range []string{"seq", "ack", "window", "checksum", "options"} {
			u.TreeRow(r.CutTop(ui.RowHeight), field, field, new(bool), ui.TreeOpt{Depth: 1, Leaf: true, Value: fmt.Sprint(i * 1460), Style: ui.CodeSmall, Selected: i == 1})
		}
	}
	u.TreeRow(r.CutTop(ui.RowHeight), "data", p.say("Data", "数据"), &p.treeOpen[2], ui.TreeOpt{Value: p.say("4 bytes", "4 字节")})
	return r.Y - start
}

func (p *page) popups(u *ui.UI, tick int) {
	if tick == 2 {
		switch p.open {
		case "menu":
			u.OpenMenu("verbs", 420, 300)
		case "dialog":
			p.dialog = true
		case "toast":
			u.Toast(p.say("This file is no lab: it ends in the middle of the header.", "这不是实验文件：文件头不完整。"), ui.ToneError)
			u.Toast(p.say("Saved as half-close.lab", "已保存为 half-close.lab"), ui.ToneOk)
		}
	}
	title := p.say("Change the link", "修改线路")
	u.Dialog("dialog", title, 420, 250, &p.dialog, func(r ui.Rect) {
		t := &u.Theme
		row := r.CutTop(ui.ControlHeight)
		u.TextIn(row.CutLeft(100), p.say("Loss", "丢包"), ui.Body, ui.Left, t.Dim)
		u.TextIn(row.CutRight(50), fmt.Sprintf("%.0f%%", p.slide*100), ui.Code, ui.Right, t.Text)
		u.Slider(row, "loss", p.say("Loss", "丢包"), fmt.Sprintf("%.0f%%", p.slide*100), &p.slide, 0, 1, 0.01)
		r.CutTop(ui.Space2)
		row = r.CutTop(ui.ControlHeight)
		u.TextIn(row.CutLeft(100), p.say("Name", "名称"), ui.Body, ui.Left, t.Dim)
		u.TextField(row, "name", p.say("Name", "名称"), &p.filter, ui.FieldOpt{})
		r.CutTop(ui.Space2)
		u.Toggle(r.CutTop(ui.ControlHeight), "grid", p.say("Show the grid", "显示网格"), &p.grid)
		foot := r.CutBottom(ui.ControlHeight)
		if p.button(u, &foot, "ok", p.say("Apply", "应用"), ui.Opt{Primary: true}) || p.button(u, &foot, "cancel", p.say("Cancel", "取消"), ui.Opt{}) {
			p.dialog = false
		}
	})
}
