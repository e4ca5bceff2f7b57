package exact

import (
	"context"
	"math"
	"math/big"
	"math/rand/v2"
	"testing"
)

var bigPrime = new(big.Int).SetUint64(prime)

func TestPrimeIsPrimeAndTwoGeneratesItsResidues(t *testing.T) {
	if !bigPrime.ProbablyPrime(40) {
		t.Fatal("not prime")
	}
	product := uint64(1)
	for _, f := range []uint64{2, 3, 479, 1031, 45569, 17077127} {
		product *= f
		if power(2, (prime-1)/f) == 1 {
			t.Errorf("the order of 2 divides (p−1)/%d", f)
		}
	}
	if product != prime-1 {
		t.Error("not the factors of p − 1")
	}
}

func TestMul(t *testing.T) {
	r := rand.New(rand.NewPCG(1, 1))
	values := []uint64{0, 1, 2, prime - 1, prime - 2, prime / 2, 1 << 60, excess}
	for range 200 {
		values = append(values, r.Uint64N(prime))
	}
	for _, a := range values {
		for _, b := range values {
			var p big.Int
			p.Mul(new(big.Int).SetUint64(a), new(big.Int).SetUint64(b))
			if got, want := mul(a, b), p.Mod(&p, bigPrime).Uint64(); got != want {
				t.Fatalf("%d·%d = %d, not %d", a, b, got, want)
			}
		}
		if a != 0 && mul(a, inverse(a)) != 1 {
			t.Fatalf("the inverse of %d", a)
		}
	}
}

// rational returns x modulo the prime by rational arithmetic.
func rational(x float64) uint64 {
	r := new(big.Rat).SetFloat64(x)
	d := new(big.Int).ModInverse(r.Denom(), bigPrime)
	d.Mul(d, r.Num())
	return d.Mod(d, bigPrime).Uint64()
}

func TestResidue(t *testing.T) {
	r := rand.New(rand.NewPCG(2, 1))
	values := []float64{0, math.Copysign(0, -1), 1, -1, 0.1, -0.1, 5e-324, -5e-324, math.MaxFloat64, 0x1p-1022, 0x1p-1022 - 5e-324, 0x1p61, 1 << 53}
	for range 300 {
		if v := math.Float64frombits(r.Uint64()); !math.IsNaN(v) && !math.IsInf(v, 0) {
			values = append(values, v)
		}
	}
	for _, v := range values {
		if got, want := Residue(v), rational(v); got != want {
			t.Errorf("%g is %d, not %d", v, got, want)
		}
		m, e := split(v)
		if got := math.Ldexp(float64(m), e); got != v {
			t.Errorf("%g split is %g", v, got)
		}
	}
}

func matrix(r *rand.Rand, rows, cols, span int) [][]*big.Int {
	a := make([][]*big.Int, rows)
	for i := range a {
		for range cols {
			a[i] = append(a[i], big.NewInt(int64(r.IntN(2*span+1)-span)))
		}
	}
	return a
}

func residues(row []*big.Int) []uint64 {
	v := make([]uint64, len(row))
	for j, x := range row {
		v[j] = IntResidue(x)
	}
	return v
}

func TestEchelonFindsTheRankAndTheFirstIndependentColumns(t *testing.T) {
	r := rand.New(rand.NewPCG(3, 1))
	for range 200 {
		n, d := 1+r.IntN(12), 2+r.IntN(8)
		a := matrix(r, n, d, 2)
		copied := r.IntN(d) // a column that depends on the one before
		if copied > 0 {
			for _, row := range a {
				row[copied].Mul(row[copied-1], big.NewInt(-3))
			}
		}
		e := NewEchelon(d)
		for i, row := range a {
			e.Add(residues(row), i)
		}
		pivots := rationalPivots(a, d)
		if got := e.Pivots(); len(got) != len(pivots) || e.Rank() != len(pivots) {
			t.Fatalf("pivots %v, not %v", got, pivots)
		} else {
			for i := range got {
				if got[i] != pivots[i] {
					t.Fatalf("pivots %v, not %v", got, pivots)
				}
			}
		}
		if len(e.Free())+e.Rank() != d {
			t.Fatalf("%v free of %d, rank %d", e.Free(), d, e.Rank())
		}
		for j := range d {
			unit := make([]uint64, d)
			unit[j] = 1
			rest := *e
			rest.rows, rest.probe = nil, append([]uint64(nil), e.probe...)
			for _, row := range e.rows {
				rest.rows = append(rest.rows, append([]uint64(nil), row...))
			}
			if in := !rest.Add(unit, 0); in != e.Determined(j) {
				t.Fatalf("column %d determined: %v", j, !in)
			}
		}
	}
}

// rationalPivots is Gauss's elimination over the rational numbers.
func rationalPivots(a [][]*big.Int, cols int) (pivots []int) {
	m := make([][]*big.Rat, len(a))
	for i, row := range a {
		for _, v := range row {
			m[i] = append(m[i], new(big.Rat).SetInt(v))
		}
	}
	for c := range cols {
		k := len(pivots)
		at := k
		for at < len(m) && m[at][c].Sign() == 0 {
			at++
		}
		if at >= len(m) {
			continue
		}
		m[k], m[at] = m[at], m[k]
		pivots = append(pivots, c)
		for i := k + 1; i < len(m); i++ {
			f := new(big.Rat).Quo(m[i][c], m[k][c])
			for j := range cols {
				m[i][j].Sub(m[i][j], new(big.Rat).Mul(f, m[k][j]))
			}
		}
	}
	return pivots
}

