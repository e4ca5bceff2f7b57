package activation

// Func is a differentiable function of one variable, applied to every element:
// y = f(z). Its methods are row kernels; all slices of a call have the same
// length. It is stateless: a value may be used by several layers and goroutines.
type Func interface {
	// Name is the name in model files, with its constants: "leaky_relu(0.01)".
	Name() string
	// Value sets y = f(z). y may be z.
	Value(y, z []float64)
	// ValueSlope sets y = f(z), to the same bits as Value, and s = f′(z) in one
	// pass. y may be z.
	ValueSlope(y, s, z []float64)
	// Curvature sets c = f″(z). c may be z.
	Curvature(c, z []float64)
}
