//go:build !js

package cli

import (
	"encoding/json"
	"fmt"
	"io"
	"text/tabwriter"
	"time"

	"wirelab/lab"
	"wirelab/lab/disk"
	"wirelab/lab/save"
	"wirelab/lab/session"
)

type runCommand struct {
	File  string       `arg:"" help:"The .lab file."`
	Until *virtualTime `placeholder:"10s" help:"Go to this virtual time instead of the saved position."`
	Seed  *uint64      `placeholder:"N" help:"Replay with another seed."`
	JSON  bool         `name:"json" help:"Print one JSON object."`
}

func (c *runCommand) Run(p *Program) error {
	s, err := p.replay(c.File, c.Until, c.Seed)
	if err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(p.Out).Encode(s.Status())
	}
	return table(p.Out, s.Status())
}

// virtualTime is a flag such as 10s, 1.5ms or 2.
type virtualTime int64

func (t *virtualTime) UnmarshalText(text []byte) error {
	ns, err := session.ParseTime(string(text))
	*t = virtualTime(ns)
	return err
}

// replay opens a file and goes to the time until, or to the saved position.
func (p *Program) replay(file string, until *virtualTime, seed *uint64) (*session.Session, error) {
	data, err := disk.Read(file)
	if err != nil {
		return nil, err
	}
	f, err := save.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", file, err)
	}
	if seed != nil && *seed != f.Scenario.Seed {
		if data, err = reseed(f, *seed); err != nil {
			return nil, fmt.Errorf("%q cannot be replayed with another seed: %w", file, err)
		}
	}
	s := session.New()
	if err := s.Open(data); err != nil {
		return nil, fmt.Errorf("%q: %w", file, err)
	}
	if err = work(s); err != nil {
		return nil, fmt.Errorf("%q cannot be replayed: %w", file, err)
	}
	if departed := s.Departure(); departed != nil {
		p.say("wirelab: %q: %v", file, departed)
	}
	if until != nil {
		s.SeekNs(int64(*until))
		err = work(s)
	}
	return s, err
}

// work does all that a session has to do.
func work(s *session.Session) error {
	for s.Busy() {
		s.Work(time.Second)
	}
	return s.Err()
}

// reseed returns the file that would have been saved had the lab had another
// seed. Its past is then another one, so positions that count events mean
// nothing: what was typed is typed again at its time.
func reseed(f *save.File, seed uint64) ([]byte, error) {
	f.Scenario.Seed = seed
	l, err := lab.New(f.Scenario)
	if err != nil {
		return nil, err
	}
	if _, err := l.Again(f.Journal, f.At.TimeNs); err != nil {
		return nil, err
	}
	f.Branches = nil // of the other seed
	f.Journal, f.At, f.Hash = l.Journal, l.Position(), fmt.Sprintf("%016x", l.Hash())
	return f.Encode()
}

// table prints a status for people.
func table(out io.Writer, s session.Status) error {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	for _, row := range []struct {
		name  string
		value any
	}{
		{"title", s.Title}, {"time", time.Duration(s.TimeNs)}, {"events", s.Events},
		{"packets sent", s.PacketsSent}, {"packets delivered", s.PacketsDelivered}, {"packets dropped", s.PacketsDropped},
		{"bytes delivered", s.BytesDelivered}, {"state hash", s.StateHash},
	} {
		fmt.Fprintf(w, "%s\t%v\n", row.name, row.value)
	}
	return w.Flush()
}
