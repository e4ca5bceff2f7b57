package datasets

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/synctest"
)

// collect puts the blocks of a stream together again.
func collect(t *testing.T, e engine, text string, s *Schema, o StreamOptions) (all Dataset, lines []int, err error) {
	t.Helper()
	var x, targets strings.Builder
	for b, err := range e.stream(strings.NewReader(text), "s.csv", s, o) {
		if err != nil {
			return all, lines, err
		}
		rows, width := b.X.Dims()
		if rows == 0 || o.Rows > 0 && rows > o.Rows || width != s.Width() || len(b.Lines) != rows {
			t.Fatalf("block of %d×%d with %d lines", rows, width, len(b.Lines))
		}
		x.WriteString(show(b.X))
		if b.Y != nil {
			targets.WriteString(show(b.Y))
		}
		all.Labels = append(all.Labels, b.Labels...)
		all.Weights = append(all.Weights, b.Weights...)
		all.Dropped += b.Dropped
		lines = append(lines, b.Lines...)
	}
	all.Name = x.String() + "|" + targets.String()
	return all, lines, nil
}

// What Stream encodes is what Read encoded, whatever the blocks.
func TestStreamEqualsRead(t *testing.T) {
	var b strings.Builder
	b.WriteString("x,c,w,p,q,s,f\n")
	for i := range 50 {
		x := fmt.Sprint(float64(i) / 8)
		if i%7 == 6 {
			x = ""
		}
		fmt.Fprintf(&b, "%s,\"l\n%d\",%d,%d,%c,%d,%d\n", x, i%3, i%4, i%2, 'm'+i%3, i%5, i%2)
	}
	text := b.String()
	features := []string{"c", "x"}
	for _, o := range []Options{
		{Target: []string{"q"}, Features: features, Missing: MissingDrop},
		{Target: []string{"q"}, Features: features, Missing: MissingMean},
		{Target: []string{"q"}, Features: features, Missing: MissingMean, Weights: "w"},
		{Target: []string{"p", "f"}, Features: features, Missing: MissingDrop, Weights: "w"},
		{Successes: "s", Failures: "f", Features: features, Missing: MissingMean},
	} {
		d := mustRead(t, text, o)
		// The schema comes from a model file.
		encoded, err := json.Marshal(d.Schema)
		if err != nil {
			t.Fatal(err)
		}
		var schema Schema
		if err := json.Unmarshal(encoded, &schema); err != nil {
			t.Fatal(err)
		}
		want := Dataset{Name: show(d.X) + "|", Labels: d.Labels, Weights: d.Weights, Dropped: d.Dropped}
		if d.Y != nil {
			want.Name += show(d.Y)
		}
		for _, rows := range []int{1, 3, 7, 50, 0} {
			for _, size := range []int{1, 40, 1 << 20} {
				so := StreamOptions{Rows: rows, Missing: o.Missing, WithTarget: true}
				got, lines, err := collect(t, engine{size, 2}, text, &schema, so)
				if err != nil || !reflect.DeepEqual(got, want) {
					t.Fatalf("%+v, rows %d, text blocks of %d: %v\n%+v\nwant\n%+v", o, rows, size, err, got, want)
				}
				if !slices.IsSorted(lines) || o.Missing == MissingMean && !d.hasGroups() && !slices.Equal(lines[:3], []int{2, 4, 6}) {
					t.Fatalf("lines %v", lines)
				}
			}
		}
	}
}

func (d *Dataset) hasGroups() bool { return d.Schema.Successes != "" }

func TestStreamWithoutTarget(t *testing.T) {
	d := mustRead(t, "x,c,y\n1,a,u\n2,b,v\n", y)
	got, lines, err := collect(t, defaultEngine(), "id;c;x\n7;b;3\n\n8;a;4\n", d.Schema, StreamOptions{})
	if err != nil || got.Name != "3 1\n4 0\n|" || got.Labels != nil || !slices.Equal(lines, []int{2, 4}) {
		t.Errorf("%+v, lines %v, %v", got, lines, err)
	}
}

func TestStreamMissing(t *testing.T) {
	fill := with(y, func(o *Options) { o.Missing = MissingMean })
	schema := mustRead(t, "x,y\n1,u\n2,v\n", fill).Schema
	for missing, want := range map[Missing]Dataset{
		MissingError: {Name: "7\n1.5\n|"}, // the schema can fill in
		MissingMean:  {Name: "7\n1.5\n|"},
		MissingDrop:  {Name: "7\n|", Dropped: 1},
	} {
		got, _, err := collect(t, defaultEngine(), "x,z\n7,0\nNA,0\n", schema, StreamOptions{Missing: missing})
		if err != nil || !reflect.DeepEqual(got, want) {
			t.Errorf("%v: %+v, %v", missing, got, err)
		}
	}
}

