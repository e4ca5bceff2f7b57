package optim

import (
	"encoding/binary"
	"encoding/json"
	"fmt"
	"math"
	"slices"
)

// State is all that a method remembers between steps. It is plain data: saved
// and given back by [Optimizer.Restore], it continues training bit for bit.
type State struct {
	Step    int      `json:"step"`    // steps done
	Moments []Moment `json:"moments"` // in the method's order
}

// Moment is a named vector in the layout of the parameters, such as Adam's
// running mean of the gradients, "exp_avg". One without values has not begun:
// SGD's "momentum_buffer" before the first step with momentum.
//
// In JSON the values are the base64 text of their little-endian IEEE 754 bits,
// so that NaN, infinities and the sign of zero survive as well.
type Moment struct {
	Name   string
	Values []float64
}

// newState returns the state of step 0 with a zero moment of n values for each
// name.
func newState(n int, names ...string) State {
	s := State{Moments: make([]Moment, len(names))}
	for i, name := range names {
		s.Moments[i] = Moment{Name: name, Values: make([]float64, n)}
	}
	return s
}

// Clone returns a copy that shares no memory with s.
func (s State) Clone() State {
	s.Moments = slices.Clone(s.Moments)
	for i := range s.Moments {
		s.Moments[i].Values = slices.Clone(s.Moments[i].Values)
	}
	return s
}

// fits reports how s differs from what a method begins with, want, for n
// parameters. A moment that may not have begun in want may have in s.
func (s State) fits(want State, n int) error {
	if s.Step < 0 {
		return fmt.Errorf("its step count is %d", s.Step)
	}
	if len(s.Moments) != len(want.Moments) {
		return fmt.Errorf("it has the moments %q instead of %q", names(s), names(want))
	}
	for i, m := range s.Moments {
		w := want.Moments[i]
		switch {
		case m.Name != w.Name:
			return fmt.Errorf("it has the moments %q instead of %q", names(s), names(want))
		case len(m.Values) == n, len(m.Values) == len(w.Values):
		default:
			return fmt.Errorf("its %s has %d entries for %d parameters", m.Name, len(m.Values), n)
		}
	}
	return nil
}

func names(s State) []string {
	list := make([]string, len(s.Moments))
	for i, m := range s.Moments {
		list[i] = m.Name
	}
	return list
}

// momentText is a Moment as JSON has it; encoding/json writes bytes as base64.
type momentText struct {
	Name   string `json:"name"`
	Values []byte `json:"values"`
}

// MarshalJSON implements [json.Marshaler].
func (m Moment) MarshalJSON() ([]byte, error) {
	b := make([]byte, 0, 8*len(m.Values))
	for _, v := range m.Values {
		b = binary.LittleEndian.AppendUint64(b, math.Float64bits(v))
	}
	return json.Marshal(momentText{m.Name, b})
}

// UnmarshalJSON implements [json.Unmarshaler].
func (m *Moment) UnmarshalJSON(text []byte) error {
	var t momentText
	if err := json.Unmarshal(text, &t); err != nil {
		return fmt.Errorf("optim: a moment of the optimiser state cannot be read: %w", err)
	}
	if len(t.Values)%8 != 0 {
		return fmt.Errorf("optim: the optimiser state is damaged: the values of %q take %d bytes, no multiple of 8",
			t.Name, len(t.Values))
	}
	m.Name, m.Values = t.Name, nil
	if len(t.Values) > 0 {
		m.Values = make([]float64, len(t.Values)/8)
	}
	for i := range m.Values {
		m.Values[i] = math.Float64frombits(binary.LittleEndian.Uint64(t.Values[8*i:]))
	}
	return nil
}
