package nn

import (
	"fmt"
	"io"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/safetensors"
	"github.com/surprisal-ml/surprisal/tensor"
)

// Save writes the parameters of m as a safetensors file, in the layout of
// [StateDict]. The metadata are the caller's. The same model gives the same
// bytes.
func Save(w io.Writer, m Module, metadata map[string]string) error {
	return safetensors.Write(w, StateDict(m), metadata)
}

// Load sets the parameters of m to those of a safetensors file, and returns its
// metadata. If the file is broken or does not fit, as [LoadStateDict] says, m is
// unchanged.
func Load(r io.Reader, m Module) (metadata map[string]string, err error) {
	tensors, metadata, err := safetensors.Read(r)
	if err != nil {
		return nil, err
	}
	if err := LoadStateDict(m, tensors); err != nil {
		return nil, err
	}
	return metadata, nil
}

// StateDict returns a copy of the parameters of m, in their order, in the
// layout of PyTorch: a weight, in×out here, has shape [out in], a bias, 1×out
// here, has shape [out]. One that several layers share is there once.
func StateDict(m Module) []safetensors.Tensor {
	params := named(m)
	tensors := make([]safetensors.Tensor, len(params))
	for i, p := range params {
		tensors[i] = safetensors.Tensor{Name: p.Name, Shape: fileShape(p), Data: mat.DenseCopyOf(p.Value.T()).RawMatrix().Data}
	}
	return tensors
}

// LoadStateDict sets the parameters of m to the given tensors, which are in the
// layout of [StateDict], in any order. There must be one of the right name and
// shape for each parameter and no others; else m is unchanged and the error
// lists what differs.
func LoadStateDict(m Module, tensors []safetensors.Tensor) error {
	byName := make(map[string]safetensors.Tensor, len(tensors))
	for _, t := range tensors {
		if _, ok := byName[t.Name]; ok {
			return fmt.Errorf("nn: two tensors are named %q", t.Name)
		}
		byName[t.Name] = t
	}
	params := named(m)
	if d := differences(params, tensors, byName); len(d) > 0 {
		return fmt.Errorf("nn: the weights are not those of this model: %s", strings.Join(d, "; "))
	}
	for _, p := range params {
		r, c := p.Value.Dims()
		p.Value.Copy(mat.NewDense(c, r, byName[p.Name].Data).T())
	}
	return nil
}

// differences says in which names and shapes the tensors differ from params.
func differences(params []*autograd.Param, tensors []safetensors.Tensor, byName map[string]safetensors.Tensor) []string {
	var shapes, missing, unexpected []string
	known := make(map[string]bool, len(params))
	for _, p := range params {
		known[p.Name] = true
		t, ok := byName[p.Name]
		r, c := p.Value.Dims()
		switch want := fileShape(p); {
		case !ok:
			missing = append(missing, p.Name)
		case !slices.Equal(t.Shape, want):
			shapes = append(shapes, fmt.Sprintf("%s has shape %v, the model needs %v", p.Name, t.Shape, want))
		case len(t.Data) != r*c:
			shapes = append(shapes, fmt.Sprintf("%s has %d elements for shape %v", p.Name, len(t.Data), t.Shape))
		}
	}
	for _, t := range tensors {
		if !known[t.Name] {
			unexpected = append(unexpected, t.Name)
		}
	}
	return slices.Concat(list("", "; ", shapes), list("missing: ", ", ", missing), list("unexpected: ", ", ", unexpected))
}

// list returns one text of the items, or none if there are none. Long lists
// are cut.
func list(what, separator string, items []string) []string {
	const most = 10
	switch n := len(items); {
	case n == 0:
		return nil
	case n > most:
		items = append(items[:most:most], fmt.Sprintf("and %d more", n-most))
	}
	return []string{what + strings.Join(items, separator)}
}

// named returns the parameters of m, each once. Their names must differ.
func named(m Module) []*autograd.Param {
	params := distinct(m)
	seen := make(map[string]bool, len(params))
	for _, p := range params {
		if seen[p.Name] {
			panic(&tensor.UsageError{Op: "nn.StateDict", Problem: fmt.Sprintf("two parameters are named %q: build the model with NewSequential, which tells them apart", p.Name)})
		}
		seen[p.Name] = true
	}
	return params
}

// fileShape returns the shape of p in a file. The elements of both roles are
// there column by column.
func fileShape(p *autograd.Param) []int {
	r, c := p.Value.Dims()
	if p.Role == autograd.Bias {
		if r != 1 {
			panic(&tensor.UsageError{Op: "nn.StateDict", Problem: fmt.Sprintf("the bias %q is %d×%d, not a row", p.Name, r, c)})
		}
		return []int{c}
	}
	return []int{c, r}
}
