package datasets

import (
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"
)

func TestEmbedded(t *testing.T) {
	sets := Embedded()
	if !slices.IsSortedFunc(sets, func(a, b Info) int { return strings.Compare(a.Name, b.Name) }) {
		t.Error("not sorted by name")
	}
	for _, set := range sets {
		if set.Description == "" || set.Licence == "" || set.Source == "" {
			t.Errorf("%s: %+v lacks a text", set.Name, set)
		}
		for _, name := range append(set.Aliases, set.Name) {
			d, err := Load(name, Options{})
			if err != nil {
				t.Error(err)
				continue
			}
			if d.Len() != set.Rows || d.Schema.Width() != set.Features || d.Schema.Target != set.Target || !slices.Equal(d.Schema.Classes, set.Classes) {
				t.Errorf("%s is %d×%d, target %s of %q, not %+v", name, d.Len(), d.Schema.Width(), d.Schema.Target, d.Schema.Classes, set)
			}
		}
	}
	if n := len(sets); n != 7 {
		t.Errorf("%d embedded data sets", n)
	}
	d, err := Load("cancer30", Options{Target: []string{"mean_radius"}, Features: []string{"mean_area"}, MaxClasses: 600})
	if err != nil || d.Schema.Target != "mean_radius" {
		t.Errorf("another target: %v", err)
	}
}

// Generated data sets are known by name, and are what their function computes.
func TestGenerated(t *testing.T) {
	for _, set := range Generated() {
		d, err := Load(set.Name, Options{})
		if err != nil {
			t.Fatal(err)
		}
		r, ok := generated(set.Name)
		if !ok {
			t.Fatalf("no recipe for %s", set.Name)
		}
		made := r.make()
		if !mat.Equal(d.X, made.X) || !slices.Equal(d.Labels, made.Labels) || d.Schema.Target != set.Target {
			t.Errorf("%s: read back from CSV it differs", set.Name)
		}
		if d.Len() != set.Rows || d.Schema.Width() != set.Features || !slices.Equal(d.Schema.Classes, set.Classes) ||
			set.Description == "" || set.Licence == "" || set.Source == "" {
			t.Errorf("%+v", set)
		}
	}
}

func TestLookup(t *testing.T) {
	t.Chdir(t.TempDir())
	if err := os.WriteFile("wine", []byte("x,y\n1,2\n"), 0o644); err != nil {
		t.Fatal(err)
	}
	if err := os.Mkdir("iris", 0o755); err != nil {
		t.Fatal(err)
	}
	for name, want := range map[string]string{"iris": "iris", "cancer30": "cancer", "xor": "xor", "wine": "", "-": "", "nosuch": ""} {
		if set, ok := Lookup(name); set.Name != want || ok != (want != "") {
			t.Errorf("%s: %q, %v", name, set.Name, ok)
		}
	}
	if _, err := Load("pengiuns", y); err == nil || !strings.Contains(err.Error(), "(did you mean penguins?)") {
		t.Error(err)
	}
}

func TestTwoMoons(t *testing.T) {
	d := TwoMoons(5, 0, 1)
	for i := range d.Len() {
		a, b := d.X.At(i, 0), d.X.At(i, 1)
		if d.Labels[i] == 1 {
			a, b = 1-a, 0.5-b
		}
		if math.Abs(math.Hypot(a, b)-1) > 1e-15 || b < 0 || d.Labels[i] != i%2 {
			t.Errorf("point %d is (%v, %v)", i, d.X.At(i, 0), d.X.At(i, 1))
		}
	}
	if d.X.At(0, 0) != 1 || d.X.At(4, 0) != -1 {
		t.Errorf("class 0 spans %v to %v", d.X.At(0, 0), d.X.At(4, 0))
	}
	isNoisy(t, TwoMoons)
}

func TestXOR(t *testing.T) {
	if got, want := show(XOR(5, 0, 1).X), "-1 -1\n1 -1\n-1 1\n1 1\n-1 -1\n"; got != want {
		t.Errorf("X =\n%swant\n%s", got, want)
	}
	if got, want := XOR(5, 0, 1).Labels, []int{0, 1, 1, 0, 0}; !slices.Equal(got, want) {
		t.Errorf("labels %v, want %v", got, want)
	}
	isNoisy(t, XOR)
}

// isNoisy checks the size of the noise, and that the seed decides it.
func isNoisy(t *testing.T, generate func(n int, noise float64, seed uint64) *Dataset) {
	t.Helper()
	const n, noise = 4000, 0.25
	clean, a, b, c := generate(n, 0, 1).X, generate(n, noise, 1).X, generate(n, noise, 1).X, generate(n, noise, 2).X
	squares := 0.0
	for i, v := range a.RawMatrix().Data {
		squares += math.Pow(v-clean.RawMatrix().Data[i], 2)
	}
	// Five standard errors of a variance.
	if got := squares / (2 * n); math.Abs(got-noise*noise) > 5*noise*noise/math.Sqrt(n) {
		t.Errorf("variance %v, want %v", got, noise*noise)
	}
	if !slices.Equal(a.RawMatrix().Data, b.RawMatrix().Data) || slices.Equal(a.RawMatrix().Data, c.RawMatrix().Data) {
		t.Error("the seed must decide the noise, and alone")
	}
}
