package mle_test

import (
	"context"
	"fmt"
	"log"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/mle"
)

// How strong an L1 penalty should be, and which measurements of cell nuclei are
// then left to tell malignant from benign.
func ExampleCrossValidate() {
	ctx := context.Background()
	d, err := datasets.Load("cancer10", datasets.Options{})
	if err != nil {
		log.Fatal(err)
	}
	datasets.Standardize(d.X, nil) // the columns are of all sizes
	o := mle.Options{Penalty: mle.L1}
	curve, err := mle.CrossValidate(ctx, d, o, mle.CVOptions{Folds: 5, Seed: 1, Standardize: true})
	if err != nil {
		log.Fatal(err)
	}
	for _, rule := range []mle.Rule{mle.Least, mle.OneSE} {
		p := curve.Points[curve.Choose(rule)]
		fmt.Printf("%-4v C = %.3g: log-loss %.4f ± %.4f nats, %d coefficients\n", rule, p.C, p.Loss, p.SE, p.NonZero)
	}
	o.C = curve.Points[curve.OneSE].C
	fit, err := mle.Fit(ctx, d, o)
	if err != nil {
		log.Fatal(err)
	}
	for j, term := range fit.Terms {
		if w := fit.Coef.At(0, j); w != 0 {
			fmt.Printf("%-20s %8.4f\n", term, w)
		}
	}
	// Output:
	// min  C = 0.595: log-loss 0.1533 ± 0.0147 nats, 7 coefficients
	// 1se  C = 0.226: log-loss 0.1618 ± 0.0137 nats, 7 coefficients
	// (intercept)           -0.5179
	// mean_radius            0.6230
	// mean_texture           1.0496
	// mean_area              1.5841
	// mean_smoothness        0.2531
	// mean_concavity         0.0560
	// mean_concave_points    2.4414
	// mean_symmetry          0.1949
}
