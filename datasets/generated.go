package datasets

import (
	"bytes"
	"fmt"
	"io"
	"slices"
	"strconv"
)

// A recipe computes a data set that has a name.
type recipe struct {
	name, description, source string
	make                      func() *Dataset
}

var recipes = []recipe{
	{"moons", "Two interleaved half circles with noise, which no straight line separates", "generated: TwoMoons(500, 0.2, 1)",
		func() *Dataset { return TwoMoons(500, 0.2, 1) }},
	{"xor", "Four clouds around the corners of a square, opposite ones of the same class", "generated: XOR(500, 0.4, 1)",
		func() *Dataset { return XOR(500, 0.4, 1) }},
}

// Generated describes the data sets that [Load] computes, sorted by name: the
// classic ones that a model without hidden layers cannot learn.
func Generated() []Info {
	sets := make([]Info, len(recipes))
	for i, r := range recipes {
		sets[i] = r.info()
	}
	return sets
}

func (r *recipe) info() Info {
	d := r.make()
	return Info{
		Name: r.name, Description: r.description, Rows: d.Len(), Features: d.Schema.Width(),
		Classes: d.Schema.Classes, Target: d.Schema.Target, Licence: "BSD-3-Clause", Source: r.source,
	}
}

// open returns the data set as CSV, with all digits.
func (r *recipe) open() io.ReadCloser {
	d := r.make()
	var b bytes.Buffer
	for _, f := range d.Schema.Features {
		b.WriteString(f.Name + ",")
	}
	fmt.Fprintln(&b, d.Schema.Target)
	for i, class := range d.Labels {
		for _, x := range d.X.RawRowView(i) {
			b.WriteString(strconv.FormatFloat(x, 'g', -1, 64) + ",")
		}
		fmt.Fprintln(&b, d.Schema.Classes[class])
	}
	return io.NopCloser(&b)
}

func generated(name string) (*recipe, bool) {
	i := slices.IndexFunc(recipes, func(r recipe) bool { return r.name == name })
	if i < 0 {
		return nil, false
	}
	return &recipes[i], true
}
