package mle

import (
	"context"
	"math"
	"slices"

	"gonum.org/v1/gonum/floats"
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/nn"
	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/trainer"
)

// Spectrum has eigenvalues of the Hessian of a model's negative log-likelihood,
// the sum over the data in nats, with respect to its parameters.
//
// In a network with hidden layers it takes the place of standard errors, which
// its weights do not have. Permuting the units of a layer, or changing the signs of
// a tanh unit's weights, gives the same predictions, so no weight has one true
// value; units that do nothing leave directions along which the likelihood does
// not change at all, whose eigenvalue is 0; and at a point where training
// stopped, the Hessian mostly has negative eigenvalues, so that it is no
// information matrix. Source: Sussmann, "Uniqueness of the weights for minimal
// feedforward nets with a given input-output map" (Neural Networks 5, 1992).
type Spectrum struct {
	Parameters int
	// Values are eigenvalues in ascending order: all of them, or for large
	// models those found from the ends on.
	Values []float64
	// Errors bound the distance of each of Values from an eigenvalue, but for
	// rounding.
	Errors []float64
	All    bool
}

// SpectrumOptions say how much of the spectrum to compute.
type SpectrumOptions struct {
	// Dense is the number of parameters up to which the Hessian is formed and
	// all eigenvalues are found; 0 means 500.
	Dense int
	// Steps is the number of products with the Hessian for larger models; 0
	// means 60. Memory is Steps times the number of parameters.
	Steps int
	Seed  uint64 // of the start of those
}

// HessianSpectrum returns the spectrum of a trained model for the data d. Dropout
// is left out.
//
// Up to Dense parameters it takes the eigenvalues of the full Hessian. Beyond, it
// runs Lanczos's method on Hessian-vector products with full reorthogonalisation,
// which finds the largest and smallest eigenvalues first. Source: Paige, "The
// computation of eigenvalues and eigenvectors of very large sparse matrices"
// (thesis, London, 1971).
func HessianSpectrum(ctx context.Context, c *trainer.Classifier, d *datasets.Dataset, o SpectrumOptions) (*Spectrum, error) {
	if err := fits(c.Schema, d.Schema); err != nil {
		return nil, err
	}
	if d.Len() == 0 {
		return nil, &Error{Problem: "there are no rows"}
	}
	if o.Dense == 0 {
		o.Dense = 500
	}
	if o.Steps == 0 {
		o.Steps = 60
	}
	h := newCurvature(c, d)
	s := &Spectrum{Parameters: h.params.Len()}
	if s.Parameters <= o.Dense {
		return s, s.dense(ctx, h)
	}
	return s, s.lanczos(ctx, h, o)
}

// dense fills in all eigenvalues.
func (s *Spectrum) dense(ctx context.Context, h *curvature) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	var m mat.SymDense
	autograd.Hessian(&m, h.tape, h.params, h.blocks...)
	var e mat.EigenSym
	if !e.Factorize(&m, false) {
		return &Error{Problem: "the Hessian has no finite eigenvalues; the logits are probably not finite"}
	}
	s.Values, s.All = e.Values(nil), true
	s.Errors = make([]float64, len(s.Values))
	for i := range s.Errors {
		s.Errors[i] = s.rounding()
	}
	return nil
}

// rounding returns the size of the error of eigenvalues in float64.
func (s *Spectrum) rounding() float64 {
	return float64(s.Parameters) * roundoff * floats.Norm(s.Values, math.Inf(1))
}

