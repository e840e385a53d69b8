package trace

import (
	"testing"
	"unsafe"
)

func TestCrossingBytes(t *testing.T) {
	if got := unsafe.Sizeof(Crossing{}); got > crossingBytes || unsafe.Sizeof(uintptr(0)) == 8 && got != crossingBytes {
		t.Errorf("a crossing takes %d bytes, not %d", got, crossingBytes)
	}
}
