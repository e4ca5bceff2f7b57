package trainer

import (
	"fmt"
	"math/rand/v2"
	"sync"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/nn"
	"github.com/surprisal-ml/surprisal/tensor"
)

// Classifier predicts classes from rows of data as they stand in a file. It may
// be used by several goroutines at once, unless it is being trained.
type Classifier struct {
	Kind    Kind
	Net     *nn.MLP
	Schema  *datasets.Schema
	Scaling *datasets.Scaling // of the encoded features; nil: none

	tapes sync.Pool
}

// NewClassifier returns an untrained classifier for data of the given schema: a
// linear model, or a network if there are hidden layers. Its features are
// scaled if scaling is not nil.
func NewClassifier(s *datasets.Schema, scaling *datasets.Scaling, hidden []int, f activation.Func, src rand.Source) (*Classifier, error) {
	kind, logits, err := KindOf(s)
	if err != nil {
		return nil, err
	}
	if s.Width() == 0 {
		return nil, fmt.Errorf("no feature column is left to predict from")
	}
	return &Classifier{Kind: kind, Net: nn.NewMLP(s.Width(), hidden, logits, f, src), Schema: s, Scaling: scaling}, nil
}

// Outputs names the logits: the class of each, or the label; for two classes
// the one that is not the reference.
func (c *Classifier) Outputs() []string {
	switch {
	case c.Kind == Multilabel:
		names := make([]string, len(c.Schema.Labels))
		for i, l := range c.Schema.Labels {
			names[i] = l.Name
		}
		return names
	case c.Kind == Multiclass:
		return c.Schema.Classes
	}
	return c.Classes()[1:]
}

// Classes returns the classes; for two the reference class comes first.
func (c *Classifier) Classes() []string {
	classes := c.Schema.Classes
	switch {
	case c.Schema.Successes != "":
		return []string{c.Schema.Failures, c.Schema.Successes}
	case c.Kind == Binary && c.Schema.ReferenceIndex() == 1:
		return []string{classes[1], classes[0]}
	}
	return classes
}

// blockRows is the number of rows that are worked on at once: activations of
// more never exist at the same time.
const blockRows = 512

// Logits fills dst, n×K, with the logits of the rows of x: encoded features in
// the units of the file.
func (c *Classifier) Logits(dst, x *mat.Dense) {
	n, d := x.Dims()
	if r, k := dst.Dims(); r != n || k != len(c.Outputs()) || d != c.Schema.Width() {
		panic(&tensor.UsageError{Op: "trainer.Classifier.Logits", Problem: fmt.Sprintf(
			"%d×%d logits of %d×%d features with %d outputs and %d terms", r, k, n, d, len(c.Outputs()), c.Schema.Width())})
	}
	p, _ := c.tapes.Get().(*predictor)
	if p == nil {
		p = &predictor{tape: autograd.NewTape(autograd.Eval)}
	}
	defer c.tapes.Put(p)
	for from := 0; from < n; from += blockRows {
		to := min(from+blockRows, n)
		p.rows.fill(x, c.Scaling, nil, from, to)
		p.tape.Reset()
		z := c.Net.Forward(p.tape.Const(&p.rows.x)).Value()
		dst.Slice(from, to, 0, z.RawMatrix().Cols).(*mat.Dense).Copy(z)
	}
}

type predictor struct {
	tape *autograd.Tape
	rows rows
}

// rows are some rows of features, scaled: in a buffer, or where the data has them.
type rows struct {
	x    mat.Dense // not to be written to
	data []float64
}

// fill sets b.x to rows[from:to] of x, or to rows from to to−1 if rows is nil.
// Without rows and scaling it shares the memory of x.
func (b *rows) fill(x *mat.Dense, s *datasets.Scaling, rows []int, from, to int) {
	raw := x.RawMatrix()
	n := to - from
	if rows == nil && s == nil {
		raw.Rows, raw.Data = n, raw.Data[from*raw.Stride:(to-1)*raw.Stride+raw.Cols]
		b.x.SetRawMatrix(raw)
		return
	}
	if n*raw.Cols > cap(b.data) {
		b.data = make([]float64, n*raw.Cols)
	}
	b.x.SetRawMatrix(matrix(n, raw.Cols, b.data[:n*raw.Cols]))
	for i := range n {
		dst, src := b.x.RawRowView(i), tensor.Row(raw, at(rows, from+i))
		if s == nil {
			copy(dst, src)
		} else {
			tensor.Standardize(dst, src, s.Mean, s.Scale)
		}
	}
}
