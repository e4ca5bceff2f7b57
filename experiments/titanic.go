package experiments

import (
	_ "embed"
	"fmt"
	"strconv"
	"strings"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
)

//go:embed data/titanic.csv
var titanicTable string

// grouped is a table of counts: groups of people with the same features.
type grouped struct {
	terms  []string // the columns of x
	groups []group
	x      *mat.Dense
}

type group struct {
	name           string
	survived, died float64
}

// titanic returns who survived the Titanic: groups by class, sex and age, with
// an indicator for each class but the crew, for women and for children.
func titanic() (*grouped, error) {
	lines := strings.Split(strings.TrimSpace(titanicTable), "\n")[1:]
	t := &grouped{terms: []string{"1st class", "2nd class", "3rd class", "woman", "child"}, x: mat.NewDense(len(lines), 5, nil)}
	for i, line := range lines {
		cells := strings.Split(line, ",")
		survived, err := strconv.Atoi(cells[3])
		if err != nil {
			return nil, fmt.Errorf("data/titanic.csv:%d: %w", i+2, err)
		}
		died, err := strconv.Atoi(cells[4])
		if err != nil {
			return nil, fmt.Errorf("data/titanic.csv:%d: %w", i+2, err)
		}
		t.groups = append(t.groups, group{strings.Join(cells[:3], ", "), float64(survived), float64(died)})
		for j, is := range []bool{cells[0] == "1st", cells[0] == "2nd", cells[0] == "3rd", cells[1] == "female", cells[2] == "child"} {
			if is {
				t.x.Set(i, j, 1)
			}
		}
	}
	return t, nil
}

// total returns the number of people.
func (t *grouped) total() float64 {
	var n float64
	for _, g := range t.groups {
		n += g.survived + g.died
	}
	return n
}

func (t *grouped) survived() float64 {
	var n float64
	for _, g := range t.groups {
		n += g.survived
	}
	return n
}

// shares returns the share of each group that survived, a column, and how many
// people it has.
func (t *grouped) shares() (y *mat.Dense, weights []float64) {
	y = mat.NewDense(len(t.groups), 1, nil)
	for i, g := range t.groups {
		n := g.survived + g.died
		weights = append(weights, n)
		y.Set(i, 0, g.survived/n)
	}
	return y, weights
}

// table shows the counts.
func (t *grouped) table() *Table {
	table := &Table{Title: "Who survived the Titanic", Columns: []string{"class, sex, age", "survived", "died", "share that survived"}}
	for _, g := range t.groups {
		table.Add(g.name, int(g.survived), int(g.died), percent(g.survived/(g.survived+g.died)))
	}
	table.Add("all", int(t.survived()), int(t.total()-t.survived()), percent(t.survived()/t.total()))
	return table
}

// dataset returns the table as grouped counts of package datasets.
func (t *grouped) dataset() *datasets.Dataset {
	y, weights := t.shares()
	schema := &datasets.Schema{Successes: "survived", Failures: "died"}
	for _, name := range t.terms {
		schema.Features = append(schema.Features, datasets.Feature{Name: name})
	}
	return &datasets.Dataset{Name: "titanic", Schema: schema, X: t.x, Y: y, Weights: weights}
}
