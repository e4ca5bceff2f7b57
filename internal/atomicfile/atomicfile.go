// Package atomicfile replaces files as a whole: after a crash, an error or a
// full disk there is either the old file or the new one, never half of it.
package atomicfile

import (
	"bufio"
	"errors"
	"fmt"
	"io"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"runtime"
	"syscall"
)

// Write makes the file at path contain what write writes. That goes to a
// temporary file in the same folder first, which takes the place of path once
// it is safely on the disk; if anything fails, write included, it is removed
// and path is as it was.
//
// An existing file keeps its permissions, and is not replaced if it may not be
// written; a new one gets 0644 less the umask. Of a symbolic link the target
// is replaced. A target that is not a file, such as /dev/stdout or a pipe, is
// written directly, and so is the file that standard output or standard error
// is redirected to, behind what is there.
func Write(path string, write func(io.Writer) error) error {
	if err := writeTo(path, write); err != nil {
		return explain(path, err)
	}
	return nil
}

func writeTo(path string, write func(io.Writer) error) error {
	if path == "" {
		return errors.New("the file has no name")
	}
	old, err := os.Stat(path)
	switch {
	case errors.Is(err, fs.ErrNotExist):
		old = nil
	case err != nil:
		return err
	case old.IsDir():
		return syscall.EISDIR
	default:
		for _, std := range []*os.File{os.Stdout, os.Stderr} {
			if info, err := std.Stat(); err == nil && os.SameFile(old, info) {
				return fill(std, write)
			}
		}
		if !old.Mode().IsRegular() {
			return writeDirectly(path, write)
		}
	}
	if path, err = followLinks(path); err != nil {
		return err
	}
	return replace(path, old, write)
}

func writeDirectly(path string, write func(io.Writer) error) error {
	f, err := os.OpenFile(path, os.O_WRONLY, 0)
	if err != nil {
		return err
	}
	if err := fill(f, write); err != nil {
		f.Close()
		return err
	}
	return f.Close()
}

// replace writes a new file beside path and renames it to path, whose file is
// old, or nil if there is none.
func replace(path string, old fs.FileInfo, write func(io.Writer) error) (err error) {
	if old != nil { // renaming would not ask whether the file may be written
		f, err := os.OpenFile(path, os.O_WRONLY, 0)
		if err != nil {
			return err
		}
		f.Close()
	}
	f, err := create(filepath.Dir(path))
	if err != nil {
		return err
	}
	placed := false
	defer func() { // also when write panics
		if !placed {
			f.Close()
			os.Remove(f.Name())
		}
	}()
	if old != nil {
		if err := f.Chmod(old.Mode().Perm()); err != nil {
			return err
		}
	}
	if err := fill(f, write); err != nil {
		return err
	}
	if err := f.Sync(); err != nil {
		return err
	}
	if err := f.Close(); err != nil {
		return err
	}
	if err := os.Rename(f.Name(), path); err != nil {
		return err
	}
	placed = true
	return syncFolder(filepath.Dir(path))
}

// create makes a temporary file. Unlike os.CreateTemp it leaves the
// permissions to the umask.
func create(folder string) (*os.File, error) {
	for {
		name := filepath.Join(folder, fmt.Sprintf(".surprisal-%016x.tmp", rand.Uint64()))
		f, err := os.OpenFile(name, os.O_WRONLY|os.O_CREATE|os.O_EXCL, 0o644)
		if !errors.Is(err, fs.ErrExist) {
			return f, err
		}
	}
}

func fill(f *os.File, write func(io.Writer) error) error {
	b := bufio.NewWriterSize(nameless{f}, 1<<16)
	if err := write(b); err != nil {
		return &contentError{err}
	}
	return b.Flush()
}

// nameless writes to a file whose errors do not mention its name, which is a
// temporary one.
type nameless struct{ f *os.File }

func (w nameless) Write(p []byte) (int, error) {
	n, err := w.f.Write(p)
	return n, withoutName(err)
}

func withoutName(err error) error {
	switch e := err.(type) {
	case *fs.PathError:
		return e.Err
	case *os.LinkError:
		return e.Err
	}
	return err
}

// contentError is an error of the caller's function.
type contentError struct{ err error }

func (e *contentError) Error() string { return e.err.Error() }
func (e *contentError) Unwrap() error { return e.err }

// followLinks returns what path finally links to, which need not exist.
func followLinks(path string) (string, error) {
	for range 40 {
		info, err := os.Lstat(path)
		if errors.Is(err, fs.ErrNotExist) || err == nil && info.Mode()&fs.ModeSymlink == 0 {
			return path, nil
		}
		if err != nil {
			return "", err
		}
		target, err := os.Readlink(path)
		if err != nil {
			return "", err
		}
		if !filepath.IsAbs(target) { // not Join: "a/../b" is not b if a is a link
			target = filepath.Dir(path) + string(filepath.Separator) + target
		}
		path = target
	}
	return "", syscall.ELOOP
}

// syncFolder makes a renaming durable, where the system has a way to.
func syncFolder(folder string) error {
	if runtime.GOOS == "windows" {
		return nil
	}
	d, err := os.Open(folder)
	if err != nil {
		return nil // writable but not readable: the file is in place
	}
	defer d.Close()
	if err := d.Sync(); err != nil && !errors.Is(err, errors.ErrUnsupported) && !errors.Is(err, syscall.EINVAL) {
		return err
	}
	return nil
}

// explain says which file could not be written, why, and what to do.
func explain(path string, err error) error {
	err = withoutName(err)
	var content *contentError
	advice := ""
	switch {
	case errors.Is(err, syscall.ENOSPC), errors.Is(err, syscall.EDQUOT):
		advice = "; free some space or write to another disk"
	case errors.As(err, &content): // speaks for itself
	case errors.Is(err, syscall.EISDIR):
		advice = "; give the name of a file in it"
	case errors.Is(err, fs.ErrNotExist):
		advice = "; create the folder " + filepath.Dir(path) + " first"
	case errors.Is(err, fs.ErrPermission), errors.Is(err, syscall.EROFS):
		advice = "; choose a file and a folder that you may write to"
	}
	return fmt.Errorf("writing %s: %w%s", path, err, advice)
}
