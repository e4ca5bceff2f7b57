package datasets

import (
	"cmp"
	"slices"
	"unicode/utf8"
)

// dictionary numbers the texts of a column in the order they appear.
type dictionary struct {
	codes map[string]int
	texts []string
	lines []int // where each text was first seen
}

func newDictionary() *dictionary { return &dictionary{codes: map[string]int{}} }

// code returns the number of a text, a new one if need be.
func (d *dictionary) code(text string, line int) int {
	if c, ok := d.codes[text]; ok {
		return c
	}
	return d.add(text, line)
}

func (d *dictionary) add(text string, line int) int {
	c := len(d.texts)
	d.codes[text] = c
	d.texts = append(d.texts, text)
	d.lines = append(d.lines, line)
	return c
}

// sorted returns the texts whose used flag is set in sorted order, and for each
// code its place there (-1 when unused).
func (d *dictionary) sorted(used []bool) (texts []string, place []int) {
	for c, text := range d.texts {
		if used[c] {
			texts = append(texts, text)
		}
	}
	sortNames(texts)
	place = make([]int, len(d.texts))
	for c := range place {
		place[c] = -1
	}
	for i, text := range texts {
		place[d.codes[text]] = i
	}
	return texts, place
}

// sortNames sorts by value when all names are numbers, otherwise by text.
func sortNames(names []string) {
	value := make(map[string]float64, len(names))
	for _, name := range names {
		v, ok := parseNumber([]byte(name), '.')
		if !ok {
			slices.Sort(names)
			return
		}
		value[name] = v
	}
	slices.SortFunc(names, func(a, b string) int {
		return cmp.Or(cmp.Compare(value[a], value[b]), cmp.Compare(a, b))
	})
}

// badName returns why a text cannot name a level, class or column, or "".
func badName[T string | []byte](text T) string {
	if !utf8.ValidString(string(text)) {
		return quoteCell(text) + " is not UTF-8 text; save the file as UTF-8"
	}
	return ""
}
