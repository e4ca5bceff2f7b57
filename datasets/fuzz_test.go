package datasets

import (
	"encoding/csv"
	"encoding/json"
	"errors"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"testing"
)

// Whatever the bytes, Read returns a consistent data set or an *Error, the same
// for any cut into blocks; a table that encoding/csv and strconv can read as
// plain numbers has their values.
func FuzzRead(f *testing.F) {
	for _, text := range []string{
		"x,y\n1,0\n2,1\n", "a;b;y\r\n1,5;p;u\r\n;q;v\r\n", "\"a\"\"\",\"y\"\n\"1\n2\",0\n3,1\n", "\ufeffx\ty\n?\t1\n1e5\t0\n",
		"x,w,y\n1,2,u\n\n  \n-.5,0,v", "y\n1", "x,y\n\"", "x,y\r1,2", "\x1f\x8b", "x,x\n", ",\n", "x,y\n1e999,2\n", "x,y\n1,\"a\"b\n",
	} {
		f.Add([]byte(text), byte(0))
		f.Add([]byte(text), byte(0xff))
	}
	f.Fuzz(func(t *testing.T, text []byte, choice byte) {
		o := Options{Target: []string{"y"}, Missing: Missing(choice & 3 % 3)}
		if choice&4 != 0 {
			o.Decimal = ','
		}
		if choice&8 != 0 {
			o.Weights = "w"
		}
		if choice&16 != 0 {
			o.Target = []string{"y", "z"}
		}
		whole := engine{1 << 20, 1}
		d, err := whole.read(strings.NewReader(string(text)), "f.csv", o)
		cut, cutErr := engine{1 + int(choice>>5), 2}.read(strings.NewReader(string(text)), "f.csv", o)
		if (err == nil) != (cutErr == nil) || err == nil && !reflect.DeepEqual(d, cut) {
			t.Fatalf("whole: %+v, %v; cut: %+v, %v", d, err, cut, cutErr)
		}
		if err != nil {
			var e *Error
			if !errors.As(err, &e) || e.File != "f.csv" || e.Problem == "" {
				t.Fatalf("%#v", err)
			}
			return
		}
		checkConsistent(t, d)
		if choice == 0 {
			checkAgainstCSV(t, d, string(text))
		}
	})
}

func checkConsistent(t *testing.T, d *Dataset) {
	t.Helper()
	n, width := d.X.Dims()
	if n == 0 || width != len(d.Schema.Terms()) || width != d.Schema.Width() {
		t.Fatalf("X is %d×%d with terms %q", n, width, d.Schema.Terms())
	}
	for _, v := range d.X.RawMatrix().Data {
		if !(math.Abs(v) <= largest) {
			t.Fatalf("X holds %v", v)
		}
	}
	for _, label := range d.Labels {
		if label < 0 || label >= len(d.Schema.Classes) {
			t.Fatalf("label %d of %q", label, d.Schema.Classes)
		}
	}
	if problem := d.Schema.problem(); problem != "" {
		t.Fatalf("schema %+v: %s", d.Schema, problem)
	}
	text, err := json.Marshal(d.Schema)
	if err != nil {
		t.Fatal(err)
	}
	var again Schema
	if err := json.Unmarshal(text, &again); err != nil || !reflect.DeepEqual(&again, d.Schema) {
		t.Fatalf("schema %+v came back as %+v, %v", d.Schema, again, err)
	}
}

// checkAgainstCSV compares the numbers read with those of the standard library
// where the file is plain: commas, no quotes, all features numbers.
func checkAgainstCSV(t *testing.T, d *Dataset, text string) {
	t.Helper()
	if strings.ContainsAny(text, "\"\t; \r\ufeff") || strings.HasPrefix(text, "\x1f\x8b") {
		return
	}
	records, err := csv.NewReader(strings.NewReader(text)).ReadAll()
	if err != nil {
		t.Fatalf("accepted, but encoding/csv says %v", err)
	}
	if len(records)-1 != d.Len() {
		t.Fatalf("%d rows, encoding/csv has %d", d.Len(), len(records)-1)
	}
	for j, f := range d.Schema.Features {
		column := slices.Index(records[0], f.Name)
		if f.Levels != nil {
			return // the terms shift
		}
		for i, record := range records[1:] {
			want, err := strconv.ParseFloat(record[column], 64)
			if got := d.X.At(i, j); err != nil || math.Float64bits(got) != math.Float64bits(want) {
				t.Fatalf("row %d, %q: %v, strconv has %v, %v", i, f.Name, got, want, err)
			}
		}
	}
}

// A schema that is accepted can encode, and is the same after another trip.
func FuzzSchemaJSON(f *testing.F) {
	f.Add([]byte(`{"features":[{"name":"x"},{"name":"c","levels":["a","b"]}],"target":"y","classes":["0","1"],"reference":"0"}`))
	f.Add([]byte(`{"features":[{"name":"x","fill":2.5}],"labels":[{"name":"p","negative":"0","positive":"1"}],"weights":"w"}`))
	f.Add([]byte(`{"features":[{"name":"x","levels":[]}],"successes":"s","failures":"f"}`))
	f.Add([]byte(`{"features":[{"name":"x","levels":["a","a"]}],"target":"x","classes":["1"],"reference":"2"}`))
	f.Add([]byte(`[]`))
	f.Fuzz(func(t *testing.T, text []byte) {
		var s Schema
		if json.Unmarshal(text, &s) != nil {
			return
		}
		row := map[string]string{}
		for _, feature := range s.Features {
			row[feature.Name] = "1"
			if feature.Levels != nil {
				row[feature.Name] = feature.Levels[len(feature.Levels)-1]
			}
		}
		terms, err := s.EncodeRow(row)
		if err == nil && len(terms) != len(s.Terms()) {
			t.Errorf("%d terms, %d names", len(terms), len(s.Terms()))
		}
		again, err := json.Marshal(&s)
		if err != nil {
			t.Fatal(err)
		}
		var s2 Schema
		if err := json.Unmarshal(again, &s2); err != nil || !reflect.DeepEqual(s, s2) {
			t.Errorf("%+v came back as %+v, %v", s, s2, err)
		}
	})
}
