//go:build !js

package cli

import (
	"bufio"
	"cmp"
	"context"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"strconv"
	"strings"

	"wirelab/lab/sweep"
)

type sweepCommand struct {
	File  string       `arg:"" help:"The .lab file."`
	Over  []string     `required:"" sep:"none" placeholder:"WHAT=VALUES" help:"What to change: seed=1-100; drop (each packet in turn) or drop=1-50; link.0.delay=10ms,50ms, with the number of a link, its ends such as A-B, or *; A.net.ipv4.tcp_congestion_control=reno,cubic, with the name of a host or *; rule.1=on,off, rule.1.nth=1-50 or rule.1.chance=1%,10%. Hosts and links that are added later have the value as soon as they are there, and it takes the place of values that the lab sets later itself; what is typed at a terminal, such as sysctl -w or tc, counts from then on. Several make all combinations. Values that change no packet are named on standard error."`
	Until *virtualTime `placeholder:"10s" help:"End each run at this virtual time; ${end}. Each run has its own end then."`
	Match string       `placeholder:"FILTER" help:"Which packets drop counts."`
	Shard shard        `placeholder:"3/16" help:"Do only the runs of one shard, counted from 0: the outputs of all concatenate. Which values change nothing only the whole sweep can tell."`
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
	plan, left, err := c.plan()
	if err != nil {
		return err
	}
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt)
	defer stop()
	if c.Shard.Of == 0 {
		c.Shard.Of = 1
	}
	out := bufio.NewWriter(p.Out)
	report, err := plan.Run(ctx, sweep.Shard(c.Shard), out)
	if err := cmp.Or(err, out.Flush()); err != nil {
		return err
	}
	for _, sentence := range report.Unchanged {
		p.say("wirelab sweep: %s", sentence)
	}
	switch {
	case c.Until != nil || report.Ended == 0:
	case left:
		p.say("wirelab sweep: all runs stopped at %s, where the lab was left; --until goes further", seconds(*plan.Until))
	default:
		p.say("wirelab sweep: %s; --until goes further", howEnded(report))
	}
	return nil
}

// howEnded says where runs ended that nobody gave an end.
func howEnded(r *sweep.Report) string {
	if r.Limited == r.Ended {
		return fmt.Sprintf("all runs stopped at %s, which is the most without --until", seconds(r.Last.TimeNs))
	}
	where := "at " + seconds(r.First.TimeNs)
	if r.First.TimeNs < r.Last.TimeNs {
		where = "between " + seconds(r.First.TimeNs) + " and " + seconds(r.Last.TimeNs)
	}
	where = fmt.Sprintf("runs stopped %s: nothing in flight and no timer within 1 s", where)
	if r.Limited > 0 {
		where += fmt.Sprintf("; %d of %d still went on at %s, the most without --until", r.Limited, r.Ended, seconds(r.Last.TimeNs))
	}
	return where
}

// plan reads the lab and what to change about it; left says that its runs end where the lab was left.
func (c *sweepCommand) plan() (plan *sweep.Plan, left bool, err error) {
	f, err := readLab(c.File)
	if err != nil {
		return nil, false, err
	}
	plan = &sweep.Plan{Scenario: f.Scenario, Journal: f.Journal, Match: c.Match}
	switch {
	case c.Until != nil:
		plan.Until = (*int64)(c.Until)
	case f.At.TimeNs > 0:
		plan.Until, left = &f.At.TimeNs, true
	}
	for _, over := range c.Over {
		if err := plan.Over(over); err != nil {
			return nil, false, fmt.Errorf("--over %w", err)
		}
	}
	return plan, left, nil
}
