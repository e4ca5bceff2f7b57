package mle

import (
	"math"
	"math/big"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/internal/dd"
)

// hilbert returns the Hilbert matrix of order n with its rows and columns
// multiplied by powers of ten, and its exact inverse.
func hilbert(n int) (h []float64, inverse []*big.Rat) {
	units := func(i int) int64 { return int64(math.Pow(10, float64(i%5))) }
	// Entries that are float64: those of lcm·H.
	lcm := new(big.Int).MulRange(1, 1)
	for k := int64(1); k < int64(2*n); k++ {
		g := new(big.Int).GCD(nil, nil, lcm, big.NewInt(k))
		lcm.Mul(lcm, big.NewInt(k)).Quo(lcm, g)
	}
	h, inverse = make([]float64, n*n), make([]*big.Rat, n*n)
	for i := range n {
		for j := range n {
			v := new(big.Rat).SetFrac(lcm, big.NewInt(int64(i+j+1)))
			v.Mul(v, big.NewRat(units(i)*units(j), 1))
			h[i*n+j], _ = v.Float64()
			b := func(a, b int) *big.Int { return new(big.Int).Binomial(int64(a), int64(b)) }
			c := b(n+i, n-j-1)
			c.Mul(c, b(n+j, n-i-1)).Mul(c, b(i+j, i)).Mul(c, b(i+j, i)).Mul(c, big.NewInt(int64(i+j+1)))
			if (i+j)%2 == 1 {
				c.Neg(c)
			}
			w := new(big.Rat).SetFrac(c, lcm)
			inverse[i*n+j] = w.Quo(w, big.NewRat(units(i)*units(j), 1))
		}
	}
	return h, inverse
}

// The inverse in double-double has 15 digits for condition numbers up to 1e15,
// and says so; float64 reports the digits that it loses.
func TestFactors(t *testing.T) {
	for _, n := range []int{1, 3, 6, 10} {
		h, inverse := hilbert(n)
		exact, ok := newExactCholesky(dd.Vector{Hi: h, Lo: make([]float64, n*n)}, n)
		if !ok {
			t.Fatalf("order %d has no factor", n)
		}
		for i := range n {
			for j := range n {
				want, _ := inverse[i*n+j].Float64()
				if got := exact.covariance(i, j).Float64(); math.Abs(got-want) > 1e-15*math.Abs(want) {
					t.Errorf("order %d: entry %d, %d of the inverse is %v, want %v", n, i, j, got, want)
				}
			}
		}
		plain, ok := newCholesky(h, n, roundoff)
		if !ok {
			t.Fatalf("order %d has no factor in float64", n)
		}
		if plain.inverseNorm() < exact.inverseNorm()/float64(n) || plain.inverseNorm() > 10*exact.inverseNorm() {
			t.Errorf("order %d: norm of the inverse %g, of float64 %g", n, exact.inverseNorm(), plain.inverseNorm())
		}
		for _, f := range []factor{exact, plain} {
			g := make([]float64, n)
			for i := range g {
				g[i] = math.Cos(float64(7*i)) * f.scale()[i]
			}
			var square big.Rat
			for i := range n {
				for j := range n {
					v := new(big.Rat).Mul(new(big.Rat).SetFloat64(g[i]), new(big.Rat).SetFloat64(g[j]))
					square.Add(&square, v.Mul(v, inverse[i*n+j]))
				}
			}
			want, _ := square.Float64()
			x := append([]float64(nil), g...)
			f.whiten(x)
			got := norm(x) * norm(x)
			if f.rounding() < 0.5 && math.Abs(got-want) > f.rounding()*want {
				t.Errorf("order %d, %T: the square of the norm is %v, want %v to %g", n, f, got, want, f.rounding())
			}
			y := append([]float64(nil), g...)
			f.solve(y)
			dot := 0.0
			for i := range y {
				dot += g[i] * y[i]
			}
			if f.rounding() < 1e-3 && math.Abs(dot-got) > 1e-3*got {
				t.Errorf("order %d, %T: solve gives %v, whiten %v", n, f, dot, got)
			}
		}
	}
}

