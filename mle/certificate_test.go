package mle

import (
	"context"
	"fmt"
	"math"
	"math/rand/v2"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/internal/reference"
)

// certified are the fits that certificates are tested on.
func certified(t *testing.T) map[string]Options {
	all := map[string]Options{"fits/iris2": {}, "fits/wine-3": {}, "fits/penguins-2": {}, "fits/cancer10": {}}
	if names := reference.Files[fitCase](t, "fits"); len(names) > 4 {
		for _, id := range []string{"spector", "menarche-poly", "star98", "menarche", "mtcars-2", "womenlf", "plasma-2"} {
			all["fits/"+id] = Options{}
		}
	}
	all["fits/iris2 "] = Options{Penalty: L2, C: 0.3}
	all["fits/wine-3 "] = Options{Penalty: L2, C: 7, Balanced: true}
	all["fits/iris2  "] = Options{Penalty: LogF}
	all["fits/wine-3  "] = Options{Penalty: LogF, C: 0.5}
	return all
}

// The bound on the gap is between the gap, measured in 340-bit arithmetic, and
// 1.42 times it, for Rδ up to ½, at the coefficients a fit returns and at planted
// ones; and the distance bounds that of every coefficient.
func TestCertificateIsTight(t *testing.T) {
	ctx := context.Background()
	cases := reference.Files[fitCase](t, "fits")
	all := certified(t)
	fmt.Printf("%s: bound/true at the fit, at planted Rδ of 1e-6, 1e-3, 0.1, 0.3, 0.47, and far away\n", t.Name())
	for _, key := range sorted(all) {
		id, o := key[len("fits/"):], all[key]
		c := cases[trimmed(id)]
		f, err := Fit(ctx, c.load(t), o)
		if err != nil {
			t.Errorf("%s: %v", key, err)
			continue
		}
		exact := newBigProblem(f.p)
		best := exact.optimum(f.Coef, f.Low)
		lowest, _, _ := exact.evaluate(best, false)
		se := f.p.inverse(f.inner)
		s := newSolver(f.p, &o)
		radius, err := s.exactRadius(ctx, f.inner)
		if err != nil {
			t.Fatal(err)
		}
		line := fmt.Sprintf("%-18s", key+" "+o.Penalty.String())
		check := func(name string, coef *mat.Dense, cert Certificate, limit float64) {
			t.Helper()
			value, _, _ := exact.evaluate(bigCoef(coef), false)
			gap, _ := value.Sub(value, lowest).Float64()
			ratio := cert.Gap / gap
			line += fmt.Sprintf(" %7.4f", ratio)
			if !cert.Holds || !(ratio >= 1) || ratio > limit {
				t.Errorf("%s, %s: the bound %g is %.4f of the gap %g: %s", key, name, cert.Gap, ratio, gap, cert.Why)
			}
			for i, w := range bigCoef(coef) {
				d, _ := bigZero().Sub(w, best[i]).Float64()
				if math.Abs(d) > cert.Distance*math.Sqrt(se.At(i, i))*(1+1e-9) {
					t.Errorf("%s, %s: coefficient %d is %g standard errors away, the bound is %g", key, name, i, math.Abs(d)/math.Sqrt(se.At(i, i)), cert.Distance)
				}
			}
		}
		check("fit", f.Coef, f.Certificate, 1.42)
		for _, plant := range []float64{1e-6, 1e-3, 0.1, 0.3, 0.47, 3, 30} {
			coef := planted(f, plant/radius)
			cert, err := Certify(ctx, c.load(t), coef, o)
			if err != nil {
				t.Errorf("%s, %g: %v", key, plant, err)
				continue
			}
			limit := 1.42
			if plant > 0.5 {
				limit = 2.6
			}
			check(fmt.Sprint(plant), coef, cert, limit)
		}
		fmt.Println(line)
	}
}

func trimmed(id string) string {
	for id[len(id)-1] == ' ' {
		id = id[:len(id)-1]
	}
	return id
}

// planted returns the coefficients of f moved by size in a random direction of
// the metric of the information.
func planted(f *Estimate, size float64) *mat.Dense {
	src := rand.New(rand.NewPCG(1, 2))
	n, terms := f.p.size(), f.p.terms
	v := make([]float64, n)
	for i := range v {
		v[i] = src.NormFloat64()
	}
	length := norm(v)
	// L⁻ᵀ of a unit vector has norm 1 in the metric of H.
	inverse := f.p.inverse(f.inner)
	var chol mat.Cholesky
	if !chol.Factorize(inverse) { // the covariance is L₂L₂ᵀ: L₂v has length ‖v‖
		panic("covariance is not positive definite")
	}
	var l mat.TriDense
	chol.LTo(&l)
	coef := mat.DenseCopyOf(f.Coef)
	var move mat.VecDense
	move.MulVec(&l, mat.NewVecDense(n, v))
	move.ScaleVec(size/length, &move)
	if f.p.first == 0 {
		centre(&move, terms)
	}
	for i := range n {
		coef.Set(i/terms, i%terms, coef.At(i/terms, i%terms)+move.AtVec(i))
	}
	return coef
}

// centre makes each term add to 0 over the classes.
func centre(v *mat.VecDense, terms int) {
	n := v.Len()
	for j := range terms {
		var sum float64
		for i := j; i < n; i += terms {
			sum += v.AtVec(i)
		}
		for i := j; i < n; i += terms {
			v.SetVec(i, v.AtVec(i)-sum*float64(terms)/float64(n))
		}
	}
}
