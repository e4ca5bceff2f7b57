package trainer

import (
	"runtime"
	"sync"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/autograd"
	"github.com/surprisal-ml/surprisal/tensor"
)

// maxLanes is the number of gradients that are summed independently, and so
// the number of processors that a batch can use.
const maxLanes = 8

// shards computes the gradient of a batch in blocks of rows. Which lane sums
// which block, and how the lanes are added, depends on the size of the batch
// alone, so the result does not depend on the number of processors.
type shards struct {
	c      *Classifier
	params *autograd.Params
	lanes  [maxLanes]lane
	job    job

	work chan int // lanes for the other goroutines; nil before the first large batch
	done sync.WaitGroup
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

// gradient returns the scaled loss of the batch and its gradient, which is
// valid until the next call.
func (s *shards) gradient(j job) (loss float64, gradient []float64) {
	s.job = j
	blocks := (j.n + blockRows - 1) / blockRows
	n := min(blocks, maxLanes)
	if blocks == 1 {
		s.lanes[0].run(s, 0, 1)
		return s.lanes[0].loss, s.lanes[0].tape.FlatGrad(s.params)
	}
	s.runLanes(n)
	for stride := 1; stride < n; stride *= 2 {
		for i := 0; i+stride < n; i += 2 * stride {
			s.lanes[i].loss += s.lanes[i+stride].loss
			add(s.lanes[i].gradient, s.lanes[i+stride].gradient)
		}
	}
	return s.lanes[0].loss, s.lanes[0].gradient
}

// parallelWork is the number of multiplications of a batch from which other
// processors help: waking them takes as long as some millions.
const parallelWork = 4e6

func (s *shards) runLanes(n int) {
	helpers := min(runtime.GOMAXPROCS(0), n) - 1
	together := helpers > 0 && 3*float64(s.job.n)*float64(s.params.Len()) >= parallelWork
	for i := range n {
		s.lanes[i].tape.Serial = together
	}
	if !together {
		for i := range n {
			s.lanes[i].run(s, i, n)
		}
		return
	}
	if s.work == nil {
		s.work = make(chan int)
		for range helpers {
			go s.help(s.work)
		}
	}
	s.done.Add(n)
	next := 0
	for next < n {
		select {
		case s.work <- next | n<<8:
			next++
		default: // all helpers are busy: work here
			s.lanes[next].run(s, next, n)
			s.done.Done()
			next++
		}
	}
	s.done.Wait()
}

func (s *shards) help(work chan int) {
	for lane := range work {
		s.lanes[lane&0xff].run(s, lane&0xff, lane>>8)
		s.done.Done()
	}
}

// close ends the helping goroutines.
func (s *shards) close() {
	if s.work != nil {
		close(s.work)
		s.work = nil
	}
}

// run sums the blocks first, first+stride, … of the job.
func (l *lane) run(s *shards, first, stride int) {
	j := &s.job
	l.loss = 0
	for from := first * blockRows; from < j.n; from += stride * blockRows {
		to := min(from+blockRows, j.n)
		l.rows.fill(j.x, s.c.Scaling, j.rows, from, to)
		l.batch.fill(j.target, j.rows, from, to)
		t := l.tape
		t.Seed, t.Epoch, t.Step, t.FirstRow = j.seed, uint64(j.epoch), uint64(j.step), from
		t.Reset()
		loss := autograd.Scale(l.batch.sum(s.c.Net.Forward(t.Const(&l.rows.x))), j.scale)
		t.Backward(loss)
		l.loss += loss.Scalar()
		switch g := t.FlatGrad(s.params); {
		case j.n <= blockRows: // the only block: the tape's own gradient is the result
		case from == first*blockRows:
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
