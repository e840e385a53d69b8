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

// Result is one run, as a line of JSON. Times are virtual.
type Result struct {
	Index            int               `json:"index"`
	Over             map[string]string `json:"over"`
	TimeNs           int64             `json:"time_ns"`
	DoneNs           int64             `json:"done_ns"` // when the last payload of TCP arrived
	PacketsSent      uint64            `json:"packets_sent"`
	PacketsDelivered uint64            `json:"packets_delivered"`
	PacketsDropped   uint64            `json:"packets_dropped"`
	BytesDelivered   uint64            `json:"bytes_delivered"`
	Retransmissions  uint64            `json:"retransmissions"`
	Flows            []Flow            `json:"flows"`
	Missed           int               `json:"missed"` // entries of the journal whose packet was not there
	StateHash        string            `json:"state_hash,omitempty"`
	Error            string            `json:"error,omitempty"` // why it could not be run
}

// Flow is one direction of a connection.
type Flow struct {
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

// Run writes the results of a shard's runs to out, in their order, and works on all cores.
func (p *Plan) Run(ctx context.Context, s Shard, out io.Writer) error {
	var todo []int
	for i := s.Number; i < p.Runs(); i += s.Of {
		todo = append(todo, i)
	}
	ctx, stop := context.WithCancel(ctx)
	defer stop()
	lines := make([]chan []byte, len(todo))
	for i := range lines {
		lines[i] = make(chan []byte, 1)
	}
	next := make(chan int)
	var workers sync.WaitGroup
	defer workers.Wait()
	for range min(runtime.NumCPU(), len(todo)) {
		workers.Go(func() {
			for k := range next {
				line, _ := json.Marshal(p.One(todo[k]))
				lines[k] <- append(line, '\n')
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
	for k := range todo {
		select {
		case line := <-lines[k]:
			if _, err := out.Write(line); err != nil {
				stop()
				return err
			}
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return nil
}

// One does run number i.
func (p *Plan) One(i int) Result {
	r := Result{Index: i, Over: map[string]string{}, Flows: []Flow{}}
	c := p.change()
	for k := len(p.Axes) - 1; k >= 0; k-- {
		a := &p.Axes[k]
		v := a.Values[i%len(a.Values)]
		i /= len(a.Values)
		r.Over[a.Name] = v
		if err := a.apply(c, v); err != nil {
			r.Error = err.Error()
			return r
		}
	}
	l, missed, err := p.build(c)
	if l != nil {
		r.fill(l)
	}
	r.Missed = missed
	if err != nil {
		r.Error = err.Error()
	}
	return r
}

// build builds the changed lab and runs it to the end.
func (p *Plan) build(c *change) (*lab.Lab, int, error) {
	l, err := lab.New(c.scenario)
	if err != nil {
		return nil, 0, err
	}
	l.NoCheckpoints()
	for _, r := range c.rules {
		if err := l.Do(lab.AddRule{Rule: r}); err != nil {
			return l, 0, err
		}
	}
	missed, err := l.Again(p.Journal, p.UntilNs)
	return l, missed, err
}

func (r *Result) fill(l *lab.Lab) {
	counts := l.Counts()
	r.TimeNs, r.StateHash = l.Position().TimeNs, fmt.Sprintf("%016x", l.Hash())
	r.PacketsSent, r.PacketsDelivered, r.PacketsDropped, r.BytesDelivered = counts.Sent, counts.Delivered, counts.Dropped, counts.Bytes
	for _, f := range l.Flows() {
		r.Retransmissions += f.Retransmissions
		r.DoneNs = max(r.DoneNs, f.DoneNs)
		r.Flows = append(r.Flows, Flow{fmt.Sprintf("%s:%d", f.From.Addr, f.From.Port), fmt.Sprintf("%s:%d", f.To.Addr, f.To.Port),
			f.Segments, f.Bytes, f.Retransmissions, f.Lost, f.FirstNs, f.DoneNs})
	}
}
