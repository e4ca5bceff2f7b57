package autograd_test

import (
	"errors"
	"math"
	"slices"
	"strings"
	"sync"
	"testing"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/activation"
	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/losses"
	"github.com/surprisal-ml/surprisal/nn"
	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

// The properties that the engine promises and a first version easily misses.

func normal(r, c int, seed uint64) *mat.Dense {
	m, src := mat.NewDense(r, c, nil), random.New(seed, 0)
	for i := range m.RawMatrix().Data {
		m.RawMatrix().Data[i] = src.Norm()
	}
	return m
}

// model is a small network with a loss on fixed data.
func model(seed uint64) (*nn.MLP, *autograd.Params, autograd.Objective) {
	m := nn.NewMLP(3, []int{4}, 2, activation.Sigmoid{}, random.New(seed, 0))
	x, y := normal(10, 3, seed+1), []int{0, 1, 1, 0, 1, 0, 0, 1, 0, 1}
	return m, autograd.NewParams(m.Params()...), func(t *autograd.Tape) autograd.Var {
		return losses.CrossEntropy{}.Classes(m.Forward(t.Const(x)), y)
	}
}

func gradient(ps *autograd.Params, f ...autograd.Objective) []float64 {
	g := make([]float64, ps.Len())
	autograd.Gradient(g, autograd.NewTape(autograd.Train), ps, f...)
	return g
}

// usage runs f, which must panic with a UsageError, and returns its text.
func usage(t *testing.T, f func()) (text string) {
	t.Helper()
	defer func() {
		e, _ := recover().(error)
		var u *tensor.UsageError
		if !errors.As(e, &u) {
			t.Errorf("no UsageError but %v", e)
			return
		}
		text = u.Error()
	}()
	f()
	return ""
}

func TestParametersAreViewsOfOneVector(t *testing.T) {
	m, ps, f := model(1)
	offset := 0
	for _, p := range m.Params() {
		data := p.Value.RawMatrix().Data
		if &data[0] != &ps.Vector()[offset] {
			t.Errorf("%s is not in the vector", p.Name)
		}
		offset += len(data)
	}
	if offset != ps.Len() || autograd.NewParams(m.Params()...) != ps {
		t.Errorf("%d of %d values; a second NewParams must be the same", offset, ps.Len())
	}
	tape := autograd.NewTape(autograd.Train)
	tape.Backward(f(tape))
	if g := tape.FlatGrad(ps); &g[0] != &tape.Grad(m.Params()[0]).RawMatrix().Data[0] {
		t.Error("the gradient of the first parameter is not the beginning of the flat gradient")
	}
}

func TestTapesShareAModelWithoutRace(t *testing.T) {
	_, ps, f := model(2)
	want := gradient(ps, f)
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if g := gradient(ps, f); !slices.Equal(g, want) {
				t.Errorf("gradient %v, alone %v", g, want)
			}
			autograd.Value(autograd.NewTape(autograd.Eval), f)
		})
	}
	wg.Wait()
}

func TestStaleAndForeignVarsPanic(t *testing.T) {
	a, b := autograd.NewTape(autograd.Train), autograd.NewTape(autograd.Train)
	x := normal(2, 2, 1)
	old := a.Const(x)
	a.Reset()
	fresh := a.Const(x) // in the slot that old was in
	for name, f := range map[string]func(){
		"reset since":     func() { autograd.Sigmoid(old) },
		"earlier pass":    func() { old.Value() },
		"different tapes": func() { autograd.Add(fresh, b.Const(x)) },
		"another tape":    func() { a.Backward(b.Const(mat.NewDense(1, 1, nil))) },
		"zero Var":        func() { autograd.Sigmoid(autograd.Var{}) },
		"2×2":             func() { a.Backward(fresh) },
		"no Backward":     func() { autograd.NewTape(autograd.Train).FlatGrad(autograd.NewParams(autograd.NewParam("p", 1, 1))) },
		"Eval":            func() { e := autograd.NewTape(autograd.Eval); e.Backward(autograd.Sum(e.Const(x))) },
		"2×2 by 3×1":      func() { autograd.MatMul(fresh, a.Const(normal(3, 1, 1))) },
		"2×2 and 3×1":     func() { autograd.Add(fresh, a.Const(normal(3, 1, 1))) },
		"empty matrix":    func() { a.Const(&mat.Dense{}) },
	} {
		if text := usage(t, f); !strings.Contains(text, name) {
			t.Errorf("%q does not say %q", text, name)
		}
	}
}

