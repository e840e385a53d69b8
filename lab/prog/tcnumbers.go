package prog

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"wirelab/lab/sim"
)

// Numbers as tc(8) reads and writes them.

type tcUnit struct {
	name  string
	times float64
}

var (
	tcTimes = []tcUnit{{"s", 1e9}, {"sec", 1e9}, {"secs", 1e9}, {"ms", 1e6}, {"msec", 1e6}, {"msecs", 1e6}, {"us", 1e3}, {"usec", 1e3}, {"usecs", 1e3}, {"ns", 1}, {"nsec", 1}, {"nsecs", 1}, {"", 1e3}}
	tcRates = []tcUnit{{"bit", 1}, {"kbit", 1e3}, {"mbit", 1e6}, {"gbit", 1e9}, {"tbit", 1e12}, {"kibit", 1 << 10}, {"mibit", 1 << 20}, {"gibit", 1 << 30},
		{"bps", 8}, {"kbps", 8e3}, {"mbps", 8e6}, {"gbps", 8e9}, {"", 1}}
	tcSizes = []tcUnit{{"b", 1}, {"k", 1 << 10}, {"kb", 1 << 10}, {"m", 1 << 20}, {"mb", 1 << 20}, {"kbit", 1 << 7}, {"mbit", 1 << 17}, {"", 1}}
)

// tcNumber reads a number with a unit, at most most; without a unit the last of units counts.
func tcNumber(text string, units []tcUnit, most float64) (uint64, bool) {
	digits := strings.IndexFunc(text, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	if digits < 0 {
		digits = len(text)
	}
	n, err := strconv.ParseFloat(text[:digits], 64)
	for _, u := range units {
		if err == nil && strings.EqualFold(text[digits:], u.name) {
			v := math.Round(n * u.times)
			return uint64(v), v <= most
		}
	}
	return 0, false
}

func tcTime(text string) (int64, bool) {
	n, ok := tcNumber(text, tcTimes, 3600e9)
	return int64(n), ok
}

// tcShare reads per cent, in parts per million; the sign may be missing.
func tcShare(text string) (uint32, bool) {
	n, ok := tcNumber(strings.TrimSuffix(text, "%"), []tcUnit{{"", sim.Million / 100}}, sim.Million)
	return uint32(n), ok
}

func tcTimeText(ns int64) string {
	for _, u := range []tcUnit{{"s", 1e9}, {"ms", 1e6}, {"us", 1e3}} {
		if float64(ns) >= u.times {
			return fmt.Sprintf("%.3g%s", float64(ns)/u.times, u.name)
		}
	}
	return fmt.Sprintf("%dns", ns)
}

func tcShareText(ppm uint32) string { return fmt.Sprintf("%g%%", float64(ppm)/(sim.Million/100)) }

func tcRateText(bps uint64) string {
	units := []string{"bit", "Kbit", "Mbit", "Gbit", "Tbit"}
	for len(units) > 1 && bps >= 1000 && (bps%1000 == 0 || bps >= 1_000_000) {
		bps, units = bps/1000, units[1:]
	}
	return fmt.Sprintf("%d%s", bps, units[0])
}

func tcSizeText(n uint64) string {
	near := func(unit, slack uint64) (uint64, bool) {
		whole := (n + unit/2) / unit
		return whole, n >= unit && max(whole*unit, n)-min(whole*unit, n) < slack
	}
	if m, ok := near(1<<20, 1024); ok {
		return fmt.Sprintf("%dMb", m)
	}
	if k, ok := near(1<<10, 16); ok {
		return fmt.Sprintf("%dKb", k)
	}
	return fmt.Sprintf("%db", n)
}
