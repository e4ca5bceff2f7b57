package datasets

import (
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
	"os"
	"path/filepath"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"

	"gonum.org/v1/gonum/mat"
)

var y = Options{Target: []string{"y"}}

// with returns the options changed by a function.
func with(o Options, change func(*Options)) Options {
	change(&o)
	return o
}

func mustRead(t *testing.T, text string, o Options) *Dataset {
	t.Helper()
	d, err := Read(strings.NewReader(text), "t.csv", o)
	if err != nil {
		t.Fatal(err)
	}
	return d
}

// shows a matrix as one line per row.
func show(m *mat.Dense) string {
	var b strings.Builder
	for i := range m.RawMatrix().Rows {
		b.WriteString(strings.Trim(fmt.Sprint(m.RawRowView(i)), "[]") + "\n")
	}
	return b.String()
}

func TestReadAccepts(t *testing.T) {
	const plain = "a,b,y\n1,2.5,u\n-3,4e2,v\n"
	for _, c := range []struct {
		name, text string
		o          Options
	}{
		{"plain", plain, y},
		{"no final line break", strings.TrimSuffix(plain, "\n"), y},
		{"CRLF", strings.ReplaceAll(plain, "\n", "\r\n"), y},
		{"CRLF, lone CR at the end", "a,b,y\r\n1,2.5,u\r\n-3,4e2,v\r", y},
		{"byte order mark", "\ufeff" + plain, y},
		{"semicolons", strings.ReplaceAll(plain, ",", ";"), y},
		{"tabs", strings.ReplaceAll(plain, ",", "\t"), y},
		{"bars, asked for", strings.ReplaceAll(plain, ",", "|"), with(y, func(o *Options) { o.Separator = '|' })},
		{"decimal commas", "a;b;y\n1,0;2,5;u\n-3;,4e3;v\n", with(y, func(o *Options) { o.Decimal = ',' })},
		{"decimal commas and tabs", "a\tb\ty\n1\t2,5\tu\n-3\t400,000\tv\n", with(y, func(o *Options) { o.Decimal = ',' })},
		{"blanks", " a , b,\ty \n 1,\t2.5 ,u \n-3 , 4e2, v\t\n", y},
		{"blank lines", "\n  \n\r\na,b,y\n\n1,2.5,u\n \t \n-3,4e2,v\n\n\n", y},
		{"quotes", "\"a\",\"b\",\"y\"\n\"1\",\"2.5\",\"u\"\n\"-3\", \"4e2\" ,v\n", y},
		{"quotes around all and CRLF", "\"a\",\"b\",\"y\"\r\n\"1\",\"2.5\",\"u\"\r\n\"-3\",\"4e2\",\"v\"\r\n", y},
		{"separators sniffed outside quotes", "\"a\";\"b\";\"y\"\n1;2.5;u\n-3;4e2;v\n", y},
		{"column order", "y,b,a\nu,2.5,1\nv,4e2,-3\n", with(y, func(o *Options) { o.Features = []string{"a", "b"} })},
		{"columns left out", "a,z,y,b\n1,?,u,2.5\n-3,\"x\n,\",v,400\n", with(y, func(o *Options) { o.Features = []string{"a", "b"} })},
		{"rows dropped", "a,b,y\nNA,1,w\n1,2.5,u\n2,.,u\n-3,4e2,v\n7,7,\n", with(y, func(o *Options) { o.Missing = MissingDrop })},
	} {
		t.Run(c.name, func(t *testing.T) {
			d := mustRead(t, c.text, c.o)
			if got, want := show(d.X), "1 2.5\n-3 400\n"; got != want {
				t.Errorf("X =\n%swant\n%s", got, want)
			}
			if !slices.Equal(d.Labels, []int{0, 1}) || !slices.Equal(d.Schema.Classes, []string{"u", "v"}) {
				t.Errorf("labels %v of classes %v", d.Labels, d.Schema.Classes)
			}
			if got := d.Schema.Terms(); !slices.Equal(got, []string{"a", "b"}) {
				t.Errorf("terms %q", got)
			}
			if want := 3 * int(c.o.Missing); d.Dropped != want {
				t.Errorf("%d rows dropped, want %d", d.Dropped, want)
			}
		})
	}
}

func TestQuotedCells(t *testing.T) {
	d := mustRead(t, "\"the, \"\"x\"\"\",y\n\"a \"\"b\"\"\",1\n\"c,\nd\",0\n\"e\r\nf\",0\n", y)
	want := []string{`the, "x"=c,` + "\nd", `the, "x"=e` + "\nf"}
	if got := d.Schema.Terms(); !slices.Equal(got, want) {
		t.Errorf("terms %q, want %q", got, want)
	}
}

