package datasets

import (
	"fmt"
	"maps"
	"slices"
)

// check returns what is wrong with a number in the column's role, or "". NaN
// stands for a missing cell of a row that is dropped.
func (c *column) check(v float64) string {
	switch c.role {
	case roleWeight:
		if v < 0 {
			return fmt.Sprintf("weight %v is negative", v)
		}
	case roleSuccesses, roleFailures:
		switch {
		case v < 0:
			return fmt.Sprintf("%v is negative, and a count is not", v)
		case v > maxExactMantissa:
			return fmt.Sprintf("%v is too large for a count: whole numbers beyond 2⁵³ are not exact", v)
		}
	}
	return ""
}

// missingCell says what is missing, where it can be neither filled in nor left
// out.
func (c *column) missingCell(cell []byte, policy Missing) string {
	found := quoteCell(cell)
	if len(cell) == 0 {
		found = "the empty cell"
	}
	switch {
	case c.role == roleFeature && c.kind != kindCategory:
		return found + " is not a number; use --missing drop or --missing mean"
	case c.kind != kindCategory:
		return found + " is not a number; use --missing drop"
	case c.role == roleFeature && policy == MissingMean:
		return found + " stands for a missing value, and a category has no mean; use --missing drop"
	}
	return found + " stands for a missing value; use --missing drop"
}

func (c *column) noNumber(cell []byte, d dialect) string {
	problem := quoteCell(cell) + " is not a number"
	switch {
	case d.decimalComma(string(cell)):
		problem += useDecimalComma
	case c.role == roleFeature && !c.fixed:
		problem += "; use --categorical " + flagValue(c.name) + " to read the column as categories"
	}
	return problem
}

func (c *column) unknownCategory(cell []byte) string {
	what, known := "level", slices.Collect(maps.Keys(c.known))
	if c.role == roleTarget {
		what = "class"
	}
	sortNames(known)
	return fmt.Sprintf("%s is not a %s the model knows; it knows %s", quoteCell(cell), what, listNames(known))
}

func (c *column) tooMany() string {
	if c.role == roleTarget {
		return fmt.Sprintf("more than %d different values; this looks like a number to predict, not a class", c.limit)
	}
	return fmt.Sprintf("more than %d levels; leave the column out (--exclude %s)", c.limit, flagValue(c.name))
}

func tooLarge(cell []byte) string {
	if _, word := infinity(cell); word {
		return quoteCell(cell) + " is infinite; leave the row out, or leave the cell empty and use --missing"
	}
	return quoteCell(cell) + " is beyond 1e150, where sums of squares overflow; rescale the column"
}
