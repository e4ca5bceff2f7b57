package datasets

import (
	"fmt"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"
)

// target reads the classes of the rows, or their labels.
func (t *table) target(d *Dataset, o *Options) error {
	if len(o.Target) > 1 {
		d.Schema.Labels = make([]Label, len(o.Target))
		d.Y = mat.NewDense(t.rows, len(o.Target), nil)
	}
	for k, name := range o.Target {
		i := t.plan.at[name]
		slot := t.plan.columns[i].slot
		dict := t.dicts[i]
		used := make([]bool, len(dict.texts))
		codes := make([]int, t.rows)
		for row := range codes {
			codes[row] = int(t.extras[row*t.plan.extras+slot])
			used[codes[row]] = true
		}
		classes, place := dict.sorted(used)
		if len(o.Target) == 1 {
			if o.MaxClasses == 0 && t.isQuantity(classes) {
				return &Error{File: t.plan.file, Column: name, Problem: fmt.Sprintf(
					"%d different numbers in %d rows, such as %s: a quantity to predict, not a class; put it into classes first",
					len(classes), t.rows, quoteCell(classes[0]))}
			}
			for row, code := range codes {
				codes[row] = place[code]
			}
			d.Labels = codes
			d.Schema.Target, d.Schema.Classes = name, classes
			return t.reference(d.Schema, o.Reference)
		}
		label, err := t.label(name, classes, dict)
		if err != nil {
			return err
		}
		d.Schema.Labels[k] = label
		for row, code := range codes {
			if dict.texts[code] == label.Positive {
				d.Y.Set(row, k, 1)
			}
		}
	}
	return nil
}

func (t *table) reference(s *Schema, reference string) error {
	s.Reference = s.Classes[0]
	if reference == "" {
		return nil
	}
	if !slices.Contains(s.Classes, reference) {
		return &Error{File: t.plan.file, Column: s.Target, Problem: fmt.Sprintf(
			"the reference %s is not a class; the classes are %s", quoteCell(reference), listNames(s.Classes))}
	}
	s.Reference = reference
	return nil
}

// outcomes are pairs whose order is known whatever the spelling.
var outcomes = [][2]string{{"0", "1"}, {"-1", "1"}, {"no", "yes"}, {"n", "y"}, {"false", "true"}, {"f", "t"}}

// label settles which cell of a multilabel column means 1: by the word, or else
// the second in sorted order. A column of one known word is constant; any other
// has two values.
func (t *table) label(name string, values []string, dict *dictionary) (Label, error) {
	l := Label{Name: name}
	switch len(values) {
	case 1:
		for _, pair := range outcomes {
			for side, word := range pair {
				if strings.EqualFold(values[0], word) {
					l.Negative, l.Positive = pair[0], pair[1]
					if side == 0 {
						l.Negative = values[0]
					} else {
						l.Positive = values[0]
					}
					return l, nil
				}
			}
		}
		return l, &Error{File: t.plan.file, Column: name, Problem: fmt.Sprintf(
			"every cell is %s; a label column needs two values such as 0 and 1", quoteCell(values[0]))}
	case 2:
		l.Negative, l.Positive = values[0], values[1]
		for _, pair := range outcomes {
			if strings.EqualFold(values[0], pair[1]) && strings.EqualFold(values[1], pair[0]) {
				l.Negative, l.Positive = values[1], values[0]
			}
		}
		return l, nil
	}
	third := slices.DeleteFunc(slices.Clone(dict.texts), func(text string) bool { return !slices.Contains(values, text) })[2]
	return l, &Error{File: t.plan.file, Line: dict.lines[dict.codes[third]], Column: name, Problem: fmt.Sprintf(
		"%s is a third value; a label column has two, such as 0 and 1 (a single target column may have more)", quoteCell(third))}
}
