package bench

import "testing"

// The workloads as Go benchmarks, for profiles:
//
//	go test ./lab/bench -run - -bench Dumbbell10 -cpuprofile cpu.out
func benchmark(b *testing.B, o options) {
	for b.Loop() {
		r, err := runWorkload(o)
		if err != nil {
			b.Fatal(err)
		}
		b.ReportMetric(r.NsPerSegment, "ns/segment")
		b.ReportMetric(r.AllocsPerSegment, "allocs/segment")
	}
}

func BenchmarkBulk(b *testing.B) {
	benchmark(b, options{Name: "bulk", Flows: 1, CC: "reno", Bytes: 1 << 28})
}
func BenchmarkDumbbell1(b *testing.B) { benchmark(b, options{Name: "dumbbell", Flows: 1, CC: "reno"}) }
func BenchmarkDumbbell10(b *testing.B) {
	benchmark(b, options{Name: "dumbbell", Flows: 10, CC: "reno"})
}
func BenchmarkDumbbell100(b *testing.B) {
	benchmark(b, options{Name: "dumbbell", Flows: 100, CC: "reno"})
}

func BenchmarkSmall(b *testing.B) { benchmark(b, options{Name: "small", Flows: 1, CC: "reno"}) }
