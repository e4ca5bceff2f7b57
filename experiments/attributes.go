package experiments

import (
	"slices"
	"strconv"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
)

// attributes are what a written digit may be, any of which or none.
var attributes = []struct {
	name string
	of   []int
}{
	{"even", []int{0, 2, 4, 6, 8}},
	{"at least 5", []int{5, 6, 7, 8, 9}},
	{"has a loop", []int{0, 6, 8, 9}},
	{"prime", []int{2, 3, 5, 7}},
}

// described are images of written digits with their attributes.
type described struct {
	x *mat.Dense // the ink in each row and column of the image, standardised
	y *mat.Dense // 0 or 1 for each attribute
}

// digitInk returns the images of written digits by the ink in their eight rows
// and in the five columns in the middle: few enough features for a linear model
// to be wrong now and then, so that estimates exist. Few images reach the outer
// columns, and those would be separated; and with all columns their ink would be
// that of all rows.
func digitInk() (*datasets.Dataset, error) {
	d, err := load("digits")
	if err != nil {
		return nil, err
	}
	const side, left, right = 8, 2, 6
	n := d.Len()
	ink := &datasets.Dataset{Name: d.Name, X: mat.NewDense(n, side+right-left+1, nil), Labels: d.Labels,
		Schema: &datasets.Schema{Target: d.Schema.Target, Classes: d.Schema.Classes, Reference: d.Schema.Reference}}
	for row := range side {
		ink.Schema.Features = append(ink.Schema.Features, datasets.Feature{Name: "row " + strconv.Itoa(row)})
	}
	for column := left; column <= right; column++ {
		ink.Schema.Features = append(ink.Schema.Features, datasets.Feature{Name: "column " + strconv.Itoa(column)})
	}
	for i := range n {
		for pixel := range side * side {
			v := d.X.At(i, pixel)
			row, column := pixel/side, pixel%side
			ink.X.Set(i, row, ink.X.At(i, row)+v)
			if column >= left && column <= right {
				ink.X.Set(i, side+column-left, ink.X.At(i, side+column-left)+v)
			}
		}
	}
	return ink, nil
}

// digitAttributes returns the images of digits in two parts, the second of new
// images.
func digitAttributes(seed uint64) (train, held described, err error) {
	d, err := digitInk()
	if err != nil {
		return train, held, err
	}
	all := described{d.X, mat.NewDense(d.Len(), len(attributes), nil)}
	for i, label := range d.Labels {
		digit, err := strconv.Atoi(d.Schema.Classes[label])
		if err != nil {
			return train, held, err
		}
		for k, a := range attributes {
			if slices.Contains(a.of, digit) {
				all.y.Set(i, k, 1)
			}
		}
	}
	here, there := datasets.SplitClasses(d.Labels, 0.4, seed)
	train, held = all.rows(here), all.rows(there)
	scaling := datasets.Standardize(train.x, nil)
	scaling.Apply(held.x)
	return train, held, nil
}

func (d described) rows(indices []int) described {
	_, features := d.x.Dims()
	part := described{mat.NewDense(len(indices), features, nil), mat.NewDense(len(indices), len(attributes), nil)}
	datasets.GatherRows(part.x, d.x, indices)
	datasets.GatherRows(part.y, d.y, indices)
	return part
}

func (d described) len() int {
	n, _ := d.x.Dims()
	return n
}

// vector returns the attributes of a row as the bits of a number.
func (d described) vector(i int) int {
	v := 0
	for k := range attributes {
		v |= int(d.y.At(i, k)) << k
	}
	return v
}
