package autograd

import (
	"fmt"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// nop is an op with empty rules: what remains is the engine.
type nop struct{}

func (nop) Forward(n *Node)  {}
func (nop) Backward(n *Node) { n.LendGrad(0, n.Grad()) }

// BenchmarkEngine reports the time of the engine per op, with and without
// nodes in the first-level cache: recording it, walking back over it, and
// handing a gradient on.
func BenchmarkEngine(b *testing.B) {
	for _, ops := range []int{30, 1000} {
		b.Run(fmt.Sprintf("ops=%d", ops), func(b *testing.B) {
			t, x := NewTape(Train), mat.NewDense(1, 1, []float64{1})
			b.ReportAllocs()
			for b.Loop() {
				t.Reset()
				v := t.Variable(x)
				for range ops {
					v = Record(nop{}, 1, 1, v)
				}
				t.Backward(v)
			}
			b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N)/float64(ops), "ns/op-of-engine")
		})
	}
}