// The norm of an inverse is bounded, and not by much more than there is, also
// where the estimate is far too low.
func TestInverseNormIsProved(t *testing.T) {
	for _, n := range []int{1, 2, 5, 8} {
		h, _ := hilbert(n)
		c, ok := newCholesky(h, n, 0)
		if !ok {
			t.Fatalf("order %d has no factor", n)
		}
		var values mat.EigenSym
		unit := mat.NewSymDense(n, nil)
		for i := range n {
			for j := range i + 1 {
				unit.SetSym(i, j, h[i*n+j]/c.s[i]/c.s[j])
			}
		}
		if !values.Factorize(unit, false) {
			t.Fatal("no eigenvalues")
		}
		norm := 1 / values.Values(nil)[0]
		for _, low := range []float64{1, 0.3, 0.03} {
			if got := inverseNorm(c.lower, norm*low); got < norm*(1-1e-6) || got > 70*norm {
				t.Errorf("order %d: the norm is %g, its bound from %g of it %g", n, norm, low, got)
			}
		}
		if got := inverseNorm(c.lower, norm/100); n > 1 && !math.IsInf(got, 1) {
			t.Errorf("order %d: the norm is %g, its bound from a hundredth of it %g", n, norm, got)
		}
		if got := inverseNorm(c.lower, 1e16); !math.IsInf(got, 1) {
			t.Errorf("order %d: the bound on a norm beyond float64 is %g", n, got)
		}
	}
}

// Large matrices are factorised by blocks, as gonum does.
func TestLowerFactor(t *testing.T) {
	for _, n := range []int{1, 127, 128, 129, 300, 513} {
		a := make([]float64, n*n)
		for i := range n {
			for j := range n {
				a[i*n+j] = math.Exp(-math.Abs(float64(i-j)) / 20)
			}
		}
		want := mat.NewSymDense(n, append([]float64(nil), a...))
		before := append([]float64(nil), a...)
		l, ok := lowerFactor(a, n)
		if !ok {
			t.Fatalf("order %d has no factor", n)
		}
		var chol mat.Cholesky
		if !chol.Factorize(want) {
			t.Fatal("gonum finds no factor")
		}
		var lower mat.TriDense
		chol.LTo(&lower)
		for i := range n {
			for j := range n {
				switch got := l.Data[i*n+j]; {
				case j > i && got != before[i*n+j]:
					t.Fatalf("order %d: entry %d, %d above the diagonal changed", n, i, j)
				case j <= i && math.Abs(got-lower.At(i, j)) > 1e-12:
					t.Fatalf("order %d: entry %d, %d is %v, want %v", n, i, j, got, lower.At(i, j))
				}
			}
		}
		before[n*n-1] = 0
		if _, ok := lowerFactor(before, n); ok {
			t.Errorf("order %d: a factor of what is not positive definite", n)
		}
	}
}

func TestNoFactor(t *testing.T) {
	nan := math.NaN()
	for name, h := range map[string][]float64{
		"singular":   {1, 1, 1, 1},
		"indefinite": {1, 2, 2, 1},
		"zero":       {0, 0, 0, 1},
		"negative":   {-1, 0, 0, 1},
		"NaN":        {1, nan, nan, 1},
		"NaN corner": {nan, 0, 0, 1},
		"infinite":   {math.Inf(1), 0, 0, 1},
	} {
		if _, ok := newCholesky(h, 2, 0); ok {
			t.Errorf("%s: a factor in float64", name)
		}
		if _, ok := newExactCholesky(dd.Vector{Hi: h, Lo: make([]float64, 4)}, 2); ok {
			t.Errorf("%s: a factor in double-double", name)
		}
	}
}
