package metrics_test

import (
	"fmt"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/metrics"
)

func Example() {
	z := mat.NewDense(5, 1, []float64{2, 1, 0.5, -1, -3})
	y := mat.NewDense(5, 1, []float64{1, 1, 0, 1, 0})
	var m metrics.Binary
	if err := m.Add(z, y, nil); err != nil { // once per block
		fmt.Println(err)
		return
	}
	r := m.Report()
	fmt.Printf("accuracy %.2f, log-loss %.4f nats, AUC %.4f, Brier %.4f\n", r.Accuracy, r.LogLoss, r.ROCAUC, r.Brier)
	fmt.Println("confusion", r.Confusion)
	// Output:
	// accuracy 0.60, log-loss 0.5552 nats, AUC 0.8333, Brier 0.2021
	// confusion [[1 1] [1 2]]
}
