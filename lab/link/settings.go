package link

import (
	"fmt"
	"math/bits"
	"strconv"
	"strings"

	"wirelab/lab/sim"
	"wirelab/stack/problem"
)

// Setting is one of the Params by a name and in text with a unit, in the words of tc(8) where it has any.
type Setting struct {
	Name, Takes string // Takes is an example
	get         func(*Params) string
	set         func(*Params, string) error
}

// Settings is the table of them all, for command lines, sweeps and whoever edits a link.
var Settings = []Setting{
	{"rate", "10mbit", func(p *Params) string { return rateText(p.BitsPerSecond) }, func(p *Params, s string) (err error) { p.BitsPerSecond, err = parseRate(s); return }},
	timeSetting("delay", func(p *Params) *int64 { return &p.DelayNs }),
	timeSetting("jitter", func(p *Params) *int64 { return &p.JitterNs }),
	countSetting("limit", "100", func(p *Params) *uint32 { return &p.QueuePackets }),
	countSetting("limit-bytes", "65536", func(p *Params) *uint32 { return &p.QueueBytes }),
	{"queue", "droptail|red|codel|fq_codel", func(p *Params) string { return p.Discipline.String() }, setDiscipline},
	{"ecn", "on|off", func(p *Params) string { return onOff(p.ECN) }, func(p *Params, s string) (err error) { p.ECN, err = parseOn(s); return }},
	shareSetting("loss", func(p *Params) *uint32 { return &p.LossPPM }),
	countSetting("loss-run", "3", func(p *Params) *uint32 { return &p.LossRun }),
	countSetting("loss-every", "10", func(p *Params) *uint32 { return &p.LossEvery }),
	{"loss-filter", "tcp.flags.syn == 1", func(p *Params) string { return p.LossFilter }, func(p *Params, s string) error { p.LossFilter = s; return nil }},
	shareSetting("bad", func(p *Params) *uint32 { return &p.Gilbert.ToBadPPM }),
	shareSetting("good", func(p *Params) *uint32 { return &p.Gilbert.ToGoodPPM }),
	shareSetting("loss-bad", func(p *Params) *uint32 { return &p.Gilbert.LossPPM }),
	shareSetting("duplicate", func(p *Params) *uint32 { return &p.DuplicatePPM }),
	shareSetting("corrupt", func(p *Params) *uint32 { return &p.CorruptPPM }),
	shareSetting("reorder", func(p *Params) *uint32 { return &p.ReorderPPM }),
	timeSetting("reorder-by", func(p *Params) *int64 { return &p.ReorderNs }),
	timeSetting("codel-target", func(p *Params) *int64 { return &p.CoDel.TargetNs }),
	timeSetting("codel-interval", func(p *Params) *int64 { return &p.CoDel.IntervalNs }),
	countSetting("flows", "1024", func(p *Params) *uint32 { return &p.CoDel.Flows }),
	countSetting("quantum", "1514", func(p *Params) *uint32 { return &p.CoDel.Quantum }),
	countSetting("red-min", "5", func(p *Params) *uint32 { return &p.RED.MinPackets }),
	countSetting("red-max", "15", func(p *Params) *uint32 { return &p.RED.MaxPackets }),
	shareSetting("red-most", func(p *Params) *uint32 { return &p.RED.MaxPPM }),
	{"red-weight", "9", func(p *Params) string { return strconv.Itoa(int(p.RED.WeightLog)) }, func(p *Params, s string) error {
		n, err := parseCount(s, 8)
		p.RED.WeightLog = uint8(n)
		return err
	}},
	countSetting("mtu", "1500", func(p *Params) *uint32 { return &p.MTU }),
	{"state", "up|down", func(p *Params) string { return map[bool]string{false: "up", true: "down"}[p.Down] }, func(p *Params, s string) error {
		if s != "up" && s != "down" {
			return problem.New("it is up or down")
		}
		p.Down = s == "down"
		return nil
	}},
}

// FindSetting returns the setting of a name, or an error that lists them.
func FindSetting(name string) (*Setting, error) {
	names := make([]string, len(Settings))
	for i := range Settings {
		if names[i] = Settings[i].Name; names[i] == name {
			return &Settings[i], nil
		}
	}
	return nil, problem.New("a link has no setting %q; there are %s", name, strings.Join(names, ", "))
}

// Get returns the value in text; Set reads it back.
func (s *Setting) Get(p *Params) string { return s.get(p) }

// Set changes p, or says what it takes instead of value.
func (s *Setting) Set(p *Params, value string) error {
	if err := s.set(p, value); err != nil {
		return problem.New("%s of a link takes something like %s, not %q: %w", s.Name, s.Takes, value, err)
	}
	return nil
}

