// Package bench is the fixed workloads that Wirelab is measured by: whole labs,
// with payload, checksums, reasons, records and checkpoints, run as fast as
// they go. A result names the state hash, so that a run that is faster because
// it did something else is seen.
//
// It may import lab and what lies below it; it runs natively and as wasm under
// Node. Start reading at Run; bulk.go and dumbbell.go are the workloads,
// command.go is the command line that both programs share.
package bench

import (
	"fmt"
	"runtime"
	"strings"
	"time"

	"wirelab/lab"
	"wirelab/stack/tcp"
)

const (
	ms     = int64(1_000_000)
	second = 1000 * ms
	mss    = 1460 // payload bytes of a full segment in all workloads
)

// options say which workload runs, and how large.
type options struct {
	Name     string
	Flows    int
	CC       string
	TimeNs   int64  // virtual; zero: as the workload is defined
	Bytes    uint64 // of bulk
	Hosts    int    // of scale
	Conns    int    // of conns and idle; zero: as the workload is defined
	TraceOff bool   // count records, but keep none
}

// defaults returns the options with which a workload is quoted.
func defaults(name string) options {
	return options{Name: name, Flows: 1, CC: "reno", Bytes: 1 << 30}
}

// Result is what one run cost and what came of it.
type Result struct {
	Name                 string   `json:"name"`
	Target               string   `json:"target"`
	Flows                int      `json:"flows"`
	CC                   string   `json:"cc"`
	Trace                string   `json:"trace"`
	NsPerSegment         float64  `json:"ns_per_segment,omitempty"`
	NsPerCrossing        float64  `json:"ns_per_crossing,omitempty"` // of a link
	AllocsPerSegment     float64  `json:"allocs_per_segment,omitempty"`
	UsPerConnection      float64  `json:"us_per_connection,omitempty"`
	AllocsPerConnection  float64  `json:"allocs_per_connection,omitempty"`
	BytesPerEndpoint     float64  `json:"bytes_per_endpoint,omitempty"`
	CPUNs                int64    `json:"cpu_ns"`
	WallNs               int64    `json:"wall_ns"`
	TimeNs               int64    `json:"time_ns"`
	Segments             uint64   `json:"segments"`
	Bytes                uint64   `json:"bytes_delivered"`
	Drops                uint64   `json:"drops"`
	GoodputBitsPerSecond float64  `json:"goodput_bits_per_second"`
	BitsPerCPUSecond     float64  `json:"bits_per_cpu_second"`
	Events               uint64   `json:"events"`
	Crossings            uint64   `json:"crossings"`
	Records              uint64   `json:"records"`
	BlockBytes           int64    `json:"block_bytes"`      // of payload and frames, also those that only checkpoints hold
	P50Ns                int64    `json:"p50_ns,omitempty"` // of the seeks
	P99Ns                int64    `json:"p99_ns,omitempty"`
	TraceBytes           int      `json:"trace_bytes"` // of all records
	Checkpoints          int      `json:"checkpoints"`
	CheckpointNs         int64    `json:"checkpoint_ns"`    // to take one, on average
	CheckpointBytes      uint64   `json:"checkpoint_bytes"` // of all, with the blocks that only they hold
	StateHash            string   `json:"state_hash"`
	Notes                []string `json:"notes"`
}

// plan is a workload made concrete.
type plan struct {
	scenario  lab.Scenario
	typed     []lab.Entry // in order of time
	timeNs    int64       // run until then,
	bytes     uint64      // or, if this is set, until so much was delivered
	conns     int         // how many connections it is about
	idle      bool        // what they cost in memory is measured, not in time
	seeks     int         // random instants that are looked up afterwards
	crossings uint64      // or, if this is set, until so many frames were offered to links
	notes     []string
}

// workloads are those that can be run; planned ones have their names reserved.
var (
	workloads = []struct {
		name string
		plan func(options) (*plan, error)
	}{
		{"bulk", bulk},
		{"dumbbell", dumbbell},
		{"small", smallFlow},
		{"gigabit", gigabit},
		{"conns", conns},
		{"idle", idle},
		{"seek", seek},
		{"scale", scale},
	}
	planned = []string{"frame", "file"}
)

// Names lists the workloads that can be run.
func Names() []string {
	names := make([]string, len(workloads))
	for i := range workloads {
		names[i] = workloads[i].name
	}
	return names
}

func planFor(o options) (*plan, error) {
	for i := range workloads {
		if workloads[i].name == o.Name {
			return workloads[i].plan(o)
		}
	}
	have := strings.Join(Names(), " and ")
	for _, name := range planned {
		if name == o.Name {
			return nil, fmt.Errorf("%s: not yet; %s can be run", name, have)
		}
	}
	return nil, fmt.Errorf("there is no workload %q; %s can be run", o.Name, have)
}

