package activation

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"
)

// name returns the name of a function with a constant, in the shortest form
// that Parse reads back to the same bits.
func name(function string, constant float64) string {
	return function + "(" + strconv.FormatFloat(constant, 'g', -1, 64) + ")"
}

// A family is the functions of a name: one, or one for each value of a constant.
type family struct {
	name     string
	constant float64 // the default; 0 if it has none
	make     func(constant float64) Func
}

var families = [...]family{
	{"sigmoid", 0, func(float64) Func { return Sigmoid{} }},
	{"tanh", 0, func(float64) Func { return Tanh{} }},
	{"relu", 0, func(float64) Func { return ReLU{} }},
	{"leaky_relu", 0.01, func(c float64) Func { return LeakyReLU{c} }},
	{"elu", 1, func(c float64) Func { return ELU{c} }},
	{"gelu", 0, func(float64) Func { return GELU{} }},
	{"silu", 0, func(float64) Func { return SiLU{} }},
	{"softplus", 1, func(c float64) Func { return Softplus{c} }},
	{"log_sigmoid", 0, func(float64) Func { return LogSigmoid{} }},
}

// Parse returns the function with the given name: it is the inverse of the
// method Name. A constant left out is its default, so PyTorch's names work:
// "leaky_relu" is "leaky_relu(0.01)", and "logsigmoid" is "log_sigmoid". The
// error for a name that it does not know lists those that it does.
func Parse(text string) (Func, error) {
	function, argument, called := strings.Cut(text, "(")
	if function == "logsigmoid" {
		function = "log_sigmoid"
	}
	i := slices.IndexFunc(families[:], func(f family) bool { return f.name == function })
	if i < 0 {
		return nil, fmt.Errorf("activation %q is unknown: use one of %s", text, strings.Join(Names(), ", "))
	}
	f := families[i]
	if !called {
		return f.make(f.constant), nil
	}
	argument, closed := strings.CutSuffix(argument, ")")
	c, err := strconv.ParseFloat(argument, 64)
	switch {
	case f.constant == 0:
		return nil, fmt.Errorf("activation %q: %s has no constant", text, function)
	case !closed || err != nil || c == 0 || math.IsInf(c, 0) || math.IsNaN(c):
		return nil, fmt.Errorf("activation %q: write %s, with a finite constant other than 0", text, name(function, f.constant))
	}
	return f.make(c), nil
}

// Names returns the names that Parse knows, constants at their defaults.
func Names() []string {
	names := make([]string, len(families))
	for i, f := range families {
		names[i] = f.make(f.constant).Name()
	}
	return names
}
