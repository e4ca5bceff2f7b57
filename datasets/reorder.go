package datasets

import "gonum.org/v1/gonum/mat"

// reorder puts row order[i] of d at place i, for a permutation, which it
// destroys. Rows move along the cycles of the permutation, so that one of them at
// a time is elsewhere.
func (d *Dataset) reorder(order []int) {
	var moved []moving
	for _, m := range []*mat.Dense{d.X, d.Y} {
		if m != nil {
			moved = append(moved, &movingRows{m: m, held: make([]float64, m.RawMatrix().Cols)})
		}
	}
	if d.Labels != nil {
		moved = append(moved, &movingValues[int]{values: d.Labels})
	}
	if d.Weights != nil {
		moved = append(moved, &movingValues[float64]{values: d.Weights})
	}
	for start := range order {
		if order[start] < 0 || order[start] == start {
			continue
		}
		for _, m := range moved {
			m.lift(start)
		}
		to := start
		for order[to] != start {
			from := order[to]
			for _, m := range moved {
				m.move(to, from)
			}
			order[to] = -1
			to = from
		}
		for _, m := range moved {
			m.drop(to)
		}
		order[to] = -1
	}
}

// moving is a column or a matrix whose rows change places: lift keeps a row, move
// copies one, drop puts down the row that was kept.
type moving interface {
	lift(from int)
	move(to, from int)
	drop(to int)
}

type movingRows struct {
	m    *mat.Dense
	held []float64
}

func (r *movingRows) lift(from int)     { copy(r.held, r.m.RawRowView(from)) }
func (r *movingRows) move(to, from int) { copy(r.m.RawRowView(to), r.m.RawRowView(from)) }
func (r *movingRows) drop(to int)       { copy(r.m.RawRowView(to), r.held) }

type movingValues[T any] struct {
	values []T
	held   T
}

func (v *movingValues[T]) lift(from int)     { v.held = v.values[from] }
func (v *movingValues[T]) move(to, from int) { v.values[to] = v.values[from] }
func (v *movingValues[T]) drop(to int)       { v.values[to] = v.held }

// slice returns rows of d in its own memory. Without rows its matrices are empty.
func (d *Dataset) slice(from, to int) *Dataset {
	part := &Dataset{Name: d.Name, Schema: d.Schema, X: sliceRows(d.X, from, to)}
	if d.Y != nil {
		part.Y = sliceRows(d.Y, from, to)
	}
	if d.Labels != nil {
		part.Labels = d.Labels[from:to:to]
	}
	if d.Weights != nil {
		part.Weights = d.Weights[from:to:to]
	}
	return part
}

func sliceRows(m *mat.Dense, from, to int) *mat.Dense {
	if from == to {
		return &mat.Dense{}
	}
	return m.Slice(from, to, 0, m.RawMatrix().Cols).(*mat.Dense)
}
