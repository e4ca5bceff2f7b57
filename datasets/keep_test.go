package datasets

import (
	"slices"
	"strings"
	"testing"
)

// Kept cells stay with their rows, whatever rows are dropped and however the
// rows are cut into blocks.
func TestKeep(t *testing.T) {
	s := mustRead(t, "x,c,y\n1,a,0\n2,b,1\n", y).Schema
	text := "id,x,note,c,y\n07,1,\"one, \"\"first\"\"\",a,0\nu2,,two,b,1\n 3 ,2.50,\"a\nb\",a,1\n4,4,,b,0\n"
	want := []string{`one, "first"`, "1", "07", "a\nb", "2.50", "3", "", "4", "4"}
	for _, size := range []int{1, 2, 100} {
		for _, withTarget := range []bool{false, true} {
			o := StreamOptions{Rows: size, Missing: MissingDrop, Keep: []string{"note", "x", "id"}, WithTarget: withTarget}
			var kept []string
			var x []float64
			dropped := 0
			for b, err := range (engine{3, 2}).stream(strings.NewReader(text), "t.csv", s, o) {
				if err != nil {
					t.Fatal(err)
				}
				if len(b.Kept) != 3*len(b.Lines) {
					t.Fatalf("%d cells of %d rows", len(b.Kept), len(b.Lines))
				}
				kept = append(kept, b.Kept...)
				for i := range b.Lines {
					x = append(x, b.X.At(i, 0))
				}
				dropped += b.Dropped
			}
			if !slices.Equal(kept, want) || !slices.Equal(x, []float64{1, 2.5, 4}) || dropped != 1 {
				t.Errorf("blocks of %d: %q, x %v, %d dropped", size, kept, x, dropped)
			}
		}
	}
	for keep, problem := range map[string]string{"idd": `no column "idd" for the columns to keep (did you mean id?)`, "id": "is to be kept twice"} {
		for _, err := range Stream(strings.NewReader(text), "t.csv", s, StreamOptions{Keep: []string{keep, "id"}}) {
			if err == nil || !strings.Contains(err.Error(), problem) {
				t.Errorf("%v, want %s", err, problem)
			}
			break
		}
	}
}

func TestOutcomes(t *testing.T) {
	for _, c := range []struct {
		text string
		o    Options
		want string
	}{
		{"x,y\n1,a\n2,b\n3,a\n", y, "0\n1\n0\n"},
		{"x,y\n1,a\n2,b\n3,a\n", with(y, func(o *Options) { o.Reference = "b" }), "1\n0\n1\n"},
		{"x,y\n1,a\n2,a\n", y, "0\n0\n"},
		{"x,s,f\n1,1,3\n2,2,0\n", Options{Successes: "s", Failures: "f"}, "0.25\n1\n"},
		{"x,p,q\n1,0,1\n2,1,0\n", Options{Target: []string{"p", "q"}}, "0 1\n1 0\n"},
	} {
		if got := show(mustRead(t, c.text, c.o).Outcomes()); got != c.want {
			t.Errorf("%q: %q, want %q", c.text, got, c.want)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("three classes have outcomes")
		}
	}()
	mustRead(t, "x,y\n1,a\n2,b\n3,c\n", y).Outcomes()
}