func TestGradientsOfAnEarlierPassAreVoid(t *testing.T) {
	p := autograd.NewParam("p", 2, 2)
	tape := autograd.NewTape(autograd.Train)
	tape.Backward(autograd.Sum(autograd.Sigmoid(tape.Param(p))))
	tape.Reset()
	if g := autograd.Sigmoid(tape.Variable(normal(5, 1, 1))).Grad(); g != nil {
		t.Errorf("gradient before Backward: %v", g)
	}
	if g := tape.Param(p).Grad(); g != nil {
		t.Errorf("gradient of the parameter before Backward: %v", g)
	}
}

// One loss value used twice on a tape: its state lives in the tape's slots.
func TestOneLossTwiceOnATape(t *testing.T) {
	p := autograd.NewParam("p", 3, 2)
	p.Value.Copy(normal(3, 2, 1))
	loss := losses.CrossEntropy{LabelSmoothing: 0}
	a, b := []int{0, 1, 0}, []int{1, 1, 0}
	one := func(y []int) autograd.Objective {
		return func(t *autograd.Tape) autograd.Var { return loss.Classes(t.Param(p), y) }
	}
	both := func(t *autograd.Tape) autograd.Var { return autograd.Add(one(a)(t), one(b)(t)) }
	ps := autograd.NewParams(p)
	want, got := gradient(ps, one(a), one(b)), gradient(ps, both)
	for i := range want {
		if math.Abs(got[i]-want[i]) > 1e-16 {
			t.Errorf("entry %d: %g, apart %g", i, got[i], want[i])
		}
	}
}

func TestNextMustBeFollowedByItsRecord(t *testing.T) {
	tape := autograd.NewTape(autograd.Train)
	x := tape.Const(normal(1, 1, 1))
	text := usage(t, func() {
		op := autograd.Next[userOp](tape)
		autograd.Record(op, 1, 1, autograd.Scale(x, 2))
	})
	if !strings.Contains(text, "before calling Next") {
		t.Errorf("%q", text)
	}
}

type userOp struct{}

func (*userOp) Forward(*autograd.Node)  {}
func (*userOp) Backward(*autograd.Node) {}

// Nothing is zeroed in advance: a poisoned tape gives the same bits.
func TestUndefinedMemoryIsNotRead(t *testing.T) {
	_, ps, f := model(3)
	clean, poisoned := autograd.NewTape(autograd.Train), autograd.NewTape(autograd.Train)
	poisoned.Poison = true
	v := normal(5, ps.Len(), 4)
	var results [2][]float64
	for k, tape := range []*autograd.Tape{clean, poisoned} {
		g, hv := make([]float64, ps.Len()), mat.NewDense(5, ps.Len(), nil)
		for range 2 {
			autograd.Gradient(g, tape, ps, f)
			autograd.HVP(hv, v, tape, ps, f)
		}
		results[k] = append(g, hv.RawMatrix().Data...)
	}
	if !slices.Equal(results[0], results[1]) {
		t.Error("results differ with NaN in undefined memory")
	}
}

// counting counts the rules that are called.
type counting struct{ forward, backward *int }

func (c *counting) Forward(n *autograd.Node)  { *c.forward++; n.Value().Copy(n.In(0)) }
func (c *counting) Backward(n *autograd.Node) { *c.backward++; n.LendGrad(0, n.Grad()) }

