package main

import (
	"bufio"
	"fmt"
	"strconv"
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
	fmt.Fprintf(p.w, "%-10s", heading)
	p.paragraph(10, fmt.Sprintf(format, args...))
}

// item writes an indented paragraph, all but its first line further in.
func (p *page) item(format string, args ...any) {
	fmt.Fprint(p.w, "  ")
	p.paragraph(4, fmt.Sprintf(format, args...))
}

// paragraph writes a text from where the line is, and indents what does not fit.
func (p *page) paragraph(indent int, text string) {
	const width = 78
	column := indent
	for i, word := range strings.Fields(text) {
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

// enumerate joins texts, the first few of many.
func enumerate(texts []string, most int) string {
	if len(texts) > most {
		return fmt.Sprintf("%s and %d more", strings.Join(texts[:most], ", "), len(texts)-most)
	}
	return strings.Join(texts, ", ")
}

// quoted returns names as they can stand in an enumeration: in quotes where a
// comma would make one name look like two.
func quoted(names []string) []string {
	all := make([]string, len(names))
	for i, name := range names {
		all[i] = name
		if strings.Contains(name, ",") {
			all[i] = strconv.Quote(name)
		}
	}
	return all
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
