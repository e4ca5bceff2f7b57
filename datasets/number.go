package datasets

import (
	"bytes"
	"strconv"
)

// pow10 are the powers of ten that float64 holds exactly.
var pow10 = [...]float64{
	1e0, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10, 1e11,
	1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18, 1e19, 1e20, 1e21, 1e22,
}

const (
	maxExactMantissa = 1 << 53 // integers up to here are exact in float64
	maxSafeDigits    = 19      // digits that cannot overflow uint64
	maxPlainDigits   = 40      // digits that are surely no more than largest
)

// plainNumber reads a cell of the usual form at text[i:]: sign, digits, point,
// digits, ended by the separator or the line break. For other cells ok is false.
// end is the index of the terminator. The text must end with a line break.
func plainNumber(text []byte, i int, d dialect) (v float64, end int, ok bool) {
	begin := i
	negative := text[i] == '-'
	if negative {
		i++
	}
	start := i
	var m uint64
	for text[i]-'0' <= 9 {
		m = m*10 + uint64(text[i]-'0')
		i++
	}
	digits, places := i-start, 0
	if text[i] == d.decimal {
		i++
		start = i
		for text[i]-'0' <= 9 {
			m = m*10 + uint64(text[i]-'0')
			i++
		}
		places = i - start
		digits += places
	}
	end = i
	if text[i] == '\r' && text[i+1] == '\n' {
		end = i + 1
	}
	if text[end] != d.separator && text[end] != '\n' || digits == 0 {
		return 0, end, false
	}
	if v, ok := exactly(m, digits, places, negative); ok {
		return v, end, true
	}
	if digits > maxPlainDigits || d.decimal != '.' {
		return 0, end, false
	}
	v, err := strconv.ParseFloat(string(text[begin:i]), 64)
	return v, end, err == nil
}

// exactly returns ±m/10^places if both are exact in float64, so that the
// division rounds correctly (Clinger, "How to read floating point numbers
// accurately", PLDI 1990). With too many digits m has overflowed.
func exactly(m uint64, digits, places int, negative bool) (float64, bool) {
	if digits > maxSafeDigits || m > maxExactMantissa {
		return 0, false
	}
	v := float64(m)
	if places > 0 {
		v /= pow10[places]
	}
	if negative {
		v = -v
	}
	return v, true
}

// parseNumber reads a whole cell as a decimal number with optional exponent,
// correctly rounded, or as a word for infinity. A number beyond float64 is
// infinite. Other notations that Go knows (hexadecimal, underscores) are not
// numbers here.
func parseNumber(cell []byte, decimal byte) (v float64, ok bool) {
	i, n := 0, len(cell)
	if i < n && (cell[i] == '-' || cell[i] == '+') {
		i++
	}
	var m uint64
	digits, places, point := 0, 0, -1
	for ; i < n; i++ {
		if c := cell[i]; c-'0' <= 9 {
			m = m*10 + uint64(c-'0')
			digits++
		} else if c == decimal && point < 0 {
			point, places = i, -digits
		} else {
			break
		}
	}
	if point >= 0 {
		places += digits
	}
	if digits == 0 {
		return infinity(cell)
	}
	if i == n {
		if v, ok := exactly(m, digits, places, cell[0] == '-'); ok {
			return v, true
		}
	} else if cell[i]|0x20 == 'e' {
		i++
		if i < n && (cell[i] == '-' || cell[i] == '+') {
			i++
		}
		start := i
		for i < n && cell[i]-'0' <= 9 {
			i++
		}
		if i == start {
			return 0, false
		}
	}
	if i < n {
		return 0, false
	}
	if point >= 0 && decimal != '.' {
		var room [64]byte
		cell = append(room[:0], cell...)
		cell[point] = '.'
	}
	// The grammar is checked, so the only error left is the range, and then
	// the value is the infinity wanted.
	v, _ = strconv.ParseFloat(string(cell), 64)
	return v, true
}

func infinity(cell []byte) (float64, bool) {
	switch s := string(bytes.ToLower(cell)); s {
	case "inf", "+inf", "-inf", "infinity", "+infinity", "-infinity":
		v, err := strconv.ParseFloat(s, 64)
		return v, err == nil
	}
	return 0, false
}

// isMissing reports whether a cell stands for a value that is not there.
func isMissing(cell []byte) bool {
	switch string(cell) {
	case "", "NA", "N/A", "n/a", "NaN", "nan", "null", "NULL", "?", ".":
		return true
	}
	return false
}
