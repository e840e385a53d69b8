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
