package autograd

import (
	"fmt"
	"math"
	"slices"

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
//   - order 2: Hv with the same differences of ∇f, in all entries, and the
//     symmetry of H.
//
// It records f twice on one tape, over several passes, and so finds ops that
// keep state in the wrong place or do not accumulate; and on a tape with
// [Tape.Poison], and so finds rules that read undefined memory or write to
// their inputs. The directions are random since sums hide errors: each row of
// the Hessian of a softmax adds up to zero, right or wrong. Kinks, as of ReLU
// at 0, disagree; keep away from them. The parameters are restored bit for bit.
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
	scale := 1.0
	for _, x := range ps.Vector() {
		scale = max(scale, math.Abs(x))
	}
	p := &probe{
		f: func(t *Tape) Var { return Scale(Add(f(t), f(t)), 0.5) }, ps: ps, tape: NewTape(Train),
		start: slices.Clone(ps.Vector()), h: c.Step * scale, tolerance: c.Tolerance,
	}
	p.tape.Poison = true
	defer copy(ps.Vector(), p.start)

	v := mat.NewDense(c.Probes, ps.Len(), nil)
	r := random.New(c.Seed, 0)
	for i := range v.RawMatrix().Data {
		v.RawMatrix().Data[i] = r.Norm()
	}
	for _, p := range ps.List() {
		for k := range c.Probes {
			if p.Frozen {
				clear(p.in(v.RawRowView(k)).Data)
			}
		}
	}
	gradient := make([]float64, ps.Len())
	value := Gradient(gradient, p.tape, ps, p.f)
	hv := mat.NewDense(c.Probes, ps.Len(), nil)
	if !c.FirstOrder {
		HVP(hv, v, p.tape, ps, p.f)
	}
	for k := range c.Probes {
		slope, slopes := p.differences(v.RawRowView(k))
		if err := p.first(k, slope, value, gradient, v.RawRowView(k)); err != nil {
			return err
		}
		if c.FirstOrder {
			continue
		}
		if err := p.second(k, slopes, hv.RawRowView(k)); err != nil {
			return err
		}
	}
	if c.FirstOrder {
		return nil
	}
	return p.symmetric(v, hv)
}

// probe is an objective under test.
type probe struct {
	f            Objective
	ps           *Params
	tape         *Tape
	start        []float64
	h, tolerance float64
}

// differences returns the derivatives of value and gradient along v, from
// values at four points.
func (p *probe) differences(v []float64) (slope float64, slopes []float64) {
	theta, g := p.ps.Vector(), make([]float64, len(v))
	slopes = make([]float64, len(v))
	for _, at := range [4]struct{ step, weight float64 }{{1, 8}, {-1, -8}, {2, -1}, {-2, 1}} {
		for i, x := range p.start {
			theta[i] = x + at.step*p.h*v[i]
		}
		w := at.weight / (12 * p.h)
		slope += w * Gradient(g, p.tape, p.ps, p.f)
		for i, x := range g {
			slopes[i] += w * x
		}
	}
	copy(theta, p.start)
	return slope, slopes
}

func (p *probe) first(k int, want, value float64, gradient, v []float64) error {
	got, size := 0.0, 1+math.Abs(value)
	for i, g := range gradient {
		got += g * v[i]
		size += math.Abs(g * v[i])
	}
	if e := math.Abs(got - want); !(e <= p.tolerance*size) {
		return fmt.Errorf("autograd: gradient along probe %d is %.12g, differences give %.12g", k, got, want)
	}
	return nil
}

func (p *probe) second(k int, want, hv []float64) error {
	size := 1.0
	for _, x := range hv {
		size = max(size, math.Abs(x))
	}
	for i, got := range hv {
		if e := math.Abs(got - want[i]); !(e <= p.tolerance*size) {
			return fmt.Errorf("autograd: Hessian times probe %d at %s is %.12g, differences give %.12g", k, p.ps.At(i), got, want[i])
		}
	}
	return nil
}

// symmetric checks that uᵀ(Hv) = vᵀ(Hu) for neighbouring probes, to rounding.
func (p *probe) symmetric(v, hv *mat.Dense) error {
	n, _ := v.Dims()
	for k := range n - 1 {
		var a, b, size float64
		for i := range p.start {
			x, y := v.At(k, i)*hv.At(k+1, i), v.At(k+1, i)*hv.At(k, i)
			a, b, size = a+x, b+y, size+math.Abs(x)+math.Abs(y)
		}
		if math.Abs(a-b) > 1e-12*(1+size) {
			return fmt.Errorf("autograd: the Hessian is not symmetric: uᵀHv = %.15g, vᵀHu = %.15g", a, b)
		}
	}
	return nil
}
