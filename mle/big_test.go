package mle

import (
	"math"
	"math/big"

	"gonum.org/v1/gonum/mat"
)

// bigProblem is a problem in 340-bit arithmetic, for columns as given: what
// certificates are tested against.
type bigProblem struct {
	p *problem
	x [][]*big.Float
}

const bigBits = 340

func newBig(x float64) *big.Float { return new(big.Float).SetPrec(bigBits).SetFloat64(x) }

func bigZero() *big.Float { return new(big.Float).SetPrec(bigBits) }

func mulBig(x, y *big.Float) *big.Float { return bigZero().Mul(x, y) }

func newBigProblem(p *problem) *bigProblem {
	b := &bigProblem{p: p}
	for i := range p.rows() {
		var row []*big.Float
		if p.intercept {
			row = append(row, newBig(1))
		}
		for _, v := range p.x.Data[i*p.x.Stride : i*p.x.Stride+p.x.Cols] {
			row = append(row, newBig(v))
		}
		b.x = append(b.x, row)
	}
	return b
}

// expBig returns eˣ: the Taylor series of e − 1 at x/2²⁴, doubled 24 times.
func expBig(x *big.Float) *big.Float {
	const halvings = 24
	r := bigZero().SetMantExp(x, -halvings)
	sum, term := bigZero(), newBig(1)
	for _, reciprocal := range reciprocals {
		term.Mul(term, r)
		term.Mul(term, reciprocal)
		sum.Add(sum, term)
	}
	two := newBig(2)
	for range halvings {
		sum.Mul(sum, bigZero().Add(sum, two))
	}
	return sum.Add(sum, newBig(1))
}

// reciprocals are 1, 1/2, 1/3 …
var reciprocals = func() (all []*big.Float) {
	for n := 1.0; n < 20; n++ {
		all = append(all, bigZero().Quo(newBig(1), newBig(n)))
	}
	return all
}()

// logBig returns log x by Newton's method on the exponential.
func logBig(x *big.Float) *big.Float {
	fraction := bigZero()
	exponent := x.MantExp(fraction)
	y := logFraction(fraction)
	return y.Sub(y, mulBig(newBig(float64(exponent)), logFraction(newBig(0.5))))
}

func logFraction(x *big.Float) *big.Float {
	f, _ := x.Float64()
	y := newBig(math.Log(f))
	for range 3 { // 16 digits, 32, 64, 128
		e := mulBig(x, expBig(bigZero().Neg(y)))
		y.Add(y, e.Sub(e, newBig(1)))
	}
	return y
}

// evaluate returns f, without the gauge, and if derivatives are wanted ∇f and
// ∇²f, with it.
func (b *bigProblem) evaluate(w []*big.Float, derivatives bool) (f *big.Float, grad []*big.Float, hess [][]*big.Float) {
	p := b.p
	n, d := p.size(), p.terms
	f = bigZero()
	if derivatives {
		grad = make([]*big.Float, n)
		hess = make([][]*big.Float, n)
		for i := range grad {
			grad[i] = bigZero()
			hess[i] = make([]*big.Float, n)
			for j := range hess[i] {
				hess[i][j] = bigZero()
			}
		}
	}
	products := map[float64]*big.Float{} // of the sums of exponentials, by weight
	for i, x := range b.x {
		c := mulBig(newBig(p.c), newBig(p.w(i)))
		z, e, total := make([]*big.Float, p.classes), make([]*big.Float, p.classes), bigZero()
		for k := range z {
			z[k] = bigZero()
			if l := k - p.first; l >= 0 {
				for j, v := range x {
					z[k].Add(z[k], mulBig(v, w[l*d+j]))
				}
			}
			if e[k] = expBig(z[k]); p.lost.in != nil && p.lost.has(i, k) {
				e[k] = bigZero()
			}
			total.Add(total, e[k])
		}
		share := make([]*big.Float, p.classes) // of the weight
		for k := range share {
			share[k] = bigZero()
			switch {
			case p.hits != nil && k == 1:
				share[k] = mulBig(newBig(p.c), newBig(p.hits[i]))
			case p.hits != nil:
				share[k] = bigZero().Sub(c, mulBig(newBig(p.c), newBig(p.hits[i])))
			case k == p.label[i]:
				share[k] = c
			}
			f.Sub(f, mulBig(share[k], z[k]))
		}
		if products[p.w(i)] == nil {
			products[p.w(i)] = newBig(1)
		}
		products[p.w(i)].Mul(products[p.w(i)], total)
		if !derivatives {
			continue
		}
		prob := make([]*big.Float, p.classes)
		for k := range prob {
			prob[k] = bigZero().Quo(e[k], total)
		}
		for k := range p.logits() {
			pk := prob[k+p.first]
			r := bigZero().Sub(mulBig(c, pk), share[k+p.first])
			for j, v := range x {
				grad[k*d+j].Add(grad[k*d+j], mulBig(r, v))
			}
			for l := range p.logits() {
				v := bigZero().Neg(mulBig(pk, prob[l+p.first]))
				if k == l {
					v.Add(v, pk)
				}
				v.Mul(v, c)
				for j, xj := range x {
					vx := mulBig(v, xj)
					for m, xm := range x {
						h := hess[k*d+j][l*d+m]
						h.Add(h, mulBig(vx, xm))
					}
				}
			}
		}
	}
	for weight, product := range products {
		f.Add(f, mulBig(mulBig(newBig(p.c), newBig(weight)), logBig(product)))
	}
	b.penalise(w, f, grad, hess)
	return f, grad, hess
}

