package dd

import (
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

const bits = 1200

func bigFloat(x float64) *big.Float { return new(big.Float).SetPrec(bits).SetFloat64(x) }

func toBig(a Float) *big.Float { return new(big.Float).Add(bigFloat(a.Hi), bigFloat(a.Lo)) }

// bigExpm1 returns eˣ − 1 by its Taylor series at x/2⁶⁰ and 60 squarings, in the
// form e − 1 so that nothing cancels.
func bigExpm1(x *big.Float) *big.Float {
	const halvings = 60
	r := new(big.Float).SetPrec(bits).SetMantExp(x, -halvings)
	sum, term := new(big.Float).SetPrec(bits), bigFloat(1)
	for n := 1.0; n < 30; n++ {
		term.Mul(term, r)
		term.Quo(term, bigFloat(n))
		sum.Add(sum, term)
	}
	for range halvings { // (1+e)² − 1 = e(2+e)
		sum.Mul(sum, new(big.Float).Add(sum, bigFloat(2)))
	}
	return sum
}

func bigExp(x *big.Float) *big.Float { return new(big.Float).Add(bigExpm1(x), bigFloat(1)) }

// bigLog1p returns log(1+x) by Newton's method on the exponential from start.
func bigLog1p(x *big.Float, start float64) *big.Float {
	y := bigFloat(start)
	for range 4 {
		e := bigExpm1(new(big.Float).Neg(y)) // y += (1+x)(1+e) − 1 = x + e + xe
		t := new(big.Float).Mul(x, e)
		t.Add(t, e)
		y.Add(y, t.Add(t, x))
	}
	return y
}

// relative returns |got − want|/|want| as a power of two.
func relative(got Float, want *big.Float) float64 {
	d := new(big.Float).Sub(toBig(got), want)
	if d.Sign() == 0 {
		return math.Inf(-1)
	}
	if want.Sign() == 0 {
		return math.Inf(1)
	}
	f, _ := d.Quo(d, want).Float64()
	return math.Log2(math.Abs(f))
}

// random128 returns values of both signs with a full low part.
func random128(src *rand.Rand, spread int) Float {
	hi := math.Ldexp(src.NormFloat64(), src.IntN(2*spread+1)-spread)
	return quickTwoSum(hi, hi*0x1p-54*(2*src.Float64()-1))
}

func TestArithmetic(t *testing.T) {
	src := rand.New(rand.NewPCG(1, 1))
	note := func(op string, got Float, want *big.Float, limit float64) {
		t.Helper()
		if r := relative(got, want); r > limit {
			t.Errorf("%s: %v is off by 2^%.1f", op, got, r)
		}
		if math.Abs(got.Lo) > math.Abs(got.Hi)*0x1p-52 {
			t.Errorf("%s: %v is not normalised", op, got)
		}
	}
	for range 20000 {
		a, b := random128(src, 20), random128(src, 20)
		if src.IntN(4) == 0 { // cancellation
			b = a.Neg().Add(random128(src, 0).Scale(0x1p-70))
		}
		x, y := toBig(a), toBig(b)
		note("add", a.Add(b), new(big.Float).Add(x, y), -104)
		note("sub", a.Sub(b), new(big.Float).Sub(x, y), -104)
		note("mul", a.Mul(b), new(big.Float).Mul(x, y), -103)
		note("mulfloat", a.MulFloat(b.Hi), new(big.Float).Mul(x, bigFloat(b.Hi)), -103)
		note("div", a.Div(b), new(big.Float).SetPrec(bits).Quo(x, y), -101)
		note("sqrt", Sqrt(a.Abs()), new(big.Float).SetPrec(bits).Sqrt(x.Abs(x)), -100)
		c := TwoSum(a.Hi, b.Hi)
		if toBig(c).Cmp(new(big.Float).Add(bigFloat(a.Hi), bigFloat(b.Hi))) != 0 {
			t.Fatalf("TwoSum(%g, %g) = %v is not exact", a.Hi, b.Hi, c)
		}
	}
}

func TestElementaryFunctions(t *testing.T) {
	src := rand.New(rand.NewPCG(2, 1))
	arguments := []float64{1e-300, 1e-20, 1e-8, 0.00541, 0.00543, 0.1, 0.49, 0.51, 1, 1.09, 1.11, 2, 30, 37, 300, 640}
	for range 300 {
		arguments = append(arguments, src.NormFloat64(), 20*src.NormFloat64(), math.Ldexp(src.NormFloat64(), -src.IntN(60)))
	}
	check := func(name string, x, got Float, want *big.Float, limit float64) {
		t.Helper()
		if r := relative(got, want); r > limit {
			t.Errorf("%s(%g) = %v is off by 2^%.1f", name, x.Hi, got, r)
		}
	}
	for _, v := range arguments {
		for _, sign := range []float64{1, -1} {
			x := quickTwoSum(sign*v, v*0x1p-54*(2*src.Float64()-1))
			b := toBig(x)
			check("exp", x, Exp(x), bigExp(b), -100)
			e := bigExp(new(big.Float).Neg(b))
			check("logistic", x, first(Logistic(x)), new(big.Float).SetPrec(bits).Quo(bigFloat(1), e.Add(e, bigFloat(1))), -97)
			check("expm1", x, Expm1(x), bigExpm1(b), -95)
			if x.Hi > 1e-30 {
				check("log", x, Log(x), bigLog1p(new(big.Float).Sub(b, bigFloat(1)), math.Log(x.Hi)), -95)
				check("softplus", x, Softplus(x), bigLog1p(bigExp(b), x.Hi+math.Log1p(math.Exp(-x.Hi))), -95)
			}
			if x.Hi > -0.999 {
				check("log1p", x, Log1p(x), bigLog1p(b, math.Log1p(x.Hi)), -95)
			}
		}
	}
}

func first(p, _ Float) Float { return p }

func TestElementaryFunctionsAtTheEnds(t *testing.T) {
	inf := math.Inf(1)
	for _, c := range []struct {
		name      string
		got, want float64
	}{
		{"exp(800)", Exp(New(800)).Hi, inf},
		{"exp(inf)", Exp(New(inf)).Hi, inf},
		{"exp(-inf)", Exp(New(-inf)).Hi, 0},
		{"exp(-800)", Exp(New(-800)).Hi, 0},
		{"exp(-740)", Exp(New(-740)).Hi, math.Exp(-740)},
		{"exp(nan)", Exp(New(math.NaN())).Hi, math.NaN()},
		{"log(0)", Log(New(0)).Hi, -inf},
		{"log(-1)", Log(New(-1)).Hi, math.NaN()},
		{"log(inf)", Log(New(inf)).Hi, inf},
		{"log(1e308)", Log(New(1e308)).Hi, math.Log(1e308)},
		{"log(1e-308)", Log(New(1e-308)).Hi, -308 * math.Ln10},
		{"log1p(-1)", Log1p(New(-1)).Hi, -inf},
		{"log1p(0)", Log1p(New(0)).Hi, 0},
		{"expm1(0)", Expm1(New(0)).Hi, 0},
		{"sqrt(0)", Sqrt(New(0)).Hi, 0},
		{"sqrt(-1)", Sqrt(New(-1)).Hi, math.NaN()},
		{"softplus(1000)", Softplus(New(1000)).Hi, 1000},
		{"softplus(-1000)", Softplus(New(-1000)).Hi, 0},
	} {
		if math.Abs(c.got-c.want) > 1e-15*math.Abs(c.want) || math.IsNaN(c.got) != math.IsNaN(c.want) {
			t.Errorf("%s = %g, want %g", c.name, c.got, c.want)
		}
	}
}

// Sums whose terms cancel to nothing in float64 keep their digits.
func TestVectorKeepsWhatCancels(t *testing.T) {
	src := rand.New(rand.NewPCG(3, 1))
	const n = 1000
	v, x := NewVector(n), make([]float64, n)
	sum, exact := NewVector(2), [2]*big.Float{new(big.Float).SetPrec(2000), new(big.Float).SetPrec(2000)}
	dot := new(big.Float).SetPrec(2000)
	for i := range n {
		a := random128(src, 10)
		if i%2 == 1 {
			a = v.At(i - 1).Neg().Add(random128(src, 0).Scale(0x1p-40))
		}
		v.Set(i, a)
		x[i] = 1 + float64(i/2)
		dot.Add(dot, new(big.Float).SetPrec(2000).Mul(toBig(a), bigFloat(x[i])))
		sum.AddScaled(a, []float64{x[i], -3})
		exact[0].Add(exact[0], new(big.Float).SetPrec(2000).Mul(toBig(a), bigFloat(x[i])))
		exact[1].Add(exact[1], new(big.Float).SetPrec(2000).Mul(toBig(a), bigFloat(-3)))
	}
	// Terms reach 2²⁰ and cancel to about 2⁻³⁰.
	for name, r := range map[string]float64{
		"dot": relative(v.Dot(x), dot), "sum": relative(sum.At(0), exact[0]), "sum of the second": relative(sum.At(1), exact[1]),
	} {
		if r > -40 {
			t.Errorf("%s is off by 2^%.1f", name, r)
		}
	}
	sum.Clear()
	sum.Add(1, Float{3, 0x1p-60})
	sum.Add(1, Float{-3, 0})
	if got := sum.At(1); got != (Float{0x1p-60, 0}) || sum.Slice(1, 2).Len() != 1 {
		t.Errorf("3 + 2^-60 - 3 = %v", got)
	}
}

func BenchmarkExp(b *testing.B) {
	x := Float{-1.234, 1e-17}
	for b.Loop() {
		Exp(x)
	}
}

func BenchmarkAddScaled(b *testing.B) {
	v, x := NewVector(100), make([]float64, 100)
	b.SetBytes(100) // bytes per second are terms per second
	for b.Loop() {
		v.AddScaled(Float{1.5, 1e-17}, x)
	}
}