func TestNothingIsComputedInVain(t *testing.T) {
	var forward, backward int
	op := &counting{&forward, &backward}
	frozen, p := autograd.NewParam("frozen", 1, 1), autograd.NewParam("p", 1, 1)
	frozen.Frozen = true
	tape := autograd.NewTape(autograd.Train)
	x := autograd.Record(op, 1, 1, tape.Const(normal(1, 1, 1))) // of data
	y := autograd.Record(op, 1, 1, tape.Param(frozen))          // of a frozen parameter
	unused := autograd.Record(op, 1, 1, tape.Param(p))          // not part of the loss
	loss := autograd.Mul(autograd.Mul(x, y), tape.Param(p))
	tape.Backward(loss)
	if forward != 3 || backward != 0 {
		t.Errorf("%d forward and %d backward rules of values without a gradient", forward, backward)
	}
	if x.Grad() != nil || y.Grad() != nil || unused.Grad() != nil {
		t.Error("a gradient that nobody needs was computed")
	}
	if g := tape.Grad(frozen).At(0, 0); g != 0 {
		t.Errorf("gradient of a frozen parameter: %g", g)
	}
}

// A rule that changes its gradient corrupts its neighbour; Poison finds it.
func TestPoisonFindsRulesThatWriteToTheirGradient(t *testing.T) {
	p := autograd.NewParam("p", 1, 2)
	ps := autograd.NewParams(p)
	text := usage(t, func() {
		_ = autograd.CheckGradients(func(t *autograd.Tape) autograd.Var {
			x := t.Param(p)
			return autograd.Sum(autograd.Add(x, autograd.Record(writes{}, 1, 2, x)))
		}, ps, autograd.Check{FirstOrder: true})
	})
	if !strings.Contains(text, "wrote to") {
		t.Errorf("%q", text)
	}
}

type writes struct{}

func (writes) Forward(n *autograd.Node) { n.Value().Scale(2, n.In(0)) }
func (writes) Backward(n *autograd.Node) {
	n.Grad().Scale(2, n.Grad())
	n.LendGrad(0, n.Grad())
}

func TestAParameterUsedTwiceIsOneLeaf(t *testing.T) {
	w := autograd.NewParam("w", 2, 2)
	w.Value.Copy(normal(2, 2, 1))
	b := autograd.NewParam("b", 1, 2)
	x := normal(3, 2, 2)
	tied := func(t *autograd.Tape) autograd.Var {
		h := autograd.Linear(t.Const(x), t.Param(w), t.Param(b), activation.Sigmoid{})
		return autograd.Sum(autograd.Linear(h, t.Param(w), t.Param(b), activation.Sigmoid{}))
	}
	tape := autograd.NewTape(autograd.Train)
	if first, second := tape.Param(w), tape.Param(w); first != second {
		t.Error("two leaves for one parameter")
	}
	b.Frozen = true
	if err := autograd.CheckGradients(tied, autograd.NewParams(w, b), autograd.Check{}); err != nil {
		t.Errorf("frozen bias: %v", err)
	}
	b.Frozen = false
	if err := autograd.CheckGradients(tied, autograd.NewParams(w, b), autograd.Check{}); err != nil {
		t.Error(err)
	}
}

// The fused loss has its gradient ready after the forward pass: the logits are
// not read again.
func TestFusedLossesReadTheLogitsOnce(t *testing.T) {
	x, y := normal(4, 3, 1), []int{0, 2, 1, 1}
	for _, spoil := range []bool{false, true} {
		tape := autograd.NewTape(autograd.Train)
		z := autograd.Scale(tape.Variable(x), 1)
		loss := losses.CrossEntropy{}.Classes(z, y)
		if spoil {
			tensor.Fill(z.Value().RawMatrix(), math.NaN())
		}
		tape.Backward(loss)
		if math.IsNaN(mat.Sum(z.Grad())) {
			t.Error("the logits were read again")
		}
	}
}

