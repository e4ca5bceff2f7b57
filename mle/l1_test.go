package mle

import (
	"context"
	"fmt"
	"math"
	"strings"
	"testing"
	"time"
)

// The same coefficients are 0, the others agree to 1e-8, and the objective to 12
// digits.
func TestConformanceL1(t *testing.T) {
	cases := referenceFiles(t, "penalised")
	passed, total := map[Penalty]int{}, map[Penalty]int{}
	var table strings.Builder
	fmt.Fprintf(&table, "largest difference of the coefficients, digits of the objective, coefficients that are not 0\n%-26s %9s %9s %9s %9s %9s %9s\n", "", "coef", "objective", "nonzero", "gap", "distance", "time")
	for _, id := range sorted(cases) {
		c := cases[id]
		o := c.options(t)
		if o.Penalty != L1 && o.Penalty != ElasticNet {
			continue
		}
		total[o.Penalty]++
		start := time.Now()
		f, err := Fit(context.Background(), c.load(t), o)
		if err != nil {
			t.Errorf("%s: %v", id, err)
			continue
		}
		elapsed := time.Since(start)
		coef := selected(t, f.Coef, f.Rows, c.CoefRows, f.Terms, c.Terms)
		worst, nonzero, same := 0.0, 0, true
		for i, row := range c.Certified.Coef {
			for j, w := range row {
				worst = max(worst, math.Abs(coef.At(i, j)-w))
				same = same && (w == 0) == (coef.At(i, j) == 0)
				if w != 0 && j > 0 {
					nonzero++
				}
			}
		}
		objective := number(f.Objective, c.Certified.Objective)
		fmt.Fprintf(&table, "%-26s %9.2g %9.1f %9d %9.2g %9.2g %9v\n", id, worst, objective, nonzero, f.Certificate.Gap, f.Certificate.Distance, elapsed.Round(time.Microsecond))
		if !same || worst > 1e-8 || objective < 12 || !f.Certificate.Holds {
			t.Errorf("%s: zeros the same: %v, difference %g, %.2f digits of the objective", id, same, worst, objective)
			continue
		}
		passed[o.Penalty]++
	}
	fmt.Printf("%s: %sconformance: penalised/l1 %d/%d\nconformance: penalised/elasticnet %d/%d\n", t.Name(), table.String(),
		passed[L1], total[L1], passed[ElasticNet], total[ElasticNet])
}
