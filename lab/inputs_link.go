package lab

import (
	"wirelab/lab/link"
	"wirelab/stack/problem"
	"wirelab/stack/wire"
)

// SetLink gives one direction of a link other parameters.
type SetLink struct {
	Link   uint32
	Dir    uint8
	Params link.Params
}

// Operate does surgery on a packet that is on its way over one direction of a link.
type Operate struct {
	Link    uint32
	Dir     uint8
	Packet  uint64 // its number, counted from 0
	Proof   uint64 // digest of the frame that is meant; zero: none
	Surgery Surgery
}

// AddRule makes a rule hold from now on.
type AddRule struct{ Rule Rule }

// RemoveRule ends a rule, by its number counted from 0.
type RemoveRule struct{ Number uint64 }

// Inject puts a frame on one direction of a link.
type Inject struct {
	Link  uint32
	Dir   uint8
	Frame string // its bytes, from the Ethernet header on
}

// checkDir says why one direction of a link cannot be meant, or nil.
func (p *plan) checkDir(link uint32, dir uint8) error {
	if err := p.checkLink(link); err != nil {
		return err
	}
	if dir > 1 {
		return problem.New("a link has directions 0 and 1, and no %d", dir)
	}
	return nil
}

func (in SetLink) check(p *plan) error {
	if err := p.checkDir(in.Link, in.Dir); err != nil {
		return err
	}
	return checkParams(&in.Params)
}

func (in Operate) check(p *plan) error {
	if err := p.checkDir(in.Link, in.Dir); err != nil {
		return err
	}
	return in.Surgery.check()
}

func (in AddRule) check(p *plan) error { return in.Rule.check(p) }

func (in RemoveRule) check(*plan) error { return nil }

func (in Inject) check(p *plan) error {
	if err := p.checkDir(in.Link, in.Dir); err != nil {
		return err
	}
	if n := len(in.Frame); n < wire.EthernetLen || n > maxFrame {
		return problem.New("a frame has %d to %d bytes, this one has %d", wire.EthernetLen, maxFrame, n)
	}
	return nil
}

func (in AddRule) follow(p *plan) { p.rules++ }

func (in SetLink) do(l *Lab) {
	d := &l.Links[in.Link].Dir[in.Dir]
	d.Set(l.wires(), in.Link, in.Dir, in.Params)
	if end := &l.Links[in.Link].Ends[in.Dir]; l.nodes[end.Node].host != nil {
		l.onHost(end.Node, func(n *node) { n.setMTU(end.Port, in.Params.MTU) })
	}
	l.Queue.Set(wayID(in.Link, in.Dir), d.Next())
}

func (in AddRule) do(l *Lab) { l.Rules = append(l.Rules, ruleState{Rule: in.Rule}) }

func (in RemoveRule) do(l *Lab) {
	if in.Number < uint64(len(l.Rules)) {
		l.Rules[in.Number].Off = true
	}
}
