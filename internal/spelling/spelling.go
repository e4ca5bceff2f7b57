// Package spelling finds the name that somebody meant.
package spelling

import "unicode/utf8"

// Nearest returns the name that takes the fewest changes to become, the first of
// equals. It reports false if none is near: more than a third of the letters
// would change.
func Nearest(name string, names []string) (nearest string, ok bool) {
	fewest := 1 + max(1, utf8.RuneCountInString(name)/3)
	for _, candidate := range names {
		if d := distance([]rune(name), []rune(candidate)); d < fewest && d < utf8.RuneCountInString(candidate) {
			nearest, fewest = candidate, d
		}
	}
	return nearest, nearest != ""
}

// Hint returns " (did you mean NAME?)" for the nearest name, or "".
func Hint(name string, names []string) string {
	if nearest, ok := Nearest(name, names); ok {
		return " (did you mean " + nearest + "?)"
	}
	return ""
}

// distance is the number of letters to insert, delete, replace, or exchange
// with their neighbour (the restricted Damerau–Levenshtein distance).
func distance(a, b []rune) int {
	before, last, row := make([]int, len(b)+1), make([]int, len(b)+1), make([]int, len(b)+1)
	for j := range row {
		row[j] = j
	}
	for i := range a {
		before, last, row = last, row, before
		row[0] = i + 1
		for j := range b {
			cost := 1
			if a[i] == b[j] {
				cost = 0
			}
			row[j+1] = min(last[j+1]+1, row[j]+1, last[j]+cost)
			if i > 0 && j > 0 && a[i] == b[j-1] && a[i-1] == b[j] {
				row[j+1] = min(row[j+1], before[j-1]+1)
			}
		}
	}
	return row[len(b)]
}
