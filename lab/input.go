package lab

import "reflect"

// Engine numbers the behaviour of the stack and the simulator. It grows with every change after which a recorded lab may replay
// otherwise; the test of the labs that every target must make the same says when.
const Engine = 4

// Input is one thing that a person did to a lab. Inputs are values and never change: journals of several branches share them.
type Input interface {
	// check says why the input makes no sense in a network that looks like p, or nil.
	check(p *plan) error
	// do carries the input out in l, which counts it already.
	do(l *Lab)
}

// planner is an input that changes the network.
type planner interface{ follow(p *plan) }

// presenter is an input that must fit what is there just now, beyond the plan.
type presenter interface{ present(l *Lab) error }

// Entry is an input, and where in history. It is done again at exactly that position whenever the lab is replayed.
type Entry struct {
	At    Position
	Input Input
}

// inputs lists the kinds of inputs. A file names a kind by its place in this list, counted from 1: whoever adds a kind adds it at
// the end.
var inputs = []Input{
	Exec{}, Interrupt{}, EndInput{}, SetLink{}, SetSysctl{}, Operate{}, AddRule{}, RemoveRule{}, Inject{},
	AddNode{}, AddLink{}, RemoveNode{}, RemoveLink{}, Rename{}, SetAddress{},
}

// InputKind returns the number of an input's kind.
func InputKind(in Input) uint8 {
	for i := range inputs {
		if reflect.TypeOf(inputs[i]) == reflect.TypeOf(in) {
			return uint8(i + 1)
		}
	}
	panic("lab: an input that is in no list") // a mistake in the program
}

// InputType returns the type of the inputs of a kind, nil if this version does not know it.
func InputType(kind uint8) reflect.Type {
	if kind == 0 || int(kind) > len(inputs) {
		return nil
	}
	return reflect.TypeOf(inputs[kind-1])
}

// hostOf returns the host at which an input is made, if it is made at one.
func hostOf(in Input) (node uint32, ok bool) {
	switch in := in.(type) {
	case Exec:
		return in.Node, true
	case Interrupt:
		return in.Node, true
	case EndInput:
		return in.Node, true
	case SetSysctl:
		return in.Node, true
	case SetAddress:
		return in.Node, true
	}
	return 0, false
}
