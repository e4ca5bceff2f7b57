package datasets

import (
	"errors"
	"io"
	"io/fs"
	"os"
)

// Load reads the table called name, as [Open] finds it. For an embedded data set
// the target may be left out of the options: it is the last column.
func Load(name string, o Options) (*Dataset, error) {
	r, set, err := find(name)
	if err != nil {
		return nil, err
	}
	defer r.Close()
	if set != nil && len(o.Target) == 0 && o.Successes == "" && o.Failures == "" {
		o.Target = []string{set.Target}
	}
	if name == "-" {
		name = "stdin"
	}
	return Read(r, name, o)
}

// Open opens the table called name: the file of that path if there is one, "-"
// for standard input, or else an embedded data set. (./iris is a file in any
// case.) A directory gives way to an embedded data set.
func Open(name string) (io.ReadCloser, error) {
	r, _, err := find(name)
	return r, err
}

// find opens a table and tells which embedded data set it is, if any.
func find(name string) (io.ReadCloser, *Info, error) {
	if name == "-" {
		// Stdin is the program's, not ours to close, but a file behind it
		// should still be seen as one.
		return stdin{os.Stdin}, nil, nil
	}
	info, err := os.Stat(name)
	if err != nil || info.IsDir() {
		if set, ok := embedded(name); ok {
			return set.open(), &set, nil
		}
	}
	switch {
	case errors.Is(err, fs.ErrNotExist):
		var names []string
		for _, set := range Embedded() {
			names = append(names, set.Name)
		}
		return nil, nil, &Error{File: name, Problem: "is neither a file nor one of the embedded data sets " + listNames(names), Err: fs.ErrNotExist}
	case err != nil:
		return nil, nil, unreadable(name, err)
	case info.IsDir():
		return nil, nil, &Error{File: name, Problem: "is a directory"}
	}
	f, err := os.Open(name)
	if err != nil {
		return nil, nil, unreadable(name, err)
	}
	return f, nil, nil
}

type stdin struct{ *os.File }

func (stdin) Close() error { return nil }
