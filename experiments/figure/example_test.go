package figure_test

import (
	"fmt"
	"io"
	"math"

	"github.com/surprisal-ml/surprisal/experiments/figure"
)

func Example() {
	f := figure.Figure{
		Name:  "logistic",
		Title: "The logistic function",
		X:     figure.Axis{Label: "logit z"},
		Y:     figure.Axis{Label: "probability"},
		Marks: []figure.Mark{
			figure.Curve("1/(1+exp(−z))", figure.Blue, -6, 6, 120, func(z float64) float64 { return 1 / (1 + math.Exp(-z)) }),
		},
	}
	fmt.Println(f.SVG(io.Discard), f.PNG(io.Discard))
	// Output: <nil> <nil>
}
