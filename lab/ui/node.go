package ui

import "github.com/hajimehoshi/ebiten/v2"

// Role is what a node is to a screen reader, in the words of ARIA.
type Role string

// The roles.
const (
	RoleButton   Role = "button"
	RoleSwitch   Role = "switch"
	RoleRadio    Role = "radio"
	RoleRadios   Role = "radiogroup"
	RoleTab      Role = "tab"
	RoleTabList  Role = "tablist"
	RoleTextbox  Role = "textbox"
	RoleList     Role = "listbox"
	RoleListItem Role = "option"
	RoleTree     Role = "tree"
	RoleTreeItem Role = "treeitem"
	RoleSlider   Role = "slider"
	RoleSplitter Role = "separator"
	RoleScroll   Role = "region"
	RoleImage    Role = "img"
	RoleMenu     Role = "menu"
	RoleMenuItem Role = "menuitem"
	RoleDialog   Role = "dialog"
	RoleProgress Role = "progressbar"
	RoleStatus   Role = "status"
	RoleText     Role = "text"
	RoleGroup    Role = "group"
	RoleLog      Role = "log"
)

// Actions is what can be done to a node through Do.
type Actions uint16

// The actions; the names of Names and Do stand beside them.
const (
	CanPress  Actions = 1 << iota // press
	CanFocus                      // focus
	CanSet                        // set
	CanScroll                     // scroll
	CanMenu                       // menu: its context menu
	CanOpen                       // open: what a double click does
	CanDrag                       // drag
)

var actionNames = [...]string{"press", "focus", "set", "scroll", "menu", "open", "drag"}

// Names lists the actions in words.
func (a Actions) Names() []string { return bitNames(uint16(a), actionNames[:]) }

// Flags is the state of a node.
type Flags uint16

// The flags.
const (
	Disabled Flags = 1 << iota
	Selected
	Expanded
	Collapsed
	Checked
	Focused
	Modal
	// Covered marks what lies behind a dialog or an open menu.
	Covered
)

var flagNames = [...]string{"disabled", "selected", "expanded", "collapsed", "checked", "focused", "modal", "covered"}

// Names lists the flags in words.
func (f Flags) Names() []string { return bitNames(uint16(f), flagNames[:]) }

func bitNames(bits uint16, names []string) []string {
	var out []string
	for i, name := range names {
		if bits>>i&1 != 0 {
			out = append(out, name)
		}
	}
	return out
}

// Node is one widget of the frame, for tests and assistive technology.
type Node struct {
	ID          string
	Role        Role
	Name, Value string
	Bounds      Rect // what of it can be seen
	Range       Range
	Actions     Actions
	Flags       Flags
	Parent      int // index in the tree, -1 for the top
	Depth       int
	key         ID
}

// Range is what a widget that chooses a number chooses from, and what it has chosen; action set takes such a number.
type Range struct{ Min, Max, Now float32 }

// Spec describes a widget to Node.
type Spec struct {
	ID          string
	Index       int // instead of ID, for one of many, counted from 1
	Rect        Rect
	Role        Role
	Name, Value string
	Range       Range
	Actions     Actions
	Flags       Flags
	// Keys are the keys that the widget uses while it has the focus; shortcuts leave them to it.
	Keys   Keys
	Cursor ebiten.CursorShapeType
	// Raised puts the widget above everything else of its layer: a grip between two panels.
	Raised bool
	// Solid stops the wheel from reaching what lies behind.
	Solid bool
}

// Interaction is what happened to a node since the last frame.
type Interaction struct {
	Key                                        ID
	Rect                                       Rect
	Hover, Pressed, Dragging, Panning          bool // states; panning is dragging with another button than the first
	Down, Clicked, DoubleClicked, RightClicked bool // moments
	Released                                   bool // a drag ended
	Focused, FocusRing                         bool
	X, Y                                       float32 // the pointer
	DX, DY                                     float32 // its way since the last frame, while dragging
	StartX, StartY                             float32 // where the drag began
	WheelX, WheelY, Pinch                      float32
	Set                                        bool // Do asked for a value
	Value                                      string
	disabled, covered                          bool
}

// Node puts a widget into the tree and, when it has actions, under the pointer, and says what happened to it.
func (u *UI) Node(s Spec) Interaction {
	key := u.specID(&s)
	it := Interaction{Key: key, Rect: s.Rect, X: u.Input.X, Y: u.Input.Y}
	seen := s.Rect.Intersect(u.clipRect())
	it.covered = u.modal < u.top
	it.disabled = s.Flags&Disabled != 0
	if it.covered {
		s.Flags |= Covered
	}
	if s.Actions != 0 || s.Solid {
		layer := u.layer()
		if s.Raised && layer == layerBase {
			layer = layerFloat
		}
		u.hits = append(u.hits, hit{key: key, rect: seen, layer: layer, node: len(u.nodes), presses: s.Actions&(CanPress|CanFocus|CanSet) != 0, scrolls: s.Actions&CanScroll != 0, drags: s.Actions&CanDrag != 0, solid: s.Solid})
	}
	if !it.disabled && s.Actions != 0 {
		if s.Actions&CanFocus != 0 && !it.covered && !seen.Empty() {
			u.focuses = append(u.focuses, key)
		}
		u.meetPointer(&it, &s)
		u.meetFocus(&it, &s)
		u.meetActions(&it)
	}
	if it.Focused {
		s.Flags |= Focused
	}
	depth := 0
	if u.parent >= 0 {
		depth = u.nodes[u.parent].Depth + 1
	}
	u.nodes = append(u.nodes, Node{u.nameOf(key), s.Role, s.Name, s.Value, seen, s.Range, s.Actions, s.Flags, u.parent, depth, key})
	return it
}

func (u *UI) specID(s *Spec) ID {
	if s.Index > 0 {
		return u.indexID(s.Index - 1)
	}
	return u.id(s.ID)
}

// Enter is Node for a widget with others inside it; their ids and their place in the tree are under it until Leave.
func (u *UI) Enter(s Spec) Interaction {
	it := u.Node(s)
	u.pushRaw(it.Key)
	u.parent = len(u.nodes) - 1
	return it
}

// Leave ends what Enter began.
func (u *UI) Leave() {
	u.popID()
	if u.parent >= 0 {
		u.parent = u.nodes[u.parent].Parent
	}
}
