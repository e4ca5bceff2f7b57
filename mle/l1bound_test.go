package mle

import (
	"context"
	"fmt"
	"math"
	"math/big"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// The bound on the gap of an L1 fit is at least the gap, measured in 340-bit
// arithmetic, and at most three times it: at the coefficients that the fit
// returns, and at planted ones with the same zeros and without.
func TestL1CertificateIsTight(t *testing.T) {
	ctx := context.Background()
	for _, k := range []int{2, 3} {
		d := plantedData(150, 6, k)
		for _, o := range []Options{{Penalty: L1, C: 0.05}, {Penalty: ElasticNet, L1Ratio: 0.5, C: 0.05}, {Penalty: L1, C: 1}} {
			f := fit(t, d, o)
			exact := newBigProblem(f.p)
			lowest := exact.lowest(f)
			line := fmt.Sprintf("%d classes, %v, C = %g, %d of %d coefficients:", k, o.Penalty, o.C, len(f.p.support(f.theta.Hi)), f.p.size())
			check := func(name string, coef *mat.Dense, cert Certificate) {
				t.Helper()
				value, _, _ := exact.evaluate(bigCoef(coef), false)
				gap, _ := value.Sub(value, lowest).Float64()
				line += fmt.Sprintf(" %.3f", cert.Gap/gap)
				if !cert.Holds || !(cert.Gap >= gap) || cert.Gap > 3*gap {
					t.Errorf("%s %s: the bound is %g, the gap %g", line, name, cert.Gap, gap)
				}
			}
			check("fit", f.Coef, f.Certificate)
			for _, dense := range []bool{false, true} {
				for _, step := range []float64{1e-8, 1e-6, 1e-4, 1e-2, 0.1, 1} {
					coef := mat.DenseCopyOf(f.Coef)
					for i, v := range coef.RawMatrix().Data {
						if dense || v != 0 {
							coef.RawMatrix().Data[i] += step * math.Sin(float64(7*i+1))
						}
					}
					cert, err := Certify(ctx, d, coef, o)
					if err != nil {
						t.Errorf("%s %g: %v", line, step, err)
						continue
					}
					check(fmt.Sprint(step), coef, cert)
				}
			}
			fmt.Println(t.Name(), line)
		}
	}
}

// lowest returns the optimum of the objective of an L1 fit, after checking that
// no gradient of a coefficient that is 0 is above the threshold there.
func (b *bigProblem) lowest(f *Estimate) *big.Float {
	w, p := bigCoef(f.Coef), b.p
	for i, l := range bigCoef(f.Low) {
		w[i].Add(w[i], l)
	}
	support := p.support(f.theta.Hi)
	for range 3 {
		_, g, h := b.evaluate(w, true)
		part, block := make([]*big.Float, len(support)), make([][]*big.Float, len(support))
		for k, i := range support {
			part[k] = g[i]
			for _, j := range support {
				block[k] = append(block[k], h[i][j])
			}
		}
		for k, s := range solveBig(block, part) {
			w[support[k]].Sub(w[support[k]], s)
		}
	}
	value, g, _ := b.evaluate(w, true)
	for i, v := range g {
		if v, _ := v.Float64(); w[i].Sign() == 0 && math.Abs(v) > p.penalty.lasso {
			panic("not the optimum")
		}
	}
	return value
}
