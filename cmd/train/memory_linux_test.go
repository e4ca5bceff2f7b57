//go:build !race

package main

import (
	"bufio"
	"bytes"
	"fmt"
	"os"
	"os/exec"
	"testing"

	"github.com/surprisal-ml/surprisal/random"
)

// The memory of predict does not grow with the rows, and that of evaluate by a
// few bytes a row only.
func TestStreamingMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 20 MB")
	}
	t.Chdir(t.TempDir())
	if out := train("fit", "iris2", "--quiet"); out.code != 0 {
		t.Fatal(out.stderr)
	}
	const few, many = 20_000, 600_000
	writeIris(t, "few.csv", few)
	writeIris(t, "many.csv", many)
	for _, c := range []struct {
		command string
		growth  float64 // bytes a row
	}{{"predict", 0}, {"evaluate", 16}} {
		base, large := peak(t, c.command, "iris2.model", "few.csv"), peak(t, c.command, "iris2.model", "many.csv")
		t.Logf("%s: %.0f MB for %d rows, %.0f MB for %d rows", c.command, base/1e6, few, large/1e6, many)
		if limit := base + 16e6 + 2*c.growth*many; large > limit { // twice: a collector needs room
			t.Errorf("%s: %.0f MB for %d rows, %.0f MB for %d rows", c.command, base/1e6, few, large/1e6, many)
		}
	}
}

// The memory of fit is less than one and a half matrices of the data, also where
// rows are held out.
func TestFitMemory(t *testing.T) {
	if testing.Short() {
		t.Skip("writes 24 MB")
	}
	t.Chdir(t.TempDir())
	const rows, columns = 200_000, 30
	writeNumbers(t, "few.csv", 100, columns)
	writeNumbers(t, "many.csv", rows, columns)
	for _, flags := range [][]string{
		{"--solver", "newton"},
		{"--solver", "newton", "--held-out", "0.2"},
		{"--solver", "accelerated", "--epochs", "2", "--held-out", "0.2"},
		{"--hidden", "2", "--epochs", "1", "--batch", "0", "--held-out", "0.2"},
	} {
		args := func(table string) []string {
			return append([]string{"fit", table, "--target", "y", "--quiet", "--model", "a.model"}, flags...)
		}
		base, large := peak(t, args("few.csv")...), peak(t, args("many.csv")...)
		ratio := (large - base) / (8 * rows * columns)
		t.Logf("%q: %.0f MB and %.2f times the matrix", flags, base/1e6, ratio)
		if ratio > 1.5 {
			t.Errorf("%q: %.0f MB, of which %.2f times the matrix", flags, large/1e6, ratio)
		}
	}
}

func writeNumbers(t *testing.T, path string, rows, columns int) {
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	for j := range columns {
		fmt.Fprintf(w, "x%d,", j)
	}
	fmt.Fprintln(w, "y")
	src := random.New(1, 1)
	for range rows {
		for range columns {
			fmt.Fprintf(w, ".%02d,", src.Uint64()%100)
		}
		fmt.Fprintf(w, "%d\n", src.Uint64()%2)
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
}

func writeIris(t *testing.T, path string, rows int) {
	f, err := os.Create(path)
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	w := bufio.NewWriter(f)
	fmt.Fprintln(w, "sepal_length,sepal_width,petal_length,petal_width,species")
	for i := range rows {
		fmt.Fprintf(w, "%d.%d,3.%d,5.1,1.%d,%s\n", 5+i%3, i%10, i%7, i%9, []string{"versicolor", "virginica"}[i%2])
	}
	if err := w.Flush(); err != nil {
		t.Fatal(err)
	}
}

// peak runs the program and returns the most memory it had, in bytes.
func peak(t *testing.T, args ...string) float64 {
	var out bytes.Buffer
	cmd := exec.Command("train-peak", args...)
	cmd.Stderr = &out
	if err := cmd.Run(); err != nil {
		t.Fatalf("train %q: %v: %s", args, err, &out)
	}
	var kilobytes float64
	if _, err := fmt.Sscanf(out.String(), "peak %f kB", &kilobytes); err != nil {
		t.Fatalf("train %q: %v in %q", args, err, &out)
	}
	return kilobytes * 1024
}
