package vmath

// The functions of this file call the assembly of one variant.

func vectorValue(v variant, f function, dst, x *float64, n int) {
	if v == avx2 {
		switch f {
		case fnExp:
			expAVX2(dst, x, n)
		case fnExpm1:
			expm1AVX2(dst, x, n)
		case fnLog:
			logAVX2(dst, x, n)
		case fnLog1p:
			log1pAVX2(dst, x, n)
		case fnErf:
			erfAVX2(dst, x, n)
		case fnSigmoid:
			sigmoidAVX2(dst, x, n)
		case fnSoftplus:
			softplusAVX2(dst, x, n)
		case fnLogSigmoid:
			logSigmoidAVX2(dst, x, n)
		case fnTanh:
			tanhAVX2(dst, x, n)
		case fnGELU:
			geluAVX2(dst, x, n)
		case fnReLU:
			reluAVX2(dst, x, n)
		case fnSiLU:
			siluAVX2(dst, x, n)
		}
		return
	}
	switch f {
	case fnExp:
		expAVX512(dst, x, n)
	case fnExpm1:
		expm1AVX512(dst, x, n)
	case fnLog:
		logAVX512(dst, x, n)
	case fnLog1p:
		log1pAVX512(dst, x, n)
	case fnErf:
		erfAVX512(dst, x, n)
	case fnSigmoid:
		sigmoidAVX512(dst, x, n)
	case fnSoftplus:
		softplusAVX512(dst, x, n)
	case fnLogSigmoid:
		logSigmoidAVX512(dst, x, n)
	case fnTanh:
		tanhAVX512(dst, x, n)
	case fnGELU:
		geluAVX512(dst, x, n)
	case fnReLU:
		reluAVX512(dst, x, n)
	case fnSiLU:
		siluAVX512(dst, x, n)
	}
}

func vectorSlope(v variant, f function, y, s, z *float64, n int) {
	if v == avx2 {
		switch f {
		case fnSigmoid:
			sigmoidSlopeAVX2(y, s, z, n)
		case fnSoftplus:
			softplusSlopeAVX2(y, s, z, n)
		case fnLogSigmoid:
			logSigmoidSlopeAVX2(y, s, z, n)
		case fnTanh:
			tanhSlopeAVX2(y, s, z, n)
		case fnGELU:
			geluSlopeAVX2(y, s, z, n)
		case fnReLU:
			reluSlopeAVX2(y, s, z, n)
		case fnSiLU:
			siluSlopeAVX2(y, s, z, n)
		}
		return
	}
	switch f {
	case fnSigmoid:
		sigmoidSlopeAVX512(y, s, z, n)
	case fnSoftplus:
		softplusSlopeAVX512(y, s, z, n)
	case fnLogSigmoid:
		logSigmoidSlopeAVX512(y, s, z, n)
	case fnTanh:
		tanhSlopeAVX512(y, s, z, n)
	case fnGELU:
		geluSlopeAVX512(y, s, z, n)
	case fnReLU:
		reluSlopeAVX512(y, s, z, n)
	case fnSiLU:
		siluSlopeAVX512(y, s, z, n)
	}
}

// vectorFamily sets y, and s unless it is nil.
func vectorFamily(v variant, f family, y, s, z *float64, n int, alpha float64) {
	switch {
	case f == fnLeakyReLU && s == nil && v == avx2:
		leakyReLUAVX2(y, z, n, alpha)
	case f == fnLeakyReLU && s == nil:
		leakyReLUAVX512(y, z, n, alpha)
	case f == fnLeakyReLU && v == avx2:
		leakyReLUSlopeAVX2(y, s, z, n, alpha)
	case f == fnLeakyReLU:
		leakyReLUSlopeAVX512(y, s, z, n, alpha)
	case s == nil && v == avx2:
		eluAVX2(y, z, n, alpha)
	case s == nil:
		eluAVX512(y, z, n, alpha)
	case v == avx2:
		eluSlopeAVX2(y, s, z, n, alpha)
	default:
		eluSlopeAVX512(y, s, z, n, alpha)
	}
}

func vectorBCE(v variant, loss, gradient, z, t, w *float64, n int) {
	switch {
	case gradient == nil && w == nil && v == avx2:
		bceAVX2(loss, z, t, n)
	case gradient == nil && w == nil:
		bceAVX512(loss, z, t, n)
	case gradient == nil && v == avx2:
		bceWeightedAVX2(loss, z, t, w, n)
	case gradient == nil:
		bceWeightedAVX512(loss, z, t, w, n)
	case w == nil && v == avx2:
		bceGradientAVX2(loss, gradient, z, t, n)
	case w == nil:
		bceGradientAVX512(loss, gradient, z, t, n)
	case v == avx2:
		bceGradientWeightedAVX2(loss, gradient, z, t, w, n)
	default:
		bceGradientWeightedAVX512(loss, gradient, z, t, w, n)
	}
}

func vectorSGD(v variant, theta, grad *float64, n int, rate, decay float64) {
	if v == avx2 {
		sgdAVX2(theta, grad, n, rate, decay)
	} else {
		sgdAVX512(theta, grad, n, rate, decay)
	}
}

