package experiments

import (
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/surprisal-ml/surprisal/experiments/figure"
)

// The methods below put a result together, in the order in which it is read.

func (r *Result) text(format string, args ...any) {
	r.Body = append(r.Body, Block{Text: fmt.Sprintf(format, args...)})
}

func (r *Result) formula(f string) { r.Body = append(r.Body, Block{Formula: f}) }

func (r *Result) table(t *Table) { r.Body = append(r.Body, Block{Table: t}) }

func (r *Result) figure(f *figure.Figure) { r.Body = append(r.Body, Block{Figure: f}) }

func (r *Result) number(name string, value float64, unit string) {
	r.Numbers = append(r.Numbers, Number{name, Value(value), unit})
}

func (r *Result) check(what string, got float64, relation Relation, limit float64, unit string) {
	r.Checks = append(r.Checks, Check{What: what, Got: Value(got), Relation: relation, Limit: Value(limit), Unit: unit})
}

// decide is check for the one that says most; a result has one of them.
func (r *Result) decide(what string, got float64, relation Relation, limit float64, unit string) {
	r.check(what, got, relation, limit, unit)
	r.Checks[len(r.Checks)-1].Decisive = true
}

// num writes four significant digits of x.
func num(x float64) string { return sig(x, 4) }

// sig writes so many significant digits of x, in full between 1e-4 and 1e7 and
// as a power of ten beyond.
func sig(x float64, digits int) string {
	switch a := math.Abs(x); {
	case math.IsInf(x, 1):
		return "∞"
	case math.IsInf(x, -1):
		return "−∞"
	case math.IsNaN(x):
		return "not a number"
	case x == 0:
		return "0"
	case a == math.Trunc(a) && a < 1e15:
		return count(int(x))
	case a >= 1e-4 && a < 1e7:
		decimals := max(0, digits-1-int(math.Floor(math.Log10(a))))
		s := strconv.FormatFloat(x, 'f', decimals, 64)
		if strings.Contains(s, ".") {
			s = strings.TrimRight(strings.TrimRight(s, "0"), ".")
		}
		return strings.Replace(s, "-", "−", 1)
	}
	s := strconv.FormatFloat(x, 'e', digits-1, 64)
	mantissa, exponent, _ := strings.Cut(s, "e")
	if strings.Contains(mantissa, ".") {
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
	}
	e, _ := strconv.Atoi(exponent)
	return strings.Replace(mantissa, "-", "−", 1) + "·10" + superscripts.Replace(strconv.Itoa(e))
}

var superscripts = strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
	"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹")

// count writes a whole number with narrow spaces between its thousands.
func count(n int) string {
	s := strconv.Itoa(n)
	sign := ""
	if n < 0 {
		s, sign = s[1:], "−"
	}
	for i := len(s) - 3; i > 0 && len(s) > 4; i -= 3 {
		s = s[:i] + "\u202f" + s[i:]
	}
	return sign + s
}

// percent writes a share in percent, to a tenth.
func percent(x float64) string { return strconv.FormatFloat(100*x, 'f', 1, 64) + " %" }
