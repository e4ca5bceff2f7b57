package autograd

import (
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/random"
)

// Check says how [CheckGradients] tries an objective. The zero value is ready
// to use.
type Check struct {
	Probes    int     // random directions; 0 means 8
	Step      float64 // of the differences, relative to the parameters; 0 means 1e-3
	Tolerance float64 // relative; 0 means 1e-7
	Seed      uint64
	// FirstOrder leaves out the Hessian, for objectives with an Op that is
	// not SecondOrder.
	FirstOrder bool
}

// CheckGradients compares the derivatives of f with differences along random
// directions v, and returns an error that names the worst disagreement:
//
//   - order 1: ∇f·v with [8(f(+h)−f(−h)) − (f(+2h)−f(−2h))]/12h;
//   - order 2: Hv with the same differences of ∇f, in all entries.
//
// It also checks that memory with undefined contents is not read. The
// directions are random since sums hide errors: each row of the Hessian of a
// softmax adds up to zero, right or wrong. Kinks, as of ReLU at 0, disagree;
// keep away from them. The parameters are restored bit for bit.
func CheckGradients(f Objective, ps *Params, c Check) error {
	if c.Probes == 0 {
		c.Probes = 8
	}
	if c.Step == 0 {
		c.Step = 1e-3
	}
	if c.Tolerance == 0 {
		c.Tolerance = 1e-7
	}
	tape := NewTape(Train)
	tape.Poison = true
	p := ps.Len()
	theta := ps.Vector()
	start := append([]float64(nil), theta...)
	defer copy(theta, start)

	v, hv := mat.NewDense(c.Probes, p, nil), mat.NewDense(c.Probes, p, nil)
	r := random.New(c.Seed, 0)
	for i := range v.RawMatrix().Data {
		v.RawMatrix().Data[i] = r.Norm()
	}
	gradient := make([]float64, p)
	value := Gradient(gradient, tape, ps, f)
	if !c.FirstOrder {
		HVP(hv, v, tape, ps, f)
	}
	scale := 1.0
	for _, x := range start {
		scale = max(scale, math.Abs(x))
	}
	h := c.Step * scale
	for k := range c.Probes {
		dir := v.RawRowView(k)
		var slope, size float64
		for i, g := range gradient {
			slope += g * dir[i]
			size += math.Abs(g * dir[i])
		}
		var fs [4]float64
		gs := [4][]float64{}
		for j, m := range [4]float64{1, -1, 2, -2} {
			for i, x := range start {
				theta[i] = x + m*h*dir[i]
			}
			gs[j] = make([]float64, p)
			fs[j] = Gradient(gs[j], tape, ps, f)
		}
		difference := (8*(fs[0]-fs[1]) - (fs[2] - fs[3])) / (12 * h)
		if e := math.Abs(difference - slope); !(e <= c.Tolerance*(1+size+math.Abs(value))) {
			return fmt.Errorf("autograd: gradient along probe %d is %.12g, differences give %.12g", k, slope, difference)
		}
		if c.FirstOrder {
			continue
		}
		row, largest := hv.RawRowView(k), 0.0
		for _, x := range row {
			largest = max(largest, math.Abs(x))
		}
		for i, x := range row {
			difference := (8*(gs[0][i]-gs[1][i]) - (gs[2][i] - gs[3][i])) / (12 * h)
			if e := math.Abs(difference - x); !(e <= c.Tolerance*(1+largest)) {
				return fmt.Errorf("autograd: Hessian times probe %d at %s is %.12g, differences give %.12g", k, ps.At(i), x, difference)
			}
		}
	}
	return nil
}
