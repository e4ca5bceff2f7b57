package report_test

import (
	"bytes"
	"context"
	"fmt"
	"strings"

	"github.com/surprisal-ml/surprisal/experiments"
	"github.com/surprisal-ml/surprisal/experiments/report"
)

func Example() {
	list, err := experiments.Select("entropy")
	if err != nil {
		fmt.Println(err)
		return
	}
	options := experiments.Options{Quick: true}
	outcomes := experiments.Run(context.Background(), list, options, nil)
	var page bytes.Buffer
	err = report.HTML(&page, outcomes, options)
	fmt.Println(strings.Count(page.String(), "<figure"), "figure,", err)
	// Output: 1 figure, <nil>
}
