package bench

import (
	"math/rand/v2"
	"slices"
	"time"

	"wirelab/lab"
)

// seek is a recorded session of a million link crossings, and 200 random instants of it.
func seek(o options) (*plan, error) {
	if o.Flows == 1 {
		o.Flows = 10
	}
	o.CC = "cubic"
	p, err := dumbbell(o)
	if err != nil {
		return nil, err
	}
	p.crossings, p.seeks = 1_000_000, 200
	return p, nil
}

// seek goes to instants at random and measures how long each takes, until the state is there.
func (r *Result) seek(l *lab.Lab, n int) error {
	end := l.Position().TimeNs
	random := rand.New(rand.NewPCG(1, 2))
	took := make([]int64, n)
	for i := range took {
		at := random.Int64N(end)
		began := time.Now()
		if err := l.SeekTo(at); err != nil {
			return err
		}
		took[i] = time.Since(began).Nanoseconds()
	}
	slices.Sort(took)
	r.P50Ns, r.P99Ns = took[n/2], took[n*99/100]
	return nil
}