func TestLinearEqualsItsParts(t *testing.T) {
	x, w, b := normal(5, 3, 1), normal(3, 4, 2), normal(1, 4, 3)
	tape := autograd.NewTape(autograd.Train)
	fused := autograd.Linear(tape.Const(x), tape.Variable(w), tape.Variable(b), activation.Sigmoid{})
	parts := autograd.Sigmoid(autograd.Linear(tape.Const(x), tape.Variable(w), tape.Variable(b), nil))
	if !mat.Equal(fused.Value(), parts.Value()) {
		t.Error("the fused layer and its parts differ")
	}
	bare := autograd.Linear(tape.Const(x), tape.Variable(w), autograd.Var{}, nil)
	if !mat.Equal(bare.Value(), autograd.MatMul(tape.Const(x), tape.Const(w)).Value()) {
		t.Error("a layer without bias is not a product")
	}
}

// More directions than are carried at once, against one at a time and against
// the whole matrix.
func TestBlocksOfDirections(t *testing.T) {
	_, ps, f := model(5)
	tape := autograd.NewTape(autograd.Train)
	const b = 70
	v := normal(b, ps.Len(), 6)
	together, alone := mat.NewDense(b, ps.Len(), nil), mat.NewDense(1, ps.Len(), nil)
	autograd.HVP(together, v, tape, ps, f)
	hessian := mat.NewSymDense(ps.Len(), nil)
	autograd.Hessian(hessian, tape, ps, f)
	var product mat.Dense
	product.Mul(v, hessian)
	for k := range b {
		autograd.HVP(alone, v.Slice(k, k+1, 0, ps.Len()).(*mat.Dense), tape, ps, f)
		if !mat.EqualApprox(alone, together.Slice(k, k+1, 0, ps.Len()), 1e-13) {
			t.Fatalf("direction %d differs alone", k)
		}
	}
	if !mat.EqualApprox(&product, together, 1e-13) {
		t.Error("Hv differs from the Hessian times v")
	}
}

// Data summed over blocks of rows give what the whole gives.
func TestSumOverBlocks(t *testing.T) {
	m, ps, _ := model(7)
	x, y := normal(90, 3, 8), make([]int, 90)
	for i := range y {
		y[i] = i % 2
	}
	block := func(from, to int) autograd.Objective {
		return func(t *autograd.Tape) autograd.Var {
			return losses.CrossEntropy{Reduction: losses.Sum}.Classes(m.Forward(t.Const(x.Slice(from, to, 0, 3).(*mat.Dense))), y[from:to])
		}
	}
	whole, blocks := gradient(ps, block(0, 90)), gradient(ps, block(0, 30), block(30, 60), block(60, 90))
	for i := range whole {
		if math.Abs(whole[i]-blocks[i]) > 1e-12 {
			t.Errorf("entry %d: %g in one, %g in blocks", i, whole[i], blocks[i])
		}
	}
}

func TestResultsMustNotAlias(t *testing.T) {
	_, ps, f := model(9)
	tape := autograd.NewTape(autograd.Train)
	v := normal(2, ps.Len(), 1)
	usage(t, func() { autograd.Gradient(tape.FlatGrad(ps), tape, ps, f, f) })
	usage(t, func() { autograd.HVP(v, v, tape, ps, f) })
}

func TestParametersCannotBeSwappedUnderTheModel(t *testing.T) {
	p := autograd.NewParam("p", 1, 1)
	old := autograd.NewParams(p)
	p.Value = mat.NewDense(1, 1, nil)
	tape := autograd.NewTape(autograd.Train)
	usage(t, func() { tape.Param(p) })
	usage(t, func() { tape.Param(&autograd.Param{Name: "bare"}) })
	usage(t, func() { autograd.NewParams(&autograd.Param{Name: "bare"}) })

	q, r := autograd.NewParam("q", 1, 1), autograd.NewParam("r", 1, 1)
	old = autograd.NewParams(q, r)
	tape.Param(q)
	autograd.NewParams(q)
	usage(t, func() { old.Vector() })
	tape.Reset()
	usage(t, func() { tape.Param(r) })
}
