package tensor

import "github.com/surprisal-ml/surprisal/tensor/internal/crew"

// Job is work in parts that do not depend on each other.
type Job interface {
	// Part does part i, possibly while other goroutines do other parts.
	Part(i int)
}

// Parallel does parts 0 to parts−1 of job, in any order, on at most GOMAXPROCS
// goroutines: the caller's and, as far as they are idle, helpers that stay parked
// between calls and that all callers share. It returns when all parts are done,
// panics with what a part panics with, and ends its goroutine if a part calls
// [runtime.Goexit]. It allocates nothing. A part may call it, too.
//
// To wake a helper takes some tens of microseconds, so a job of less than about
// a hundred does not pay. A part of some ten microseconds is long enough. For the
// same result whatever the number of processors, make the size of the parts
// depend on the problem alone, and add up what they find in their order
// ([Sum.AddSum]).
func Parallel(job Job, parts int) { crew.Run(job, parts) }
