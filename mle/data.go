package mle

import (
	"fmt"
	"math"
	"sync/atomic"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/tensor"
	"github.com/surprisal-ml/surprisal/trainer"
)

// newProblem returns the problem of fitting d; for a multilabel target, that of
// the label given.
func newProblem(d *datasets.Dataset, o *Options, label int) (*problem, error) {
	kind, logits, err := trainer.KindOf(d.Schema)
	if err != nil {
		return nil, err
	}
	p := &problem{
		x: d.X.RawMatrix(), intercept: !o.NoIntercept,
		classes: 2, first: 1,
		c: o.c(), names: termNames(d.Schema, o), read: new(atomic.Int64), pin: -1,
	}
	p.terms = len(p.names)
	if kind == trainer.Multiclass {
		p.classes = logits
		if o.Penalty != None {
			p.first = 0
		}
	}
	if err := o.check(p.classes); err != nil {
		return nil, err
	}
	if err := p.setWeights(d); err != nil {
		return nil, err
	}
	p.setTarget(d, label)
	if err := p.setClassWeights(o); err != nil {
		return nil, err
	}
	if o.Penalty != None {
		if err := p.checkIntercept(d.Schema, o.Penalty, label); err != nil {
			return nil, err
		}
	}
	if err := p.setScale(o.Penalty != None); err != nil {
		return nil, err
	}
	switch o.Penalty {
	case L2:
		p.penalty.ridge = 1
	case LogF:
		p.penalty.logF = true
	case L1:
		p.penalty.lasso = 1
	case ElasticNet:
		p.penalty.lasso, p.penalty.ridge = o.L1Ratio, 1-o.L1Ratio
	}
	switch lasso := p.penalty.lasso > 0; {
	case o.Solver == ProximalNewton && !lasso:
		return nil, &Error{Problem: "the solver proximal-newton is for the penalties l1 and elasticnet; use newton"}
	case o.Solver != ProximalNewton && o.Solver > Newton && (p.penalty.logF || lasso):
		return nil, &Error{Problem: fmt.Sprintf("the penalty %v needs the solver newton, not %v", o.Penalty, o.Solver)}
	}
	if p.intercept && o.Penalty != None {
		p.constant = p.constants()
	}
	if p.first == 0 {
		p.penalty.gauge = p.c * p.total / float64(64*p.classes)
	}
	return p, nil
}

func termNames(s *datasets.Schema, o *Options) []string {
	if o.NoIntercept {
		return s.Terms()
	}
	return append([]string{"(intercept)"}, s.Terms()...)
}

// classOrder returns the indices in Schema.Classes of the classes of a problem:
// the reference first, unless all have a logit.
func classOrder(s *datasets.Schema, first int) []int {
	order := make([]int, 0, len(s.Classes))
	reference := s.ReferenceIndex()
	if first == 1 {
		order = append(order, reference)
	}
	for k := range s.Classes {
		if first == 0 || k != reference {
			order = append(order, k)
		}
	}
	return order
}

func (p *problem) setTarget(d *datasets.Dataset, label int) {
	n := d.Len()
	if p.classes > 2 {
		place := make([]int, p.classes)
		for k, class := range classOrder(d.Schema, p.first) {
			place[class] = k
		}
		p.label = make([]int, n)
		for i, class := range d.Labels {
			p.label[i] = place[class]
		}
		return
	}
	p.hits, p.pure = make([]float64, n), true
	reference := d.Schema.ReferenceIndex()
	for i := range p.hits {
		switch {
		case d.Labels == nil: // counts, or a label
			w := p.w(i)
			p.hits[i] = count(d.Y.At(i, label), w)
			p.pure = p.pure && (p.hits[i] == 0 || p.hits[i] == w)
		case d.Labels[i] != reference:
			p.hits[i] = p.w(i)
		}
	}
}

// count returns share·n; where the share came from dividing a whole number by
// n, that number and not its rounding.
func count(share, n float64) float64 {
	if k := math.Round(share * n); k/n == share {
		return k
	}
	return share * n
}

