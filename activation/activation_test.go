package activation

import (
	"math"
	"slices"
	"strings"
	"testing"
)

var everyFunc = []Func{
	Sigmoid{}, LogSigmoid{}, Tanh{}, ReLU{}, LeakyReLU{}, LeakyReLU{0.3}, ELU{}, ELU{1.5},
	GELU{}, SiLU{}, Softplus{}, Softplus{3}, Softplus{0.01},
}

// everyPoint is points and the values that no formula survives by chance.
func everyPoint(n int) []float64 {
	return append(points(n), math.Inf(1), math.Inf(-1), math.NaN(), 1e17, -1e17, 1e300, -1e300, math.MaxFloat64, -math.MaxFloat64)
}

func sameBits(x, y float64) bool { return math.Float64bits(x) == math.Float64bits(y) }

// A model's output is the same in training, which wants slopes, and in
// evaluation, and wherever the output is put.
func TestValueIsTheSameWithSlopeAndInPlace(t *testing.T) {
	z := everyPoint(100000)
	for _, f := range everyFunc {
		y, both, s, c := make([]float64, len(z)), make([]float64, len(z)), make([]float64, len(z)), make([]float64, len(z))
		for i := range z {
			y[i], both[i], s[i], c[i] = math.NaN(), math.NaN(), math.NaN(), math.NaN()
		}
		before := slices.Clone(z)
		f.Value(y, z)
		f.ValueSlope(both, s, z)
		f.Curvature(c, z)
		if !slices.EqualFunc(z, before, sameBits) {
			t.Errorf("%s changed its argument", f.Name())
		}
		if i := slices.IndexFunc(z, math.IsNaN); !math.IsNaN(y[i]) || !math.IsNaN(s[i]) {
			t.Errorf("%s of NaN is %v with slope %v", f.Name(), y[i], s[i])
		}
		inPlace, inPlaceBoth, slopes := slices.Clone(z), slices.Clone(z), make([]float64, len(z))
		f.Value(inPlace, inPlace)
		f.ValueSlope(inPlaceBoth, slopes, inPlaceBoth)
		curvatures := slices.Clone(z)
		f.Curvature(curvatures, curvatures)
		for i, v := range z {
			if !sameBits(y[i], both[i]) || !sameBits(y[i], inPlace[i]) || !sameBits(y[i], inPlaceBoth[i]) {
				t.Fatalf("%s of %v: %v, with slope %v, in place %v and %v", f.Name(), v, y[i], both[i], inPlace[i], inPlaceBoth[i])
			}
			if !sameBits(s[i], slopes[i]) || !sameBits(c[i], curvatures[i]) {
				t.Fatalf("%s at %v: slope %v, in place %v; curvature %v, in place %v", f.Name(), v, s[i], slopes[i], c[i], curvatures[i])
			}
		}
	}
}

func TestLimits(t *testing.T) {
	inf := math.Inf(1)
	for _, tc := range []struct {
		f           Func
		left, right [2]float64 // value and slope at −∞ and +∞
	}{
		{Sigmoid{}, [2]float64{0, 0}, [2]float64{1, 0}},
		{LogSigmoid{}, [2]float64{-inf, 1}, [2]float64{0, 0}},
		{Tanh{}, [2]float64{-1, 0}, [2]float64{1, 0}},
		{ReLU{}, [2]float64{0, 0}, [2]float64{inf, 1}},
		{LeakyReLU{}, [2]float64{-inf, 0.01}, [2]float64{inf, 1}},
		{ELU{2}, [2]float64{-2, 0}, [2]float64{inf, 1}},
		{GELU{}, [2]float64{0, 0}, [2]float64{inf, 1}},
		{SiLU{}, [2]float64{0, 0}, [2]float64{inf, 1}},
		{Softplus{}, [2]float64{0, 0}, [2]float64{inf, 1}},
		{Softplus{0.5}, [2]float64{0, 0}, [2]float64{inf, 1}},
	} {
		for _, z := range []float64{inf, 1e300} {
			want := [2][2]float64{tc.left, tc.right}
			for side, v := range [2]float64{-z, z} {
				y, s, c := []float64{0}, []float64{0}, []float64{0}
				tc.f.ValueSlope(y, s, []float64{v})
				tc.f.Curvature(c, []float64{v})
				if math.IsInf(want[side][0], 0) && z != inf {
					want[side][0] = y[0] // finite and large: in TestAccuracy
				}
				if y[0] != want[side][0] || s[0] != want[side][1] || c[0] != 0 {
					t.Errorf("%s at %v: %v, slope %v, curvature %v", tc.f.Name(), v, y[0], s[0], c[0])
				}
			}
		}
	}
}

