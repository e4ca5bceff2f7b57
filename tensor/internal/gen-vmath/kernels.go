package main

import (
	"fmt"
	"slices"
	"strings"

	"github.com/mmcloughlin/avo/attr"
	. "github.com/mmcloughlin/avo/build"
	"github.com/mmcloughlin/avo/operand"
	"github.com/mmcloughlin/avo/reg"
)

// kernel applies a formula to each element of some slices.
type kernel struct {
	name    string
	outs    string // names of the slices written
	ins     string // and read; a name may be among both
	params  string // names of numbers
	formula func(f *formula, in, param []*op) []*op
}

func unary(name string, y func(*formula, *op) *op) kernel {
	return kernel{name, "dst", "src", "", func(f *formula, in, _ []*op) []*op { return []*op{y(f, in[0])} }}
}

// sloped is a kernel for a value alone, and one for a value and its derivative.
func sloped(name string, both func(*formula, *op, bool) (y, s *op)) []kernel {
	return []kernel{
		unary(name, func(f *formula, x *op) *op {
			y, _ := both(f, x, false)
			return y
		}),
		{name + "Slope", "dst slope", "src", "", func(f *formula, in, _ []*op) []*op {
			y, s := both(f, in[0], true)
			return []*op{y, s}
		}},
	}
}

// families is what sloped is, for a function with a parameter.
func families(name string, both func(f *formula, x, alpha *op, slope bool) (y, s *op)) []kernel {
	list := sloped(name, nil)
	for i, slope := range []bool{false, true} {
		list[i].params = "alpha"
		list[i].formula = func(f *formula, in, param []*op) []*op {
			y, s := both(f, in[0], param[0], slope)
			if slope {
				return []*op{y, s}
			}
			return []*op{y}
		}
	}
	return list
}

func kernels() []kernel {
	list := []kernel{
		unary("exp", exp),
		unary("expm1", expm1),
		unary("log", logarithm),
		unary("log1p", log1p),
		unary("erf", erf),
	}
	list = append(list, sloped("sigmoid", sigmoid)...)
	list = append(list, sloped("softplus", softplus)...)
	list = append(list, sloped("logSigmoid", logSigmoid)...)
	list = append(list, sloped("tanh", tanh)...)
	list = append(list, sloped("gelu", gelu)...)
	list = append(list, sloped("relu", relu)...)
	list = append(list, sloped("silu", silu)...)
	list = append(list, families("leakyReLU", leakyReLU)...)
	list = append(list, families("elu", elu)...)
	list = append(list, bceKernels()...)
	list = append(list, updateKernels()...)
	return append(list,
		kernel{"expGap", "dst", "src", "m", func(f *formula, in, param []*op) []*op {
			return []*op{expGap(f, in[0], param[0])}
		}},
		kernel{"plus", "dst", "dst src", "", func(f *formula, in, _ []*op) []*op { return []*op{f.add(in[0], in[1])} }},
		kernel{"times", "dst", "a b", "", func(f *formula, in, _ []*op) []*op { return []*op{f.mul(in[0], in[1])} }},
		kernel{"plusScaled", "dst", "dst src", "by", func(f *formula, in, param []*op) []*op {
			return []*op{f.add(in[0], f.mul(in[1], param[0]))}
		}},
		kernel{"plusTimes", "dst", "dst a b", "", func(f *formula, in, _ []*op) []*op {
			return []*op{f.add(in[0], f.mul(in[1], in[2]))}
		}},
		kernel{"standardize", "dst", "src mean scale", "", func(f *formula, in, _ []*op) []*op {
			return []*op{f.div(f.sub(in[0], in[1]), in[2])}
		}},
		kernel{"scale", "dst", "src", "by", func(f *formula, in, param []*op) []*op {
			return []*op{f.mul(in[0], param[0])}
		}},
		kernel{"divide", "dst", "src", "by", func(f *formula, in, param []*op) []*op {
			return []*op{f.div(in[0], param[0])}
		}},
	)
}

