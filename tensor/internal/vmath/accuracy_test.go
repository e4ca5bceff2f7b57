package vmath

import (
	"math"
	"math/big"
	"math/rand/v2"
	"os"
	"strconv"
	"testing"
)

// references have f and f′ for functions with a slope, the interval in which
// accuracy is measured, where formulas meet, and the limits in ULP. In an
// interval in which f′ crosses 0, errors count relative to the terms it is made of.
var references = []struct {
	name         string
	run          func(y, s, z []float64)
	low, high    float64
	seams        []float64
	value, slope func(x double) double
	limit        [2]float64
	terms        float64
}{
	{"Exp", plain(Exp), -707, 709.78, []float64{math.Ln2 / 2, 1.5 * math.Ln2}, doubleExp, nil, [2]float64{1, 0}, 0},
	{"Expm1", plain(Expm1), -40, 709.78, []float64{-math.Ln2 / 2, math.Ln2 / 2, 1.5 * math.Ln2}, doubleExpm1, nil, [2]float64{1, 0}, 0},
	{"Log", plain(Log), 0, 4, []float64{0.75, 1, 1.5}, doubleLog, nil, [2]float64{1, 0}, 0},
	{"Log1p", plain(Log1p), -1, 4, []float64{-0.25, 0.5, 1}, doubleLog1p, nil, [2]float64{1, 0}, 0},
	{"Erf", plain(Erf), -6.5, 6.5, []float64{erfNear, -erfNear}, doubleErf, nil, [2]float64{1.5, 0}, 0},
	{"Sigmoid", Sigmoid, -650, 40, logisticSeams, func(z double) double { return logisticOf(z, z.hi < 0) }, logisticSlope, [2]float64{1, 1}, 0},
	{"Softplus", Softplus, -650, 40, logisticSeams, func(z double) double {
		return positive(z).plus(doubleLog1p(doubleExp(minusAbs(z))))
	}, func(z double) double { return logisticOf(z, z.hi < 0) }, [2]float64{1.5, 1}, 0},
	{"LogSigmoid", LogSigmoid, -40, 650, logisticSeams, func(z double) double {
		return one(0).minus(positive(double{-z.hi, -z.lo}).plus(doubleLog1p(doubleExp(minusAbs(z)))))
	}, func(z double) double { return logisticOf(z, z.hi >= 0) }, [2]float64{1.5, 1.5}, 0},
	{"Tanh", Tanh, -20, 20, []float64{math.Ln2 / 4, 0.75 * math.Ln2}, func(z double) double {
		m := doubleExpm1(minusAbs(z).scaled(1))
		t := m.over(m.plus(one(2)))
		if z.hi < 0 {
			return t
		}
		return double{-t.hi, -t.lo}
	}, func(z double) double { return logisticSlope(z.scaled(1)).scaled(2) }, [2]float64{1, 1}, 0},
	{"ELU", func(y, s, z []float64) { ELU(y, s, z, 1.25) }, -650, 1, []float64{-math.Ln2 / 2, -1.5 * math.Ln2}, func(z double) double {
		if z.hi > 0 {
			return z
		}
		return doubleExpm1(z).times(one(1.25))
	}, func(z double) double {
		if z.hi > 0 {
			return one(1)
		}
		return doubleExp(z).times(one(1.25))
	}, [2]float64{1, 1}, 0},
	{"SiLU", SiLU, -650, 40, logisticSeams, func(z double) double { return z.times(logisticOf(z, z.hi < 0)) }, func(z double) double {
		return logisticOf(z, z.hi < 0).plus(z.times(logisticSlope(z)))
	}, [2]float64{1, 2.5}, 0.125},
}

// logisticSeams are where e^−|z| is 1/2, and where its reduction changes.
var logisticSeams = []float64{math.Ln2, -math.Ln2, math.Ln2 / 2, -math.Ln2 / 2}

// plain is f in the form of a function with a slope.
func plain(f func(dst, x []float64)) func(y, s, z []float64) {
	return func(y, _, z []float64) { f(y, z) }
}

func minusAbs(z double) double {
	if z.hi < 0 {
		return z
	}
	return double{-z.hi, -z.lo}
}

func positive(z double) double {
	if z.hi < 0 {
		return one(0)
	}
	return z
}

// logisticOf returns the smaller of σ(z) and σ(−z), or the larger one.
func logisticOf(z double, small bool) double {
	e := doubleExp(minusAbs(z))
	d := e.plus(one(1))
	if small {
		return e.over(d)
	}
	return one(1).over(d)
}

func logisticSlope(z double) double {
	e := doubleExp(minusAbs(z))
	d := e.plus(one(1))
	return e.over(d.times(d))
}

