package datasets

import (
	"cmp"
	"fmt"
	"slices"
	"strconv"

	"github.com/surprisal-ml/surprisal/internal/spelling"
)

// role is what a column is for.
type role uint8

const (
	roleNone role = iota
	roleFeature
	roleTarget
	roleWeight
	roleSuccesses
	roleFailures
)

// clash says why a column of one role cannot have another.
func (r role) clash(other role) string {
	names := [...]string{
		roleFeature: "a feature", roleTarget: "the target", roleWeight: "the weights",
		roleSuccesses: "the successes", roleFailures: "the failures",
	}
	if r == other {
		return "is named twice as " + names[r]
	}
	return fmt.Sprintf("is %s and cannot be %s", names[r], names[other])
}

// kind is how a column's cells are read.
type kind uint8

const (
	kindUnused  kind = iota
	kindUnknown      // a feature of which only missing cells have been seen
	kindNumber
	kindCategory
)

// column is one column of the file. Its values go to the row of features or, for
// every other role, to the row of extras, at index slot.
type column struct {
	name  string
	role  role
	kind  kind
	slot  int
	known map[string]int // codes fixed by a Schema; nil when they are being collected
	fixed bool           // the kind is fixed by a Schema
	asked bool           // to be read as categories, by name
	fill  bool           // a missing number may become NaN, to be filled in
	limit int            // of categories to collect
	keep  int            // 1 + its place among the columns whose text is wanted; 0: it is not
}

// plan says how to read the rows of one file. Parsers share it; a block brings
// the columns as they were known when it was read, the rest does not change.
type plan struct {
	file     string
	dialect  dialect
	missing  Missing
	columns  []column       // of the file, in its order
	at       map[string]int // index of each column by name
	features int            // values per row
	extras   int            // values per row beside the features
	kept     int            // texts per row
	grouped  bool           // the first two extras are successes and failures
	weighted bool           // the last extra is the weight
	firstRow int            // line of the first row, once guessKinds has seen it
}

// find returns the column with a name.
func (p *plan) find(name, what string) (*column, error) {
	if i, ok := p.at[name]; ok {
		return &p.columns[i], nil
	}
	names := make([]string, len(p.columns))
	for i, c := range p.columns {
		names[i] = c.name
	}
	hint := cmp.Or(lackOfNames(names), "the columns are "+listNames(names))
	return nil, &Error{File: p.file, Problem: fmt.Sprintf("no column %s for the %s%s; %s",
		quoteCell(name), what, spelling.Hint(name, names), hint)}
}

// lackOfNames returns a question to ask when a first row of numbers makes no
// sense as names, or "".
func lackOfNames(names []string) string {
	for _, name := range names {
		if _, ok := parseNumber([]byte(name), '.'); !ok {
			return ""
		}
	}
	return "does the first line hold data instead of names?"
}

// assign gives a column its one role.
func (p *plan) assign(name, what string, r role, k kind) (*column, error) {
	c, err := p.find(name, what)
	if err != nil {
		return nil, err
	}
	if c.role != roleNone {
		return nil, &Error{File: p.file, Column: name, Problem: c.role.clash(r)}
	}
	c.role, c.kind = r, k
	if r == roleFeature {
		c.slot = p.features
		p.features++
	} else {
		c.slot = p.extras
		p.extras++
		p.weighted = r == roleWeight
	}
	return c, nil
}

// planHeader checks the names of the columns.
func planHeader(file string, line int, names []string, d dialect, missing Missing) (*plan, error) {
	p := &plan{file: file, dialect: d, missing: missing, columns: make([]column, len(names)), at: make(map[string]int, len(names))}
	for i, name := range names {
		if name == "" {
			return nil, &Error{File: file, Line: line, Problem: fmt.Sprintf("column %d of %d has no name; every column needs one in the first line", i+1, len(names))}
		}
		if problem := badName(name); problem != "" {
			return nil, &Error{File: file, Line: line, Problem: "column " + strconv.Itoa(i+1) + ": " + problem}
		}
		if j, ok := p.at[name]; ok {
			return nil, &Error{File: file, Line: line, Problem: fmt.Sprintf("columns %d and %d are both named %s; %s",
				j+1, i+1, quoteCell(name), cmp.Or(lackOfNames(names), "rename one"))}
		}
		p.at[name] = i
		p.columns[i].name = name
	}
	return p, nil
}

