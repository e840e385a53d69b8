//go:build !js

package cli

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"text/tabwriter"
	"time"

	"wirelab/lab"
	"wirelab/lab/disk"
	"wirelab/lab/save"
	"wirelab/lab/session"
)

type runCommand struct {
	File  string       `arg:"" help:"The .lab file."`
	Until *virtualTime `placeholder:"10s" help:"Go to this virtual time; ${end}."`
	Seed  *uint64      `placeholder:"N" help:"Replay with another seed."`
	JSON  bool         `name:"json" help:"Print one JSON object."`
}

func (c *runCommand) Run(p *Program) error {
	s, stopped, err := p.opened("run", c.File, c.Until, c.Seed)
	if err != nil {
		return err
	}
	defer p.sayStopped("run", stopped)
	if err := p.writeCaptures(s, filepath.Dir(c.File)); err != nil {
		return err
	}
	if c.JSON {
		return json.NewEncoder(p.Out).Encode(s.Status())
	}
	return table(p.Out, s.Status())
}

// writeCaptures writes the files of tcpdump -w beside the lab. Nothing is replaced: a name gets a number if another file has it.
func (p *Program) writeCaptures(s *session.Session, dir string) error {
	files, err := s.Captures()
	if err != nil {
		return err
	}
	written := map[string]bool{}
	for _, f := range files {
		path, ending := filepath.Join(dir, f.Name), filepath.Ext(f.Name)
		for n := 2; written[path] || differs(path, f.Data); n++ {
			path = filepath.Join(dir, fmt.Sprintf("%s-%d%s", strings.TrimSuffix(f.Name, ending), n, ending))
		}
		if err := disk.Write(path, f.Data); err != nil {
			return err
		}
		written[path] = true
		p.say("wirelab run: %s wrote %s, packets: %d", f.Host, path, f.Packets)
	}
	return nil
}

// differs reports whether there is a file with other contents.
func differs(path string, data []byte) bool {
	old, err := os.ReadFile(path)
	return err == nil && !bytes.Equal(old, data) || err != nil && !errors.Is(err, fs.ErrNotExist)
}

// virtualTime is a flag such as 10s, 1.5ms or 2.
type virtualTime int64

func (t *virtualTime) UnmarshalText(text []byte) error {
	ns, err := session.ParseTime(string(text))
	*t = virtualTime(ns)
	return err
}

// replay opens a file and goes to where the lab was left.
func (p *Program) replay(command, file string, seed *uint64) (*session.Session, error) {
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
		p.say("wirelab %s: %q: %v", command, file, departed)
	}
	return s, nil
}

// work does all that a session has to do.
func work(s *session.Session) error {
	for s.Busy() {
		s.Work(time.Second)
	}
	return s.Err()
}

// reseed returns the file that would have been saved had the lab had another
// seed. What was done is done again at the same places of its new past; what lies ahead stays ahead.
func reseed(f *save.File, seed uint64) ([]byte, error) {
	f.Scenario.Seed = seed
	l, err := lab.New(f.Scenario)
	if err == nil {
		err = l.Load(f.Journal)
	}
	if err == nil {
		_, err = l.AdvanceTo(f.At, 1<<62)
	}
	if err != nil {
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
