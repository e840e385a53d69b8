package trace

import (
	"encoding/binary"

	"wirelab/stack/wire"
)

// A capture as tcpdump -w writes it: libpcap's file format, in the byte order of most machines.

// Pcap says how a capture is written.
type Pcap struct {
	Cooked bool // -i any: headers of LINUX_SLL2 instead of Ethernet's
	Nano   bool // times in nanoseconds
}

// Header begins a capture.
func (c Pcap) Header(snap int) []byte {
	le, magic, link := binary.LittleEndian, uint32(0xa1b2c3d4), uint32(1)
	if c.Nano {
		magic = 0xa1b23c4d
	}
	if c.Cooked {
		link = 276
	}
	b := le.AppendUint32(le.AppendUint32(nil, magic), 2|4<<16)
	return le.AppendUint32(le.AppendUint32(append(b, make([]byte, 8)...), uint32(snap)), link)
}

// Cook replaces the Ethernet header by one of LINUX_SLL2, which tells the interface, and where the frame went: 0 to this host,
// 1 to everybody, 2 to a group, 3 to another host, 4 out.
func Cook(frame []byte, ifindex int, ethernet bool, way uint8) []byte {
	eth := wire.Ethernet(frame)
	be, hardware := binary.BigEndian, uint16(1)
	if !ethernet {
		hardware = 772 // ARPHRD_LOOPBACK
	}
	b := be.AppendUint32(be.AppendUint16(be.AppendUint16(nil, eth.Type()), 0), uint32(ifindex))
	src := eth.Src()
	b = append(append(append(be.AppendUint16(b, hardware), way, 6), src[:]...), 0, 0)
	return append(b, eth.Payload()...)
}

// Record appends a frame, of which at most snap bytes are kept.
func (c Pcap) Record(b []byte, timeNs int64, frame []byte, snap int) []byte {
	le, part := binary.LittleEndian, uint32(timeNs%1_000_000_000)
	if !c.Nano {
		part /= 1000
	}
	kept := frame[:min(snap, len(frame))]
	for _, n := range []uint32{uint32(timeNs / 1_000_000_000), part, uint32(len(kept)), uint32(len(frame))} {
		b = le.AppendUint32(b, n)
	}
	return append(b, kept...)
}
