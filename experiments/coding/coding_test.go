package coding

import (
	"errors"
	"math"
	"testing"

	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/tensor"
)

func probabilities(src *random.Source, n int, sharpness float64) []float64 {
	p := make([]float64, n)
	var sum float64
	for i := range p {
		p[i] = math.Pow(-math.Log1p(-src.Float64()), sharpness)
		sum += p[i]
	}
	for i := range p {
		p[i] /= sum
	}
	return p
}

// Every message comes back, and is at most two bits longer than its surprisal,
// with a new table for every symbol.
func TestMessagesAreAsLongAsTheirSurprisal(t *testing.T) {
	for trial := range uint64(300) {
		src := random.New(trial, 0)
		n := 1 + int(trial%9)*int(trial)/4
		tables, symbols := make([]*Table, n), make([]int, n)
		var surprisal tensor.Sum
		e := NewEncoder()
		for i := range n {
			tables[i] = NewTable(probabilities(src, 1+i%7, float64(1+trial%12)))
			for {
				// Not drawn from the table: rare symbols are where coders fail.
				symbols[i] = int(src.Uint64() % uint64(tables[i].Len()))
				if tables[i].Probability(symbols[i]) > 0 {
					break
				}
			}
			surprisal.Add(-math.Log2(tables[i].Probability(symbols[i])))
			e.Encode(tables[i], symbols[i])
		}
		data, bits := e.Finish()
		if want := surprisal.Value(); float64(bits) > want+2 || float64(bits) < want-1e-6 {
			t.Fatalf("trial %d: %d symbols took %d bits, surprisal %v", trial, n, bits, want)
		}
		d := NewDecoder(data)
		for i := range n {
			if got := d.Decode(tables[i]); got != symbols[i] {
				t.Fatalf("trial %d: symbol %d is %d, want %d", trial, i, got, symbols[i])
			}
		}
	}
}

func TestCertaintyTakesNoBits(t *testing.T) {
	e := NewEncoder()
	certain := NewTable([]float64{0, 1})
	for range 1000 {
		e.Encode(certain, 1)
	}
	if data, n := e.Finish(); n != 0 || data != nil {
		t.Errorf("%d bits", n)
	}
}

func TestHuffman(t *testing.T) {
	for trial := range uint64(300) {
		p := probabilities(random.New(trial, 1), 2+int(trial%40), float64(1+trial%5))
		var entropy, length, kraft float64
		for i, l := range HuffmanLengths(p) {
			if p[i] == 0 {
				continue
			}
			entropy -= p[i] * math.Log2(p[i])
			length += p[i] * float64(l)
			kraft += math.Exp2(-float64(l))
		}
		if kraft != 1 {
			t.Fatalf("Kraft sum %v: the code is not complete", kraft)
		}
		if length < entropy-1e-12 || length >= entropy+1 {
			t.Fatalf("mean length %v for entropy %v", length, entropy)
		}
	}
	// Powers of two are coded without waste.
	for i, l := range HuffmanLengths([]float64{0.5, 0.125, 0, 0.25, 0.125}) {
		if want := []int{1, 3, 0, 2, 3}[i]; l != want {
			t.Errorf("length %d is %d, want %d", i, l, want)
		}
	}
}

func TestMisusePanics(t *testing.T) {
	table := NewTable([]float64{1, 0})
	for name, call := range map[string]func(){
		"sum":         func() { NewTable([]float64{0.5, 0.4}) },
		"negative":    func() { NewTable([]float64{1.5, -0.5}) },
		"empty":       func() { NewTable(nil) },
		"impossible":  func() { NewEncoder().Encode(table, 1) },
		"no such one": func() { NewEncoder().Encode(table, 2) },
	} {
		func() {
			defer func() {
				err, _ := recover().(error)
				if _, ok := errors.AsType[*tensor.UsageError](err); !ok {
					t.Errorf("%s: %v", name, err)
				}
			}()
			call()
		}()
	}
}

// A decoder must not fail on any bytes, only give symbols.
func FuzzDecoder(f *testing.F) {
	f.Add([]byte{0x12, 0x34}, uint8(3))
	f.Fuzz(func(t *testing.T, data []byte, n uint8) {
		table := NewTable(probabilities(random.New(uint64(n), 0), 1+int(n), 3))
		d := NewDecoder(data)
		for range 100 {
			if s := d.Decode(table); s < 0 || s >= table.Len() || table.Probability(s) == 0 {
				t.Fatalf("symbol %d", s)
			}
		}
	})
}
