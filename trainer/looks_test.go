package trainer

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/surprisal-ml/surprisal/optim"
)

// A file of another kind is called by its name.
func TestFilesOfAnotherKind(t *testing.T) {
	dir := t.TempDir()
	write := func(name, text string) string {
		path := filepath.Join(dir, name)
		if err := os.WriteFile(path, []byte(text), 0o644); err != nil {
			t.Fatal(err)
		}
		return path
	}
	d := load(t, "iris2")
	model, checkpoint := filepath.Join(dir, "model"), filepath.Join(dir, "checkpoint")
	c := network(t, d)
	if err := c.Save(model); err != nil {
		t.Fatal(err)
	}
	if err := trainerFor(t, c, d, nil, Config{Method: optim.Adam{}, Epochs: 1}).Checkpoint().Save(checkpoint); err != nil {
		t.Fatal(err)
	}
	for path, want := range map[string]string{
		checkpoint:                                   "it looks like a checkpoint",
		write("a.csv", "x,y\n1,2\n"):                 "it looks like a table (CSV)",
		write("b.csv", "größe;y\n1;2\n"):             "it looks like a table (CSV)",
		write("c.json", "\n{\"data\": 1}"):           "it looks like a JSON file",
		write("d.txt", strings.Repeat("é", 700)):     "it looks like text",
		write("e.txt", "x"+strings.Repeat("é", 700)): "it looks like text",
		write("f.gz", "\x1f\x8b\x08"):                "it looks like a gzip file",
		write("g.xlsx", "PK\x03\x04"):                "an Excel workbook",
		write("h.bin", "\xff\xfe\x00"):               "",
		write("i", ""):                               "",
	} {
		_, err := Load(path)
		if err == nil || !strings.HasPrefix(err.Error(), path+": ") || !strings.Contains(err.Error(), want) || want == "" && strings.Contains(err.Error(), "looks") {
			t.Errorf("%v, want %q", err, want)
		}
	}
	for path, want := range map[string]string{model: "it looks like a model file", filepath.Join(dir, "a.csv"): "it looks like a table (CSV)"} {
		if _, err := LoadCheckpoint(path); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %q", err, want)
		}
	}
}
