package mle

import (
	"context"
	"fmt"
	"math/big"
	"strings"

	"github.com/surprisal-ml/surprisal/internal/exact"
)

// columnSpace is the span of the rows that have a weight.
type columnSpace struct {
	*exact.Echelon
	rows [][]*big.Int // independent ones, in whole numbers
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

// aliases returns the columns that depend on those before them, each proved by
// a vector that is orthogonal to all rows.
func (p *problem) aliases(ctx context.Context, s *columnSpace) ([]Alias, error) {
	var all []Alias
	e := p.exactRows()
	for _, column := range s.Free() {
		unit := make([]*big.Int, p.terms)
		for j := range unit {
			unit[j] = new(big.Int)
		}
		unit[column].SetInt64(1)
		v, ok := exact.Complete(s.rows, s.Pivots(), unit)
		for i := 0; ok && i < p.rows(); i++ {
			if i%1024 == 0 && ctx.Err() != nil {
				return nil, ctx.Err()
			}
			ok = p.w(i) == 0 || v.Sign(e.row(i)) == 0
		}
		if !ok {
			return nil, &Error{Column: p.names[column], Problem: "it depends on the others but for its last digits; leave it out"}
		}
		all = append(all, Alias{p.names[column], p.relation(column, v)})
	}
	return all, nil
}

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
			return fmt.Sprintf("%s is a linear combination of the columns before it", p.names[column])
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
