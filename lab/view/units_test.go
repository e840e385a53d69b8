package view

import "testing"

func TestUnits(t *testing.T) {
	for _, c := range []struct{ got, want string }{
		{rate(10_000_000), "10 Mbit/s"}, {rate(9600), "9.6 kbit/s"}, {rate(1_500_000_000), "1.5 Gbit/s"},
		{Span(0), "0 ns"}, {Span(999), "999 ns"}, {Span(1_500), "1.5 µs"}, {Span(40_000_000), "40 ms"}, {Span(-2_000_000_000), "-2 s"},
		{Span(150_000_000_000), "2.5 min"}, {Span(7_200_000_000_000), "2 h"},
		{Bytes(1460), "1.46 kB"}, {Bytes(64 << 20), "67.1 MB"},
		{Instant(110_049_600, 6), "0.110049"}, {Instant(999_999_999, 4), "0.9999"}, {Instant(61_000_000_000, 3), "61.000"},
		{clock(1_234_567_890), "1.234 567 890"},
		{thousands(0), "0"}, {thousands(999), "999"}, {thousands(1_234_567), "1,234,567"},
	} {
		if c.got != c.want {
			t.Errorf("got %q, want %q", c.got, c.want)
		}
	}
}

func TestSpeeds(t *testing.T) {
	for _, c := range []struct {
		speed float64
		steps int
		want  float64
	}{{0.01, 0, 0.01}, {0.01, 1, 0.02}, {0.02, 1, 0.05}, {0.05, 1, 0.1}, {0.01, -1, 0.005}, {0.0056, 0, 0.005}, {3, 1, 5}, {1e6, 1, 1e6}, {1e-9, -1, 1e-9}} {
		if got := Faster(c.speed, c.steps); got != c.want {
			t.Errorf("%v, %+d steps: %v, want %v", c.speed, c.steps, got, c.want)
		}
	}
}
