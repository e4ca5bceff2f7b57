package datasets_test

import (
	"fmt"
	"strings"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
)

func Example() {
	const table = `age;income;city;bought
41;2,5;Bern;yes
29;1,75;Lyon;no
53;4,0;Bern;yes
`
	d, err := datasets.Read(strings.NewReader(table), "shop.csv", datasets.Options{
		Target:  []string{"bought"},
		Decimal: ',',
	})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Schema.Terms(), d.Schema.Classes)
	fmt.Println(mat.Formatted(d.X), d.Labels)

	row, _ := d.Schema.EncodeRow(map[string]string{"city": "Lyon", "income": "3.5", "age": "35"})
	fmt.Println(row)
	_, err = d.Schema.EncodeRow(map[string]string{"city": "Rome", "income": "3.5", "age": "35"})
	fmt.Println(err)
	// Output:
	// [age income city=Lyon] [no yes]
	// ⎡  41   2.5     0⎤
	// ⎢  29  1.75     1⎥
	// ⎣  53     4     0⎦ [1 0 1]
	// [35 3.5 1]
	// column "city": "Rome" is not a level the model knows; it knows Bern, Lyon
}

func ExampleLoad() {
	d, err := datasets.Load("iris2", datasets.Options{})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(d.Len(), d.Schema.Terms(), d.Schema.Classes)

	train, held := d.Split(0.2, 1)
	scaling := datasets.Standardize(train.X, train.Weights)
	scaling.Apply(held.X)
	fmt.Println(train.Len(), held.Len())
	fmt.Printf("%.4f %.4f\n", scaling.Mean, scaling.Scale)
	// Output:
	// 100 [sepal_length sepal_width petal_length petal_width] [versicolor virginica]
	// 80 20
	// [6.2450 2.8450 4.9050 1.6650] [0.6531 0.3398 0.8067 0.4219]
}

func ExampleStream() {
	d, err := datasets.Load("iris", datasets.Options{Features: []string{"petal_width"}})
	if err != nil {
		fmt.Println(err)
		return
	}
	// New rows: other columns, another order.
	const rows = "id,petal_width\n17,0.2\n18,2.1\n19,wide\n"
	for block, err := range datasets.Stream(strings.NewReader(rows), "new.csv", d.Schema, datasets.StreamOptions{Rows: 2}) {
		if err != nil {
			fmt.Println(err)
			break
		}
		fmt.Println(mat.Formatted(block.X.T()))
	}
	// Output:
	// [0.2  2.1]
	// new.csv:4: column "petal_width": "wide" is not a number
}

func ExampleBatches() {
	batches := datasets.NewBatches(5, 2, 42)
	for epoch := range uint64(2) {
		for k, rows := range batches.Epoch(epoch, 0) {
			fmt.Printf("%d:%v;", k, rows)
		}
		fmt.Println()
	}
	// Interrupted before batch 1 of epoch 1: the same rows are still to come.
	for k, rows := range batches.Epoch(1, 1) {
		fmt.Printf("%d:%v;", k, rows)
	}
	fmt.Println()
	// Output:
	// 0:[0 4];1:[2 3];2:[1];
	// 0:[4 3];1:[2 0];2:[1];
	// 1:[2 0];2:[1];
}
