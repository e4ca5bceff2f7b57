package vmath

import (
	"fmt"
	"math"
	"math/big"
	"math/rand/v2"
	"slices"
	"testing"
)

func TestReductionsAgree(t *testing.T) {
	rng := rand.New(rand.NewPCG(9, 1))
	for _, v := range assembly(t) {
		for n := range 300 {
			if n > 280 {
				n = chunk + n*37
			}
			x, all := guarded(n, n%8)
			copy(x, samples(rng, n))
			if n%3 > 0 { // without NaN and infinities
				copy(x, normal(n, 1))
			}
			checkReductions(t, v, x)
			a := rng.NormFloat64()
			y, yAll := guarded(n, n%5)
			want, _ := guarded(n, 0)
			for name, f := range map[string]func(variant, []float64, []float64, float64){"scale": scaleBy, "divide": divideBy} {
				f(v, y, x, a)
				f(portable, want, x, a)
				compare(t, fmt.Sprint(v, " ", name), y, want)
			}
			checkGuards(t, "a reduction", all, n, n%8)
			checkGuards(t, "scale", yAll, n, n%5)
		}
	}
}

func checkReductions(t *testing.T, v variant, x []float64) {
	t.Helper()
	sum, lost := sumOf(v, x)
	wantSum, wantLost := sumOf(portable, x)
	if !same(sum, wantSum) || !same(lost, wantLost) {
		t.Fatalf("%v: sum of %d: %v and %v, portable %v and %v", v, len(x), sum, lost, wantSum, wantLost)
	}
	m, want := maxOf(v, x), maxOf(portable, x)
	if m != want {
		t.Fatalf("%v: maximum of %d: %v, portable %v", v, len(x), m, want)
	}
	for _, value := range []float64{m, 0, 77, math.NaN()} {
		if i, want := indexOf(v, x, value), indexOf(portable, x, value); i != want {
			t.Fatalf("%v: index of %v in %d: %d, portable %d", v, value, len(x), i, want)
		}
	}
}

func compare(t *testing.T, what string, got, want []float64) {
	t.Helper()
	for j := range want {
		if !same(got[j], want[j]) {
			t.Fatalf("%s: element %d of %d is %v (%x), portable %v (%x)", what, j, len(want),
				got[j], math.Float64bits(got[j]), want[j], math.Float64bits(want[j]))
		}
	}
}

func TestPlusRowsAgrees(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for _, v := range variants() {
		for k := range 300 {
			rows, cols := rng.IntN(20), rng.IntN(80)
			switch k {
			case 0, 1, 2:
				cols = chunk + k - 1
			case 3, 4, 5, 6:
				cols = 1000 * (k - 2)
			default:
				if k%10 == 0 {
					rows = 2*chunk/max(cols, 1) + rng.IntN(20)
				}
			}
			x := logits(rng, rows, cols, cols+rng.IntN(3))
			offset := rng.IntN(8)
			got, all := guarded(cols, offset)
			copy(got, samples(rng, cols))
			want := slices.Clone(got)
			plusRows(v, got, x, rows)
			for i := range rows {
				for j, y := range x.row(i, cols) {
					want[j] += y
				}
			}
			compare(t, fmt.Sprintf("%v: sum of %d rows", v, rows), got, want)
			checkGuards(t, "sums of rows", all, cols, offset)
		}
	}
}

func TestSum(t *testing.T) {
	rng := rand.New(rand.NewPCG(2, 2))
	for _, v := range variants() {
		for _, n := range []int{0, 1, 7, 1000, 3*chunk + 1} {
			x := make([]float64, n)
			exact := new(big.Float).SetPrec(2000)
			for j := range x {
				x[j] = math.Ldexp(rng.Float64(), rng.IntN(100))
				exact.Add(exact, big.NewFloat(x[j]))
			}
			want, _ := exact.Float64()
			sum, lost := sumOf(v, x)
			if got := sum + lost; math.Abs(got-want) > 0x1p-52*want {
				t.Errorf("%v: sum of %d is %v, want %v", v, n, got, want)
			}
		}
		if sum, lost := sumOf(v, []float64{1, math.Inf(1)}); !math.IsInf(sum, 1) || lost == lost {
			t.Errorf("%v: infinite sum is %v and %v", v, sum, lost)
		}
	}
}

