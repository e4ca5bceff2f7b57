package tensor_test

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"

	"gonum.org/v1/gonum/blas"
	"gonum.org/v1/gonum/blas/gonum"

	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

var (
	transposes = []blas.Transpose{blas.NoTrans, blas.Trans, blas.ConjTrans}
	triangles  = []blas.Uplo{blas.Upper, blas.Lower}
)

func norms(n int, src *random.Source) []float64 {
	x := make([]float64, n)
	for i := range x {
		x[i] = src.Norm()
	}
	return x
}

// pick returns a number from 0 to n-1.
func pick(n int, src *random.Source) int { return int(src.Uint64() % uint64(n)) }

// compare runs f with Gonum's implementation and with ours, each on its own
// copy of what is updated: everything in it has to agree.
func compare(t *testing.T, name string, updated []float64, f func(blas.Float64, []float64)) {
	t.Helper()
	want := append([]float64(nil), updated...)
	f(gonum.Implementation{}, want)
	for _, serial := range []bool{false, true} {
		got := append([]float64(nil), updated...)
		f(tensor.BLAS{Serial: serial}, got)
		for i := range want {
			if !(math.Abs(got[i]-want[i]) <= 1e-11) {
				t.Fatalf("%s: [%d] is %v, Gonum has %v", name, i, got[i], want[i])
			}
		}
	}
}

func TestBLAS(t *testing.T) {
	src := random.New(3, 0)
	for range 300 {
		m, n, k := pick(70, src), pick(130, src), pick(90, src)
		tA, tB, ul := transposes[pick(3, src)], transposes[pick(3, src)], triangles[pick(2, src)]
		alpha, beta := src.Norm(), float64(pick(3, src))-1
		lda, ldb, ldc := max(1, m, k, n)+pick(3, src), max(1, n, k)+pick(3, src), max(1, n)+pick(3, src)
		size := max(m, n, k) + 1
		a, b, c := norms(size*lda, src), norms(size*ldb, src), norms(size*ldc, src)
		at := fmt.Sprint(m, n, k, string(tA), string(tB), string(ul), alpha, beta, lda, ldb, ldc)
		compare(t, "Dgemm "+at, c, func(i blas.Float64, c []float64) { i.Dgemm(tA, tB, m, n, k, alpha, a, lda, b, ldb, beta, c, ldc) })
		compare(t, "Dsyrk "+at, c, func(i blas.Float64, c []float64) { i.Dsyrk(ul, tA, n, k, alpha, a, lda, beta, c, ldc) })
		side := []blas.Side{blas.Left, blas.Right}[pick(2, src)]
		compare(t, "Dsymm "+string(side)+at, c, func(i blas.Float64, c []float64) { i.Dsymm(side, ul, m, n, alpha, a, lda, b, ldb, beta, c, ldc) })
		x := norms(3*size, src)
		incX, incY := pick(4, src)-1, pick(4, src)-1
		if incX == 0 || incY == 0 {
			incX, incY = 1, 1
		}
		compare(t, fmt.Sprint("Dgemv ", at, incX, incY), norms(3*size, src), func(i blas.Float64, y []float64) { i.Dgemv(tA, m, n, alpha, a, lda, x, incX, beta, y, incY) })
	}
}

// TestBLASPanicsAsGonum passes arguments that Gonum refuses.
func TestBLASPanicsAsGonum(t *testing.T) {
	message := func(f func(blas.Float64), i blas.Float64) (r any) {
		defer func() { r = recover() }()
		f(i)
		return nil
	}
	x := make([]float64, 4)
	for name, f := range map[string]func(blas.Float64){
		"transposition":    func(i blas.Float64) { i.Dgemm('X', 'N', 2, 2, 2, 1, x, 2, x, 2, 0, x, 2) },
		"negative size":    func(i blas.Float64) { i.Dgemm('N', 'N', 2, -2, 2, 1, x, 2, x, 2, 0, x, 2) },
		"stride":           func(i blas.Float64) { i.Dgemm('N', 'N', 2, 2, 2, 1, x, 1, x, 2, 0, x, 2) },
		"short a":          func(i blas.Float64) { i.Dgemm('N', 'N', 2, 2, 2, 1, x[:3], 2, x, 2, 0, x, 2) },
		"short c":          func(i blas.Float64) { i.Dgemm('N', 'N', 2, 2, 2, 1, x, 2, x, 2, 0, x[:3], 2) },
		"increment":        func(i blas.Float64) { i.Dgemv('N', 2, 2, 1, x, 2, x, 0, 0, x, 1) },
		"short x":          func(i blas.Float64) { i.Dgemv('N', 2, 2, 1, x, 2, x[:1], 1, 0, x, 1) },
		"short y":          func(i blas.Float64) { i.Dgemv('T', 2, 2, 1, x, 2, x, 1, 0, x[:1], 1) },
		"triangle":         func(i blas.Float64) { i.Dsyrk('X', 'N', 2, 2, 1, x, 2, 0, x, 2) },
		"short triangle":   func(i blas.Float64) { i.Dsyrk('U', 'N', 2, 2, 1, x, 2, 0, x[:3], 2) },
		"side":             func(i blas.Float64) { i.Dsymm('X', 'U', 2, 2, 1, x, 2, x, 2, 0, x, 2) },
		"short symmetric":  func(i blas.Float64) { i.Dsymm('L', 'U', 2, 2, 1, x[:3], 2, x, 2, 0, x, 2) },
		"short and padded": func(i blas.Float64) { i.Dsymm('R', 'L', 2, 2, 1, x, 3, x, 2, 0, x, 2) },
	} {
		want, got := message(f, gonum.Implementation{}), message(f, tensor.BLAS{})
		if want == nil || fmt.Sprint(got) != fmt.Sprint(want) {
			t.Errorf("%s: %v, Gonum has %v", name, got, want)
		}
	}
}

// TestBLASParallel is large enough for several goroutines and for every level of
// the divisions.
func TestBLASParallel(t *testing.T) {
	src := random.New(4, 0)
	const n = 230
	a, b, c := norms(n*n, src), norms(n*n, src), norms(n*n, src)
	for _, ul := range triangles {
		compare(t, "Dsyrk", c, func(i blas.Float64, c []float64) { i.Dsyrk(ul, blas.Trans, n, n, 1, a, n, 1, c, n) })
		compare(t, "Dsymm", c, func(i blas.Float64, c []float64) { i.Dsymm(blas.Right, ul, n, n, 1, a, n, b, n, 0, c, n) })
	}
	compare(t, "Dgemm", c, func(i blas.Float64, c []float64) {
		i.Dgemm(blas.Trans, blas.NoTrans, n, n, n, 1, a, n, b, n, 1, c, n)
	})
}

// TestDsyrkBits: as many processors as there are, the same bits.
func TestDsyrkBits(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	src := random.New(5, 0)
	const n, k = 230, 500
	a, c := norms(n*k, src), norms(n*n, src)
	for _, ul := range triangles {
		one, many := slices.Clone(c), slices.Clone(c)
		tensor.BLAS{Serial: true}.Dsyrk(ul, blas.NoTrans, n, k, 1, a, k, 1, one, n)
		tensor.BLAS{}.Dsyrk(ul, blas.NoTrans, n, k, 1, a, k, 1, many, n)
		if !slices.Equal(one, many) {
			t.Errorf("%c: other bits", ul)
		}
	}
}
