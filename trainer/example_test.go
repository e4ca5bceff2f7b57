package trainer_test

import (
	"context"
	"fmt"
	"log"
	"os"
	"path/filepath"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/trainer"
)

// Train, save, load and predict: a linear model of two species of iris.
func Example() {
	data, err := datasets.Load("iris2", datasets.Options{})
	if err != nil {
		log.Fatal(err)
	}
	scaling := datasets.MeasureScaling(data.X, nil)
	model, err := trainer.NewClassifier(data.Schema, scaling, nil, nil, nil)
	if err != nil {
		log.Fatal(err)
	}
	config, err := trainer.Accelerated(model, data, trainer.Loss{}, 1e-10, 10000)
	if err != nil {
		log.Fatal(err)
	}
	run, err := trainer.New(model, data, nil, config)
	if err != nil {
		log.Fatal(err)
	}
	result, err := run.Run(context.Background())
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(result.Reason)

	path := filepath.Join(os.TempDir(), "example.model")
	defer os.Remove(path)
	if err := model.Save(path); err != nil {
		log.Fatal(err)
	}
	loaded, err := trainer.Load(path)
	if err != nil {
		log.Fatal(err)
	}
	p, err := loaded.Predict(map[string]string{
		"sepal_length": "6.1", "sepal_width": "2.9", "petal_length": "4.9", "petal_width": "1.7"})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Printf("%s %.4f\n", p.Class, p.Probabilities)
	// Output:
	// converged
	// virginica [0.4402 0.5598]
}