func TestMaxIndex(t *testing.T) {
	nan := math.NaN()
	for _, v := range variants() {
		for _, c := range []struct {
			x   []float64
			max float64
			at  int
		}{
			{nil, math.Inf(-1), -1},
			{[]float64{nan}, math.Inf(-1), -1},
			{[]float64{nan, -3, nan, -2, -2}, -2, 3},
			{[]float64{-5, -5, -7, -8, -9, -6, -7, -8, -9}, -5, 0},
			{[]float64{math.Inf(-1), math.Inf(-1)}, math.Inf(-1), 0},
			{append(make([]float64, 3*chunk), 1), 1, 3 * chunk},
		} {
			m := maxOf(v, c.x)
			if at := indexOf(v, c.x, m); m != c.max || at != c.at {
				t.Errorf("%v: maximum %v at %d, want %v at %d", v, m, at, c.max, c.at)
			}
		}
	}
}

// logits returns a matrix of logits with guard values between the rows.
func logits(rng *rand.Rand, n, cols, stride int) Rows {
	z := Rows{make([]float64, n*stride+1), stride}
	for j := range z.Data {
		z.Data[j] = guard
	}
	for i := range n {
		scale := []float64{0.1, 1, 10, 100, 1000, 1e300}[rng.IntN(6)]
		for j := range cols {
			x := rng.NormFloat64() * scale
			switch rng.IntN(60) {
			case 0:
				x = math.Inf(-1)
			case 1:
				x = 0
			case 2:
				if i%4 == 0 {
					x = []float64{math.NaN(), math.Inf(1), math.MaxFloat64}[rng.IntN(3)]
				}
			}
			z.Data[i*stride+j] = x
		}
	}
	return z
}

func (r Rows) clone() Rows { return Rows{append([]float64(nil), r.Data...), r.Stride} }

func TestSoftmaxNLLAgrees(t *testing.T) {
	rng := rand.New(rand.NewPCG(4, 4))
	for _, v := range assembly(t) {
		for cols := 1; cols <= shortRow+12; cols += 1 + cols/20 {
			for _, n := range []int{0, 1, 7, 8, 9, 31, 32, 33, 45} {
				checkSoftmaxNLL(t, rng, v, n, cols)
			}
		}
		checkSoftmaxNLL(t, rng, v, 3, chunk+77)
	}
}

func checkSoftmaxNLL(t *testing.T, rng *rand.Rand, v variant, n, cols int) {
	t.Helper()
	z := logits(rng, n, cols, cols+rng.IntN(3))
	class, weight := make([]int, n), make([]float64, n)
	for i := range class {
		class[i] = rng.IntN(cols)
		if weight[i] = float64(rng.IntN(4)); weight[i] == 0 && n%2 > 0 {
			class[i] = -100
		}
	}
	if n%2 == 0 {
		weight = nil
	}
	scratch, all := guarded(ScratchLen(cols), 2)
	divisor := 1 + rng.Float64()
	run := func(v variant, gradient Rows) []float64 {
		loss, lossAll := guarded(n, 1)
		softmaxNLL(v, loss, gradient, z, cols, class, weight, divisor, scratch)
		checkGuards(t, "loss", lossAll, n, 1)
		checkGuards(t, "scratch", all, len(scratch), 2)
		return loss
	}
	empty := Rows{make([]float64, n*(cols+3)+1), cols + 3}
	for j := range empty.Data {
		empty.Data[j] = guard
	}
	what := fmt.Sprintf("%v, %d×%d", v, n, cols)
	before, want, got := z.clone(), empty.clone(), empty.clone()
	wantLoss := run(portable, want)
	compare(t, what+": loss", run(v, got), wantLoss)
	compare(t, what+": gradient", got.Data, want.Data)
	compare(t, what+": loss without gradient", run(v, Rows{}), wantLoss)
	compare(t, what+": input", z.Data, before.Data)

	for i := range n { // a row does not depend on its neighbours
		one := make([]float64, 1)
		var w []float64
		if weight != nil {
			w = weight[i:]
		}
		softmaxNLL(v, one, Rows{}, Rows{z.Data[i*z.Stride:], z.Stride}, cols, class[i:i+1], w, divisor, scratch)
		compare(t, what+": a row alone", one, wantLoss[i:i+1])
	}
	inPlace := z.clone()
	softmaxNLL(v, make([]float64, n), inPlace, inPlace, cols, class, weight, divisor, scratch)
	for i := range n {
		compare(t, what+": gradient in place", inPlace.row(i, cols), want.row(i, cols))
	}
}