func TestCategories(t *testing.T) {
	const table = "colour,size,y\nred,10,b\nblue,9,a\nred,2,a\n"
	d := mustRead(t, table, y)
	if got, want := d.Schema.Terms(), []string{"colour=red", "size"}; !slices.Equal(got, want) {
		t.Errorf("terms %q, want %q", got, want)
	}
	if got, want := show(d.X), "1 10\n0 9\n1 2\n"; got != want {
		t.Errorf("X =\n%swant\n%s", got, want)
	}
	// Numbers sort by value.
	d = mustRead(t, table, with(y, func(o *Options) { o.Categorical = []string{"size"} }))
	if got, want := d.Schema.Terms(), []string{"colour=red", "size=9", "size=10"}; !slices.Equal(got, want) {
		t.Errorf("terms %q, want %q", got, want)
	}
	if got, want := show(d.X), "1 0 1\n0 1 0\n1 0 0\n"; got != want {
		t.Errorf("X =\n%swant\n%s", got, want)
	}
	// A level that occurs in dropped rows only is no level.
	d = mustRead(t, "c,x,y\np,1,0\nq,,1\nr,2,1\n", with(y, func(o *Options) { o.Missing = MissingDrop }))
	if got, want := d.Schema.Terms(), []string{"c=r", "x"}; !slices.Equal(got, want) {
		t.Errorf("terms %q, want %q", got, want)
	}
}

func TestKindIsSettledByTheFirstValue(t *testing.T) {
	d := mustRead(t, "a,b,y\n,,0\n?,,1\n1,red,1\n,,0\n2,7,0\n", with(y, func(o *Options) { o.Missing = MissingDrop }))
	if got, want := d.Schema.Terms(), []string{"a", "b=red"}; !slices.Equal(got, want) {
		t.Errorf("terms %q, want %q", got, want)
	}
}

func TestClasses(t *testing.T) {
	const numbers = "x,y\n1,10\n2,9\n3,-1\n4,9\n"
	d := mustRead(t, numbers, y)
	if got, want := d.Schema.Classes, []string{"-1", "9", "10"}; !slices.Equal(got, want) || d.Schema.Reference != "-1" {
		t.Errorf("classes %q, reference %q", got, d.Schema.Reference)
	}
	if want := []int{2, 1, 0, 1}; !slices.Equal(d.Labels, want) {
		t.Errorf("labels %v, want %v", d.Labels, want)
	}
	d = mustRead(t, numbers, with(y, func(o *Options) { o.Reference = "9" }))
	if d.Schema.ReferenceIndex() != 1 {
		t.Errorf("reference %q, index %d", d.Schema.Reference, d.Schema.ReferenceIndex())
	}
	// One class, and a constant column, are not for the reader to refuse.
	if d = mustRead(t, "x,y\n1,u\n1,u\n", y); len(d.Schema.Classes) != 1 {
		t.Errorf("classes %q", d.Schema.Classes)
	}
}

func TestWeightsAndCounts(t *testing.T) {
	d := mustRead(t, "x,w,y\n1,0,u\n2,2.5,v\n", with(y, func(o *Options) { o.Weights = "w" }))
	if !slices.Equal(d.Weights, []float64{0, 2.5}) || d.Schema.Weights != "w" || show(d.X) != "1\n2\n" {
		t.Errorf("weights %v of %q, X =\n%s", d.Weights, d.Schema.Weights, show(d.X))
	}
	d = mustRead(t, "x,s,f\n1,3,1\n2,0,0\n3,0,2\n", Options{Successes: "s", Failures: "f"})
	if !slices.Equal(d.Weights, []float64{4, 2}) || show(d.Y) != "0.75\n0\n" || show(d.X) != "1\n3\n" || d.Labels != nil || d.Dropped != 0 {
		t.Errorf("%+v", d)
	}
}

func TestMultilabel(t *testing.T) {
	d := mustRead(t, "x,p,q,r,s\n1,no,b,1,0\n2,Yes,a,1,0\n3,no,a,0,0\n", Options{Target: []string{"s", "p", "q", "r"}})
	if got, want := show(d.Y), "0 0 1 1\n0 1 0 1\n0 0 0 0\n"; got != want {
		t.Errorf("Y =\n%swant\n%s", got, want)
	}
	want := []Label{{"s", "0", "1"}, {"p", "no", "Yes"}, {"q", "a", "b"}, {"r", "0", "1"}}
	if !slices.Equal(d.Schema.Labels, want) || d.Labels != nil || show(d.X) != "1\n2\n3\n" {
		t.Errorf("%+v", d.Schema)
	}
}

