package datasets

import (
	"errors"
	"fmt"
	"io"
	"io/fs"
	"os"

	"github.com/surprisal-ml/surprisal/internal/spelling"
)

// Load reads the table called name, as [Open] finds it. For a data set of the
// package the target may be left out of the options: it is the last column.
func Load(name string, o Options) (*Dataset, error) {
	r, err := Open(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	set, own := Lookup(name)
	if own && len(o.Target) == 0 && o.Successes == "" && o.Failures == "" {
		o.Target = []string{set.Target}
	}
	if name == "-" {
		name = "standard input"
	}
	d, err := Read(r, name, o)
	if err == nil && own {
		d.lines = nil // of no file that can be looked into
	}
	return d, err
}

// Open opens the table called name: the file of that path if there is one, "-"
// for standard input, or else a data set of the package, embedded or generated.
// (./iris is a file in any case.) A directory gives way to a data set.
func Open(name string) (io.ReadCloser, error) {
	if name == "-" {
		// Stdin is the program's, not ours to close, but a file behind it
		// should still be seen as one.
		return stdin{os.Stdin}, nil
	}
	info, err := os.Stat(name)
	if err != nil || info.IsDir() {
		if set, ok := embedded(name); ok {
			return set.open(), nil
		}
		if r, ok := generated(name); ok {
			return r.open(), nil
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		return nil, unknownName(name)
	case err != nil:
		return nil, unreadable(name, err)
	case info.IsDir():
		return nil, &Error{File: name, Problem: "is a directory"}
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, unreadable(name, err)
	}
	return f, nil
}

// Lookup describes the data set that [Open] opens by this name or alias. It
// reports false if there is none, or a file that goes before it.
func Lookup(name string) (Info, bool) {
	if info, err := os.Stat(name); err == nil && !info.IsDir() {
		return Info{}, false
	}
	if set, ok := embedded(name); ok {
		return set, true
	}
	if r, ok := generated(name); ok {
		return r.info(), true
	}
	return Info{}, false
}

// unknownName is the error of a name that stands for nothing.
func unknownName(name string) error {
	var names, all []string
	for _, set := range append(Embedded(), Generated()...) {
		names = append(names, set.Name)
		all = append(append(all, set.Name), set.Aliases...)
	}
	return &Error{File: name, Problem: fmt.Sprintf("is neither a file nor one of the data sets %s%s",
		listNames(names), spelling.Hint(name, all)), Err: fs.ErrNotExist}
}

type stdin struct{ *os.File }

func (stdin) Close() error { return nil }
