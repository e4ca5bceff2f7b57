// Package safetensors reads and writes arrays of numbers in the safetensors
// format, which PyTorch, JAX and many tools read too, and which, unlike a
// pickle, cannot run code.
//
// A file is
//
//	8 bytes    N, the length of the header, little-endian
//	N bytes    the header, JSON, padded with spaces:
//	           {"__metadata__": {"key": "text", …},
//	            "name": {"dtype": "F64", "shape": [2, 3], "data_offsets": [0, 48]}, …}
//	the rest   the elements, little-endian, row-major, without holes
//
// This package writes float64 and reads float64 and float32. In Python:
//
//	from safetensors.torch import load_file
//	weights = load_file("model.safetensors")
//
// The format is described at https://github.com/huggingface/safetensors.
package safetensors
