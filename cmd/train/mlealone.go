package main

import (
	"cmp"
	"slices"

	"github.com/surprisal-ml/surprisal/mle"
)

// printAlone names the features that separate by themselves: a column that is the
// target in other words, and levels whose rows are all of one class. At names a
// label by its index, and is not used for other targets.
func (t *task) printAlone(w *page, x *mle.Existence, at int) {
	const most = 8
	if x.Direction == nil || t.train.Schema.Successes != "" {
		return
	}
	class := func(i int) int {
		if t.train.Y != nil {
			return int(t.train.Y.At(i, at))
		}
		return t.train.Labels[i]
	}
	var whole, levels []string
	column := 0
	for _, f := range t.train.Schema.Features {
		if f.Levels == nil {
			if t.dividesClasses(column, class) {
				whole = append(whole, f.Name)
			}
			column++
			continue
		}
		pure, seen := t.pureLevels(column, len(f.Levels), class)
		switch {
		case seen > 1 && len(pure) == seen:
			whole = append(whole, f.Name)
		default:
			for _, k := range pure {
				levels = append(levels, quoted([]string{f.Name})[0]+" = "+quoted([]string{f.Levels[k]})[0])
			}
		}
		column += len(f.Levels) - 1
	}
	switch {
	case len(whole) == 1:
		w.entry("", "%s alone tells the classes apart: is it the target in other words?", quoted(whole)[0])
	case len(whole) > 1:
		w.entry("", "Each of %s alone tells the classes apart: are they the target in other words?", enumerate(quoted(whole), most))
	}
	if len(levels) > 0 {
		w.entry("", "All rows are of one class where %s.", enumerate(levels, most))
	}
}

// dividesClasses reports whether each class has an interval of the values of a
// column to itself.
func (t *task) dividesClasses(column int, class func(i int) int) bool {
	order := t.weighed()
	value := func(i int) float64 { return t.train.X.At(i, column) }
	slices.SortFunc(order, func(a, b int) int {
		return cmp.Or(cmp.Compare(value(a), value(b)), cmp.Compare(class(a), class(b)))
	})
	done := map[int]bool{}
	for n, i := range order {
		if n == 0 || class(i) == class(order[n-1]) {
			continue
		}
		done[class(order[n-1])] = true
		if done[class(i)] || value(i) == value(order[n-1]) {
			return false
		}
	}
	return len(done) > 0
}

// pureLevels returns the levels of a factor whose rows are all of one class, and
// the number of levels that have rows. The columns are those of all but the first.
func (t *task) pureLevels(column, levels int, class func(i int) int) (pure []int, seen int) {
	classes := make([]map[int]bool, levels)
	for _, i := range t.weighed() {
		k := 0
		for j := 1; j < levels; j++ {
			if t.train.X.At(i, column+j-1) != 0 {
				k = j
			}
		}
		if classes[k] == nil {
			classes[k] = map[int]bool{}
		}
		classes[k][class(i)] = true
	}
	for k, of := range classes {
		if len(of) > 0 {
			seen++
		}
		if len(of) == 1 {
			pure = append(pure, k)
		}
	}
	return pure, seen
}

// weighed returns the rows that have a weight.
func (t *task) weighed() []int {
	var rows []int
	for i := range t.train.Len() {
		if t.train.Weights == nil || t.train.Weights[i] > 0 {
			rows = append(rows, i)
		}
	}
	return rows
}

// printSingle names the classes that have a single row to train on.
func (t *task) printSingle(w *page) {
	const most = 8
	counts := make([]int, len(t.train.Schema.Classes))
	for _, i := range t.weighed() {
		if t.train.Labels != nil {
			counts[t.train.Labels[i]]++
		}
	}
	var single []string
	for k, n := range counts {
		if n == 1 {
			single = append(single, t.train.Schema.Classes[k])
		}
	}
	if len(single) > 0 && t.train.Len() > 2 {
		w.entry("", "Of a single row each: %s. What is said of such a class rests on that row.", enumerate(quoted(single), most))
	}
}
