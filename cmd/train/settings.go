package main

import (
	"github.com/alecthomas/kong"

	"github.com/surprisal-ml/surprisal/datasets"
)

// settings are all that decides the result of a fit: flags, and keys of a
// configuration file, which have the names of the flags. A nil pointer is a
// flag that was not given.
type settings struct {
	Data string `kong:"-" json:"data,omitempty"`

	Target      list[string]     `json:"target,omitempty" group:"data" placeholder:"Y" help:"Column to predict. Several, joined by commas, are labels that a row may have or not (multilabel)."`
	Features    list[string]     `json:"features,omitempty" group:"data" placeholder:"A,B" help:"Columns to predict from; default: all others."`
	Exclude     list[string]     `json:"exclude,omitempty" group:"data" placeholder:"A,B" help:"Columns to leave out; not with --features."`
	Categorical list[string]     `json:"categorical,omitempty" group:"data" placeholder:"A,B" help:"Features to take as categories though their cells are numbers."`
	Weights     string           `json:"weights,omitempty" group:"data" placeholder:"W" help:"Column of frequency weights: a row of weight w counts as w rows."`
	Successes   string           `json:"successes,omitempty" group:"data" placeholder:"S" help:"Column of successes, for rows that are groups of trials; instead of --target."`
	Failures    string           `json:"failures,omitempty" group:"data" placeholder:"F" help:"Column of failures."`
	Reference   string           `json:"reference,omitempty" group:"data" placeholder:"CLASS" help:"Class that coefficients compare with; default: the first in sorted order."`
	Missing     datasets.Missing `json:"missing,omitempty" group:"data" default:"error" help:"Missing cells: error, drop (the row), or mean (of the column, remembered by the model)."`
	Separator   string           `json:"separator,omitempty" group:"data" placeholder:"CHAR" help:"Between cells: a character or tab; default: comma, semicolon or tab, as in the first line."`
	Decimal     string           `json:"decimal,omitempty" group:"data" placeholder:"CHAR" help:"Decimal point: . or a comma."`
	HeldOut     float64          `json:"held-out,omitempty" name:"held-out" group:"data" placeholder:"0.2" help:"Share of the rows, of each class alike, to keep from training and measure quality on."`

	Hidden      list[int] `json:"hidden,omitempty" group:"model" placeholder:"64,32" help:"Widths of the hidden layers; none: logistic regression."`
	Activation  string    `json:"activation,omitempty" group:"model" placeholder:"relu" help:"Of the hidden layers: sigmoid, tanh, relu, leaky_relu, elu, gelu, silu, softplus or log_sigmoid."`
	Dropout     float64   `json:"dropout,omitempty" group:"model" placeholder:"0" help:"Probability of dropping a hidden value while training."`
	NoIntercept bool      `json:"no-intercept,omitempty" group:"model" help:"Logistic regression through the origin."`
	Standardize bool      `json:"standardize,omitempty" group:"model" help:"Report coefficients of features with mean 0 and standard deviation 1; a penalty is on them."`

	Penalty string        `json:"penalty,omitempty" group:"loss" enum:"none,l2,l1,elasticnet,logf" default:"none" help:"none, l2, l1, elasticnet or logf, added to the log-likelihood; not on the intercept."`
	C       *strengthFlag `json:"C,omitempty" name:"C" group:"loss" placeholder:"1" help:"Weight of the log-likelihood beside the penalty, as in scikit-learn: 1/lambda. cv chooses it by cross-validation."`
	L1Ratio *float64      `json:"l1-ratio,omitempty" name:"l1-ratio" group:"loss" placeholder:"0.5" help:"Share of L1 in elasticnet."`
	Folds   *int          `json:"folds,omitempty" group:"loss" placeholder:"10" help:"Of the cross-validation of --C cv."`
	CVRule  string        `json:"cv-rule,omitempty" name:"cv-rule" group:"loss" placeholder:"min" help:"C of the least held-out loss (min), or the strongest penalty within one standard error of it (1se)."`
	CVGrid  list[float64] `json:"cv-grid,omitempty" name:"cv-grid" group:"loss" placeholder:"A,B" help:"Values of C to try; default: 20, from the data for l1 and elasticnet, 1e-4 to 1e4 for l2."`

	ClassWeight    string        `json:"class-weight,omitempty" group:"loss" placeholder:"balanced" help:"balanced: weigh each class by n/(K n_k)."`
	PosWeight      list[float64] `json:"pos-weight,omitempty" group:"loss" placeholder:"W" help:"Weight of the positive outcomes; one, or one per label."`
	LabelSmoothing float64       `json:"label-smoothing,omitempty" group:"loss" placeholder:"0" help:"Mix the target with the uniform distribution; three classes or more."`

	Solver      string   `json:"solver,omitempty" group:"training" enum:"auto,newton,lbfgs,newton-cg,accelerated,sgd,adam,amsgrad,adamw,rmsprop,adagrad" default:"auto" help:"Maximum likelihood: newton, lbfgs or newton-cg. Gradient descent: accelerated, which has nothing to tune, sgd, adam, amsgrad, adamw, rmsprop or adagrad. auto is adam with hidden layers, else the first that suits the size."`
	Epochs      *int     `json:"epochs,omitempty" group:"training" placeholder:"N" help:"Most passes over the data; default: 100, or enough to converge for accelerated."`
	Batch       *int     `json:"batch,omitempty" group:"training" placeholder:"32" help:"Rows per step; 0: all."`
	LR          *float64 `json:"lr,omitempty" name:"lr" group:"training" placeholder:"RATE" help:"Learning rate; default: sgd 0.1, rmsprop and adagrad 0.01, others 0.003."`
	Momentum    *float64 `json:"momentum,omitempty" group:"training" placeholder:"0" help:"Of sgd and rmsprop."`
	Nesterov    bool     `json:"nesterov,omitempty" group:"training" help:"Nesterov momentum, of sgd."`
	Dampening   *float64 `json:"dampening,omitempty" group:"training" placeholder:"0" help:"Of the momentum of sgd."`
	WeightDecay *float64 `json:"weight-decay,omitempty" group:"training" placeholder:"0" help:"L2 penalty, intercepts included; default: adamw 0.01 (decoupled), others 0."`
	Beta1       *float64 `json:"beta1,omitempty" name:"beta1" group:"training" placeholder:"0.9" help:"Of adam and its relatives."`
	Beta2       *float64 `json:"beta2,omitempty" name:"beta2" group:"training" placeholder:"0.999" help:"Of adam and its relatives."`
	Alpha       *float64 `json:"alpha,omitempty" group:"training" placeholder:"0.99" help:"Smoothing constant of rmsprop."`
	Eps         *float64 `json:"eps,omitempty" group:"training" placeholder:"1e-8" help:"Added to the denominator by adam and its relatives, rmsprop and adagrad (1e-10)."`
	ClipNorm    *float64 `json:"clip-norm,omitempty" group:"training" placeholder:"NORM" help:"Largest Euclidean norm of the gradient."`
	Tolerance   *float64 `json:"tolerance,omitempty" group:"training" placeholder:"1e-12" help:"With all rows in a batch: converged when no entry of the gradient of the mean loss is larger."`
	Patience    *int     `json:"patience,omitempty" group:"training" placeholder:"N" help:"Stop when the held-out loss has not improved for N epochs; keep the best parameters."`
	Seed        uint64   `json:"seed,omitempty" group:"training" placeholder:"0" help:"Of the split, the folds of --C cv, the initial weights, batches and dropout. The same seed gives the same model, bit for bit."`

	Schedule string   `json:"schedule,omitempty" group:"schedule" enum:"constant,step,exponential,cosine,onecycle" default:"constant" help:"Of the learning rate: constant, step, exponential, cosine or onecycle."`
	StepSize *int     `json:"step-size,omitempty" group:"schedule" placeholder:"N" help:"step: epochs between reductions."`
	Gamma    *float64 `json:"gamma,omitempty" group:"schedule" placeholder:"0.1" help:"step, exponential: factor of a reduction."`
	TMax     *int     `json:"t-max,omitempty" name:"t-max" group:"schedule" placeholder:"N" help:"cosine: epochs to the lowest rate; default: --epochs."`
	EtaMin   *float64 `json:"eta-min,omitempty" name:"eta-min" group:"schedule" placeholder:"0" help:"cosine: the lowest rate."`
	MaxLR    *float64 `json:"max-lr,omitempty" name:"max-lr" group:"schedule" placeholder:"RATE" help:"onecycle: the highest rate; default: --lr."`
	PctStart *float64 `json:"pct-start,omitempty" name:"pct-start" group:"schedule" placeholder:"0.3" help:"onecycle: share of the steps that raise the rate."`

	Level     *float64 `json:"level,omitempty" group:"inference" placeholder:"0.95" help:"Of the confidence intervals."`
	Robust    bool     `json:"robust,omitempty" group:"inference" help:"Standard errors that hold if the model is wrong (sandwich, HC0), and with class weights."`
	Profile   bool     `json:"profile,omitempty" group:"inference" help:"Profile-likelihood intervals."`
	OddsRatio bool     `json:"odds-ratio,omitempty" name:"odds-ratio" group:"inference" help:"Odds ratios, e to the power of the coefficients."`
	Tests     bool     `json:"tests,omitempty" group:"inference" help:"A likelihood-ratio test of each feature, all its coefficients together; with --robust one of Wald."`
	Strict    bool     `json:"strict,omitempty" group:"inference" help:"Exit status 3 if no estimate exists or the optimum is not certified; then no other model takes its place."`
}

var flagGroups = []kong.Group{
	{Key: "data", Title: "Data:"},
	{Key: "model", Title: "Model:"},
	{Key: "loss", Title: "Loss:"},
	{Key: "training", Title: "Training (names as in torch.optim):"},
	{Key: "schedule", Title: "Learning-rate schedule:"},
	{Key: "inference", Title: "Inference, without hidden layers:"},
	{Key: "output", Title: "Output:"},
}
