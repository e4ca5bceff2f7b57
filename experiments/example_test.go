package experiments_test

import (
	"context"
	"fmt"

	"github.com/surprisal-ml/surprisal/experiments"
)

func Example() {
	list, err := experiments.Select("underflow")
	if err != nil {
		fmt.Println(err)
		return
	}
	result, err := list[0].Run(context.Background(), experiments.Options{Quick: true})
	if err != nil {
		fmt.Println(err)
		return
	}
	fmt.Println(list[0].Title + ": " + string(result.Verdict()))
	fmt.Println(result.Checks[0])
	// Output:
	// A likelihood is too small for a computer, its logarithm is not: holds
	// factors ½ until the product is 0: 1075 = 1075
}