func (t *target) kernel(k kernel) {
	ins, outs, params := strings.Fields(k.ins), strings.Fields(k.outs), strings.Fields(k.params)
	names := slices.Clone(outs)
	for _, name := range ins {
		if !slices.Contains(outs, name) {
			names = append(names, name)
		}
	}
	signature := fmt.Sprintf("func(%s *float64, n int", strings.Join(names, ", "))
	for _, p := range params {
		signature += ", " + p + " float64"
	}
	t.begin(k.name, signature+")")
	pointers := map[string]reg.Register{}
	for _, name := range names {
		pointers[name] = Load(Param(name), GP64())
	}
	n := Load(Param("n"), GP64())
	var param []*op
	for _, p := range params {
		param = append(param, holding(t.parameter(p)))
	}
	t.loop(n, t.turns(), func(at ...func(reg.Register) operand.Mem) {
		list := make([]*formula, len(at))
		for i, at := range at {
			f := &formula{}
			var in []*op
			for _, name := range ins {
				in = append(in, f.load(at(pointers[name])))
			}
			for i, y := range k.formula(f, in, param) {
				f.store(at(pointers[outs[i]]), y)
			}
			list[i] = f
		}
		t.lower(list...)
	})
	t.end()
}

// turns is how many vectors are worked on at a time: what the registers allow.
func (t *target) turns() int {
	if t.wide {
		return 2
	}
	return 1
}

func (t *target) begin(name, signature string) {
	TEXT(name+t.name, attr.NOSPLIT, signature)
	Pragma("noescape")
}

func (t *target) end() {
	VZEROUPPER()
	RET()
}

// parameter broadcasts a parameter to all lanes.
func (t *target) parameter(name string) reg.Register {
	component, err := Param(name).Resolve()
	if err != nil {
		panic(err)
	}
	r := t.vector()
	VBROADCASTSD(component.Addr, r)
	return r
}

// loop calls body for some vectors of n elements at a time, for each of the full
// vectors left, and, with a mask, for the rest. An argument of body returns the
// elements of an array that a vector is about.
func (t *target) loop(n reg.Register, turns int, body func(at ...func(reg.Register) operand.Mem)) {
	i, full := GP64(), GP64()
	XORQ(i, i)
	var at []func(reg.Register) operand.Mem
	for k := range turns {
		at = append(at, func(p reg.Register) operand.Mem {
			return operand.Mem{Base: p, Index: i, Scale: 8, Disp: 8 * k * t.lanes()}
		})
	}
	if turns > 1 {
		MOVQ(n, full)
		ANDQ(operand.I32(-turns*t.lanes()), full)
		Label("some")
		CMPQ(i, full)
		JGE(operand.LabelRef("few"))
		body(at...)
		ADDQ(operand.U8(turns*t.lanes()), i)
		JMP(operand.LabelRef("some"))
		Label("few")
	}
	MOVQ(n, full)
	ANDQ(operand.I32(-t.lanes()), full)
	Label("next")
	CMPQ(i, full)
	JGE(operand.LabelRef("rest"))
	body(at[0])
	ADDQ(operand.U8(t.lanes()), i)
	JMP(operand.LabelRef("next"))
	Label("rest")
	SUBQ(full, n)
	JZ(operand.LabelRef("done"))
	t.mask = t.lanesBelow(n, 0)
	body(at[0])
	t.mask = nil
	Label("done")
}

// lanesBelow returns a mask of those lanes i of a vector with from + i < n, for
// n below 8.
func (t *target) lanesBelow(n reg.Register, from int) reg.Register {
	p := GP64()
	if t.wide {
		MOVQ(operand.I32(-1), p)
		BZHIQ(n, p, p)
		k := K()
		KMOVB(p.As32(), k)
		return k
	}
	table := t.lanesTable()
	LEAQ(table.Offset(64+8*from), p)
	shift := GP64()
	MOVQ(n, shift)
	NEGQ(shift)
	mask := YMM()
	VMOVUPD(operand.Mem{Base: p, Index: shift, Scale: 8}, mask)
	return mask
}

// lanesTable returns where 8 words of ones are, with 8 words of zeros behind.
func (t *target) lanesTable() operand.Mem {
	if t.table.Symbol.Name == "" {
		t.table = GLOBL("lanes", attr.RODATA|attr.NOPTR)
		for i := range 16 {
			var v uint64
			if i < 8 {
				v = 1<<64 - 1
			}
			DATA(8*i, operand.U64(v))
		}
	}
	return t.table
}