func TestMissingMean(t *testing.T) {
	const table = "x,c,w,y\n1,p,1,0\nNA,q,5,1\n4,p,3,1\n"
	o := with(y, func(o *Options) { o.Missing, o.Features = MissingMean, []string{"x", "c"} })
	d := mustRead(t, table, o)
	if got, want := show(d.X), "1 0\n2.5 1\n4 0\n"; got != want {
		t.Errorf("X =\n%swant\n%s", got, want)
	}
	o.Weights = "w"
	d = mustRead(t, table, o)
	if got, want := show(d.X), "1 0\n3.25 1\n4 0\n"; got != want || *d.Schema.Features[0].Fill != 3.25 {
		t.Errorf("weighted: X =\n%swant\n%s", got, want)
	}
}

func TestReadGzip(t *testing.T) {
	var z bytes.Buffer
	w := gzip.NewWriter(&z)
	w.Write([]byte("\ufeffx,y\n1,0\n2,1\n"))
	w.Close()
	whole := z.Bytes()
	d, err := Read(bytes.NewReader(whole), "t.csv.gz", y)
	if err != nil || show(d.X) != "1\n2\n" {
		t.Fatalf("%v, %v", d, err)
	}
	// The line breaks of packed bytes say nothing about the rows.
	if s, err := newSource(bytes.NewReader(whole), "t.csv.gz", blockSize); err != nil || s.rows >= 0 {
		t.Errorf("measured %d rows, %v", s.rows, err)
	}
	for n := 2; n < len(whole); n++ {
		if _, err := Read(bytes.NewReader(whole[:n]), "t.csv.gz", y); !errors.As(err, new(*Error)) {
			t.Errorf("cut off after %d bytes: %v", n, err)
		}
	}
}

// However the file is cut into blocks and however many parse them, the result
// is the same, and so is the first error.
func TestEngineDoesNotMatter(t *testing.T) {
	var b strings.Builder
	b.WriteString("\"a\",b,\"c\nc\",y,w\n")
	for i := range 60 {
		switch i % 4 {
		case 0:
			fmt.Fprintf(&b, "%d,,p%d,%d,1\n", i, i%3, i%5)
		case 1:
			fmt.Fprintf(&b, "\"%d\",%g,\"p,%d\n\",%d,2\n\n", i, 1/float64(i), i%7, i%5)
		default:
			fmt.Fprintf(&b, "%d,%d,\"\"\"%d\",%d,0.5\r\n", i, -i, i%7, i%6)
		}
	}
	good := b.String()
	o := Options{Target: []string{"y"}, Weights: "w", Missing: MissingDrop, Categorical: []string{"a"}}
	for _, c := range []struct {
		name, text string
		o          Options
	}{
		{"good", good, o},
		{"good, means", good, with(o, func(o *Options) { o.Missing = MissingMean })},
		{"ragged", good + "1,2,3,4\n" + good, o},
		{"bare quote", good + "1,2,x\"y,4,5\n" + good, o},
		{"text after a quote", good + "1,2,\"x\"y,4,5\n" + good, o},
		{"not closed", good + "1,2,\"x,4,5\n", o},
		{"no number", good + "1,red,p,4,5\n1,red,p,4,\n", o},
		{"too many classes", good + "1,2,p,7,1\n1,2,p,8,1\n1,2\n", with(o, func(o *Options) { o.MaxClasses = 7 })},
		{"category late", "u,y\n" + strings.Repeat("?,1\n", 30) + "p,1\n2,0\n", with(y, func(o *Options) { o.Missing = MissingMean })},
	} {
		t.Run(c.name, func(t *testing.T) {
			want, wantErr := engine{1 << 20, 1}.read(strings.NewReader(c.text), "t.csv", c.o)
			if (wantErr == nil) != strings.HasPrefix(c.name, "good") {
				t.Fatal(wantErr)
			}
			for size := 1; size < 200; size += 1 + size/9 {
				for workers := 1; workers <= 3; workers += 2 {
					e := engine{size, workers}
					d, err := e.read(strings.NewReader(c.text), "t.csv", c.o)
					if wantErr != nil && c.name != "category late" {
						if !reflect.DeepEqual(err, wantErr) {
							t.Fatalf("%+v: error %v, want %v", e, err, wantErr)
						}
						continue
					}
					if wantErr != nil {
						if err == nil || err.(*Error).Line != 2 {
							t.Fatalf("%+v: error %v, want %v", e, err, wantErr)
						}
						continue
					}
					if err != nil || !reflect.DeepEqual(d, want) {
						t.Fatalf("%+v: %v, %+v, want %+v", e, err, d, want)
					}
					// A pipe is read without knowing its length.
					d, err = e.read(iotest.OneByteReader(strings.NewReader(c.text)), "t.csv", c.o)
					if err != nil || !reflect.DeepEqual(d, want) {
						t.Fatalf("%+v, pipe: %v, %+v, want %+v", e, err, d, want)
					}
				}
			}
		})
	}
}

