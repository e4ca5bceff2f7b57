package mle_test

import (
	"context"
	"errors"
	"fmt"
	"strings"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/mle"
)

// The treated all recovered: their log-odds grow without bound, and what is
// known of the dose comes from the others.
func ExampleNoEstimateError() {
	const table = `treated,dose,recovered
1,2,yes
1,5,yes
1,7,yes
0,1,no
0,2,no
0,3,yes
0,4,no
0,5,yes
0,6,no
0,7,yes
0,8,yes
`
	d, err := datasets.Read(strings.NewReader(table), "table", datasets.Options{Target: []string{"recovered"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	f, err := mle.Fit(context.Background(), d, mle.Options{})
	var none *mle.NoEstimateError
	if !errors.As(err, &none) {
		fmt.Println(err)
		return
	}
	fmt.Printf("%v, log-likelihood below %.4f\n", none.Status, none.SupLogLik)
	for j, term := range f.Terms {
		fmt.Printf("%-12s %-7v %.4f ± %.4f\n", term, none.Coefficient[0][j], none.FiniteCoef.At(0, j), none.FiniteSE.At(0, j))
	}
	// Output:
	// quasi-complete, log-likelihood below -4.2248
	// (intercept)  finite  -2.6734 ± 2.1207
	// treated      +inf    NaN ± NaN
	// dose         finite  0.5941 ± 0.4322
}
