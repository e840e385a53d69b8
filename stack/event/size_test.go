package event

import (
	"testing"
	"unsafe"
)

func TestChangeBytes(t *testing.T) {
	if got := unsafe.Sizeof(Change{}); got > changeBytes || unsafe.Sizeof(uintptr(0)) == 8 && got != changeBytes {
		t.Errorf("a change takes %d bytes, not %d", got, changeBytes)
	}
}

func TestActBytes(t *testing.T) {
	if got := unsafe.Sizeof(Act{}); got > actBytes || unsafe.Sizeof(uintptr(0)) == 8 && got != actBytes {
		t.Errorf("an act takes %d bytes, not %d", got, actBytes)
	}
}
