package gemm

import "sync"

// mc and nc bound the block of A and of B that is packed at a time: the first
// is to stay in the second-level cache, and a kernel that runs over all its
// rows is to return to the scheduler within some tens of microseconds.
const (
	mc = 192
	nc = 1032
)

// workspace holds packed blocks.
type workspace struct {
	a [mc * kc]float64
	b [nc * kc]float64
}

var workspaces = sync.Pool{New: func() any { return new(workspace) }}
