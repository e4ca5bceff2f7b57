package datasets

import (
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/random"
)

// TwoMoons generates n points of two interleaved half circles, classes "0" and
// "1" in turn, with normal noise of standard deviation noise on both
// coordinates. No straight line separates the classes. Point i of class 0 is at
// (cos θ, sin θ), of class 1 at (1 − cos θ, ½ − sin θ), the angles θ evenly
// spaced over [0, π].
func TwoMoons(n int, noise float64, seed uint64) *Dataset {
	src := random.New(seed, streamMoons)
	perClass := (n + 1) / 2
	return generate("two moons", n, func(i int) (x1, x2 float64, class int) {
		theta := math.Pi * float64(i/2) / math.Max(1, float64(perClass-1))
		x1, x2 = math.Cos(theta), math.Sin(theta)
		if i%2 == 1 {
			x1, x2 = 1-x1, 0.5-x2
		}
		return x1 + noise*src.Norm(), x2 + noise*src.Norm(), i % 2
	})
}

// XOR generates n points around the corners (±1, ±1) of a square in turn, with
// normal noise of standard deviation noise on both coordinates. The class is
// "1" where the signs of the corner differ, so a linear model can do no better
// than chance.
func XOR(n int, noise float64, seed uint64) *Dataset {
	src := random.New(seed, streamXOR)
	return generate("xor", n, func(i int) (x1, x2 float64, class int) {
		a, b := i&1, i>>1&1
		return float64(2*a-1) + noise*src.Norm(), float64(2*b-1) + noise*src.Norm(), a ^ b
	})
}

func generate(name string, n int, point func(i int) (x1, x2 float64, class int)) *Dataset {
	d := &Dataset{
		Name: name,
		Schema: &Schema{
			Features:  []Feature{{Name: "x1"}, {Name: "x2"}},
			Target:    "class",
			Classes:   []string{"0", "1"},
			Reference: "0",
		},
		X:      mat.NewDense(n, 2, nil),
		Labels: make([]int, n),
	}
	for i := range n {
		x1, x2, class := point(i)
		d.X.SetRow(i, []float64{x1, x2})
		d.Labels[i] = class
	}
	return d
}
