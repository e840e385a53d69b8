package sweep

import (
	"context"
	"encoding/json"
	"fmt"
	"io"
	"runtime"
	"sync"

	"wirelab/lab"
)

// result is one run, as a line of JSON. Times are virtual.
type result struct {
	Index            int               `json:"index"`
	Over             map[string]string `json:"over"`
	TimeNs           int64             `json:"time_ns"`
	DoneNs           int64             `json:"done_ns"` // when the last payload of TCP arrived
	PacketsSent      uint64            `json:"packets_sent"`
	PacketsDelivered uint64            `json:"packets_delivered"`
	PacketsDropped   uint64            `json:"packets_dropped"`
	BytesDelivered   uint64            `json:"bytes_delivered"`
	Retransmissions  uint64            `json:"retransmissions"`
	Flows            []flow            `json:"flows"`
	Missed           int               `json:"missed"` // entries of the journal whose packet was not there
	StateHash        string            `json:"state_hash,omitempty"`
	Error            string            `json:"error,omitempty"` // why it could not be run
}

// flow is one direction of a connection.
type flow struct {
	From            string `json:"from"`
	To              string `json:"to"`
	Segments        uint64 `json:"segments"`
	Bytes           uint64 `json:"bytes"`
	Retransmissions uint64 `json:"retransmissions"`
	Lost            uint64 `json:"lost"`
	FirstNs         int64  `json:"first_ns"`
	DoneNs          int64  `json:"done_ns"`
}

// Shard is part Number, counted from 0, of Of parts of a sweep: every Of-th run.
type Shard struct{ Number, Of int }

// outcome is a run that is over: its result, and what it is compared by.
type outcome struct {
	result
	packets uint64 // digest of what hosts sent and took, and of what stands on their terminals
	hash    uint64
	rest    lab.Rest
	idle    bool // it was to lose a packet that never came
}

// Run writes the results of a shard's runs to out, in their order, and works on all cores. It reports how they ended, and, if they are
// the whole sweep, which values made no difference.
func (p *Plan) Run(ctx context.Context, s Shard, out io.Writer) (*Report, error) {
	var todo []int
	for i := s.Number; i < p.Runs(); i += s.Of {
		todo = append(todo, i)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	done := make([]chan outcome, len(todo))
	for i := range done {
		done[i] = make(chan outcome, 1)
	}
	next := make(chan int)
	var workers sync.WaitGroup
	defer workers.Wait()
	for range min(runtime.NumCPU(), len(todo)) {
		workers.Go(func() {
			for k := range next {
				done[k] <- p.one(todo[k])
			}
		})
	}
	workers.Go(func() {
		defer close(next)
		for k := range todo {
			select {
			case next <- k:
			case <-ctx.Done():
				return
			}
		}
	})
	report := p.newReport(s.Of == 1)
	for k := range todo {
		select {
		case r := <-done[k]:
			line, err := json.Marshal(&r.result)
			if err == nil {
				_, err = out.Write(append(line, '\n'))
			}
			if err != nil {
				stop()
				return nil, err
			}
			report.note(&r)
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	return report, report.finish(ctx)
}

// values returns the value of each axis in run number i.
func (p *Plan) values(i int) []string {
	all := make([]string, len(p.Axes))
	for k := len(p.Axes) - 1; k >= 0; k-- {
		a := &p.Axes[k]
		all[k] = a.Values[i%len(a.Values)]
		i /= len(a.Values)
	}
	return all
}

// one does run number i.
func (p *Plan) one(i int) outcome {
	r := p.with(p.values(i), -1)
	r.Index = i
	return r
}

// with does a run with a value of each axis, but not of the axis without.
func (p *Plan) with(values []string, without int) outcome {
	r := outcome{result: result{Over: map[string]string{}, Flows: []flow{}}}
	c := p.change()
	for k := len(p.Axes) - 1; k >= 0; k-- {
		if k == without {
			continue
		}
		r.Over[p.Axes[k].Name] = values[k]
		if err := p.Axes[k].apply(c, values[k]); err != nil {
			r.Error = err.Error()
			return r
		}
	}
	l, err := c.lab()
	if err == nil {
		seen := watch(l)
		r.rest, err = p.end(l)
		r.fill(l)
		r.packets, r.hash = seen.sum(), l.Hash()
		for i := range c.drops {
			r.idle = r.idle || l.Rules[i].Hits == 0
		}
	}
	if err != nil {
		r.Error = err.Error()
	}
	return r
}

// end runs a lab to where its run ends.
func (p *Plan) end(l *lab.Lab) (lab.Rest, error) {
	if p.Until == nil {
		return l.RunToRest()
	}
	_, err := l.Advance(*p.Until, 1<<62)
	return lab.Rest{TimeNs: *p.Until}, err
}

func (r *result) fill(l *lab.Lab) {
	counts := l.Counts()
	r.TimeNs, r.StateHash, r.Missed = l.Position().TimeNs, fmt.Sprintf("%016x", l.Hash()), len(l.Missed)
	r.PacketsSent, r.PacketsDelivered, r.PacketsDropped, r.BytesDelivered = counts.Sent, counts.Delivered, counts.Dropped, counts.Bytes
	for _, f := range l.Flows() {
		r.Retransmissions += f.Retransmissions
		r.DoneNs = max(r.DoneNs, f.DoneNs)
		r.Flows = append(r.Flows, flow{fmt.Sprintf("%s:%d", f.From.Addr, f.From.Port), fmt.Sprintf("%s:%d", f.To.Addr, f.To.Port),
			f.Segments, f.Bytes, f.Retransmissions, f.Lost, f.FirstNs, f.DoneNs})
	}
}
