package app

import (
	"strconv"

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
		a.UI.ScrollArea(r, "sheet", a.Model.Say("verb.keys"), func(body ui.Rect) float32 { return a.keySheetBody(body, r.H) })
	})
}

type sheetGroup struct {
	on  view.TargetKind
	key string
}

var sheetGroups = [...]sheetGroup{{view.OnLab, "app.keys_lab"}, {view.OnPacket, "app.keys_packet"}, {view.OnConn, "app.keys_conn"}, {view.OnNode, "app.keys_node"}, {view.OnLink, "app.keys_link"}}

// keySheetBody sets the groups in columns, of which height is seen at once, and returns how high they are.
func (a *App) keySheetBody(r ui.Rect, height float32) float32 {
	u, m := a.UI, &a.Model
	var groups [len(sheetGroups)][]*verb
	var sizes [len(sheetGroups)]int
	for k, g := range sheetGroups {
		for i := range verbs {
			if v := &verbs[i]; v.on == g.on {
				groups[k] = append(groups[k], v)
			}
		}
		sizes[k] = len(groups[k])
	}
	columns := max(1, int(r.W/u.Grow(280)))
	width, row, last := r.W/float32(columns), u.Grow(22), 0
	for _, b := range sheetBlocks(sizes[:], columns, int(height/row)) {
		box := ui.R(r.X+float32(b.column)*width, r.Y+float32(b.row)*row, width-ui.Space4, row)
		if b.headed {
			id, ink := sheetGroups[b.group].key, u.Theme.Text
			if b.first > 0 {
				id, ink = id+"-"+strconv.Itoa(b.first), u.Theme.Dim
			}
			u.Label(box, id, m.Say(sheetGroups[b.group].key), ui.BodyBold, ui.Left, ink)
		}
		for _, v := range groups[b.group][b.first : b.first+b.n] {
			box.Y += row
			a.keySheetLine(box, v)
		}
		last = max(last, b.row+b.n)
	}
	return float32(last+1) * row
}

func (a *App) keySheetLine(r ui.Rect, v *verb) {
	u, words, label := a.UI, v.key.String(), v.label(&a.Model)
	w := u.Width(words, ui.CodeTiny) + 12
	u.Node(ui.Spec{ID: v.id, Rect: r, Role: ui.RoleText, Name: label, Value: words})
	chip := r.CutLeft(u.Grow(104)).Center(u.Grow(104), u.LineHeight(ui.CodeTiny)+4)
	u.KeyHint(chip.CutLeft(w), words)
	u.TextIn(r, label, ui.Body, ui.Left, u.Theme.Dim)
}

// sheetBlock is what stands of a group in one column: n verbs from first on, below a row for the heading.
type sheetBlock struct {
	group, first, n int
	column, row     int
	headed          bool
}

// sheetBlocks places groups of some sizes. If rows are enough for all of them, they fill one column after the other, as low as
// that can be. Else the sheet is scrolled, and nobody should have to go back up to read on: the groups stand below each
// other, each across all columns, in parts that can be seen at once.
func sheetBlocks(sizes []int, columns, rows int) []sheetBlock {
	for low := 2; low <= rows; low++ {
		if blocks := sheetColumns(sizes, columns, low); blocks != nil {
			return blocks
		}
	}
	var blocks []sheetBlock
	row, most := 0, columns*max(rows-1, 1)
	for g, size := range sizes {
		parts := (size + most - 1) / most
		for p := range parts {
			first, end := size*p/parts, size*(p+1)/parts
			n := (end - first + columns - 1) / columns
			for c := 0; first < end; c++ {
				blocks = append(blocks, sheetBlock{g, first, min(n, end-first), c, row, c == 0})
				first += n
			}
			row += n + 2 // the heading, and a line between groups
		}
	}
	return blocks
}

// leastPart is how many verbs stand together at least where a group that is too long for one column is broken.
const leastPart = 3

// sheetColumns fills columns of so many rows, and returns nothing if they are too few. Where a group is broken, its heading
// is said again.
func sheetColumns(sizes []int, columns, rows int) []sheetBlock {
	var blocks []sheetBlock
	column, at := 0, 0
	for g, size := range sizes {
		for first := 0; first < size; {
			left, room := size-first, rows-at-1
			if at > 0 && left > room && (left < rows || room < leastPart) {
				column, at = column+1, 0
				continue
			}
			n := min(left, room)
			blocks = append(blocks, sheetBlock{g, first, n, column, at, true})
			first, at = first+n, at+n+2
		}
	}
	if column >= columns {
		return nil
	}
	return blocks
}
