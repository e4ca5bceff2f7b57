package datasets

import "slices"

// guessKinds settles the kind of the features whose first value stands in this
// text: a number makes a numeric column. The text is still to be parsed, so a
// row that cannot be split just ends the search here. line is the line of the
// text as long as there was no row before it.
func (p *plan) guessKinds(text []byte, line int) error {
	if !slices.ContainsFunc(p.columns, unknown) {
		return nil
	}
	before := p.columns
	p.columns = slices.Clone(before) // blocks on their way hold the old ones
	late := p.firstRow > 0
	s := scanner{text: text, line: line, separator: p.dialect.separator}
	for whole := true; whole && s.pos < len(text) && slices.ContainsFunc(p.columns, unknown); {
		if s.blank() {
			continue
		}
		if p.firstRow == 0 {
			p.firstRow = s.line
		}
		whole = p.guessRow(&s)
	}
	if !late || p.missing != MissingMean {
		return nil
	}
	for i, c := range p.columns {
		if unknown(before[i]) && c.kind == kindCategory {
			return &Error{File: p.file, Line: p.firstRow, Column: c.name, Problem: "a value is missing, and a category has no mean; use --missing drop"}
		}
	}
	return nil
}

// guessRow reports whether the row could be split into the right cells.
func (p *plan) guessRow(s *scanner) bool {
	for i := range p.columns {
		cell, last, problem := s.cell()
		if problem != "" || last != (i == len(p.columns)-1) {
			return false
		}
		c := &p.columns[i]
		if !unknown(*c) || isMissing(cell) {
			continue
		}
		c.kind = kindCategory
		if _, ok := parseNumber(cell, p.dialect.decimal); ok {
			c.kind = kindNumber
		}
	}
	return true
}

func unknown(c column) bool { return c.kind == kindUnknown }
