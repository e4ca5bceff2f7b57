package mle

import (
	"math"
	"math/big"
	"strconv"
	"strings"
)

// fraction returns the fraction of least denominator that is so near to x, by its
// continued fraction.
func fraction(x, within float64) float64 {
	if some(x, within) == 0 {
		return 0
	}
	n, d := convergent(x, within)
	return n / d
}

// convergent returns the first convergent of the continued fraction of x that is
// so near to it.
func convergent(x, within float64) (n, d float64) {
	n, d = math.Floor(x), 1
	before, below := 1.0, 0.0
	for rest := x - math.Floor(x); math.Abs(n/d-x) > within && rest > 0 && d < 1e9; {
		whole := math.Floor(1 / rest)
		rest = 1/rest - whole
		n, before = whole*n+before, n
		d, below = whole*d+below, d
	}
	return n, d
}

// decimal returns the number with fewest significant digits that is so near to x.
func decimal(x, within float64) float64 {
	if some(x, within) == 0 {
		return 0
	}
	for digits := range 17 {
		if y, err := strconv.ParseFloat(strconv.FormatFloat(x, 'e', digits, 64), 64); err == nil && math.Abs(x-y) <= within {
			return y
		}
	}
	return x
}

// some returns x, or 0 where that is so near to it.
func some(x, within float64) float64 {
	if math.Abs(x) <= within {
		return 0
	}
	return x
}

// nearRelation writes Σ vⱼ·column = 0 with v −1 for the given term as what that
// equals, if that can be read.
func (p *problem) nearRelation(term int, v []float64) string {
	const longest = 12
	var b strings.Builder
	n := 0
	for j, a := range v {
		if j == term || a == 0 {
			continue
		}
		if n++; n > longest {
			return p.names[term] + unreadable
		}
		sign := "+"
		if a < 0 {
			sign = "-"
		}
		switch {
		case n > 1:
			b.WriteString(" " + sign + " ")
		case sign == "-":
			b.WriteString(sign)
		}
		if f := readable(math.Abs(a)); f != "1" {
			b.WriteString(f + "·")
		}
		b.WriteString(p.names[j])
	}
	if n == 0 {
		return p.names[term] + " = 0"
	}
	return p.names[term] + " = " + b.String()
}

// readable writes a coefficient: a fraction of small numbers where it is one that
// takes many digits, with six digits otherwise.
func readable(x float64) string {
	text := strconv.FormatFloat(x, 'g', 12, 64)
	if len(text) <= 12 {
		return text
	}
	if n, d := convergent(x, 1e-15*x); d <= 1000 && n <= 1000 && d > 0 {
		return big.NewRat(int64(n), int64(d)).RatString()
	}
	return strconv.FormatFloat(x, 'g', 6, 64)
}
