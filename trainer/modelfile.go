package trainer

import (
	"encoding/json"
	"fmt"
	"io"
	"math"
	"os"
	"slices"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/internal/atomicfile"
	"github.com/surprisal-ml/surprisal/nn"
	"github.com/surprisal-ml/surprisal/safetensors"
)

// modelKey is the entry of a safetensors file's metadata that makes it a model
// file. The value is the JSON of a description.
const modelKey = "surprisal.classifier"

// description is all of a classifier but its weights.
type description struct {
	Version    int               `json:"version"`
	Model      string            `json:"model"` // Kind
	Activation string            `json:"activation,omitempty"`
	Dropout    float64           `json:"dropout,omitempty"`
	Intercept  bool              `json:"intercept"`
	Schema     *datasets.Schema  `json:"schema"`
	Scaling    *datasets.Scaling `json:"scaling,omitempty"`
}

// Save writes the classifier as one file, which appears whole or not at all:
// safetensors, with the weights as PyTorch has them and the rest as metadata.
func (c *Classifier) Save(path string) error {
	return atomicfile.Write(path, c.Encode)
}

// Encode writes the file that Save writes.
func (c *Classifier) Encode(w io.Writer) error {
	d := description{Version: 1, Model: c.Kind.String(), Schema: c.Schema, Scaling: c.Scaling, Dropout: c.Net.Dropout}
	last := c.Net.Layers[len(c.Net.Layers)-1]
	d.Intercept = !last.Bias.Frozen
	if f := c.Net.Layers[0].Activation; f != nil {
		d.Activation = f.Name()
	}
	text, err := json.Marshal(d)
	if err != nil {
		return err
	}
	return nn.Save(w, c.Net, map[string]string{modelKey: string(text)})
}

// Load reads a model file.
func Load(path string) (*Classifier, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, err
	}
	defer f.Close()
	c, err := Decode(f)
	if err != nil {
		if what := looksLike(f); what != "" && what != "a model file" {
			return nil, fmt.Errorf("%s: not a model file; it looks like %s", path, what)
		}
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return c, nil
}

// Decode reads what Encode wrote. It trusts nothing: a file whose parts do not
// fit together is an error.
func Decode(r io.Reader) (*Classifier, error) {
	tensors, metadata, err := safetensors.Read(r)
	if err != nil {
		return nil, err
	}
	text, ok := metadata[modelKey]
	if !ok {
		return nil, fmt.Errorf("weights without a description of the model: not a file that train fit wrote")
	}
	var d description
	if err := json.Unmarshal([]byte(text), &d); err != nil {
		return nil, fmt.Errorf("description of the model: %w", err)
	}
	if d.Version != 1 {
		return nil, fmt.Errorf("model file of version %d; this program reads version 1", d.Version)
	}
	if d.Schema == nil {
		return nil, fmt.Errorf("description of the model: no schema")
	}
	kind, logits, err := KindOf(d.Schema)
	if err != nil {
		return nil, err
	}
	if d.Model != kind.String() {
		return nil, fmt.Errorf("description of the model: %q with the classes of a %q model", d.Model, kind)
	}
	in := d.Schema.Width()
	if s := d.Scaling; s != nil {
		if err := checkScaling(s, in); err != nil {
			return nil, err
		}
	}
	hidden, err := widths(tensors, in, logits)
	if err != nil {
		return nil, err
	}
	var f activation.Func
	if len(hidden) > 0 {
		if f, err = activation.Parse(d.Activation); err != nil {
			return nil, err
		}
	}
	if !(d.Dropout >= 0 && d.Dropout < 1) {
		return nil, fmt.Errorf("description of the model: dropout %g", d.Dropout)
	}
	net := nn.NewMLP(in, hidden, logits, f, nil)
	net.Dropout = d.Dropout
	net.Layers[len(hidden)].Bias.Frozen = !d.Intercept
	if err := nn.LoadStateDict(net, tensors); err != nil {
		return nil, err
	}
	for _, p := range net.Params() {
		for _, x := range p.Value.RawMatrix().Data {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return nil, fmt.Errorf("weights: %s has the value %g", p.Name, x)
			}
		}
	}
	c := &Classifier{Kind: kind, Net: net, Schema: d.Schema, Scaling: d.Scaling}
	return c, c.checkIntercept()
}

// checkIntercept returns an error if the model is said to have no intercept but
// has one: biases, or features that were centred.
func (c *Classifier) checkIntercept() error {
	last := c.Net.Layers[len(c.Net.Layers)-1].Bias
	if !last.Frozen {
		return nil
	}
	nonzero := func(x float64) bool { return x != 0 }
	if len(c.Net.Layers) > 1 || slices.ContainsFunc(last.Value.RawMatrix().Data, nonzero) ||
		c.Scaling != nil && slices.ContainsFunc(c.Scaling.Mean, nonzero) {
		return fmt.Errorf("description of the model: no intercept, but hidden layers, biases or centred features")
	}
	return nil
}

func checkScaling(s *datasets.Scaling, in int) error {
	if len(s.Mean) != in || len(s.Scale) != in {
		return fmt.Errorf("description of the model: %d means and %d scales for %d terms", len(s.Mean), len(s.Scale), in)
	}
	for i := range in {
		if !(s.Scale[i] > 0) || math.IsInf(s.Scale[i], 0) || math.IsNaN(s.Mean[i]) || math.IsInf(s.Mean[i], 0) {
			return fmt.Errorf("description of the model: term %d has mean %g and scale %g", i, s.Mean[i], s.Scale[i])
		}
	}
	return nil
}

// widths returns the widths of the hidden layers. They are read off the
// weights, which are there, and not off a claim that memory would be allocated
// by.
func widths(tensors []safetensors.Tensor, in, out int) (hidden []int, err error) {
	byName := map[string][]int{}
	for _, t := range tensors {
		byName[t.Name] = t.Shape
	}
	for i := range len(tensors) / 2 {
		name := fmt.Sprintf("layers.%d.weight", i)
		shape := byName[name]
		if len(shape) != 2 || shape[1] != in || shape[0] < 1 {
			return nil, fmt.Errorf("weights: %s has shape %v, needs [out %d]", name, shape, in)
		}
		in = shape[0]
		hidden = append(hidden, in)
	}
	if len(hidden) == 0 || in != out {
		return nil, fmt.Errorf("weights: %d layers that end in %d outputs, the classes need %d", len(hidden), in, out)
	}
	return hidden[:len(hidden)-1], nil
}
