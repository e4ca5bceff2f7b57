package trainer

import (
	"runtime"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// maxLanes is the number of gradients that are summed independently, and so
// the number of processors that a batch can use.
const maxLanes = 8

// shards computes the gradient of a batch in blocks of rows. What the blocks are,
// which lane sums which, and how the lanes are added, depends on the size of the
// batch alone, so the result does not depend on the number of processors.
type shards struct {
	c      *Classifier
	params *autograd.Params
	lanes  [maxLanes]lane
	job    job
	blocks blocks
}

// lane is a tape, and the gradient and loss of the blocks it was given.
type lane struct {
	tape     *autograd.Tape
	rows     rows
	batch    batch
	gradient []float64
	loss     float64
}

// job is the batch that the lanes are working on.
type job struct {
	x           *mat.Dense
	target      *target
	rows        []int // of the batch; nil: all n
	n           int
	scale       float64 // of the loss: 1 / what the mean divides by
	seed        uint64
	epoch, step int
}

func newShards(c *Classifier) *shards {
	s := &shards{c: c, params: autograd.NewParams(c.Net.Params()...)}
	for i := range s.lanes {
		s.lanes[i].tape = autograd.NewTape(autograd.Train)
		s.lanes[i].gradient = make([]float64, s.params.Len())
	}
	return s
}

// blocks is how a batch is divided: into count blocks of so many rows, the last
// of them a little shorter, of which lane i sums blocks i, i+lanes, ….
type blocks struct{ count, rows, lanes int }

// divide divides n rows into the fewest blocks of at most [blockRows] that give
// the same number to each of 1, 2, 4, or 8 lanes.
func divide(n int) (b blocks) {
	b.lanes = 1
	for b.lanes < maxLanes && n > b.lanes*blockRows {
		b.lanes *= 2
	}
	each := (n + b.lanes*blockRows - 1) / (b.lanes * blockRows)
	b.rows = (n + b.lanes*each - 1) / (b.lanes * each)
	b.count = (n + b.rows - 1) / b.rows
	return b
}

// parallelWork is the number of multiplications of a batch from which other
// processors help: waking them takes as long as some millions.
const parallelWork = 4e6

// gradient returns the scaled loss of the batch and its gradient, which is
// valid until the next call.
func (s *shards) gradient(j job) (loss float64, gradient []float64) {
	s.job, s.blocks = j, divide(j.n)
	n := s.blocks.lanes
	together := n > 1 && 3*float64(j.n)*float64(s.params.Len()) >= parallelWork
	for i := range n { // fewer lanes than processors leave some to the kernels
		s.lanes[i].tape.Serial = together && n >= runtime.GOMAXPROCS(0)
	}
	if together {
		tensor.Parallel(s, n)
	} else {
		for i := range n {
			s.Part(i)
		}
	}
	if s.blocks.count == 1 {
		return s.lanes[0].loss, s.lanes[0].tape.FlatGrad(s.params)
	}
	for stride := 1; stride < n; stride *= 2 {
		for i := 0; i+stride < n; i += 2 * stride {
			s.lanes[i].loss += s.lanes[i+stride].loss
			add(s.lanes[i].gradient, s.lanes[i+stride].gradient)
		}
	}
	return s.lanes[0].loss, s.lanes[0].gradient
}

// Part sums the blocks of a lane.
func (s *shards) Part(lane int) {
	j, l, t := &s.job, &s.lanes[lane], s.lanes[lane].tape
	l.loss = 0
	for k := lane; k < s.blocks.count; k += s.blocks.lanes {
		from := k * s.blocks.rows
		to := min(from+s.blocks.rows, j.n)
		l.rows.fill(j.x, s.c.Scaling, j.rows, from, to)
		l.batch.fill(j.target, j.rows, from, to)
		t.Seed, t.Epoch, t.Step, t.FirstRow = j.seed, uint64(j.epoch), uint64(j.step), from
		t.Reset()
		loss := autograd.Scale(l.batch.sum(s.c.Net.Forward(t.Const(&l.rows.x))), j.scale)
		t.Backward(loss)
		l.loss += loss.Scalar()
		switch g := t.FlatGrad(s.params); {
		case s.blocks.count == 1: // the tape's own gradient is the result
		case k == lane:
			copy(l.gradient, g)
		default:
			add(l.gradient, g)
		}
	}
}

func add(dst, x []float64) { tensor.Axpy(matrix(1, len(x), dst), 1, 1, matrix(1, len(x), x)) }

func matrix(rows, cols int, data []float64) tensor.Matrix {
	return tensor.Matrix{Rows: rows, Cols: cols, Stride: cols, Data: data}
}
