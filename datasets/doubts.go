package datasets

import (
	"fmt"
	"math"
	"strings"
)

// Columns that can be read, but not as what they seem to be.

// fewValues is a number of different values that is never doubted.
const fewValues = 20

// doubtfulLevels returns why the texts of a column are no categories, or "".
// Columns that were asked for as categories are not doubted.
func (t *table) doubtfulLevels(c *column, levels []string) string {
	switch {
	case c.asked:
		return ""
	case t.plan.dialect.decimalCommas(levels):
		return quoteCell(levels[0]) + " is not a number" + useDecimalComma
	case len(levels) > fewValues && 2*len(levels) > t.rows:
		return fmt.Sprintf("%d different texts in %d rows, as of names or numbers of cases: no categories to learn from; leave the column out (--exclude %s)",
			len(levels), t.rows, flagValue(c.name))
	}
	return ""
}

// tooMany says what is wrong with a column of more categories than are allowed.
func (t *table) tooMany(c *column, texts []string) string {
	if c.role == roleFeature && !c.asked && t.plan.dialect.decimalCommas(texts) {
		return quoteCell(texts[0]) + " is not a number" + useDecimalComma
	}
	return c.tooMany()
}

const useDecimalComma = "; for numbers with a decimal comma use --decimal ,"

// decimalCommas reports whether all texts are numbers, once a comma in some of
// them is taken for the decimal point.
func (d dialect) decimalCommas(texts []string) bool {
	commas := 0
	for _, text := range texts {
		if d.decimalComma(text) {
			commas++
		} else if _, ok := parseNumber([]byte(text), '.'); !ok {
			return false
		}
	}
	return commas > 0
}

// decimalComma reports whether a cell is a number as in 1,5, in a table whose
// decimal point could be the comma but is not.
func (d dialect) decimalComma(cell string) bool {
	if d.separator == ',' || d.decimal == ',' || strings.Count(cell, ",") != 1 {
		return false
	}
	_, ok := parseNumber([]byte(cell), ',')
	return ok
}

// isQuantity reports whether the classes are rather the values of a quantity:
// numbers, more of them than a tenth of the rows. Few numbers, or whole ones,
// are doubted only if there are more than half as many as rows.
func (t *table) isQuantity(classes []string) bool {
	n := len(classes)
	if n < 3 || 10*n <= t.rows {
		return false
	}
	whole := true
	for _, class := range classes {
		v, ok := parseNumber([]byte(strings.Replace(class, ",", ".", 1)), '.')
		if !ok {
			return false
		}
		whole = whole && v == math.Floor(v)
	}
	if whole {
		return n > fewValues && 2*n > t.rows
	}
	return n > fewValues || 2*n > t.rows
}