func TestStreamErrors(t *testing.T) {
	schema := mustRead(t, "x,c,y\n1,a,u\n2,b,v\n", y).Schema
	target := StreamOptions{WithTarget: true}
	for _, c := range []struct {
		name, text string
		o          StreamOptions
		want       string
	}{
		{"no feature", "x,y\n1,u\n", target, `: no column "c" for the features; the columns are x, y`},
		{"no target", "x,c\n1,a\n", target, `: no column "y" for the target; the columns are x, c`},
		{"unseen level", "x,c\n1,a\n1,z\n", StreamOptions{}, `:3: column "c": "z" is not a level the model knows; it knows a, b`},
		{"unseen class", "x,c,y\n1,a,w\n", target, `:2: column "y": "w" is not a class the model knows; it knows u, v`},
		{"text", "x,c\nred,a\n", StreamOptions{}, `:2: column "x": "red" is not a number`},
		{"missing", "x,c\n1,a\n,a\n", StreamOptions{}, `:3: column "x": the empty cell is not a number; use --missing drop or --missing mean`},
		{"no means", "x,c\n1,a\n,a\n", StreamOptions{Missing: MissingMean}, `: the model holds no means to fill in; fit it with --missing mean`},
		{"no rows", "x,c\n", StreamOptions{}, `: there are no rows below the names of the columns`},
		{"all dropped", "x,c\n,a\n", StreamOptions{Missing: MissingDrop}, `: no row is left: in all 1 a cell is missing; leave out the columns that are often empty`},
		{"ragged", "x,c\n1,a,2\n", StreamOptions{}, `:2: 3 cells, but the first line names 2 columns`},
		{"negative rows", "x,c\n1,a\n", StreamOptions{Rows: -1}, `: blocks of -1 rows are asked for`},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, _, err := collect(t, defaultEngine(), c.text, schema, c.o)
			if err == nil || err.Error() != "s.csv"+c.want {
				t.Errorf("%v\nwant s.csv%s", err, c.want)
			}
		})
	}
}

// Whole blocks before an error are yielded, whatever the cut of the text; and a
// consumer may stop at any block, which leaves no goroutine behind: synctest
// reports those that are blocked for good.
func TestStreamStops(t *testing.T) {
	schema := mustRead(t, "x,y\n1,u\n2,v\n", y).Schema
	text := "x\n" + strings.Repeat("1\n", 25) + "red\n" + strings.Repeat("1\n", 25)
	synctest.Test(t, func(t *testing.T) {
		for size := 1; size < 60; size++ {
			_, lines, err := collect(t, engine{size, 3}, text, schema, StreamOptions{Rows: 10})
			if len(lines) != 20 || err.(*Error).Line != 27 {
				t.Fatalf("text blocks of %d: %d rows before %v", size, len(lines), err)
			}
			for range (engine{size, 3}).stream(strings.NewReader(text), "s.csv", schema, StreamOptions{Rows: 5}) {
				break
			}
		}
	})
}

func TestEncodeRow(t *testing.T) {
	s := mustRead(t, "x,c,y\n1,a,u\n,b,v\n5,b,v\n", with(y, func(o *Options) { o.Missing = MissingMean })).Schema
	got, err := s.EncodeRow(map[string]string{"x": " 1e2 ", "c": "b", "other": "?"})
	if err != nil || !slices.Equal(got, []float64{100, 1}) {
		t.Errorf("%v, %v", got, err)
	}
	got, err = s.EncodeRow(map[string]string{"x": "", "c": "a"})
	if err != nil || !slices.Equal(got, []float64{3, 0}) {
		t.Errorf("%v, %v", got, err)
	}
	for _, c := range []struct {
		row  map[string]string
		want string
	}{
		{map[string]string{"c": "a"}, `column "x": is not in the row; the model needs it`},
		{map[string]string{"x": "1", "c": "q"}, `column "c": "q" is not a level the model knows; it knows a, b`},
		{map[string]string{"x": "q", "c": "a"}, `column "x": "q" is not a number`},
		{map[string]string{"x": "inf", "c": "a"}, `column "x": "inf" is infinite; leave the row out, or leave the cell empty and use --missing`},
	} {
		if _, err := s.EncodeRow(c.row); err == nil || err.Error() != c.want {
			t.Errorf("%v\nwant %s", err, c.want)
		}
	}
}