// points returns at how many points to measure: SURPRISAL_ULP_POINTS (1e8 takes
// an hour), many with SURPRISAL_LONG_TESTS=1, otherwise what takes a second.
func points(t *testing.T) int {
	if s := os.Getenv("SURPRISAL_ULP_POINTS"); s != "" {
		n, err := strconv.ParseFloat(s, 64)
		if err != nil {
			t.Fatalf("SURPRISAL_ULP_POINTS: %v", err)
		}
		return int(n)
	}
	if os.Getenv("SURPRISAL_LONG_TESTS") == "1" {
		return 4e6
	}
	return 2e5
}

func TestAccuracy(t *testing.T) {
	blocks := points(t) / 2000
	for i, r := range references {
		t.Run(r.name, func(t *testing.T) {
			t.Parallel()
			rng := rand.New(rand.NewPCG(3, uint64(i)))
			x, y, s := make([]float64, 2000), make([]float64, 2000), []float64(nil)
			if r.slope != nil {
				s = make([]float64, len(x))
			}
			var worst, at [2]float64
			for range blocks {
				for j := range x {
					x[j] = point(rng, j, r.low, r.high, r.seams)
				}
				r.run(y, s, x)
				for j, v := range x {
					if u := ulps(y[j], r.value(one(v)), 0); !(u <= worst[0]) {
						worst[0], at[0] = u, v
					}
					if s == nil {
						continue
					}
					terms := 0.0
					if math.Abs(v) < 3 {
						terms = r.terms
					}
					if u := ulps(s[j], r.slope(one(v)), terms); !(u <= worst[1]) {
						worst[1], at[1] = u, v
					}
				}
			}
			t.Logf("%d points: worst error in ULP: value %.3f at %v, slope %.3f at %v", blocks*len(x), worst[0], at[0], worst[1], at[1])
			for k, w := range worst {
				if !(w <= r.limit[k]) {
					t.Errorf("error of %.3f ULP at %v, limit %v", w, at[k], r.limit[k])
				}
			}
		})
	}
}

// point returns a number between low and high: even j around 0 (for a logarithm
// also around 1) at all magnitudes, odd j uniformly, every third of them close to
// a seam: the worst errors are there, where few numbers between low and high are.
func point(rng *rand.Rand, j int, low, high float64, seams []float64) float64 {
	for {
		var x float64
		switch j % 6 {
		case 0:
			x = rng.NormFloat64()
		case 2:
			x = math.Ldexp(rng.Float64()-0.5, -rng.IntN(60))
		case 4:
			x = 1 + math.Ldexp(rng.Float64()-0.5, -rng.IntN(50))
		case 5:
			x = seams[rng.IntN(len(seams))] * (1 + math.Ldexp(rng.Float64()-0.5, -4-rng.IntN(6)))
		default:
			x = low + (high-low)*rng.Float64()
		}
		if x > low && x < high {
			return x
		}
	}
}

// TestReference compares the reference with math/big.
func TestReference(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 6))
	for range 2000 {
		x := rng.NormFloat64() * []float64{1e-9, 1e-3, 1, 30, 200}[rng.IntN(5)]
		if math.Abs(x) > 690 {
			continue
		}
		m := bigExpm1(math.Abs(x))
		e := new(big.Float).SetPrec(250).Add(m, big.NewFloat(1))
		if x < 0 {
			m.Neg(m.Quo(m, e))
			e.Quo(big.NewFloat(1), e)
		}
		for name, d := range map[string]struct {
			got  double
			want *big.Float
		}{
			"expm1": {doubleExpm1(one(x)), m},
			"exp":   {doubleExp(one(x)), e},
			// log1p(expm1(x)) and log(exp(x)), with the arguments in two parts
			"log1p": {doubleLog1p(parts(m)), new(big.Float).SetFloat64(x)},
			"log":   {doubleLog(parts(e)), new(big.Float).SetFloat64(x)},
		} {
			if name == "log1p" && x < -20 || name == "log" && math.Abs(x) < 0.1 {
				continue // the parts do not say enough about x
			}
			got := new(big.Float).SetPrec(200).SetFloat64(d.got.hi)
			got.Add(got, big.NewFloat(d.got.lo))
			off, _ := got.Quo(got.Sub(got, d.want), d.want).Float64()
			if !(math.Abs(off) < 0x1p-80) {
				t.Fatalf("%s at %v is off by %g", name, x, off)
			}
		}
	}
}

func parts(x *big.Float) double {
	hi, _ := x.Float64()
	lo, _ := new(big.Float).SetPrec(200).Sub(x, new(big.Float).SetFloat64(hi)).Float64()
	return double{hi, lo}
}

// bigExpm1 returns eˣ−1 from its series at x/2²⁰.
func bigExpm1(x float64) *big.Float {
	f := func(v float64) *big.Float { return new(big.Float).SetPrec(250).SetFloat64(v) }
	r := f(0).SetMantExp(f(x), -20)
	s, term := f(0), f(1)
	for n := 1; n <= 16; n++ {
		term.Mul(term, r)
		term.Quo(term, f(float64(n)))
		s.Add(s, term)
	}
	for range 20 {
		s.Mul(s, f(0).Add(s, f(2)))
	}
	return s
}
