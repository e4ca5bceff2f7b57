package datasets

import "sort"

// lines are the lines of a file on which rows begin. Rows mostly follow each other
// line by line, so that the places are kept where they do not.
type lines struct {
	runs []run
	rows int
	// A part of the rows of the file: only those, or all but those held out, both
	// ascending.
	only, held []int
}

// run is a row and its line; those after it are on the lines after it.
type run struct{ row, line int }

// add appends the rows that begin on the given lines.
func (l *lines) add(at []int) {
	for _, line := range at {
		if n := len(l.runs); n == 0 || l.runs[n-1].line+l.rows-l.runs[n-1].row != line {
			l.runs = append(l.runs, run{l.rows, line})
		}
		l.rows++
	}
}

// divide returns the lines of the rows held out, and of the others.
func (l *lines) divide(held []int) (others, those *lines) {
	if l == nil || l.only != nil || l.held != nil {
		return nil, nil
	}
	return &lines{runs: l.runs, held: held}, &lines{runs: l.runs, only: held}
}

// of returns the line of a row, 0 if it is not known.
func (l *lines) of(row int) int {
	if l == nil {
		return 0
	}
	if l.only != nil {
		row = l.only[row]
	} else {
		row += sort.Search(len(l.held), func(k int) bool { return l.held[k]-k > row })
	}
	last := l.runs[sort.Search(len(l.runs), func(k int) bool { return l.runs[k].row > row })-1]
	return last.line + row - last.row
}

// Line returns the line of the file on which row i begins, counted from 1 with the
// line of the names; 0 if it is not known. It is for data read from a file, and for
// the parts that SplitInPlace makes of them.
func (d *Dataset) Line(i int) int { return d.lines.of(i) }
