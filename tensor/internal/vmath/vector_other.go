//go:build !amd64

package vmath

// Without assembly no variant but the portable one is ever chosen, and these
// are not called.

func detect() variant { return portable }

func vectorValue(variant, function, *float64, *float64, int)                                       {}
func vectorSlope(variant, function, *float64, *float64, *float64, int)                             {}
func vectorFamily(_ variant, _ family, y, s, z *float64, n int, alpha float64)                     {}
func vectorBCE(_ variant, loss, gradient, z, t, w *float64, n int)                                 {}
func vectorSGD(_ variant, theta, grad *float64, n int, rate, decay float64)                        {}
func vectorMomentum(_ variant, theta, buffer, grad *float64, n int, r *MomentumRates)              {}
func vectorAdam(_ variant, theta, mean, square, largest, grad *float64, n int, r *AdamRates)       {}
func vectorPlus(_ variant, dst, x *float64, n int)                                                 {}
func vectorTimes(_ variant, dst, a, b *float64, n int)                                             {}
func vectorPlusScaled(variant, *float64, *float64, int, float64)                                   {}
func vectorPlusTimes(_ variant, dst, a, b *float64, n int)                                         {}
func vectorStandardize(_ variant, dst, x, mean, scale *float64, n int)                             {}
func vectorScale(variant, *float64, *float64, int, float64)                                        {}
func vectorDivide(variant, *float64, *float64, int, float64)                                       {}
func vectorExpGap(variant, *float64, *float64, int, float64)                                       {}
func vectorSum(variant, *[16]float64, *float64, int)                                               {}
func vectorPlusRows(_ variant, dst, x *float64, rows, cols, stride int)                            {}
func vectorMax(variant, *[8]float64, *float64, int)                                                {}
func vectorIndex(variant, *float64, int, float64) int                                              { return 0 }
func vectorGaps(_ variant, state *[4][8]float64, e, z *float64, stride, cols int)                  {}
func vectorScaleColumns(_ variant, dst *float64, stride int, e *float64, cols int, by *[8]float64) {}
