// Package activation has the elementwise functions of neural networks, each
// with its first and second derivative, as row kernels that the tape's free
// functions and the fused linear layer share.
//
// Values are accurate to 2 ULP (those of GELU to 4) and slopes to 4 (GELU: 5)
// over the whole range of float64, subnormal results included; only next to a zero
// of a slope or a curvature, where two terms cancel, the error is relative to the
// terms. Infinite arguments give the limits and NaN gives NaN. Value and ValueSlope
// give the same bits, so a model's output is the same in training and evaluation.
//
// Constants that are zero stand for their defaults, those of PyTorch.
package activation
