package nn

import (
	"bytes"
	"errors"
	"maps"
	"math"
	"os"
	"slices"
	"strings"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/safetensors"
)

func vector(m Module) []float64 { return autograd.NewParams(m.Params()...).Vector() }

func saved(t *testing.T, m Module, metadata map[string]string) []byte {
	t.Helper()
	var b bytes.Buffer
	if err := Save(&b, m, metadata); err != nil {
		t.Fatal(err)
	}
	return b.Bytes()
}

func TestSaveAndLoad(t *testing.T) {
	build := func() Module { return everything() }
	m, metadata := build(), map[string]string{"classes": "yes,no", "": "\n"}
	for i, v := range []float64{math.Inf(-1), math.Copysign(0, -1), 5e-324, math.MaxFloat64} {
		vector(m)[i] = v
	}
	b := saved(t, m, metadata)
	if again := saved(t, build(), metadata); len(again) != len(b) || bytes.Equal(again, b) {
		t.Error("other values gave the same file, or one of another length")
	}
	other := build()
	got, err := Load(bytes.NewReader(b), other)
	if err != nil || !maps.Equal(got, metadata) || !slices.Equal(vector(other), vector(m)) {
		t.Errorf("%v, %v", got, err)
	}
	if !math.Signbit(vector(other)[1]) || !bytes.Equal(saved(t, other, metadata), b) {
		t.Error("saving what was loaded gave other bytes")
	}
}

func TestSameSeedSameBytes(t *testing.T) {
	build := func(seed uint64) []byte {
		return saved(t, NewMLP(3, []int{5, 4}, 2, sigmoid, random.New(seed, 0)), map[string]string{"a": "1", "b": "2", "c": "3"})
	}
	if !bytes.Equal(build(1), build(1)) || bytes.Equal(build(1), build(2)) {
		t.Error("the bytes are not a function of the seed")
	}
}

func TestStateDictLayout(t *testing.T) {
	l := NewLinear(2, 3, nil, nil)
	copy(l.Weight.Value.RawMatrix().Data, []float64{1, 2, 3, 4, 5, 6})
	copy(l.Bias.Value.RawMatrix().Data, []float64{7, 8, 9})
	got := StateDict(l)
	if len(got) != 2 || got[0].Name != "weight" || !slices.Equal(got[0].Shape, []int{3, 2}) || !slices.Equal(got[0].Data, []float64{1, 4, 2, 5, 3, 6}) ||
		got[1].Name != "bias" || !slices.Equal(got[1].Shape, []int{3}) || !slices.Equal(got[1].Data, []float64{7, 8, 9}) {
		t.Errorf("%v", got)
	}
	got[0].Data[0] = 100
	if l.Weight.Value.At(0, 0) != 1 {
		t.Error("the state dict shares memory with the model")
	}
}

// The file holds the state dict of
//
//	torch.manual_seed(3)
//	Sequential(Linear(3, 4), Sigmoid(), Sequential(Linear(4, 2))).double()
//
// in the order that safetensors.torch.save_file gives it; the outputs are
// torch's.
func TestPyTorchStateDict(t *testing.T) {
	f, err := os.Open("testdata/torch_sequential.safetensors")
	if err != nil {
		t.Fatal(err)
	}
	defer f.Close()
	m := NewSequential(NewLinear(3, 4, nil, nil), Activation{sigmoid}, NewSequential(NewLinear(4, 2, nil, nil)))
	metadata, err := Load(f, m)
	if err != nil || metadata["format"] != "pt" {
		t.Fatal(metadata, err)
	}
	x := mat.NewDense(2, 3, []float64{1, -2, 0.5, 0, 3, -1})
	want := mat.NewDense(2, 2, []float64{0.032582934439079614, -0.5070582746398424, 0.2091879159539619, -0.3771087567370731})
	if got := m.Forward(autograd.NewTape(autograd.Eval).Const(x)).Value(); !mat.EqualApprox(got, want, 1e-15) {
		t.Errorf("%v, want %v", got, want)
	}
}

func TestTiedWeightsAreSavedOnce(t *testing.T) {
	build := func(seed uint64) Module {
		a, b := NewLinear(3, 3, sigmoid, random.New(seed, 0)), NewLinear(3, 3, nil, nil)
		b.Weight = a.Weight
		return NewSequential(a, b)
	}
	m, other := build(1), build(2)
	if n := len(StateDict(m)); n != 3 {
		t.Errorf("%d tensors, want 3", n)
	}
	if _, err := Load(bytes.NewReader(saved(t, m, nil)), other); err != nil || !slices.Equal(vector(m), vector(other)) {
		t.Errorf("%v, want %v: %v", vector(other), vector(m), err)
	}
}

