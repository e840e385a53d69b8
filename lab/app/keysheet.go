package app

import (
	"wirelab/lab/ui"
	"wirelab/lab/view"
)

// keySheet shows the key of every verb.
func (a *App) keySheet() {
	if !a.sheet {
		return
	}
	r := a.UI.Screen()
	a.UI.Dialog("keys", a.Model.Say("verb.keys"), min(a.UI.Grow(1240), r.W-2*ui.Space4), r.H-4*ui.Space4, &a.sheet, func(r ui.Rect) {
		a.UI.ScrollArea(r, "sheet", a.Model.Say("verb.keys"), a.keySheetBody)
	})
}

var sheetGroups = []struct {
	on  view.TargetKind
	key string
}{{view.OnLab, "app.keys_lab"}, {view.OnPacket, "app.keys_packet"}, {view.OnConn, "app.keys_conn"}, {view.OnNode, "app.keys_node"}, {view.OnLink, "app.keys_link"}}

// keySheetBody sets the groups in columns and returns their height.
func (a *App) keySheetBody(r ui.Rect) float32 {
	u, m := a.UI, &a.Model
	t := &u.Theme
	columns := max(1, int(r.W/u.Grow(280)))
	width := r.W / float32(columns)
	row, top, lowest, column := u.Grow(23), r.Y, float32(0), 0
	lines := len(verbs) + 2*len(sheetGroups)
	perColumn := (lines + columns - 1) / columns
	at := 0
	place := func(height int) ui.Rect {
		if at > 0 && at+height > perColumn+1 && column < columns-1 {
			column, at = column+1, 0
		}
		box := ui.R(r.X+float32(column)*width, top+float32(at)*row, width-ui.Space4, row)
		at++
		lowest = max(lowest, box.Bottom()-top)
		return box
	}
	for _, g := range sheetGroups {
		u.Label(place(3), g.key, m.Say(g.key), ui.BodyBold, ui.Left, t.Text)
		for i := range verbs {
			v := &verbs[i]
			if v.on != g.on {
				continue
			}
			box := place(1)
			words := v.key.String()
			w := u.Width(words, ui.CodeTiny) + 12
			u.Node(ui.Spec{ID: v.id, Rect: box, Role: ui.RoleText, Name: v.label(m), Value: words})
			chip := box.CutLeft(u.Grow(96)).Center(u.Grow(96), u.LineHeight(ui.CodeTiny)+4)
			u.KeyHint(chip.CutLeft(w), words)
			u.TextIn(box, v.label(m), ui.Body, ui.Left, t.Dim)
		}
		at++ // a line between groups
	}
	return lowest + row
}
