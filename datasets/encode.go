package datasets

import (
	"math"
	"runtime/debug"
	"slices"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// features fills in the schema's features and returns, for each categorical
// one, the place of each code among its levels.
func (t *table) features(d *Dataset) (places [][]int, err error) {
	s := d.Schema
	s.Features = make([]Feature, t.plan.features)
	places = make([][]int, t.plan.features)
	var means []float64
	if t.plan.missing == MissingMean {
		means, d.Filled = t.means(d.Weights)
	}
	for i, c := range t.plan.columns {
		if c.role != roleFeature {
			continue
		}
		f := &s.Features[c.slot]
		f.Name = c.name
		switch {
		case c.kind == kindUnknown:
			return nil, &Error{File: t.plan.file, Column: c.name, Problem: "every cell is missing; leave the column out"}
		case c.kind == kindCategory:
			f.Levels, places[c.slot] = t.dicts[i].sorted(t.used(t.dicts[i], c.slot))
			if problem := t.doubtfulLevels(&c, f.Levels); problem != "" {
				return nil, &Error{File: t.plan.file, Column: c.name, Problem: problem}
			}
		case means != nil && math.IsNaN(means[c.slot]):
			return nil, &Error{File: t.plan.file, Column: c.name, Problem: "has no mean to fill in: every row that has a number has weight 0"}
		case means != nil:
			f.Fill = &means[c.slot]
		}
	}
	if s.Width() == 0 {
		return nil, &Error{File: t.plan.file, Problem: "nothing to predict from: every feature has one level only"}
	}
	return places, nil
}

// used reports which codes of a categorical feature occur in a row that counts.
func (t *table) used(d *dictionary, slot int) []bool {
	used := make([]bool, len(d.texts))
	for _, segment := range t.segments {
		for i := slot; i < len(segment); i += t.plan.features {
			used[int(segment[i])] = true
		}
	}
	return used
}

// means returns the weighted mean of the numbers of each feature, NaN where
// there is none, and how many numbers are missing.
func (t *table) means(weights []float64) (means []float64, missing int) {
	total, count := make([]tensor.Sum, t.plan.features), make([]tensor.Sum, t.plan.features)
	row := 0
	for _, segment := range t.segments {
		for ; len(segment) > 0; segment = segment[t.plan.features:] {
			w := 1.0
			if weights != nil {
				w = weights[row]
			}
			for j, v := range segment[:t.plan.features] {
				if math.IsNaN(v) {
					missing++
					continue
				}
				total[j].AddProduct(w, v)
				count[j].Add(w)
			}
			row++
		}
	}
	means = make([]float64, t.plan.features)
	for j := range means {
		means[j] = total[j].Value() / count[j].Value()
	}
	return means, missing
}

// encode makes X. Rows of numbers that stand in one piece are X already.
func (t *table) encode(d *Dataset, places [][]int) {
	width, features := d.Schema.Width(), t.plan.features
	if len(t.segments) == 1 && !slices.ContainsFunc(places, func(p []int) bool { return p != nil }) {
		d.X = mat.NewDense(t.rows, width, t.segments[0])
		if t.plan.missing == MissingMean {
			for i := range t.rows {
				d.Schema.encode(d.X.RawRowView(i), d.X.RawRowView(i))
			}
		}
		return
	}
	d.X = mat.NewDense(t.rows, width, nil)
	row, garbage := 0, 0
	for i, segment := range t.segments {
		t.segments[i] = nil
		garbage += len(segment)
		for ; len(segment) > 0; segment = segment[features:] {
			raw := segment[:features]
			for j, place := range places {
				if place != nil {
					raw[j] = float64(place[int(raw[j])])
				}
			}
			d.Schema.encode(d.X.RawRowView(row), raw)
			row++
		}
		// X is touched page by page: giving encoded segments back keeps a
		// large table from standing in memory twice.
		if garbage > max(8<<20, t.rows*features/8) {
			debug.FreeOSMemory()
			garbage = 0
		}
	}
}