// The slopes where there is none are PyTorch's.
func TestSlopesAtKinks(t *testing.T) {
	for _, tc := range []struct {
		f     Func
		slope float64
	}{{ReLU{}, 0}, {LeakyReLU{}, 0.01}, {LeakyReLU{0.2}, 0.2}, {ELU{}, 1}, {ELU{1.5}, 1.5}} {
		for _, zero := range []float64{0, math.Copysign(0, -1)} {
			y, s := []float64{1}, []float64{7}
			if tc.f.ValueSlope(y, s, []float64{zero}); y[0] != 0 || s[0] != tc.slope {
				t.Errorf("%s at %v: %v with slope %v", tc.f.Name(), zero, y[0], s[0])
			}
		}
	}
}

func TestParse(t *testing.T) {
	for _, f := range append(everyFunc, LeakyReLU{1. / 3}, LeakyReLU{-0.1}, Softplus{5e-324}, ELU{1e300}) {
		got, err := Parse(f.Name())
		if err != nil || got.Name() != f.Name() {
			t.Errorf("Parse(%q) = %v, %v", f.Name(), got, err)
		}
	}
	for _, name := range Names() {
		if f, err := Parse(name); err != nil || f.Name() != name {
			t.Errorf("Parse(%q) = %v, %v", name, f, err)
		}
	}
	for torch, want := range map[string]Func{
		"relu": ReLU{}, "leaky_relu": LeakyReLU{0.01}, "elu": ELU{1}, "gelu": GELU{}, "silu": SiLU{}, "tanh": Tanh{},
		"sigmoid": Sigmoid{}, "softplus": Softplus{1}, "logsigmoid": LogSigmoid{},
	} {
		if f, err := Parse(torch); err != nil || f != want {
			t.Errorf("Parse(%q) = %v, %v", torch, f, err)
		}
	}
}

func TestParseRefuses(t *testing.T) {
	for text, says := range map[string]string{
		"": "use one of sigmoid, tanh", "Relu": "leaky_relu(0.01)", "(": "unknown", "relu(1)": "relu has no constant", "elu(": "write elu(1)",
		"elu(1": "write elu(1)", "elu(x)": "write elu(1)", "elu()": "finite constant", "elu(0)": "other than 0", "elu(inf)": "finite",
		"elu(nan)": "finite", "elu(1))": "write elu(1)", "elu(1e999)": "finite",
	} {
		if f, err := Parse(text); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("Parse(%q) = %v, %v", text, f, err)
		}
	}
}

// Whatever Parse accepts has a name that it accepts as the same function.
func FuzzParse(f *testing.F) {
	for _, name := range append(Names(), "relu(", "elu(1e-3)", "leaky_relu(-0x1p-3)") {
		f.Add(name)
	}
	f.Fuzz(func(t *testing.T, text string) {
		parsed, err := Parse(text)
		if err != nil {
			return
		}
		if again, err := Parse(parsed.Name()); err != nil || again != parsed {
			t.Errorf("%q is %#v, its name %q is %#v, %v", text, parsed, parsed.Name(), again, err)
		}
	})
}
