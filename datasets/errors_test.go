package datasets

import (
	"errors"
	"fmt"
	"strings"
	"testing"
)

func TestErrors(t *testing.T) {
	many := func(n int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "%d,n%d\n", i, i)
		}
		return b.String()
	}
	cycle := func(n, period int) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, "%d,%d\n", i, i%period)
		}
		return b.String()
	}
	counts := Options{Successes: "s", Failures: "f"}
	for _, c := range []struct {
		name, text string
		o          Options
		want       string // after "t.csv"
	}{
		{"empty", "", y, ": is empty; the first line must name the columns"},
		{"blank", "\n \r\n", y, ": is empty; the first line must name the columns"},
		{"header only", "x,y\n", y, ": there are no rows below the names of the columns"},
		{"header only, no line break", "x,y", y, ": there are no rows below the names of the columns"},
		{"all dropped", "x,y\n,1\n2,\n", with(y, func(o *Options) { o.Missing = MissingDrop }), ": no row is left: in all 2 a cell is missing; leave out the columns that are often empty"},
		{"UTF-16", "\xff\xfex\x00", y, ": the text is UTF-16; save it as UTF-8"},
		{"zip", "PK\x03\x04…", y, ": this is a zip archive or an Excel workbook, not CSV; unpack it, or save the sheet as CSV"},
		{"old Macintosh", "x,y\r1,2\r", y, ":1: lines end with CR alone; save the file with LF or CRLF line ends"},
		{"duplicate name", "x,y,z,\"x\"\n1,2,3,4\n", y, `:1: columns 1 and 4 are both named "x"; rename one`},
		{"name of the constant term", "(intercept),y\n1,2\n", y, `: column "(intercept)": has the name that reports give the constant term of a model; rename the column, or leave it out`},
		{"empty name", "\n,x,y\n1,2,3\n", y, ":2: column 1 of 3 has no name; every column needs one in the first line"},
		{"Latin-1 name", "gr\xf6\xdfe,y\n1,2\n", y, `:1: column 1: "gr\xf6\xdfe" is not UTF-8 text; save the file as UTF-8`},
		{"header quote", "x\",y\n1,2\n", y, ":1: " + bareQuote},
		{"too few cells", "a,b,y\n1,2,3\n\n1,2\n", y, ":4: 2 cells, but the first line names 3 columns"},
		{"too many cells", "a,b,y\n1,2,3\n1,2,3,4\n", y, ":3: 4 cells, but the first line names 3 columns"},
		{"too many after text", "a,b,y\n1,2,3\nred,2,3,4\n", y, ":3: 4 cells, but the first line names 3 columns"},
		{"too few with a break", "a,b,y\n1,\"x\ny\",3\n1,\"2\"\n", y, ":4: 2 cells, but the first line names 3 columns"},
		{"too many and never closed", "x,y\n1,2\n1,2,\"z\n", y, ":3: " + unclosedCell},
		{"too few and no number", "x,z,y\n1,2,3\nred\n", y, ":3: 1 cells, but the first line names 3 columns"},
		{"no names", "1,2,2\n3,4,5\n", y, `:1: columns 2 and 3 are both named "2"; does the first line hold data instead of names?`},
		{"no names either", "1,2,3\n3,4,5\n", y, `: no column "y" for the target; does the first line hold data instead of names?`},
		{"bare quote", "x,y\n1,5\"\n", y, `:2: column "y": ` + bareQuote},
		{"after quote", "x,y\n1,\"5\"6\n", y, `:2: column "y": ` + afterQuote},
		{"never closed", "x,y\n1,2\n2,\"5\n\n\n", y, `:3: column "y": ` + unclosedCell},
		{"text", "x,y\n1,0\nred,1\n", y, `:3: column "x": "red" is not a number; use --categorical x to read the column as categories`},
		{"hexadecimal", "x,y\n1,0\n0x1p3,1\n", y, `:3: column "x": "0x1p3" is not a number; use --categorical x to read the column as categories`},
		{"line after quoted break", "x,c,y\n1,\"a\n\nb\",0\nred,c,1\n", y, `:5: column "x": "red" is not a number; use --categorical x to read the column as categories`},
		{"missing number", "x,y\n1,0\nn/a,1\n", y, `:3: column "x": "n/a" is not a number; use --missing drop or --missing mean`},
		{"missing number, empty", "x,y\n1,0\n,1\n", y, `:3: column "x": the empty cell is not a number; use --missing drop or --missing mean`},
		{"missing level", "c,y\na,0\nNULL,1\n", y, `:3: column "c": "NULL" stands for a missing value; use --missing drop`},
		{"missing level, mean", "c,y\na,0\n?,1\n", with(y, func(o *Options) { o.Missing = MissingMean }), `:3: column "c": "?" stands for a missing value, and a category has no mean; use --missing drop`},
		{"missing target", "x,y\n1,0\n2,\n", y, `:3: column "y": the empty cell stands for a missing value; use --missing drop`},
		{"missing weight", "x,w,y\n1,NaN,0\n", with(y, func(o *Options) { o.Weights, o.Missing = "w", MissingMean }), `:2: column "w": "NaN" is not a number; use --missing drop`},
		{"no value", "x,z,y\n,1,0\n,2,1\n", with(y, func(o *Options) { o.Missing = MissingMean }), `: column "x": every cell is missing; leave the column out`},
		{"infinite", "x,y\n1,0\n-Inf,1\n", y, `:3: column "x": "-Inf" is infinite; leave the row out, or leave the cell empty and use --missing`},
		{"beyond float64", "x,y\n1,0\n1e999,1\n", y, `:3: column "x": "1e999" is beyond 1e150, where sums of squares overflow; rescale the column`},
		{"large", "x,y\n1,0\n-1.1e150,1\n", y, `:3: column "x": "-1.1e150" is beyond 1e150, where sums of squares overflow; rescale the column`},
		{"negative weight", "x,w,y\n1,1,0\n2,-1,1\n", with(y, func(o *Options) { o.Weights = "w" }), `:3: column "w": weight -1 is negative`},
		{"text weight", "x,w,y\n1,1,0\n2,one,1\n", with(y, func(o *Options) { o.Weights = "w" }), `:3: column "w": "one" is not a number`},
		{"no weight", "x,w,y\n1,0,0\n2,0,1\n", with(y, func(o *Options) { o.Weights = "w" }), `: column "w": all weights are 0`},
		{"too many successes", "x,s,f\n1,2,3\n2,1e16,1\n", counts, `:3: column "s": 1e+16 is too large for a count: whole numbers beyond 2⁵³ are not exact`},
		{"no trials", "x,s,f\n1,0,0\n", counts, ": no row below the names of the columns has a trial: successes and failures are 0, or there are no rows"},
		{"negative failures", "x,s,f\n1,2,-3\n", counts, `:2: column "f": -3 is negative, and a count is not`},
		{"no target", "x,y\n1,2\n", Options{}, ": no target column is named (--target)"},
		{"unknown target", "x,y\n1,2\n", Options{Target: []string{"z"}}, `: no column "z" for the target; the columns are x, y`},
		{"unknown feature", "x,y\n1,2\n", with(y, func(o *Options) { o.Features = []string{"x", "q"} }), `: no column "q" for the features; the columns are x, y`},
		{"two roles", "x,y\n1,2\n", with(y, func(o *Options) { o.Features = []string{"x", "y"} }), `: column "y": is the target and cannot be a feature`},
		{"no feature", "y\n1\n", y, ": no column is left to predict from"},
		{"one level only", "c,y\na,0\na,1\n", y, ": nothing to predict from: every feature has one level only"},
		{"half counts", "x,s,f\n1,2,3\n", Options{Successes: "s"}, ": grouped counts need both a successes and a failures column"},
		{"counts and target", "x,s,f,y\n1,2,3,4\n", with(counts, func(o *Options) { o.Target = y.Target }), ": a target column and grouped counts exclude each other"},
		{"counts and weights", "x,s,f,w\n1,2,3,4\n", with(counts, func(o *Options) { o.Weights = "w" }), ": grouped counts are weights already; leave the weights column out"},
		{"categorical target", "x,y\n1,2\n", with(y, func(o *Options) { o.Categorical = []string{"y"} }), `: column "y": is to be read as categories but is not a feature`},
		{"unknown reference", "x,y\n1,a\n2,b\n", with(y, func(o *Options) { o.Reference = "c" }), `: column "y": the reference "c" is not a class; the classes are a, b`},
		{"reference of labels", "x,p,q\n1,0,1\n", Options{Target: []string{"p", "q"}, Reference: "1"}, ": a reference class needs one target column"},
		{"third value of a label", "x,p,q\n1,0,1\n2,1,1\n3,2,0\n", Options{Target: []string{"p", "q"}}, `:4: column "p": "2" is a third value; a label column has two, such as 0 and 1 (a single target column may have more)`},
		{"constant label", "x,p,q\n1,0,u\n2,1,u\n", Options{Target: []string{"p", "q"}}, `: column "q": every cell is "u"; a label column needs two values such as 0 and 1`},
		{"many classes", "x,y\n" + many(1001), y, `:1002: column "y": more than 1000 different values; this looks like a number to predict, not a class`},
		{"fewer classes", "x,y\n" + many(1001), with(y, func(o *Options) { o.MaxClasses = 3 }), `:5: column "y": more than 3 different values; this looks like a number to predict, not a class`},
		{"many levels", "x,c,y\n" + strings.ReplaceAll(many(1001), "\n", ",1\n"), y, `:1002: column "c": more than 1000 levels; leave the column out (--exclude c)`},
		{"many of both", "x,y\n" + cycle(1001, 4), with(y, func(o *Options) { o.Categorical, o.MaxClasses = []string{"x"}, 3 }), `:5: column "y": more than 3 different values; this looks like a number to predict, not a class`},
		{"Latin-1 class", "x,y\n1,gr\xfcn\n", y, `:2: column "y": "gr\xfcn" is not UTF-8 text; save the file as UTF-8`},
		{"long cell", "x,y\n1,0\n" + strings.Repeat("é", 100) + ",0\n", y, `:3: column "x": "` + strings.Repeat("é", 20) + `"… is not a number; use --categorical x to read the column as categories`},
		{"separator", "x,y\n1,0\n", with(y, func(o *Options) { o.Separator = 'x' }), ": the separator must be a tab or a punctuation mark other than \" + - and the point, not 'x'"},
		{"decimal", "x,y\n1,0\n", with(y, func(o *Options) { o.Decimal = 'd' }), ": the decimal point must be '.' or ',', not 'd'"},
		{"separator is decimal", "x,y\n1,0\n", with(y, func(o *Options) { o.Decimal, o.Separator = ',', ',' }), ": the separator and the decimal point are both ','"},
		{"missing policy", "x,y\n1,0\n", with(y, func(o *Options) { o.Missing = 7 }), ": Missing(7) is no policy for missing cells"},
	} {
		t.Run(c.name, func(t *testing.T) {
			_, err := Read(strings.NewReader(c.text), "t.csv", c.o)
			if err == nil || err.Error() != "t.csv"+c.want {
				t.Errorf("%v\nwant t.csv%s", err, c.want)
			}
			if e := new(*Error); err != nil && !errors.As(err, e) {
				t.Errorf("%T is no *Error", err)
			}
		})
	}
}

// A row without end is refused before it fills the memory.
func TestEndlessRow(t *testing.T) {
	_, err := Read(endless{}, "zeros", y)
	if err == nil || !strings.Contains(err.Error(), "a row is longer than 64 MB") {
		t.Error(err)
	}
}

type endless struct{}

func (endless) Read(p []byte) (int, error) { clear(p); return len(p), nil }
