package mle

import (
	"context"
	"math"
	"testing"

	"github.com/surprisal-ml/surprisal/datasets"
)

// Of iris setosa is separated from the two others, whose difference is the fit of
// these two alone, whichever class is the reference.
func TestContrastsOfClassesThatOverlap(t *testing.T) {
	iris, err := datasets.Load("iris", datasets.Options{})
	if err != nil {
		t.Fatal(err)
	}
	_, x := examine(t, iris, Options{})
	if len(x.Contrasts) != 1 || x.Contrasts[0].Row != 1 || x.Contrasts[0].Against != 0 {
		t.Fatalf("contrasts %+v", x.Contrasts)
	}
	two, err := datasets.Load("iris2", datasets.Options{})
	if err != nil {
		t.Fatal(err)
	}
	f := fit(t, two, Options{})
	table, err := f.Wald(context.Background(), WaldOptions{})
	if err != nil {
		t.Fatal(err)
	}
	for j, v := range x.Contrasts[0].Coef {
		if want := f.Coef.At(0, j); math.Abs(v-want) > 1e-12*math.Abs(want) {
			t.Errorf("term %d: %v, want %v", j, v, want)
		}
		if se, want := x.Contrasts[0].SE[j], table.StdErr.At(0, j); math.Abs(se-want) > 1e-12*want {
			t.Errorf("term %d: standard error %v, want %v", j, se, want)
		}
	}
}
