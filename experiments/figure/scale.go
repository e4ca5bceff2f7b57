package figure

import (
	"math"
	"strconv"
	"strings"
)

// scale maps the numbers of an axis to places on the paper.
type scale struct {
	min, max float64 // of the axis
	from, to float64 // on the paper
	log      bool
}

// at returns the place of x; NaN for what a logarithmic axis cannot show.
func (s scale) at(x float64) float64 {
	min, max := s.min, s.max
	if s.log {
		x, min, max = math.Log10(x), math.Log10(min), math.Log10(max)
	}
	if math.IsInf(x, 0) {
		return math.NaN()
	}
	return s.from + (s.to-s.from)*(x-min)/(max-min)
}

// room says where an axis goes on beyond the data.
type room int

const (
	everywhere room = iota
	above           // not below 0, where bars stand
	nowhere         // a heat map fills its chart
)

// bounds returns the least and largest number an axis has to show.
func (a Axis) bounds(data []float64, r room) (low, high float64) {
	if n := len(a.Categories); n > 0 {
		return -0.5, float64(n) - 0.5
	}
	if a.Min != 0 || a.Max != 0 {
		return a.Min, a.Max
	}
	low, high = math.Inf(1), math.Inf(-1)
	for _, x := range data {
		if math.IsNaN(x) || math.IsInf(x, 0) || a.Log && x <= 0 {
			continue
		}
		low, high = min(low, x), max(high, x)
	}
	switch {
	case low > high: // nothing to show
		low, high = 0, 1
		if a.Log {
			low, high = 1, 10
		}
	case r == nowhere && low < high:
	case a.Log && high/low < 10:
		low, high = low/2, high*2
	case a.Log:
		more := math.Pow(high/low, 0.03)
		low, high = low/more, high*more
	case low == high:
		low, high = low-1, high+1
	default:
		more := 0.03 * (high - low)
		high += more
		if r != above || low < 0 {
			low -= more
		}
	}
	return low, high
}

// tick is a labelled place on an axis.
type tick struct {
	at    float64
	label string
}

// ticks returns about n round numbers of an axis, and their labels.
func (a Axis) ticks(low, high float64, n int) []tick {
	var all []tick
	if len(a.Categories) > 0 {
		for i, name := range a.Categories {
			all = append(all, tick{float64(i), name})
		}
		return all
	}
	if a.Log {
		return logTicks(low, high, n)
	}
	step := math.Pow(10, math.Floor(math.Log10((high-low)/float64(n))))
	for _, factor := range []float64{2, 2.5, 2} { // 2, 5, 10 times
		if (high-low)/step <= float64(n) {
			break
		}
		step *= factor
	}
	decimals := max(0, -int(math.Floor(math.Log10(step)+1e-9)))
	for i := math.Ceil(low/step - 1e-9); i*step <= high+1e-9*step; i++ {
		all = append(all, tick{i * step, number(i*step, decimals)})
	}
	return all
}

func logTicks(low, high float64, n int) []tick {
	var all []tick
	from, to := math.Ceil(math.Log10(low)-1e-9), math.Floor(math.Log10(high)+1e-9)
	if to-from < 1.5 { // hardly a decade: 1, 2 and 5 of each
		for e := from - 1; e <= to+1; e++ {
			for _, m := range []float64{1, 2, 5} {
				if x := m * math.Pow(10, e); x >= low*(1-1e-9) && x <= high*(1+1e-9) {
					all = append(all, tick{x, number(x, max(0, -int(e)))})
				}
			}
		}
		return all
	}
	step := math.Ceil((to - from + 1) / float64(n))
	for _, round := range []float64{1, 2, 5, 10, 20, 50, 100} {
		if round >= step {
			step = round
			break
		}
	}
	for e := math.Ceil(from/step) * step; e <= to; e += step {
		x := math.Pow(10, e)
		label := "10" + superscript(int(e))
		if from >= -3 && to <= 6 {
			label = number(x, max(0, -int(e)))
		}
		all = append(all, tick{x, label})
	}
	return all
}

// number writes x with so many decimals, a true minus sign and spaces between
// thousands; very large and small numbers as powers of ten.
func number(x float64, decimals int) string {
	if x == 0 {
		return "0"
	}
	if a := math.Abs(x); decimals > 5 || a >= 1e7 {
		s := strconv.FormatFloat(x, 'e', 3, 64)
		mantissa, exponent, _ := strings.Cut(s, "e")
		e, _ := strconv.Atoi(exponent)
		mantissa = strings.TrimRight(strings.TrimRight(mantissa, "0"), ".")
		return strings.Replace(mantissa, "-", "−", 1) + "·10" + superscript(e)
	}
	s := strconv.FormatFloat(math.Abs(x), 'f', decimals, 64)
	whole, rest, _ := strings.Cut(s, ".")
	for i := len(whole) - 3; i > 0 && len(whole) > 4; i -= 3 {
		whole = whole[:i] + "\u202f" + whole[i:]
	}
	if rest != "" {
		whole += "." + rest
	}
	if x < 0 {
		whole = "−" + whole
	}
	return whole
}

func superscript(e int) string {
	return strings.NewReplacer("-", "⁻", "0", "⁰", "1", "¹", "2", "²", "3", "³", "4", "⁴",
		"5", "⁵", "6", "⁶", "7", "⁷", "8", "⁸", "9", "⁹").Replace(strconv.Itoa(e))
}