// Whatever is wrong with a file, the model does not change.
func TestLoadRefuses(t *testing.T) {
	tensors := func(edit func([]safetensors.Tensor) []safetensors.Tensor) []safetensors.Tensor {
		return edit(StateDict(NewMLP(2, []int{3}, 1, sigmoid, random.New(8, 0))))
	}
	for _, c := range []struct {
		edit func([]safetensors.Tensor) []safetensors.Tensor
		says string
	}{
		{func(s []safetensors.Tensor) []safetensors.Tensor { return s[:3] }, "missing: layers.1.bias"},
		{func(s []safetensors.Tensor) []safetensors.Tensor { return nil }, "missing: layers.0.weight, layers.0.bias, layers.1.weight, layers.1.bias"},
		{func(s []safetensors.Tensor) []safetensors.Tensor { s[1].Name = "b"; return s }, "missing: layers.0.bias; unexpected: b"},
		{func(s []safetensors.Tensor) []safetensors.Tensor { s[0].Shape = []int{2, 3}; return s }, "layers.0.weight has shape [2 3], the model needs [3 2]"},
		{func(s []safetensors.Tensor) []safetensors.Tensor { s[3].Shape = []int{1, 1}; return s }, "layers.1.bias has shape [1 1], the model needs [1]"},
		{func(s []safetensors.Tensor) []safetensors.Tensor { s[2].Data = nil; return s }, "layers.1.weight has 0 elements for shape [1 3]"},
		{func(s []safetensors.Tensor) []safetensors.Tensor { return append(s, s[0]) }, `two tensors are named "layers.0.weight"`},
		{func(s []safetensors.Tensor) []safetensors.Tensor {
			for i := range 25 {
				s = append(s, safetensors.Tensor{Name: string(rune('a' + i)), Shape: []int{0}})
			}
			return s
		}, "unexpected: a, b, c, d, e, f, g, h, i, j, and 15 more"},
	} {
		m := NewMLP(2, []int{3}, 1, sigmoid, random.New(1, 0))
		before := slices.Clone(vector(m))
		err := LoadStateDict(m, tensors(c.edit))
		if err == nil || !strings.HasPrefix(err.Error(), "nn: ") || !strings.HasSuffix(err.Error(), c.says) {
			t.Errorf("error %v, want %q", err, c.says)
		}
		if !slices.Equal(vector(m), before) {
			t.Errorf("%s: the model changed", c.says)
		}
	}

	m := NewMLP(2, []int{3}, 1, sigmoid, random.New(1, 0))
	before := slices.Clone(vector(m))
	b := saved(t, NewMLP(2, []int{3}, 1, sigmoid, random.New(2, 0)), map[string]string{"k": "v"})
	for n := range b {
		if metadata, err := Load(bytes.NewReader(b[:n]), m); err == nil || metadata != nil || !slices.Equal(vector(m), before) {
			t.Fatalf("truncated to %d bytes: %v", n, err)
		}
	}
}

func TestSaveReportsTheWritersError(t *testing.T) {
	full := errors.New("full")
	if err := Save(failing{full}, NewLinear(1, 1, nil, nil), nil); !errors.Is(err, full) {
		t.Errorf("%v", err)
	}
}

type failing struct{ err error }

func (f failing) Write([]byte) (int, error) { return 0, f.err }

// own is a module that does not tell its parameters apart.
type own struct{ a, b *Linear }

func (m own) Forward(x autograd.Var) autograd.Var { return m.b.Forward(m.a.Forward(x)) }
func (m own) Params() []*autograd.Param           { return append(m.a.Params(), m.b.Params()...) }

func TestStateDictMisuse(t *testing.T) {
	l := NewLinear(2, 2, nil, nil)
	if err := usageError(func() { StateDict(own{l, NewLinear(2, 2, nil, nil)}) }); err == nil || !strings.Contains(err.Problem, `"weight"`) {
		t.Errorf("two parameters of one name: %v", err)
	}
	l.Weight.Role = autograd.Bias
	if err := usageError(func() { StateDict(l) }); err == nil || !strings.Contains(err.Problem, "2×2") {
		t.Errorf("a bias of two rows: %v", err)
	}
}
