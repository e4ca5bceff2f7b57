// Package random derives random numbers from counters instead of from the
// state of a generator.
//
// A shuffle is a function of (seed, epoch), a dropout mask of (seed, layer,
// epoch, step, row). So a checkpoint stores only the counters, the same run is
// the same for any number of goroutines or shards, and no generator is shared.
package random