func timeSetting(name string, field func(*Params) *int64) Setting {
	return Setting{name, "10ms", func(p *Params) string { return timeText(*field(p)) }, func(p *Params, s string) (err error) { *field(p), err = ParseTime(s); return }}
}

func countSetting(name, takes string, field func(*Params) *uint32) Setting {
	return Setting{name, takes, func(p *Params) string { return strconv.Itoa(int(*field(p))) }, func(p *Params, s string) error {
		n, err := parseCount(s, 32)
		*field(p) = uint32(n)
		return err
	}}
}

func shareSetting(name string, field func(*Params) *uint32) Setting {
	return Setting{name, "1%", func(p *Params) string { return shareText(*field(p)) }, func(p *Params, s string) (err error) { *field(p), err = ParseShare(s); return }}
}

func setDiscipline(p *Params, s string) error {
	for d := range Discipline(nDisciplines) {
		if d.String() == s {
			p.Discipline = d
			return nil
		}
	}
	return problem.New("there are %s", strings.Join(disciplineNames[:], ", "))
}

func onOff(b bool) string {
	if b {
		return "on"
	}
	return "off"
}

func parseOn(s string) (bool, error) {
	if s != "on" && s != "off" {
		return false, problem.New("it is on or off")
	}
	return s == "on", nil
}

func parseCount(s string, size int) (uint64, error) {
	n, err := strconv.ParseUint(s, 10, size)
	if err != nil {
		return 0, problem.New("it is a whole number of at most %d", uint64(1)<<size-1)
	}
	return n, nil
}

// unit is a suffix and what it multiplies by.
type unit struct {
	name  string
	times uint64
}

var (
	rateUnits = []unit{{"gbit", 1e9}, {"mbit", 1e6}, {"kbit", 1e3}, {"bit", 1}, {"", 1}}
	timeUnits = []unit{{"ms", 1e6}, {"us", 1e3}, {"ns", 1}, {"s", 1e9}}
)

// scaled reads a number with a unit, with a fraction if that comes out whole.
func scaled(s string, units []unit) (uint64, error) {
	low := strings.ToLower(strings.TrimSpace(s))
	for _, u := range units {
		if number, ok := strings.CutSuffix(low, u.name); ok && number != "" && number[len(number)-1] >= '0' && number[len(number)-1] <= '9' {
			return fixed(number, u.times)
		}
	}
	return 0, problem.New("the unit is missing")
}

// fixed multiplies a decimal number with a fraction.
func fixed(number string, times uint64) (uint64, error) {
	whole, part, _ := strings.Cut(number, ".")
	n, err := strconv.ParseUint(whole, 10, 64)
	if err != nil || len(part) > 9 {
		return 0, problem.New("that is no number")
	}
	hi, v := bits.Mul64(n, times)
	if hi > 0 || v > 1<<62 {
		return 0, problem.New("that is too much")
	}
	for _, c := range part {
		if c < '0' || c > '9' {
			return 0, problem.New("that is no number")
		}
		times /= 10
		v += uint64(c-'0') * times
	}
	return v, nil
}

func parseRate(s string) (uint64, error) {
	if s == "unlimited" {
		return 0, nil
	}
	return scaled(s, rateUnits)
}

func rateText(bps uint64) string {
	if bps == 0 {
		return "unlimited"
	}
	return inUnits(bps, rateUnits[:4])
}

// ParseTime reads a time with its unit, such as 10ms, in ns.
func ParseTime(s string) (int64, error) {
	v, err := scaled(s, timeUnits)
	return int64(v), err
}

func timeText(ns int64) string {
	return inUnits(uint64(ns), []unit{{"s", 1e9}, {"ms", 1e6}, {"us", 1e3}, {"ns", 1}})
}

// inUnits writes a number in the largest unit in which it is whole.
func inUnits(v uint64, units []unit) string {
	for _, u := range units {
		if v%u.times == 0 && v > 0 {
			return strconv.FormatUint(v/u.times, 10) + u.name
		}
	}
	return "0" + units[len(units)-1].name
}

// ParseShare reads a share in per cent, in parts per million.
func ParseShare(s string) (uint32, error) {
	number, ok := strings.CutSuffix(strings.TrimSpace(s), "%")
	if !ok {
		return 0, problem.New("it is a share in per cent")
	}
	v, err := fixed(number, sim.Million/100)
	if err == nil && v > sim.Million {
		err = problem.New("that is more than all")
	}
	return uint32(v), err
}

// shareText writes parts per million in per cent.
func shareText(ppm uint32) string {
	s := strconv.FormatUint(uint64(ppm/10_000), 10)
	if rest := ppm % 10_000; rest > 0 {
		s += "." + strings.TrimRight(fmt.Sprintf("%04d", rest), "0")
	}
	return s + "%"
}
