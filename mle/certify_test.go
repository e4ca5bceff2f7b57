package mle

import (
	"context"
	"errors"
	"math"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/tensor"
	"github.com/surprisal-ml/surprisal/trainer"
)

// What is too large for double-double is certified in float64: the bound holds
// at the optimum, and is as tight at planted points.
func TestCertificateInFloat64(t *testing.T) {
	ctx := context.Background()
	for _, k := range []int{2, 4} {
		d := plantedData(200, 4, k)
		for _, o := range []Options{{}, {Penalty: L2, C: 2}} {
			p, err := newProblem(d, &o, 0)
			if err != nil {
				t.Fatal(err)
			}
			s := newSolver(p, &o)
			s.exact = exactness{}
			best, err := s.optimum(ctx, p.start())
			if err != nil {
				t.Fatal(err)
			}
			f := fit(t, d, o)
			exact := newBigProblem(p)
			w := exact.optimum(f.Coef, f.Low)
			lowest, _, _ := exact.evaluate(w, false)
			coef, _ := p.coefficientMatrix(best.theta)
			near(t, "coefficients", coef, f.Coef, 1e-12)
			if math.Abs(best.value-f.Objective) > best.certificate.ObjectiveError+1e-15*best.value || best.certificate.ObjectiveError > 1e-12*best.value {
				t.Errorf("objective %v with error %g, in double-double %v", best.value, best.certificate.ObjectiveError, f.Objective)
			}
			radius, err := s.exactRadius(ctx, f.inner)
			if err != nil {
				t.Fatal(err)
			}
			for _, plant := range []float64{0, 1e-5, 0.1, 0.4, 5} {
				point := coef
				if plant > 0 {
					point = planted(f, plant/radius)
				}
				cert, err := s.certifyPoint(ctx, p.parameters(point))
				if err != nil {
					t.Fatal(err)
				}
				value, _, _ := exact.evaluate(bigCoef(point), false)
				gap, _ := value.Sub(value, lowest).Float64()
				limit := 1.42
				switch plant {
				case 0, 1e-5:
					limit = math.Inf(1)
				case 5:
					limit = 2.6
				}
				if !(cert.Gap >= gap && cert.Gap <= limit*gap) || cert.Gap > 1e-16 && plant == 0 {
					t.Errorf("%d classes, %v, Rδ = %g: the bound is %g, the gap %g", k, o.Penalty, plant, cert.Gap, gap)
				}
			}
		}
	}
}

// A network without hidden layers, trained by gradient descent, is as far from
// the optimum as Certify says.
func TestCertifyTrainedNetwork(t *testing.T) {
	ctx := context.Background()
	for _, k := range []int{2, 3} {
		d := plantedData(200, 3, k)
		f := fit(t, d, Options{})
		for _, epochs := range []int{3, 30, 300} {
			c, err := trainer.NewClassifier(d.Schema, datasets.MeasureScaling(d.X, nil), nil, nil, nil)
			if err != nil {
				t.Fatal(err)
			}
			cfg, err := trainer.Accelerated(c, d, trainer.Loss{}, 0, epochs)
			if err != nil {
				t.Fatal(err)
			}
			run, err := trainer.New(c, d, nil, cfg)
			if err != nil {
				t.Fatal(err)
			}
			if _, err := run.Run(ctx); err != nil {
				t.Fatal(err)
			}
			b, err := c.Coefficients(false)
			if err != nil {
				t.Fatal(err)
			}
			cert, err := Certify(ctx, d, b.Values, Options{})
			if err != nil {
				t.Fatal(err)
			}
			loss, _, err := c.Objective(d, trainer.Loss{})
			if err != nil {
				t.Fatal(err)
			}
			if gap := loss + f.LogLik; !cert.Holds || cert.Gap < gap-1e-12 || cert.Gap > 1.5*gap+1e-12 {
				t.Errorf("%d classes, %d epochs: the bound is %g, the gap %g", k, epochs, cert.Gap, gap)
			}
			se := f.StdErr()
			for i, rows := 0, len(b.Rows); i < rows; i++ {
				for j := range b.Terms {
					if e := math.Abs(b.Values.At(i, j)-f.Coef.At(i, j)) / se.At(i, j); e > cert.Distance*(1+1e-9) {
						t.Errorf("%d classes, %d epochs: coefficient %d, %d is %g standard errors away, the bound is %g", k, epochs, i, j, e, cert.Distance)
					}
				}
			}
		}
	}
}

func TestCertifyLabels(t *testing.T) {
	d := read(t, "x,a,b\n1,0,1\n2,1,0\n3,0,1\n4,1,1\n5,0,0\n6,1,0\n", datasets.Options{Target: []string{"a", "b"}})
	f := fit(t, d, Options{})
	var gap float64
	for _, label := range f.Labels {
		gap += label.Certificate.Gap
	}
	if f.Certificate.Gap != gap || f.Symmetric() != nil || f.Information() != nil || len(f.Labels) != 2 {
		t.Errorf("the gap of two labels is %g, together %g", gap, f.Certificate.Gap)
	}
	if rows, terms := f.StdErr().Dims(); rows != 2 || terms != 2 || f.StdErr().At(1, 0) != f.Labels[1].StdErr().At(0, 0) {
		t.Error("standard errors are not those of the labels")
	}
	f.Coef.Set(1, 1, f.Coef.At(1, 1)+0.01)
	c, err := Certify(context.Background(), d, f.Coef, Options{})
	if err != nil || !(c.Gap > 1e-6 && c.Gap < 1e-2) {
		t.Errorf("gap %g (%v)", c.Gap, err)
	}
	cl, err := f.Classifier()
	if err != nil {
		t.Fatal(err)
	}
	if b, err := cl.Coefficients(false); err != nil || !mat.Equal(b.Values, f.Coef) {
		t.Errorf("the classifier has other coefficients (%v)", err)
	}
}

