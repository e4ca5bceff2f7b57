package mle

import (
	"context"
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/surprisal-ml/surprisal/internal/dd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// constants returns the columns that are the same in every row with a weight, as
// terms.
func (p *problem) constants() (terms []int) {
	skip, first := p.skip(), []float64(nil)
	for i := range p.rows() {
		if p.w(i) == 0 {
			continue
		}
		row := tensor.Row(p.x, i)
		if first == nil {
			first = row
			for j := range row {
				terms = append(terms, j+skip)
			}
			continue
		}
		kept := terms[:0]
		for _, j := range terms {
			if row[j-skip] == first[j-skip] {
				kept = append(kept, j)
			}
		}
		if terms = kept; len(terms) == 0 {
			return nil
		}
	}
	return terms
}

// fold moves what constant columns contribute to the logits to the intercepts,
// which are not penalised: that is how every penalised optimum is, whose
// coefficients of such columns are 0 and not what rounding makes of 0.
func (p *problem) fold(theta dd.Vector) {
	if len(p.constant) == 0 {
		return
	}
	for i := range p.rows() {
		if p.w(i) == 0 {
			continue
		}
		x := tensor.Row(p.x, i)
		for _, j := range p.constant {
			for at := j; at < len(theta.Hi); at += p.terms {
				theta.Add(at-j, theta.At(at).MulFloat(x[j-1]*p.scale[j]))
				theta.Set(at, dd.Float{})
			}
		}
		return
	}
}

// equal returns two columns that are the same in every row with a weight, as
// terms. Columns with the same hash are compared.
func (p *problem) equal() (a, b int, found bool) {
	hash := make([]uint64, p.x.Cols)
	for i := range p.rows() {
		if p.w(i) == 0 {
			continue
		}
		for j, v := range tensor.Row(p.x, i) {
			hash[j] = (hash[j] ^ math.Float64bits(v+0)) * 0x9e3779b97f4a7c15 // −0 + 0 is 0
			hash[j] ^= hash[j] >> 32
		}
	}
	skip, seen := p.skip(), map[uint64]int{}
	for j, h := range hash {
		if other, ok := seen[h]; ok && p.same(other, j) {
			return other + skip, j + skip, true
		}
		seen[h] = j
	}
	return 0, 0, false
}

func (p *problem) same(a, b int) bool {
	for i := range p.rows() {
		if x := tensor.Row(p.x, i); p.w(i) != 0 && x[a] != x[b] {
			return false
		}
	}
	return true
}

// dependence names columns that make the information singular and can be told at
// a glance, of any number of columns: zeros, constants beside the intercept, and
// a pair that is equal. It is empty if there are none.
func (p *problem) dependence() string {
	var zero, constant []string
	for _, j := range p.constants() {
		if p.empty(j) {
			zero = append(zero, strconv.Quote(p.names[j]))
		} else if p.intercept {
			constant = append(constant, strconv.Quote(p.names[j]))
		}
	}
	switch a, b, found := p.equal(); {
	case len(zero) > 0:
		return "; drop what is 0 in every row: " + listed(zero)
	case len(constant) > 0:
		return "; drop what is the same in every row, as the intercept is: " + listed(constant)
	case found:
		return fmt.Sprintf("; the columns %q and %q are equal: drop one", p.names[a], p.names[b])
	}
	return ""
}

// empty reports whether column j is 0 in every row with a weight.
func (p *problem) empty(j int) bool {
	for i := range p.rows() {
		if p.w(i) != 0 && tensor.Row(p.x, i)[j-p.skip()] != 0 {
			return false
		}
	}
	return true
}

// listed joins up to five names.
func listed(names []string) string {
	const most = 5
	if len(names) <= most {
		return strings.Join(names, ", ")
	}
	return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
}

// ambiguity says which columns an L1 penalty cannot tell apart, if that is why
// there is no certificate.
func (s *solver) ambiguity(ctx context.Context) string {
	p := s.p
	if p.penalty.lasso == 0 || p.penalty.ridge > 0 {
		return ""
	}
	a, b, found := p.equal()
	if !found {
		return s.mixture(ctx)
	}
	return fmt.Sprintf("; the columns %q and %q are equal, and an L1 penalty determines no more than the sum of their coefficients: drop one, or fit an elastic net",
		p.names[a], p.names[b])
}

// mixture is ambiguity for columns that depend on others, constants apart, which
// an L1 penalty leaves to the intercept.
func (s *solver) mixture(ctx context.Context) string {
	if s.p.terms > largestExamined {
		return ""
	}
	all, err := s.aliases(ctx)
	all = slices.DeleteFunc(slices.Clone(all), func(a Alias) bool {
		return slices.ContainsFunc(s.p.constant, func(j int) bool { return s.p.names[j] == a.Term })
	})
	if err != nil || len(all) == 0 {
		return ""
	}
	return fmt.Sprintf("; the columns are dependent, which may leave an L1 penalty several optima: leave out a column of each relation, or fit an elastic net: %s", listed(relationsOf(all)))
}
