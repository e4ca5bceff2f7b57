package main

import (
	"fmt"

	"gonum.org/v1/gonum/mat"
	"gonum.org/v1/gonum/stat"

	"github.com/surprisal-ml/surprisal/datasets"
)

// fitSpec says what is fitted to data that lie in files, and how hard a peer
// tries. The rows and columns are those of the spec.
type fitSpec struct {
	Classes int     `json:"classes"`
	X       string  `json:"x"`     // file of Rows×Cols float64
	Y       string  `json:"y"`     // file of Rows int64
	L2      bool    `json:"l2"`    // with scikit-learn's default penalty, C = 1
	Table   bool    `json:"table"` // with all that a table of coefficients needs
	Tol     float64 `json:"tol"`   // a peer's own criterion for having converged
	MaxIter int     `json:"maxIter"`
}

// problem is data to fit a model without a hidden layer to.
type problem struct {
	x       *mat.Dense
	y       []int
	classes int
}

// fitCase is a fit, measured beside peers that stop where their own criteria
// let them.
type fitCase struct {
	name      string
	data      func() (problem, error)
	l2, table bool
	target    float64 // of the largest entry of the gradient
	goal      fitGoal
	peers     []peer
}

// fitGoal is a multiple of a peer's speed, and the most passes over the rows if
// they are not 0; or a time.
type fitGoal struct {
	times   float64
	variant string // which peer's; "": that of the fastest which reaches the target
	passes  float64
	seconds float64
}

const fitsTitle = "Fits"

var (
	lbfgs    = peer{name: "scikit-learn, lbfgs", variant: "lbfgs", module: "sklearn"}
	cholesky = peer{name: "scikit-learn, newton-cholesky", variant: "newton-cholesky", module: "sklearn"}
	newtonCG = peer{name: "scikit-learn, newton-cg", variant: "newton-cg", module: "sklearn"}
	linear   = peer{name: "scikit-learn, liblinear (C = 1e12)", variant: "liblinear", module: "sklearn"}
	logit    = peer{name: "statsmodels, Logit", variant: "Logit", module: "statsmodels"}
	mnLogit  = peer{name: "statsmodels, MNLogit", variant: "MNLogit", module: "statsmodels"}
	glm      = peer{name: "R, glm", variant: "glm", module: "R"}
	glmFit   = peer{name: "R, glm.fit", variant: "glm.fit", module: "R"}
)

func fitCases() []fitCase {
	return []fitCase{
		{
			name:   "n=100000, d=30, two classes",
			data:   func() (problem, error) { return mixed(100_000, 30, 2), nil },
			target: 1e-10, goal: fitGoal{times: 4},
			peers: []peer{cholesky, lbfgs, newtonCG, linear, logit, glm, glmFit},
		},
		{
			name:   "n=100000, d=50, five classes",
			data:   func() (problem, error) { return mixed(100_000, 50, 5), nil },
			target: 1e-10, goal: fitGoal{times: 4, variant: lbfgs.variant},
			peers: []peer{lbfgs, newtonCG, mnLogit},
		},
		{
			name: "n=20000, d=784, ten classes, L2",
			data: func() (problem, error) { return pixels(20_000, 784, 10), nil },
			l2:   true, target: 1e-8, goal: fitGoal{times: 10, variant: lbfgs.variant, passes: 40},
			peers: []peer{lbfgs, newtonCG},
		},
		{
			name: "iris2 (n=100, d=4) with its table", data: iris2,
			table: true, target: 1e-10, goal: fitGoal{seconds: 500e-6},
			peers: []peer{logit, glm},
		},
	}
}

// mixed returns data whose columns are correlated and of different scales, and
// classes drawn from a model of them.
func mixed(n, d, classes int) problem {
	mix := matrix(weights, d, d, 0.3/sqrt(d))
	for j := range d {
		mix.Set(j, j, mix.At(j, j)+1)
	}
	for j := range d {
		scale := 0.3 + 2.7*uniform(weights+1, j)
		for i := range d {
			mix.Set(i, j, scale*mix.At(i, j))
		}
	}
	x := mat.NewDense(n, d, nil)
	x.Mul(matrix(features, n, d, 1), mix)
	z := scores(x, classes)
	for i := range n {
		for k := range classes {
			z.Set(i, k, 1.5*z.At(i, k)+0.5*number(weights+3, k))
		}
		if classes == 2 { // as logistic regression has it
			z.Set(i, 0, 0)
		}
	}
	return problem{x, draw(z), classes}
}

// pixels returns data between 0 and 1 like images: a few factors and noise, cut
// off.
func pixels(n, d, classes int) problem {
	const factors = 32
	x := mat.NewDense(n, d, nil)
	x.Mul(matrix(features, n, factors, 0.24/sqrt(factors)), matrix(weights, factors, d, 1))
	for i := range n {
		for j, v := range x.RawRowView(i) {
			x.Set(i, j, min(max(0.15+v+0.1*number(weights+1, i*d+j), 0), 1))
		}
	}
	z := scores(x, classes)
	for k := range classes {
		column := mat.Col(nil, k, z)
		mean, spread := stat.MeanStdDev(column, nil)
		for i, v := range column {
			z.Set(i, k, 1.5*(v-mean)/spread)
		}
	}
	return problem{x, draw(z), classes}
}

// scores returns logits of variance about 1, linear functions of the columns.
func scores(x *mat.Dense, classes int) *mat.Dense {
	n, d := x.Dims()
	w := matrix(weights+2, d, classes, 1/sqrt(d))
	for j := range d {
		spread := stat.StdDev(mat.Col(nil, j, x), nil)
		for k := range classes {
			w.Set(j, k, w.At(j, k)/spread)
		}
	}
	z := mat.NewDense(n, classes, nil)
	z.Mul(x, w)
	return z
}

// draw returns a class for each row of logits, with the probabilities that they
// say.
func draw(z *mat.Dense) []int {
	n, classes := z.Dims()
	y, p := make([]int, n), make([]float64, classes)
	for i := range n {
		softmax(p, z.RawRowView(i))
		left := uniform(labels, i)
		for y[i] < classes-1 && left >= p[y[i]] {
			left -= p[y[i]]
			y[i]++
		}
	}
	return y
}

func iris2() (problem, error) {
	d, err := datasets.Load("iris2", datasets.Options{})
	if err != nil {
		return problem{}, err
	}
	return problem{d.X, d.Labels, len(d.Schema.Classes)}, nil
}

// spec writes the data into files with names that begin so, for all sides to
// read, and returns what is to be fitted.
func (c *fitCase) spec(p problem, prefix string) (spec, error) {
	rows, cols := p.x.Dims()
	s := spec{Kind: "fit", Rows: rows, Cols: cols, Fit: fitSpec{
		Classes: p.classes, X: prefix + ".x", Y: prefix + ".y", L2: c.l2, Table: c.table, MaxIter: 10_000,
	}}
	return s, writeProblem(s.Fit, p)
}

func writeProblem(s fitSpec, p problem) error {
	y := make([]int64, len(p.y))
	for i, k := range p.y {
		y[i] = int64(k)
	}
	if err := writeBinary(s.X, p.x.RawMatrix().Data); err != nil {
		return fmt.Errorf("writing the features: %w", err)
	}
	if err := writeBinary(s.Y, y); err != nil {
		return fmt.Errorf("writing the classes: %w", err)
	}
	return nil
}
