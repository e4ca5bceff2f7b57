package optim

import (
	"math"

	"gonum.org/v1/gonum/floats"
)

// ClipNorm scales grad so that its Euclidean norm is at most maxNorm, and returns
// the norm it had (torch.nn.utils.clip_grad_norm_; Pascanu, Mikolov and Bengio
// 2013, On the difficulty of training recurrent neural networks):
//
//	grad ← grad · min(1, maxNorm/(norm + 1e-6))
//
// The norm neither overflows nor underflows on the way. If it is not finite no
// factor can help: grad is left for the caller to see (PyTorch fills it with
// NaN and zeros). A maxNorm of +Inf only measures. It panics with
// *tensor.UsageError if maxNorm is not positive.
func ClipNorm(grad []float64, maxNorm float64) (norm float64) {
	if !(maxNorm > 0) {
		misuse("optim.ClipNorm", "the largest norm allowed is %v; it must be positive", maxNorm)
	}
	norm = euclideanNorm(grad)
	if factor := maxNorm / (norm + 1e-6); factor < 1 && norm <= math.MaxFloat64 {
		floats.Scale(factor, grad)
	}
	return norm
}

// euclideanNorm takes the plain sum of squares where that is safe, for it is
// several times faster than the scaled sum.
func euclideanNorm(x []float64) float64 {
	const tiny, huge = 0x1p-900, 0x1p1000
	if sum := floats.Dot(x, x); sum > tiny && sum < huge {
		return math.Sqrt(sum)
	}
	return floats.Norm(x, 2)
}
