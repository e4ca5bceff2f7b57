package datasets

import (
	"encoding/json"
	"fmt"
	"math"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/tensor"
)

// Schema is all that is needed to encode new rows as the rows of a Dataset were
// encoded. A model file holds it as JSON.
type Schema struct {
	Features []Feature `json:"features"`
	// Target is the column of a single target and Classes its values in
	// sorted order; Reference is one of them.
	Target    string   `json:"target,omitempty"`
	Classes   []string `json:"classes,omitempty"`
	Reference string   `json:"reference,omitempty"`
	// Labels are the columns of a multilabel target.
	Labels []Label `json:"labels,omitempty"`
	// Successes and Failures are the columns of grouped counts.
	Successes string `json:"successes,omitempty"`
	Failures  string `json:"failures,omitempty"`
	Weights   string `json:"weights,omitempty"`
}

// Feature is a column to predict from.
type Feature struct {
	Name string `json:"name"`
	// Levels of a categorical feature, sorted; the first is the reference.
	// Nil for a numeric feature.
	Levels []string `json:"levels,omitempty"`
	// Fill stands in for a missing number; nil if a missing number is an
	// error.
	Fill *float64 `json:"fill,omitempty"`
}

// Label is one column of a multilabel target: the cell that means 0 and the
// cell that means 1.
type Label struct {
	Name     string `json:"name"`
	Negative string `json:"negative"`
	Positive string `json:"positive"`
}

func (l *Label) codes() map[string]int { return map[string]int{l.Negative: 0, l.Positive: 1} }

// Terms names the columns of the encoded matrix: the name of a numeric feature,
// "name=level" for each level of a categorical one but the reference.
func (s *Schema) Terms() []string {
	terms := make([]string, 0, s.Width())
	for _, f := range s.Features {
		if f.Levels == nil {
			terms = append(terms, f.Name)
			continue
		}
		for _, level := range f.Levels[1:] {
			terms = append(terms, f.Name+"="+level)
		}
	}
	return terms
}

// Width returns the number of terms.
func (s *Schema) Width() int {
	width := 0
	for i := range s.Features {
		width += s.Features[i].width()
	}
	return width
}

func (f *Feature) width() int {
	if f.Levels == nil {
		return 1
	}
	return len(f.Levels) - 1
}

// ReferenceIndex returns the place of the reference class in Classes, or 0.
func (s *Schema) ReferenceIndex() int {
	for i, class := range s.Classes {
		if class == s.Reference {
			return i
		}
	}
	return 0
}

// Outcomes returns labels of two classes as an n×1 matrix: 0 for the reference
// class, 1 for the other. It panics if there are more than two classes.
func (s *Schema) Outcomes(labels []int) *mat.Dense {
	if len(s.Classes) > 2 {
		panic(&tensor.UsageError{Op: "datasets.Schema.Outcomes", Problem: fmt.Sprintf("%d classes; outcomes are of two", len(s.Classes))})
	}
	reference := s.ReferenceIndex()
	y := mat.NewDense(len(labels), 1, nil)
	for i, class := range labels {
		if class != reference {
			y.Set(i, 0, 1)
		}
	}
	return y
}

// encode writes the terms of one row. A raw value is the number itself, NaN where
// it is to be filled in, or the index of the level.
func (s *Schema) encode(dst, raw []float64) {
	t := 0
	for i := range s.Features {
		f := &s.Features[i]
		w := f.width()
		switch {
		case f.Levels != nil:
			clear(dst[t : t+w])
			if level := int(raw[i]); level > 0 {
				dst[t+level-1] = 1
			}
		case f.Fill != nil && math.IsNaN(raw[i]):
			dst[t] = *f.Fill
		default:
			dst[t] = raw[i]
		}
		t += w
	}
}

// EncodeRow returns the terms of one row given as a cell per column name, with
// '.' as the decimal point. Columns that are no features are ignored. The error
// is an *[Error] that names the column.
func (s *Schema) EncodeRow(row map[string]string) ([]float64, error) {
	raw := make([]float64, len(s.Features))
	p := plan{dialect: dialect{decimal: '.'}}
	for i := range s.Features {
		f := &s.Features[i]
		cell, ok := row[f.Name]
		if !ok {
			return nil, &Error{Column: f.Name, Problem: "is not in the row; the model needs it"}
		}
		b := block{columns: []column{f.column()}}
		var trim scanner
		v, _, problem := b.value(&p, 0, trim.trim([]byte(cell)), 0)
		if problem != "" {
			return nil, &Error{Column: f.Name, Problem: problem}
		}
		raw[i] = v
	}
	dst := make([]float64, s.Width())
	s.encode(dst, raw)
	return dst, nil
}

// column returns how cells of the feature are read.
func (f *Feature) column() column {
	c := column{name: f.Name, role: roleFeature, kind: kindNumber, fixed: true, fill: f.Fill != nil}
	if f.Levels != nil {
		c.kind, c.known = kindCategory, index(f.Levels)
	}
	return c
}

// UnmarshalJSON reads a Schema and refuses one that no table could have given.
func (s *Schema) UnmarshalJSON(data []byte) error {
	type plain Schema // without this method
	var p plain
	if err := json.Unmarshal(data, &p); err != nil {
		return err
	}
	if problem := (*Schema)(&p).problem(); problem != "" {
		return &Error{Problem: "schema: " + problem}
	}
	if len(p.Labels) == 0 { // a target has labels if the list is not nil
		p.Labels = nil
	}
	if len(p.Classes) == 0 {
		p.Classes = nil
	}
	*s = Schema(p)
	return nil
}

func (s *Schema) problem() string {
	if len(s.Features) == 0 {
		return "no features"
	}
	columns := []string{}
	for _, f := range s.Features {
		columns = append(columns, f.Name)
		if f.Levels != nil && (len(f.Levels) == 0 || !distinct(f.Levels)) {
			return fmt.Sprintf("the levels of %s are none or not distinct", quoteCell(f.Name))
		}
		if f.Levels != nil && f.Fill != nil {
			return fmt.Sprintf("feature %s has both levels and a number to fill in", quoteCell(f.Name))
		}
	}
	if s.Width() == 0 {
		return "no terms: every feature has one level only"
	}
	targets := 0
	if s.Target != "" {
		targets++
		columns = append(columns, s.Target)
	}
	if len(s.Labels) > 0 {
		targets++
	}
	for _, l := range s.Labels {
		columns = append(columns, l.Name)
		if l.Negative == l.Positive {
			return fmt.Sprintf("label %s has one value for both outcomes", quoteCell(l.Name))
		}
	}
	if s.Successes != "" || s.Failures != "" {
		targets++
		columns = append(columns, s.Successes, s.Failures)
	}
	if s.Weights != "" {
		columns = append(columns, s.Weights)
	}
	switch {
	case targets > 1:
		return "more than one kind of target"
	case s.Successes != "" && s.Weights != "":
		return "both grouped counts and weights"
	case !distinct(columns):
		return "a column without a name, or in two roles"
	case (s.Target == "") != (len(s.Classes) == 0):
		return "target and classes do not go together"
	case !distinct(s.Classes):
		return "classes are not distinct"
	case len(s.Classes) > 0 && s.Classes[s.ReferenceIndex()] != s.Reference:
		return fmt.Sprintf("reference %s is not a class", quoteCell(s.Reference))
	}
	return ""
}

// distinct reports whether no name is empty or comes twice.
func distinct(names []string) bool {
	m := index(names)
	_, empty := m[""]
	return len(m) == len(names) && !empty
}
