package safetensors_test

import (
	"bytes"
	"fmt"

	"github.com/surprisal-ml/surprisal/safetensors"
)

func Example() {
	var file bytes.Buffer
	weight := safetensors.Tensor{Name: "weight", Shape: []int{2, 3}, Data: []float64{1, 2, 3, 4, 5, 6}}
	bias := safetensors.Tensor{Name: "bias", Shape: []int{2}, Data: []float64{-1, 0.5}}
	err := safetensors.Write(&file, []safetensors.Tensor{weight, bias}, map[string]string{"classes": "no,yes"})
	if err != nil {
		fmt.Println(err)
	}
	tensors, metadata, err := safetensors.Read(&file)
	fmt.Println(tensors, metadata["classes"], err)
	// Output: [{weight [2 3] [1 2 3 4 5 6]} {bias [2] [-1 0.5]}] no,yes <nil>
}
