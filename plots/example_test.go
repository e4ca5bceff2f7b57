package plots_test

import (
	"fmt"
	"io"
	"log"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/metrics"
	"github.com/surprisal-ml/surprisal/plots"
)

func Example() {
	var m metrics.Multiclass
	logits := mat.NewDense(4, 3, []float64{
		2, 0, 0,
		0, 1, 0,
		0, 3, 1,
		0, 0, 4,
	})
	if err := m.Add(logits, []int{0, 1, 2, 2}, nil); err != nil {
		log.Fatal(err)
	}
	report := m.Report()
	for k, name := range []string{"cat", "dog", "owl"} {
		report.Classes[k].Name = name
	}
	f, err := plots.ROC(&m, plots.Outputs(&report), "four animals")
	if err != nil {
		log.Fatal(err)
	}
	for _, curve := range f.Marks {
		fmt.Println(curve.Name)
	}
	fmt.Println(f.SVG(io.Discard)) // plots.Save makes files
	// Output:
	// chance
	// cat: AUC 1.0000
	// dog: AUC 0.6667
	// owl: AUC 0.7500
	// <nil>
}