func vectorMomentum(v variant, theta, buffer, grad *float64, n int, r *MomentumRates) {
	switch {
	case r.Nesterov && v == avx2:
		nesterovAVX2(theta, buffer, grad, n, r.Rate, r.Decay, r.Keep, r.Add)
	case r.Nesterov:
		nesterovAVX512(theta, buffer, grad, n, r.Rate, r.Decay, r.Keep, r.Add)
	case v == avx2:
		momentumAVX2(theta, buffer, grad, n, r.Rate, r.Decay, r.Keep, r.Add)
	default:
		momentumAVX512(theta, buffer, grad, n, r.Rate, r.Decay, r.Keep, r.Add)
	}
}

func vectorAdam(v variant, theta, mean, square, largest, grad *float64, n int, r *AdamRates) {
	switch {
	case largest != nil && v == avx2:
		amsgradAVX2(theta, mean, square, largest, grad, n, r.Shrink, r.Decay, r.KeepMean, r.AddMean, r.KeepSquare, r.AddSquare, r.Rate, r.Unbias, r.Epsilon)
	case largest != nil:
		amsgradAVX512(theta, mean, square, largest, grad, n, r.Shrink, r.Decay, r.KeepMean, r.AddMean, r.KeepSquare, r.AddSquare, r.Rate, r.Unbias, r.Epsilon)
	case v == avx2:
		adamAVX2(theta, mean, square, grad, n, r.Shrink, r.Decay, r.KeepMean, r.AddMean, r.KeepSquare, r.AddSquare, r.Rate, r.Unbias, r.Epsilon)
	default:
		adamAVX512(theta, mean, square, grad, n, r.Shrink, r.Decay, r.KeepMean, r.AddMean, r.KeepSquare, r.AddSquare, r.Rate, r.Unbias, r.Epsilon)
	}
}

func vectorPlus(v variant, dst, x *float64, n int) {
	if v == avx2 {
		plusAVX2(dst, x, n)
	} else {
		plusAVX512(dst, x, n)
	}
}

func vectorTimes(v variant, dst, a, b *float64, n int) {
	if v == avx2 {
		timesAVX2(dst, a, b, n)
	} else {
		timesAVX512(dst, a, b, n)
	}
}

func vectorPlusScaled(v variant, dst, x *float64, n int, by float64) {
	if v == avx2 {
		plusScaledAVX2(dst, x, n, by)
	} else {
		plusScaledAVX512(dst, x, n, by)
	}
}

func vectorPlusTimes(v variant, dst, a, b *float64, n int) {
	if v == avx2 {
		plusTimesAVX2(dst, a, b, n)
	} else {
		plusTimesAVX512(dst, a, b, n)
	}
}

func vectorStandardize(v variant, dst, x, mean, scale *float64, n int) {
	if v == avx2 {
		standardizeAVX2(dst, x, mean, scale, n)
	} else {
		standardizeAVX512(dst, x, mean, scale, n)
	}
}

func vectorScale(v variant, dst, x *float64, n int, by float64) {
	if v == avx2 {
		scaleAVX2(dst, x, n, by)
	} else {
		scaleAVX512(dst, x, n, by)
	}
}

func vectorDivide(v variant, dst, x *float64, n int, by float64) {
	if v == avx2 {
		divideAVX2(dst, x, n, by)
	} else {
		divideAVX512(dst, x, n, by)
	}
}

func vectorExpGap(v variant, dst, x *float64, n int, m float64) {
	if v == avx2 {
		expGapAVX2(dst, x, n, m)
	} else {
		expGapAVX512(dst, x, n, m)
	}
}

func vectorSum(v variant, lanes *[16]float64, x *float64, n int) {
	if v == avx2 {
		sumAVX2(lanes, x, n)
	} else {
		sumAVX512(lanes, x, n)
	}
}

func vectorPlusRows(v variant, dst, x *float64, rows, cols, stride int) {
	if v == avx2 {
		plusRowsAVX2(dst, x, rows, cols, stride)
	} else {
		plusRowsAVX512(dst, x, rows, cols, stride)
	}
}

func vectorMax(v variant, lanes *[8]float64, x *float64, n int) {
	if v == avx2 {
		maxAVX2(lanes, x, n)
	} else {
		maxAVX512(lanes, x, n)
	}
}

// vectorIndex returns where x is first, or a multiple of the lanes close to n.
func vectorIndex(v variant, z *float64, n int, x float64) int {
	if v == avx2 {
		return indexAVX2(z, n, x)
	}
	return indexAVX512(z, n, x)
}

// vectorGaps and vectorScaleColumns work on 8 rows.

func vectorGaps(v variant, state *[4][8]float64, e, z *float64, stride, cols int) {
	if v == avx2 {
		gapColumnsAVX2(state, e, z, stride, cols)
	} else {
		gapColumnsAVX512(state, e, z, stride, cols)
	}
}

func vectorScaleColumns(v variant, dst *float64, stride int, e *float64, cols int, by *[8]float64) {
	if v == avx2 {
		scaleColumnsAVX2(dst, stride, e, cols, by)
	} else {
		scaleColumnsAVX512(dst, stride, e, cols, by)
	}
}
