package mle

import (
	"context"
	"fmt"
	"syscall"
	"testing"
	"time"
)

// BenchmarkFit fits large data. It reports the time of the processor beside the
// clock's, which other programs disturb less.
func BenchmarkFit(b *testing.B) {
	for _, c := range []struct {
		n, d, k int
		o       Options
	}{
		{100, 4, 2, Options{}},
		{100000, 30, 2, Options{}},
		{100000, 50, 5, Options{}},
		{20000, 784, 10, Options{}},
	} {
		b.Run(fmt.Sprintf("%dx%dx%d", c.n, c.d, c.k), func(b *testing.B) {
			d := plantedData(c.n, c.d, c.k)
			b.ResetTimer()
			start := processorTime()
			for range b.N {
				f, err := Fit(context.Background(), d, c.o)
				if err != nil {
					b.Fatal(err)
				}
				b.ReportMetric(float64(f.Iterations), "iterations")
				b.ReportMetric(f.Certificate.Gap, "nats")
			}
			b.ReportMetric((processorTime()-start).Seconds()*1e3/float64(b.N), "cpu-ms/op")
		})
	}
}

func processorTime() time.Duration {
	var u syscall.Rusage
	syscall.Getrusage(syscall.RUSAGE_SELF, &u)
	return time.Duration(u.Utime.Nano() + u.Stime.Nano())
}
