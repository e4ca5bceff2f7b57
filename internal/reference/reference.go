// Package reference reads the tree of reference data that conformance tests
// compare with: values from other programs and from high-precision arithmetic.
// Its README describes every field.
package reference

import (
	"bufio"
	"encoding/json"
	"fmt"
	"math"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

// Dir returns the reference tree: the one named by the environment variable
// REFERENCE_DIR, otherwise the redistributable part kept in testdata.
func Dir(t testing.TB) string {
	t.Helper()
	if dir := os.Getenv("REFERENCE_DIR"); dir != "" {
		if _, err := os.Stat(dir); err != nil {
			t.Fatalf("REFERENCE_DIR: %v", err)
		}
		return dir
	}
	_, file, _, _ := runtime.Caller(0)
	return filepath.Join(filepath.Dir(file), "..", "..", "testdata", "reference")
}

// Lines decodes every line of a JSON-lines file of the tree.
func Lines[T any](t testing.TB, name string) []T {
	t.Helper()
	f, err := os.Open(filepath.Join(Dir(t), name))
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	var all []T
	s := bufio.NewScanner(f)
	s.Buffer(nil, 1<<24)
	for n := 1; s.Scan(); n++ {
		var v T
		if err := json.Unmarshal(s.Bytes(), &v); err != nil {
			t.Fatalf("%s:%d: %v", name, n, err)
		}
		all = append(all, v)
	}
	if err := s.Err(); err != nil {
		t.Fatal(err)
	}
	return all
}

// Files decodes every JSON file of a folder of the tree, by name without
// ".json". It fails on an empty folder.
func Files[T any](t testing.TB, folder string) map[string]T {
	t.Helper()
	names, err := filepath.Glob(filepath.Join(Dir(t), folder, "*.json"))
	if err != nil || len(names) == 0 {
		t.Fatalf("no reference files in %s of %s (%v)", folder, Dir(t), err)
	}
	all := make(map[string]T, len(names))
	for _, name := range names {
		data, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		var v T
		if err := json.Unmarshal(data, &v); err != nil {
			t.Fatalf("%s: %v", name, err)
		}
		all[strings.TrimSuffix(filepath.Base(name), ".json")] = v
	}
	return all
}

// Number is a float64 that may stand as "inf", "-inf" or "nan" in JSON.
type Number float64

func (x *Number) UnmarshalJSON(b []byte) error {
	switch string(b) {
	case `"inf"`:
		*x = Number(math.Inf(1))
	case `"-inf"`:
		*x = Number(math.Inf(-1))
	case `"nan"`:
		*x = Number(math.NaN())
	default:
		var v float64
		if err := json.Unmarshal(b, &v); err != nil {
			return err
		}
		*x = Number(v)
	}
	return nil
}

// Tensor is an array of the tree: row-major numbers and their shape.
type Tensor struct {
	Shape []int
	Data  []Number
}

// UnmarshalJSON accepts the {"shape", "data"} form, and plain numbers and
// lists of numbers.
func (t *Tensor) UnmarshalJSON(b []byte) error {
	switch b[0] {
	case '{':
		type plain Tensor
		if err := json.Unmarshal(b, (*plain)(t)); err != nil {
			return err
		}
	case '[':
		if err := json.Unmarshal(b, &t.Data); err != nil {
			return err
		}
		t.Shape = []int{len(t.Data)}
	default:
		t.Shape, t.Data = []int{}, make([]Number, 1)
		return json.Unmarshal(b, &t.Data[0])
	}
	n := 1
	for _, d := range t.Shape {
		n *= d
	}
	if n != len(t.Data) {
		return fmt.Errorf("shape %v with %d numbers", t.Shape, len(t.Data))
	}
	return nil
}

// Floats returns the numbers of t.
func (t *Tensor) Floats() []float64 {
	x := make([]float64, len(t.Data))
	for i, v := range t.Data {
		x[i] = float64(v)
	}
	return x
}

// Ints returns the numbers of t as class indices.
func (t *Tensor) Ints() []int {
	x := make([]int, len(t.Data))
	for i, v := range t.Data {
		x[i] = int(v)
	}
	return x
}

// Dense returns t as a matrix; vectors are rows and scalars are 1×1.
func (t *Tensor) Dense() *mat.Dense {
	r, c := 1, len(t.Data)
	if len(t.Shape) == 2 {
		r, c = t.Shape[0], t.Shape[1]
	}
	return mat.NewDense(r, c, t.Floats())
}
