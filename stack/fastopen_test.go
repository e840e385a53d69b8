package stack

import (
	"encoding/hex"
	"testing"

	"wirelab/stack/block"
	"wirelab/stack/event"
	"wirelab/stack/tcp"
	"wirelab/stack/wire"
)

// The same key gives the cookies that Linux gives.
func TestFastOpenCookies(t *testing.T) {
	h := New(1, "A", 1, block.NewPool(), nil, &event.Log{})
	local, remote := tcp.Endpoint{Addr: wire.V4(192, 168, 0, 1), Port: 80}, tcp.Endpoint{Addr: wire.V4(192, 0, 2, 1), Port: 9}
	for key, want := range map[string]string{
		"a1a1a1a1-b2b2b2b2-c3c3c3c3-d4d4d4d4": "3021b9d889017eeb",
		"00000000-00000000-00000000-00000000": "b7c12350a90dc8f5",
	} {
		if err := h.SetSysctl("net.ipv4.tcp_fastopen_key", key); err != nil {
			t.Fatal(err)
		}
		if got, _ := h.SysctlText("net.ipv4.tcp_fastopen_key"); got != key {
			t.Error(got)
		}
		k := cookieFor(h.FastOpenKeys[0], local, remote)
		if got := hex.EncodeToString(k.Bytes[:k.Len]); got != want {
			t.Errorf("%s: %s, want %s", key, got, want)
		}
	}
	if h.SetSysctl("net.ipv4.tcp_fastopen_key", "1-2-3") == nil || h.SetSysctl("net.ipv4.tcp_fastopen_key", "1-2-3-100000000") == nil {
		t.Error("a bad key is taken")
	}
}

// SipHash-2-4's published test vector, of 15 bytes.
func TestSipHash(t *testing.T) {
	var b [16]byte
	for i := range b {
		b[i] = byte(i)
	}
	if got := sipHash([2]uint64{0x0706050403020100, 0x0f0e0d0c0b0a0908}, b[:15]); got != 0xa129ca6149be45e5 {
		t.Errorf("%x", got)
	}
}
