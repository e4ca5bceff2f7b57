package experiments

import (
	"fmt"
	"os"

	"github.com/surprisal-ml/surprisal/datasets"
)

// load returns an embedded data set, with some of its features or all. It
// returns an error if a file of the working folder has its name, which
// datasets.Load would take instead.
func load(name string, features ...string) (*datasets.Dataset, error) {
	if info, err := os.Stat(name); err == nil && !info.IsDir() {
		return nil, fmt.Errorf("the file %s in this folder hides the data set of that name: run from another folder", name)
	}
	return datasets.Load(name, datasets.Options{Features: features})
}
