package main

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/datasets"
)

type datasetsCmd struct {
	JSON string `name:"json" placeholder:"FILE" help:"Write the list as JSON."`
}

// Run is called by kong.
func (c *datasetsCmd) Run(p *program) error {
	sets := append(datasets.Embedded(), datasets.Generated()...)
	if c.JSON != "" {
		if err := writeJSON(c.JSON, sets); err != nil {
			return err
		}
	}
	return p.print(func(w *page) {
		rows := [][]string{{"name", "rows", "features", "classes", "target"}}
		for _, s := range sets {
			rows = append(rows, []string{s.Name, fmt.Sprint(s.Rows), fmt.Sprint(s.Features), fmt.Sprint(len(s.Classes)), s.Target})
		}
		w.table(rows)
		for _, s := range sets {
			w.line("")
			w.entry(s.Name, "%s.", s.Description)
			w.entry("", "Source: %s. Licence: %s.", s.Source, s.Licence)
		}
	})
}
