package save

import (
	"reflect"

	"wirelab/lab"
	"wirelab/lab/link"
)

// Format 1: a journal entry was one struct for all kinds of inputs, its position was a count of all events so far, and each branch
// repeated its journal from the start.

type position1 struct {
	TimeNs         int64
	Events, Inputs uint64
}

type entry1 struct {
	At         position1
	Kind, Dir  uint8
	Node, Link uint32
	Name, Text string
	Params     link.Params

	Packet, Proof uint64
	Surgery       lab.Surgery
	Rule          rule1

	X, Y  int32
	Plugs [2]lab.LinkEnd
	Back  link.Params
}

// rule1 is a rule with its surgery.
type rule1 struct {
	Filter string
	Link   uint32
	Dir    uint8
	Nth    uint64
	PPM    uint32

	Action       lab.Action
	KeepSums     bool
	Count, Bit   uint32
	Ns           int64
	Field, Value string
}

func (r *rule1) rule() lab.Rule {
	return lab.Rule{Filter: r.Filter, Link: r.Link, Dir: r.Dir, Nth: r.Nth, PPM: r.PPM,
		Surgery: lab.Surgery{Action: r.Action, KeepSums: r.KeepSums, Count: r.Count, Bit: r.Bit, Ns: r.Ns, Field: r.Field, Value: r.Value}}
}

func (p position1) position() lab.Position {
	return lab.Position{TimeNs: p.TimeNs, Events: p.Events, Inputs: p.Inputs}
}

// input returns what an entry did. Kinds kept their numbers.
func (e *entry1) input() (lab.Input, error) {
	switch e.Kind {
	case 1:
		return lab.Exec{Node: e.Node, Line: e.Text}, nil
	case 2:
		return lab.Interrupt{Node: e.Node}, nil
	case 3:
		return lab.EndInput{Node: e.Node}, nil
	case 4:
		return lab.SetLink{Link: e.Link, Dir: e.Dir, Params: e.Params}, nil
	case 5:
		return lab.SetSysctl{Node: e.Node, Name: e.Name, Value: e.Text}, nil
	case 6:
		return lab.Operate{Link: e.Link, Dir: e.Dir, Packet: e.Packet, Proof: e.Proof, Surgery: e.Surgery}, nil
	case 7:
		return lab.AddRule{Rule: e.Rule.rule()}, nil
	case 8:
		return lab.RemoveRule{Number: e.Packet}, nil
	case 9:
		return lab.Inject{Link: e.Link, Dir: e.Dir, Frame: e.Text}, nil
	case 10:
		return lab.AddNode{Name: e.Name, Label: e.Text, Kind: e.Dir, X: e.X, Y: e.Y}, nil
	case 11:
		return lab.AddLink{Ends: e.Plugs, Params: [2]link.Params{e.Params, e.Back}}, nil
	case 12:
		return lab.RemoveNode{Node: e.Node}, nil
	case 13:
		return lab.RemoveLink{Link: e.Link}, nil
	case 14:
		return lab.Rename{Node: e.Node, Name: e.Name, Label: e.Text}, nil
	case 15:
		return lab.SetAddress{Node: e.Node, Iface: e.Link, End: e.Plugs[0]}, nil
	}
	return nil, errKind(e.Kind)
}

// journal1 decodes a journal. An input that like has at the same place becomes the same value in memory.
func (d *decoder) journal1(like []lab.Entry) ([]lab.Entry, error) {
	n, err := d.length(reflect.TypeFor[lab.Entry]().Size())
	if err != nil || n == 0 {
		return nil, err
	}
	journal := make([]lab.Entry, n)
	for i := range journal {
		var e entry1
		if err := d.value(reflect.ValueOf(&e).Elem()); err != nil {
			return nil, err
		}
		in, err := e.input()
		if err != nil {
			return nil, err
		}
		if i < len(like) && like[i].Input == in {
			in = like[i].Input
		} else if err := d.spend(1, reflect.TypeOf(in).Size()); err != nil {
			return nil, err
		}
		journal[i] = lab.Entry{At: e.At.position(), Input: in}
	}
	return journal, nil
}

// set1 reads a value of a file of format 1. Its keys are sorted: branches come before the journal.
func (f *File) set1(key string, d *decoder) (known bool, err error) {
	switch key {
	case "at":
		var p position1
		err := d.value(reflect.ValueOf(&p).Elem())
		f.At = p.position()
		return true, err
	case "journal":
		f.Journal, err = d.journal1(nil)
		return true, err
	case "branches":
		f.Branches, err = d.branches1()
		return true, err
	}
	return false, nil
}

func (d *decoder) branches1() ([]Branch, error) {
	n, err := d.length(reflect.TypeFor[Branch]().Size())
	if err != nil {
		return nil, err
	}
	branches := make([]Branch, n)
	for i := range branches {
		b := &branches[i]
		if err := d.exactly(3); err != nil {
			return nil, err
		}
		var at position1
		if err := d.value(reflect.ValueOf(&b.Name).Elem()); err != nil {
			return nil, err
		}
		if err := d.value(reflect.ValueOf(&at).Elem()); err != nil {
			return nil, err
		}
		var like []lab.Entry
		if i > 0 {
			like = branches[i-1].Journal
		}
		b.At = at.position()
		if b.Journal, err = d.journal1(like); err != nil {
			return nil, err
		}
	}
	return branches, nil
}
