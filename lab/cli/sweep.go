//go:build !js

package cli

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"

	"wirelab/lab/disk"
	"wirelab/lab/save"
	"wirelab/lab/sweep"
)

type sweepCommand struct {
	File  string       `arg:"" help:"The .lab file."`
	Over  []string     `required:"" sep:"none" placeholder:"WHAT=VALUES" help:"What to change: seed=1-100, drop (each packet in turn) or drop=1-50, link.0.delay=10ms,50ms, A.net.ipv4.tcp_congestion_control=reno,cubic; several make all combinations."`
	Until *virtualTime `placeholder:"10s" help:"Run to this virtual time instead of the saved position."`
	Match string       `placeholder:"FILTER" help:"Which packets drop counts."`
	Shard shard        `placeholder:"3/16" help:"Do only the runs of one shard, counted from 0: the outputs of all concatenate."`
}

// shard is a flag such as 3/16.
type shard sweep.Shard

func (s *shard) UnmarshalText(text []byte) error {
	a, b, ok := strings.Cut(string(text), "/")
	number, err1 := strconv.Atoi(a)
	of, err2 := strconv.Atoi(b)
	if !ok || err1 != nil || err2 != nil || number < 0 || number >= of {
		return errors.New("a shard is written NUMBER/OF, such as 0/16 to 15/16")
	}
	*s = shard{number, of}
	return nil
}

func (c *sweepCommand) Run(p *Program) error {
	plan, err := c.plan()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if c.Shard.Of == 0 {
		c.Shard.Of = 1
	}
	out := bufio.NewWriter(p.Out)
	defer out.Flush()
	return plan.Run(ctx, sweep.Shard(c.Shard), out)
}

func (c *sweepCommand) plan() (*sweep.Plan, error) {
	data, err := disk.Read(c.File)
	if err != nil {
		return nil, err
	}
	f, err := save.Decode(data)
	if err != nil {
		return nil, fmt.Errorf("%q: %w", c.File, err)
	}
	plan := &sweep.Plan{Scenario: f.Scenario, Journal: f.Journal, UntilNs: f.At.TimeNs, Match: c.Match}
	if c.Until != nil {
		plan.UntilNs = int64(*c.Until)
	}
	for _, over := range c.Over {
		if err := plan.Over(over); err != nil {
			return nil, fmt.Errorf("--over %w", err)
		}
	}
	return plan, nil
}
