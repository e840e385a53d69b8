package sim

import "testing"

func TestProbability(t *testing.T) {
	for _, ppm := range []uint32{0, 1000, 80_000, 500_000, Million} {
		hits := uint32(0)
		for n := range uint64(Million) {
			if Happens(Dice(42, 3, 1, Loss, n), ppm) {
				hits++
			}
		}
		slack := ppm/50 + 100
		if ppm == 0 && hits != 0 || ppm == Million && hits != Million || hits > ppm+slack || hits+slack < ppm {
			t.Errorf("%d of a million, want about %d", hits, ppm)
		}
	}
}

func TestPurposesAreApart(t *testing.T) {
	same := 0
	for n := range uint64(1000) {
		if Happens(Dice(1, 0, 0, Loss, n), 500_000) == Happens(Dice(1, 0, 0, Duplicate, n), 500_000) {
			same++
		}
	}
	if same < 400 || same > 600 {
		t.Errorf("%d of 1000 dice of two purposes agree", same)
	}
}