func TestSolve(t *testing.T) {
	r := rand.New(rand.NewPCG(4, 1))
	for _, n := range []int{1, 2, 5, 20, 40} {
		for _, span := range []int{1, 9, math.MaxInt32, math.MaxInt64 / 4} {
			a, b := matrix(r, n, n, span), matrix(r, 1, n, span)[0]
			x, den, ok := Solve(context.Background(), a, b)
			if !ok {
				if rank := len(rationalPivots(a, n)); rank == n {
					t.Errorf("%d×%d of size %d: not solved", n, n, span)
				}
				continue
			}
			if den.Sign() <= 0 || !solves(a, x, b, den) {
				t.Errorf("%d×%d of size %d: wrong", n, n, span)
			}
		}
	}
	far := new(big.Int).Lsh(big.NewInt(3), 2000)
	if x, den, ok := Solve(context.Background(), [][]*big.Int{{big.NewInt(7)}}, []*big.Int{far}); !ok || x[0].Cmp(far) != 0 || den.Int64() != 7 {
		t.Error("a solution much longer than the matrix")
	}
	if _, _, ok := Solve(context.Background(), [][]*big.Int{{big.NewInt(2), big.NewInt(4)}, {big.NewInt(1), big.NewInt(2)}}, []*big.Int{big.NewInt(1), big.NewInt(2)}); ok {
		t.Error("a singular matrix was solved")
	}
}

func TestCompleteAndCombination(t *testing.T) {
	r := rand.New(rand.NewPCG(5, 1))
	for range 100 {
		n := 1 + r.IntN(6)
		d := n + 1 + r.IntN(4)
		rows := matrix(r, n, d, 50)
		e := NewEchelon(d)
		for i, row := range rows {
			e.Add(residues(row), i)
		}
		if e.Rank() < n {
			continue
		}
		v, ok := Complete(context.Background(), rows, e.Pivots(), matrix(r, 1, d, 9)[0])
		if !ok {
			t.Fatal("not completed")
		}
		zero := make([]*big.Int, n)
		for i := range zero {
			zero[i] = new(big.Int)
		}
		if !solves(rows, v.Ints(), zero, big.NewInt(1)) {
			t.Fatal("not orthogonal")
		}
		if v, ok := Normal(context.Background(), rows, d); ok != (d == n+1) || ok && !solves(rows, v.Ints(), zero, big.NewInt(1)) {
			t.Fatalf("the normal of %d rows of %d is %v", n, d, v.Ints())
		}
		weights := matrix(r, 1, n, 5)[0]
		target := make([]*big.Int, d)
		for j := range target {
			target[j] = new(big.Int)
			for i, w := range weights {
				target[j].Add(target[j], new(big.Int).Mul(w, rows[i][j]))
			}
		}
		m, ok := Combination(context.Background(), rows, target)
		if !ok {
			t.Fatal("no combination")
		}
		for i, w := range weights {
			if m[i].Sign() != w.Sign() {
				t.Fatalf("weight %d is %v, not %v", i, m[i], w)
			}
		}
		target[r.IntN(d)].Add(target[0], big.NewInt(1_000_003))
		if m, ok := Combination(context.Background(), rows, target); ok {
			t.Fatalf("combination %v of what is not in the span", m)
		}
	}
}

func TestSignIsExact(t *testing.T) {
	r := rand.New(rand.NewPCG(6, 1))
	for range 2000 {
		n := 1 + r.IntN(6)
		v, x := make([]float64, n), make([]float64, n)
		for j := range v {
			v[j], x[j] = math.Ldexp(float64(r.IntN(7)-3), r.IntN(200)-100), math.Ldexp(float64(r.IntN(7)-3), r.IntN(1800)-900)
		}
		if n > 2 { // cancels but for the last place
			v[1], x[1] = -v[0], math.Nextafter(x[0], float64(r.IntN(3)-1))
		}
		want := new(big.Rat)
		for j := range v {
			want.Add(want, new(big.Rat).Mul(new(big.Rat).SetFloat64(v[j]), new(big.Rat).SetFloat64(x[j])))
		}
		if got := FromFloats(v).Sign(x); got != want.Sign() {
			t.Fatalf("%v·%v has sign %d, not %d", v, x, got, want.Sign())
		}
	}
}

func TestVectorSums(t *testing.T) {
	v, w := FromFloats([]float64{1, 0.5, -3}), FromFloats([]float64{2, 1, 8})
	// As whole numbers these are 2, 1, −6 and 2, 1, 8.
	if d := v.Sub(w); d.SignOf(0) != 0 || d.SignOf(1) != 0 || d.SignOf(2) != -1 {
		t.Errorf("difference %v", d.Ints())
	}
	if s := v.AddShifted(3, w); s.Ints()[0].Int64() != 18 || s.Ints()[2].Int64() != -40 {
		t.Errorf("sum %v", s.Ints())
	}
	if f := v.Floats(); f[0] != 0.25 || f[2] != -0.75 {
		t.Errorf("floats %v", f)
	}
	if s := v.Slice(1, 3); s.Len() != 2 || s.SignOf(1) != -1 {
		t.Errorf("slice %v", s.Ints())
	}
}

func BenchmarkMul(b *testing.B) {
	x := uint64(12345678901)
	for b.Loop() {
		x = mul(x, x)
	}
}

func BenchmarkSolve30(b *testing.B) {
	r := rand.New(rand.NewPCG(7, 1))
	a, y := matrix(r, 30, 30, 1<<52), matrix(r, 1, 30, 1<<52)[0]
	for b.Loop() {
		Solve(context.Background(), a, y)
	}
}
