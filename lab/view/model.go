// Package view draws a lab: stage, ladder, packets, connection, time line,
// terminals. A view reads the lab and never writes it; what a person wants done
// is put into Model.Asks, and lab/app does it.
//
// It may import lab and what lies below it, lab/ui and lab/words. Start reading
// at Model, which all views share: it holds the one selection. Each view is a
// struct with what it remembers between frames and a Draw method.
package view

import (
	"slices"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/lab/trace"
	"wirelab/lab/ui"
	"wirelab/lab/words"
	"wirelab/stack/wire"
)

// Model is what the views look at. There is one selection: what is selected in
// one view is selected in all.
type Model struct {
	Lab     *lab.Lab
	Lang    words.Lang
	Title   string
	Playing bool
	Speed   float64 // virtual seconds a second
	Idle    bool    // time is being skipped in which nothing is on its way

	Futures []Future // laid over this one

	Branches []Branch // futures that were left
	CanUndo  bool
	CanRedo  bool

	Packet int64  // the selected crossing, -1: none
	Bytes  [2]int // of its frame, those that a field was selected for; empty: none
	Conn   ConnRef
	Node   uint32   // whose terminal and details are shown
	Chosen Target   // what was chosen last, of any kind
	Many   []uint32 // nodes that were chosen together
	Notes  []Note

	Lesson []LessonStep // of the open lab; none if it has none

	Problem Problem // what was wrong with what was written into a field

	Place *Place // where on the stage something is to be added, if somebody said so

	// Explain tells in sentences how a packet came about; what is indented says why the line above it happened.
	Explain func(packet uint64) []string

	Verbs func(t Target) []ui.MenuItem // what can be done to a target

	Asks []Ask

	told   told
	index  index
	frame  []byte // of Packet
	fields []wire.Field
	framed int64
	of     *lab.Lab
}

// Problem says what is wrong with what was written into the field ID.
type Problem struct{ ID, Text string }

// Place is a place on the stage.
type Place struct{ X, Y int32 }

// Future is another branch, run as far as this one.
type Future struct {
	Name string
	Lab  *lab.Lab
}

// maxFutures is how many are laid over this one at most.
const maxFutures = 3

// LayOver lays another future over this one, in the place of the one of its name or, if there are too many, of the first.
func (m *Model) LayOver(f Future) {
	m.Futures = slices.DeleteFunc(m.Futures, func(o Future) bool { return o.Name == f.Name })
	m.Futures = append(m.Futures[max(0, len(m.Futures)-maxFutures+1):], f)
}

// ConnRef names a connection of a host: a slot, and how often it was used.
type ConnRef struct {
	Host, Slot, Gen uint32
	Set             bool
}

// Ask is something that a person asked for at a view.
type Ask struct {
	Kind   AskKind
	TimeNs int64
	Speed  float64
	Node   uint32
	Link   uint32
	Dir    uint8
	Branch int
	Text   string
	Data   []byte
	ID     string // of the field that asks
	Params link.Params
	X, Y   int32
	Drag   int // of the pointer, that the move is part of
	Target Target
}

// AskKind says what is asked for, and which fields of Ask it uses.
type AskKind uint8

const (
	AskPlay      AskKind = iota // or pause, if it plays
	AskGrab                     // the time line was grabbed: pause
	AskSeek                     // TimeNs
	AskStep                     // Text: event, packet, state, syscall, or a goal
	AskSpeed                    // Speed
	AskExec                     // Node, Text
	AskInterrupt                // Node
	AskEndInput                 // Node
	AskLink                     // Link, Dir, Params
	AskMove                     // Node to X, Y on the stage, by Drag
	AskUndo
	AskRedo
	AskBranch     // Branch is taken up
	AskNotes      // Notes were moved; Branch, counted from 1, is one to be taken away
	AskNote       // the text of note Branch is to be edited
	AskCommand    // Text is carried out; Model.Problem says what is wrong with it
	AskCompare    // Branch with what is open
	AskNameBranch // Branch is given a name
	AskDeleteBranch
	AskVerb     // the verb Text is done to Target
	AskLinkUp   // Node is connected with Target.Node
	AskSaveFile // Data, whose name ends in Text
)

