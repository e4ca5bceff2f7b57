package mle_test

import (
	"context"
	"fmt"
	"log"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/mle"
)

// Logistic regression of two species of iris on four measurements.
func Example() {
	d, err := datasets.Load("iris2", datasets.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fit, err := mle.Fit(context.Background(), d, mle.Options{})
	if err != nil {
		log.Fatal(err) // there is no estimate, or none was proved
	}
	se := fit.StdErr()
	for j, term := range fit.Terms {
		fmt.Printf("%-13s %10.5f ± %.5f\n", term, fit.Coef.At(0, j), se.At(0, j))
	}
	c := fit.Certificate
	fmt.Printf("log-likelihood %.10f; proved to within 1e-28 nats: %v\n", fit.LogLik, c.Holds && c.Gap < 1e-28)
	// Output:
	// (intercept)    -42.63780 ± 25.70766
	// sepal_length    -2.46522 ± 2.39430
	// sepal_width     -6.68089 ± 4.47956
	// petal_length     9.42939 ± 4.73721
	// petal_width     18.28614 ± 9.74261
	// log-likelihood -5.9492733957; proved to within 1e-28 nats: true
}

// How far a network trained by gradient descent is from the optimum.
func ExampleCertify() {
	d, err := datasets.Load("iris2", datasets.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fit, err := mle.Fit(context.Background(), d, mle.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fit.Coef.Set(0, 1, -2.4) // instead of -2.46522
	c, err := mle.Certify(context.Background(), d, fit.Coef, mle.Options{})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("at most %.2g nats above the optimum, within %.2g standard errors\n", c.Gap, c.Distance)
	// Output:
	// at most 0.14 nats above the optimum, within 0.027 standard errors
}
