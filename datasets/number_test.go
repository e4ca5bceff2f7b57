package datasets

import (
	"math"
	"strconv"
	"strings"
	"testing"

	"github.com/surprisal-ml/surprisal/random"
)

var point = dialect{separator: ',', decimal: '.'}

// plainCell reads a cell as the parser does first.
func plainCell(cell string) (float64, bool) {
	v, end, ok := plainNumber([]byte(cell+",\n"), 0, point)
	return v, ok && end == len(cell)
}

// agree reports what is wrong with our reading of a cell, strconv the judge.
func agree(cell string) string {
	want, err := strconv.ParseFloat(cell, 64)
	isNumber := err == nil || math.IsInf(want, 0)
	if strings.ContainsAny(cell, "xX_") || math.IsNaN(want) {
		isNumber = false // notations we do not take
	}
	same := func(v float64) bool { return math.Float64bits(v) == math.Float64bits(want) }
	if v, ok := parseNumber([]byte(cell), '.'); ok != isNumber || ok && !same(v) {
		return "parseNumber gives " + strconv.FormatFloat(v, 'g', -1, 64) + ", " + strconv.FormatBool(ok)
	}
	if !strings.Contains(cell, ",") {
		v, ok := parseNumber([]byte(strings.Replace(cell, ".", ",", 1)), ',')
		if ok != isNumber || ok && !same(v) {
			return "with a decimal comma, parseNumber gives " + strconv.FormatFloat(v, 'g', -1, 64) + ", " + strconv.FormatBool(ok)
		}
	}
	if v, ok := plainCell(cell); ok && (!isNumber || !same(v)) {
		return "plainNumber gives " + strconv.FormatFloat(v, 'g', -1, 64)
	}
	return ""
}

var numberCells = []string{
	"0", "-0", "+0", "1", "-1", "+1", "007", "1.", ".5", "-.5", "1.5", "1e5", "1E5", "1e+5", "1e-5", "1.5e3",
	"9007199254740991", "9007199254740992", "9007199254740993", "-9007199254740993", "9007199254740993.0",
	"0.1", "0.30000000000000004", "3.141592653589793238", "123456789012345678901234567890", "18446744073709551616",
	"0.0000000000000000000001", "0.00000000000000000000001", "4.9e-324", "2e-324", "1.7976931348623157e308", "1.8e308", "1e-400",
	"1" + strings.Repeat("0", 39), "1" + strings.Repeat("0", 400), "0." + strings.Repeat("0", 400) + "1", strings.Repeat("0", 100) + "1.5",
	"2.2250738585072011e-308", "5e-324", "inf", "-Inf", "+infinity", "INFINITY",
	// No numbers.
	"", ".", "-", "+", "e5", "1e", "1e+", "1.2.3", "--1", "1-", "1 2", "0x10", "1_000", "nan", "in", "1,5", "½", "1e5.0", "-.", "+.e1",
}

func TestNumbersAgreeWithStrconv(t *testing.T) {
	for _, cell := range numberCells {
		if problem := agree(cell); problem != "" {
			t.Errorf("%q: %s", cell, problem)
		}
	}
	src := random.New(1, 1)
	formats := []struct {
		verb      byte
		precision int
	}{{'g', -1}, {'f', 6}, {'f', 2}, {'e', 18}, {'e', 4}, {'f', -1}}
	for i := range 60000 {
		v := math.Float64frombits(src.Uint64())
		if i%2 == 0 {
			v = src.Norm() * 100
		}
		if math.IsNaN(v) {
			continue
		}
		f := formats[i/2%len(formats)]
		cell := strconv.FormatFloat(v, f.verb, f.precision, 64)
		if problem := agree(cell); problem != "" {
			t.Fatalf("%q: %s", cell, problem)
		}
	}
}

func TestPlainNumberTakesTheUsualCells(t *testing.T) {
	for _, cell := range []string{"0", "-1", "5.1", "-0.000001", "123456.789", "1.", ".5", "0.30000000000000004"} {
		if _, ok := plainCell(cell); !ok {
			t.Errorf("%q is left to the slow way", cell)
		}
	}
	for _, text := range []string{"1.5\r\n", "1.5\n", "1.5,\n"} {
		if v, end, ok := plainNumber([]byte(text), 0, point); v != 1.5 || !ok || end != len(text)-1-strings.Count(text, ",") {
			t.Errorf("plainNumber(%q) = %v, %d, %v", text, v, end, ok)
		}
	}
	for _, text := range []string{"1.5\r,\n", "1.5 ,\n", "\n", ",\n", "-\n", "\"1\"\n"} {
		if _, _, ok := plainNumber([]byte(text), 0, point); ok {
			t.Errorf("plainNumber takes %q", text)
		}
	}
}

// Parsing must not make garbage: beside a large matrix the collector waits long,
// and garbage would double the memory.
func TestParsingDoesNotAllocate(t *testing.T) {
	rows := strings.Repeat("1.5,-0.30000000000000004,1.25e-17, 7 ,\"8\",red,NA,0\n", 50)
	p, r, err := engine{1 << 20, 1}.open(strings.NewReader("a,b,c,d,e,f,g,y\n1,1,1,1,1,red,1,0\n"+rows), "t.csv", 0, 0, MissingMean)
	if err != nil {
		t.Fatal(err)
	}
	if err := p.planRead(&y); err != nil {
		t.Fatal(err)
	}
	if err := p.guessKinds(r.first, 2); err != nil {
		t.Fatal(err)
	}
	p.columns[6].fill = true
	b := &block{text: r.first, columns: p.columns}
	b.parse(p)
	if a := testing.AllocsPerRun(10, func() { b.parse(p) }); a != 0 || b.err != nil || b.rows != 51 {
		t.Errorf("%v allocations, %d rows, error %v", a, b.rows, b.err)
	}
}

func FuzzParseFloat(f *testing.F) {
	for _, cell := range numberCells {
		f.Add(cell)
	}
	f.Fuzz(func(t *testing.T, cell string) {
		if strings.Contains(cell, "\n") || strings.Contains(cell, "\r") {
			return // never inside an unquoted cell
		}
		if problem := agree(cell); problem != "" {
			t.Errorf("%q: %s", cell, problem)
		}
	})
}
