package trace

import (
	"encoding/binary"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"wirelab/stack/wire"
)

// segment is a frame from one of addrs to the other.
func segment(from int, port [2]uint16, seq, ack uint32, flags uint8, opts []byte, data string) []byte {
	src, dst := addrs[from], addrs[1-from]
	tcp := append(append(make([]byte, wire.TCPLen), opts...), data...)
	wire.PutTCP(tcp, &src, &dst, port[from], port[1-from], seq, ack, flags, 9, 0, len(opts))
	b := make([]byte, wire.EthernetLen+wire.IPv4Len)
	wire.PutEthernet(b, wire.MAC{4}, wire.MAC{2}, wire.TypeIPv4)
	h := wire.IPv4Header{Src: src, Dst: dst, Length: wire.IPv4Len + len(tcp), TTL: 64, Protocol: wire.ProtoTCP}
	h.Put(b[wire.EthernetLen:])
	return append(b, tcp...)
}

// sack is the option, behind what lines it up.
func sack(edges ...uint32) []byte {
	b := []byte{wire.OptNop, wire.OptNop, wire.OptSACK, uint8(2 + 4*len(edges))}
	for _, e := range edges {
		b = binary.BigEndian.AppendUint32(b, e)
	}
	return b
}

// tcpdump prints what frames are, without the time.
func tcpdump(t *testing.T, frames [][]byte, options ...string) []string {
	le := binary.LittleEndian
	b := le.AppendUint32(le.AppendUint32(nil, 0xa1b2c3d4), 2|4<<16)
	b = le.AppendUint32(le.AppendUint32(append(b, make([]byte, 8)...), 65535), 1)
	for i, f := range frames {
		b = le.AppendUint32(le.AppendUint32(b, uint32(i)), 0)
		b = append(le.AppendUint32(le.AppendUint32(b, uint32(len(f))), uint32(len(f))), f...)
	}
	path := filepath.Join(t.TempDir(), "frames.pcap")
	if err := os.WriteFile(path, b, 0o644); err != nil {
		t.Fatal(err)
	}
	out, err := exec.Command("tcpdump", append(options, "-n", "-t", "-r", path)...).Output()
	if err != nil {
		t.Fatal(err)
	}
	return strings.Split(strings.TrimSpace(string(out)), "\n")
}

// What a SACK names is counted as the acknowledgment beside it is; tcpdump itself says the same of all these frames.
func TestSACKInTcpdumpsWords(t *testing.T) {
	port, other := [2]uint16{1000, 7}, [2]uint16{1001, 7}
	frames := [][]byte{
		segment(0, port, 5000, 0, wire.SYN, nil, ""),
		segment(1, port, 9000, 5001, wire.SYN|wire.ACK, nil, ""),
		segment(0, port, 5001, 9001, wire.ACK, nil, ""),
		segment(0, port, 5011, 9001, wire.PSH|wire.ACK, nil, "x"),
		segment(1, port, 9001, 5001, wire.ACK, sack(5011, 5012), ""),
		segment(1, port, 9001, 5001, wire.ACK, sack(5001, 5002, 5005, 5009), ""),
		segment(0, port, 5001, 9001, wire.ACK, sack(9001, 9003), ""),
		segment(0, port, 5001, 9001, wire.ACK, []byte{wire.OptSACK, 6, 1, 2, 3, 4, wire.OptNop, wire.OptNop}, ""),
		segment(0, other, 5001, 0, wire.SYN, sack(9001, 9003), ""),
	}
	want := map[bool][]string{
		false: {4: "sack 1 {11:12}", "sack 2 {1:2}{5:9}", "sack 1 {1:3}", "[sack invalid sack,", "sack 1 {9001:9003}"},
		true:  {4: "sack 1 {5011:5012}", "sack 2 {5001:5002}{5005:5009}", "sack 1 {9001:9003}", "[sack invalid sack,", "sack 1 {9001:9003}"},
	}
	_, missing := exec.LookPath("tcpdump")
	for absolute, words := range want {
		d := Dump{Absolute: absolute}
		var theirs []string
		if missing == nil {
			options := []string{"-p"}
			if absolute {
				options[0] = "-S"
			}
			theirs = tcpdump(t, frames, options...)
		}
		for i, f := range frames {
			_, line, _ := strings.Cut(d.Line(0, f), " ")
			if !strings.Contains(line, words[i]) {
				t.Errorf("frame %d is %s, want %s", i, line, words[i])
			}
			if missing == nil && line != theirs[i] {
				t.Errorf("frame %d is %s, and tcpdump says %s", i, line, theirs[i])
			}
		}
	}
}
