package datasets

import (
	"fmt"
	"strings"
	"testing"
)

// tableOf returns a table with a number x, and a column c of the given cells.
func tableOf(separator, c string, cells ...string) string {
	var b strings.Builder
	fmt.Fprintf(&b, "x%s%s\n", separator, c)
	for i, cell := range cells {
		fmt.Fprintf(&b, "%d%s%s\n", i%7, separator, cell)
	}
	return b.String()
}

// cycleOf returns n cells of k different kinds.
func cycleOf(n, k int, format string) []string {
	cells := make([]string, n)
	for i := range cells {
		cells[i] = fmt.Sprintf(format, i%k)
	}
	return cells
}

func TestColumnsInDoubt(t *testing.T) {
	x := Options{Target: []string{"x"}}
	categorical := with(x, func(o *Options) { o.Categorical = []string{"id"} })
	const identifier, comma, quantity = "leave the column out (--exclude id)", "use --decimal ,", "a quantity to predict, not a class"
	for _, c := range []struct {
		name, text string
		o          Options
		want       string // of the error; "" for none
	}{
		{"a name in every row", tableOf(",", "id", cycleOf(21, 21, "n%d")...), x, identifier},
		{"a name in every other row", tableOf(",", "id", cycleOf(60, 31, "n%d")...), x, identifier},
		{"levels with two rows each", tableOf(",", "id", cycleOf(62, 31, "n%d")...), x, ""},
		{"few rows", tableOf(",", "id", cycleOf(20, 20, "n%d")...), x, ""},
		{"names asked for", tableOf(",", "id", cycleOf(30, 30, "n%d")...), categorical, ""},
		{"names excluded", tableOf(",", "id,a", cycleOf(30, 30, "n%d,1")...), with(x, func(o *Options) { o.Exclude = []string{"id"} }), ""},

		{"decimal commas", tableOf(";", "id", "1,5", "", "2", "-3,25"), with(x, func(o *Options) { o.Missing = MissingDrop }), comma},
		{"a decimal comma late", tableOf(";", "id", "1", "2", "2,5"), x, comma},
		{"tabs", tableOf("\t", "id", "1,5", "2,5"), x, comma},
		{"many decimal commas", tableOf(";", "id", cycleOf(1100, 1100, "1,%d")...), x, comma},
		{"decimal commas asked for", tableOf(";", "id", "1,5", "2,5"), with(x, func(o *Options) { o.Decimal = ',' }), ""},
		{"lists", tableOf(";", "id", "1,5", "2,5,7"), x, ""},
		{"categories asked for", tableOf(";", "id", "1,5", "2,5"), categorical, ""},
		{"quoted among commas", tableOf(",", "id", `"1,5"`, `"2,5"`), x, ""},

		{"a number in every row", tableOf(",", "y", "0.5", "1.25", "2"), y, quantity},
		{"many numbers", tableOf(",", "y", cycleOf(200, 25, "%d.5")...), y, quantity},
		{"numbers of ten rows each", tableOf(",", "y", cycleOf(250, 25, "%d.5")...), y, ""},
		{"few numbers", tableOf(",", "y", cycleOf(40, 20, "%d.5")...), y, ""},
		{"two numbers", tableOf(",", "y", "0.5", "1.5"), y, ""},
		{"numbers with commas", tableOf(";", "y", cycleOf(30, 30, "%d,5")...), y, quantity},
		{"whole numbers", tableOf(",", "y", cycleOf(60, 30, "%d")...), y, ""},
		{"a whole number in every row", tableOf(",", "y", cycleOf(60, 60, "%d")...), y, quantity},
		{"names", tableOf(",", "y", cycleOf(60, 60, "n%d")...), y, ""},
		{"numbers asked for", tableOf(",", "y", "0.5", "1.25", "2"), with(y, func(o *Options) { o.MaxClasses = 10 }), ""},
	} {
		_, err := Read(strings.NewReader(c.text), "t.csv", c.o)
		if c.want == "" && err != nil || c.want != "" && (err == nil || !strings.Contains(err.Error(), c.want)) {
			t.Errorf("%s: %v, want %q", c.name, err, c.want)
		}
	}
}

func TestExclude(t *testing.T) {
	const text = "a,b,c,y\n1,2,3,0\n2,3,4,1\n"
	d := mustRead(t, text, with(y, func(o *Options) { o.Exclude = []string{"c", "a"} }))
	if terms := strings.Join(d.Schema.Terms(), " "); terms != "b" {
		t.Errorf("terms %s", terms)
	}
	for want, change := range map[string]func(*Options){
		`no column "d" for the excluded columns; the columns are a, b`: func(o *Options) { o.Exclude = []string{"d"} },
		`"y": is both excluded and asked for`:                          func(o *Options) { o.Exclude = []string{"y"} },
		`"a": is both excluded and asked for`:                          func(o *Options) { o.Exclude, o.Categorical = []string{"a"}, []string{"a"} },
		`name one of them`:                                             func(o *Options) { o.Exclude, o.Features = []string{"a"}, []string{"b"} },
		`no column is left to predict from`:                            func(o *Options) { o.Exclude = []string{"a", "b", "c"} },
		`"a": is named twice as a feature`:                             func(o *Options) { o.Features = []string{"a", "a"} },
		`"y": is the target and cannot be the weights`:                 func(o *Options) { o.Weights = "y" },
	} {
		if _, err := Read(strings.NewReader(text), "t.csv", with(y, change)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("%v, want %s", err, want)
		}
	}
}

func TestFilledAreCounted(t *testing.T) {
	d := mustRead(t, "a,b,y\n1,,0\n,NA,1\n3,4,0\n", with(y, func(o *Options) { o.Missing = MissingMean }))
	if d.Filled != 3 || d.Dropped != 0 {
		t.Errorf("%d filled, %d dropped", d.Filled, d.Dropped)
	}
}

func TestNamesInMessages(t *testing.T) {
	if got, want := listNames([]string{"a", "b,c", "d"}), `a, "b,c", d`; got != want {
		t.Errorf("%s, want %s", got, want)
	}
	for name, want := range map[string]string{"a": "a", "a b": "'a b'", "a,b": `'"a,b"'`, `it's "so"`: `'"it'\''s ""so"""'`} {
		if got := flagValue(name); got != want {
			t.Errorf("%s: %s, want %s", name, got, want)
		}
	}
}
