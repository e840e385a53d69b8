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
func bulk(o options) (*plan, error) {
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
			{Name: "A", Sysctls: settings(1<<20, o.CC)},
			{Name: "B", Sysctls: settings(1<<20, o.CC), Startup: []string{"sink 9 &"}},
		},
		Links: []lab.Link{{Ends: ends(0, wire.V4(10, 0, 0, 1), 1, wire.V4(10, 0, 0, 2), 24), Params: both(link.Params{BitsPerSecond: 10_000_000_000})}},
	}
	line := "source 10.0.0.2 9 " + strconv.FormatUint(o.Bytes, 10)
	return &plan{
		scenario: s,
		typed:    []lab.Entry{{Input: lab.Exec{Line: line}}},
		bytes:    o.Bytes,
		notes:    []string{"the link runs at 10 Gbit/s: without any limit all of it would happen in one instant"},
	}, nil
}

// settings give a host socket buffers of n bytes, a congestion control, and full segments of 1460 bytes.
func settings(n int, cc string) []lab.Setting {
	return []lab.Setting{{Name: "wirelab.rmem_bytes", Value: strconv.Itoa(n)}, {Name: "wirelab.wmem_bytes", Value: strconv.Itoa(n)},
		{Name: "net.ipv4.tcp_congestion_control", Value: cc}, {Name: "net.ipv4.tcp_timestamps", Value: "0"},
		{Name: "net.ipv4.tcp_moderate_rcvbuf", Value: "0"}}
}
