package tensor

import "math"

// exp returns eˣ with an error below 0.53 ULP: that of math.Exp reaches 1.6 ULP
// on some machines, too much for logarithms and quotients made from it.
func exp(x float64) float64 {
	if !(math.Abs(x) < 800) {
		return math.Exp(x) // 0, +Inf or NaN
	}
	return scale(expParts(x, 0))
}

// expParts returns e^(x+lo) as f·2ᵐ, 0.98 < f < 2.01, for |x| < 1e4 and a lo
// far below 1, such as what rounding took from x.
//
// It is the table method of P. T. P. Tang, "Table-driven implementation of the
// exponential function in IEEE floating-point arithmetic" (ACM TOMS 15, 1989):
// x = (32·m + j)·(log 2)/32 + r. It needs no FMA, which not all machines have.
func expParts(x, lo float64) (f float64, m int) {
	k := math.RoundToEven(x * expPerLog2)
	r := (x - k*expLog2Hi) - (k*expLog2Lo - lo)
	t := &expTable[int(k)&31]
	return t[0] + (t[1] + t[0]*expTail(r)), int(k) >> 5
}

// expm1 returns eˣ−1 with an error below 0.7 ULP, near 0 too, and eˣ, for x ≤ 0.
func expm1(x float64) (minus1, e float64) {
	switch {
	case x > -0.125: // its Taylor series, cut after x¹¹/11!
		minus1 = x + x*x*(1./2+x*(1./6+x*(1./24+x*(1./120+x*(1./720+x*(1./5040+
			x*(1./40320+x*(1./362880+x*(1./3628800+x*(1./39916800))))))))))
		return minus1, 1 + minus1
	case x > -700:
		k := math.RoundToEven(x * expPerLog2)
		p := expTail((x - k*expLog2Hi) - k*expLog2Lo)
		t := &expTable[int(k)&31]
		s := scale(1, int(k)>>5)
		hi := s*t[0] - 1
		lost := s*t[0] - (hi + 1)
		return hi + (s*(t[1]+t[0]*p) + lost), s * (t[0] + (t[1] + t[0]*p))
	}
	e = exp(x)
	return e - 1, e
}

// expTail returns eʳ−1 for |r| ≤ (log 2)/64, by its Taylor series.
func expTail(r float64) float64 {
	return r + r*r*(1./2+r*(1./6+r*(1./24+r*(1./120+r*(1./720)))))
}

// scale returns f·2ᵐ, rounded once where it is subnormal.
func scale(f float64, m int) float64 {
	if m < -960 || m > 1000 {
		return math.Ldexp(f, m)
	}
	return f * math.Float64frombits(uint64(1023+m)<<52)
}

// 32/log 2, and (log 2)/32 in two parts: the products of the first with
// integers below 2¹⁷ are exact.
const (
	expPerLog2 = 0x1.71547652b82fep+5
	expLog2Hi  = 0x1.62e42fefap-6
	expLog2Lo  = 0x1.cf79abc9e3b3ap-45
)

// expTable has 2^(j/32), and what rounding it left out.
var expTable = [32][2]float64{
	{1, 0},
	{0x1.059b0d3158574p+0, 0x1.d73e2a475b465p-55},
	{0x1.0b5586cf9890fp+0, 0x1.8a62e4adc610bp-54},
	{0x1.11301d0125b51p+0, -0x1.6c51039449b3ap-54},
	{0x1.172b83c7d517bp+0, -0x1.19041b9d78a76p-55},
	{0x1.1d4873168b9aap+0, 0x1.e016e00a2643cp-54},
	{0x1.2387a6e756238p+0, 0x1.9b07eb6c70573p-54},
	{0x1.29e9df51fdee1p+0, 0x1.612e8afad1255p-55},
	{0x1.306fe0a31b715p+0, 0x1.6f46ad23182e4p-55},
	{0x1.371a7373aa9cbp+0, -0x1.63aeabf42eae2p-54},
	{0x1.3dea64c123422p+0, 0x1.ada0911f09ebcp-55},
	{0x1.44e086061892dp+0, 0x1.89b7a04ef80d0p-59},
	{0x1.4bfdad5362a27p+0, 0x1.d4397afec42e2p-56},
	{0x1.5342b569d4f82p+0, -0x1.07abe1db13cadp-55},
	{0x1.5ab07dd485429p+0, 0x1.6324c054647adp-54},
	{0x1.6247eb03a5585p+0, -0x1.383c17e40b497p-54},
	{0x1.6a09e667f3bcdp+0, -0x1.bdd3413b26456p-54},
	{0x1.71f75e8ec5f74p+0, -0x1.16e4786887a99p-55},
	{0x1.7a11473eb0187p+0, -0x1.41577ee04992fp-55},
	{0x1.82589994cce13p+0, -0x1.d4c1dd41532d8p-54},
	{0x1.8ace5422aa0dbp+0, 0x1.6e9f156864b27p-54},
	{0x1.93737b0cdc5e5p+0, -0x1.75fc781b57ebcp-57},
	{0x1.9c49182a3f090p+0, 0x1.c7c46b071f2bep-56},
	{0x1.a5503b23e255dp+0, -0x1.d2f6edb8d41e1p-54},
	{0x1.ae89f995ad3adp+0, 0x1.7a1cd345dcc81p-54},
	{0x1.b7f76f2fb5e47p+0, -0x1.5584f7e54ac3bp-56},
	{0x1.c199bdd85529cp+0, 0x1.11065895048ddp-55},
	{0x1.cb720dcef9069p+0, 0x1.503cbd1e949dbp-56},
	{0x1.d5818dcfba487p+0, 0x1.2ed02d75b3707p-55},
	{0x1.dfc97337b9b5fp+0, -0x1.1a5cd4f184b5cp-54},
	{0x1.ea4afa2a490dap+0, -0x1.e9c23179c2893p-54},
	{0x1.f50765b6e4540p+0, 0x1.9d3e12dd8a18bp-54},
}
