package wire

import (
	"encoding/hex"
	"math/rand/v2"
	"testing"

	"wirelab/stack/seeds"
)

func unhex(t *testing.T, s string) []byte {
	t.Helper()
	b, err := hex.DecodeString(s)
	if err != nil {
		t.Fatal(err)
	}
	return b
}

// naive is the checksum as RFC 1071 §1 words it: 16-bit words, one at a time,
// with end-around carry.
func naive(parts ...[]byte) uint16 {
	var sum uint32
	for _, b := range parts {
		for i := 0; i < len(b); i += 2 {
			word := uint32(b[i]) << 8
			if i+1 < len(b) {
				word |= uint32(b[i+1])
			}
			if sum += word; sum > 0xffff {
				sum -= 0xffff
			}
		}
	}
	return ^uint16(sum)
}

func TestSumOfKnownData(t *testing.T) {
	for _, c := range []struct {
		name, data string
		want       uint16
	}{
		{"RFC 1071 §3", "0001f203f4f5f6f7", ^uint16(0xddf2)},
		{"nothing", "", 0xffff},
		{"one byte counts as the high one", "ab", ^uint16(0xab00)},
		{"all ones", "ffffffff", 0},
		{"an IPv4 header", "450000730000400040110000c0a80001c0a800c7", 0xb861},
		{"the same with its checksum", "45000073000040004011b861c0a80001c0a800c7", 0},
	} {
		data := unhex(t, c.data)
		if got := Sum(0).AddBytes(data).Fold(); got != c.want {
			t.Errorf("%s: %04x, want %04x", c.name, got, c.want)
		}
		if got := naive(data); got != c.want {
			t.Errorf("%s: the test's own loop says %04x, want %04x", c.name, got, c.want)
		}
	}
}

// Every length up to more than a frame, at every alignment in memory, of random
// bytes and of those that carry most.
func TestSumEqualsTheNaiveLoop(t *testing.T) {
	seed := seeds.First(t)
	r := rand.New(rand.NewPCG(seed, 0))
	memory := make([]byte, 2100)
	for n := range 2001 {
		offset := n % 17
		b := memory[offset : offset+n]
		for i := range b {
			b[i] = byte(r.Uint32())
			if n%5 == 0 {
				b[i] |= 0xfe
			}
		}
		if got, want := Sum(0).AddBytes(b).Fold(), naive(b); got != want {
			t.Fatalf("seed %d, %d bytes at offset %d: %04x, want %04x", seed, n, offset, got, want)
		}
		cut := r.IntN(n+1) &^ 1
		if got, want := Sum(0).AddBytes(b[:cut]).AddBytes(b[cut:]).Fold(), naive(b); got != want {
			t.Fatalf("seed %d, %d bytes in two parts at %d: %04x, want %04x", seed, n, cut, got, want)
		}
	}
}

func TestFoldIsModulo(t *testing.T) {
	r := rand.New(rand.NewPCG(seeds.First(t), 0))
	for range 10_000 {
		s := r.Uint64() >> r.IntN(64)
		want := ^uint16(s % 0xffff)
		if s != 0 && s%0xffff == 0 {
			want = 0 // one's complement keeps two zeros apart: a sum that is not empty folds to 0xffff
		}
		if got := Sum(s).Fold(); got != want {
			t.Fatalf("%x: %04x, want %04x", s, got, want)
		}
	}
	if got := Sum(1<<64 - 1).Fold(); got != 0 {
		t.Errorf("the largest sum: %04x", got)
	}
}

func TestPseudoSum(t *testing.T) {
	src4, dst4 := V4(192, 168, 1, 116), V4(10, 0, 0, 2)
	if got, want := PseudoSum(&src4, &dst4, ProtoTCP, 40).Fold(), naive(unhex(t, "c0a801740a00000200060028")); got != want {
		t.Errorf("IPv4: %04x, want %04x", got, want)
	}
	src6, dst6 := Addr{0: 0x20, 1: 1, 2: 0x0d, 3: 0xb8, 7: 9, 15: 1}, Addr{0: 0xfe, 1: 0x80, 9: 0xab, 15: 2}
	want := naive(src6[:], dst6[:], []byte{0, 0, 1, 2, 0, 0, 0, ProtoUDP})
	if got := PseudoSum(&src6, &dst6, ProtoUDP, 0x102).Fold(); got != want {
		t.Errorf("IPv6: %04x, want %04x", got, want)
	}
}

func BenchmarkSum1460(b *testing.B) {
	data := make([]byte, 1460)
	b.SetBytes(int64(len(data)))
	for b.Loop() {
		Sum(0).AddBytes(data)
	}
}
