package main

import "runtime/debug"

// boundGarbage keeps garbage below a fifth of the memory in use where most of it
// is one large matrix of the given size. The runtime's default is as much garbage
// as memory in use: twice the matrix. Collecting more often costs nothing, for the
// matrix has no pointers to follow.
func boundGarbage(rows, columns int) {
	const large = 32 << 20 / 8
	if rows*columns > large {
		debug.SetGCPercent(20)
	}
}
