package random

import (
	"fmt"
	"math"
	"math/rand/v2"
	"testing"
)

func Example() {
	// The order of 5 rows in epoch 3 of the run with seed 42.
	const shuffle = 1
	r := rand.New(New(42, shuffle, 3))
	fmt.Println(r.Perm(5))
	// The same place gives the same order.
	fmt.Println(rand.New(New(42, shuffle, 3)).Perm(5))
	// Output:
	// [4 2 3 0 1]
	// [4 2 3 0 1]
}

// Known answers of Random123 1.14 (kat_vectors, philox 4x64 10).
func TestPhiloxKnownAnswers(t *testing.T) {
	all := ^uint64(0)
	for _, c := range []struct {
		counter [4]uint64
		key     [2]uint64
		want    [4]uint64
	}{
		{[4]uint64{}, [2]uint64{}, [4]uint64{0x16554d9eca36314c, 0xdb20fe9d672d0fdc, 0xd7e772cee186176b, 0x7e68b68aec7ba23b}},
		{[4]uint64{all, all, all, all}, [2]uint64{all, all}, [4]uint64{0x87b092c3013fe90b, 0x438c3c67be8d0224, 0x9cc7d7c69cd777b6, 0xa09caebf594f0ba0}},
		{
			[4]uint64{0x243f6a8885a308d3, 0x13198a2e03707344, 0xa4093822299f31d0, 0x082efa98ec4e6c89},
			[2]uint64{0x452821e638d01377, 0xbe5466cf34e90c6c},
			[4]uint64{0xa528f45403e61d95, 0x38c72dbd566e9788, 0xa5a1610e72fd18b5, 0x57bd43b5e52b7fe6},
		},
	} {
		if got := philox(c.counter, c.key); got != c.want {
			t.Errorf("philox(%x, %x) = %x, want %x", c.counter, c.key, got, c.want)
		}
	}
}

func TestDistribution(t *testing.T) {
	const n = 200000
	s := New(1, 2, 3)
	var sum, sum2, norm, norm2 float64
	for range n {
		u := s.Float64()
		if u < 0 || u >= 1 {
			t.Fatalf("Float64() = %g", u)
		}
		sum, sum2 = sum+u, sum2+u*u
		z := s.Norm()
		norm, norm2 = norm+z, norm2+z*z
	}
	// Five standard errors each.
	for _, c := range []struct {
		what            string
		got, want, stde float64
	}{
		{"mean of Float64", sum / n, 0.5, math.Sqrt(1.0 / 12 / n)},
		{"second moment of Float64", sum2 / n, 1.0 / 3, math.Sqrt(4.0 / 45 / n)},
		{"mean of Norm", norm / n, 0, math.Sqrt(1.0 / n)},
		{"second moment of Norm", norm2 / n, 1, math.Sqrt(2.0 / n)},
	} {
		if math.Abs(c.got-c.want) > 5*c.stde {
			t.Errorf("%s = %g, want %g ± %g", c.what, c.got, c.want, 5*c.stde)
		}
	}
}

func TestResetDoesNotAllocate(t *testing.T) {
	s := New(0, 0)
	if a := testing.AllocsPerRun(100, func() { s.Reset(1, 2, 3, 4, 5); s.Uint64() }); a != 0 {
		t.Errorf("%v allocations", a)
	}
	s.Reset(1, 2, 3)
	if got, want := s.Uint64(), New(1, 2, 3).Uint64(); got != want {
		t.Errorf("after Reset %x, New %x", got, want)
	}
}
