package atomicfile

import (
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"syscall"
	"testing"
)

func text(s string) func(io.Writer) error {
	return func(w io.Writer) error { _, err := io.WriteString(w, s); return err }
}

func mustWrite(t *testing.T, path, s string) {
	t.Helper()
	if err := Write(path, text(s)); err != nil {
		t.Fatal(err)
	}
}

// holds checks that a folder has the given files with the given contents, and
// no others: no temporary file is left.
func holds(t *testing.T, folder string, want map[string]string) {
	t.Helper()
	entries, err := os.ReadDir(folder)
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		got, err := os.ReadFile(filepath.Join(folder, e.Name()))
		if w, ok := want[e.Name()]; !ok || err != nil || string(got) != w {
			t.Errorf("%s holds %.40q (%v), want %.40q", e.Name(), got, err, w)
		}
	}
	if len(entries) != len(want) {
		t.Errorf("%d files, want %d", len(entries), len(want))
	}
}

func TestWrite(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "model")
	mustWrite(t, path, "first")
	mustWrite(t, path, "")
	long := strings.Repeat("longer than any buffer ", 10000)
	mustWrite(t, path, long)
	holds(t, dir, map[string]string{"model": long})
}

func TestPermissions(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "model")
	mustWrite(t, path, "new")
	mode := func() fs.FileMode {
		info, err := os.Stat(path)
		if err != nil {
			t.Fatal(err)
		}
		return info.Mode().Perm()
	}
	if m := mode(); m&^0o644 != 0 || m&0o600 != 0o600 {
		t.Errorf("a new file has %v", m)
	}
	if err := os.Chmod(path, 0o660); err != nil {
		t.Fatal(err)
	}
	mustWrite(t, path, "again")
	if m := mode(); m != 0o660 {
		t.Errorf("a file with -rw-rw---- was replaced by one with %v", m)
	}
}

func TestErrorMidwayChangesNothing(t *testing.T) {
	broken := errors.New("the source broke")
	for _, old := range []map[string]string{{"model": "old"}, {}} {
		dir := t.TempDir()
		path := filepath.Join(dir, "model")
		for _, s := range old {
			mustWrite(t, path, s)
		}
		err := Write(path, func(w io.Writer) error {
			text(strings.Repeat("half", 1<<16))(w)
			return broken
		})
		if !errors.Is(err, broken) || !strings.Contains(err.Error(), path) {
			t.Errorf("error %v", err)
		}
		holds(t, dir, old)

		func() {
			defer func() {
				if recover() == nil {
					t.Error("the panic was swallowed")
				}
			}()
			Write(path, func(w io.Writer) error { panic("midway") })
		}()
		holds(t, dir, old)
	}
}

func TestContentErrorKeepsItsOwnWords(t *testing.T) {
	_, missing := os.Open("other.csv")
	err := Write(filepath.Join(t.TempDir(), "model"), func(io.Writer) error { return missing })
	if !strings.HasSuffix(err.Error(), missing.Error()) {
		t.Errorf("%v does not end in %v", err, missing)
	}
}

func TestRefused(t *testing.T) {
	dir := t.TempDir()
	must := func(err error) {
		if err != nil {
			t.Fatal(err)
		}
	}
	must(os.Symlink("b", filepath.Join(dir, "a")))
	must(os.Symlink("a", filepath.Join(dir, "b")))
	must(os.Mkdir(filepath.Join(dir, "locked"), 0o555))
	must(os.WriteFile(filepath.Join(dir, "readonly"), nil, 0o444))
	for _, c := range []struct {
		path string
		is   error
		says string
		root bool // root may
	}{
		{path: "", says: "no name"},
		{path: filepath.Join(dir, "none", "model"), is: fs.ErrNotExist, says: "create the folder " + filepath.Join(dir, "none")},
		{path: dir, is: syscall.EISDIR, says: "name of a file in it"},
		{path: filepath.Join(dir, "a"), is: syscall.ELOOP},
		{path: filepath.Join(dir, "locked", "model"), is: fs.ErrPermission, says: "may write", root: true},
		{path: filepath.Join(dir, "readonly"), is: fs.ErrPermission, says: "may write", root: true},
		{path: "/dev/full", is: syscall.ENOSPC, says: "free some space"},
	} {
		if c.root && os.Geteuid() == 0 {
			continue
		}
		if _, err := os.Stat("/dev/full"); err != nil && c.path == "/dev/full" {
			continue
		}
		err := Write(c.path, text("new"))
		if err == nil {
			t.Errorf("%q was written", c.path)
			continue
		}
		if c.is != nil && !errors.Is(err, c.is) || !strings.Contains(err.Error(), c.path) || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%q: %v", c.path, err)
		}
		if strings.Contains(err.Error(), ".tmp") {
			t.Errorf("the error names the temporary file: %v", err)
		}
	}
}

func TestSymlinkStays(t *testing.T) {
	dir, other := t.TempDir(), t.TempDir()
	link := filepath.Join(dir, "latest")
	if err := os.Symlink("second", link); err != nil {
		t.Skip(err)
	}
	if err := os.Symlink(filepath.Join(other, "model"), filepath.Join(dir, "second")); err != nil {
		t.Fatal(err)
	}
	for _, s := range []string{"through a dangling link", "through a link to a file"} {
		mustWrite(t, link, s)
		holds(t, other, map[string]string{"model": s})
		if info, err := os.Lstat(link); err != nil || info.Mode()&fs.ModeSymlink == 0 {
			t.Error("the link was replaced")
		}
	}
}

func TestNotAFile(t *testing.T) {
	mustWrite(t, os.DevNull, "gone")
	if info, err := os.Stat(os.DevNull); err != nil || info.Mode().IsRegular() {
		t.Fatalf("%s: %v, %v", os.DevNull, info, err)
	}
	pipe := filepath.Join(t.TempDir(), "pipe")
	if err := exec.Command("mkfifo", pipe).Run(); err != nil {
		t.Skip(err)
	}
	got := make(chan string)
	go func() { b, _ := os.ReadFile(pipe); got <- string(b) }()
	mustWrite(t, pipe, "through a pipe")
	if s := <-got; s != "through a pipe" {
		t.Errorf("read %q", s)
	}
}

// A program that prints to a file and is told to write /dev/stdout, or that
// very file, must not cut off what it printed.
func TestStandardOutput(t *testing.T) {
	path := filepath.Join(t.TempDir(), "out")
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer func(old *os.File) { os.Stdout = old; f.Close() }(os.Stdout)
	os.Stdout = f
	os.Stdout.WriteString("before,")
	mustWrite(t, path, "model,")
	os.Stdout.WriteString("after")
	if b, _ := os.ReadFile(path); string(b) != "before,model,after" {
		t.Errorf("%q", b)
	}
}
