package activation

import "github.com/surprisal-ml/surprisal/tensor"

// Sigmoid is the logistic function σ(z) = 1/(1+e⁻ᶻ), accurate in both tails:
// the inverse link of logistic regression.
type Sigmoid struct{}

func (Sigmoid) Name() string                 { return "sigmoid" }
func (Sigmoid) Value(y, z []float64)         { tensor.Sigmoid(y, nil, z) }
func (Sigmoid) ValueSlope(y, s, z []float64) { tensor.Sigmoid(y, s, z) }
func (Sigmoid) Curvature(c, z []float64)     { tensor.SigmoidCurvature(c, z) }

// LogSigmoid is log σ(z) = −log(1+e⁻ᶻ), the log-likelihood of a success with
// logit z.
type LogSigmoid struct{}

func (LogSigmoid) Name() string                 { return "log_sigmoid" }
func (LogSigmoid) Value(y, z []float64)         { tensor.LogSigmoid(y, nil, z) }
func (LogSigmoid) ValueSlope(y, s, z []float64) { tensor.LogSigmoid(y, s, z) }
func (LogSigmoid) Curvature(c, z []float64)     { tensor.LogSigmoidCurvature(c, z) }
