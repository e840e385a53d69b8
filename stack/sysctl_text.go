package stack

import (
	"fmt"
	"slices"
	"strconv"
	"strings"

	"wirelab/stack/problem"
	"wirelab/stack/tcp"
)

// textSysctl is a setting whose value is not one number.
type textSysctl struct {
	name string
	get  func(h *Host) string
	read func(value string) (set func(h *Host), err error)
}

// textSysctls stand in order of name.
var textSysctls = []textSysctl{
	{"net.core.default_qdisc", queueName, readQueue},
	{"net.ipv4.ip_local_port_range", func(h *Host) string { return fmt.Sprintf("%d\t%d", h.Limits.PortLow, h.Limits.PortHigh) }, readPortRange},
	{"net.ipv4.ip_local_reserved_ports", reservedPorts, readReservedPorts},
	{"net.ipv4.tcp_allowed_congestion_control", func(*Host) string { return algorithmNames() }, readAllowed},
	{"net.ipv4.tcp_available_congestion_control", func(*Host) string { return algorithmNames() }, readOnly},
	{"net.ipv4.tcp_congestion_control", func(h *Host) string { return tcp.AlgorithmName(h.Conf.CongestionControl) }, readAlgorithm},
	{"net.ipv4.tcp_fastopen_key", fastOpenKey, readFastOpenKey},
	{"net.ipv4.tcp_rmem", func(h *Host) string { return three(h.Conf.RmemMin, h.Conf.RmemDefault, h.Conf.RmemMax) }, func(value string) (func(*Host), error) {
		v, err := readThree(value)
		return func(h *Host) { h.Conf.RmemMin, h.Conf.RmemDefault, h.Conf.RmemMax = v[0], v[1], v[2] }, err
	}},
	{"net.ipv4.tcp_wmem", func(h *Host) string { return three(h.Conf.Wmem[0], h.Conf.Wmem[1], h.Conf.Wmem[2]) }, func(value string) (func(*Host), error) {
		v, err := readThree(value)
		return func(h *Host) { h.Conf.Wmem, h.Conf.WmemDefault = v, max(v[1], v[2]) }, err // grows by itself to the greatest in Linux
	}},
	{"wirelab.nameserver", nameservers, readNameservers},
}

func three(a, b, c uint32) string { return fmt.Sprintf("%d\t%d\t%d", a, b, c) }

func algorithmNames() string {
	names := make([]string, tcp.Algorithms())
	for i := range names {
		names[i] = tcp.AlgorithmName(uint8(i))
	}
	return strings.Join(names, " ")
}

// readAllowed takes names of algorithms; here all of them stay allowed, as they are for root in Linux.
func readAllowed(value string) (func(h *Host), error) {
	for name := range strings.FieldsSeq(value) {
		if _, ok := tcp.AlgorithmByName(name); !ok {
			return nil, problem.New("net.ipv4.tcp_allowed_congestion_control takes some of %s, not %q", algorithmNames(), name)
		}
	}
	return func(*Host) {}, nil
}

// readOnly refuses all but what stands there already.
func readOnly(value string) (func(h *Host), error) {
	if value != algorithmNames() {
		return nil, problem.New("net.ipv4.tcp_available_congestion_control can only be read: it is %s", algorithmNames())
	}
	return func(*Host) {}, nil
}

// queues are the queueing disciplines that an interface may have. Only fq is felt here: it keeps the pace
// that TCP asks for. Linux gives one to an interface when that comes up, here it holds at once for all.
var queues = []string{"pfifo_fast", "pfifo", "bfifo", "fq", "fq_codel", "cake", "codel", "sfq", "noqueue"}

func queueName(h *Host) string {
	if h.Conf.FairQueue {
		return "fq"
	}
	return h.inertText(&inertSysctl{name: defaultQueue, usual: queues[0]})
}

const defaultQueue = "net.core.default_qdisc"

func readQueue(value string) (func(h *Host), error) {
	value = strings.TrimSpace(value)
	if !slices.Contains(queues, value) {
		return nil, problem.New("net.core.default_qdisc takes %s, not %q", strings.Join(queues, ", "), value)
	}
	return func(h *Host) {
		h.Conf.FairQueue = value == "fq"
		if h.Conf.FairQueue {
			h.setInert(&inertSysctl{name: defaultQueue, usual: queues[0]}, queues[0])
			return
		}
		h.setInert(&inertSysctl{name: defaultQueue, usual: queues[0]}, value)
	}, nil
}

func readAlgorithm(value string) (func(h *Host), error) {
	i, ok := tcp.AlgorithmByName(strings.TrimSpace(value))
	if !ok {
		return nil, problem.New("net.ipv4.tcp_congestion_control takes one of %s, not %q", algorithmNames(), value)
	}
	return func(h *Host) { h.Conf.CongestionControl = i }, nil
}

// readThree reads what buffers may be at least, begin with, and become, in bytes.
func readThree(value string) (v [3]uint32, err error) {
	fields := strings.Fields(value)
	for i := range v {
		if len(fields) != 3 {
			return v, problem.New("a buffer size takes three numbers (least, default, greatest), not %q", value)
		}
		n, err := strconv.ParseUint(fields[i], 0, 30)
		if err != nil || n < 2048 {
			return v, problem.New("a buffer has from 2048 to %d bytes, not %q", 1<<30-1, fields[i])
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