// lanczos fills in the eigenvalues that o.Steps products find.
func (s *Spectrum) lanczos(ctx context.Context, h *curvature, o SpectrumOptions) error {
	n := s.Parameters
	steps := min(o.Steps, n)
	basis := make([][]float64, 0, steps)
	diagonal, beside := make([]float64, 0, steps), make([]float64, 0, steps)
	q, product := make([]float64, n), mat.NewDense(1, n, nil)
	src := random.New(o.Seed, 0)
	for i := range q {
		q[i] = src.Norm()
	}
	floats.Scale(1/norm(q), q)
	for len(diagonal) < steps {
		if err := ctx.Err(); err != nil {
			return err
		}
		basis = append(basis, slices.Clone(q))
		autograd.HVP(product, mat.NewDense(1, n, q), h.tape, h.params, h.blocks...)
		r := product.RawRowView(0)
		diagonal = append(diagonal, floats.Dot(r, q))
		size := norm(r)
		if !isFinite(size) {
			return &Error{Problem: "the Hessian is not finite; the logits are probably not either"}
		}
		for range 2 { // once leaves the rounding of what cancels
			for _, b := range basis {
				floats.AddScaled(r, -floats.Dot(r, b), b)
			}
		}
		rest := norm(r)
		beside = append(beside, rest)
		if rest <= float64(n)*roundoff*size { // the basis spans an invariant space
			break
		}
		floats.ScaleTo(q, 1/rest, r)
	}
	return s.ritz(diagonal, beside)
}

// ritz fills in the eigenvalues of the tridiagonal matrix that are those of the
// Hessian up to 1e-3 of the largest. The error of one is that of its vector: the
// last element, times what followed the last row.
func (s *Spectrum) ritz(diagonal, beside []float64) error {
	k := len(diagonal)
	t := mat.NewSymDense(k, nil)
	for i, v := range diagonal {
		t.SetSym(i, i, v)
		if i > 0 {
			t.SetSym(i-1, i, beside[i-1])
		}
	}
	var e mat.EigenSym
	var vectors mat.Dense
	if !e.Factorize(t, true) {
		return &Error{Problem: "the eigenvalues of the Hessian were not found"}
	}
	values := e.Values(nil)
	e.VectorsTo(&vectors)
	largest := floats.Norm(values, math.Inf(1))
	for i, v := range values {
		if bound := beside[k-1] * math.Abs(vectors.At(k-1, i)); bound <= 1e-3*largest {
			s.Values, s.Errors = append(s.Values, v), append(s.Errors, bound)
		}
	}
	for i := range s.Errors {
		s.Errors[i] += s.rounding()
	}
	return nil
}

// curvature is the negative log-likelihood of a model, as objectives of blocks of
// rows.
type curvature struct {
	tape   *autograd.Tape
	params *autograd.Params
	blocks []autograd.Objective
}

func newCurvature(c *trainer.Classifier, d *datasets.Dataset) *curvature {
	net := &nn.MLP{Layers: c.Net.Layers} // without dropout
	h := &curvature{tape: autograd.NewTape(autograd.Train), params: autograd.NewParams(net.Params()...)}
	x, y := d.X, d.Y
	if c.Scaling != nil {
		x = mat.DenseCopyOf(x)
		c.Scaling.Apply(x)
	}
	if c.Kind == trainer.Binary && y == nil {
		y = mat.NewDense(d.Len(), 1, nil)
		for i, class := range d.Labels {
			if class != c.Schema.ReferenceIndex() {
				y.Set(i, 0, 1)
			}
		}
	}
	part := func(m *mat.Dense, from, to int) *mat.Dense {
		_, columns := m.Dims()
		return m.Slice(from, to, 0, columns).(*mat.Dense)
	}
	const rows = 512
	for from := 0; from < d.Len(); from += rows {
		to := min(from+rows, d.Len())
		var weights []float64
		if d.Weights != nil {
			weights = d.Weights[from:to]
		}
		h.blocks = append(h.blocks, func(t *autograd.Tape) autograd.Var {
			z := net.Forward(t.Const(part(x, from, to)))
			if c.Kind == trainer.Multiclass {
				return losses.CrossEntropy{RowWeight: weights, Reduction: losses.Sum}.Classes(z, d.Labels[from:to])
			}
			return losses.BCEWithLogits{RowWeight: weights, Reduction: losses.Sum}.Loss(z, t.Const(part(y, from, to)))
		})
	}
	return h
}