func TestEncodeOverwrites(t *testing.T) {
	s := Schema{Features: []Feature{{Name: "c", Levels: []string{"a", "b", "c"}}, {Name: "x"}}}
	dst := []float64{math.NaN(), math.NaN(), math.NaN()}
	for level, want := range [][]float64{{0, 0, 7}, {1, 0, 7}, {0, 1, 7}} {
		if s.encode(dst, []float64{float64(level), 7}); !slices.Equal(dst, want) {
			t.Errorf("level %d: %v, want %v", level, dst, want)
		}
	}
}

func TestSchemaRefused(t *testing.T) {
	for text, want := range map[string]string{
		`{"features":[{"name":"x","levels":["a"]}]}`: "no terms: every feature has one level only",
		`{}`:                         "no features",
		`{"features":[{"name":""}]}`: "a column without a name, or in two roles",
		`{"features":[{"name":"x"},{"name":"x"}]}`:                                                    "a column without a name, or in two roles",
		`{"features":[{"name":"x"}],"target":"x","classes":["a"],"reference":"a"}`:                    "a column without a name, or in two roles",
		`{"features":[{"name":"x","levels":[]}]}`:                                                     `the levels of "x" are none or not distinct`,
		`{"features":[{"name":"x","levels":["a","a"]}]}`:                                              `the levels of "x" are none or not distinct`,
		`{"features":[{"name":"x","levels":["a"],"fill":1}]}`:                                         `feature "x" has both levels and a number to fill in`,
		`{"features":[{"name":"x"}],"target":"y"}`:                                                    "target and classes do not go together",
		`{"features":[{"name":"x"}],"target":"y","classes":["a","a"],"reference":"a"}`:                "classes are not distinct",
		`{"features":[{"name":"x"}],"target":"y","classes":["a"],"reference":"b"}`:                    `reference "b" is not a class`,
		`{"features":[{"name":"x"}],"labels":[{"name":"p","negative":"0","positive":"0"}]}`:           `label "p" has one value for both outcomes`,
		`{"features":[{"name":"x"}],"successes":"s","failures":"f","weights":"w"}`:                    "both grouped counts and weights",
		`{"features":[{"name":"x"}],"successes":"s"}`:                                                 "a column without a name, or in two roles",
		`{"features":[{"name":"x"}],"successes":"s","failures":"f","labels":[{"name":"p","n":"0"}]}`:  `label "p" has one value for both outcomes`,
		`{"features":[{"name":"x"}],"successes":"s","failures":"f","target":"y","classes":["a","b"]}`: "more than one kind of target",
	} {
		var s Schema
		if err := json.Unmarshal([]byte(text), &s); err == nil || err.Error() != "schema: "+want {
			t.Errorf("%s: %v, want %s", text, err, want)
		}
	}
}

// The rows of a stream are not kept: memory does not grow with their number.
func TestStreamMemory(t *testing.T) {
	schema := mustRead(t, "a,b,c,y\n1,1,1,u\n2,2,2,v\n", y).Schema
	const rows = 1 << 20
	text := &repeat{head: "a,b,c\n", row: "1.5,2.25,-3\n", rows: rows}
	var peak uint64
	n, sum := 0, 0.0
	for b, err := range Stream(text, "s.csv", schema, StreamOptions{}) {
		if err != nil {
			t.Fatal(err)
		}
		n += len(b.Lines)
		sum += b.X.At(0, 2)
		var m runtime.MemStats
		if n%(1<<17) == 0 {
			runtime.ReadMemStats(&m)
			peak = max(peak, m.HeapAlloc)
		}
	}
	if n != rows || math.IsNaN(sum) || peak > 32<<20 {
		t.Errorf("%d rows, %d MB in use", n, peak>>20)
	}
}

// repeat is a table of equal rows.
type repeat struct {
	head, row string
	rows      int
}

func (r *repeat) Read(p []byte) (int, error) {
	if r.head != "" {
		n := copy(p, r.head)
		r.head = r.head[n:]
		return n, nil
	}
	if r.rows == 0 {
		return 0, io.EOF
	}
	n := 0
	for r.rows > 0 && len(p)-n >= len(r.row) {
		n += copy(p[n:], r.row)
		r.rows--
	}
	return n, nil
}
