//go:build !js

package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"strconv"
	"text/tabwriter"
	"time"

	"wirelab/lab"
	"wirelab/lab/disk"
	"wirelab/lab/save"
	"wirelab/lab/session"
	"wirelab/lab/trace"
)

type compareCommand struct {
	File  string `arg:"" help:"The .lab file."`
	Other string `arg:"" help:"Another .lab file; or a branch of the first, by its name or number, counted from 1."`
	JSON  bool   `name:"json" help:"Print one JSON object."`
}

// Run says where two histories part and what came of each connection.
func (c *compareCommand) Run(p *Program) error {
	f, err := readLab(c.File)
	if err != nil {
		return err
	}
	here := save.Branch{At: f.At, Journal: f.Journal}
	scenario, there, err := f.Scenario, save.Branch{}, error(nil)
	if b, ok := branchOf(f, c.Other); ok {
		there = b
	} else {
		o, err := readLab(c.Other)
		if err != nil {
			return fmt.Errorf("%q is no branch of %q, which has %d: %w", c.Other, c.File, len(f.Branches), err)
		}
		scenario, there = o.Scenario, save.Branch{At: o.At, Journal: o.Journal}
	}
	if max(here.At.TimeNs, there.At.TimeNs) == 0 {
		if err := runOut(p, f.Scenario, &here, scenario, &there); err != nil {
			return err
		}
	}
	d, err := session.Difference(f.Scenario, here, scenario, there)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(p.Out).Encode(differenceOf(d))
	}
	return writeDifference(p.Out, d)
}

// runOut gives two histories that were left at their start an end: where the one that goes on for longer comes to rest.
func runOut(p *Program, a lab.Scenario, ha *save.Branch, b lab.Scenario, hb *save.Branch) error {
	stopped, latest := "", int64(-1)
	for _, h := range []struct {
		scenario lab.Scenario
		branch   *save.Branch
	}{{a, ha}, {b, hb}} {
		l, err := lab.New(h.scenario)
		if err == nil {
			l.NoCheckpoints()
			err = l.Load(h.branch.Journal)
		}
		if err != nil {
			return err
		}
		r, err := l.RunToRest()
		if err != nil {
			return err
		}
		if h.branch.At.TimeNs = r.TimeNs; r.TimeNs > latest {
			stopped, latest = fmt.Sprintf("stopped at %s: %s", seconds(r.TimeNs), whyRest(l, &r)), r.TimeNs
		}
	}
	p.say("wirelab compare: both were left at their start; %s", stopped)
	return nil
}

func readLab(name string) (*save.File, error) {
	data, err := disk.Read(name)
	if err != nil {
		return nil, err
	}
	f, err := save.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", name, err)
	}
	return f, nil
}

// branchOf finds a branch by name or number.
func branchOf(f *save.File, which string) (save.Branch, bool) {
	for _, b := range f.Branches {
		if b.Name != "" && b.Name == which {
			return b, true
		}
	}
	if n, err := strconv.Atoi(which); err == nil && n >= 1 && n <= len(f.Branches) {
		return f.Branches[n-1], true
	}
	return save.Branch{}, false
}

// difference is what compare --json prints.
type difference struct {
	Same        bool        `json:"same"`
	Entry       int         `json:"entry,omitempty"`  // the first journal entry that differs, counted from 1
	Packet      uint64      `json:"packet,omitempty"` // the first packet that differs, counted from 1
	TimeNs      int64       `json:"time_ns,omitempty"`
	PacketA     string      `json:"packet_a,omitempty"`
	PacketB     string      `json:"packet_b,omitempty"`
	Connections []connected `json:"connections"`
}

// connected is one direction of a connection in both histories; zeros where it is in one only.
type connected struct {
	From             string `json:"from"`
	To               string `json:"to"`
	SegmentsA        uint64 `json:"segments_a"`
	SegmentsB        uint64 `json:"segments_b"`
	RetransmissionsA uint64 `json:"retransmissions_a"`
	RetransmissionsB uint64 `json:"retransmissions_b"`
	DoneNsA          int64  `json:"done_a_ns"`
	DoneNsB          int64  `json:"done_b_ns"`
}

func differenceOf(d *lab.Difference) difference {
	out := difference{Same: d.Same, Entry: d.Entry + 1, Connections: []connected{}}
	if !d.Same {
		out.Packet, out.TimeNs = d.Packet+1, d.TimeNs
		out.PacketA, out.PacketB = crossingWords(d.PacketA), crossingWords(d.PacketB)
	}
	index := map[string]int{}
	row := func(f *lab.Flow) *connected {
		from, to := fmt.Sprintf("%s:%d", f.From.Addr, f.From.Port), fmt.Sprintf("%s:%d", f.To.Addr, f.To.Port)
		key := fmt.Sprintf("%s %s %d", from, to, f.Gen)
		if _, ok := index[key]; !ok {
			index[key] = len(out.Connections)
			out.Connections = append(out.Connections, connected{From: from, To: to})
		}
		return &out.Connections[index[key]]
	}
	for i := range d.A {
		f := &d.A[i]
		r := row(f)
		r.SegmentsA, r.RetransmissionsA, r.DoneNsA = f.Segments, f.Retransmissions, f.DoneNs
	}
	for i := range d.B {
		f := &d.B[i]
		r := row(f)
		r.SegmentsB, r.RetransmissionsB, r.DoneNsB = f.Segments, f.Retransmissions, f.DoneNs
	}
	return out
}

// crossingWords says what a packet is and what became of it.
func crossingWords(c *trace.Crossing) string {
	if c == nil {
		return "none"
	}
	var d trace.Dump
	return fmt.Sprintf("%v %s, %s", time.Duration(c.Offered), d.Words(0, &trace.Summary{Head: c.Head}), c.Fate.Key())
}

// writeDifference prints a difference for people.
func writeDifference(out io.Writer, d *lab.Difference) error {
	x := differenceOf(d)
	if x.Same {
		fmt.Fprintln(out, "the two histories are the same")
	} else if x.PacketA == "" && x.PacketB == "" {
		fmt.Fprintln(out, "they send the same packets as far as they were run; other things were done, or will be")
	} else {
		fmt.Fprintf(out, "first different packet: %d, at %v\n  A: %s\n  B: %s\n", x.Packet, time.Duration(x.TimeNs), x.PacketA, x.PacketB)
	}
	if x.Entry > 0 {
		fmt.Fprintf(out, "first different entry of the journal: %d\n", x.Entry)
	}
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	fmt.Fprintln(w, "FROM\tTO\tSEGMENTS A\tB\tREPEATED A\tB\tDONE A\tB")
	for _, c := range x.Connections {
		fmt.Fprintf(w, "%s\t%s\t%d\t%d\t%d\t%d\t%v\t%v\n", c.From, c.To, c.SegmentsA, c.SegmentsB, c.RetransmissionsA, c.RetransmissionsB,
			time.Duration(c.DoneNsA), time.Duration(c.DoneNsB))
	}
	return w.Flush()
}
