package sweep

import (
	"context"
	"encoding/binary"
	"fmt"
	"slices"
	"strconv"
	"strings"

	"github.com/cespare/xxhash/v2"

	"wirelab/lab"
)

// What made no difference in a sweep.
//
// An axis changed nothing if, whatever values the others have, all runs with its values come to the same state. It changed no packet if
// the states differ, as a setting is part of them, but hosts sent and took the same frames at the same times and the same stands on
// their terminals. An axis of one value is compared with the lab as it is without it. Runs with an error say nothing. A packet to be
// lost that never came is a value that changed nothing, too.

// Report is what is to be said of a sweep besides its results.
type Report struct {
	Ended       int      // runs without an error
	First, Last lab.Rest // how those of them ended that ended first and last
	Limited     int      // runs that ended at lab.RestLimitNs, and were not at rest
	Unchanged   []string // sentences, one for each axis, or part of it, that made no difference

	plan  *Plan
	whole bool
	runs  []brief // by index
	idle  []int   // runs that lost nothing
}

// brief is what runs are compared by.
type brief struct {
	packets, hash uint64
	failed        bool
}

func (p *Plan) newReport(whole bool) *Report { return &Report{plan: p, whole: whole} }

// note takes a run into account.
func (r *Report) note(x *outcome) {
	if x.Error == "" {
		if r.Ended++; r.Ended == 1 || x.rest.TimeNs < r.First.TimeNs {
			r.First = x.rest
		}
		if x.rest.TimeNs >= r.Last.TimeNs {
			r.Last = x.rest
		}
		if x.rest.Doing != lab.AtRest {
			r.Limited++
		}
	}
	if r.whole {
		r.runs = append(r.runs, brief{x.packets, x.hash, x.Error != ""})
		if x.idle {
			r.idle = append(r.idle, x.Index)
		}
	}
}

// finish compares the runs. It may have to do some more.
func (r *Report) finish(ctx context.Context) error {
	if !r.whole {
		return nil
	}
	for k := range r.plan.Axes {
		a := &r.plan.Axes[k]
		verdict := r.between(k)
		if len(a.Values) == 1 {
			verdict = r.against(ctx, k)
		}
		switch {
		case verdict == sameState && len(a.Values) > 1:
			r.Unchanged = append(r.Unchanged, fmt.Sprintf("%s changed nothing: %s", a, r.all(k, "came to the same state")))
		case verdict == samePackets && len(a.Values) > 1:
			r.Unchanged = append(r.Unchanged, fmt.Sprintf("%s changed no packet: %s", a, r.all(k, "sent the same at the same times")))
		case verdict == samePackets:
			r.Unchanged = append(r.Unchanged, fmt.Sprintf("%s changed no packet: the same is sent at the same times without it%s", a, r.compared()))
		}
	}
	isDrop := func(a Axis) bool { return a.Name == "drop" }
	if k := slices.IndexFunc(r.plan.Axes, isDrop); k >= 0 && !slices.ContainsFunc(r.plan.Axes[k+1:], isDrop) {
		r.idleDrops(k)
	}
	return ctx.Err()
}

// verdict is how much the values of an axis differ in what they lead to.
type verdict uint8

const (
	unknown verdict = iota
	sameState
	samePackets
	differs
)

// stride returns how far two runs are apart that differ in the next value of axis k.
func (p *Plan) stride(k int) int {
	n := 1
	for i := k + 1; i < len(p.Axes); i++ {
		n *= len(p.Axes[i].Values)
	}
	return n
}

// between compares the values of axis k with each other.
func (r *Report) between(k int) verdict {
	v := unknown
	n, stride := len(r.plan.Axes[k].Values), r.plan.stride(k)
	for i := range r.runs {
		if i/stride%n == 0 {
			continue
		}
		a, b := r.runs[i-stride], r.runs[i]
		switch {
		case a.failed || b.failed:
			return unknown
		case a.packets != b.packets:
			return differs
		case a.hash != b.hash:
			v = samePackets
		case v == unknown:
			v = sameState
		}
	}
	return v
}

