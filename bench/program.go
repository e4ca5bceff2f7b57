package main

import (
	_ "embed"
	"encoding/binary"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"github.com/surprisal-ml/surprisal/datasets"
)

//go:embed digits.py
var digitsScript string

// program is a command that is measured as a whole process.
type program struct {
	name  string
	needs string // what Python must have
	env   []string
	args  []string
	// result returns the loss that the training ended with, and the part of
	// the time that imports took.
	result func(stdout []byte) (outcome, error)
}

type outcome struct {
	Loss    float64
	Imports struct{ Wall, CPU float64 }
}

// programRow is what a program needed, the medians over its runs.
type programRow struct {
	name      string
	wall, cpu float64 // seconds
	memory    float64 // bytes
	loss      float64 // 0: none
}

const (
	startTitle   = "Whole program: start"
	programTitle = "Whole program: fit digits"
	tableTitle   = "Whole program: fit iris2"
)

func trainIn(folder string) string { return filepath.Join(folder, "train") }

// buildTrain builds cmd/train into the folder, if it is to be measured.
func (o *options) buildTrain(folder string) error {
	titles := []string{startTitle, programTitle, tableTitle}
	if !slices.ContainsFunc(titles, o.cases.MatchString) {
		return nil
	}
	build := exec.Command("go", "build", "-o", trainIn(folder), "github.com/surprisal-ml/surprisal/cmd/train")
	build.Stderr = os.Stderr
	if err := build.Run(); err != nil {
		return fmt.Errorf("building cmd/train: %w", err)
	}
	return nil
}

// programs measures commands, in turn.
func (o *options) programs(s *sides, threads int, scratch string, log io.Writer) ([]programRow, error) {
	var list []program
	train := trainIn(scratch)
	env := []string{"GOMAXPROCS=" + strconv.Itoa(threads)}
	none := func([]byte) (outcome, error) { return outcome{}, nil }
	if o.cases.MatchString(startTitle) {
		list = append(list,
			program{"`train --help`", "", env, []string{train, "--help"}, none},
			program{"Python, `import torch`", "torch", s.settings[0].env, []string{s.python, "-c", "import torch"}, none},
			program{"Python, `import sklearn.linear_model`", "sklearn", s.settings[0].env, []string{s.python, "-c", "import sklearn.linear_model"}, none})
	}
	if o.cases.MatchString(programTitle) {
		x, y, err := writeDigits(scratch)
		if err != nil {
			return nil, err
		}
		report := filepath.Join(scratch, "digits.json")
		list = append(list, program{"`train fit digits --hidden 128 --epochs 50 --batch 32 --lr 0.001`", "", env,
			[]string{train, "fit", "digits", "--hidden", "128", "--epochs", "50", "--batch", "32", "--lr", "0.001", "--quiet", "--model", filepath.Join(scratch, "digits.model"), "--json", report},
			func([]byte) (r outcome, err error) {
				text, err := os.ReadFile(report)
				if err == nil {
					err = json.Unmarshal(text, &r)
				}
				return r, err
			}})
		for _, k := range s.settings {
			list = append(list, program{"the same in PyTorch", "torch", k.env, []string{s.python, "-c", digitsScript, x, y},
				func(stdout []byte) (r outcome, err error) { return r, json.Unmarshal(stdout, &r) }})
		}
	}
	if o.cases.MatchString(tableTitle) {
		csv := filepath.Join(scratch, "iris2.csv")
		if err := writeIris(csv); err != nil {
			return nil, err
		}
		list = append(list,
			program{"`train fit iris2.csv --target species`", "", env,
				[]string{train, "fit", csv, "--target", "species", "--quiet", "--model", filepath.Join(scratch, "iris2.model")}, none},
			program{"R, `summary(glm(…))` of the same", "R", s.settings[0].env, []string{s.rscript, "--vanilla", "-e", irisR, csv}, none},
			program{"statsmodels, `Logit(…).fit().summary()` of the same", "statsmodels", s.settings[0].env, []string{s.python, "-c", irisPython, csv}, none})
	}
	list = slices.DeleteFunc(list, func(p program) bool { return p.needs != "" && s.versions[p.needs] == "" })
	return runAll(list, min(o.rounds, 4), log)
}

// What a user of R and of statsmodels would write for the table of a fit.
const (
	irisR      = `summary(glm(species ~ ., binomial, read.csv(commandArgs(TRUE), stringsAsFactors = TRUE)))`
	irisPython = `
import sys, pandas, statsmodels.api as sm
d = pandas.read_csv(sys.argv[1])
print(sm.Logit(d.species == "virginica", sm.add_constant(d.drop(columns="species"))).fit().summary())`
)

