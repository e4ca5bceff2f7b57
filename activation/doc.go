// Package activation has the elementwise functions of neural networks, each
// with its first and second derivative, as row kernels that the tape's free
// functions and the fused linear layer share.
package activation
