package experiments

import (
	_ "embed"
	"strings"
)

//go:embed data/opticks.txt
var opticks string

//go:embed data/gettysburg.txt
var gettysburg string

// alphabet has a place for every letter and one for all that is between words.
const alphabet = "abcdefghijklmnopqrstuvwxyz "

// letters returns the places in the alphabet of the letters of a text, in small
// letters and with one blank between words.
func letters(text string) []int {
	text = strings.NewReplacer("æ", "ae", "Æ", "ae").Replace(text)
	var places []int
	const blank = len(alphabet) - 1
	last := blank
	for _, c := range strings.ToLower(text) {
		place := blank
		if c >= 'a' && c <= 'z' {
			place = int(c - 'a')
		}
		if place != blank || last != blank {
			places = append(places, place)
		}
		last = place
	}
	return places
}

// frequencies returns the share of each place of the alphabet in a text.
func frequencies(text []int) []float64 {
	p := make([]float64, len(alphabet))
	for _, place := range text {
		p[place]++
	}
	for i := range p {
		p[i] /= float64(len(text))
	}
	return p
}

// smoothed is frequencies with one more of each letter, so that none is
// impossible (Laplace's rule of succession).
func smoothed(text []int) []float64 {
	p := make([]float64, len(alphabet))
	for _, place := range text {
		p[place]++
	}
	for i := range p {
		p[i] = (p[i] + 1) / float64(len(text)+len(alphabet))
	}
	return p
}