func (p *problem) setWeights(d *datasets.Dataset) error {
	p.weight = d.Weights
	if p.weight == nil {
		p.total = float64(d.Len())
	}
	var sum tensor.Sum
	for i, w := range p.weight {
		if !(w >= 0) || math.IsInf(w, 0) {
			return &Error{Column: d.Schema.Weights, Problem: fmt.Sprintf("row %d has weight %g; weights must be finite and not negative", i+1, w)}
		}
		sum.Add(w)
	}
	if p.weight != nil {
		p.total = sum.Value()
	}
	if !(p.total > 0) || math.IsInf(p.total, 0) {
		return &Error{Column: d.Schema.Weights, Problem: fmt.Sprintf("the weights add to %g; there is nothing to fit", p.total)}
	}
	return nil
}

// setClassWeights multiplies the weights of the rows by those of their classes.
func (p *problem) setClassWeights(o *Options) error {
	by := o.ClassWeight
	if o.Balanced {
		by = p.balanced()
	}
	if by == nil {
		return nil
	}
	p.classWeight = by
	joint := make([]float64, p.rows())
	var sum tensor.Sum
	for i := range joint {
		if p.hits != nil {
			misses := by[0] * (p.w(i) - p.hits[i])
			p.hits[i] *= by[1]
			joint[i] = misses + p.hits[i]
		} else {
			joint[i] = by[p.label[i]] * p.w(i)
		}
		sum.Add(joint[i])
	}
	p.weight, p.total = joint, sum.Value()
	if !(p.total > 0) {
		return &Error{Problem: "the class weights leave no row with a positive weight"}
	}
	return nil
}

// classTotals returns the weight of the rows of each class.
func (p *problem) classTotals() []float64 {
	totals := make([]float64, p.classes)
	for i := range p.rows() {
		w := p.w(i)
		if p.hits != nil {
			totals[0] += w - p.hits[i]
			totals[1] += p.hits[i]
		} else {
			totals[p.label[i]] += w
		}
	}
	return totals
}

// balanced returns class weights n/(K·nₖ), scikit-learn's "balanced".
func (p *problem) balanced() []float64 {
	weights := p.classTotals()
	for k, nk := range weights {
		if nk > 0 {
			weights[k] = p.total / (float64(p.classes) * nk)
		}
	}
	return weights
}

// setScale chooses the powers of two that the columns are multiplied by, and
// returns an error if an entry is not finite.
func (p *problem) setScale(penalised bool) error {
	p.scale, p.unit, p.tame = make([]float64, p.terms), make([]float64, p.terms), true
	skip := p.skip()
	for j := range p.scale {
		p.scale[j], p.unit[j] = 1, 1
	}
	largest := p.magnitudes()
	for j, a := range largest {
		if math.IsNaN(a) || math.IsInf(a, 0) {
			return &Error{Column: p.names[j+skip], Problem: fmt.Sprintf("a value is %g; drop such rows or fill them in", a)}
		}
		_, exponent := math.Frexp(a)
		if a == 0 {
			exponent = 0
		}
		if penalised { // keeps the square of the factor, the penalty's, finite
			exponent = max(exponent, -400)
		}
		unit := math.Ldexp(1, min(-exponent, 1022))
		if -100 < exponent && exponent < 100 {
			p.unit[j+skip] = unit
			continue
		}
		p.scale[j+skip], p.tame = unit, false
	}
	return nil
}

// magnitudes returns the largest |x| of each column; NaN if there is a NaN.
func (p *problem) magnitudes() []float64 {
	bits := make([]uint64, p.x.Cols) // of float64 values, in whose order they are
	const sign = 1 << 63
	n := p.rows()
	for i := 0; i < n; i += 4 { // four rows at once save most of the stores
		at := func(k int) []float64 { return tensor.Row(p.x, min(i+k, n-1))[:len(bits)] }
		a, b, c, d := at(0), at(1), at(2), at(3)
		for j, m := range bits {
			ab := max(math.Float64bits(a[j])&^sign, math.Float64bits(b[j])&^sign)
			cd := max(math.Float64bits(c[j])&^sign, math.Float64bits(d[j])&^sign)
			bits[j] = max(m, ab, cd)
		}
	}
	largest := make([]float64, p.x.Cols)
	for j, b := range bits {
		largest[j] = math.Float64frombits(b)
	}
	return largest
}
