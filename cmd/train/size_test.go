package main

import (
	"os"
	"strings"
	"testing"
)

// Networks too large for any memory are refused before it is asked for: by the
// flags alone where they suffice, else by the width of the data.
func TestSizeOfNetwork(t *testing.T) {
	t.Chdir(t.TempDir())
	wide := strings.Repeat("x", 300)
	var header, row strings.Builder
	for i := range 300 {
		header.WriteString(wide[:i+1] + ",")
		row.WriteString("1,")
	}
	table := header.String() + "y\n" + row.String() + "a\n" + row.String() + "b\n"
	if err := os.WriteFile("wide.csv", []byte(table), 0o666); err != nil {
		t.Fatal(err)
	}
	for _, c := range []struct{ data, hidden, want string }{
		{"no-such-table.csv", "1000000000,1000000000", "1e+18 parameters, which take 8 EB"},
		{"no-such-table.csv", "9223372036854775807,9223372036854775807,9223372036854775807", "1.701e+38 parameters"},
		{"no-such-table.csv", "10000,10000", "1e+08 parameters, which take 800 MB"},
		{"wide.csv", "1000000", "3.02e+08 parameters, which take 2.42 GB"},
	} {
		out := train("fit", c.data, "--target", "y", "--hidden", c.hidden)
		if out.code != statusUsage || !strings.Contains(out.stderr, c.want) {
			t.Errorf("--hidden %s: status %d: %s", c.hidden, out.code, out.stderr)
		}
	}
	s := settings{Hidden: list[int]{1000}}
	if err := s.checkSize(99_998, 1); err == nil {
		t.Error("100,000,001 parameters are accepted")
	}
	if err := s.checkSize(99_997, 1); err != nil {
		t.Errorf("99,999,001 parameters: %v", err)
	}
}
