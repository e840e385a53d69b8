package view

import (
	"math"
	"strconv"
	"strings"
)

// rate writes a bit rate with the largest unit that leaves a short number.
func rate(bitsPerSecond uint64) string {
	return scaled(float64(bitsPerSecond), []string{"bit/s", "kbit/s", "Mbit/s", "Gbit/s"}, 1000)
}

// Span writes a length of time in at most four digits: 40 ms, 1.5 s, 2 min.
func Span(ns int64) string {
	if ns < 0 {
		return "-" + Span(-ns)
	}
	if ns >= 120_000_000_000 {
		return scaled(float64(ns)/60e9, []string{"min", "h"}, 60)
	}
	return scaled(float64(ns), []string{"ns", "µs", "ms", "s"}, 1000)
}

// tickWords writes an instant on the time line: to the millisecond, since one that is rounder would stand at a wrong place.
func tickWords(ns int64) string {
	if ns < 1_000_000_000 || ns >= 120_000_000_000 {
		return Span(ns)
	}
	n := (ns + 500_000) / 1_000_000
	return scaledMemo.get(scaledKey{n, 3, "s"}, func() string { return decimal(float64(n)/1000, 3) + " s" })
}

// Bytes writes a number of bytes.
func Bytes(n uint64) string { return scaled(float64(n), []string{"B", "kB", "MB", "GB", "TB"}, 1000) }

// scaledKey is a length as it is written: a number of the last digit's worth, and the unit.
type scaledKey struct {
	n      int64
	digits int
	unit   string
}

var scaledMemo = texts[scaledKey]{}

func scaled(v float64, units []string, step float64) string {
	i := 0
	for i+1 < len(units) && v >= step {
		v /= step
		i++
	}
	digits, tens := 0, 1.0
	switch {
	case v < 10:
		digits, tens = 2, 100
	case v < 100:
		digits, tens = 1, 10
	}
	n := math.RoundToEven(v * tens)
	return scaledMemo.get(scaledKey{int64(n), digits, units[i]}, func() string { return decimal(n/tens, digits) + " " + units[i] })
}

func decimal(v float64, digits int) string {
	s := strconv.FormatFloat(v, 'f', digits, 64)
	if strings.Contains(s, ".") {
		s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
	}
	return s
}

// Instant writes a time of the lab: seconds with some digits behind the point,
// the rest cut off, as tcpdump does.
func Instant(ns int64, digits int) string {
	f := strconv.FormatInt(1_000_000_000+ns%1_000_000_000, 10)[1:]
	return strconv.FormatInt(ns/1_000_000_000, 10) + "." + f[:digits]
}

// clock writes a time of the lab in full: seconds, and the fraction in groups.
func clock(ns int64) string {
	var room [40]byte
	b := append(strconv.AppendInt(room[:0], ns/1_000_000_000, 10), '.')
	for unit := int64(1_000_000); unit > 0; unit /= 1000 {
		k := ns / unit % 1000
		b = append(b, byte('0'+k/100), byte('0'+k/10%10), byte('0'+k%10), ' ')
	}
	return string(b[:len(b)-1])
}

// Seconds is a time to be heard: 0.25.
func Seconds(ns int64) string { return strconv.FormatFloat(float64(ns)/1e9, 'f', -1, 64) }

// thousands writes a number with commas.
func thousands(n uint64) string {
	var room [32]byte
	return string(appendThousands(room[:0], n))
}

// appendThousands appends it to b.
func appendThousands(b []byte, n uint64) []byte {
	var room [20]byte
	digits := strconv.AppendUint(room[:0], n, 10)
	for i, c := range digits {
		if i > 0 && (len(digits)-i)%3 == 0 {
			b = append(b, ',')
		}
		b = append(b, c)
	}
	return b
}