// planRead gives every column its role as the options say.
func (p *plan) planRead(o *Options) error {
	counts := o.Successes != "" || o.Failures != ""
	problem := ""
	switch {
	case counts && (o.Successes == "" || o.Failures == ""):
		problem = "grouped counts need both a successes and a failures column"
	case counts && len(o.Target) > 0:
		problem = "a target column and grouped counts exclude each other"
	case counts && o.Weights != "":
		problem = "grouped counts are weights already; leave the weights column out"
	case !counts && len(o.Target) == 0:
		return &Error{File: p.file, Err: ErrNoTarget}
	case o.Reference != "" && len(o.Target) != 1:
		problem = "a reference class needs one target column"
	case o.Missing < MissingError || o.Missing > MissingMean:
		problem = o.Missing.String() + " is no policy for missing cells"
	case o.Features != nil && o.Exclude != nil:
		problem = "features to take and columns to exclude are both named; name one of them"
	case o.MaxClasses < 0:
		problem = "the most classes allowed cannot be negative"
	}
	if problem != "" {
		return &Error{File: p.file, Problem: problem}
	}
	p.grouped = counts
	for _, name := range o.Target {
		c, err := p.assign(name, "target", roleTarget, kindCategory)
		if err != nil {
			return err
		}
		c.limit = o.maxClasses()
	}
	for _, a := range []struct {
		name, what string
		role       role
	}{
		{o.Successes, "successes", roleSuccesses},
		{o.Failures, "failures", roleFailures},
		{o.Weights, "weights", roleWeight},
	} {
		if a.name == "" {
			continue
		}
		if _, err := p.assign(a.name, a.what, a.role, kindNumber); err != nil {
			return err
		}
	}
	return p.planFeatures(o)
}

// constantTerm is what tables of coefficients call the term that is 1 in every row.
const constantTerm = "(intercept)"

func (p *plan) planFeatures(o *Options) error {
	features := o.Features
	if features == nil {
		excluded, err := p.excluded(o)
		if err != nil {
			return err
		}
		for _, c := range p.columns {
			if c.role == roleNone && !excluded[c.name] {
				features = append(features, c.name)
			}
		}
	}
	if len(features) == 0 {
		return &Error{File: p.file, Problem: "no column is left to predict from"}
	}
	for _, name := range features {
		if name == constantTerm {
			return &Error{File: p.file, Column: name, Problem: "has the name that reports give the constant term of a model; rename the column, or leave it out"}
		}
		c, err := p.assign(name, "features", roleFeature, kindUnknown)
		if err != nil {
			return err
		}
		c.limit = maxLevels
		c.fill = o.Missing == MissingMean
		if slices.Contains(o.Categorical, name) {
			c.kind, c.asked = kindCategory, true
		}
	}
	for _, name := range o.Categorical {
		if c, err := p.find(name, "categories"); err != nil {
			return err
		} else if c.role != roleFeature {
			return &Error{File: p.file, Column: name, Problem: "is to be read as categories but is not a feature"}
		}
	}
	return nil
}

// excluded returns the columns that are to be left out.
func (p *plan) excluded(o *Options) (map[string]bool, error) {
	excluded := make(map[string]bool, len(o.Exclude))
	for _, name := range o.Exclude {
		c, err := p.find(name, "excluded columns")
		if err != nil {
			return nil, err
		}
		if c.role != roleNone || slices.Contains(o.Categorical, name) {
			return nil, &Error{File: p.file, Column: name, Problem: "is both excluded and asked for"}
		}
		excluded[name] = true
	}
	return excluded, nil
}

// planSchema gives the columns that a Schema names their roles, wherever they
// stand. Other columns are not used.
func (p *plan) planSchema(s *Schema, withTarget bool) error {
	for i := range s.Features {
		f := s.Features[i].column()
		c, err := p.assign(f.name, "features", roleFeature, f.kind)
		if err != nil {
			return err
		}
		c.known, c.fixed = f.known, true
		c.fill = f.fill && p.missing != MissingDrop
	}
	if !withTarget {
		return nil
	}
	if s.Target != "" {
		c, err := p.assign(s.Target, "target", roleTarget, kindCategory)
		if err != nil {
			return err
		}
		c.known = index(s.Classes)
	}
	for _, l := range s.Labels {
		c, err := p.assign(l.Name, "target", roleTarget, kindCategory)
		if err != nil {
			return err
		}
		c.known = l.codes()
	}
	if s.Successes != "" {
		p.grouped = true
		if _, err := p.assign(s.Successes, "successes", roleSuccesses, kindNumber); err != nil {
			return err
		}
		if _, err := p.assign(s.Failures, "failures", roleFailures, kindNumber); err != nil {
			return err
		}
	}
	if _, ok := p.at[s.Weights]; ok {
		_, err := p.assign(s.Weights, "weights", roleWeight, kindNumber)
		return err
	}
	return nil
}

// index maps each name to its place; nil to nil.
func index(names []string) map[string]int {
	if names == nil {
		return nil
	}
	m := make(map[string]int, len(names))
	for i, name := range names {
		m[name] = i
	}
	return m
}
