package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/rogpeppe/go-internal/testscript"
)

func TestMain(m *testing.M) {
	testscript.Main(m, map[string]func(){"train": main, "train-peak": mainPeak})
}

// mainPeak runs the program and then tells the most memory that it had. The
// rusage of a child does not tell that: it begins with the memory of the parent.
func mainPeak() {
	p := &program{args: os.Args[1:], stdout: io.Discard, stderr: os.Stderr, interruptible: onSignal}
	code := p.run()
	status, _ := os.ReadFile("/proc/self/status")
	_, peak, _ := strings.Cut(string(status), "VmHWM:")
	line, _, _ := strings.Cut(peak, "\n")
	fmt.Fprintln(os.Stderr, "peak", strings.TrimSpace(line))
	os.Exit(code)
}

func TestScripts(t *testing.T) {
	testscript.Run(t, testscript.Params{
		Dir:                 "testdata/script",
		RequireExplicitExec: true,
		RequireUniqueNames:  true,
		Cmds: map[string]func(ts *testscript.TestScript, neg bool, args []string){
			"exits":   exits,
			"waitfor": waitFor,
		},
	})
}

// exits runs a command and checks its exit status: exits STATUS COMMAND ARG…
func exits(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) < 2 {
		ts.Fatalf("usage: exits status command [arg...]")
	}
	got := 0
	var exit *exec.ExitError
	switch err := ts.Exec(args[1], args[2:]...); {
	case errors.As(err, &exit):
		got = exit.ExitCode()
	case err != nil:
		ts.Fatalf("%v", err)
	}
	if want, err := strconv.Atoi(args[0]); err != nil || got != want {
		ts.Fatalf("exit status %d, want %s", got, args[0])
	}
}

// waitFor waits until a file is there and not empty: waitfor FILE
func waitFor(ts *testscript.TestScript, neg bool, args []string) {
	if neg || len(args) != 1 {
		ts.Fatalf("usage: waitfor file")
	}
	for range 1000 {
		if info, err := os.Stat(ts.MkAbs(args[0])); err == nil && info.Size() > 0 {
			return
		}
		time.Sleep(10 * time.Millisecond)
	}
	ts.Fatalf("%s has not appeared in ten seconds", args[0])
}

// output is what a run of the program gave.
type output struct {
	code           int
	stdout, stderr string
}

// train runs the program in this process, in the current folder.
func train(args ...string) output {
	return trainUntil(context.Background(), args...)
}

func trainUntil(ctx context.Context, args ...string) output {
	var stdout, stderr bytes.Buffer
	p := &program{args: args, stdout: &stdout, stderr: &stderr, interruptible: func() (context.Context, context.CancelFunc) {
		return ctx, func() {}
	}}
	code := p.run()
	return output{code, stdout.String(), stderr.String()}
}

// fitResult fits in a folder of its own and returns the JSON result.
func fitResult[T any](t *testing.T, args ...string) T {
	t.Helper()
	t.Chdir(t.TempDir())
	if out := train(append([]string{"fit", "--quiet", "--json", "result.json"}, args...)...); out.code != 0 {
		t.Fatalf("train fit %q: status %d: %s", args, out.code, out.stderr)
	}
	return readJSON[T](t, "result.json")
}

func readJSON[T any](t *testing.T, path string) T {
	t.Helper()
	text, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	var v T
	if err := json.Unmarshal(text, &v); err != nil {
		t.Fatal(err)
	}
	return v
}