func TestCertifyMisuse(t *testing.T) {
	ctx := context.Background()
	d := plantedData(20, 2, 2)
	func() {
		defer func() {
			var usage *tensor.UsageError
			if err, ok := recover().(error); !ok || !errors.As(err, &usage) || usage.Problem != "2×3 coefficients, the model has 1×3" {
				t.Errorf("panic %v", err)
			}
		}()
		_, _ = Certify(ctx, d, mat.NewDense(2, 3, nil), Options{})
	}()
	for _, v := range []float64{math.NaN(), math.Inf(1), 1e308} {
		var bad *Error
		if _, err := Certify(ctx, d, mat.NewDense(1, 3, []float64{0, v, 1}), Options{}); err == nil || v != 1e308 && !errors.As(err, &bad) {
			t.Errorf("coefficient %g: %v", v, err)
		}
	}
}

// Where there is no estimate, none is near, however well coefficients predict.
func TestCertifySeparated(t *testing.T) {
	ctx := context.Background()
	separated := read(t, "x,y\n1,a\n2,a\n3,b\n4,b\n", datasets.Options{Target: []string{"y"}})
	var none *NoEstimateError
	for _, v := range []float64{0, 1, 10, 1e3, 1e9} {
		c, err := Certify(ctx, separated, mat.NewDense(1, 2, []float64{-2.5 * v, v}), Options{})
		if !errors.As(err, &none) || none.Status != Complete || c.Holds {
			t.Errorf("slope %g: %+v, %v", v, c, err)
		}
		if c, err := Certify(ctx, separated, mat.NewDense(1, 2, []float64{-2.5 * v, v}), Options{Penalty: L2}); err != nil || !c.Holds {
			t.Errorf("slope %g with a penalty: %+v, %v", v, c, err)
		}
	}
	twice := read(t, "x,u,y\n1,2,a\n2,4,b\n3,6,a\n4,8,b\n", datasets.Options{Target: []string{"y"}})
	if _, err := Certify(ctx, twice, mat.NewDense(1, 3, nil), Options{}); !errors.As(err, &none) || none.Status != RankDeficient {
		t.Errorf("dependent columns: %v", err)
	}
	labels := read(t, "x,a,b\n1,0,1\n2,1,1\n3,0,0\n4,1,0\n", datasets.Options{Target: []string{"a", "b"}})
	_, err := Certify(ctx, labels, mat.NewDense(2, 2, nil), Options{})
	if !errors.As(err, &none) || !strings.HasPrefix(err.Error(), `label "b": mle: complete: `) {
		t.Errorf("labels: %v", err)
	}
}

// Large problems are finished in double-double if their columns are nearly
// collinear.
func TestLargeAndIllConditioned(t *testing.T) {
	d := plantedData(30000, 19, 2)
	for i := range d.Len() {
		row := d.X.RawRowView(i)
		row[18] = row[17] + 1e-6*row[18]
	}
	f := fit(t, d, Options{})
	if _, ok := f.inner.(*exactCholesky); !ok || f.Certificate.Distance > 1e-8 {
		t.Errorf("factor %T, distance %g", f.inner, f.Certificate.Distance)
	}
	// The same model in the columns it was made of.
	for i := range d.Len() {
		row := d.X.RawRowView(i)
		row[18] -= row[17]
	}
	g := fit(t, d, Options{})
	if a, b := f.Coef.At(0, 19), g.Coef.At(0, 19); math.Abs(a-b) > 1e-9*math.Abs(b) {
		t.Errorf("the coefficient of the difference is %v, of its column %v", a, b)
	}
	if a, b := f.StdErr().At(0, 19), g.StdErr().At(0, 19); math.Abs(a-b) > 1e-9*math.Abs(b) {
		t.Errorf("its standard error is %v, of its column %v", a, b)
	}
}

// Coefficients that diverged are certified by the objective there alone.
func TestCertifyDiverged(t *testing.T) {
	d := plantedData(300, 3, 2)
	for _, o := range []Options{{}, {Penalty: L2}, {Penalty: L1}} {
		f := fit(t, d, o)
		for _, v := range []float64{-1e5, 800, 5000, 1e5, 1e9} {
			coef := mat.NewDense(1, 4, []float64{0, v, 0, -v})
			c, err := Certify(context.Background(), d, coef, o)
			if err != nil {
				t.Errorf("%v, %g: %v", o.Penalty, v, err)
				continue
			}
			pt, err := f.p.evaluate(context.Background(), f.p.newBlock(), f.p.parameters(coef), nil)
			if err != nil {
				t.Fatal(err)
			}
			if gap := pt.value - f.Objective; !c.Holds || c.Gap < gap || c.Gap > gap*(1+1e-9) {
				t.Errorf("%v, %g: the bound is %g, the gap %g", o.Penalty, v, c.Gap, gap)
			}
		}
	}
}
