package prog

import (
	"fmt"
	"strconv"
	"strings"

	"wirelab/lab/sim"
)

// Numbers as tc(8) reads and writes them.

type tcUnit struct {
	name  string
	times uint64
}

const (
	tcKilo = 1000
	tcMega = 1000 * tcKilo
	tcGiga = 1000 * tcMega
)

var (
	tcTimes = []tcUnit{{"s", tcGiga}, {"sec", tcGiga}, {"secs", tcGiga}, {"ms", tcMega}, {"msec", tcMega}, {"msecs", tcMega}, {"us", tcKilo}, {"usec", tcKilo}, {"usecs", tcKilo}, {"ns", 1}, {"nsec", 1}, {"nsecs", 1}, {"", tcKilo}}
	tcRates = []tcUnit{{"bit", 1}, {"kbit", tcKilo}, {"mbit", tcMega}, {"gbit", tcGiga}, {"tbit", 1000 * tcGiga}, {"kibit", 1 << 10}, {"mibit", 1 << 20}, {"gibit", 1 << 30},
		{"bps", 8}, {"kbps", 8 * tcKilo}, {"mbps", 8 * tcMega}, {"gbps", 8 * tcGiga}, {"", 1}}
	tcSizes = []tcUnit{{"b", 1}, {"k", 1 << 10}, {"kb", 1 << 10}, {"m", 1 << 20}, {"mb", 1 << 20}, {"kbit", 1 << 7}, {"mbit", 1 << 17}, {"", 1}}
)

// tcNumber reads a number with a unit, at most most; without a unit the last of units counts. Six decimals count.
func tcNumber(text string, units []tcUnit, most uint64) (uint64, bool) {
	digits := strings.IndexFunc(text, func(r rune) bool { return r != '.' && (r < '0' || r > '9') })
	if digits < 0 {
		digits = len(text)
	}
	front, decimals, _ := strings.Cut(text[:digits], ".")
	if front == "" && decimals == "" {
		return 0, false
	}
	whole, err := strconv.ParseUint("0"+front, 10, 64)
	millionths, err2 := strconv.ParseUint((decimals + "000000")[:6], 10, 64)
	for _, u := range units {
		if err == nil && err2 == nil && strings.EqualFold(text[digits:], u.name) {
			if whole > most/u.times {
				return 0, false
			}
			v := whole*u.times + (millionths*u.times+500_000)/1_000_000
			return v, v <= most
		}
	}
	return 0, false
}

func tcTime(text string) (int64, bool) {
	n, ok := tcNumber(text, tcTimes, 3600*tcGiga)
	return int64(n), ok
}

// tcShare reads per cent, in parts per million; the sign may be missing.
func tcShare(text string) (uint32, bool) {
	n, ok := tcNumber(strings.TrimSuffix(text, "%"), []tcUnit{{"", sim.Million / 100}}, sim.Million)
	return uint32(n), ok
}

// tcTimeText has three digits that count.
func tcTimeText(ns int64) string {
	for _, u := range []tcUnit{{"s", tcGiga}, {"ms", tcMega}, {"us", tcKilo}} {
		if ns < int64(u.times) {
			continue
		}
		hundredths := (100*uint64(ns) + u.times/2) / u.times
		switch whole := hundredths / 100; {
		case whole >= 100:
			return fmt.Sprintf("%d%s", (hundredths+50)/100, u.name)
		case whole >= 10:
			tenths := (hundredths + 5) / 10
			return trimZeros(fmt.Sprintf("%d.%d", tenths/10, tenths%10)) + u.name
		}
		return trimZeros(fmt.Sprintf("%d.%02d", hundredths/100, hundredths%100)) + u.name
	}
	return fmt.Sprintf("%dns", ns)
}

// trimZeros takes zeros off the end of a decimal fraction.
func trimZeros(s string) string { return strings.TrimSuffix(strings.TrimRight(s, "0"), ".") }

func tcShareText(ppm uint32) string {
	const cent = sim.Million / 100
	return trimZeros(fmt.Sprintf("%d.%04d", ppm/cent, ppm%cent)) + "%"
}

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
