package vmath

// Scale sets dst[j] = a·x[j].
func Scale(dst, x []float64, a float64) { scaleBy(best, dst, x, a) }

// Divide sets dst[j] = x[j]/a.
func Divide(dst, x []float64, a float64) { divideBy(best, dst, x, a) }

// Plus sets dst[j] = dst[j] + x[j].
func Plus(dst, x []float64) { plus(best, dst, x) }

// PlusScaled sets dst[j] = dst[j] + a·x[j]. The product is rounded, here and in
// PlusTimes.
func PlusScaled(dst, x []float64, a float64) { plusScaled(best, dst, x, a) }

// Times sets dst[j] = a[j]·b[j].
func Times(dst, a, b []float64) { times(best, dst, a, b) }

// PlusTimes sets dst[j] = dst[j] + a[j]·b[j].
func PlusTimes(dst, a, b []float64) { plusTimes(best, dst, a, b) }

// Standardize sets dst[j] = (x[j] − mean[j])/scale[j].
func Standardize(dst, x, mean, scale []float64) { standardize(best, dst, x, mean, scale) }

// short is below how many elements a call into assembly costs more than it saves.
const short = 8

func plus(v variant, dst, x []float64) {
	dst = dst[:len(x)]
	if v == portable || len(x) < short {
		for j, t := range x {
			dst[j] += t
		}
		return
	}
	for len(x) > 0 {
		n := min(len(x), chunk)
		vectorPlus(v, &dst[0], &x[0], n)
		dst, x = dst[n:], x[n:]
	}
}

func times(v variant, dst, a, b []float64) {
	dst, a = dst[:len(b)], a[:len(b)]
	if v == portable || len(b) < short {
		for j, t := range b {
			dst[j] = a[j] * t
		}
		return
	}
	for len(b) > 0 {
		n := min(len(b), chunk)
		vectorTimes(v, &dst[0], &a[0], &b[0], n)
		dst, a, b = dst[n:], a[n:], b[n:]
	}
}

func scaleBy(v variant, dst, x []float64, a float64) {
	dst = dst[:len(x)]
	if v == portable || len(x) < short {
		for j, t := range x {
			dst[j] = a * t
		}
		return
	}
	for len(x) > 0 {
		n := min(len(x), chunk)
		vectorScale(v, &dst[0], &x[0], n, a)
		dst, x = dst[n:], x[n:]
	}
}

func divideBy(v variant, dst, x []float64, a float64) {
	dst = dst[:len(x)]
	if v == portable || len(x) < short {
		for j, t := range x {
			dst[j] = t / a
		}
		return
	}
	for len(x) > 0 {
		n := min(len(x), chunk)
		vectorDivide(v, &dst[0], &x[0], n, a)
		dst, x = dst[n:], x[n:]
	}
}

func plusScaled(v variant, dst, x []float64, a float64) {
	dst = dst[:len(x)]
	if v == portable || len(x) < short {
		for j, t := range x {
			dst[j] += float64(a * t)
		}
		return
	}
	for len(x) > 0 {
		n := min(len(x), chunk)
		vectorPlusScaled(v, &dst[0], &x[0], n, a)
		dst, x = dst[n:], x[n:]
	}
}

func plusTimes(v variant, dst, a, b []float64) {
	dst, a = dst[:len(b)], a[:len(b)]
	if v == portable || len(b) < short {
		for j, t := range b {
			dst[j] += float64(a[j] * t)
		}
		return
	}
	for len(b) > 0 {
		n := min(len(b), chunk)
		vectorPlusTimes(v, &dst[0], &a[0], &b[0], n)
		dst, a, b = dst[n:], a[n:], b[n:]
	}
}

func standardize(v variant, dst, x, mean, scale []float64) {
	dst, mean, scale = dst[:len(x)], mean[:len(x)], scale[:len(x)]
	if v == portable || len(x) < short {
		for j, t := range x {
			dst[j] = (t - mean[j]) / scale[j]
		}
		return
	}
	for len(x) > 0 {
		n := min(len(x), chunk)
		vectorStandardize(v, &dst[0], &x[0], &mean[0], &scale[0], n)
		dst, x, mean, scale = dst[n:], x[n:], mean[n:], scale[n:]
	}
}
