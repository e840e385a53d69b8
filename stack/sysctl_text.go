package stack

import (
	"fmt"
	"strconv"
	"strings"

	"wirelab/stack/tcp"
)

// textSysctl is a setting whose value is not one number.
type textSysctl struct {
	name string
	get  func(h *Host) string
	read func(value string) (set func(h *Host), err error)
}

var textSysctls = []textSysctl{
	{"net.ipv4.tcp_congestion_control", func(h *Host) string { return tcp.AlgorithmName(h.Conf.CongestionControl) }, readAlgorithm},
	{"net.ipv4.tcp_fastopen_key", fastOpenKey, readFastOpenKey},
	{"net.ipv4.tcp_rmem", func(h *Host) string { return fmt.Sprintf("4096\t%d\t%d", h.Conf.RmemDefault, h.Conf.RmemMax) }, func(value string) (func(*Host), error) {
		v, err := readThree(value)
		return func(h *Host) { h.Conf.RmemDefault, h.Conf.RmemMax = v[1], v[2] }, err
	}},
	{"net.ipv4.tcp_wmem", func(h *Host) string { return fmt.Sprintf("4096\t16384\t%d", h.Conf.WmemDefault) }, func(value string) (func(*Host), error) {
		v, err := readThree(value)
		return func(h *Host) { h.Conf.WmemDefault = max(v[1], v[2]) }, err // grows by itself to the greatest in Linux
	}},
}

func readAlgorithm(value string) (func(h *Host), error) {
	i, ok := tcp.AlgorithmByName(strings.TrimSpace(value))
	if !ok {
		names := make([]string, tcp.Algorithms())
		for k := range names {
			names[k] = tcp.AlgorithmName(uint8(k))
		}
		return nil, fmt.Errorf("net.ipv4.tcp_congestion_control takes %s, not %q", strings.Join(names, ", "), value)
	}
	return func(h *Host) { h.Conf.CongestionControl = i }, nil
}

// readThree reads what buffers may be at least, begin with, and become, in bytes.
func readThree(value string) (v [3]uint32, err error) {
	fields := strings.Fields(value)
	for i := range v {
		if len(fields) != 3 {
			return v, fmt.Errorf("a buffer size takes three numbers (least, default, greatest), not %q", value)
		}
		n, err := strconv.ParseUint(fields[i], 0, 30)
		if err != nil || n < 2048 {
			return v, fmt.Errorf("a buffer has from 2048 to %d bytes, not %q", 1<<30-1, fields[i])
		}
		v[i] = uint32(n)
	}
	return v, nil
}

func findTextSysctl(name string) *textSysctl {
	for i := range textSysctls {
		if textSysctls[i].name == name {
			return &textSysctls[i]
		}
	}
	return nil
}
