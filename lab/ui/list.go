package ui

import (
	"strconv"

	"github.com/hajimehoshi/ebiten/v2"
)

// Row is what a list tells the function that draws a row.
type Row struct {
	Index    int
	Rect     Rect
	Selected bool
	Hover    bool
	Item     Interaction // for a tooltip
}

// ListResult is what happened to a list; rows are -1 when nothing did.
type ListResult struct {
	Changed      bool // the selection moved
	Clicked      int
	Opened       int // double click or Enter
	RightClicked int
	Sideways     int     // of a tree: -1 after the arrow to the left, which folds, 1 after that to the right
	X, Y         float32 // where, for a menu
	First, Last  int     // the rows that can be seen, Last excluded
}

// ListOpt says how a list behaves.
type ListOpt struct {
	Role   Role // RoleList when empty
	Follow bool // stay at the end while rows are added, if it was there
	Plain  bool // no stripe under the pointer
	Reveal int  // scroll to this row, counted from 1; 0: stay
	// Tree, if set, makes the rows those of a tree: it says of a row whether it is Expanded or Collapsed, or 0 of a leaf.
	Tree func(row int) Flags
}

func (o *ListOpt) roles() (list, row Role) {
	switch {
	case o.Role != "":
		return o.Role, RoleListItem
	case o.Tree != nil:
		return RoleTree, RoleTreeItem
	}
	return RoleList, RoleListItem
}

// row returns what the tree of widgets says of row i.
func (o *ListOpt) row(i, selected int) Flags {
	flags := flagIf(i == selected, Selected)
	if o.Tree != nil {
		flags |= o.Tree(i)
	}
	return flags
}

type listState struct {
	scrolling
	rows     int
	selected int
	begun    bool
}

// List shows n rows of one height, of which only those that can be seen are drawn, so that a million cost nothing. Draw draws a
// row and returns its words for the tree. Selected is the index of the selected row, -1 for none.
func (u *UI) List(r Rect, id, name string, n int, rowHeight float32, selected *int, draw func(row Row) string, opts ...ListOpt) ListResult {
	var o ListOpt
	if len(opts) > 0 {
		o = opts[0]
	}
	s := stateIn[listState](u, id)
	out := ListResult{Clicked: -1, Opened: -1, RightClicked: -1}
	keys := KeysUpDown
	if o.Tree != nil {
		keys |= KeysSideway
	}
	role, _ := o.roles()
	it := u.Enter(Spec{ID: id, Rect: r, Role: role, Name: name, Actions: CanScroll | CanFocus | CanSet, Keys: keys})
	u.listInput(r, it, s, n, rowHeight, selected, o, &out)
	first := int(s.y / float64(rowHeight))
	last := min(n, int((s.y+float64(r.H))/float64(rowHeight))+1)
	out.First, out.Last = first, last
	u.PushClip(r)
	width := r.W
	if float64(n)*float64(rowHeight) > float64(r.H) {
		width -= thumbWidth
	}
	for i := first; i < last; i++ {
		y := r.Y + float32(float64(i)*float64(rowHeight)-s.y)
		u.listRow(Rect{r.X, y, width, rowHeight}, it, s, i, selected, draw, o, &out)
	}
	u.PopClip()
	u.scrollBar(r, &s.scrolling, float64(n)*float64(rowHeight))
	if it.Focused && it.FocusRing {
		u.RoundStroke(r, 2, 2, u.Theme.Focus)
	}
	u.Leave()
	return out
}

func (u *UI) listInput(r Rect, it Interaction, s *listState, n int, rowHeight float32, selected *int, o ListOpt, out *ListResult) {
	content := float64(n) * float64(rowHeight)
	atEnd := s.y >= float64(s.rows)*float64(rowHeight)-float64(r.H)-1
	if it.Focused {
		out.Changed = u.listKeys(selected, n, max(1, int(r.H/rowHeight)-1))
		if *selected >= 0 && *selected < n && u.takeKey(ebiten.KeyEnter) {
			out.Opened = *selected
		}
		if o.Tree != nil {
			out.Sideways = u.sidewaysKey()
		}
	}
	if it.Set {
		if to, err := strconv.Atoi(it.Value); err == nil && to >= 0 && to < n {
			out.Changed = to != *selected
			*selected = to
		}
	}
	if *selected != s.selected && s.begun || out.Changed {
		s.reveal(*selected, n, rowHeight, r.H)
	}
	if o.Follow && s.begun && n > s.rows && atEnd {
		s.y = content
	}
	s.reveal(o.Reveal-1, n, rowHeight, r.H)
	s.selected, s.rows, s.begun = *selected, n, true
	u.scrollBy(&s.scrolling, it, content, r.H)
}

