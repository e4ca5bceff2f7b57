package coding_test

import (
	"fmt"

	"github.com/surprisal-ml/surprisal/experiments/coding"
)

func Example() {
	weather := coding.NewTable([]float64{0.9, 0.1}) // sun, rain
	e := coding.NewEncoder()
	days := []int{0, 0, 0, 0, 0, 1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 0, 0, 0}
	for _, day := range days {
		e.Encode(weather, day)
	}
	data, bits := e.Finish()
	fmt.Println(len(days), "days in", bits, "bits")

	d := coding.NewDecoder(data)
	for range 6 {
		fmt.Print(d.Decode(weather))
	}
	// Output:
	// 20 days in 11 bits
	// 000001
}
