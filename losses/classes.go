package losses

import "github.com/surprisal-ml/surprisal/tensor"

// classWeights says how much a row with a class counts.
type classWeights struct {
	class  []float64 // nil: all 1
	row    []float64 // nil: all 1
	ignore *int
}

// of returns the weight of row i with class k, 0 if it is ignored.
func (c *classWeights) of(i, k int) float64 {
	if c.ignored(i, k) {
		return 0
	}
	w := 1.0
	if c.class != nil {
		w = c.class[k]
	}
	if c.row != nil {
		w *= c.row[i]
	}
	return w
}

// ignored reports whether row i is not there, whatever the weight of class k.
func (c *classWeights) ignored(i, k int) bool {
	return c.ignore != nil && k == *c.ignore || c.row != nil && c.row[i] == 0
}

// total is the sum of the weights of the rows.
func (c *classWeights) total(y []int) float64 {
	if c.class == nil && c.row == nil && c.ignore == nil {
		return float64(len(y))
	}
	var sum tensor.Sum
	for i, k := range y {
		sum.Add(c.of(i, k))
	}
	return sum.Value()
}

func (c *classWeights) check(name string, rows, classes int) {
	checkColumns(name, "weight", c.class, classes)
	checkRowWeight(name, c.row, rows)
}

// checkClasses checks that every row has a class or is ignored.
func checkClasses(name string, y []int, rows, classes int, ignore *int) {
	if len(y) != rows {
		panic(misuse(name, "%d rows with %d targets", rows, len(y)))
	}
	for i, k := range y {
		if (k < 0 || k >= classes) && (ignore == nil || k != *ignore) {
			panic(misuse(name, "row %d: class %d of %d", i, k, classes))
		}
	}
}
