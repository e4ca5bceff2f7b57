package main

import (
	"errors"
	"io"

	"github.com/surprisal-ml/surprisal/datasets"
)

// load reads a table to fit a model to.
func load(name string, o datasets.Options) (*datasets.Dataset, error) {
	if _, known := datasets.Lookup(name); !known && len(o.Target) == 0 && o.Successes == "" {
		r, err := datasets.Open(name)
		if err != nil {
			return nil, err
		}
		_, err = io.ReadFull(r, make([]byte, 1))
		r.Close()
		if errors.Is(err, io.EOF) {
			return nil, &datasets.Error{File: tableName(name), Problem: "is empty; the first line must name the columns"}
		}
		return nil, usagef("which column of %s is to be predicted? Name it with --target", tableName(name))
	}
	return datasets.Load(name, o)
}

// tableName is what messages call a table.
func tableName(data string) string {
	if data == "-" {
		return "standard input"
	}
	return data
}
