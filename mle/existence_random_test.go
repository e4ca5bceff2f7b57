package mle

import (
	"fmt"
	"math"
	"testing"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/optimize/convex/lp"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/random"
)

// small is a random problem of small whole numbers, and separated in part more
// often than not.
func small(src *random.Source) (*datasets.Dataset, Options) {
	n, d := 3+int(src.Uint64()%8), 1+int(src.Uint64()%3)
	noise := []uint64{2, 5, 16}[src.Uint64()%3] // of its reciprocal
	kinds := int(src.Uint64() % 4)
	set := &datasets.Dataset{X: mat.NewDense(n, d, nil), Schema: &datasets.Schema{Target: "y", Reference: "0"}}
	for j := range d {
		set.Schema.Features = append(set.Schema.Features, datasets.Feature{Name: fmt.Sprint("x", j)})
		span := []uint64{2, 3, 7}[src.Uint64()%3]
		for i := range n {
			set.X.Set(i, j, float64(src.Uint64()%span)-1)
		}
		if j > 0 && src.Uint64()%3 == 0 { // a dependent column
			for i := range n {
				set.X.Set(i, j, 1-2*set.X.At(i, 0))
			}
		}
	}
	weight := func() float64 { return float64(src.Uint64() % 4) }
	if kinds == 0 { // grouped counts
		set.Schema.Successes, set.Schema.Failures = "s", "f"
		set.Schema.Target, set.Schema.Reference = "", ""
		set.Y, set.Weights = mat.NewDense(n, 1, nil), make([]float64, n)
		for i := range n {
			s, f := weight(), weight()
			if v := set.X.At(i, 0); v > 0 && noise > 2 {
				f = 0
			} else if v < 0 && noise > 2 {
				s = 0
			}
			if set.Weights[i] = s + f; s+f > 0 {
				set.Y.Set(i, 0, s/(s+f))
			}
		}
		set.Weights[0] = 1
		return set, Options{NoIntercept: src.Uint64()%4 == 0}
	}
	classes := 2 + kinds/2
	for c := range classes {
		set.Schema.Classes = append(set.Schema.Classes, fmt.Sprint(c))
	}
	set.Labels = make([]int, n)
	for i := range n {
		score := set.X.At(i, 0) + float64(src.Uint64()%2)
		set.Labels[i] = min(classes-1, int(math.Max(0, score)))
		if src.Uint64()%noise == 0 {
			set.Labels[i] = int(src.Uint64() % uint64(classes))
		}
	}
	if src.Uint64()%3 == 0 {
		set.Weights = make([]float64, n)
		for i := range n {
			set.Weights[i] = weight()
		}
		set.Weights[0] = 1
	}
	return set, Options{NoIntercept: src.Uint64()%4 == 0}
}

// brute holds what linear programs over the box |V| ≤ 1 say of the directions
// that lower no margin.
type brute struct {
	t    *testing.T
	size int
	rows [][]float64 // contests
	ids  []int
}

func newBrute(t *testing.T, p *problem) *brute {
	b := &brute{t: t, size: p.size()}
	e := p.exactRows()
	for i := range p.rows() {
		p.each(p.noContests(), i, func(y, k int) {
			a, d := make([]float64, p.size()), p.terms
			for j, v := range e.row(i) {
				if y > 0 {
					a[(y-1)*d+j] = v
				}
				if k > 0 {
					a[(k-1)*d+j] = -v
				}
			}
			b.rows, b.ids = append(b.rows, a), append(b.ids, i*p.classes+k)
		})
	}
	return b
}

// largest returns the maximum of c·V.
func (b *brute) largest(c []float64) float64 {
	// V = w − 1 with w + t = 2, and a·w − s = a·1.
	m, n := len(b.rows), b.size
	a := mat.NewDense(m+n, 2*n+m, nil)
	rhs, cost := make([]float64, m+n), make([]float64, 2*n+m)
	for j := range n {
		a.Set(j, j, 1)
		a.Set(j, n+j, 1)
		rhs[j] = 2
		cost[j] = -c[j]
	}
	for i, row := range b.rows {
		for j, v := range row {
			a.Set(n+i, j, v)
		}
		a.Set(n+i, 2*n+i, -1)
		rhs[n+i] = floats.Sum(row)
	}
	value, _, err := lp.Simplex(cost, a, rhs, 1e-10, nil)
	if err != nil {
		b.t.Fatal(err)
	}
	return -value - floats.Sum(c)
}
