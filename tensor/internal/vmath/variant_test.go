package vmath

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

var functions = []struct {
	name  string
	f     function
	slope bool
}{
	{"Exp", fnExp, false},
	{"Expm1", fnExpm1, false},
	{"Log", fnLog, false},
	{"Log1p", fnLog1p, false},
	{"Erf", fnErf, false},
	{"Sigmoid", fnSigmoid, true},
	{"Softplus", fnSoftplus, true},
	{"LogSigmoid", fnLogSigmoid, true},
	{"Tanh", fnTanh, true},
	{"GELU", fnGELU, true},
	{"ReLU", fnReLU, true},
	{"SiLU", fnSiLU, true},
}

func (v variant) String() string { return [...]string{"portable", "AVX2", "AVX512"}[v] }

// variants are those that this machine can run.
func variants() (list []variant) {
	for v := portable; v <= best; v++ {
		list = append(list, v)
	}
	return list
}

// assembly are the variants to compare with the portable one.
func assembly(t testing.TB) []variant {
	list := variants()[1:]
	if len(list) == 0 {
		t.Skip("no assembly for this machine")
	}
	return list
}

// same says whether a and b are the same bits, or both NaN.
func same(a, b float64) bool {
	return math.Float64bits(a) == math.Float64bits(b) || a != a && b != b
}

// specials are where functions have special values, leave the normal numbers, or
// change their formula.
func specials() []float64 {
	var list []float64
	for _, x := range []float64{
		0, 5e-324, 1e-310, 0x1p-1022, 0x1.fffffffffffffp-1023, 1e-300, 0x1p-54, 0x1p-53, 0x1p-52, 1e-9,
		0.25, 1. / 3, 0.34657359027997264, 0.3465735902799727, 0.5, 0x1.0000000000001p-1, 0.75, 0x1.7ffffffffffffp-1,
		0x1.fffffffffffffp-1, 1, 0x1.0000000000001p0, 1.5, 2, math.E, 18.4, 36.7, 37, 40, 50, 53, 100, 372.5, 622, 623.8, 624, 700,
		708.3964185322641, 708.4, 709.1, 709.5, 709.782712893384, 709.7827128933841, 710, 740, 744.4400719213812,
		745.1332191019411, 745.1332191019412, 746, 747, 1e4, 0x1p52, 0x1p53, 1e22, 1e300, math.MaxFloat64, math.Inf(1),
	} {
		list = append(list, x, -x, math.Nextafter(x, 0), -math.Nextafter(x, math.Inf(1)))
	}
	return append(list, math.NaN(), math.Float64frombits(0xfff8000000000123))
}

// samples returns n numbers of all kinds.
func samples(rng *rand.Rand, n int) []float64 {
	list := make([]float64, n)
	s := specials()
	for j := range list {
		switch rng.IntN(8) {
		case 0:
			list[j] = s[rng.IntN(len(s))]
		case 1:
			list[j] = math.Float64frombits(rng.Uint64())
		default:
			list[j] = rng.NormFloat64() * []float64{1e-4, 0.1, 1, 1, 6, 20, 300}[rng.IntN(7)]
		}
	}
	return list
}

const guard = -1.25e77

// guarded returns a slice of n elements with guard values around it, at an
// offset that alignment to 64 bytes does not depend on.
func guarded(n, offset int) (inside, all []float64) {
	all = make([]float64, n+offset+9)
	for j := range all {
		all[j] = guard
	}
	return all[offset+1 : offset+1+n : offset+1+n], all
}

func checkGuards(t *testing.T, name string, all []float64, n, offset int) {
	t.Helper()
	for j, x := range all {
		if (j <= offset || j > offset+n) && x != guard {
			t.Fatalf("%s wrote element %d of a slice of %d", name, j-offset-1, n)
		}
	}
}

func TestVariantsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(1, 2))
	for _, v := range assembly(t) {
		for _, f := range functions {
			t.Run(fmt.Sprint(f.name, "/", v), func(t *testing.T) {
				for n := range 70 {
					checkValue(t, v, f.f, samples(rng, n), n%9)
				}
				checkValue(t, v, f.f, specials(), 3)
				checkValue(t, v, f.f, samples(rng, 3*chunk+5), 1)
			})
		}
	}
}

// checkValue compares a variant with the portable code, with and without slope,
// in place and not.
func checkValue(t *testing.T, v variant, f function, x []float64, offset int) {
	t.Helper()
	n := len(x)
	y, yAll := guarded(n, offset)
	s, sAll := guarded(n, offset/2)
	z, zAll := guarded(n, offset/3)
	copy(z, x)
	check := func(what string, got []float64, slope bool) {
		t.Helper()
		for j, a := range x {
			want := f.value(a)
			if slope {
				_, want = f.valueSlope(a, true)
			}
			if !same(got[j], want) {
				t.Fatalf("%s at %v (%d of %d): %v (%x), portable %v (%x)", what, a, j, n, got[j], math.Float64bits(got[j]), want, math.Float64bits(want))
			}
		}
	}
	apply(v, f, y, z)
	check("value", y, false)
	if f >= fnSigmoid {
		applySlope(v, f, y, s, z)
		check("value with slope", y, false)
		check("slope", s, true)
		copy(y, x)
		applySlope(v, f, y, s, y)
		check("value in place", y, false)
		check("slope of value in place", s, true)
	}
	for j := range z {
		if !same(z[j], x[j]) {
			t.Fatalf("input %d is changed", j)
		}
	}
	apply(v, f, z, z)
	check("in place", z, false)
	checkGuards(t, "y", yAll, n, offset)
	checkGuards(t, "s", sAll, n, offset/2)
	checkGuards(t, "z", zAll, n, offset/3)
}
