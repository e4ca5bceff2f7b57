package metrics

import (
	"encoding/json"
	"math"
)

// Number is a value of a report. NaN means that it is not defined for the data,
// such as ROC AUC with rows of one class only, or not for the kind of target.
//
// In JSON an undefined Number is absent from its object, an infinite one is the
// string "inf" or "-inf", and others have all their digits.
type Number float64

// Defined reports whether x has a value.
func (x Number) Defined() bool { return !math.IsNaN(float64(x)) }

// IsZero reports whether x is undefined, which leaves it out of JSON.
func (x Number) IsZero() bool { return !x.Defined() }

// MarshalJSON implements json.Marshaler.
func (x Number) MarshalJSON() ([]byte, error) {
	switch {
	case !x.Defined():
		return []byte(`"nan"`), nil
	case math.IsInf(float64(x), 1):
		return []byte(`"inf"`), nil
	case math.IsInf(float64(x), -1):
		return []byte(`"-inf"`), nil
	}
	return json.Marshal(float64(x))
}
