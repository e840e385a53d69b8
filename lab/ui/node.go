package ui

import (
	"time"

	"github.com/hajimehoshi/ebiten/v2"
)

// Role is what a node is to a screen reader, in the words of ARIA.
type Role string

// The roles.
const (
	RoleButton   Role = "button"
	RoleSwitch   Role = "switch"
	RoleRadio    Role = "radio"
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
	Actions     Actions
	Flags       Flags
	Parent      int // index in the tree, -1 for the top
	Depth       int
	key         ID
}

// Spec describes a widget to Node.
type Spec struct {
	ID          string
	Index       int // instead of ID, for one of many, counted from 1
	Rect        Rect
	Role        Role
	Name, Value string
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
	Hover, Pressed, Dragging                   bool // states
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
		u.hits = append(u.hits, hit{key: key, rect: seen, layer: layer, scrolls: s.Actions&CanScroll != 0, drags: s.Actions&CanDrag != 0, solid: s.Solid})
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
	u.nodes = append(u.nodes, Node{u.names[key], s.Role, s.Name, s.Value, seen, s.Actions, s.Flags, u.parent, depth, key})
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
	u.PopID()
	if u.parent >= 0 {
		u.parent = u.nodes[u.parent].Parent
	}
}

// hit is where a widget can be reached by the pointer.
type hit struct {
	key                   ID
	rect                  Rect
	layer                 int
	scrolls, drags, solid bool
}

// pointer is what the pointer is doing.
type pointer struct {
	x, y           float32
	down           [3]bool
	hot, active    ID
	button         int
	startX, startY float32
	dx, dy         float32
	dragging       bool
	clicked        ID
	clickButton    int
	double         bool
	released       ID
	pressed        ID // went down in this frame
	lastClick      ID
	lastTime       time.Duration
	wheel          ID // who gets the wheel
	wheelX, wheelY float32
	hotSince       time.Duration
	finger         ID // what a finger scrolls
}

// topmost finds what lies under a point in the last frame: of the highest layer, the last one drawn.
func (u *UI) topmost(x, y float32) (at hit, wheel ID) {
	for layer := layerCount - 1; layer >= 0; layer-- {
		for i := len(u.oldHits) - 1; i >= 0; i-- {
			h := u.oldHits[i]
			if h.layer != layer || !h.rect.Contains(x, y) {
				continue
			}
			if at.key == 0 {
				at = h
			}
			if h.scrolls {
				return at, h.key
			}
			if h.solid {
				return at, 0
			}
		}
	}
	return at, 0
}

func (u *UI) updatePointer() {
	p, in := &u.pointer, u.Input
	p.dx, p.dy = in.X-p.x, in.Y-p.y
	p.x, p.y = in.X, in.Y
	p.clicked, p.released, p.pressed, p.double = 0, 0, 0, false
	p.wheelX, p.wheelY = in.WheelX, in.WheelY
	if in.Blurred {
		in.Down = [3]bool{}
		p.active, p.dragging, p.finger = 0, false, 0
	}
	at, wheel := u.topmost(in.X, in.Y)
	if in.Outside {
		at, wheel = hit{}, 0
	}
	p.wheel = wheel
	if at.key != p.hot {
		p.hot, p.hotSince = at.key, u.Now
	}
	for button := range in.Down {
		switch was := p.down[button]; {
		case in.Down[button] && !was && p.active == 0:
			u.press(at, button)
		case !in.Down[button] && was && p.button == button && (p.active != 0 || p.finger != 0):
			u.release(at)
		}
	}
	p.down = in.Down
	u.drag(at)
	if in.LongPress && !p.dragging && p.active != 0 {
		p.clicked, p.clickButton = p.active, Secondary
		p.active = 0
	}
}

func (u *UI) press(at hit, button int) {
	p := &u.pointer
	p.active, p.button, p.pressed = at.key, button, at.key
	p.startX, p.startY, p.dx, p.dy = p.x, p.y, 0, 0
	p.dragging = false
	u.focus.ring = false
	u.tip.hidden = at.key
}

func (u *UI) release(at hit) {
	p := &u.pointer
	if p.dragging {
		p.released = p.active
	} else if at.key == p.active && p.active != 0 {
		p.clicked, p.clickButton = p.active, p.button
		p.double = p.button == Primary && p.lastClick == p.active && u.Now-p.lastTime < doubleTime
		p.lastClick, p.lastTime = p.active, u.Now
		if p.double {
			p.lastClick = 0
		}
	}
	p.active, p.dragging, p.finger = 0, false, 0
}

// drag decides when a press becomes a drag. A finger that drags what cannot be dragged scrolls what is behind it.
func (u *UI) drag(at hit) {
	p := &u.pointer
	if p.finger != 0 {
		p.wheel, p.wheelX, p.wheelY = p.finger, -p.dx, -p.dy
		return
	}
	if p.active == 0 || p.dragging {
		return
	}
	slop := float32(dragSlop)
	if u.Input.Touch {
		slop = touchSlop
	}
	if _, _, way := direction(p.startX, p.startY, p.x, p.y); way < slop {
		return
	}
	p.dragging = true
	if !u.Input.Touch {
		return
	}
	start, wheel := u.topmost(p.startX, p.startY)
	if !start.drags && wheel != 0 {
		p.finger, p.active, p.dragging = wheel, 0, false
	}
}

// meetPointer fills in what the pointer did to the widget.
func (u *UI) meetPointer(it *Interaction, s *Spec) {
	p := &u.pointer
	it.Hover = p.hot == it.Key && (p.active == 0 || p.active == it.Key)
	it.Down = p.pressed == it.Key && p.button == Primary
	it.Pressed = p.active == it.Key && p.button == Primary
	it.Dragging = it.Pressed && p.dragging
	it.Released = p.released == it.Key
	if it.Pressed {
		it.DX, it.DY, it.StartX, it.StartY = p.dx, p.dy, p.startX, p.startY
	}
	if p.clicked == it.Key {
		it.Clicked = p.clickButton == Primary
		it.RightClicked = p.clickButton == Secondary
		it.DoubleClicked = it.Clicked && p.double
	}
	if p.wheel == it.Key {
		it.WheelX, it.WheelY, it.Pinch = p.wheelX, p.wheelY, u.Input.Pinch
	}
	if it.Hover || it.Pressed {
		u.Cursor = max(u.Cursor, s.Cursor)
	}
}
