package stack

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wirelab/stack/problem"
)

// readPortRange reads net.ipv4.ip_local_port_range: the first and the last port that are chosen.
func readPortRange(value string) (func(h *Host), error) {
	words := strings.Fields(value)
	var v [2]uint64
	good := len(words) == 2
	for i := 0; good && i < 2; i++ {
		var err error
		v[i], err = strconv.ParseUint(words[i], 10, 16)
		good = err == nil && v[i] > 0
	}
	if !good || v[0] > v[1] {
		return nil, problem.New("net.ipv4.ip_local_port_range takes the first and the last port, from 1 to 65535, not %q", value)
	}
	return func(h *Host) { h.Limits.PortLow, h.Limits.PortHigh = uint16(v[0]), uint16(v[1]) }, nil
}

// reservedPorts shows net.ipv4.ip_local_reserved_ports, such as 8080,9000-9010.
func reservedPorts(h *Host) string {
	var parts []string
	for _, s := range h.Limits.Reserved {
		if s.Low == s.High {
			parts = append(parts, fmt.Sprint(s.Low))
		} else {
			parts = append(parts, fmt.Sprintf("%d-%d", s.Low, s.High))
		}
	}
	return strings.Join(parts, ",")
}

const maxReserved = 256 // spans

func readReservedPorts(value string) (func(h *Host), error) {
	var spans []PortSpan
	for part := range strings.SplitSeq(strings.TrimSpace(value), ",") {
		if part == "" {
			continue
		}
		low, high, ok := strings.Cut(part, "-")
		if !ok {
			high = low
		}
		a, err := strconv.ParseUint(low, 10, 16)
		b, err2 := strconv.ParseUint(high, 10, 16)
		if err != nil || err2 != nil || a > b || len(spans) == maxReserved {
			return nil, problem.New("net.ipv4.ip_local_reserved_ports takes ports and ranges such as 8080,9000-9010, at most %d, not %q", maxReserved, value)
		}
		spans = append(spans, PortSpan{uint16(a), uint16(b)})
	}
	slices.SortFunc(spans, func(a, b PortSpan) int { return int(a.Low) - int(b.Low) })
	merged := spans[:0]
	for _, s := range spans {
		if n := len(merged); n > 0 && int(s.Low) <= int(merged[n-1].High)+1 {
			merged[n-1].High = max(merged[n-1].High, s.High)
			continue
		}
		merged = append(merged, s)
	}
	return func(h *Host) { h.Limits.Reserved = slices.Clone(merged) }, nil
}
