package metrics

import (
	"iter"
	"slices"
	"sort"

	"github.com/surprisal-ml/surprisal/tensor"
)

// ranking keeps the scores of the rows of a class and of the other rows apart,
// so that no row needs to keep its label.
type ranking struct{ pos, neg scores }

// add adds a row that counts as pos rows of the class and neg others.
func (r *ranking) add(score, pos, neg float64) {
	r.pos.add(score, pos)
	r.neg.add(score, neg)
}

// step is the weight of the rows of one score.
type step struct{ score, pos, neg float64 }

// steps yields the distinct scores from the highest down.
func (r *ranking) steps() iter.Seq[step] {
	return func(yield func(step) bool) {
		r.pos.sort()
		r.neg.sort()
		i, j := len(r.pos.value), len(r.neg.value)
		for i > 0 || j > 0 {
			var s step
			if j == 0 || i > 0 && r.pos.value[i-1] > r.neg.value[j-1] {
				s.score = r.pos.value[i-1]
			} else {
				s.score = r.neg.value[j-1]
			}
			s.pos, i = r.pos.take(s.score, i)
			s.neg, j = r.neg.take(s.score, j)
			if !yield(s) {
				return
			}
		}
	}
}

// areas returns the area under the ROC curve and the average precision.
func (r *ranking) areas() (auc, ap float64) {
	var pos, neg, area, precision tensor.Sum
	for s := range r.steps() {
		above := pos.Value()
		area.AddProduct(s.neg, above+s.pos/2)
		pos.Add(s.pos)
		neg.Add(s.neg)
		if s.pos > 0 {
			p := pos.Value()
			precision.AddProduct(s.pos, p/(p+neg.Value()))
		}
	}
	p, n := pos.Value(), neg.Value()
	return ratio(area.Value(), p*n), ratio(precision.Value(), p)
}

// otherPrecision returns the average precision of the other rows as the class
// that is looked for, by the scores with their sign changed.
func (r *ranking) otherPrecision() float64 {
	r.pos.negate()
	r.neg.negate()
	_, ap := (&ranking{r.neg, r.pos}).areas()
	r.pos.negate()
	r.neg.negate()
	return ap
}

// scores are a list of scores with weights, which are nil while all are 1. It
// sorts by score.
type scores struct{ value, weight []float64 }

func (s *scores) add(v, w float64) {
	if w == 0 {
		return
	}
	if w != 1 && s.weight == nil {
		s.weight = slices.Repeat([]float64{1}, len(s.value))
	}
	s.value = append(s.value, v)
	if s.weight != nil {
		s.weight = append(s.weight, w)
	}
}

// take returns the weight of the scores equal to v that end before end, and
// where they begin.
func (s *scores) take(v float64, end int) (weight float64, begin int) {
	begin = end
	for begin > 0 && s.value[begin-1] == v {
		begin--
	}
	if s.weight == nil {
		return float64(end - begin), begin
	}
	var total tensor.Sum
	for _, w := range s.weight[begin:end] {
		total.Add(w)
	}
	return total.Value(), begin
}

func (s *scores) negate() {
	for i := range s.value {
		s.value[i] = -s.value[i]
	}
}

func (s *scores) sort() {
	if s.weight == nil {
		slices.Sort(s.value)
	} else {
		sort.Sort(s)
	}
}

func (s *scores) Len() int           { return len(s.value) }
func (s *scores) Less(i, j int) bool { return s.value[i] < s.value[j] }
func (s *scores) Swap(i, j int) {
	s.value[i], s.value[j] = s.value[j], s.value[i]
	s.weight[i], s.weight[j] = s.weight[j], s.weight[i]
}
