package main

import (
	"bytes"
	"io"
	"os"
	"slices"
	"strconv"

	"github.com/surprisal-ml/surprisal/datasets"
)

// generatedSets are data sets that are computed, not stored: the classic ones
// that no straight line can separate.
var generatedSets = []struct {
	name, description string
	make              func() *datasets.Dataset
}{
	{"moons", "Two interleaved half circles with noise: 500 points", func() *datasets.Dataset { return datasets.TwoMoons(500, 0.2, 1) }},
	{"xor", "Four clouds around the corners of a square, opposite ones of the same class: 500 points", func() *datasets.Dataset { return datasets.XOR(500, 0.4, 1) }},
}

// open opens the table called name: a file, standard input, or a data set that
// is part of the program, and tells the target of the latter.
func open(name string) (r io.ReadCloser, target string, err error) {
	if name != "-" && !isFile(name) {
		for _, g := range generatedSets {
			if g.name == name {
				d := g.make()
				return io.NopCloser(bytes.NewReader(asCSV(d))), d.Schema.Target, nil
			}
		}
		for _, set := range datasets.Embedded() {
			if set.Name == name || slices.Contains(set.Aliases, name) {
				target = set.Target
			}
		}
	}
	r, err = datasets.Open(name)
	return r, target, err
}

// isFile reports whether there is a file of that name, which goes before a data
// set.
func isFile(name string) bool {
	info, err := os.Stat(name)
	return err == nil && !info.IsDir()
}

// asCSV writes numeric features and a class as CSV.
func asCSV(d *datasets.Dataset) []byte {
	var b []byte
	for _, f := range d.Schema.Features {
		b = append(b, f.Name+","...)
	}
	b = append(b, d.Schema.Target+"\n"...)
	for i, class := range d.Labels {
		for _, x := range d.X.RawRowView(i) {
			b = append(strconv.AppendFloat(b, x, 'g', -1, 64), ',')
		}
		b = append(b, d.Schema.Classes[class]+"\n"...)
	}
	return b
}

// load reads a table to fit a model to.
func load(name string, o datasets.Options) (*datasets.Dataset, error) {
	r, target, err := open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if len(o.Target) == 0 && o.Successes == "" {
		if target == "" {
			return nil, usagef("which column of %s is to be predicted? Name it with --target", name)
		}
		o.Target = []string{target}
	}
	return datasets.Read(r, tableName(name), o)
}

// tableName is what messages call a table.
func tableName(data string) string {
	if data == "-" {
		return "standard input"
	}
	return data
}
