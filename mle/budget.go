package mle

import "errors"

// budget is a number of multiplications that may still be made in looking for
// what is good to know but not needed. Counting them, and not time, keeps results
// the same on every machine.
type budget struct{ left float64 }

// errBudget is returned where a budget is spent.
var errBudget = errors.New("mle: the search would take too long")

// spend takes n from the budget. A nil budget has no end.
func (b *budget) spend(n int) error {
	if b == nil {
		return nil
	}
	if b.left -= float64(n); b.left < 0 {
		return errBudget
	}
	return nil
}

// exactCost is about the price of solving n equations with so many p-adic digits,
// in multiplications: those of an inverse modulo the prime, and those
// of whole numbers, which are fewer than they seem since most are short.
func exactCost(n, digits int) int { return n * n * (3*n + digits) }