func TestReadError(t *testing.T) {
	broken := errors.New("broken")
	r := iotest.TimeoutReader(strings.NewReader("x,y\n1,0\n"))
	if _, err := Read(r, "pipe", y); !errors.Is(err, iotest.ErrTimeout) {
		t.Errorf("error %v", err)
	}
	if _, err := Read(iotest.ErrReader(broken), "pipe", y); !errors.Is(err, broken) || err.Error() != "pipe: cannot be read: broken" {
		t.Errorf("error %v", err)
	}
}

func TestLoad(t *testing.T) {
	dir := t.TempDir()
	t.Chdir(dir)
	if err := os.WriteFile("t.csv", []byte("x,y\n1,0\n2,1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	d, err := Load("t.csv", y)
	if err != nil || d.Len() != 2 || d.Name != "t.csv" {
		t.Errorf("%+v, %v", d, err)
	}
	if _, err := Load("t.csv", Options{}); err == nil {
		t.Error("a file has no default target")
	}
	// A directory gives way to an embedded data set, a file does not.
	if err := os.Mkdir("iris", 0o700); err != nil {
		t.Fatal(err)
	}
	if d, err := Load("iris", Options{}); err != nil || d.Len() != 150 {
		t.Errorf("%v", err)
	}
	if err := os.WriteFile("wine", []byte("x,y\n1,0\n2,1\n"), 0o600); err != nil {
		t.Fatal(err)
	}
	if d, err := Load("wine", y); err != nil || d.Len() != 2 {
		t.Errorf("%v", err)
	}
	for name, want := range map[string]string{
		".":            ".: is a directory",
		"no.csv":       "no.csv: is neither a file nor one of the data sets cancer, cancer10, digits, iris, iris2, penguins, wine, moons, xor: file does not exist",
		"t.csv/no.csv": "t.csv/no.csv: cannot be read: not a directory",
	} {
		if _, err := Load(filepath.FromSlash(name), y); err == nil || err.Error() != want {
			t.Errorf("Load(%q): %v", name, err)
		}
	}
	if _, err := Load("no.csv", y); !errors.Is(err, os.ErrNotExist) {
		t.Error(err)
	}
}

// All that reading a seekable table ever allocates is less than 1.5 times the
// matrix, so it is made once, with nothing copied.
func TestMatrixIsMadeOnce(t *testing.T) {
	const rows, columns = 200_000, 20
	text := "a,b,c,d,e,f,g,h,i,j,k,l,m,n,o,p,q,r,s,t,y\n" + strings.Repeat(strings.Repeat("1.5,2,", 9)+"3,-4,0\n", rows)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	d, err := engine{blockSize, 2}.read(strings.NewReader(text), "t.csv", y)
	runtime.ReadMemStats(&after)
	if err != nil || d.Len() != rows || d.X.At(rows-1, 18) != 3 {
		t.Fatal(d, err)
	}
	if allocated, matrix := after.TotalAlloc-before.TotalAlloc, uint64(rows*columns*8); allocated > matrix*3/2 {
		t.Errorf("%d MB allocated for a matrix of %d MB", allocated>>20, matrix>>20)
	}
}

func BenchmarkRead(b *testing.B) {
	var header strings.Builder
	for i := range 30 {
		fmt.Fprintf(&header, "f%d,", i)
	}
	header.WriteString("y\n")
	for _, c := range []struct{ name, cell string }{
		{"plain", "-0.123456,"},
		{"17digits", "-0.12345678901234567,"},
		{"quoted", "\"-0.123456\","},
		{"categories", "red,"},
	} {
		b.Run(c.name, func(b *testing.B) {
			row := strings.Repeat(c.cell, 30) + "1\n"
			other := strings.ReplaceAll(row, "red", "green")
			text := header.String() + strings.Repeat(row+other, 5000)
			b.SetBytes(int64(len(text)))
			for b.Loop() {
				if _, err := Read(strings.NewReader(text), "b.csv", y); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