// TestSoftmaxNLL compares loss and gradient with the definitions.
func TestSoftmaxNLL(t *testing.T) {
	rng := rand.New(rand.NewPCG(5, 5))
	var worst [2]float64
	for range 60 {
		cols := 1 + rng.IntN(12)
		if rng.IntN(10) == 0 {
			cols = 100 + rng.IntN(60)
		}
		n := 1 + rng.IntN(20)
		z, g := Rows{normal(n*cols, 1), cols}, Rows{make([]float64, n*cols), cols}
		loss, class := make([]float64, n), make([]int, n)
		for i := range n {
			scale := []float64{0.1, 1, 10, 40, 80}[rng.IntN(5)]
			for j := range cols {
				z.Data[i*cols+j] = rng.NormFloat64() * scale
			}
			class[i] = rng.IntN(cols)
		}
		SoftmaxNLL(loss, g, z, cols, class, nil, 1, make([]float64, ScratchLen(cols)))
		for i := range n {
			row, y := z.row(i, cols), class[i]
			sum := one(0) // Σ exp(zⱼ − z_y) without y
			for j, x := range row {
				if j != y {
					sum = sum.plus(doubleExp(one(x).minus(one(row[y]))))
				}
			}
			if sum.hi != 0 {
				worst[0] = max(worst[0], ulps(loss[i], doubleLog1p(sum), 0))
			}
			for j := range row {
				// 1/Σ exp(z_k − z_j), and for the class minus what is left to 1
				s, others := one(0), one(0)
				for k, x := range row {
					e := doubleExp(one(x).minus(one(row[j])))
					s = s.plus(e)
					if k != j {
						others = others.plus(e)
					}
				}
				p := one(1).over(s)
				if j == y {
					p = one(0).minus(others.over(s))
				}
				if math.Abs(p.hi) > 1e-290 {
					worst[1] = max(worst[1], ulps(g.row(i, cols)[j], p, 0))
				}
			}
		}
	}
	t.Logf("worst error in ULP: loss %.2f, gradient %.2f", worst[0], worst[1])
	if !(worst[0] <= 2) || !(worst[1] <= 4) {
		t.Errorf("error in ULP: loss %.2f, gradient %.2f", worst[0], worst[1])
	}
}

func TestExpGaps(t *testing.T) {
	inf, nan := math.Inf(1), math.NaN()
	for _, v := range variants() {
		for _, pad := range []int{0, shortRow} { // short and long rows
			for _, c := range []struct {
				z    []float64
				top  int
				rest float64
			}{
				{[]float64{3}, 0, 0},
				{[]float64{1, 1, 1}, 0, 2},
				{[]float64{-inf, 5, -inf}, 1, 0},
				{[]float64{0, 1e308, -1e308}, 1, 0},
				{[]float64{0, nan, 1}, 2, nan},
				{[]float64{0, inf, 1}, 1, nan},
				{[]float64{0, 800}, 1, 0},
				{[]float64{800, 800 - 40}, 0, math.Exp(-40)},
			} {
				z := append([]float64(nil), c.z...)
				for range pad {
					z = append(z, -inf)
				}
				e := make([]float64, len(z))
				if top, rest := expGaps(v, e, z); top != c.top || !same(rest, c.rest) {
					t.Errorf("%v: %v: top %d, rest %v, want %d, %v", v, c.z, top, rest, c.top, c.rest)
				}
				if c.rest == c.rest && e[c.top] != 1 {
					t.Errorf("%v: %v: exponential of the maximum is %v", v, c.z, e[c.top])
				}
			}
			all := []float64{-inf, -inf}
			if _, rest := expGaps(v, make([]float64, 2), all); rest == rest {
				t.Errorf("%v: without a finite maximum, rest is %v", v, rest)
			}
		}
	}
}
