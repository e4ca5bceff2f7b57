package mle

import (
	"context"
	"math/big"
	"strings"

	"github.com/surprisal-ml/surprisal/internal/exact"
)

// columnSpace is the span of the rows that have a weight.
type columnSpace struct {
	*exact.Echelon
	rows [][]*big.Int // independent ones, in whole numbers
	// unproved: of some dependent columns it is known modulo the prime only.
	unproved bool
}

// columns is that of the problem, computed once.
func (s *solver) columns(ctx context.Context) (space *columnSpace, err error) {
	if s.space == nil {
		s.space, err = s.p.columns(ctx)
	}
	return s.space, err
}

// columns finds which columns depend on those before them.
func (p *problem) columns(ctx context.Context) (*columnSpace, error) {
	s := &columnSpace{Echelon: exact.NewEchelon(p.terms)}
	e := p.exactRows()
	for i := 0; i < p.rows() && s.Rank() < p.terms; i++ {
		if i%64 == 0 && ctx.Err() != nil {
			return nil, ctx.Err()
		}
		if p.w(i) != 0 && s.Add(e.residues(i), i) {
			s.rows = append(s.rows, exact.Ints(e.row(i), nil))
		}
	}
	return s, nil
}

// Relations are proved of so many columns, of at most so many independent ones,
// with so many products of whole numbers in all. More would take seconds.
const (
	mostRelations   = 40
	largestRelated  = 500
	relationsBudget = 2e7
)

// aliases returns the columns that depend on those before them. Each is proved by
// a vector that is orthogonal to all rows, which also says how it depends on them;
// for large problems elimination modulo a prime has to do, and s.unproved is set.
func (p *problem) aliases(ctx context.Context, s *columnSpace) ([]Alias, error) {
	free, n := s.Free(), s.Rank()
	var complete *exact.Completion
	if n <= largestRelated {
		if c, ok := exact.NewCompletion(ctx, s.rows, s.Pivots()); ok {
			complete = c
		}
	}
	digits := relationsBudget / (max(1, n*n) * min(len(free), mostRelations))
	var all []Alias
	for i, column := range free {
		if err := ctx.Err(); err != nil {
			return nil, err
		}
		if complete != nil && i < mostRelations {
			v, found, err := p.related(ctx, complete, column, digits)
			if err != nil {
				return nil, err
			}
			if found {
				all = append(all, Alias{p.names[column], p.relation(column, v)})
				continue
			}
		}
		s.unproved = true
		all = append(all, Alias{p.names[column], p.names[column] + unreadable})
	}
	return all, nil
}

// related returns the combination of the column and the independent ones that is
// 0 in all rows, false if so many digits do not determine it.
func (p *problem) related(ctx context.Context, c *exact.Completion, column, digits int) (exact.Vector, bool, error) {
	unit := make([]*big.Int, p.terms)
	for j := range unit {
		unit[j] = new(big.Int)
	}
	unit[column].SetInt64(1)
	v, found := c.Complete(ctx, unit, digits)
	if err := ctx.Err(); err != nil || !found {
		return v, false, err
	}
	e := p.exactRows()
	for i := range p.rows() {
		if i%1024 == 0 && ctx.Err() != nil {
			return v, false, ctx.Err()
		}
		if p.w(i) != 0 && v.Sign(e.row(i)) != 0 {
			return v, false, &Error{Column: p.names[column], Problem: "it depends on the others but for its last digits; leave it out"}
		}
	}
	return v, true, nil
}

const unreadable = " is a linear combination of the columns before it"

// relation writes v·columns = 0 as what the column equals, if that can be read.
func (p *problem) relation(column int, v exact.Vector) string {
	const longest, largest = 12, 1000 // terms, numerators and denominators
	var b strings.Builder
	n := 0
	for j, x := range v.Ints() {
		if j == column || x.Sign() == 0 {
			continue
		}
		f := new(big.Rat).SetFrac(x, v.Ints()[column])
		f.Neg(f)
		n++
		if n > longest || f.Denom().Cmp(big.NewInt(largest)) > 0 || new(big.Int).Abs(f.Num()).Cmp(big.NewInt(largest)) > 0 {
			return p.names[column] + unreadable
		}
		sign := "+"
		if f.Sign() < 0 {
			sign = "-"
			f.Neg(f)
		}
		switch {
		case n > 1:
			b.WriteString(" " + sign + " ")
		case sign == "-":
			b.WriteString(sign)
		}
		if f.Cmp(big.NewRat(1, 1)) != 0 {
			b.WriteString(f.RatString() + "·")
		}
		b.WriteString(p.names[j])
	}
	if n == 0 {
		return p.names[column] + " = 0"
	}
	return p.names[column] + " = " + b.String()
}
