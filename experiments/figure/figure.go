package figure

import (
	"bytes"
	"encoding/json"
	"math"
	"strconv"
)

// Figure is a chart.
type Figure struct {
	Name    string `json:"name"`    // the stem of file names
	Title   string `json:"title"`   // what is shown
	Caption string `json:"caption"` // what to see in it
	X       Axis   `json:"x"`
	Y       Axis   `json:"y"`
	// Marks are drawn in this order, later ones on top.
	Marks []Mark `json:"marks"`
	// Square makes a unit of y as long as a unit of x.
	Square bool `json:"square,omitempty"`
	// Height of the paper in points, where the width is 640; 0 means 420.
	Height float64 `json:"height,omitempty"`
}

// Axis is one of the two directions of a chart.
type Axis struct {
	Label string `json:"label"` // with the unit
	Log   bool   `json:"log,omitempty"`
	// Min and Max bound the axis, and marks are cut off there; both 0 means
	// what the data need.
	Min float64 `json:"min,omitempty"`
	Max float64 `json:"max,omitempty"`
	// Categories name the places 0, 1, 2, … instead of numbers. On the y axis
	// the first is at the top.
	Categories []string `json:"categories,omitempty"`
}

// Kind is what a mark looks like.
type Kind string

// The kinds of marks, and the fields they use.
const (
	Line     Kind = "line"     // through (X, Y); a NaN breaks it
	Dots     Kind = "dots"     // at (X, Y), Width points wide (0: as many as suit their number)
	Bars     Kind = "bars"     // at X, Width wide, from Low (nil: 0) to Y
	Band     Kind = "band"     // the area over X between Low and High
	Interval Kind = "interval" // a bar at X from Low to High; along x at Y if Across
	RuleX    Kind = "rulex"    // a vertical line at each X
	RuleY    Kind = "ruley"    // a horizontal line at each Y
	Label    Kind = "label"    // Text, centred at (X, Y)
	Heat     Kind = "heat"     // Grid as colours
)

// Mark is a set of equal marks.
type Mark struct {
	Kind   Kind     `json:"kind"`
	Name   string   `json:"name,omitempty"` // in the legend; "": not there
	Color  Color    `json:"color"`
	Halo   bool     `json:"halo,omitempty"` // Dots, Line: with a white rim, to be seen on a heat map
	Dashed bool     `json:"dashed,omitempty"`
	X      Values   `json:"x,omitempty"`
	Y      Values   `json:"y,omitempty"`
	Low    Values   `json:"low,omitempty"`
	High   Values   `json:"high,omitempty"`
	Width  float64  `json:"width,omitempty"`
	Across bool     `json:"across,omitempty"`
	Text   []string `json:"text,omitempty"`
	Grid   *Grid    `json:"grid,omitempty"`
}

// Grid is a function on a rectangle, as colours between blue for Min, white for
// the middle and orange for Max; or from white to blue if Sequential. With Parts
// a place has a share of each of several colours, which are mixed; the interactive
// page does not show such a grid.
type Grid struct {
	X0         float64 `json:"x0"`
	X1         float64 `json:"x1"`
	Y0         float64 `json:"y0"`
	Y1         float64 `json:"y1"`
	Columns    int     `json:"columns"`
	Values     Values  `json:"values"` // row by row from Y0 up, each from X0 on
	Min        float64 `json:"min"`
	Max        float64 `json:"max"`
	Sequential bool    `json:"sequential,omitempty"`
	Parts      []Color `json:"parts,omitempty"` // Values has a share for each at every place
	Meaning    string  `json:"meaning"`         // of a value, with its unit
}

// Color is a place in the palette.
type Color int

// The palette of Okabe and Ito, without their black and yellow, and a grey for
// lines to compare with.
const (
	Blue Color = iota
	Vermillion
	Green
	Purple
	Sky
	Orange
	Grey
)

// Values are numbers that may be NaN or infinite.
type Values []float64

// MarshalJSON writes six digits, which is more than a chart can show, and null
// for what is not finite.
func (v Values) MarshalJSON() ([]byte, error) {
	b := []byte{'['}
	for i, x := range v {
		if i > 0 {
			b = append(b, ',')
		}
		if math.IsNaN(x) || math.IsInf(x, 0) {
			b = append(b, "null"...)
		} else {
			b = strconv.AppendFloat(b, x, 'g', 6, 64)
		}
	}
	return append(b, ']'), nil
}

// UnmarshalJSON reads what MarshalJSON wrote; null becomes NaN.
func (v *Values) UnmarshalJSON(data []byte) error {
	var numbers []*float64
	if err := json.NewDecoder(bytes.NewReader(data)).Decode(&numbers); err != nil {
		return err
	}
	*v = make(Values, len(numbers))
	for i, x := range numbers {
		if (*v)[i] = math.NaN(); x != nil {
			(*v)[i] = *x
		}
	}
	return nil
}

// Curve returns a line of f over n+1 evenly spaced points of [from, to].
func Curve(name string, color Color, from, to float64, n int, f func(float64) float64) Mark {
	m := Mark{Kind: Line, Name: name, Color: color, X: make(Values, n+1), Y: make(Values, n+1)}
	for i := range n + 1 {
		m.X[i] = from + (to-from)*float64(i)/float64(n)
		m.Y[i] = f(m.X[i])
	}
	return m
}
