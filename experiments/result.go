package experiments

import (
	"encoding/json"
	"fmt"
	"math"
	"strings"

	"github.com/surprisal-ml/surprisal/experiments/figure"
)

// Result is what came out of an experiment.
type Result struct {
	// Checks decide the claim: all of them have to hold.
	Checks []Check `json:"checks"`
	// Correction says what is imprecise in the claim as it is usually put; ""
	// if nothing is.
	Correction string `json:"correction,omitempty"`
	// Numbers are the key figures beside the checks.
	Numbers []Number `json:"numbers,omitempty"`
	// Body is the explanation, in reading order.
	Body []Block `json:"body"`
}

// Verdict is what an experiment says of its claim.
type Verdict string

// The verdicts.
const (
	Holds          Verdict = "holds"
	HoldsCorrected Verdict = "holds with a correction"
	Fails          Verdict = "fails"
	Missing        Verdict = "missing" // of an [Outcome] without a result
)

// Verdict is decided by the checks alone. Without any the claim fails: nothing
// has been shown.
func (r *Result) Verdict() Verdict {
	if len(r.Checks) == 0 || len(r.Failed()) > 0 {
		return Fails
	}
	if r.Correction != "" {
		return HoldsCorrected
	}
	return Holds
}

// Failed returns the checks that do not hold.
func (r *Result) Failed() []Check {
	var failed []Check
	for _, c := range r.Checks {
		if !c.Holds() {
			failed = append(failed, c)
		}
	}
	return failed
}

// Decisive returns the check to quote where there is room for one: the first that
// fails, or else the one that is marked, or else the first. It returns false if
// there are none.
func (r *Result) Decisive() (Check, bool) {
	if failed := r.Failed(); len(failed) > 0 {
		return failed[0], true
	}
	for _, c := range r.Checks {
		if c.Decisive {
			return c, true
		}
	}
	if len(r.Checks) > 0 {
		return r.Checks[0], true
	}
	return Check{}, false
}

// Tables returns the tables of the explanation.
func (r *Result) Tables() []*Table {
	var all []*Table
	for _, b := range r.Body {
		if b.Table != nil {
			all = append(all, b.Table)
		}
	}
	return all
}

// Figures returns the figures of the explanation.
func (r *Result) Figures() []*figure.Figure {
	var all []*figure.Figure
	for _, b := range r.Body {
		if b.Figure != nil {
			all = append(all, b.Figure)
		}
	}
	return all
}

// Check is a number that a claim stands or falls with.
type Check struct {
	What     string   `json:"what"`
	Got      Value    `json:"got"`
	Relation Relation `json:"relation"`
	Limit    Value    `json:"limit"`
	Unit     string   `json:"unit,omitempty"`
	// Decisive marks the check to quote where there is room for one.
	Decisive bool `json:"decisive,omitempty"`
}

// Relation is how a number has to stand to its limit.
type Relation string

// The relations.
const (
	AtMost  Relation = "≤"
	AtLeast Relation = "≥"
	Above   Relation = ">"
	Exactly Relation = "="
)

// Holds reports whether the number keeps to its limit; NaN does not.
func (c Check) Holds() bool {
	switch c.Relation {
	case AtMost:
		return c.Got <= c.Limit
	case AtLeast:
		return c.Got >= c.Limit
	case Above:
		return c.Got > c.Limit
	case Exactly:
		return c.Got == c.Limit
	}
	return false
}

// String writes the check as what: got relation limit.
func (c Check) String() string {
	return strings.TrimSpace(fmt.Sprintf("%s: %s %s %s %s", c.What, c.Got, c.Relation, c.Limit, c.Unit))
}

// Number is a key figure.
type Number struct {
	Name  string `json:"name"`
	Value Value  `json:"value"`
	Unit  string `json:"unit,omitempty"`
}

// Value is a number that in JSON may be "inf", "-inf" or "nan".
type Value float64

// MarshalJSON implements json.Marshaler.
func (v Value) MarshalJSON() ([]byte, error) {
	switch x := float64(v); {
	case math.IsNaN(x):
		return []byte(`"nan"`), nil
	case math.IsInf(x, 0):
		return json.Marshal(strings.ToLower(strings.TrimPrefix(fmt.Sprint(x), "+")))
	default:
		return json.Marshal(x)
	}
}

// String writes four significant digits.
func (v Value) String() string { return num(float64(v)) }

// Block is a piece of the explanation; one of its fields is set.
type Block struct {
	// Text is a paragraph. Formulas stand between dollar signs, in the notation
	// of package report; *words* are emphasised.
	Text string `json:"text,omitempty"`
	// Formula stands on a line of its own; three blanks separate two of them.
	Formula string         `json:"formula,omitempty"`
	Table   *Table         `json:"table,omitempty"`
	Figure  *figure.Figure `json:"figure,omitempty"`
}

// Table is a table.
type Table struct {
	Title   string   `json:"title"`
	Columns []string `json:"columns"`
	// Rows have a string, an int or a Value in each cell.
	Rows [][]any `json:"rows"`
}

// Add appends a row; a float64 becomes a Value.
func (t *Table) Add(cells ...any) {
	for i, c := range cells {
		if x, ok := c.(float64); ok {
			cells[i] = Value(x)
		}
	}
	t.Rows = append(t.Rows, cells)
}

// Text returns a cell as it is printed.
func (t *Table) Text(row, column int) string {
	if n, ok := t.Rows[row][column].(int); ok {
		return count(n)
	}
	return fmt.Sprint(t.Rows[row][column])
}