// mostWithout bounds the runs that are done only to compare with.
const mostWithout = 200

// step returns how far those runs are apart.
func (r *Report) step() int { return max(len(r.runs)/mostWithout, 1) }

// compared says how many runs were compared, if not all.
func (r *Report) compared() string {
	if step := r.step(); step > 1 {
		return fmt.Sprintf(" (%d of the %d runs were compared)", (len(r.runs)+step-1)/step, len(r.runs))
	}
	return ""
}

// against compares the runs with the only value of axis k with runs without it. What is without has fewer entries in its journal or
// fewer rules, so that its state says nothing.
func (r *Report) against(ctx context.Context, k int) verdict {
	v := unknown
	for i := 0; i < len(r.runs); i += r.step() {
		if r.runs[i].failed || ctx.Err() != nil {
			return unknown
		}
		x := r.plan.with(r.plan.values(i), k)
		if x.Error != "" || x.packets != r.runs[i].packets {
			return differs
		}
		v = samePackets
	}
	return v
}

// all says which runs are alike as to axis k.
func (r *Report) all(k int, how string) string {
	n := len(r.plan.Axes[k].Values)
	runs := fmt.Sprintf("all %d runs", n)
	if n == 2 {
		runs = "both runs"
	}
	if others := len(r.runs) / n; others > 1 {
		runs = fmt.Sprintf("with each of the %d combinations of the other values, %s", others, runs)
	}
	return runs + " " + how
}

// String returns an axis as it is written.
func (a *Axis) String() string {
	const most = 5
	values := a.Values
	if len(values) > most {
		values = append(slices.Clone(values[:most-2]), "…", values[len(values)-1])
	}
	return a.Name + "=" + strings.Join(values, ",")
}

// idleDrops names the values of axis k, which loses packets, that lost none in any run.
func (r *Report) idleDrops(k int) {
	a := &r.plan.Axes[k]
	n, stride := len(a.Values), r.plan.stride(k)
	times := make([]int, n)
	for _, i := range r.idle {
		times[i/stride%n]++
	}
	var numbers []uint64
	for v, t := range times {
		if number, _ := strconv.ParseUint(a.Values[v], 10, 62); number > 0 && t == len(r.runs)/n {
			numbers = append(numbers, number)
		}
	}
	if len(numbers) > 0 {
		r.Unchanged = append(r.Unchanged, fmt.Sprintf("drop=%s lost nothing: no run had so many packets that count", ranges(numbers)))
	}
}

// ranges writes numbers that ascend as 3,7-9.
func ranges(numbers []uint64) string {
	var b strings.Builder
	for i := 0; i < len(numbers); {
		k := i
		for k+1 < len(numbers) && numbers[k+1] == numbers[k]+1 {
			k++
		}
		if i > 0 {
			b.WriteByte(',')
		}
		b.WriteString(strconv.FormatUint(numbers[i], 10))
		if k > i {
			b.WriteString("-" + strconv.FormatUint(numbers[k], 10))
		}
		i = k + 1
	}
	return b.String()
}

// seen is what hosts send and take.
type seen struct {
	lab    *lab.Lab
	digest *xxhash.Digest
}

// watch follows a lab that is about to run.
func watch(l *lab.Lab) *seen {
	s := &seen{l, xxhash.New()}
	l.Watch(lab.Watch{
		Sends: func(node uint32, frame []byte) { s.add(0, node, frame) },
		Takes: func(node uint32, frame []byte) { s.add(1, node, frame) },
	})
	return s
}

func (s *seen) add(what uint64, node uint32, data []byte) {
	var b [32]byte
	for i, v := range [...]uint64{what, uint64(s.lab.Position().TimeNs), uint64(node), uint64(len(data))} {
		binary.LittleEndian.PutUint64(b[8*i:], v)
	}
	s.digest.Write(b[:])
	s.digest.Write(data)
}

// sum returns the digest of all that, and of what stands on the terminals.
func (s *seen) sum() uint64 {
	for id := range uint32(s.lab.Nodes()) {
		s.add(2, id, []byte(s.lab.Machine(id).Output()))
	}
	return s.digest.Sum64()
}
