package main

import (
	"os"
	"path/filepath"

	"github.com/surprisal-ml/surprisal/datasets"
)

// A role is what a file is for in a run, in words.
type role struct{ name, path string }

// checkClashes refuses a file that would be written over one that is read, or
// over another that is written. Roles without a path are left out.
func checkClashes(inputs, outputs []role) error {
	for i, out := range outputs {
		for _, other := range append(inputs[:len(inputs):len(inputs)], outputs[:i]...) {
			if !sameFile(out.path, other.path) {
				continue
			}
			if out.path == other.path {
				return usagef("%s would overwrite %s: both are %s; name another file", out.name, other.name, out.path)
			}
			return usagef("%s would overwrite %s: %s and %s are the same file; name another", out.name, other.name, out.path, other.path)
		}
	}
	return nil
}

// sameFile reports whether two paths lead to one file, which may not be there
// yet. Devices and pipes can take several outputs.
func sameFile(a, b string) bool {
	if a == "" || b == "" {
		return false
	}
	infoA, errA := stat(a)
	infoB, errB := stat(b)
	if errA == nil && errB == nil {
		return infoA.Mode().IsRegular() && os.SameFile(infoA, infoB)
	}
	return errA != nil && errB != nil && whole(a) == whole(b)
}

// stat is that of the file behind standard input for "-".
func stat(path string) (os.FileInfo, error) {
	if path == "-" {
		return os.Stdin.Stat()
	}
	return os.Stat(path)
}

// whole returns the absolute path of a file that is not there yet, its folder
// without symbolic links.
func whole(path string) string {
	path, err := filepath.Abs(path)
	if err != nil {
		return path
	}
	if folder, err := filepath.EvalSymlinks(filepath.Dir(path)); err == nil {
		return filepath.Join(folder, filepath.Base(path))
	}
	return path
}

// dataRole is the table, if it is a file.
func dataRole(data string) role {
	if _, known := datasets.Lookup(data); known && !isFile(data) {
		data = ""
	}
	return role{"the data", data}
}

// checkClashes refuses outputs that would overwrite an input or each other. Two
// are meant to: the checkpoint may go on in the file that the run resumes from,
// and the settings in the file that they are from.
func (f *fitCmd) checkClashes() error {
	var config string
	if f.Config.configuration != nil {
		config = f.Config.file
	}
	inputs := []role{dataRole(f.Data), {"the file of --config", config}, {"the checkpoint of --resume", f.Resume}}
	settings, checkpoint := f.configFile(), f.Checkpoint
	if sameFile(settings, config) {
		settings = ""
	}
	if sameFile(checkpoint, f.Resume) {
		checkpoint = ""
	}
	return checkClashes(inputs, append([]role{
		{"the model", f.Model}, {"the settings beside the model", settings}, {"--json", f.JSON}, {"--log", f.Log}, {"the checkpoint", checkpoint},
	}, plotRoles(f.Plot)...))
}
