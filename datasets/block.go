package datasets

import (
	"bytes"
	"fmt"
	"math"
	"slices"
)

// block is a piece of the file, whole rows, on its way through a parser.
type block struct {
	text    []byte
	columns []column // as they were known when the text was read

	rows, dropped  int
	values, extras []float64 // row after row; a category is its code
	lines          []int     // line of each row
	firstLine      int
	lineBreaks     int
	err            *Error // stopped the parser after the rows above

	scan   scanner
	dicts  []*dictionary // for each column whose categories are collected
	global [][]int       // code in the whole table for each code of dicts
	done   chan struct{} // receives when the block is parsed
}

// largest is the greatest magnitude accepted: sums of squares of larger numbers
// would overflow.
const largest = 1e150

// parse reads the text into rows. Lines count from 1 at the start of the block.
func (b *block) parse(p *plan) {
	b.reset(p)
	for b.scan.pos < len(b.text) {
		if b.scan.blank() {
			continue
		}
		start := b.scan
		if e := b.parseRow(p); e != nil {
			b.err = b.explain(p, e, start)
			break
		}
	}
	b.lineBreaks = b.scan.line - 1
}

func (b *block) reset(p *plan) {
	b.rows, b.dropped, b.err = 0, 0, nil
	b.lines = b.lines[:0]
	b.scan = scanner{text: b.text, line: 1, separator: p.dialect.separator, unquoted: b.scan.unquoted}
	if b.dicts == nil {
		b.dicts = make([]*dictionary, len(b.columns))
	}
	for i, c := range b.columns {
		if c.kind == kindCategory && c.known == nil && b.dicts[i] == nil {
			b.dicts[i] = newDictionary()
		}
	}
	// No row is shorter than a byte a column, however short its lines.
	rows := min(bytes.Count(b.text, []byte{'\n'}), len(b.text)/len(b.columns)+1)
	b.values = slices.Grow(b.values[:0], rows*p.features)[:rows*p.features]
	b.extras = slices.Grow(b.extras[:0], rows*p.extras)[:rows*p.extras]
}

// parseRow reads one row into the next place of values and extras.
func (b *block) parseRow(p *plan) *Error {
	var (
		s      = &b.scan
		values = b.values[b.rows*p.features:][:p.features]
		extras = b.extras[b.rows*p.extras:][:p.extras]
		line   = s.line
		drop   = false
	)
	for i := range b.columns {
		c, final := &b.columns[i], i == len(b.columns)-1
		var v float64
		plain := false
		if c.kind == kindNumber {
			var end int
			if v, end, plain = plainNumber(s.text, s.pos, p.dialect); plain {
				if (s.text[end] == '\n') != final {
					return &Error{}
				}
				s.pos = end + 1
			}
		}
		at := line
		if !plain {
			at = s.line
			cell, last, problem := s.cell()
			if problem != "" {
				return &Error{Line: at, Column: c.name, Problem: problem}
			}
			if last != final {
				return &Error{}
			}
			if c.kind == kindUnused {
				continue
			}
			var missing bool
			v, missing, problem = b.value(p, i, cell, at)
			if problem != "" {
				return &Error{Line: at, Column: c.name, Problem: problem}
			}
			drop = drop || missing
		} else if final {
			s.line++
		}
		if c.role == roleFeature {
			values[c.slot] = v
			continue
		}
		if problem := c.check(v); problem != "" {
			return &Error{Line: at, Column: c.name, Problem: problem}
		}
		extras[c.slot] = v
	}
	if drop {
		b.dropped++
		return nil
	}
	if p.grouped && extras[0]+extras[1] == 0 {
		return nil // a group without a trial says nothing
	}
	b.lines = append(b.lines, line)
	b.rows++
	return nil
}

// value reads a cell that is no plain number. A missing cell is NaN if it is to
// be filled in; otherwise missing reports that the row is to be dropped.
func (b *block) value(p *plan, i int, cell []byte, line int) (v float64, missing bool, problem string) {
	c := &b.columns[i]
	number := c.kind != kindCategory
	if isMissing(cell) {
		switch {
		case number && c.fill:
			return math.NaN(), false, ""
		case p.missing == MissingDrop:
			return math.NaN(), true, ""
		}
		return 0, false, c.missingCell(cell)
	}
	if number {
		v, ok := parseNumber(cell, p.dialect.decimal)
		switch {
		case !ok && c.role == roleFeature && !c.fixed:
			return 0, false, quoteCell(cell) + " is not a number; use --categorical " + c.name + " to read the column as categories"
		case !ok:
			return 0, false, quoteCell(cell) + " is not a number"
		case math.Abs(v) > largest:
			return 0, false, tooLarge(cell)
		}
		return v, false, ""
	}
	code, ok := c.known[string(cell)]
	if c.known != nil {
		if !ok {
			return 0, false, c.unknownCategory(cell)
		}
		return float64(code), false, ""
	}
	d := b.dicts[i]
	before := len(d.texts)
	code = d.code(cell, line)
	if code == before {
		if problem := badName(cell); problem != "" {
			return 0, false, problem
		}
		if len(d.texts) > c.limit {
			return 0, false, c.tooMany()
		}
	}
	return float64(code), false, ""
}

// explain completes an error with the file, and prefers to say that the row has
// too few or too many cells, which is then why a cell makes no sense.
func (b *block) explain(p *plan, e *Error, row scanner) *Error {
	e.File = p.file
	line := row.line
	cells, problem := row.row()
	if problem == "" && len(cells) != len(b.columns) {
		return &Error{File: p.file, Line: line, Problem: fmt.Sprintf("%d cells, but the first line names %d columns", len(cells), len(b.columns))}
	}
	return e
}
