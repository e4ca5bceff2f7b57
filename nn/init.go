package nn

import (
	"math"
	"math/rand/v2"

	"github.com/surprisal-ml/surprisal/autograd"
)

// XavierUniform fills p with numbers uniform in ±gain·√(6/(in+out)).
//
// Source: Glorot & Bengio 2010, "Understanding the difficulty of training deep
// feedforward neural networks".
func XavierUniform(p *autograd.Param, gain float64, src rand.Source) {
	in, out := p.Value.Dims()
	uniform(p, gain*math.Sqrt(6/float64(in+out)), src)
}

func uniform(p *autograd.Param, bound float64, src rand.Source) {
	r := rand.New(src)
	data := p.Value.RawMatrix().Data
	for i := range data {
		data[i] = bound * (2*r.Float64() - 1)
	}
}
