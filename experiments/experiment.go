package experiments

import (
	"context"
	"fmt"
	"slices"
	"strings"
)

// Experiment is a claim, and how to try it.
type Experiment struct {
	Name   string `json:"name"`   // as on a command line
	Title  string `json:"title"`  // as in a table of contents
	Claim  string `json:"claim"`  // in one sentence
	Source string `json:"source"` // who says so
	Method string `json:"method"` // how it is tried
	// Tolerance says what may be off by how much, and why that much.
	Tolerance string `json:"tolerance"`

	// Run tries the claim. The error is that of the context, or says what kept
	// the experiment from being carried out; a claim that turns out wrong is a
	// Result.
	Run func(context.Context, Options) (Result, error) `json:"-"`
}

// Options say how to run experiments. The zero value is ready to use.
type Options struct {
	Seed uint64
	// Quick makes do with less data and fewer replicates: seconds for all.
	Quick bool
	// Progress is told which share of the work is done, between 0 and 1, from
	// the goroutine that runs the experiment; nil: nobody is.
	Progress func(share float64)
}

// progress reports a share of the work.
func (o Options) progress(share float64) {
	if o.Progress != nil {
		o.Progress(share)
	}
}

// pick returns a number of replicates, steps or rows.
func (o Options) pick(quick, complete int) int {
	if o.Quick {
		return quick
	}
	return complete
}

// All returns the experiments in the order of a course: from what information
// is to what a network makes of it.
func All() []Experiment {
	return []Experiment{
		entropyExperiment(),
		divergenceExperiment(),
		underflowExperiment(),
		objectivesExperiment(),
		priorExperiment(),
		logisticExperiment(),
		softmaxExperiment(),
		hiddenExperiment(),
		multilabelExperiment(),
		implementationsExperiment(),
		outputsExperiment(),
		consistencyExperiment(),
		separationExperiment(),
		calibrationExperiment(),
		filesizeExperiment(),
	}
}

// Select returns the experiments of the given names, in the order of [All]; all
// of them if there are no names. It returns an error for a name that no
// experiment has, with the nearest that one has.
func Select(names ...string) ([]Experiment, error) {
	all := All()
	if len(names) == 0 {
		return all, nil
	}
	for _, name := range names {
		if !slices.ContainsFunc(all, func(e Experiment) bool { return e.Name == name }) {
			return nil, unknown(name, all)
		}
	}
	return slices.DeleteFunc(all, func(e Experiment) bool { return !slices.Contains(names, e.Name) }), nil
}

func unknown(name string, all []Experiment) error {
	known := make([]string, len(all))
	nearest, least := "", len(name)
	for i, e := range all {
		known[i] = e.Name
		if d := editDistance(strings.ToLower(name), e.Name); d < least {
			nearest, least = e.Name, d
		}
	}
	if least <= 1+len(nearest)/3 {
		return fmt.Errorf("there is no experiment %q: did you mean %q?", name, nearest)
	}
	return fmt.Errorf("there is no experiment %q: there are %s", name, strings.Join(known, ", "))
}

// editDistance returns how many letters have to be put in, taken out or changed
// to make one word of the other.
func editDistance(a, b string) int {
	row := make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range len(a) {
		diagonal := row[0]
		row[0]++
		for j := range len(b) {
			changed := diagonal
			if a[i] != b[j] {
				changed++
			}
			diagonal = row[j+1]
			row[j+1] = min(changed, row[j]+1, row[j+1]+1)
		}
	}
	return row[len(b)]
}
