package reference

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"testing"
)

// LossCase is a case of losses/*.jsonl: a call of a PyTorch function, what
// PyTorch made of it, and the mathematical values rounded once to float64.
type LossCase struct {
	ID        string
	Fn        string // the PyTorch function
	Inputs    map[string]Tensor
	Options   map[string]json.RawMessage
	Cotangent *Tensor // nil for a scalar output
	Output    Tensor
	Grad      map[string]Tensor // by name of the input
	Exact     struct {
		Output *Tensor
		Grad   map[string]Tensor
	}
	// TorchMaxULP is PyTorch's largest distance from Exact: "output",
	// "grad_input", "grad_target" and so on.
	TorchMaxULP map[string]Number `json:"torch_max_ulp"`
	Tags        []string
	Note        string
}

// LossCases returns the cases of one function.
func LossCases(t testing.TB, fn string) []LossCase {
	t.Helper()
	return Lines[LossCase](t, filepath.Join("losses", fn+".jsonl"))
}

// LossErrors returns the calls that have to be refused.
func LossErrors(t testing.TB) []LossCase {
	t.Helper()
	return Lines[LossCase](t, filepath.Join("losses", "errors.jsonl"))
}

// Tagged reports whether c has the tag.
func (c *LossCase) Tagged(tag string) bool { return slices.Contains(c.Tags, tag) }

// Input returns an input of c by its name in PyTorch.
func (c *LossCase) Input(name string) *Tensor {
	in, ok := c.Inputs[name]
	if !ok {
		panic(fmt.Sprintf("reference: %s has no input %q", c.ID, name))
	}
	return &in
}

// Option decodes a keyword argument of c into value, which keeps what it holds
// if c leaves the argument at its default.
func (c *LossCase) Option(name string, value any) {
	if raw, ok := c.Options[name]; ok {
		if err := json.Unmarshal(raw, value); err != nil {
			panic(fmt.Sprintf("reference: %s: option %s: %v", c.ID, name, err))
		}
	}
}
