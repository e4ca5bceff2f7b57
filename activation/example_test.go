package activation_test

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/activation"
)

func Example() {
	f, err := activation.Parse("sigmoid")
	if err != nil {
		panic(err)
	}
	z := []float64{-1000, -40, 0, 2}
	y, s := make([]float64, len(z)), make([]float64, len(z))
	f.ValueSlope(y, s, z)
	for i := range z {
		fmt.Printf("σ(%g) = %.6g, σ′ = %.6g\n", z[i], y[i], s[i])
	}

	_, err = activation.Parse("swoosh")
	fmt.Println(err)
	// Output:
	// σ(-1000) = 0, σ′ = 0
	// σ(-40) = 4.24835e-18, σ′ = 4.24835e-18
	// σ(0) = 0.5, σ′ = 0.25
	// σ(2) = 0.880797, σ′ = 0.104994
	// activation "swoosh" is unknown: use one of sigmoid, tanh, relu, leaky_relu(0.01), elu(1), gelu, silu, softplus(1), log_sigmoid
}
