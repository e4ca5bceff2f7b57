package reference

import (
	"fmt"
	"math"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// Score collects, for each function, how many cases passed and the worst
// errors beside PyTorch's. The zero value is ready to use.
type Score struct {
	fns  []string // in order of appearance
	rows map[string]*scoreRow
}

type scoreRow struct {
	passed, total int
	// Worst ULP against exact: [output, gradient][ours, PyTorch's].
	worst [2][2]float64
}

// Compare scores the output of a case and the gradients by name of the input,
// row-major, and returns what is wrong with them: nothing, if the case passed.
// The tolerances are those of the README of the reference tree.
//
//   - Against PyTorch: outputs relative 1e-13, gradients 1e-12 of the largest
//     entry, absolute 1e-15 near 0, unless the case is tagged
//     torch-differs-from-math and agrees with the exact values.
//   - Against the exact values: the ULP limits of [outputULP] or the above, the
//     gradients 1e-15 of the largest entry.
//   - In cases tagged hard or exact, no more ULP than PyTorch.
func (s *Score) Compare(c *LossCase, output *mat.Dense, grads map[string]*mat.Dense) (problems []string) {
	row := s.row(c.Fn)
	row.total++
	failed := func(format string, args ...any) { problems = append(problems, fmt.Sprintf(format, args...)) }

	got := flat(output)
	worst := math.NaN()
	if c.Exact.Output != nil {
		worst = row.add(0, got, c.Exact.Output.Floats(), c.TorchMaxULP["output"])
		allowed := outputULP(c)
		if c.notWorse() {
			allowed = min(allowed, float64(c.TorchMaxULP["output"]))
		}
		if worst > allowed {
			failed("output is off by %.3g ULP of %.3g", worst, allowed)
		}
		if p := differ(got, c.Exact.Output.Floats(), 1e-13, outputFloor(c)); p != "" && math.IsInf(allowed, 1) {
			failed("output is not exact: %s", p)
		}
	}
	if p := differ(got, c.Output.Floats(), 1e-13, 1e-15); p != "" && !(worst <= 8 && c.Tagged("torch-differs-from-math")) {
		failed("output is not PyTorch's: %s", p)
	}
	for name, want := range c.Grad {
		if grads[name] == nil {
			failed("no gradient of %s", name)
			continue
		}
		got, relative := flat(grads[name]), 0.0
		exact, isExact := c.Exact.Grad[name]
		if isExact {
			torch := c.TorchMaxULP["grad_"+name]
			limit := gradientULP(c)
			if c.notWorse() {
				limit = min(limit, float64(torch))
			}
			if worst := row.add(1, got, exact.Floats(), torch); worst > limit {
				failed("gradient of %s is off by %.3g ULP of %.3g", name, worst, limit)
			}
			if p := differ(got, exact.Floats(), 0, 1e-15*largest(exact.Floats())); p != "" {
				failed("gradient of %s is not exact: %s", name, p)
			}
		} else if c.Fn == "binary_cross_entropy" {
			relative = 1e-8 // PyTorch's floor of the denominator is 1e-12 in float32
		}
		if p := differ(got, want.Floats(), relative, 1e-12*largest(want.Floats())+1e-15); p != "" && !(isExact && c.Tagged("torch-differs-from-math")) {
			failed("gradient of %s is not PyTorch's: %s", name, p)
		}
	}
	if problems == nil {
		row.passed++
	}
	return problems
}

// Refused scores a call that has to be refused.
func (s *Score) Refused(c *LossCase, refused bool) {
	row := s.row("errors")
	if row.total++; refused {
		row.passed++
	}
}

// Log writes the table, and one line per function for the conformance report,
// to the output of the test, where lines start at the margin.
func (s *Score) Log(t testing.TB) {
	t.Helper()
	var b strings.Builder
	b.WriteString("largest error in ULP, PyTorch's in brackets\n")
	fmt.Fprintf(&b, "%-34s %8s %18s %22s\n", "", "passed", "outputs", "gradients")
	for _, fn := range s.fns {
		r := s.rows[fn]
		fmt.Fprintf(&b, "%-34s %4d/%-4d", fn, r.passed, r.total)
		for _, w := range r.worst {
			fmt.Fprintf(&b, " %9.3g (%8.3g)", w[0], w[1])
		}
		b.WriteByte('\n')
	}
	for _, fn := range s.fns {
		fmt.Fprintf(&b, "conformance: losses/%s %d/%d\n", fn, s.rows[fn].passed, s.rows[fn].total)
	}
	fmt.Printf("%s: %s", t.Name(), b.String())
}

func (s *Score) row(fn string) *scoreRow {
	if s.rows[fn] == nil {
		if s.rows == nil {
			s.rows = make(map[string]*scoreRow)
		}
		s.fns, s.rows[fn] = append(s.fns, fn), &scoreRow{}
	}
	return s.rows[fn]
}

// add notes the largest distance of got from exact beside PyTorch's, and
// returns it.
func (r *scoreRow) add(kind int, got, exact []float64, torch Number) float64 {
	worst := math.Inf(1)
	if len(got) == len(exact) {
		worst = 0
		for i, x := range exact {
			worst = max(worst, ULP(got[i], x))
		}
	}
	w := &r.worst[kind]
	w[0], w[1] = max(w[0], worst), max(w[1], float64(torch))
	return worst
}

func (c *LossCase) notWorse() bool { return c.Tagged("hard") || c.Tagged("exact") }

// outputULP is how far outputs of the function may be from the exact values;
// infinite where a relative tolerance holds instead.
func outputULP(c *LossCase) float64 {
	if c.Tagged("cancellation") {
		return math.Inf(1)
	}
	switch c.Fn {
	case "sigmoid", "logsigmoid", "softplus", "binary_cross_entropy_with_logits", "log_softmax":
		return 2
	case "cross_entropy":
		var reduction string
		if c.Option("reduction", &reduction); reduction == "none" {
			return 8
		}
	}
	if c.Tagged("exact") {
		return 8
	}
	return math.Inf(1)
}

// outputFloor is the absolute tolerance of outputs against the exact values.
func outputFloor(c *LossCase) float64 {
	if c.Tagged("cancellation") {
		return 1e-16
	}
	return 1e-15
}

func gradientULP(c *LossCase) float64 {
	switch c.Fn {
	case "sigmoid", "logsigmoid", "softplus":
		return 4
	}
	return math.Inf(1)
}

// ULP returns the distance of got from exact in units of the spacing of
// float64 at exact; where exact is 0, the absolute difference.
func ULP(got, exact float64) float64 {
	switch {
	case got == exact || math.IsNaN(got) && math.IsNaN(exact):
		return 0
	case math.IsNaN(got) || math.IsInf(got, 0) || math.IsNaN(exact) || math.IsInf(exact, 0):
		return math.Inf(1)
	case exact == 0:
		return math.Abs(got)
	}
	x := math.Abs(exact)
	spacing := math.Nextafter(x, math.Inf(1)) - x
	if x == math.MaxFloat64 {
		spacing = x - math.Nextafter(x, 0)
	}
	return math.Abs(got-exact) / spacing
}

// differ describes the first entry of got that is further from want than
// relative·|want| + absolute, "" if there is none. Infinities and NaN match
// only themselves.
func differ(got, want []float64, relative, absolute float64) string {
	if len(got) != len(want) {
		return fmt.Sprintf("%d numbers, not %d", len(got), len(want))
	}
	for i, w := range want {
		g := got[i]
		switch {
		case g == w || math.IsNaN(g) && math.IsNaN(w):
		case math.IsInf(w, 0) || !(math.Abs(g-w) <= relative*math.Abs(w)+absolute):
			return fmt.Sprintf("entry %d is %v, not %v", i, g, w)
		}
	}
	return ""
}

// largest returns the largest finite magnitude.
func largest(x []float64) (m float64) {
	for _, v := range x {
		if !math.IsInf(v, 0) && !math.IsNaN(v) {
			m = max(m, math.Abs(v))
		}
	}
	return m
}

func flat(m *mat.Dense) []float64 {
	raw := m.RawMatrix()
	if raw.Stride == raw.Cols {
		return raw.Data[:raw.Rows*raw.Cols]
	}
	return slices.Clone(mat.DenseCopyOf(m).RawMatrix().Data)
}