func (b *bigProblem) penalise(w []*big.Float, f *big.Float, grad []*big.Float, hess [][]*big.Float) {
	p := b.p
	p.coefficients(func(i int, _ float64) {
		if q := newBig(p.penalty.ridge); q.Sign() > 0 {
			qw := mulBig(q, w[i])
			f.Add(f, mulBig(mulBig(qw, w[i]), newBig(0.5)))
			if grad != nil {
				grad[i].Add(grad[i], qw)
				hess[i][i].Add(hess[i][i], q)
			}
		}
		if l := newBig(p.penalty.lasso); l.Sign() > 0 {
			f.Add(f, mulBig(l, bigZero().Abs(w[i])))
			if grad != nil {
				grad[i].Add(grad[i], mulBig(l, newBig(float64(w[i].Sign()))))
			}
		}
		if p.penalty.logF { // log(1+eʷ) − w/2
			e := expBig(w[i])
			one := bigZero().Add(e, newBig(1))
			f.Add(f, bigZero().Sub(logBig(one), mulBig(w[i], newBig(0.5))))
			if grad != nil {
				share := bigZero().Quo(e, one)
				grad[i].Add(grad[i], bigZero().Sub(share, newBig(0.5)))
				hess[i][i].Add(hess[i][i], bigZero().Quo(share, one))
			}
		}
	})
	if grad == nil {
		return
	}
	for j := range p.gauged() {
		for i := j; i < len(w); i += p.terms {
			for l := j; l < len(w); l += p.terms {
				grad[i].Add(grad[i], w[l])
				hess[i][l].Add(hess[i][l], newBig(1))
			}
		}
	}
}

// optimum returns the optimum by Newton's method from coefficients close to it.
func (b *bigProblem) optimum(coef, low *mat.Dense) []*big.Float {
	w := bigCoef(coef)
	for i, l := range bigCoef(low) {
		w[i].Add(w[i], l)
	}
	for range 2 { // 30 digits, 60, 120
		_, g, h := b.evaluate(w, true)
		for i, s := range solveBig(h, g) {
			w[i].Sub(w[i], s)
		}
	}
	return w
}

func bigCoef(coef *mat.Dense) []*big.Float {
	var w []*big.Float
	rows, terms := coef.Dims()
	for i := range rows {
		for j := range terms {
			w = append(w, newBig(coef.At(i, j)))
		}
	}
	return w
}

// solveBig returns a⁻¹b for a positive definite a, which it overwrites.
func solveBig(a [][]*big.Float, b []*big.Float) []*big.Float {
	n := len(b)
	x := make([]*big.Float, n)
	for i := range x {
		x[i] = newBig(0).Set(b[i])
	}
	for k := range n {
		for i := k + 1; i < n; i++ {
			m := bigZero().Quo(a[i][k], a[k][k])
			for j := k; j < n; j++ {
				a[i][j].Sub(a[i][j], mulBig(m, a[k][j]))
			}
			x[i].Sub(x[i], mulBig(m, x[k]))
		}
	}
	for k := n - 1; k >= 0; k-- {
		for j := k + 1; j < n; j++ {
			x[k].Sub(x[k], mulBig(a[k][j], x[j]))
		}
		x[k].Quo(x[k], a[k][k])
	}
	return x
}
