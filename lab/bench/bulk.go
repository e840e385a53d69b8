package bench

import (
	"fmt"
	"strconv"

	"wirelab/lab"
	"wirelab/lab/link"
	"wirelab/stack/wire"
)

// bulk is two hosts, one link without delay or loss, and one connection that
// moves o.Bytes in writes and reads of 64 KiB.
func bulk(o Options) (*plan, error) {
	switch {
	case o.Flows != 1:
		return nil, fmt.Errorf("bulk has one flow, not %d", o.Flows)
	case o.TimeNs != 0:
		return nil, fmt.Errorf("bulk ends when its bytes have arrived: give --bytes instead of --time")
	case o.Bytes == 0:
		return nil, fmt.Errorf("bulk needs at least one byte")
	}
	if err := checkCC(o.CC); err != nil {
		return nil, err
	}
	s := lab.Scenario{
		Seed:     1,
		KnowsMAC: true,
		Nodes: []lab.Node{
			{Name: "A", Sysctls: buffers(1 << 20)},
			{Name: "B", Sysctls: buffers(1 << 20), Startup: []string{"sink 9 &"}},
		},
		Links: []lab.Link{{Ends: ends(0, wire.V4(10, 0, 0, 1), 1, wire.V4(10, 0, 0, 2), 24), Params: both(link.Params{BitsPerSecond: 10_000_000_000})}},
	}
	line := "source 10.0.0.2 9 " + strconv.FormatUint(o.Bytes, 10)
	return &plan{
		scenario: s,
		typed:    []lab.Entry{{Kind: lab.EntryExec, Node: 0, Text: line}},
		bytes:    o.Bytes,
		notes:    append(missing(), "the link runs at 10 Gbit/s: without any limit all of it would happen in one instant"),
	}, nil
}

// buffers gives a host socket buffers of n bytes.
func buffers(n int) []lab.Setting {
	return []lab.Setting{{Name: "wirelab.rmem_bytes", Value: strconv.Itoa(n)}, {Name: "wirelab.wmem_bytes", Value: strconv.Itoa(n)}}
}

// missing says where the stack still does less than the workloads ask for.
func missing() []string { return []string{"SACK: not in the stack yet"} }
