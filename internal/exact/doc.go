// Package exact answers questions about float64 matrices that rounding must not
// decide: their rank, which columns depend on others, solutions of their
// linear systems, and signs of their products. Every float64 is taken as the
// rational number that it is.
//
// Rank and pivots are found modulo a prime of 61 bits ([Echelon]). Independent
// modulo the prime is independent; that dependent rows or columns really are is
// for the caller to verify with an exact vector. Systems are solved by lifting
// a solution modulo the prime to one modulo its powers ([Solve]); what is
// returned has been verified.
package exact
