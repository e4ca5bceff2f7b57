package plots

import (
	"math"
	"testing"

	"github.com/surprisal-ml/surprisal/mle"
)

func TestCrossValidation(t *testing.T) {
	c := &mle.Curve{Folds: 10, Least: 6, OneSE: 3}
	for i := range 12 {
		p := mle.CurvePoint{C: math.Pow(10, float64(i)/2-3), Loss: 0.4 + 0.01*math.Pow(float64(i-6), 2), SE: 0.1}
		c.Points = append(c.Points, p)
	}
	f, err := CrossValidation(c, mle.OneSE)
	has(t, drawn(t, f, err), "smallest loss: C = 1", "strongest penalty within 1 s.e.: C = 0.0316, chosen",
		"mean over 10 folds, ± 1 standard error", "↑ mean held-out loss (nats)")
	c.OneSE = c.Least
	f, err = CrossValidation(c, mle.Least)
	has(t, drawn(t, f, err), "smallest loss, and no stronger penalty within 1 s.e.: C = 1, chosen")
	_, err = CrossValidation(&mle.Curve{}, mle.Least)
	refused(t, err, "no C was tried")
}
