package main

import (
	"fmt"

	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// Short rows are worked on 8 at a time, a lane for each: columns of 8 rows are
// turned into vectors on the way in and back on the way out. AVX2 takes 4 rows,
// in the same layout: the caller calls twice.

// rowPointers are the rows of a matrix: two pointers reach eight of them.
type rowPointers struct {
	low, high, stride, stride3 reg.Register
}

// rows takes a pointer to the first row and the distance of rows in elements.
func (t *target) rows(first, stride reg.Register) rowPointers {
	r := rowPointers{low: first, stride: GP64(), stride3: GP64(), high: GP64()}
	MOVQ(stride, r.stride)
	SHLQ(operand.U8(3), r.stride)
	LEAQ(operand.Mem{Base: r.stride, Index: r.stride, Scale: 2}, r.stride3)
	if t.wide {
		LEAQ(operand.Mem{Base: first, Index: r.stride, Scale: 4}, r.high)
	}
	return r
}

func (r rowPointers) at(i int) operand.Mem {
	m := operand.Mem{Base: r.low}
	if i >= 4 {
		m.Base = r.high
	}
	switch i & 3 {
	case 1:
		m.Index, m.Scale = r.stride, 1
	case 2:
		m.Index, m.Scale = r.stride, 2
	case 3:
		m.Index, m.Scale = r.stride3, 1
	}
	return m
}

func (r rowPointers) advance(t *target, columns int) {
	ADDQ(operand.U8(8*columns), r.low)
	if t.wide {
		ADDQ(operand.U8(8*columns), r.high)
	}
}

// loadPair returns two columns.
func (t *target) loadPair(r rowPointers) (first, second reg.Register) {
	four := func(i int) (reg.VecVirtual, reg.VecVirtual) {
		even, odd := YMM(), YMM()
		VMOVUPD(r.at(i), even.AsX())
		VMOVUPD(r.at(i+1), odd.AsX())
		VINSERTF128(operand.U8(1), r.at(i+2), even, even)
		VINSERTF128(operand.U8(1), r.at(i+3), odd, odd)
		a, b := YMM(), YMM()
		VUNPCKLPD(odd, even, a)
		VUNPCKHPD(odd, even, b)
		return a, b
	}
	a, b := four(0)
	if !t.wide {
		return a, b
	}
	c, d := four(4)
	return joined(a, c), joined(b, d)
}

func joined(low, high reg.VecVirtual) reg.Register {
	z := ZMM()
	VINSERTF64X4(operand.U8(1), high, low.AsZ(), z)
	return z
}

// loadOne returns one column.
func (t *target) loadOne(r rowPointers) reg.Register {
	four := func(i int) reg.VecVirtual {
		x, y, v := XMM(), XMM(), YMM()
		VMOVSD(r.at(i), x)
		VMOVHPD(r.at(i+1), x, x)
		VMOVSD(r.at(i+2), y)
		VMOVHPD(r.at(i+3), y, y)
		VINSERTF128(operand.U8(1), y, x.AsY(), v)
		return v
	}
	if !t.wide {
		return four(0)
	}
	return joined(four(0), four(4))
}

// storePair is the inverse of loadPair.
func (t *target) storePair(r rowPointers, first, second reg.Register) {
	for half, unpack := range []func(...operand.Op){VUNPCKLPD, VUNPCKHPD} {
		v := t.vector()
		unpack(second, first, v)
		VMOVUPD(v.AsX(), r.at(half))
		for i := 1; i < t.lanes()/2; i++ {
			if t.wide {
				VEXTRACTF64X2(operand.U8(i), v, r.at(2*i+half))
			} else {
				VEXTRACTF128(operand.U8(i), v, r.at(2*i+half))
			}
		}
	}
}

// storeOne is the inverse of loadOne.
func (t *target) storeOne(r rowPointers, column reg.Register) {
	v := column.(reg.VecVirtual)
	for i := range t.lanes() / 2 {
		x := v.AsX()
		if i > 0 {
			x = XMM()
			if t.wide {
				VEXTRACTF64X2(operand.U8(i), v, x)
			} else {
				VEXTRACTF128(operand.U8(i), v, x)
			}
		}
		VMOVSD(x, r.at(2*i))
		VMOVHPD(x, r.at(2*i+1))
	}
}

// pairs calls body for pairs of columns, and at the end once for one column if
// their number n is odd. The suffix tells its labels from others.
func pairs(suffix string, n reg.Register, body func(columns int)) {
	Label("pair" + suffix)
	CMPQ(n, operand.U8(2))
	JL(operand.LabelRef("odd" + suffix))
	body(2)
	SUBQ(operand.U8(2), n)
	JMP(operand.LabelRef("pair" + suffix))
	Label("odd" + suffix)
	TESTQ(n, n)
	JZ(operand.LabelRef("end" + suffix))
	body(1)
	Label("end" + suffix)
}

const column = 64 // bytes of a column of 8 rows

// halves calls body once with AVX-512, and for each four of 8 rows with AVX2.
func (t *target) halves(body func(suffix string, firstRow int)) {
	for i := range 8 / t.lanes() {
		body(fmt.Sprint(i), i*t.lanes())
	}
}

// pointer loads a parameter and adds to it.
func pointer(name string, elements int) reg.Register {
	p := Load(Param(name), GP64())
	if elements > 0 {
		ADDQ(operand.U32(8*elements), p)
	}
	return p
}

// rowsOf loads a parameter that points to rows and returns those from first on.
func (t *target) rowsOf(name string, first int) rowPointers {
	p, stride := Load(Param(name), GP64()), Load(Param("stride"), GP64())
	if first == 4 {
		skip := GP64()
		MOVQ(stride, skip)
		SHLQ(operand.U8(5), skip)
		ADDQ(skip, p)
	}
	return t.rows(p, stride)
}

// gaps is the softmax of 8 rows before its division: see gapColumns in package
// vmath.
func (t *target) gaps() {
	t.begin("gapColumns", "func(state *[4][8]float64, e, z *float64, stride, cols int)")
	t.halves(func(suffix string, firstRow int) {
		constants := &formula{}
		m := holding(t.register(constants.num(negativeInfinity)))
		top := holding(t.register(constants.num(0)))
		j := holding(t.register(constants.num(0)))
		e, z := pointer("e", firstRow), t.rowsOf("z", firstRow)
		pairs(suffix, Load(Param("cols"), GP64()), func(columns int) {
			v := make([]reg.Register, columns)
			if columns == 2 {
				v[0], v[1] = t.loadPair(z)
			} else {
				v[0] = t.loadOne(z)
			}
			for k, r := range v {
				f := &formula{}
				x := holding(r)
				f.store(operand.Mem{Base: e, Disp: k * column}, x)
				larger := f.compare(x, greater, m)
				f.assign(top, f.pick(larger, j, top))
				f.assign(m, f.pick(larger, x, m))
				f.assign(j, f.add(j, f.num(1)))
				t.lower(f)
			}
			ADDQ(operand.U32(columns*column), e)
			z.advance(t, columns)
		})

		f := &formula{}
		f.assign(m, f.add(m, f.sub(m, m))) // NaN, if not finite
		t.lower(f)
		sum := holding(t.register(constants.num(0)))
		lost := holding(t.register(constants.num(0)))
		j = holding(t.register(constants.num(0)))
		e = pointer("e", firstRow)
		n := Load(Param("cols"), GP64())
		Label("column" + suffix)
		f = &formula{}
		at := operand.Mem{Base: e}
		x := expGap(f, f.load(at), m)
		f.store(at, x)
		x = f.pick(f.compare(top, equal, j), f.num(0), x)
		f.accumulate(sum, lost, x)
		f.assign(j, f.add(j, f.num(1)))
		t.lower(f)
		ADDQ(operand.U8(column), e)
		DECQ(n)
		JNZ(operand.LabelRef("column" + suffix))
		state := pointer("state", firstRow)
		for i, o := range []*op{m, top, sum, lost} {
			VMOVUPD(o.reg, operand.Mem{Base: state, Disp: i * column})
		}
	})
	t.end()
}

// scaleColumns writes columns of 8 rows back to the rows, times a number each.
func (t *target) scaleColumns() {
	t.begin("scaleColumns", "func(dst *float64, stride int, e *float64, cols int, by *[8]float64)")
	t.halves(func(suffix string, firstRow int) {
		dst, e := t.rowsOf("dst", firstRow), pointer("e", firstRow)
		by := t.vector()
		VMOVUPD(operand.Mem{Base: pointer("by", firstRow)}, by)
		pairs(suffix, Load(Param("cols"), GP64()), func(columns int) {
			v := make([]reg.Register, columns)
			for k := range v {
				v[k] = t.vector()
				VMULPD(operand.Mem{Base: e, Disp: k * column}, by, v[k])
			}
			if columns == 2 {
				t.storePair(dst, v[0], v[1])
			} else {
				t.storeOne(dst, v[0])
			}
			ADDQ(operand.U32(columns*column), e)
			dst.advance(t, columns)
		})
	})
	t.end()
}
