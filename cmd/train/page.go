package main

import (
	"bufio"
	"fmt"
	"strings"
	"unicode/utf8"
)

// page is a text for people: lines of at most about 80 columns.
type page struct{ w *bufio.Writer }

// print writes a page to standard output.
func (p *program) print(content func(*page)) error {
	w := bufio.NewWriter(p.stdout)
	content(&page{w})
	return written(w.Flush())
}

func (p *page) line(format string, args ...any) {
	fmt.Fprintf(p.w, format+"\n", args...)
}

// entry writes a heading of up to 9 letters and a paragraph beside it.
func (p *page) entry(heading, format string, args ...any) {
	const indent, width = 10, 78
	column := indent
	fmt.Fprintf(p.w, "%-*s", indent, heading)
	for i, word := range strings.Fields(fmt.Sprintf(format, args...)) {
		n := utf8.RuneCountInString(word)
		switch {
		case i == 0:
		case column+1+n > width:
			fmt.Fprintf(p.w, "\n%*s", indent, "")
			column = indent
		default:
			fmt.Fprint(p.w, " ")
			column++
		}
		fmt.Fprint(p.w, word)
		column += n
	}
	fmt.Fprintln(p.w)
}

// table writes rows of cells: the first column to the left, others to the right.
func (p *page) table(rows [][]string) {
	var widths []int
	for _, row := range rows {
		for j, cell := range row {
			if j == len(widths) {
				widths = append(widths, 0)
			}
			widths[j] = max(widths[j], utf8.RuneCountInString(cell))
		}
	}
	for _, row := range rows {
		var line strings.Builder
		for j, cell := range row {
			space := strings.Repeat(" ", widths[j]-utf8.RuneCountInString(cell))
			if j == 0 {
				line.WriteString("  " + cell + space)
			} else {
				line.WriteString("  " + space + cell)
			}
		}
		p.line("%s", strings.TrimRight(line.String(), " "))
	}
}

// list joins names, the first few of many.
func list(names []string, most int) string {
	if len(names) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(names[:most], ", "), len(names)-most)
	}
	return strings.Join(names, ", ")
}

// quantity writes a weight or a count: whole where it is.
func quantity(x float64) string { return strings.TrimSuffix(fmt.Sprintf("%.6g", x), ".0") }

// plural returns "1 row", "2 rows".
func plural(n int, noun string) string {
	if n == 1 {
		return "1 " + noun
	}
	return fmt.Sprintf("%d %ss", n, noun)
}
