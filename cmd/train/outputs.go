package main

import (
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"
	"path/filepath"

	"github.com/surprisal-ml/surprisal/internal/atomicfile"
)

// checkOutputs finds out, before hours of training, whether the results can be
// written.
func (f *fitCmd) checkOutputs() error {
	if err := f.checkClashes(); err != nil {
		return err
	}
	for _, o := range []struct{ flag, path string }{
		{"--model", f.Model}, {"--model", f.configFile()}, {"--json", f.JSON}, {"--log", f.Log}, {"--checkpoint", f.Checkpoint},
	} {
		if o.path == "" {
			continue
		}
		if err := writable(o.path); err != nil {
			return fmt.Errorf("%s %s cannot be written: %w", o.flag, o.path, err)
		}
	}
	return checkPlot(f.Plot)
}

// configFile is where the configuration is written, "" if the model goes to a
// device or a pipe, which has no beside.
func (f *fitCmd) configFile() string {
	if info, err := os.Stat(f.Model); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
		return ""
	}
	return f.Model + ".config.json"
}

// writable returns why a file cannot be written, as far as that can be known in
// advance.
func writable(path string) error {
	switch info, err := os.Stat(path); {
	case err == nil && info.IsDir():
		return errors.New("it is a directory")
	case err == nil && info.Mode().IsRegular():
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return errors.New(reason(err))
		}
		f.Close()
	case err == nil:
		return nil // a device or a pipe
	case !errors.Is(err, fs.ErrNotExist):
		return errors.New(reason(err))
	}
	folder := filepath.Dir(path)
	probe, err := os.CreateTemp(folder, ".surprisal-*.tmp")
	if errors.Is(err, fs.ErrNotExist) {
		return fmt.Errorf("there is no folder %s", folder)
	}
	if err != nil {
		return errors.New(reason(err))
	}
	probe.Close()
	return os.Remove(probe.Name())
}

// writeJSON writes a value as a file that appears whole or not at all.
func writeJSON(path string, value any) error {
	return atomicfile.Write(path, func(w io.Writer) error {
		e := json.NewEncoder(w)
		e.SetEscapeHTML(false)
		e.SetIndent("", " ")
		return e.Encode(value)
	})
}
