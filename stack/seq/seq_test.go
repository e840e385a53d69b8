package seq

import "testing"

func TestWrap(t *testing.T) {
	const top = 0xffffffff
	for _, c := range []struct {
		a, b uint32
		less bool
	}{{0, 1, true}, {top, 0, true}, {0, top, false}, {5, 5, false}, {0x80000000, 0x7fffffff, false}, {top - 5, 10, true}} {
		if LT(c.a, c.b) != c.less || GE(c.a, c.b) == c.less {
			t.Errorf("LT(%d, %d) is not %v", c.a, c.b, c.less)
		}
		if GT(c.b, c.a) != c.less || LE(c.b, c.a) == c.less {
			t.Errorf("GT(%d, %d) is not %v", c.b, c.a, c.less)
		}
	}
}
