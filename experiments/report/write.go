package report

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"

	"github.com/surprisal-ml/surprisal/experiments"
	"github.com/surprisal-ml/surprisal/internal/atomicfile"
)

// Prepare makes the folder for a report and tries to write to it, so that a long
// run does not end in an error that could have been known before. A folder that
// exists may be used again: files of the same names are replaced.
func Prepare(dir string) error {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return fmt.Errorf("%s is a file, not a folder for the report: choose another name", dir)
	}
	if err := os.MkdirAll(filepath.Join(dir, "figures"), 0o777); err != nil {
		return fmt.Errorf("the folder for the report cannot be made: %w", err)
	}
	f, err := os.CreateTemp(filepath.Join(dir, "figures"), ".try-*")
	if err != nil {
		return fmt.Errorf("the folder for the report cannot be written to: %w", err)
	}
	return errors.Join(f.Close(), os.Remove(f.Name()))
}

// Write writes report.html, results.json and the figures as SVG and PNG to a
// folder, which it makes, and returns the paths of the files. Outcomes without a
// result are named in the report as missing.
func Write(dir string, outcomes []experiments.Outcome, o experiments.Options) (files []string, err error) {
	if err := Prepare(dir); err != nil {
		return nil, err
	}
	put := func(name string, write func(io.Writer) error) error {
		path := filepath.Join(dir, name)
		if err := atomicfile.Write(path, write); err != nil {
			return err
		}
		files = append(files, path)
		return nil
	}
	for _, e := range outcomes {
		if e.Result == nil {
			continue
		}
		for _, f := range e.Result.Figures() {
			path := filepath.Join("figures", f.Name)
			if err := put(path+".svg", f.SVG); err != nil {
				return files, err
			}
			if err := put(path+".png", f.PNG); err != nil {
				return files, err
			}
		}
	}
	if err := put("results.json", func(w io.Writer) error { return JSON(w, outcomes, o) }); err != nil {
		return files, err
	}
	return files, put("report.html", func(w io.Writer) error { return HTML(w, outcomes, o) })
}

// JSON writes verdicts, checks, key numbers and tables of the outcomes, and which
// experiments are missing and why. Figures are named, not drawn.
func JSON(w io.Writer, outcomes []experiments.Outcome, o experiments.Options) error {
	type entry struct {
		experiments.Experiment
		Verdict    experiments.Verdict  `json:"verdict"`
		Missing    string               `json:"missing,omitempty"`
		Correction string               `json:"correction,omitempty"`
		Checks     []experiments.Check  `json:"checks,omitempty"`
		Numbers    []experiments.Number `json:"numbers,omitempty"`
		Tables     []*experiments.Table `json:"tables,omitempty"`
		Figures    []string             `json:"figures,omitempty"`
	}
	all := struct {
		Seed        uint64  `json:"seed"`
		Quick       bool    `json:"quick"`
		Experiments []entry `json:"experiments"`
	}{Seed: o.Seed, Quick: o.Quick, Experiments: make([]entry, len(outcomes))}
	for i, e := range outcomes {
		all.Experiments[i].Experiment, all.Experiments[i].Verdict = e.Experiment, e.Verdict()
		if e.Result == nil {
			all.Experiments[i].Missing = fmt.Sprint(e.Err)
			continue
		}
		x := &all.Experiments[i]
		x.Correction, x.Checks = e.Result.Correction, e.Result.Checks
		x.Numbers, x.Tables = e.Result.Numbers, e.Result.Tables()
		for _, f := range e.Result.Figures() {
			x.Figures = append(x.Figures, f.Name)
		}
	}
	enc := json.NewEncoder(w)
	enc.SetEscapeHTML(false)
	enc.SetIndent("", "  ")
	return enc.Encode(all)
}
