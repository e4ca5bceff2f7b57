package vmath

// SigmoidBCE sets loss to the binary cross-entropy of σ(z) with the targets t
// and, unless gradient is nil, gradient to its derivative with respect to z:
//
//	loss     = −w·t·log σ(z) − (1−t)·log σ(−z)
//	gradient = (1−t)·σ(z) − w·t·σ(−z)
//
// with w the weight of the positive class of each element; a nil w is all 1.
// Neither tail cancels or overflows, and 0·∞ is 0.
func SigmoidBCE(loss, gradient, z, t, w []float64) { sigmoidBCE(best, loss, gradient, z, t, w) }

func sigmoidBCE(v variant, loss, gradient, z, t, w []float64) {
	loss, t = loss[:len(z)], t[:len(z)]
	if gradient != nil {
		gradient = gradient[:len(z)]
	}
	if w != nil {
		w = w[:len(z)]
	}
	if v == portable {
		for j, x := range z {
			pos := 1.0
			if w != nil {
				pos = w[j]
			}
			l, g := bce(x, t[j], pos, w != nil)
			loss[j] = l
			if gradient != nil {
				gradient[j] = g
			}
		}
		return
	}
	for i := 0; i < len(z); i += chunk {
		vectorBCE(v, first(loss, i), first(gradient, i), first(z, i), first(t, i), first(w, i), min(chunk, len(z)-i))
	}
}

// first returns a pointer to element i, nil if there is none.
func first(x []float64, i int) *float64 {
	if x == nil {
		return nil
	}
	return &x[i]
}