// checkCC refuses congestion controls that the stack does not have.
func checkCC(cc string) error {
	if _, ok := tcp.AlgorithmByName(cc); !ok {
		return fmt.Errorf("there is no congestion control %q; --cc takes reno, cubic or bbr", cc)
	}
	return nil
}

// runWorkload runs one workload and measures it. Setting the lab up is left out.
func runWorkload(o options) (*Result, error) {
	p, err := planFor(o)
	if err != nil {
		return nil, err
	}
	l, err := lab.New(p.scenario)
	if err != nil {
		return nil, err
	}
	o.TraceOff = o.TraceOff || p.idle
	l.Log.Off, l.Trace.Off = o.TraceOff, o.TraceOff
	began := time.Now()
	l.Stopwatch = func() int64 { return time.Since(began).Nanoseconds() }
	r := &Result{Name: o.Name, Target: runtime.GOOS + "/" + runtime.GOARCH, Flows: o.Flows, CC: o.CC, Trace: "on", Notes: p.notes}
	if o.TraceOff {
		r.Trace = "off"
	}
	runtime.GC() // what building the lab left behind is not the workload's
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	cpu, wall := cpuNs(), time.Now()
	err = p.run(l)
	r.CPUNs, r.WallNs = cpuNs()-cpu, time.Since(wall).Nanoseconds()
	runtime.ReadMemStats(&after)
	if err != nil {
		return nil, err
	}
	r.count(l, after.Mallocs-before.Mallocs)
	if p.seeks > 0 {
		if err := r.seek(l, p.seeks); err != nil {
			return nil, err
		}
	}
	if p.conns > 0 {
		r.perConnection(p, after.Mallocs-before.Mallocs, &before)
	}
	runtime.KeepAlive(l)
	return r, nil
}

// perConnection fills in what a workload about connections measures.
func (r *Result) perConnection(p *plan, mallocs uint64, before *runtime.MemStats) {
	r.NsPerSegment, r.NsPerCrossing, r.AllocsPerSegment = 0, 0, 0
	n := float64(p.conns)
	if !p.idle {
		r.UsPerConnection = float64(r.CPUNs) / 1000 / n
		r.AllocsPerConnection = float64(mallocs) / n
		return
	}
	runtime.GC()
	var now runtime.MemStats
	runtime.ReadMemStats(&now)
	held := int64(now.HeapAlloc) - int64(before.HeapAlloc) - int64(r.CheckpointBytes)
	r.BytesPerEndpoint = float64(held) / n / 2
}

// run does what a person would: types each line at its time, then waits.
func (p *plan) run(l *lab.Lab) error {
	for _, e := range p.typed {
		if err := l.SeekTo(e.At.TimeNs); err != nil {
			return err
		}
		if err := l.Do(e.Input); err != nil {
			return err
		}
	}
	if p.crossings > 0 {
		for l.Trace.Len() < p.crossings {
			if err := l.SeekTo(l.Position().TimeNs + 10*ms); err != nil {
				return err
			}
		}
		return nil
	}
	if p.bytes == 0 {
		return l.SeekTo(p.timeNs)
	}
	const slice, patience = 10 * ms, 60 * second
	for last, since := uint64(0), int64(0); last < p.bytes; {
		now := l.Position().TimeNs
		if err := l.SeekTo(now + slice); err != nil {
			return err
		}
		if got := l.Counts().Bytes; got > last {
			last, since = got, now
		} else if now-since > patience {
			return fmt.Errorf("nothing has arrived for %d s of virtual time; %d of %d bytes had", patience/second, last, p.bytes)
		}
	}
	return nil
}

// count fills in what the lab and the measurements say.
func (r *Result) count(l *lab.Lab, mallocs uint64) {
	at, c := l.Position(), l.Counts()
	r.TimeNs, r.Events, r.Records = at.TimeNs, at.Events, l.Log.Count
	r.Bytes, r.Drops, r.Crossings = c.Bytes, c.Dropped, c.Sent
	r.Segments = (c.Bytes + mss - 1) / mss
	_, r.BlockBytes = l.Pool().Live()
	r.Checkpoints, r.CheckpointBytes = l.Checkpoints()
	r.TraceBytes = l.Trace.Bytes() + l.Log.Bytes()
	r.CheckpointNs = l.MarkNs / max(l.Marks, 1)
	r.StateHash = fmt.Sprintf("%016x", l.Hash())
	if r.Segments > 0 {
		r.NsPerSegment = float64(r.CPUNs) / float64(r.Segments)
		r.NsPerCrossing = float64(r.CPUNs) / float64(r.Crossings)
		r.AllocsPerSegment = float64(mallocs) / float64(r.Segments)
	}
	bits := 8 * float64(c.Bytes)
	if at.TimeNs > 0 {
		r.GoodputBitsPerSecond = bits * float64(second) / float64(at.TimeNs)
	}
	if r.CPUNs > 0 {
		r.BitsPerCPUSecond = bits * float64(second) / float64(r.CPUNs)
	}
}
