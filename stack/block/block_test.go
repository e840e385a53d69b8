package block

import (
	"bytes"
	"testing"
)

func TestRecycling(t *testing.T) {
	p := NewPool()
	h := p.From([]byte("hello"))
	p.Retain(h)
	p.Release(h)
	if got := string(p.Data(h)); got != "hello" {
		t.Fatalf("data = %q", got)
	}
	p.Release(h)
	if n, b := p.Live(); n != 0 || b != 0 {
		t.Fatalf("live = %d blocks, %d bytes, want none", n, b)
	}
	if again := p.New(5); again != h {
		t.Errorf("slot %d not reused, got %d", h, again)
	}
}

func TestAppendNeverChangesWhatOthersHold(t *testing.T) {
	p := NewPool()
	h := p.From([]byte("abc"))
	p.Retain(h)
	before := p.Digest(h)
	h2, n := p.Append(h, []byte("def"))
	if n != 3 || h2 == h {
		t.Fatalf("append = %d, %d", h2, n)
	}
	if !bytes.Equal(p.Data(h), []byte("abc")) || p.Digest(h) != before {
		t.Error("the other holder saw the change")
	}
	if string(p.Data(h2)) != "abcdef" || p.Digest(h2) == before {
		t.Error("the appended block is wrong")
	}
}

func TestAppendStopsAtTheMemory(t *testing.T) {
	p := NewPool()
	h := p.From(make([]byte, 100))
	h, n := p.Append(h, make([]byte, 100))
	if n != 28 || len(p.Data(h)) != 128 {
		t.Fatalf("appended %d, len %d", n, len(p.Data(h)))
	}
}

func TestReleaseTooOftenPanics(t *testing.T) {
	defer func() {
		if recover() == nil {
			t.Error("no panic")
		}
	}()
	p := NewPool()
	h := p.New(1)
	p.Release(h)
	p.Release(h)
}

// A packed block says what it said, costs less, and lets go of what it was made of.
func TestPack(t *testing.T) {
	p := NewPool()
	source := p.From(bytes.Repeat([]byte("0123456789"), 200))
	frame := func(off int) Handle {
		h := p.New(66 + 1448)
		copy(p.Data(h), bytes.Repeat([]byte{7}, 66))
		copy(p.Data(h)[66:], p.Data(source)[off:])
		p.Made(h, 66, source, uint32(off))
		return h
	}
	a, b := frame(3), frame(500)
	want, digest := bytes.Clone(p.Data(a)), p.Digest(b)
	_, before := p.Live()
	p.Pack(a)
	p.Pack(b)
	if _, after := p.Live(); after > before-2000 {
		t.Errorf("%d bytes before, %d after", before, after)
	}
	if p.Digest(b) != digest || !bytes.Equal(p.Data(a), want) {
		t.Error("a packed block says something else")
	}
	p.Release(source) // b still needs it
	if own := p.Own(b); !bytes.Equal(p.Data(own)[66:], bytes.Repeat([]byte("0123456789"), 200)[500:1948]) {
		t.Error("what a packed block was made of is gone")
	}
	p.Release(a)
	p.Release(b)
	if n, left := p.Live(); n != 0 || left != 0 {
		t.Errorf("%d blocks, %d bytes are left", n, left)
	}
}

// What was changed since is not packed: it could not be had again.
func TestPackLooks(t *testing.T) {
	p := NewPool()
	source := p.From(bytes.Repeat([]byte("x"), 1500))
	h := p.New(1500)
	copy(p.Data(h), p.Data(source))
	p.Data(h)[1000] = 'y'
	p.Made(h, 40, source, 40)
	p.Pack(h)
	if _, n := p.Live(); n < 3000 || p.Data(h)[1000] != 'y' {
		t.Error("a change is lost")
	}
}
