package coding

import (
	"fmt"
	"math/bits"

	"github.com/surprisal-ml/surprisal/tensor"
)

// The interval [low, high] lies in [0, 2⁶²) and is kept wider than 2⁶⁰, so that
// a part of 2⁻⁴⁰ of it is some 2²⁰ wide and rounding its ends to whole numbers
// costs nothing that could be seen.
const (
	half    = 1 << 61
	quarter = 1 << 60
)

// Encoder writes a message as the binary digits of a number in [0, 1): each
// symbol narrows an interval to the part that is its own, in proportion to its
// probability, and a number in an interval of width P takes at most
// log₂(1/P) + 2 digits.
//
// The zero value is not ready: use NewEncoder.
type Encoder struct {
	low, high uint64
	pending   int // digits that are the opposite of the next one
	data      []byte
	n         int
}

// NewEncoder returns an encoder of an empty message.
func NewEncoder() *Encoder { return &Encoder{high: 2*half - 1} }

// Encode appends a symbol with the probability that t gives it. The next symbol
// may have another table, which the decoder must be able to work out from what
// it has read. It panics if the probability is 0 or there is no such symbol.
func (e *Encoder) Encode(t *Table, symbol int) {
	if symbol < 0 || symbol >= t.Len() {
		panic(&tensor.UsageError{Op: "coding.Encode", Problem: fmt.Sprintf("symbol %d of %d", symbol, t.Len())})
	}
	from, to := t.interval(symbol)
	if from == to {
		panic(&tensor.UsageError{Op: "coding.Encode", Problem: fmt.Sprintf("symbol %d has probability 0, and no code", symbol)})
	}
	narrow(&e.low, &e.high, from, to)
	for {
		digit, ok := widen(&e.low, &e.high)
		if !ok {
			return
		}
		if digit == middle {
			e.pending++
		} else {
			e.write(digit)
		}
	}
}

// Finish ends the message and returns its bits, the first in the highest place
// of the first byte, and their number. The encoder must not be used any more.
func (e *Encoder) Finish() (data []byte, n int) {
	if e.n == 0 && e.pending == 0 && e.low == 0 && e.high == 2*half-1 {
		return nil, 0
	}
	// A quarter of the whole lies within the interval; its two digits name it.
	e.pending++
	if e.low < quarter {
		e.write(0)
	} else {
		e.write(1)
	}
	return e.data, e.n
}

func (e *Encoder) write(digit int) {
	e.put(digit)
	for ; e.pending > 0; e.pending-- {
		e.put(1 - digit)
	}
}

func (e *Encoder) put(digit int) {
	if e.n%8 == 0 {
		e.data = append(e.data, 0)
	}
	e.data[e.n/8] |= byte(digit) << (7 - e.n%8)
	e.n++
}

// Decoder reads what an Encoder wrote.
type Decoder struct {
	low, high, value uint64
	data             []byte
	next             int
}

// NewDecoder returns a decoder of the bits in data.
func NewDecoder(data []byte) *Decoder {
	d := &Decoder{high: 2*half - 1, data: data}
	for range 62 {
		d.value = d.value<<1 | d.get()
	}
	return d
}

// Decode returns the next symbol. The table must be the one it was encoded with,
// and the number of symbols known: a message has no end mark.
func (d *Decoder) Decode(t *Table) int {
	// The point of [0, total) at which value lies in [low, high].
	hi, lo := bits.Mul64(d.value-d.low+1, total)
	lo, borrow := bits.Sub64(lo, 1, 0)
	point, _ := bits.Div64(hi-borrow, lo, d.high-d.low+1)
	symbol := t.symbol(point)
	from, to := t.interval(symbol)
	narrow(&d.low, &d.high, from, to)
	for {
		digit, ok := widen(&d.low, &d.high)
		if !ok {
			return symbol
		}
		switch digit {
		case 1:
			d.value -= half
		case middle:
			d.value -= quarter
		}
		d.value = d.value<<1 | d.get()
	}
}

// get returns the next bit; a message goes on with zeros.
func (d *Decoder) get() uint64 {
	i := d.next
	d.next++
	if i/8 >= len(d.data) {
		return 0
	}
	return uint64(d.data[i/8] >> (7 - i%8) & 1)
}

// narrow takes the part [from, to)/total of [low, high].
func narrow(low, high *uint64, from, to uint64) {
	width := *high - *low + 1
	*high = *low + part(width, to) - 1
	*low += part(width, from)
}

// part returns ⌊width·count/total⌋.
func part(width, count uint64) uint64 {
	hi, lo := bits.Mul64(width, count)
	quotient, _ := bits.Div64(hi, lo, total)
	return quotient
}

// middle stands for a digit that the next one decides: 01… or 10….
const middle = 2

// widen doubles the interval [low, high] if its numbers begin with the same
// digit, which it returns, or lie in the middle half.
func widen(low, high *uint64) (digit int, ok bool) {
	var shift uint64
	switch {
	case *high < half:
	case *low >= half:
		digit, shift = 1, half
	case *low >= quarter && *high < half+quarter:
		digit, shift = middle, quarter
	default:
		return 0, false
	}
	*low = (*low - shift) << 1
	*high = (*high-shift)<<1 | 1
	return digit, true
}
