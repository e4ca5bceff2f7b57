package mle

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"slices"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
)

// classesData draws n rows whose features have other means in each class.
func classesData(seed uint64, n, d, k int) *datasets.Dataset {
	r := rand.New(rand.NewPCG(seed, 1))
	set := plantedData(n, d, k)
	for i := range n {
		set.Labels[i] = i % k
		for j := range d {
			set.X.Set(i, j, r.NormFloat64()+0.5*float64(i%k*(j+1)%k))
		}
	}
	return set
}

// An even number of classes leaves an L1 fit free to add to all coefficients of
// a feature. The fit is the middle of what is optimal, and satisfies the
// conditions of Karush, Kuhn and Tucker, computed here from the definition.
func TestL1OfEvenClasses(t *testing.T) {
	flat := 0
	for _, k := range []int{3, 4, 6, 10} {
		for seed := range uint64(4) {
			d := classesData(seed, 300, 5, k)
			for _, c := range []float64{0.05, 1} {
				f := fit(t, d, Options{Penalty: L1, C: c})
				name := fmt.Sprintf("%d classes, seed %d, C = %g", k, seed, c)
				flat += len(f.p.flat(f.theta.Hi))
				checkL1(t, name, d, f.Coef, c)
				again, err := Certify(context.Background(), d, f.Coef, Options{Penalty: L1, C: c})
				if err != nil || again.Gap > 1e-16 {
					t.Errorf("%s: certified anew: %g (%v)", name, again.Gap, err)
				}
			}
		}
	}
	if flat == 0 {
		t.Error("no fit had a flat term")
	}
}

// checkL1 checks that coef is optimal for the L1 penalty and has medians of 0.
func checkL1(t *testing.T, name string, d *datasets.Dataset, coef *mat.Dense, c float64) {
	t.Helper()
	k, terms := coef.Dims()
	grad := mat.NewDense(k, terms, nil)
	p := make([]float64, k)
	for i := range d.Len() {
		x := append([]float64{1}, d.X.RawRowView(i)...)
		var sum float64
		for l := range p {
			p[l] = 0
			for j, v := range x {
				p[l] += v * coef.At(l, j)
			}
			p[l] = math.Exp(p[l])
			sum += p[l]
		}
		p[d.Labels[i]] -= sum
		for l := range p {
			for j, v := range x {
				grad.Set(l, j, grad.At(l, j)+c*v*p[l]/sum)
			}
		}
	}
	tolerance := 1e-12 * c * float64(d.Len())
	for j := range terms {
		column := mat.Col(nil, j, coef)
		for l, w := range column {
			g := grad.At(l, j)
			switch {
			case j == 0 && math.Abs(g) > tolerance,
				j > 0 && w != 0 && math.Abs(g+sign(w)) > tolerance,
				j > 0 && w == 0 && math.Abs(g) > 1:
				t.Errorf("%s: coefficient %d, %d is %g, the gradient %g", name, l, j, w, g)
			}
		}
		slices.Sort(column)
		if median := (column[k/2] + column[(k-1)/2]) / 2; j > 0 && math.Abs(median) > 1e-15 {
			t.Errorf("%s: the median of term %d is %g", name, j, median)
		}
	}
}
