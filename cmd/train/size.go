package main

import "fmt"

// mostParameters is the size of the largest network that is trained: 0.8 GB of
// weights.
const mostParameters = 1e8

// checkSize refuses hidden layers that make a network too large between so many
// terms and logits. In float64 the number of its parameters does not overflow.
func (s *settings) checkSize(terms, logits int) error {
	if len(s.Hidden) == 0 {
		return nil
	}
	var count float64
	from := float64(terms)
	for _, width := range append(s.Hidden[:len(s.Hidden):len(s.Hidden)], logits) {
		count += (from + 1) * float64(width)
		from = float64(width)
	}
	if count <= mostParameters {
		return nil
	}
	return usagef("--hidden: the network would have %.4g parameters, which take %s, and several times that in training; the most is %.0e",
		count, memory(8*count), mostParameters)
}

// memory writes a number of bytes.
func memory(bytes float64) string {
	units := []string{"kB", "MB", "GB", "TB", "PB", "EB"}
	bytes /= 1e3
	for bytes >= 1e3 && len(units) > 1 {
		bytes, units = bytes/1e3, units[1:]
	}
	return fmt.Sprintf("%.3g %s", bytes, units[0])
}
