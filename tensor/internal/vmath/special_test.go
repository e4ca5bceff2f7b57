package vmath

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

// call returns f(x) of a variant.
func call(v variant, f function, x float64) float64 {
	y := []float64{0}
	apply(v, f, y, []float64{x})
	return y[0]
}

func TestSpecialValues(t *testing.T) {
	inf, nan, zero := math.Inf(1), math.NaN(), math.Copysign(0, -1)
	cases := []struct {
		f    function
		x, y float64
	}{
		{fnExp, 0, 1}, {fnExp, zero, 1}, {fnExp, inf, inf}, {fnExp, -inf, 0}, {fnExp, nan, nan},
		{fnExp, 5e-324, 1}, {fnExp, -5e-324, 1}, {fnExp, 0x1p-54, 1},
		{fnExp, 709.782712893384, 1.7976931348622732e308}, {fnExp, 709.7827128933841, inf}, {fnExp, math.MaxFloat64, inf},
		{fnExp, -745.1332191019411, 5e-324}, {fnExp, -745.1332191019412, 0}, {fnExp, -math.MaxFloat64, 0},
		{fnExp, -744.4400719213812, 5e-324}, {fnExp, -708.3964185322641, 2.2250738585072626e-308},
		{fnExpm1, 0, 0}, {fnExpm1, zero, zero}, {fnExpm1, inf, inf}, {fnExpm1, -inf, -1}, {fnExpm1, nan, nan},
		{fnExpm1, 5e-324, 5e-324}, {fnExpm1, -1e-310, -1e-310}, {fnExpm1, 709.7827128933841, inf}, {fnExpm1, -40, -1},
		{fnLog, 1, 0}, {fnLog, 0, -inf}, {fnLog, zero, -inf}, {fnLog, inf, inf}, {fnLog, -inf, nan}, {fnLog, -5e-324, nan},
		{fnLog, -1, nan}, {fnLog, nan, nan}, {fnLog, 5e-324, -744.4400719213812}, {fnLog, math.MaxFloat64, 709.782712893384},
		{fnLog1p, 0, 0}, {fnLog1p, zero, zero}, {fnLog1p, -1, -inf}, {fnLog1p, -1.5, nan}, {fnLog1p, -inf, nan},
		{fnLog1p, inf, inf}, {fnLog1p, nan, nan}, {fnLog1p, 5e-324, 5e-324}, {fnLog1p, -1e-310, -1e-310},
		{fnLog1p, math.MaxFloat64, 709.782712893384}, {fnLog1p, -0x1.fffffffffffffp-1, -36.7368005696771},
		{fnErf, 0, 0}, {fnErf, zero, zero}, {fnErf, inf, 1}, {fnErf, -inf, -1}, {fnErf, nan, nan}, {fnErf, 5e-324, 5e-324},
		{fnErf, -1e-310, -1.1283791670955e-310}, {fnErf, 1, 0.8427007929497149}, {fnErf, 5.93, 1}, {fnErf, 1e300, 1}, {fnErf, -7, -1},
		{fnSigmoid, 0, 0.5}, {fnSigmoid, zero, 0.5}, {fnSigmoid, inf, 1}, {fnSigmoid, -inf, 0}, {fnSigmoid, nan, nan},
		{fnSigmoid, -745.1, 5e-324}, {fnSigmoid, 40, 1},
		{fnSoftplus, 0, math.Ln2}, {fnSoftplus, inf, inf}, {fnSoftplus, -inf, 0}, {fnSoftplus, nan, nan},
		{fnSoftplus, -745.1, 5e-324}, {fnSoftplus, 1e300, 1e300},
		{fnLogSigmoid, 0, -math.Ln2}, {fnLogSigmoid, inf, zero}, {fnLogSigmoid, -inf, -inf}, {fnLogSigmoid, nan, nan},
		{fnLogSigmoid, 745.1, -5e-324}, {fnLogSigmoid, -1e300, -1e300},
		{fnReLU, 0, 0}, {fnReLU, zero, 0}, {fnReLU, inf, inf}, {fnReLU, -inf, 0}, {fnReLU, nan, nan}, {fnReLU, 5e-324, 5e-324}, {fnReLU, -5e-324, 0},
		{fnSiLU, 0, 0}, {fnSiLU, zero, zero}, {fnSiLU, inf, inf}, {fnSiLU, -inf, zero}, {fnSiLU, nan, nan}, {fnSiLU, -1e-310, -5e-311},
		{fnSiLU, -751, -5e-324}, {fnSiLU, -752, zero}, {fnSiLU, -1e300, zero}, {fnSiLU, 761, 761}, {fnSiLU, math.MaxFloat64, math.MaxFloat64},
		{fnTanh, 0, 0}, {fnTanh, zero, zero}, {fnTanh, inf, 1}, {fnTanh, -inf, -1}, {fnTanh, nan, nan},
		{fnTanh, 5e-324, 5e-324}, {fnTanh, -1e-310, -1e-310}, {fnTanh, 1e-9, 1e-9}, {fnTanh, -20, -1}, {fnTanh, 1e300, 1},
	}
	for _, v := range variants() {
		for _, c := range cases {
			if y := call(v, c.f, c.x); !same(y, c.y) && !(c.f == fnLogSigmoid && y == 0 && c.y == 0) {
				t.Errorf("%v: %s(%v) = %v, want %v", v, functions[c.f].name, c.x, y, c.y)
			}
		}
	}
}