// reveal scrolls as little as it takes to show a row.
func (s *listState) reveal(row, n int, rowHeight, height float32) {
	if row < 0 || row >= n {
		return
	}
	top := float64(row) * float64(rowHeight)
	s.y = min(top, max(s.y, top+float64(rowHeight)-float64(height)))
}

func (u *UI) listRow(r Rect, list Interaction, s *listState, i int, selected *int, draw func(Row) string, o ListOpt, out *ListResult) {
	_, role := o.roles()
	it := u.Enter(Spec{Index: i + 1, Rect: r, Role: role, Actions: CanPress | CanMenu | CanOpen, Flags: o.row(i, *selected)})
	at := len(u.nodes) - 1
	if it.Down {
		u.focus.id = list.Key
	}
	if it.Clicked || it.RightClicked {
		if *selected != i {
			*selected, out.Changed = i, true
			s.selected = i // it is in sight already
		}
	}
	if it.Clicked {
		out.Clicked = i
	}
	if it.DoubleClicked {
		out.Opened = i
	}
	if it.RightClicked {
		out.RightClicked = i
	}
	out.X, out.Y = u.Input.X, u.Input.Y
	t := &u.Theme
	switch {
	case i == *selected:
		u.Fill(r, t.Panel.Mix(t.Focus, 0.16))
		u.Fill(Rect{r.X, r.Y, 2, r.H}, t.Focus)
	case it.Hover && !o.Plain:
		u.Fill(r, t.Raised)
	}
	name := draw(Row{Index: i, Rect: r, Selected: i == *selected, Hover: it.Hover, Item: it})
	u.nodes[at].Name = name
	u.Leave()
}

// TreeOpt describes a row of a tree.
type TreeOpt struct {
	Depth    int
	Leaf     bool // nothing inside it
	Value    string
	Selected bool
	Style    Style
	Ink      Color // of the words; the theme's when zero
}

// TreeRow is a row that opens and closes what is inside it; draw the rows inside only when it is open. Clicking the arrow, the
// arrows keys and Enter toggle *open.
func (u *UI) TreeRow(r Rect, id, label string, open *bool, o TreeOpt) Interaction {
	t := &u.Theme
	flags := flagIf(o.Selected, Selected)
	if !o.Leaf {
		flags |= flagIf(*open, Expanded) | flagIf(!*open, Collapsed)
	}
	it := u.Node(Spec{ID: id, Rect: r, Role: RoleTreeItem, Name: label, Value: o.Value, Actions: CanPress | CanFocus | CanOpen | CanMenu,
		Flags: flags, Keys: KeysPress | KeysSideway})
	arrow := Rect{r.X + Space1 + float32(o.Depth)*Space4, r.Y, 16, r.H}
	if !o.Leaf {
		onArrow := it.Clicked && arrow.Contains(it.X, it.Y)
		if onArrow || it.DoubleClicked || it.Focused && (*open && u.takeKey(ebiten.KeyArrowLeft) || !*open && u.takeKey(ebiten.KeyArrowRight)) {
			*open = !*open
		}
	}
	switch {
	case o.Selected:
		u.Fill(r, t.Panel.Mix(t.Focus, 0.16))
	case it.Hover:
		u.Fill(r, t.Raised)
	}
	if !o.Leaf {
		icon := IconChevronRight
		if *open {
			icon = IconChevronDown
		}
		u.DrawIcon(arrow.Center(12, 12), icon, t.Dim)
	}
	style := o.Style
	if style.Size == 0 {
		style = Body
	}
	words := Rect{arrow.Right() + 2, r.Y, r.Right() - arrow.Right() - 2 - Space2, r.H}
	ink, dim := t.Text, t.Dim
	if o.Ink != 0 {
		ink, dim = o.Ink, o.Ink
	}
	w := u.TextIn(words, label, style, Left, ink)
	if o.Value != "" {
		words.CutLeft(w + Space2)
		u.TextIn(words, o.Value, style, Left, dim)
	}
	it.Rect = r.Inset(2)
	u.FocusRing(it, 2)
	return it
}
