package safetensors

import (
	"bytes"
	"encoding/binary"
	"errors"
	"io"
	"maps"
	"math"
	"reflect"
	"runtime"
	"slices"
	"strings"
	"testing"
	"testing/iotest"
)

// file makes a file of a header and n zero bytes of data.
func file(header string, n int) []byte {
	b := binary.LittleEndian.AppendUint64(nil, uint64(len(header)))
	return append(append(b, header...), make([]byte, n)...)
}

func encode(t testing.TB, tensors []Tensor, metadata map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Write(&b, tensors, metadata); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

// same compares bit for bit, NaNs included.
func same(a, b []Tensor) bool {
	return slices.EqualFunc(a, b, func(a, b Tensor) bool {
		return a.Name == b.Name && slices.Equal(a.Shape, b.Shape) &&
			slices.EqualFunc(a.Data, b.Data, func(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) })
	})
}

var samples = []struct {
	tensors  []Tensor
	metadata map[string]string
}{
	{nil, nil},
	{nil, map[string]string{"b": "2", "a": "\x00 \"<&>\" \u2028 ü", "": ""}},
	{[]Tensor{{"scalar", []int{}, []float64{math.Pi}}}, nil},
	{[]Tensor{
		{"z", []int{2, 0, 3}, []float64{}},
		{"bits", []int{2, 1, 3}, []float64{math.NaN(), math.Inf(-1), math.Copysign(0, -1), 5e-324, -math.MaxFloat64, math.Float64frombits(0x7ff8_0000_dead_beef)}},
		{"", []int{1}, []float64{1}},
		{"empty between", []int{0}, []float64{}},
		{"layers.0.weight", []int{2, 2}, []float64{1, 2, 3, 4}},
		{"a", []int{0}, []float64{}},
	}, map[string]string{"format": "pt"}},
	{[]Tensor{{"longer than a block", []int{20000}, make([]float64, 20000)}}, nil},
}

func TestRoundTrip(t *testing.T) {
	for _, s := range samples {
		b := encode(t, s.tensors, s.metadata)
		if n := binary.LittleEndian.Uint64(b); n%8 != 0 {
			t.Errorf("header of %d bytes: the data are not aligned", n)
		}
		for _, r := range []io.Reader{bytes.NewReader(b), iotest.DataErrReader(iotest.HalfReader(bytes.NewReader(b)))} {
			tensors, metadata, err := Read(r)
			if err != nil || !same(tensors, s.tensors) || !maps.Equal(metadata, s.metadata) {
				t.Errorf("%v, %v read back as %v, %v, %v", s.tensors, s.metadata, tensors, metadata, err)
			}
		}
		if again := encode(t, s.tensors, maps.Clone(s.metadata)); !bytes.Equal(b, again) {
			t.Error("the same arguments gave other bytes")
		}
	}
}

func TestBytes(t *testing.T) {
	got := encode(t, []Tensor{{"w", []int{1, 2}, []float64{1, -2}}}, map[string]string{"k": "v"})
	header := `{"__metadata__":{"k":"v"},"w":{"dtype":"F64","shape":[1,2],"data_offsets":[0,16]}}      `
	want := append(file(header, 0), 0, 0, 0, 0, 0, 0, 0xf0, 0x3f, 0, 0, 0, 0, 0, 0, 0, 0xc0)
	if !bytes.Equal(got, want) {
		t.Errorf("wrote %q, want %q", got, want)
	}
}

