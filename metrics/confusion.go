package metrics

// MaxConfusion is the number of classes up to which a confusion matrix is kept.
const MaxConfusion = 1000

// tally counts rows by true and predicted class.
type tally struct {
	hits, support, predicted []sum
	cells                    [][]sum // nil above MaxConfusion
}

func newTally(classes int) tally {
	t := tally{make([]sum, classes), make([]sum, classes), make([]sum, classes), nil}
	if classes <= MaxConfusion {
		t.cells = make([][]sum, classes)
		for i := range t.cells {
			t.cells[i] = make([]sum, classes)
		}
	}
	return t
}

func (t *tally) add(class, predicted int, w float64) {
	t.support[class].add(w)
	t.predicted[predicted].add(w)
	if class == predicted {
		t.hits[class].add(w)
	}
	if t.cells != nil {
		t.cells[class][predicted].add(w)
	}
}

func (t *tally) confusion() [][]float64 {
	var m [][]float64
	for _, cells := range t.cells {
		row := make([]float64, len(cells))
		for j := range cells {
			row[j] = cells[j].value()
		}
		m = append(m, row)
	}
	return m
}

// right is the weight of the rows predicted right.
func (t *tally) right() float64 {
	var s sum
	for i := range t.hits {
		s.add(t.hits[i].value())
	}
	return s.value()
}

// outcome is what precision, recall and F1 of one class are made of.
type outcome struct{ hits, support, predicted float64 }

func (t *tally) outcomes() []outcome {
	os := make([]outcome, len(t.hits))
	for i := range os {
		os[i] = outcome{t.hits[i].value(), t.support[i].value(), t.predicted[i].value()}
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
	var hits, support, predicted sum
	for _, o := range os {
		hits.add(o.hits)
		support.add(o.support)
		predicted.add(o.predicted)
	}
	return outcome{hits.value(), support.value(), predicted.value()}.averages()
}

func average(os []outcome, weight func(outcome) float64) Averages {
	var precision, recall, f1, total sum
	for _, o := range os {
		w := weight(o)
		total.add(w)
		if o.hits == 0 {
			continue // all three are 0, or count as 0
		}
		precision.addProduct(w, o.precision())
		recall.addProduct(w, o.recall())
		f1.addProduct(w, o.f1())
	}
	mean := func(s sum) Number { return Number(ratio(s.value(), total.value())) }
	return Averages{mean(precision), mean(recall), mean(f1)}
}
