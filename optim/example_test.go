package optim_test

import (
	"encoding/json"
	"fmt"

	"github.com/surprisal-ml/surprisal/optim"
)

// Minimise (x-3)² + 10 (y+1)² and stop on the way to save the state.
func Example() {
	theta, grad := []float64{0, 0}, []float64{0, 0}
	opt := optim.New(optim.SGD{LR: 0.04, Momentum: 0.8, Nesterov: true}, len(theta))
	schedule := optim.CosineAnnealingLR{TMax: 100}
	for k := range 100 {
		if k == 50 {
			saved, _ := json.Marshal(opt.State()) // and in another process:
			var state optim.State
			json.Unmarshal(saved, &state)
			opt = optim.New(opt.Method(), len(theta))
			if err := opt.Restore(state); err != nil {
				fmt.Println(err)
			}
		}
		grad[0], grad[1] = 2*(theta[0]-3), 20*(theta[1]+1)
		optim.ClipNorm(grad, 10)
		opt.StepAt(schedule.At(k, opt.Base()), theta, grad)
	}
	fmt.Printf("%.4f after %d steps\n", theta, opt.Steps())
	// Output: [3.0000 -1.0000] after 100 steps
}
