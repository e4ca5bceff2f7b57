package mle_test

import (
	"context"
	"fmt"
	"log"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/mle"
)

// The table of a logistic regression, and where it misleads: the data are nearly
// separated, and the slopes of Hauck and Donner say so. The likelihood-ratio tests
// do not have the problem.
func ExampleEstimate_Wald() {
	ctx := context.Background()
	d, err := datasets.Load("iris2", datasets.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fit, err := mle.Fit(ctx, d, mle.Options{})
	if err != nil {
		log.Fatal(err)
	}
	table, err := fit.Wald(ctx, mle.WaldOptions{})
	if err != nil {
		log.Fatal(err)
	}
	slope, err := fit.HauckDonner(ctx)
	if err != nil {
		log.Fatal(err)
	}
	tests, err := fit.LikelihoodRatioTests(ctx)
	if err != nil {
		log.Fatal(err)
	}
	for j, term := range table.Terms[1:] {
		i, err := fit.Profile(ctx, 0, j+1, 0.95)
		if err != nil {
			log.Fatal(err)
		}
		fmt.Printf("%-12s slope %5.2f, p %.3f, interval %6.2f to %5.2f; ratio p %.4f, profile %6.2f to %5.2f\n",
			term, slope.At(0, j+1), table.P.At(0, j+1), table.Low.At(0, j+1), table.High.At(0, j+1),
			tests[j].P, i.Low, i.High)
	}
	// Output:
	// sepal_length slope  0.57, p 0.303, interval  -7.16 to  2.23; ratio p 0.2423, profile  -9.10 to  1.48
	// sepal_width  slope  0.32, p 0.136, interval -15.46 to  2.10; ratio p 0.0580, profile -18.79 to  0.19
	// petal_length slope -0.63, p 0.047, interval   0.14 to 18.71; ratio p 0.0002, profile   3.32 to 25.75
	// petal_width  slope -0.13, p 0.061, interval  -0.81 to 37.38; ratio p 0.0006, profile   5.43 to 45.77
}

// How well a model describes its data.
func ExampleEstimate_Summary() {
	ctx := context.Background()
	d, err := datasets.Load("iris2", datasets.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fit, err := mle.Fit(ctx, d, mle.Options{})
	if err != nil {
		log.Fatal(err)
	}
	s, err := fit.Summary(ctx)
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("deviance %.3f with %g degrees of freedom, null %.3f\n", s.Deviance, s.DFResidual, s.NullDeviance)
	fmt.Printf("AIC %.3f, BIC %.3f, R² %.4f (McFadden)\n", s.AIC, s.BIC, s.McFadden)
	fmt.Printf("all features: χ² %.2f, %d degrees of freedom, p = %.3g\n", s.Ratio.Statistic, s.Ratio.DF, s.Ratio.P)
	// Output:
	// deviance 11.899 with 95 degrees of freedom, null 138.629
	// AIC 21.899, BIC 34.924, R² 0.9142 (McFadden)
	// all features: χ² 126.73, 4 degrees of freedom, p = 1.95e-26
}