// TestSubnormal compares functions like e⁻ᵃ where that is subnormal.
func TestSubnormal(t *testing.T) {
	rng := rand.New(rand.NewPCG(8, 8))
	worst := map[function]float64{}
	for range 3000 {
		a := 690 + 56*rng.Float64()
		e := bigExpm1(a)
		e.Quo(big.NewFloat(1), e.Add(e, big.NewFloat(1)))
		for _, c := range []struct {
			f    function
			x    float64
			sign float64
		}{{fnExp, -a, 1}, {fnSigmoid, -a, 1}, {fnSoftplus, -a, 1}, {fnLogSigmoid, a, -1}} {
			got := new(big.Float).SetPrec(250).SetFloat64(c.sign * call(best, c.f, c.x))
			ulp := math.Ldexp(1, max(e.MantExp(nil)-53, -1074))
			off, _ := got.Quo(got.Sub(got, e), big.NewFloat(ulp)).Float64()
			worst[c.f] = max(worst[c.f], math.Abs(off))
		}
	}
	for f, w := range worst {
		t.Logf("%s: %.3f ULP", functions[f].name, w)
		if !(w <= 1.1) {
			t.Errorf("%s is off by %v ULP", functions[f].name, w)
		}
	}
}

// FuzzVariants compares assembly with the portable code on any numbers.
func FuzzVariants(f *testing.F) {
	f.Add(uint64(0x3ff0000000000000), uint64(0xfff0000000000000), uint64(1), uint8(5), uint8(1))
	f.Add(uint64(0xc086232bdd7abcd2), uint64(0x7ff8000000000001), uint64(0x3fe8000000000000), uint8(19), uint8(3))
	f.Fuzz(func(t *testing.T, a, b, c uint64, n, offset uint8) {
		rng := rand.New(rand.NewPCG(a, b^c))
		x := samples(rng, int(n))
		for j := range x {
			switch j % 5 {
			case 0:
				x[j] = math.Float64frombits(a + uint64(j))
			case 1:
				x[j] = math.Float64frombits(b - uint64(j))
			case 2:
				x[j] = math.Float64frombits(c ^ uint64(j)<<40)
			}
		}
		for _, v := range assembly(t) {
			for _, g := range functions {
				checkValue(t, v, g.f, x, int(offset))
			}
			for _, s := range steps {
				checkUpdate(t, rng, v, s.run, int(n), int(offset))
			}
			checkReductions(t, v, x)
			checkSoftmaxNLL(t, rng, v, int(n)%37, 1+int(offset))
		}
	})
}

func TestAllocations(t *testing.T) {
	const n, cols = 21, 10
	z, s, y := normal(n*cols, 1), make([]float64, n*cols), make([]float64, n*cols)
	loss, class, scratch := make([]float64, n), make([]int, n), make([]float64, ScratchLen(cols))
	allocations := testing.AllocsPerRun(10, func() {
		Exp(y, z)
		Tanh(y, s, z)
		SigmoidBCE(y, s, z, z, nil)
		Sum(z)
		ExpGaps(y, z)
		SoftmaxNLL(loss, Rows{y, cols}, Rows{z, cols}, cols, class, nil, 1, scratch)
	})
	if allocations != 0 {
		t.Errorf("%v allocations", allocations)
	}
}
