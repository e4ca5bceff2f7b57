package main

import (
	"bytes"
	"context"
	"os"
	"path/filepath"
	"strings"
	"testing"
)

// countdown is a context that is cancelled when it has been looked at so many
// times. The trainer looks before every step, so a run is interrupted after
// exactly that many.
type countdown struct {
	context.Context
	left *int
}

func (c countdown) Err() error {
	*c.left--
	if *c.left < 0 {
		return context.Canceled
	}
	return nil
}

// A run that is interrupted anywhere, and goes on with the command that it
// printed, ends with the same bytes as one that is not.
func TestResumeIsBitIdentical(t *testing.T) {
	runs := map[string][]string{
		"linear":         {"fit", "iris2", "--solver", "accelerated", "--epochs", "120"},
		"batches":        {"fit", "moons", "--hidden", "8,4", "--dropout", "0.2", "--epochs", "6", "--batch", "50", "--seed", "3"},
		"early stopping": {"fit", "moons", "--hidden=8", "--epochs=12", "--held-out=0.3", "--patience=3", "--solver=sgd", "--momentum=0.9", "--nesterov"},
		"one cycle":      {"fit", "xor", "--hidden", "6", "--activation", "gelu", "--epochs", "5", "--schedule", "onecycle", "--max-lr", "0.02", "--clip-norm", "1"},
	}
	for name, args := range runs {
		t.Run(name, func(t *testing.T) {
			t.Chdir(t.TempDir())
			unbroken := append(args, "--quiet", "--model", "unbroken.model", "--log", "unbroken.csv")
			if out := train(unbroken...); out.code != 0 {
				t.Fatal(out.stderr)
			}
			for _, steps := range []int{0, 1, 7, 33} {
				left := steps
				out := trainUntil(countdown{context.Background(), &left}, append(args, "--quiet", "--model", "a b.model", "--log", "a.csv")...)
				if out.code != statusInterrupted || out.stdout != "" {
					t.Fatalf("after %d steps: status %d, output %q, message %s", steps, out.code, out.stdout, out.stderr)
				}
				if _, err := os.Stat("a b.model"); err == nil {
					t.Fatalf("after %d steps: an interrupted run has written a model", steps)
				}
				if out := train(resumeArguments(t, out.stderr)...); out.code != 0 {
					t.Fatalf("after %d steps: %s", steps, out.stderr)
				}
				same(t, "a b.model", "unbroken.model")
				same(t, "a b.model.config.json", "unbroken.model.config.json")
				same(t, "a.csv", "unbroken.csv")
				os.Remove("a b.model")
			}
		})
	}
}

// resumeArguments reads the command to resume out of a message, as a shell
// would.
func resumeArguments(t *testing.T, message string) []string {
	t.Helper()
	for line := range strings.Lines(message) {
		command, ok := strings.CutPrefix(strings.TrimSpace(line), "train ")
		if !ok {
			continue
		}
		var args []string
		for i, part := range strings.Split(command, "'") {
			if i%2 == 1 {
				args = append(args, part)
			} else {
				args = append(args, strings.Fields(part)...)
			}
		}
		return args
	}
	t.Fatalf("no command in %q", message)
	return nil
}

func same(t *testing.T, a, b string) {
	t.Helper()
	x, err := os.ReadFile(a)
	if err != nil {
		t.Fatal(err)
	}
	y, err := os.ReadFile(b)
	if err != nil {
		t.Fatal(err)
	}
	if !bytes.Equal(x, y) {
		t.Errorf("%s and %s differ", a, b)
	}
}

// The configuration beside a model repeats the run, bit for bit.
func TestConfigurationRepeatsTheRun(t *testing.T) {
	t.Chdir(t.TempDir())
	rows := "a;w;kind;y\n1,5;2;u;p\n2;1;v;q\n3;1;u;p\n4;3;w;q\n;1;u;q\n5;2;v;p\n6;1;w;r\n7;1;u;r\n"
	if err := os.WriteFile("odd.csv", []byte(rows), 0o644); err != nil {
		t.Fatal(err)
	}
	for _, args := range [][]string{
		{"iris"},
		{"iris", "--solver", "sgd", "--batch", "0", "--epochs", "20", "--tolerance", "1e-3", "--weight-decay", "0"},
		{"penguins", "--hidden", "5,3", "--activation", "leaky_relu(0.2)", "--epochs", "3", "--seed", "18446744073709551615", "--held-out", "0.25", "--patience", "2"},
		{"xor", "--hidden", "4", "--solver", "adamw", "--weight-decay", "0", "--beta1", "0.8", "--schedule", "cosine", "--epochs", "3"},
		{"xor", "--solver", "rmsprop", "--momentum", "0.5", "--schedule", "step", "--step-size", "2", "--epochs", "5", "--pos-weight", "2"},
		{"odd.csv", "--target", "y", "--weights", "w", "--missing", "mean", "--separator", ";", "--decimal", ",", "--reference", "q", "--class-weight", "balanced", "--features", "a,kind", "--categorical", "kind"},
	} {
		first := append([]string{"fit", "--quiet", "--model", "first.model"}, args...)
		if out := train(first...); out.code != 0 {
			t.Fatalf("%q: %s", args, out.stderr)
		}
		if out := train("fit", "--quiet", "--model", "again.model", "--config", "first.model.config.json"); out.code != 0 {
			t.Fatalf("%q again: %s", args, out.stderr)
		}
		same(t, "first.model", "again.model")
		same(t, "first.model.config.json", "again.model.config.json")
	}
	if files, _ := filepath.Glob(".surprisal*"); files != nil {
		t.Errorf("temporary files are left: %q", files)
	}
}
