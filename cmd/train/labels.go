package main

import "github.com/surprisal-ml/surprisal/trainer"

// constantLabels names the labels that all rows to train on have, or none.
func (t *task) constantLabels() []string {
	var names []string
	totals, n := trainer.ClassTotals(t.train), trainer.TotalWeight(t.train)
	for k, l := range t.train.Schema.Labels {
		if totals[k] == 0 || totals[k] == n {
			names = append(names, l.Name)
		}
	}
	return names
}
