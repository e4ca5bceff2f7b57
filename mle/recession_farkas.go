package mle

import (
	"context"
	"math/big"

	"github.com/surprisal-ml/surprisal/internal/exact"
)

// farkas decides in exact arithmetic between the alternatives of Farkas's lemma:
// a target is a non-negative combination of contests plus any combination of
// fixed rows, or there is a direction that lowers no margin, is orthogonal to
// the fixed rows and has a negative product with the target.
//
// It is the simplex method with Bland's rule, which never returns to a basis:
// Schrijver, "Theory of Linear and Integer Programming" (1986), section 7.1.
type farkas struct {
	p     *problem
	each  func(i int, do func(y, k int)) // the contests of row i
	fixed [][]*big.Int
	// columns are parameters that are independent on contests and fixed rows,
	// and determine the others.
	columns []int
	budget  *budget
}

// direction returns the direction; false if the target is a combination. The
// search starts from contests that are thought to be among those it takes.
func (f *farkas) direction(ctx context.Context, target []*big.Int, start []int) (exact.Vector, bool, error) {
	basis, ok := f.basis(start)
	if !ok {
		return exact.Vector{}, false, &NotCertifiedError{Why: "the contests between the classes do not span their space"}
	}
	want := pick(target, f.columns)
	for range 50 * len(f.columns) {
		rows := f.rows(basis)
		if f.budget != nil {
			if err := f.budget.spend(2 * exactCost(len(rows), exact.Digits(rows))); err != nil {
				return exact.Vector{}, false, err
			}
		}
		m, ok := exact.Combination(ctx, rows, want)
		if err := ctx.Err(); err != nil {
			return exact.Vector{}, false, err
		}
		if !ok {
			return exact.Vector{}, false, &NotCertifiedError{Why: "a basis of contests is singular"}
		}
		leaving := -1
		for b, id := range basis {
			if m[b].Sign() < 0 && (leaving < 0 || id < basis[leaving]) {
				leaving = b
			}
		}
		if leaving < 0 {
			return exact.Vector{}, false, nil
		}
		others := append(append([][]*big.Int(nil), rows[:leaving]...), rows[leaving+1:]...)
		normal, ok := exact.Normal(ctx, others, len(f.columns))
		if err := ctx.Err(); err != nil {
			return exact.Vector{}, false, err
		}
		if !ok {
			return exact.Vector{}, false, &NotCertifiedError{Why: "a basis of contests is singular"}
		}
		v := f.scatter(normal, rows[leaving])
		entering, err := f.lowered(ctx, v)
		if err != nil {
			return v, false, err
		}
		if entering < 0 {
			return v, true, nil
		}
		basis[leaving] = entering
	}
	return exact.Vector{}, false, &NotCertifiedError{Why: "the data are separated or nearly so; an exact linear program did not end in the steps that it is given. Fit with a penalty"}
}

// basis returns contests that with the fixed rows are independent and span
// everything, the given ones first.
func (f *farkas) basis(start []int) (basis []int, ok bool) {
	p, n := f.p, len(f.columns)
	e, rows := exact.NewEchelon(n), p.exactRows()
	for i, row := range f.fixed {
		residues := make([]uint64, n)
		for j, v := range pick(row, f.columns) {
			residues[j] = exact.IntResidue(v)
		}
		e.Add(residues, -1-i)
	}
	add := func(i, y, k int, residues []uint64) {
		if e.Add(pick(rows.contest(residues, y, k), f.columns), 0) {
			basis = append(basis, i*p.classes+k)
		}
	}
	for _, id := range start {
		i, k := id/p.classes, id%p.classes
		add(i, p.observed(i, k), k, rows.residues(i))
	}
	for i := 0; i < p.rows() && e.Rank() < n; i++ {
		residues := rows.residues(i)
		f.each(i, func(y, k int) { add(i, y, k, residues) })
	}
	return basis, e.Rank() == n
}

// rows returns the contests of a basis and the fixed rows.
func (f *farkas) rows(basis []int) [][]*big.Int {
	p, e := f.p, f.p.exactRows()
	var rows [][]*big.Int
	for _, id := range basis {
		i, k := id/p.classes, id%p.classes
		rows = append(rows, pick(e.wholeContest(i, p.observed(i, k), k), f.columns))
	}
	for _, row := range f.fixed {
		rows = append(rows, pick(row, f.columns))
	}
	return rows
}

// scatter returns the direction of all parameters that has the entries of v, or
// their opposites, so that its product with the row is positive.
func (f *farkas) scatter(v exact.Vector, row []*big.Int) exact.Vector {
	var product, t big.Int
	for j, x := range v.Ints() {
		product.Add(&product, t.Mul(x, row[j]))
	}
	all := make([]*big.Int, f.p.size())
	for at := range all {
		all[at] = new(big.Int)
	}
	for j, at := range f.columns {
		if all[at].Set(v.Ints()[j]); product.Sign() < 0 {
			all[at].Neg(all[at])
		}
	}
	return exact.FromInts(all)
}

// lowered returns the first contest whose margin v lowers, −1 if there is none.
func (f *farkas) lowered(ctx context.Context, v exact.Vector) (first int, err error) {
	differences, e := f.p.differences(v), f.p.exactRows()
	first = -1
	for i := 0; i < f.p.rows() && first < 0; i++ {
		if i%64 == 0 && ctx.Err() != nil {
			return first, ctx.Err()
		}
		x := e.row(i)
		f.each(i, func(y, k int) {
			if first < 0 && differences[y*f.p.classes+k].Sign(x) < 0 {
				first = i*f.p.classes + k
			}
		})
	}
	return first, nil
}

// pick returns the entries of v at the given places.
func pick[T any](v []T, at []int) []T {
	some := make([]T, len(at))
	for i, j := range at {
		some[i] = v[j]
	}
	return some
}
