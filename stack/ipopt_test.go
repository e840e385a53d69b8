package stack

import (
	"encoding/binary"
	"encoding/hex"
	"fmt"
	"testing"

	"wirelab/stack/wire"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

func echoRequest() []byte {
	m := make([]byte, wire.ICMPLen+8)
	wire.PutICMP(m, wire.ICMPEcho, 0, 7, 1)
	return m
}

// optionsOf is what a host sent: to whom, of which type of ICMP with which second word, and with which options.
func optionsOf(b []byte) string {
	p := wire.IPv4(b[wire.EthernetLen:])
	if !p.ChecksumOK() {
		return "damaged"
	}
	m := p.Payload()
	s := fmt.Sprintf("%x to %v", p[wire.IPv4Len:p.HeaderLen()], p.Dst())
	if m[0] == wire.ICMPParamProblem {
		s += fmt.Sprintf(" points at %d", binary.BigEndian.Uint32(m[4:])>>24)
	} else if m[0] != wire.ICMPEcho && m[0] != wire.ICMPEchoReply {
		s += fmt.Sprintf(" icmp %d/%d", m[0], m[1])
	}
	return s
}

// What a router does with the options of echo requests to itself and through it. All lines were measured on Linux
// 6.18 between 10.0.0.1, 10.0.0.254, 10.0.1.254 and 10.0.1.1 (with other numbers of networks); 01020304 stands for
// the time, which is 16909060 ms after midnight.
func TestIPv4Options(t *testing.T) {
	a, r, b := wire.V4(10, 0, 0, 1), wire.V4(10, 0, 0, 254), wire.V4(10, 0, 1, 1)
	const toA, toB, wrong = " to 10.0.0.1", " to 10.0.1.1", " to 10.0.0.1 points at "
	for _, c := range []struct{ name, options, here, through string }{
		{"record route", "070f0400000000000000000000000000", "070f0c0a0000fe0a0000fe0000000000" + toA, "070f080a0001fe000000000000000000" + toB},
		{"record route, used", "070f080a000001000000000000000000", "070f100a0000010a0000fe0a0000fe00" + toA, "070f0c0a0000010a0001fe0000000000" + toB},
		{"record route, full", "070b0c0a0000010a00020200", "070b0c0a0000010a00020200" + toA, "070b0c0a0000010a00020200" + toB},
		{"record route, three bytes left", "070b09000000000000000000", wrong + "22", wrong + "22"},
		{"record route without room", "07030400", "07030400" + toA, "07030400" + toB},
		{"record route of two bytes", "07020000", wrong + "21", wrong + "21"},
		{"record route from byte 3 on", "0707030000000000", wrong + "22", wrong + "22"},
		{"record route twice", "07070400000000070704000000000000", "0707080a0000fe00" + wrong + "27", "0707080a0000fe00" + wrong + "27"},
		{"times", "440c05000000000000000000", "440c0d000102030401020304" + toA, "440c09000102030400000000" + toB},
		{"times, used", "440c0900deadbeef00000000", "440c0d00deadbeef01020304" + toA, "440c0d00deadbeef01020304" + toB},
		{"addresses and times", "440c05010000000000000000", "440c0d010a0000fe01020304" + toA, "440c0d010a0000fe01020304" + toB},
		{"addresses and times, no room for both", "4408050100000000", wrong + "22", wrong + "22"},
		{"time of the address", "440c05030a0000fe00000000", "440c0d030a0000fe01020304" + toA, "440c0d030a0000fe01020304" + toB},
		{"time of another interface's address", "440c05030a0001fe00000000", "440c0d030a0001fe01020304" + toA, "440c0d030a0001fe01020304" + toB},
		{"time of somebody else", "440c05030a00014d00000000", "440c05030a00014d00000000" + toA, "440c05030a00014d00000000" + toB},
		{"times, full", "44080900000000ff", "44080910000000ff" + toA, "44080910000000ff" + toB},
		{"times, full for the sixteenth", "440809f0000000ff", wrong + "23", wrong + "23"},
		{"times of no known kind", "440c05020000000000000000", "440c05020000000000000000" + toA, "440c05020000000000000000" + toB},
		{"times of three bytes", "44030500", wrong + "21", wrong + "21"},
		{"times from byte 4 on", "440c04000000000000000000", wrong + "22", wrong + "22"},
		{"times twice", "44080500000000004408050000000000", "4408090001020304" + wrong + "28", "4408090001020304" + wrong + "28"},
		{"both", "07070400000000440805000000000000", "0707080a0000fe440809000102030400" + toA, "0707080a0001fe440809000102030400" + toB},
		{"a loose route", "8307040a00010100", "", ""},
		{"a strict route", "8907040a00010100", "", ""},
		{"a route behind us", "8307080a00010100", "", ""},
		{"a route of two bytes", "83020000", wrong + "21", wrong + "21"},
		{"a route from byte 3 on", "8307030a00010100", wrong + "22", wrong + "22"},
		{"two routes", "8307040a0001018307040a0001010000", wrong + "27", wrong + "27"},
		{"length 0", "99000000", wrong + "20", wrong + "20"},
		{"length 1", "99010000", wrong + "20", wrong + "20"},
		{"length 9 of 4", "99090000", wrong + "20", wrong + "20"},
		{"length 0 behind two no-operations", "01019900", wrong + "22", wrong + "22"},
		{"no length", "01010199", wrong + "23", wrong + "23"},
		{"router alert", "94040000", toA, "94040000" + toB},
		{"router alert of three bytes", "94030000", wrong + "21", wrong + "21"},
		{"nobody knows it", "99040000", toA, "99040000" + toB},
		{"something behind the end", "00990001", toA, "00000000" + toB},
	} {
		for i, want := range []string{c.here, c.through} {
			w := routed(t, 1500)
			w.knows()
			w.now = 0x01020304*ms - oneHop
			var got []string
			w.drop = func(from int, b []byte) bool {
				if from == 1 {
					got = append(got, optionsOf(b))
				}
				return from == 1
			}
			w.raw(0, 1, ipv4(a, []wire.Addr{r, b}[i], wire.ProtoICMP, 64, 0, unhex(t, c.options), echoRequest()))
			w.wait(oneHop)
			if len(got) > 1 || len(got) == 1 && got[0] != want || len(got) == 0 && want != "" {
				t.Errorf("%s, to %v: %q, want %q", c.name, []wire.Addr{r, b}[i], got, want)
			}
			w.nothingHeld()
		}
	}
}

// Errors and resets carry the record route of the packet they are about, too (Linux 6.18: ttl1 rr, tcp rst rr).
func TestOptionsOfAnswers(t *testing.T) {
	a, r, b := wire.V4(10, 0, 0, 1), wire.V4(10, 0, 0, 254), wire.V4(10, 0, 1, 1)
	record := []byte{7, 11, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0}
	w := routed(t, 1500)
	w.knows()
	var got []string
	w.drop = func(from int, b []byte) bool {
		if from == 1 {
			got = append(got, optionsOf(b))
		}
		return from == 1
	}
	w.raw(0, 1, ipv4(a, b, wire.ProtoICMP, 1, 0, record, echoRequest()))
	syn := make([]byte, wire.TCPLen)
	wire.PutTCP(syn, &a, &r, 99, 99, 1, 0, wire.SYN, 0, 0, 0)
	w.raw(0, 1, ipv4(a, r, wire.ProtoTCP, 64, 0, record, syn))
	w.wait(2 * oneHop)
	const full = "070b0c0a0000fe0a0000fe00 to 10.0.0.1"
	if len(got) != 2 || got[0] != full+" icmp 11/0" || got[1][:len(full)] != full {
		t.Errorf("%q", got)
	}
}
