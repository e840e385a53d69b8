package ui

import (
	"strconv"
	"strings"
	"testing"

	"github.com/hajimehoshi/ebiten/v2"
)

func TestListDrawsOnlyWhatIsSeen(t *testing.T) {
	drawn, selected := 0, 0
	r := newRig(t, func(u *UI) {
		drawn = 0
		u.List(R(0, 0, 300, 240), "list", "List", 1_000_000, 24, &selected, func(row Row) string {
			drawn++
			u.TextIn(row.Rect, strconv.Itoa(row.Index), Body, Left, u.Theme.Text)
			return strconv.Itoa(row.Index)
		})
	})
	r.click(50, 30)
	if selected != 1 {
		t.Errorf("clicked row 1, selected %d", selected)
	}
	r.key(ebiten.KeyEnd)
	r.frame()
	if selected != 999_999 || drawn > 12 {
		t.Errorf("selected %d, drawn %d", selected, drawn)
	}
	if n, ok := r.Find("list/999999"); !ok || n.Bounds.H != 24 || n.Bounds.Bottom() != 240 {
		t.Errorf("the last row is not whole at the foot: %+v", n)
	}
	r.key(ebiten.KeyPageUp, ebiten.KeyArrowUp)
	if selected != 999_989 {
		t.Errorf("a page and one up: %d", selected)
	}
	r.do(t, "list", "set", "500000")
	if _, ok := r.Find("list/500000"); !ok {
		t.Error("the selected row is not in sight")
	}
	r.in.WheelY = -240
	r.frame()
	if n, _ := r.Find("list/500000"); n.Bounds.H != 0 {
		t.Error("the wheel does not scroll")
	}
}

func TestListFollowsItsEndOnlyIfItWasThere(t *testing.T) {
	n, selected := 100, -1
	var out ListResult
	r := newRig(t, func(u *UI) {
		out = u.List(R(0, 0, 300, 240), "list", "List", n, 24, &selected, func(Row) string { return "" }, ListOpt{Follow: true})
	})
	r.move(50, 50)
	r.in.WheelY = 1e6
	r.frame()
	n = 150
	r.frame()
	if out.Last != 150 {
		t.Errorf("at the end it follows: %d", out.Last)
	}
	r.in.WheelY = -48
	r.frame()
	n = 200
	r.frame()
	if out.Last > 150 {
		t.Errorf("scrolled up it stays: %d", out.Last)
	}
}

func TestFingerScrollsWhatItDrags(t *testing.T) {
	selected := -1
	r := newRig(t, func(u *UI) {
		u.List(R(0, 0, 300, 240), "list", "List", 100, 24, &selected, func(Row) string { return "" })
	})
	r.in.Touch = true
	r.drag(50, 200, 50, 100)
	if _, ok := r.Find("list/0"); ok || selected != -1 {
		t.Errorf("selected %d, row 0 in sight %v", selected, ok)
	}
}

func TestScrollAreaStopsAtItsEnds(t *testing.T) {
	var top float32
	r := newRig(t, func(u *UI) {
		u.ScrollArea(R(0, 0, 200, 100), "area", "Area", func(r Rect) float32 { top = r.Y; return 300 })
	})
	r.do(t, "area", "scroll", "1000")
	if top != -200 {
		t.Errorf("scrolled to %v", top)
	}
	r.do(t, "area", "scroll", "-1000")
	if top != 0 {
		t.Errorf("scrolled back to %v", top)
	}
}

type manyLines int

func (n manyLines) Lines() int        { return int(n) }
func (n manyLines) Line(i int) []Span { return []Span{{Text: strings.Repeat(strconv.Itoa(i)+" ", 40)}} }

func TestTerminalTypes(t *testing.T) {
	text, sent := "", ""
	r := newRig(t, func(u *UI) {
		if u.Terminal(R(0, 0, 300, 100), "term", "Terminal", manyLines(100_000), TerminalOpt{Prompt: "$ ", Text: &text}).Submitted {
			sent, text = text, ""
		}
	})
	r.click(100, 20)
	r.typed("ping b")
	r.key(ebiten.KeyEnter)
	if sent != "ping b" || text != "" {
		t.Errorf("sent %q, left %q", sent, text)
	}
}

// Tab completes while there is text, and else moves on: nobody is caught in the field.
func TestTerminalTab(t *testing.T) {
	text, tabs := "", 0
	r := newRig(t, func(u *UI) {
		if u.Terminal(R(0, 0, 300, 100), "term", "Terminal", manyLines(3), TerminalOpt{Prompt: "$ ", Text: &text, Tab: true}).Tab {
			tabs++
			text += "ing "
		}
		u.Button(R(0, 110, 80, 30), "other", "Other")
	})
	r.click(100, 20)
	r.typed("p")
	r.key(ebiten.KeyTab)
	r.typed("b")
	if text != "ping b" || tabs != 1 || !r.focused("term/input") {
		t.Errorf("%q, %d tabs", text, tabs)
	}
	text = ""
	r.key(ebiten.KeyTab)
	r.frame()
	if tabs != 1 || r.focused("term/input") {
		t.Errorf("%d tabs; without text the focus stays", tabs)
	}
}

func TestListAsTreeTellsWhatIsFolded(t *testing.T) {
	selected, sideways := 0, 0
	flags := []Flags{Expanded, 0, Collapsed}
	r := newRig(t, func(u *UI) {
		out := u.List(R(0, 0, 300, 240), "tree", "Tree", len(flags), 24, &selected, func(row Row) string { return strconv.Itoa(row.Index) },
			ListOpt{Tree: func(i int) Flags { return flags[i] }})
		sideways += out.Sideways
	})
	for i, want := range []Flags{Expanded | Selected, 0, Collapsed} {
		if n, _ := r.Find("tree/" + strconv.Itoa(i)); n.Role != RoleTreeItem || n.Flags != want {
			t.Errorf("row %d is a %s with %v, want %v", i, n.Role, n.Flags.Names(), want.Names())
		}
	}
	if n, _ := r.Find("tree"); n.Role != RoleTree {
		t.Errorf("the list is a %s", n.Role)
	}
	r.key(ebiten.KeyArrowLeft)
	if sideways != 0 {
		t.Error("a key counts without the focus")
	}
	r.click(50, 10)
	r.key(ebiten.KeyArrowRight, ebiten.KeyArrowRight, ebiten.KeyArrowLeft)
	if sideways != 1 {
		t.Errorf("twice right and once left make %d", sideways)
	}
}
