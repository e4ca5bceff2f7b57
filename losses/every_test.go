package losses

import (
	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/random"
)

const rowsOfEvery, colsOfEvery = 5, 4

// A domain is what an input of a loss may be.
type domain int

const (
	realNumber domain = iota
	probability
	positive
	sign
)

// subject is a loss with some options, whose inputs are in the domains; it has
// the reductions up to last.
type subject struct {
	name    string
	domains []domain
	last    Reduction
	record  func(r Reduction, in []autograd.Var) autograd.Var
}

// every loss with every option, for the tests that hold for all of them.
var every = func() []subject {
	full := mat.NewDense(5, 4, []float64{1, 2, 0.5, 3, 0, 1, 1.5, 2, 0.3, 0.7, 1, 1, 2, 2, 0, 0.1, 1, 4, 1, 2})
	column, row := mat.NewDense(5, 1, []float64{1, 2, 0, 0.5, 3}), mat.NewDense(1, 4, []float64{1, 0.5, 2, 0})
	frequencies, perClass := []float64{1, 2, 3, 0, 4}, []float64{1, 2, 0.5, 3}
	y := []int{0, 3, 7, 1, 1}
	someZero, one := []float64{0, 2, 0.5, 3}, []float64{3}
	seven := new(7)
	type vars = []autograd.Var
	return []subject{
		{"BCE", []domain{probability, probability}, None, func(r Reduction, in vars) autograd.Var {
			return BCE{Reduction: r}.Loss(in[0], in[1])
		}},
		{"BCE weight", []domain{probability, probability}, None, func(r Reduction, in vars) autograd.Var {
			return BCE{Weight: full, Reduction: r}.Loss(in[0], in[1])
		}},
		{"BCEWithLogits", []domain{realNumber, probability}, None, func(r Reduction, in vars) autograd.Var {
			return BCEWithLogits{Reduction: r}.Loss(in[0], in[1])
		}},
		{"BCEWithLogits weights", []domain{realNumber, probability}, None, func(r Reduction, in vars) autograd.Var {
			return BCEWithLogits{Weight: row, RowWeight: frequencies, PosWeight: perClass, Reduction: r}.Loss(in[0], in[1])
		}},
		{"BCEWithLogits weight per row", []domain{realNumber, probability}, None, func(r Reduction, in vars) autograd.Var {
			return BCEWithLogits{Weight: column, PosWeight: one, Reduction: r}.Loss(in[0], in[1])
		}},
		{"NLL", []domain{realNumber}, None, func(r Reduction, in vars) autograd.Var {
			return NLL{Weight: perClass, RowWeight: frequencies, IgnoreIndex: seven, Reduction: r}.Classes(in[0], y)
		}},
		{"CrossEntropy.Classes", []domain{realNumber}, None, func(r Reduction, in vars) autograd.Var {
			return CrossEntropy{IgnoreIndex: seven, Reduction: r}.Classes(in[0], y)
		}},
		{"CrossEntropy.Classes weights", []domain{realNumber}, None, func(r Reduction, in vars) autograd.Var {
			return CrossEntropy{Weight: perClass, RowWeight: frequencies, IgnoreIndex: seven, Reduction: r}.Classes(in[0], y)
		}},
		{"CrossEntropy.Classes smoothing", []domain{realNumber}, None, func(r Reduction, in vars) autograd.Var {
			return CrossEntropy{
				Weight: someZero, RowWeight: frequencies, IgnoreIndex: seven, LabelSmoothing: 0.2, Reduction: r,
			}.Classes(in[0], y)
		}},
		{"CrossEntropy.Probabilities", []domain{realNumber, probability}, None, func(r Reduction, in vars) autograd.Var {
			return CrossEntropy{Reduction: r}.Probabilities(in[0], in[1])
		}},
		{"CrossEntropy.Probabilities smoothing", []domain{realNumber, probability}, None, func(r Reduction, in vars) autograd.Var {
			return CrossEntropy{Weight: perClass, RowWeight: frequencies, LabelSmoothing: 0.2, Reduction: r}.Probabilities(in[0], in[1])
		}},
		{"KLDiv", []domain{realNumber, probability}, BatchMean, func(r Reduction, in vars) autograd.Var {
			return KLDiv{Reduction: r}.Loss(in[0], in[1])
		}},
		{"KLDiv log target", []domain{realNumber, realNumber}, BatchMean, func(r Reduction, in vars) autograd.Var {
			return KLDiv{LogTarget: true, Reduction: r}.Loss(in[0], in[1])
		}},
		{"GaussianNLL", []domain{realNumber, realNumber, positive}, None, func(r Reduction, in vars) autograd.Var {
			return GaussianNLL{Full: true, Reduction: r}.Loss(in[0], in[1], in[2])
		}},
		{"PoissonNLL", []domain{realNumber, positive}, None, func(r Reduction, in vars) autograd.Var {
			return PoissonNLL{Reduction: r}.Loss(in[0], in[1])
		}},
		{"PoissonNLL full", []domain{realNumber, positive}, None, func(r Reduction, in vars) autograd.Var {
			return PoissonNLL{Full: true, Reduction: r}.Loss(in[0], in[1])
		}},
		{"PoissonNLL rate", []domain{positive, positive}, None, func(r Reduction, in vars) autograd.Var {
			return PoissonNLL{Rate: true, Full: true, Eps: 1e-3, Reduction: r}.Loss(in[0], in[1])
		}},
		{"SoftMargin", []domain{realNumber, sign}, None, func(r Reduction, in vars) autograd.Var {
			return SoftMargin{Reduction: r}.Loss(in[0], in[1])
		}},
		{"MultiLabelSoftMargin", []domain{realNumber, probability}, None, func(r Reduction, in vars) autograd.Var {
			return MultiLabelSoftMargin{Reduction: r}.Loss(in[0], in[1])
		}},
		{"MultiLabelSoftMargin weight", []domain{realNumber, probability}, None, func(r Reduction, in vars) autograd.Var {
			return MultiLabelSoftMargin{Weight: perClass, Reduction: r}.Loss(in[0], in[1])
		}},
		{"MSE", []domain{realNumber, realNumber}, None, func(r Reduction, in vars) autograd.Var {
			return MSE{Reduction: r}.Loss(in[0], in[1])
		}},
		{"L1", []domain{realNumber, realNumber}, None, func(r Reduction, in vars) autograd.Var {
			return L1{Reduction: r}.Loss(in[0], in[1])
		}},
	}
}()

// params returns a parameter for each input of a loss, inside its domain.
func params(domains []domain) []*autograd.Param {
	ps := make([]*autograd.Param, len(domains))
	for i, d := range domains {
		ps[i] = autograd.NewParam(string(rune('a'+i)), rowsOfEvery, colsOfEvery)
		fillDomain(ps[i].Value, d, uint64(i))
	}
	return ps
}

func fillDomain(m *mat.Dense, d domain, seed uint64) {
	src := random.New(seed+1, 1)
	x := m.RawMatrix().Data
	for i := range x {
		switch d {
		case realNumber:
			x[i] = src.Norm()
		case probability:
			x[i] = 0.2 + 0.6*src.Float64()
		case positive: // on both sides of the 1 of Stirling's approximation, not on it
			if x[i] = 0.5 + 0.3*src.Float64(); i%2 == 0 {
				x[i] += 1.2
			}
		case sign:
			x[i] = float64(2*(i%2) - 1)
		}
	}
}
