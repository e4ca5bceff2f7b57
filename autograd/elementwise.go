package autograd

import "github.com/surprisal-ml/surprisal/activation"

// elementwise is the job of applying f to many elements.
type elementwise[F activation.Func] struct {
	f       F
	y, s, x []float64
}

// chunk is the number of elements in a part of an elementwise job.
const chunk = 1 << 14

// run sets y = f(x) and, unless s is nil, s = f′(x). y may be x.
func (e *elementwise[F]) run(n *Node, f F, y, s, x []float64) {
	if len(x) < parallelElements {
		valueSlope(f, y, s, x)
		return
	}
	e.f, e.y, e.s, e.x = f, y, s, x
	n.Parallel(e, (len(x)+chunk-1)/chunk, len(x))
	*e = elementwise[F]{}
}

// Part applies f to chunk i.
func (e *elementwise[F]) Part(i int) {
	from, to := i*chunk, min((i+1)*chunk, len(e.x))
	var s []float64
	if e.s != nil {
		s = e.s[from:to]
	}
	valueSlope(e.f, e.y[from:to], s, e.x[from:to])
}

func valueSlope[F activation.Func](f F, y, s, x []float64) {
	if s == nil {
		f.Value(y, x)
	} else {
		f.ValueSlope(y, s, x)
	}
}