// Look points the model at a lab and brings what it derives from the records up
// to date. It is called once a frame, before any view draws.
func (m *Model) Look(l *lab.Lab) {
	m.Lab = l
	if m.of != l {
		m.of, m.index, m.Futures = l, index{}, nil
		m.Packet, m.framed, m.Conn, m.Node, m.Bytes, m.Chosen, m.Many = -1, -1, ConnRef{}, 0, [2]int{}, Target{}, nil
	}
	if m.index.update(l) && m.Packet >= 0 {
		m.framed = -1 // another future: the number may now be another packet's
		if uint64(m.Packet) >= l.Trace.Len() {
			m.Packet = -1
		}
	}
}

// Now returns the lab's time in ns.
func (m *Model) Now() int64 { return m.Lab.Position().TimeNs }

// told is what is said of the lab in every frame, in several places.
type told struct {
	now     int64
	clock   string
	packets int
	written string
}

// clock is the time in full.
func (m *Model) clock() string {
	if k := &m.told; k.now != m.Now() || k.clock == "" {
		k.now, k.clock = m.Now(), clock(m.Now())
	}
	return m.told.clock
}

// PacketsWords is Packets as it is written.
func (m *Model) PacketsWords() string {
	if k := &m.told; k.packets != m.Packets() || k.written == "" {
		k.packets, k.written = m.Packets(), thousands(uint64(m.Packets()))
	}
	return m.told.written
}

// End returns the last instant of the recording in ns.
func (m *Model) End() int64 { return m.index.line.end().ns }

// Say returns words of the catalogue.
func (m *Model) Say(key string, args ...any) string { return words.Get(m.Lang, key, args...) }

// Ask puts a wish down.
func (m *Model) Ask(a Ask) { m.Asks = append(m.Asks, a) }

// Select selects crossing i in all views; -1 selects none.
func (m *Model) Select(i int64) {
	if i >= 0 {
		m.Chosen = Target{Kind: OnPacket, Packet: uint64(i)}
	}
	if m.Packet != i {
		m.Packet, m.Bytes = i, [2]int{}
	}
}

// Frame returns the bytes of the selected packet and their decode tree; nil if
// none is selected. They come from a replay, done when the selection changes.
func (m *Model) Frame() ([]byte, []wire.Field) {
	if m.Packet < 0 {
		return nil, nil
	}
	if m.framed != m.Packet {
		m.framed = m.Packet
		m.frame, _ = m.Lab.FrameOf(uint64(m.Packet)) // a packet that was recorded can be found
		m.fields = wire.Fields(m.fields[:0], m.frame)
	}
	return m.frame, m.fields
}

// NodeName returns the name of a node.
func (m *Model) NodeName(id uint32) string { return m.Lab.Node(id).Name }

// share returns how far along its link a frame came that does not arrive, as a part of the whole way.
func (m *Model) share(c *trace.Crossing) float32 {
	switch {
	case c.Fate == link.Lost:
		return 0.5
	case c.Arrive <= c.Start || int(c.Link) >= len(m.Lab.Links):
		return 0
	}
	p := &m.Lab.LinkAt(int(c.Link)).Dir[c.Dir].Params
	whole := p.DelayNs
	if p.BitsPerSecond > 0 {
		whole += int64(uint64(c.Bytes) * 8_000_000_000 / p.BitsPerSecond)
	}
	return min(float32(c.Arrive-c.Start)/float32(max(whole, 1)), 0.9)
}

// Ends returns the nodes that crossing i leads from and to.
func (m *Model) Ends(i uint64) (from, to uint32) {
	c := m.Lab.Trace.At(i)
	ends := m.Lab.EndsOf(c.Link)
	return ends[c.Dir], ends[1-c.Dir]
}
