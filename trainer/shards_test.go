package trainer

import (
	"runtime"
	"slices"
	"testing"

	"github.com/surprisal-ml/surprisal/tensor"
)

func TestDivide(t *testing.T) {
	for n := 1; n < 20000; n += 1 + n/100 {
		b := divide(n)
		if last := n - (b.count-1)*b.rows; last < 1 || last > b.rows || b.rows > blockRows {
			t.Errorf("%d rows: %d blocks of %d", n, b.count, b.rows)
		}
		if b.lanes < min(n/blockRows, maxLanes) || b.lanes > maxLanes || n > blockRows && b.rows <= blockRows/4 {
			t.Errorf("%d rows: %d blocks of %d for %d lanes", n, b.count, b.rows, b.lanes)
		}
		if b.count%b.lanes != 0 {
			t.Errorf("%d rows: %d blocks for %d lanes", n, b.count, b.lanes)
		}
	}
	if got := divide(520); got != (blocks{count: 2, rows: 260, lanes: 2}) {
		t.Errorf("520 rows: %+v", got)
	}
}

// A panic in a block, wherever it is worked on, reaches the caller, and the next
// batch is computed as if nothing had been.
func TestGradientAfterPanic(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(3))
	d := load(t, "digits")
	c := network(t, d, 32)
	good, err := newTarget(c, d, Loss{})
	if err != nil {
		t.Fatal(err)
	}
	j := job{x: d.X, target: good, n: d.Len(), scale: 1}
	_, g := newShards(c).gradient(j)
	want := slices.Clone(g)

	s := newShards(c)
	for row := 0; row < d.Len(); row += blockRows / 2 {
		bad := *good
		bad.classes = slices.Clone(good.classes)
		bad.classes[row] = len(d.Schema.Classes)
		func() {
			defer func() {
				if v, ok := recover().(*tensor.UsageError); !ok {
					t.Errorf("row %d: recovered %v", row, v)
				}
			}()
			j := j
			j.target = &bad
			s.gradient(j)
		}()
		if _, got := s.gradient(j); !slices.Equal(got, want) {
			t.Errorf("after a panic at row %d the gradient differs", row)
		}
	}
}

// The tapes of lanes that work at once are serial as long as there are processors
// for no more, and that of a single block never is.
func TestSerialWhereLanesFillProcessors(t *testing.T) {
	defer runtime.GOMAXPROCS(runtime.GOMAXPROCS(1))
	d := load(t, "digits")
	c := network(t, d, 64)
	good, err := newTarget(c, d, Loss{})
	if err != nil {
		t.Fatal(err)
	}
	s := newShards(c)
	for _, want := range []struct {
		procs, n int
		serial   bool
	}{{2, 1700, true}, {2, blockRows, false}, {4, 1700, true}, {4, 600, false}, {16, 1700, false}} {
		runtime.GOMAXPROCS(want.procs)
		s.gradient(job{x: d.X, target: good, n: want.n, scale: 1})
		for i := range divide(want.n).lanes {
			if got := s.lanes[i].tape.Serial; got != want.serial {
				t.Errorf("%d rows on %d processors: lane %d serial: %v", want.n, want.procs, i, got)
			}
		}
	}
}
