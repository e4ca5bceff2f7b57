package trainer

import (
	"crypto/sha256"
	"encoding/binary"
	"fmt"
	"hash"
	"math"
	"slices"
	"strings"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
)

// digest returns a text that other data, of the same size even, do not have.
func (t *Trainer) digest() string {
	if t.data == "" {
		h := sha256.New()
		addData(h, t.train)
		if t.held != nil {
			addData(h, t.held)
		}
		t.data = fmt.Sprintf("%x", h.Sum(nil)[:8])
	}
	return t.data
}

func addData(h hash.Hash, d *datasets.Dataset) {
	var buffer []byte
	add := func(x []float64) {
		buffer = buffer[:0]
		for _, v := range x {
			buffer = binary.LittleEndian.AppendUint64(buffer, math.Float64bits(v))
		}
		h.Write(buffer)
	}
	addMatrix := func(m *mat.Dense) {
		for i := range m.RawMatrix().Rows {
			add(m.RawRowView(i))
		}
	}
	addMatrix(d.X)
	if d.Y != nil {
		addMatrix(d.Y)
	}
	for classes := range slices.Chunk(d.Labels, blockRows) {
		buffer = buffer[:0]
		for _, class := range classes {
			buffer = binary.LittleEndian.AppendUint64(buffer, uint64(class))
		}
		h.Write(buffer)
	}
	for weights := range slices.Chunk(d.Weights, blockRows) {
		add(weights)
	}
}

// layers describes the network: its widths and its activation.
func (t *Trainer) layers() string {
	var b strings.Builder
	for _, l := range t.c.Net.Layers {
		in, out := l.Weight.Value.Dims()
		fmt.Fprintf(&b, "%d-%d", in, out)
		if l.Activation != nil {
			b.WriteString(" " + l.Activation.Name() + " ")
		}
		if l.Bias.Frozen {
			b.WriteString(" without intercept")
		}
	}
	return b.String()
}
