// Package tensor has the kernels that everything heavy goes through: products
// of dense float64 matrices, sums, and elementwise functions that stay accurate
// in the tails.
//
// Functions do not allocate, and stay on the goroutine of their caller, except
// [Parallel], [ParallelGemm], [ParallelGram] and the steps of optimisers on long
// vectors; the same input gives the same bits for any GOMAXPROCS. Matrices are
// gonum's: row-major, with a stride, so a block of columns of a matrix is a
// matrix ([Columns]) that shares its memory.
package tensor