// A file as PyTorch users have it: float32, sorted by name, not in the order
// of the data, no alignment.
func TestFloat32(t *testing.T) {
	b := file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"b":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}`, 0)
	for _, v := range []float32{0.1, float32(math.Inf(1)), -3} {
		b = binary.LittleEndian.AppendUint32(b, math.Float32bits(v))
	}
	got, _, err := Read(bytes.NewReader(b))
	want := []Tensor{{"b", []int{2, 1}, []float64{float64(float32(0.1)), math.Inf(1)}}, {"a", []int{1}, []float64{-3}}}
	if err != nil || !reflect.DeepEqual(got, want) {
		t.Errorf("%v, %v", got, err)
	}
}

func TestReadRefuses(t *testing.T) {
	const ok = `"a":{"dtype":"F64","shape":[2],"data_offsets":[0,16]}`
	tensor := func(fields string) []byte { return file(`{"x":{`+fields+`}}`, 16) }
	length := func(n uint64) []byte { return binary.LittleEndian.AppendUint64(nil, n) }
	for _, c := range []struct {
		in   []byte
		says string
	}{
		{nil, "only 0 bytes"},
		{length(1)[:7], "only 7 bytes"},
		{length(0), "no JSON object"},
		{length(1 << 63), "9223372036854775808 bytes"},
		{length(maxHeader + 1), "100000001 bytes"},
		{append(length(maxHeader), "{}"...), "after 2 of 100000000 bytes"},
		{[]byte("PK\x03\x04 a zip archive of a pickle"), "not a safetensors file"},
		{file(` {}`, 0), "no JSON object"},
		{file(`{`, 0), "unexpected EOF"},
		{file(`{}{}`, 0), "more than one"},
		{file(`{} x`, 0), "more than one"},
		{file(`{"a":[[[[`, 0), `tensor "a"`},
		{file("{\"\xff\":{}}", 0), "not UTF-8"},
		{file(`{"a":null}`, 0), `tensor "a"`},
		{file(`{"__metadata__":null}`, 0), "__metadata__"},
		{file(`{"__metadata__":{"a":1}}`, 0), `key "a"`},
		{file(`{"__metadata__":{"a":"","a":""}}`, 0), `"a" occurs twice`},
		{file(`{"__metadata__":{},"__metadata__":{}}`, 0), `occurs twice`},
		{file(`{`+ok+`,`+ok+`}`, 16), `"a" occurs twice`},
		{file(`{`+ok+`,}`, 16), "invalid character"},
		{tensor(`"dtype":"F64","shape":[2]`), "needs"},
		{tensor(`"dtype":"F64","shape":[2],"data_offsets":[16]`), "needs"},
		{tensor(`"dtype":"F64","shape":[2],"data_offsets":[0,16],"DType":"F64"`), `unknown key "DType"`},
		{tensor(`"dtype":"F64","dtype":"F64","shape":[2],"data_offsets":[0,16]`), "dtype occurs twice"},
		{tensor(`"dtype":"F64","shape":[2],"shape":[2],"data_offsets":[0,16]`), "shape occurs twice"},
		{tensor(`"dtype":"F64","shape":[2],"data_offsets":[0,16],"data_offsets":[0,16]`), "data_offsets occurs twice"},
		{tensor(`"dtype":"BF16","shape":[8],"data_offsets":[0,16]`), `"x": the elements are of type BF16`},
		{tensor(`"dtype":7,"shape":[2],"data_offsets":[0,16]`), "dtype: 7 where a text"},
		{tensor(`"dtype":"F64","shape":[-2],"data_offsets":[0,16]`), "shape: -2 is not"},
		{tensor(`"dtype":"F64","shape":[2.0],"data_offsets":[0,16]`), "shape: 2.0 is not"},
		{tensor(`"dtype":"F64","shape":[1e1],"data_offsets":[0,16]`), "shape: 1e1 is not"},
		{tensor(`"dtype":"F64","shape":["2"],"data_offsets":[0,16]`), "where a number"},
		{tensor(`"dtype":"F64","shape":[9223372036854775808],"data_offsets":[0,16]`), "not an integer"},
		{tensor(`"dtype":"F64","shape":[4294967296,4294967296],"data_offsets":[0,0]`), "more elements than can exist"},
		{tensor(`"dtype":"F64","shape":[2305843009213693952],"data_offsets":[0,0]`), "more elements than can exist"},
		{tensor(`"dtype":"F64","shape":[2],"data_offsets":[16,0]`), "do not fit"},
		{tensor(`"dtype":"F64","shape":[2],"data_offsets":[0,15]`), "do not fit"},
		{tensor(`"dtype":"F64","shape":[3],"data_offsets":[0,16]`), "do not fit"},
		{tensor(`"dtype":"F64","shape":[2],"data_offsets":[1,17]`), "a hole"},
		{file(`{"b":{"dtype":"F64","shape":[2],"data_offsets":[8,24]},`+ok+`}`, 24), `"b" begins at byte 8 of the data, inside tensor "a"`},
		{file(`{"b":{"dtype":"F64","shape":[1],"data_offsets":[24,32]},`+ok+`}`, 32), `"b" begins at byte 24 of the data, but tensor "a" ends at byte 16`},
		{file(`{`+ok+`}`, 15), `"a": the file ends after 15 of its 16 bytes`},
		{file(`{`+ok+`}`, 17), "more bytes follow the 16"},
		{file(`{}`, 1), "more bytes follow"},
	} {
		_, _, err := Read(bytes.NewReader(c.in))
		if err == nil || !strings.HasPrefix(err.Error(), "safetensors: ") || !strings.Contains(err.Error(), c.says) {
			t.Errorf("%.90q: error %v, want %q", c.in, err, c.says)
		}
	}
}

func TestReadReportsTheReadersError(t *testing.T) {
	broken := errors.New("the disk broke")
	whole := encode(t, samples[3].tensors, nil)
	for n := range whole {
		_, _, err := Read(io.MultiReader(bytes.NewReader(whole[:n]), iotest.ErrReader(broken)))
		if !errors.Is(err, broken) {
			t.Fatalf("after %d bytes: %v", n, err)
		}
		if _, _, err := Read(bytes.NewReader(whole[:n])); !errors.Is(err, io.ErrUnexpectedEOF) {
			t.Fatalf("truncated to %d bytes: %v", n, err)
		}
	}
}

// A file of 100 bytes may claim 2⁵⁹ elements: that must not cost memory.
func TestMemoryIsBoundedByTheFile(t *testing.T) {
	for _, in := range [][]byte{
		file(`{"x":{"dtype":"F64","shape":[576460752303423488],"data_offsets":[0,4611686018427387904]}}`, 8),
		append(binary.LittleEndian.AppendUint64(nil, maxHeader), '{'),
	} {
		var before, after runtime.MemStats
		runtime.ReadMemStats(&before)
		_, _, err := Read(bytes.NewReader(in))
		runtime.ReadMemStats(&after)
		if n := after.TotalAlloc - before.TotalAlloc; err == nil || n > 1<<18 {
			t.Errorf("allocated %d bytes for a file of %d: %v", n, len(in), err)
		}
	}
}

func TestWriteRefuses(t *testing.T) {
	one := Tensor{"one", []int{1}, []float64{1}}
	for _, c := range []struct {
		tensors  []Tensor
		metadata map[string]string
		says     string
	}{
		{[]Tensor{{"x", []int{2, 2}, make([]float64, 3)}}, nil, `"x": 3 elements for shape [2 2]`},
		{[]Tensor{{"x", []int{-1, -1}, make([]float64, 1)}}, nil, "negative"},
		{[]Tensor{{"x", []int{1 << 62, 1 << 62}, nil}}, nil, "more elements"},
		{[]Tensor{one, one}, nil, `two tensors are named "one"`},
		{[]Tensor{{"__metadata__", nil, []float64{1}}}, nil, "name of the metadata"},
		{[]Tensor{{"\xff", nil, []float64{1}}}, nil, "not valid UTF-8"},
		{nil, map[string]string{"\xff": ""}, "not valid UTF-8"},
		{nil, map[string]string{"": "\xff"}, "not valid UTF-8"},
	} {
		var b bytes.Buffer
		err := Write(&b, c.tensors, c.metadata)
		if err == nil || !strings.Contains(err.Error(), c.says) || b.Len() > 0 {
			t.Errorf("%v, %v: %d bytes and error %v, want %q", c.tensors, c.metadata, b.Len(), err, c.says)
		}
	}
	full := errors.New("full")
	for limit := range int64(2) {
		w := &limited{calls: limit, err: full}
		if err := Write(w, []Tensor{one}, nil); !errors.Is(err, full) {
			t.Errorf("error of write %d: %v", limit, err)
		}
	}
}

// limited fails after some calls.
type limited struct {
	calls int64
	err   error
}

func (w *limited) Write(p []byte) (int, error) {
	if w.calls--; w.calls < 0 {
		return 0, w.err
	}
	return len(p), nil
}

func FuzzRead(f *testing.F) {
	for _, s := range samples[:4] {
		f.Add(encode(f, s.tensors, s.metadata))
	}
	f.Add(file(`{"a":{"dtype":"F32","shape":[1],"data_offsets":[8,12]},"b":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}`, 12))
	f.Fuzz(func(t *testing.T, in []byte) {
		tensors, metadata, err := Read(bytes.NewReader(in))
		if err != nil {
			if tensors != nil || metadata != nil {
				t.Error("an error and a result")
			}
			return
		}
		once := encode(t, tensors, metadata)
		again, metadataAgain, err := Read(bytes.NewReader(once))
		if err != nil || !same(tensors, again) || !maps.Equal(metadata, metadataAgain) {
			t.Fatalf("read %v, %v; written and read %v, %v, %v", tensors, metadata, again, metadataAgain, err)
		}
		if twice := encode(t, again, metadataAgain); !bytes.Equal(once, twice) {
			t.Error("two writings differ")
		}
	})
}
