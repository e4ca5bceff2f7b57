package nn

import (
	"strconv"

	"github.com/surprisal-ml/surprisal/autograd"
)

// Sequential applies modules one after the other, the first one first.
type Sequential struct{ modules []Module }

// NewSequential returns the composition of the given modules. It puts the
// position of each before the names of its parameters, as PyTorch does:
// "0.weight", or "1.0.weight" in a Sequential at position 1. A parameter that
// several modules share has the name of the first. The parameters move to one
// vector (see [autograd.NewParams]), and each [Dropout] gets a stream of its
// own.
func NewSequential(modules ...Module) *Sequential {
	s := &Sequential{modules}
	named := map[*autograd.Param]bool{}
	for i, m := range modules {
		for _, p := range distinct(m) {
			if !named[p] {
				named[p] = true
				p.Name = strconv.Itoa(i) + "." + p.Name
			}
		}
	}
	s.numberStreams(0)
	autograd.NewParams(s.Params()...)
	return s
}

// Forward returns the last module applied to the result of the one before, and
// so on.
func (s *Sequential) Forward(x autograd.Var) autograd.Var {
	for _, m := range s.modules {
		x = m.Forward(x)
	}
	return x
}

// Params returns the parameters of the modules in turn. One that several share
// is listed for each of them.
func (s *Sequential) Params() []*autograd.Param {
	var ps []*autograd.Param
	for _, m := range s.modules {
		ps = append(ps, m.Params()...)
	}
	return ps
}

// randomised is a module with random masks, each of which needs a stream.
type randomised interface {
	// numberStreams hands out the streams from next on, and returns the next
	// free one.
	numberStreams(next uint64) uint64
}

func (s *Sequential) numberStreams(next uint64) uint64 {
	for _, m := range s.modules {
		if r, ok := m.(randomised); ok {
			next = r.numberStreams(next)
		}
	}
	return next
}
