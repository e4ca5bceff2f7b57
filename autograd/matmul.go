package autograd

import (
	"fmt"

	"gonum.org/v1/gonum/blas"

	"github.com/surprisal-ml/surprisal/tensor"
)

// MatMul returns the matrix product a·b.
func MatMul(a, b Var) Var {
	ar, ac := a.Dims()
	br, bc := b.Dims()
	if ac != br {
		panic(&tensor.UsageError{Op: "autograd.MatMul", Problem: fmt.Sprintf("%d×%d by %d×%d", ar, ac, br, bc)})
	}
	return Record(matMul{}, ar, bc, a, b)
}

// gemm is a matrix product on as many processors as the tape may use.
func (n *Node) gemm(transA, transB blas.Transpose, alpha float64, a, b tensor.Matrix, beta float64, c tensor.Matrix) {
	if n.tape.Serial {
		tensor.Gemm(transA, transB, alpha, a, b, beta, c)
	} else {
		tensor.ParallelGemm(transA, transB, alpha, a, b, beta, c)
	}
}

type matMul struct{}

func (matMul) Forward(n *Node) {
	n.gemm(tensor.N, tensor.N, 1, n.In(0).RawMatrix(), n.In(1).RawMatrix(), 0, n.Value().RawMatrix())
}

func (matMul) Backward(n *Node) {
	if n.Needs(0) { // Ā += Ȳ·Bᵀ
		da, beta := n.GradIn(0)
		n.gemm(tensor.N, tensor.T, 1, n.Grad().RawMatrix(), n.In(1).RawMatrix(), beta, da.RawMatrix())
	}
	if n.Needs(1) { // B̄ += Aᵀ·Ȳ
		db, beta := n.GradIn(1)
		n.gemm(tensor.T, tensor.N, 1, n.In(0).RawMatrix(), n.Grad().RawMatrix(), beta, db.RawMatrix())
	}
}

func (matMul) Tangent(n *Node) { productTangent(n.Dot().RawMatrix(), n) }

func (matMul) BackwardTangent(n *Node) {
	var dd tensor.Matrix
	if g := n.GradDot(); g != nil {
		dd = g.RawMatrix()
	}
	productGradTangent(n, n.Grad().RawMatrix(), dd)
}

// productTangent sets ż = Ȧ·B + A·Ḃ for the product of inputs 0 and 1.
func productTangent(z tensor.Matrix, n *Node) {
	beta := 0.0
	if b := n.DotIn(1); b != nil {
		n.gemm(tensor.N, tensor.N, 1, n.In(0).RawMatrix(), b.RawMatrix(), 0, z)
		beta = 1
	}
	if a := n.DotIn(0); a != nil {
		in, out := n.In(1).Dims()
		for k := range n.Directions() {
			n.gemm(tensor.N, tensor.N, 1, tensor.Columns(a.RawMatrix(), k*in, in), n.In(1).RawMatrix(), beta, tensor.Columns(z, k*out, out))
		}
		beta = 1
	}
	if beta == 0 {
		tensor.Fill(z, 0)
	}
}

// productGradTangent hands on the tangents of the gradients of a product,
// Ȳ·Bᵀ and Aᵀ·Ȳ, where d is Ȳ and dd its tangents, if any.
func productGradTangent(n *Node, d, dd tensor.Matrix) {
	in, out := n.In(1).Dims()
	a, b := n.DotIn(0), n.DotIn(1)
	if n.Needs(0) && (b != nil || dd.Data != nil) {
		da, beta := n.GradDotIn(0)
		for k := range n.Directions() {
			dak, beta := tensor.Columns(da.RawMatrix(), k*in, in), beta
			if dd.Data != nil {
				n.gemm(tensor.N, tensor.T, 1, tensor.Columns(dd, k*out, out), n.In(1).RawMatrix(), beta, dak)
				beta = 1
			}
			if b != nil {
				n.gemm(tensor.N, tensor.T, 1, d, tensor.Columns(b.RawMatrix(), k*out, out), beta, dak)
			}
		}
	}
	if n.Needs(1) && (a != nil || dd.Data != nil) {
		db, beta := n.GradDotIn(1)
		if dd.Data != nil {
			n.gemm(tensor.T, tensor.N, 1, n.In(0).RawMatrix(), dd, beta, db.RawMatrix())
			beta = 1
		}
		if a != nil {
			for k := range n.Directions() {
				n.gemm(tensor.T, tensor.N, 1, tensor.Columns(a.RawMatrix(), k*in, in), d, beta, tensor.Columns(db.RawMatrix(), k*out, out))
			}
		}
	}
}
