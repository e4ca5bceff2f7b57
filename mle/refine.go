package mle

import (
	"context"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// refine continues Newton's method from theta with gradients in double-double
// and the factor given, which sets the rate while the gradient sets the digits.
// Where the rate is poor it factorises anew. It ends where another step would
// not change 20 digits, and returns parameters in double-double.
func (s *solver) refine(ctx context.Context, theta []float64, f factor) (dd.Vector, error) {
	at := dd.NewVector(len(theta))
	copy(at.Hi, theta)
	step := make([]float64, len(theta))
	renew := false
	for previous, k := 0.0, 0; k < 12; k++ {
		pt, err := s.p.evaluateExactly(ctx, s.b, at, want{info: renew})
		if err != nil {
			return at, err
		}
		if renew {
			if e, ok := exactLike(f, pt.info, len(theta)); ok {
				f = e
			}
		}
		rounded(step, pt.grad)
		f.whiten(step)
		decrement := norm(step)
		if k > 0 && !(decrement < previous) && !renew {
			break
		}
		rounded(step, pt.grad)
		f.solve(step)
		for i, v := range step {
			at.Set(i, at.At(i).AddFloat(-v))
		}
		if decrement < 1e-20 {
			break
		}
		renew = s.exact.information && k > 0 && decrement > previous*0.05
		previous = decrement
	}
	s.p.fold(at)
	return at, nil
}

// rounded sets dst to v, rounded.
func rounded(dst []float64, v dd.Vector) {
	for i := range dst {
		dst[i] = v.At(i).Hi
	}
}
