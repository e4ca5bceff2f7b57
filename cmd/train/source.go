package main

import (
	"errors"

	"github.com/surprisal-ml/surprisal/datasets"
)

// load reads a table to fit a model to.
func load(name string, o datasets.Options) (*datasets.Dataset, error) {
	d, err := datasets.Load(name, o)
	if errors.Is(err, datasets.ErrNoTarget) {
		return nil, usagef("which column of %s is to be predicted? Name it with --target", tableName(name))
	}
	return d, err
}

// tableName is what messages call a table.
func tableName(data string) string {
	if data == "-" {
		return "standard input"
	}
	return data
}