// writeIris writes the data set iris2 as a file.
func writeIris(path string) error {
	d, err := datasets.Load("iris2", datasets.Options{})
	if err != nil {
		return err
	}
	var b strings.Builder
	for _, f := range d.Schema.Features {
		b.WriteString(f.Name + ",")
	}
	b.WriteString("species\n")
	for i, k := range d.Labels {
		for _, v := range d.X.RawRowView(i) {
			fmt.Fprintf(&b, "%g,", v)
		}
		b.WriteString(d.Schema.Classes[k] + "\n")
	}
	return os.WriteFile(path, []byte(b.String()), 0o666)
}

// writeDigits writes the features and the classes of the data set in the form
// that is quickest to read.
func writeDigits(folder string) (x, y string, err error) {
	d, err := datasets.Load("digits", datasets.Options{})
	if err != nil {
		return "", "", err
	}
	x, y = filepath.Join(folder, "digits.x"), filepath.Join(folder, "digits.y")
	labels := make([]int64, d.Len())
	for i, c := range d.Labels {
		labels[i] = int64(c)
	}
	return x, y, errors.Join(writeBinary(x, d.X.RawMatrix().Data), writeBinary(y, labels))
}

func writeBinary(path string, data any) error {
	b, err := binary.Append(nil, binary.NativeEndian, data)
	if err != nil {
		return err
	}
	return os.WriteFile(path, b, 0o666)
}

// runAll runs each program so many times, in turn, and keeps the fastest of
// those with the same name, which differ in their settings. A program that says
// how long its imports took gets a second row, without them.
func runAll(list []program, rounds int, log io.Writer) ([]programRow, error) {
	runs := make([][]programRow, len(list))
	bare := make([][]programRow, len(list))
	for range rounds {
		for i, p := range list {
			r, o, err := p.run()
			if err != nil {
				return nil, fmt.Errorf("%s: %w", p.name, err)
			}
			runs[i] = append(runs[i], r)
			if o.Imports.Wall > 0 {
				r.name += ", without its imports"
				r.wall -= o.Imports.Wall
				r.cpu -= o.Imports.CPU
				bare[i] = append(bare[i], r)
			}
		}
	}
	var rows []programRow
	for i := range list {
		for _, of := range [][]programRow{runs[i], bare[i]} {
			if len(of) == 0 {
				continue
			}
			median := func(f func(programRow) float64) float64 {
				var v []float64
				for _, r := range of {
					v = append(v, f(r))
				}
				return quantile(v, 0.5)
			}
			r := programRow{
				name:   of[0].name,
				wall:   median(func(r programRow) float64 { return r.wall }),
				cpu:    median(func(r programRow) float64 { return r.cpu }),
				memory: median(func(r programRow) float64 { return r.memory }),
				loss:   median(func(r programRow) float64 { return r.loss }),
			}
			same := slices.IndexFunc(rows, func(o programRow) bool { return o.name == r.name })
			switch {
			case same < 0:
				rows = append(rows, r)
			case r.wall < rows[same].wall:
				rows[same] = r
			}
			fmt.Fprintf(log, "%s: %.3f s, processor %.3f s, %.0f MB\n", r.name, r.wall, r.cpu, r.memory/1e6)
		}
	}
	return rows, nil
}

func (p *program) run() (programRow, outcome, error) {
	l, err := launchIn(p.env, p.args...)
	if err != nil {
		return programRow{}, outcome{}, err
	}
	o, err := p.result(l.Stdout)
	return programRow{p.name, l.Wall, l.CPU, l.Memory, o.Loss}, o, err
}

func writePrograms(w io.Writer, rows []programRow) {
	if len(rows) == 0 {
		return
	}
	fmt.Fprint(w, "\n## Whole programs\n\nFrom the start of the process to its end. PyTorch's data are in a binary file, already encoded; ours are read and encoded by the program, which also evaluates the model and saves it. The fits of iris2 read the same file of text and print their tables.\n\n")
	fmt.Fprint(w, "| program | s | s of processors | peak memory, MB | final loss |\n|---|---:|---:|---:|---:|\n")
	for _, r := range rows {
		loss := "—"
		if r.loss != 0 {
			loss = fmt.Sprintf("%.2g", r.loss)
		}
		fmt.Fprintf(w, "| %s | %.3f | %.3f | %.0f | %s |\n", r.name, r.wall, r.cpu, r.memory/1e6, loss)
	}
}
