package datasets

import (
	"fmt"
	"math"
	"runtime"
	"slices"
	"testing"

	"github.com/surprisal-ml/surprisal/random"
)

// isPartition checks that two ascending lists hold 0…n-1 once each.
func isPartition(t *testing.T, n int, train, held []int) {
	t.Helper()
	all := slices.Concat(train, held)
	slices.Sort(all)
	if !slices.IsSorted(train) || !slices.IsSorted(held) || !slices.Equal(all, upTo(n)) {
		t.Fatalf("train %v, held %v are no ascending partition of %d rows", train, held, n)
	}
}

func TestSplit(t *testing.T) {
	for _, n := range []int{0, 1, 2, 10, 101} {
		for _, fraction := range []float64{0, 0.1, 0.25, 0.5, 0.99} {
			train, held := Split(n, fraction, 7)
			isPartition(t, n, train, held)
			if want := int(math.Round(fraction * float64(n))); len(held) != want {
				t.Errorf("%v of %d: %d held out, want %d", fraction, n, len(held), want)
			}
		}
	}
	_, a := Split(100, 0.3, 1)
	_, b := Split(100, 0.3, 1)
	_, c := Split(100, 0.3, 2)
	if !slices.Equal(a, b) || slices.Equal(a, c) {
		t.Error("the seed must decide the split, and alone")
	}
}

func TestSplitClasses(t *testing.T) {
	src := random.New(9, 9)
	for round := range 300 {
		classes := 1 + int(below(6, src))
		labels := make([]int, below(60, src))
		for i := range labels {
			labels[i] = int(below(uint64(classes), src))
			if below(4, src) > 0 {
				labels[i] = 0 // an unequal split
			}
		}
		fraction := src.Float64()
		train, held := SplitClasses(labels, fraction, uint64(round))
		isPartition(t, len(labels), train, held)
		size, out := make([]int, classes), make([]int, classes)
		for _, label := range labels {
			size[label]++
		}
		for _, row := range held {
			out[labels[row]]++
		}
		for c := range classes {
			share := fraction * float64(size[c])
			if size[c] > 0 && out[c] == size[c] {
				t.Fatalf("labels %v, fraction %v: no row of class %d is left", labels, fraction, c)
			}
			if float64(out[c]) < math.Floor(share) || float64(out[c]) > math.Ceil(share) {
				t.Fatalf("labels %v, fraction %v: %d rows of class %d held out", labels, fraction, out[c], c)
			}
		}
	}
	// The counts of a known case, and singletons.
	train, held := SplitClasses([]int{0, 0, 0, 0, 0, 1, 1, 1, 1, 1, 2}, 0.5, 1)
	if len(held) != 5 && len(held) != 6 || !slices.Contains(train, 10) {
		t.Errorf("train %v, held %v", train, held)
	}
	if _, held := SplitClasses(slices.Repeat([]int{0, 1}, 50), 0.2, 1); len(held) != 20 {
		t.Errorf("%d of 100 held out", len(held))
	}
}

func TestDatasetSplitAndRows(t *testing.T) {
	d := mustRead(t, "x,w,y\n0,1,u\n1,2,v\n2,3,u\n3,4,v\n4,5,u\n5,6,v\n", with(y, func(o *Options) { o.Weights = "w" }))
	train, held := d.Split(1.0/3, 5)
	if train.Len() != 4 || held.Len() != 2 || held.Labels[0] == held.Labels[1] {
		t.Errorf("train %+v, held %+v", train, held)
	}
	for _, part := range []*Dataset{train, held} {
		for i := range part.Len() {
			x := part.X.At(i, 0)
			if part.Weights[i] != x+1 || part.Labels[i] != int(x)%2 {
				t.Errorf("row %d of %+v is mixed up", i, part)
			}
		}
	}
	if none := d.Rows(nil); none.Len() != 0 || len(none.Labels) != 0 {
		t.Errorf("%+v", none)
	}
	g := mustRead(t, "x,s,f\n1,3,1\n2,2,2\n", Options{Successes: "s", Failures: "f"})
	if got := g.Rows([]int{1, 1, 0}); show(got.Y) != "0.5\n0.5\n0.75\n" || show(got.X) != "2\n2\n1\n" {
		t.Errorf("%+v", got)
	}
}

// Every order of 4 rows comes equally often: a chi-squared test with 23 degrees
// of freedom at five standard deviations.
func TestShuffleIsUniform(t *testing.T) {
	const rounds = 24000
	count := map[string]int{}
	b := NewBatches(4, 4, 11)
	for epoch := range uint64(rounds) {
		for _, rows := range b.Epoch(epoch, 0) {
			count[fmt.Sprint(rows)]++
		}
	}
	chi2 := 0.0
	for _, n := range count {
		chi2 += math.Pow(float64(n)-rounds/24, 2) / (rounds / 24)
	}
	if len(count) != 24 || chi2 > 23+5*math.Sqrt(2*23) {
		t.Errorf("%d orders, chi-squared %v", len(count), chi2)
	}
}

// A bound that does not divide 2⁶⁴ by far shows a bias without rejection: every
// third number would come half of the time.
func TestBelowIsUniform(t *testing.T) {
	const rounds = 30000
	src := random.New(5, 5)
	thirds := 0
	for range rounds {
		v := below(3<<62, src)
		if v >= 3<<62 {
			t.Fatalf("%d is out of range", v)
		}
		if v%3 == 0 {
			thirds++
		}
	}
	if math.Abs(float64(thirds)-rounds/3) > 5*math.Sqrt(rounds*2/9.0) {
		t.Errorf("%d of %d are divisible by 3", thirds, rounds)
	}
}

func TestBatches(t *testing.T) {
	for _, c := range []struct{ n, size, batches int }{{10, 3, 4}, {10, 5, 2}, {10, 10, 1}, {10, 99, 1}, {1, 1, 1}, {0, 4, 0}} {
		b := NewBatches(c.n, c.size, 3)
		var all []int
		k := 0
		for got, rows := range b.Epoch(2, 0) {
			if got != k || len(rows) > c.size || len(rows) < c.size && got != c.batches-1 {
				t.Errorf("%+v: batch %d is %v", c, got, rows)
			}
			all = append(all, rows...)
			k++
		}
		if k != c.batches || b.Len() != c.batches {
			t.Errorf("%+v: %d batches, Len %d", c, k, b.Len())
		}
		// A new Batches that starts in the middle goes on with the same rows.
		for first := range c.batches {
			var rest []int
			for _, rows := range NewBatches(c.n, c.size, 3).Epoch(2, first) {
				rest = append(rest, rows...)
			}
			if !slices.Equal(rest, all[first*c.size:]) {
				t.Errorf("%+v from %d: %v, want the end of %v", c, first, rest, all)
			}
		}
		slices.Sort(all)
		if !slices.Equal(all, upTo(c.n)) {
			t.Errorf("%+v: an epoch has the rows %v", c, all)
		}
	}
}

// An epoch costs its iterator, a batch nothing.
func TestBatchesDoNotAllocate(t *testing.T) {
	b := NewBatches(1000, 32, 1)
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	rows := 0
	for epoch := range uint64(100) {
		for _, batch := range b.Epoch(epoch, 0) {
			rows += len(batch)
		}
	}
	runtime.ReadMemStats(&after)
	if n := after.Mallocs - before.Mallocs; n > 1000 || rows != 100000 {
		t.Errorf("%d allocations in 100 epochs of 32 batches", n)
	}
}
