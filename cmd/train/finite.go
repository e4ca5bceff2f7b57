package main

import (
	"math"
	"reflect"
)

// checkFinite refuses numbers that are not finite, which flags can spell (nan,
// inf) and none has a use for.
func (s *settings) checkFinite() error {
	names := settingNames()
	all := reflect.ValueOf(s).Elem()
	for i := range all.NumField() {
		var values []float64
		switch v := all.Field(i).Interface().(type) {
		case float64:
			values = []float64{v}
		case *float64:
			if v != nil {
				values = []float64{*v}
			}
		case *strengthFlag:
			if v != nil {
				values = []float64{v.value}
			}
		case list[float64]:
			values = v
		}
		for _, x := range values {
			if math.IsNaN(x) || math.IsInf(x, 0) {
				return usagef("--%s %g: needs a finite number", names[i], x)
			}
		}
	}
	return nil
}
