package tensor

// UsageError is what a programmer's mistake panics with everywhere in this
// module: shapes that do not fit, a stale Var, a label out of range. It names
// the operation and says what was wrong with which sizes or which row.
//
// Anything that depends on data, files, numerics or time is returned as an
// error instead.
type UsageError struct {
	Op      string // the operation, as its caller wrote it: "losses.CrossEntropy"
	Problem string // what was wrong, with both shapes or the row
}

func (e *UsageError) Error() string { return e.Op + ": " + e.Problem }
