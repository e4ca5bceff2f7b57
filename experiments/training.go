package experiments

import (
	"context"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/trainer"
)

// trainLinear trains a network without hidden layers on standardised features.
// A configuration without a method is replaced by gradient descent on all rows
// with Nesterov momentum, and the step that the curvature allows. Each is called
// after every epoch, counted from 1.
func trainLinear(ctx context.Context, d *datasets.Dataset, cfg trainer.Config, each func(epoch int, c *trainer.Classifier)) (*trainer.Classifier, error) {
	c, err := trainer.NewClassifier(d.Schema, datasets.MeasureScaling(d.X, d.Weights), nil, nil, nil)
	if err != nil {
		return nil, err
	}
	if cfg.Method == nil {
		if cfg, err = trainer.Accelerated(c, d, trainer.Loss{}, 1e-14, cfg.Epochs); err != nil {
			return nil, err
		}
	}
	t, err := trainer.New(c, d, nil, cfg)
	if err != nil {
		return nil, err
	}
	_, err = t.Run(ctx, trainer.ObserverFunc(func(e trainer.Event) {
		if e.Summary != nil && each != nil {
			each(e.Summary.Epoch, c)
		}
	}))
	if err == nil {
		err = ctx.Err()
	}
	return c, err
}

// fittedLogits returns the logits of a classifier for the rows of x.
func fittedLogits(c *trainer.Classifier, x *mat.Dense) *mat.Dense {
	n, _ := x.Dims()
	z := mat.NewDense(n, len(c.Outputs()), nil)
	c.Logits(z, x)
	return z
}

// worstDigits returns the number of digits to which every coefficient agrees.
func worstDigits(got, want *mat.Dense) float64 {
	worst := 16.0
	rows, columns := want.Dims()
	for i := range rows {
		for j := range columns {
			worst = min(worst, digits(apart(got.At(i, j), want.At(i, j))))
		}
	}
	return worst
}
