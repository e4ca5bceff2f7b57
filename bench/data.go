package main

import (
	"bufio"
	"fmt"
	"math"
	"os"
	"strconv"

	"gonum.org/v1/gonum/mat"
)

// Streams of numbers of a task.
const (
	features = iota
	labels
	weights // of layer k: weights+k
)

// uniform returns number i of a stream, in [0, 1): the finaliser of SplitMix64
// (Steele, Lea & Flood 2014) on a counter. peers.py has the same formula, so
// that no data need to be sent, and every number is the same on both sides.
func uniform(stream, i int) float64 {
	z := (uint64(stream)<<40 + uint64(i) + 1) * 0x9e3779b97f4a7c15
	z = (z ^ z>>30) * 0xbf58476d1ce4e5b9
	z = (z ^ z>>27) * 0x94d049bb133111eb
	return float64((z^z>>31)>>11) * 0x1p-53
}

// number returns number i of a stream, of mean 0 and variance 1.
func number(stream, i int) float64 {
	return (uniform(stream, i) - 0.5) * math.Sqrt(12)
}

// matrix returns a matrix of scale times the numbers of a stream.
func matrix(stream, rows, cols int, scale float64) *mat.Dense {
	data := make([]float64, rows*cols)
	for i := range data {
		data[i] = scale * number(stream, i)
	}
	return mat.NewDense(rows, cols, data)
}

// classes returns n class labels below k.
func classes(n, k int) []int {
	y := make([]int, n)
	for i := range y {
		y[i] = int(uniform(labels, i) * float64(k))
	}
	return y
}

// yesNo returns n×1 targets, 0 or 1.
func yesNo(n int) *mat.Dense {
	y := mat.NewDense(n, 1, nil)
	for i, c := range classes(n, 2) {
		y.Set(i, 0, float64(c))
	}
	return y
}

// writeCSV writes a file of numbers with six decimals, and a column y of
// classes.
func writeCSV(path string, rows, cols int) (err error) {
	f, err := os.Create(path)
	if err != nil {
		return err
	}
	defer func() {
		if e := f.Close(); err == nil {
			err = e
		}
	}()
	w := bufio.NewWriterSize(f, 1<<20)
	for j := range cols {
		fmt.Fprintf(w, "x%d,", j)
	}
	fmt.Fprintln(w, "y")
	var cell []byte
	for i := range rows {
		for j := range cols {
			cell = strconv.AppendFloat(cell[:0], number(features, i*cols+j), 'f', 6, 64)
			w.Write(append(cell, ','))
		}
		fmt.Fprintln(w, int(2*uniform(labels, i)))
	}
	return w.Flush()
}
