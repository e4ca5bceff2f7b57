package report

import (
	"bytes"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/surprisal-ml/surprisal/experiments"
	"github.com/surprisal-ml/surprisal/internal/atomicfile"
)

// Prepare makes the folder for a report and tries to write to it, so that a long
// run does not end in an error that could have been known before. A folder with
// an earlier report may be used again: what Write writes takes the place of that
// report, and other files are left alone. A folder with files of the names of a
// report that are of none is refused.
func Prepare(dir string) error {
	if info, err := os.Stat(dir); err == nil && !info.IsDir() {
		return fmt.Errorf("%s is a file, not a folder for the report: choose another name", dir)
	}
	if err := os.MkdirAll(dir, 0o777); err != nil {
		return fmt.Errorf("the folder for the report cannot be made: %w", err)
	}
	if err := foreign(dir); err != nil {
		return err
	}
	folders := []string{dir}
	if info, err := os.Stat(filepath.Join(dir, figuresFolder)); err == nil && info.IsDir() {
		folders = append(folders, filepath.Join(dir, figuresFolder))
	}
	for _, folder := range folders {
		f, err := os.CreateTemp(folder, ".try-*")
		if err != nil {
			return fmt.Errorf("the folder for the report cannot be written to: %w", err)
		}
		if err := errors.Join(f.Close(), os.Remove(f.Name())); err != nil {
			return err
		}
	}
	return nil
}

// What Write writes to a folder.
const (
	pageFile      = "report.html"
	numbersFile   = "results.json"
	figuresFolder = "figures"
)

// foreign returns an error if the folder has something of the names of a report,
// and no report: Write begins with the page, so what it wrote has one.
func foreign(dir string) error {
	refuse := func(name string) error {
		return fmt.Errorf("%s is there already, and was not written with a report: choose another folder", filepath.Join(dir, name))
	}
	f, err := os.Open(filepath.Join(dir, pageFile))
	if err == nil {
		defer f.Close()
		head := make([]byte, 1024)
		n, _ := io.ReadFull(f, head) // what cannot be read is no report
		if !bytes.Contains(head[:n], []byte(generator)) {
			return refuse(pageFile)
		}
		return nil
	}
	if !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	if _, err := os.Lstat(filepath.Join(dir, numbersFile)); err == nil {
		return refuse(numbersFile)
	}
	if entries, err := os.ReadDir(filepath.Join(dir, figuresFolder)); len(entries) > 0 || err != nil && !errors.Is(err, fs.ErrNotExist) {
		return refuse(figuresFolder)
	}
	return nil
}

// Write writes report.html, results.json and the figures as SVG and PNG to a
// folder, which it makes as Prepare does, and returns the paths of the files.
// Figures of an earlier report that this one has not are removed. Outcomes without
// a result are named in the report as missing.
func Write(dir string, outcomes []experiments.Outcome, o experiments.Options) (files []string, err error) {
	if err := Prepare(dir); err != nil {
		return nil, err
	}
	earlier := figuresOf(dir)
	put := func(name string, write func(io.Writer) error) error {
		path := filepath.Join(dir, name)
		if err := atomicfile.Write(path, write); err != nil {
			return err
		}
		files = append(files, path)
		return nil
	}
	if err := put(pageFile, func(w io.Writer) error { return HTML(w, outcomes, o) }); err != nil {
		return nil, err
	}
	if err := os.MkdirAll(filepath.Join(dir, figuresFolder), 0o777); err != nil {
		return files, err
	}
	for _, e := range outcomes {
		if e.Result == nil {
			continue
		}
		for _, f := range e.Result.Figures() {
			delete(earlier, f.Name)
			path := filepath.Join(figuresFolder, f.Name)
			if err := put(path+".svg", f.SVG); err != nil {
				return files, err
			}
			if err := put(path+".png", f.PNG); err != nil {
				return files, err
			}
		}
	}
	// The list of the earlier ones is replaced last, so that none is forgotten if
	// this comes to an end before.
	for name := range earlier {
		for _, kind := range []string{".svg", ".png"} {
			if err := os.Remove(filepath.Join(dir, figuresFolder, name+kind)); err != nil && !errors.Is(err, fs.ErrNotExist) {
				return files, err
			}
		}
	}
	return files, put(numbersFile, func(w io.Writer) error { return JSON(w, outcomes, o) })
}

// figuresOf returns the names of the figures that the report in a folder lists;
// none if there is no list that can be read.
func figuresOf(dir string) map[string]bool {
	names := map[string]bool{}
	data, err := os.ReadFile(filepath.Join(dir, numbersFile))
	if err != nil {
		return names
	}
	var list struct {
		Experiments []struct {
			Figures []string `json:"figures"`
		} `json:"experiments"`
	}
	if err := json.Unmarshal(data, &list); err != nil {
		return names
	}
	for _, e := range list.Experiments {
		for _, name := range e.Figures {
			if name != "" && filepath.Base(name) == name { // in the folder of figures, and no other
				names[name] = true
			}
		}
	}
	return names
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
			all.Experiments[i].Missing = why(e.Err)
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
