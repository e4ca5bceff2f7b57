package metrics

import "github.com/surprisal-ml/surprisal/tensor"

// MaxConfusion is the number of classes up to which a confusion matrix is kept.
const MaxConfusion = 1000

// tally counts rows by true and predicted class.
type tally struct {
	hits, support, predicted []tensor.Sum
	cells                    [][]tensor.Sum // nil above MaxConfusion
}

func newTally(classes int) tally {
	t := tally{make([]tensor.Sum, classes), make([]tensor.Sum, classes), make([]tensor.Sum, classes), nil}
	if classes <= MaxConfusion {
		t.cells = make([][]tensor.Sum, classes)
		for i := range t.cells {
			t.cells[i] = make([]tensor.Sum, classes)
		}
	}
	return t
}

func (t *tally) add(class, predicted int, w float64) {
	t.support[class].Add(w)
	t.predicted[predicted].Add(w)
	if class == predicted {
		t.hits[class].Add(w)
	}
	if t.cells != nil {
		t.cells[class][predicted].Add(w)
	}
}

func (t *tally) confusion() [][]float64 {
	var m [][]float64
	for _, cells := range t.cells {
		row := make([]float64, len(cells))
		for j := range cells {
			row[j] = cells[j].Value()
		}
		m = append(m, row)
	}
	return m
}

// right is the weight of the rows predicted right.
func (t *tally) right() float64 {
	var s tensor.Sum
	for i := range t.hits {
		s.Add(t.hits[i].Value())
	}
	return s.Value()
}

// outcome is what precision, recall and F1 of one class are made of.
type outcome struct{ hits, support, predicted float64 }

func (t *tally) outcomes() []outcome {
	os := make([]outcome, len(t.hits))
	for i := range os {
		os[i] = outcome{t.hits[i].Value(), t.support[i].Value(), t.predicted[i].Value()}
	}
	return os
}

func (o outcome) precision() float64 { return ratio(o.hits, o.predicted) }
func (o outcome) recall() float64    { return ratio(o.hits, o.support) }
func (o outcome) f1() float64        { return ratio(2*o.hits, o.predicted+o.support) }

func (o outcome) averages() Averages {
	return Averages{Number(o.precision()), Number(o.recall()), Number(o.f1())}
}

func (o outcome) class() Class {
	a := o.averages()
	return Class{
		Support: Number(o.support), Precision: a.Precision, Recall: a.Recall, F1: a.F1,
		ROCAUC: undefined, AveragePrecision: undefined,
	}
}

// macro is the plain mean over the classes that occur or are predicted.
func macro(os []outcome) Averages {
	return average(os, func(o outcome) float64 {
		if o.support == 0 && o.predicted == 0 {
			return 0
		}
		return 1
	})
}

func weighted(os []outcome) Averages {
	return average(os, func(o outcome) float64 { return o.support })
}

// micro is of all counts together.
func micro(os []outcome) Averages {
	var hits, support, predicted tensor.Sum
	for _, o := range os {
		hits.Add(o.hits)
		support.Add(o.support)
		predicted.Add(o.predicted)
	}
	return outcome{hits.Value(), support.Value(), predicted.Value()}.averages()
}

func average(os []outcome, weight func(outcome) float64) Averages {
	var precision, recall, f1, total tensor.Sum
	for _, o := range os {
		w := weight(o)
		total.Add(w)
		if o.hits == 0 {
			continue // all three are 0, or count as 0
		}
		precision.AddProduct(w, o.precision())
		recall.AddProduct(w, o.recall())
		f1.AddProduct(w, o.f1())
	}
	mean := func(s tensor.Sum) Number { return Number(ratio(s.Value(), total.Value())) }
	return Averages{mean(precision), mean(recall), mean(f1)}
}
