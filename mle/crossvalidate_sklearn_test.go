package mle

import (
	"context"
	"math"
	"testing"

	"github.com/surprisal-ml/surprisal/datasets"
)

// The losses of scikit-learn 1.2.1 by C and fold, fold i%5 of row i. The first
// two are −scores_ of
//
//	X = StandardScaler().fit_transform(X)
//	LogisticRegressionCV(Cs=[.001, .01, .1, 1, 10, 100], cv=PredefinedSplit(np.arange(len(y)) % 5),
//	    scoring="neg_log_loss", solver="newton-cg", tol=1e-6, max_iter=1000).fit(X, y)
//
// with multi_class="multinomial" for wine; its C_ were 10 and 1. The third is
// log_loss of what
//
//	make_pipeline(StandardScaler(), LogisticRegression(C=C, penalty="l1", solver="saga", tol=1e-11, max_iter=1000000))
//
// fitted to the rows outside the fold predicts for those in it, from C = 0.01 on:
// saga ends at once, short of the optimum, where all coefficients are 0.
var scikitLearn = []struct {
	data        string
	penalty     Penalty
	standardize bool // each training part, not all rows
	best        float64
	losses      [][5]float64 // of the largest C last
}{
	{"wine", L2, false, 10, [][5]float64{
		{0.8818470983, 0.8899042249, 0.8863342204, 0.8855620638, 0.8819773674},
		{0.4027728880, 0.4144317799, 0.4043804373, 0.4383300617, 0.4111747420},
		{0.1362313599, 0.1285377448, 0.1127388750, 0.1969073106, 0.1381936168},
		{0.0482020905, 0.0403002155, 0.0205290503, 0.1211306225, 0.0679449296},
		{0.0236841304, 0.0238359665, 0.0027257748, 0.1060689273, 0.0802284795},
		{0.0195050774, 0.0329820950, 0.0004631858, 0.1173589378, 0.1282334788},
	}},
	{"cancer10", L2, false, 1, [][5]float64{
		{0.4687826081, 0.4719684670, 0.4717596059, 0.4590682583, 0.4794923627},
		{0.2697457749, 0.2802122789, 0.2348341421, 0.2442232918, 0.2659995815},
		{0.1926744303, 0.1788305594, 0.1399047217, 0.1627075245, 0.1576272439},
		{0.1902346514, 0.1431326998, 0.1365711849, 0.1573703947, 0.1281577809},
		{0.2033863268, 0.1339763359, 0.1534715934, 0.1619726574, 0.1258604627},
		{0.2110226094, 0.1293532407, 0.1498335743, 0.1589602212, 0.1255481319},
	}},
	{"cancer10", L1, true, 1, [][5]float64{
		{0.4533075526, 0.4533147863, 0.4340706922, 0.4406018745, 0.4726141696},
		{0.2038040310, 0.1944201129, 0.1538766390, 0.1742116777, 0.1744290542},
		{0.1990632534, 0.1418845511, 0.1401155009, 0.1569232085, 0.1269860368},
		{0.2080151747, 0.1321295476, 0.1531628271, 0.1601691518, 0.1250860198},
		{0.2168134030, 0.1299149383, 0.1465455415, 0.1581567058, 0.1291716562},
	}},
}

func TestCrossValidateAsScikitLearn(t *testing.T) {
	grid := []float64{0.001, 0.01, 0.1, 1, 10, 100}
	for _, want := range scikitLearn {
		d, err := datasets.Load(want.data, datasets.Options{})
		if err != nil {
			t.Fatal(err)
		}
		if !want.standardize {
			datasets.Standardize(d.X, nil)
		}
		x, err := newCrossValidation(context.Background(), d, Options{Penalty: want.penalty},
			CVOptions{Grid: grid[len(grid)-len(want.losses):], Standardize: want.standardize})
		if err != nil {
			t.Fatal(err)
		}
		c, err := x.curve(context.Background(), every(d.Len(), 5))
		if err != nil {
			t.Fatal(err)
		}
		if got := c.Points[c.Least].C; got != want.best {
			t.Errorf("%s, %v: C = %g has the least loss, want %g", want.data, want.penalty, got, want.best)
		}
		for i, pt := range c.Points {
			for k, loss := range pt.Folds {
				// scikit-learn's solvers stop short of the optimum.
				if math.Abs(loss-want.losses[i][k]) > 2e-7 {
					t.Errorf("%s, %v: loss %.10f in fold %d at C = %g, want %.10f", want.data, want.penalty, loss, k, pt.C, want.losses[i][k])
				}
			}
		}
	}
}

// every deals n rows out to k folds in turn.
func every(n, k int) [][]int {
	folds := make([][]int, k)
	for i := range n {
		folds[i%k] = append(folds[i%k], i)
	}
	return folds
}
