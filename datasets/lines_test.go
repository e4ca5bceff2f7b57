package datasets

import (
	"fmt"
	"strings"
	"testing"
)

// Rows know their lines, though lines are blank, cells go over two, rows are left
// out and others held out.
func TestLine(t *testing.T) {
	text := "x,c,y\n"
	line := 2
	var want []int
	for i := range 60 {
		switch i % 7 {
		case 1:
			text += "\n"
			line++
		case 3:
			text += ",p,0\n"
			line++
		}
		want = append(want, line)
		if i%5 == 2 {
			text += fmt.Sprintf("%d,\"p\nq\",%d\n", line, i%2)
			line++
		} else {
			text += fmt.Sprintf("%d,p,%d\n", line, i%2)
		}
		line++
	}
	d, err := engine{17, 2}.read(strings.NewReader(text), "t.csv", Options{Target: []string{"y"}, Missing: MissingDrop})
	if err != nil {
		t.Fatal(err)
	}
	if d.Len() != len(want) {
		t.Fatalf("%d rows, want %d", d.Len(), len(want))
	}
	for i, line := range want {
		if got := d.Line(i); got != line {
			t.Errorf("row %d: line %d, want %d", i, got, line)
		}
	}
	train, held := d.SplitInPlace(0.3, 1)
	for _, part := range []*Dataset{train, held} {
		for i := range part.Len() {
			if got, want := part.Line(i), int(part.X.At(i, 0)); got != want {
				t.Errorf("row %d of %d: line %d, want %d", i, part.Len(), got, want)
			}
		}
	}
	iris, err := Load("iris", Options{})
	if err != nil || iris.Line(0) != 0 {
		t.Error("iris has lines", err)
	}
	if d.Line(0) != 0 || train.Rows([]int{1}).Line(0) != 0 {
		t.Error("rows that have moved know a line")
	}
}
