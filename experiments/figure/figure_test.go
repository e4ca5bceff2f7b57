package figure

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"errors"
	"image/color"
	"image/png"
	"io"
	"math"
	"slices"
	"strings"
	"testing"

	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
)

// everything is a figure with a mark of each kind, and numbers that cannot be
// drawn.
func everything() *Figure {
	nan := math.NaN()
	return &Figure{
		Name: "every", Title: "Marks & <axes>", Caption: "one of each",
		X: Axis{Label: "x, units"}, Y: Axis{Label: "y, units", Min: -1, Max: 5},
		Marks: []Mark{
			{Kind: Heat, Grid: &Grid{X0: 0, X1: 4, Y0: 0, Y1: 1, Columns: 2, Values: Values{0, 1, nan, 0.5}, Max: 1, Meaning: "p"}},
			{Kind: Line, Name: "line", X: Values{0, 1, 2, 3, 4}, Y: Values{0, 1, nan, 300, math.Inf(1)}},
			{Kind: Line, Dashed: true, Color: Grey, X: Values{0, 4}, Y: Values{0, 4}},
			{Kind: Dots, Name: "dots", Color: Green, X: Values{1, nan}, Y: Values{4, 1}},
			{Kind: Bars, Name: "bars", Color: Purple, Width: 0.5, X: Values{3}, Y: Values{3}},
			{Kind: Band, Name: "band", Color: Sky, X: Values{0, 4}, Low: Values{1, 2}, High: Values{2, 3}},
			{Kind: Interval, Color: Orange, X: Values{2}, Low: Values{3}, High: Values{4}},
			{Kind: Interval, Across: true, Color: Orange, Y: Values{2}, Low: Values{3}, High: Values{4}},
			{Kind: RuleX, X: Values{2}}, {Kind: RuleY, Y: Values{2}},
			{Kind: Label, X: Values{2}, Y: Values{2}, Text: []string{"σ(θ) ≤ ½"}},
		},
	}
}

func TestSVGIsWellFormedAndFinite(t *testing.T) {
	var b bytes.Buffer
	if err := everything().SVG(&b); err != nil {
		t.Fatal(err)
	}
	d := xml.NewDecoder(bytes.NewReader(b.Bytes()))
	count := map[string]int{}
	for {
		token, err := d.Token()
		if errors.Is(err, io.EOF) {
			break
		}
		if err != nil {
			t.Fatal(err)
		}
		if e, ok := token.(xml.StartElement); ok {
			count[e.Name.Local]++
		}
	}
	if count["circle"] != 2 || count["image"] != 1 || count["title"] != 1 { // a dot, and its legend
		t.Errorf("elements: %v", count)
	}
	if s := b.String(); strings.Contains(s, "NaN") || strings.Contains(s, "Inf") || strings.Contains(s, "<axes>") {
		t.Errorf("SVG with NaN, Inf or unescaped text:\n%s", s)
	}
}

func TestOutputIsDeterministic(t *testing.T) {
	for name, draw := range map[string]func(*Figure, io.Writer) error{"SVG": (*Figure).SVG, "PNG": (*Figure).PNG} {
		var a, b bytes.Buffer
		if err := errors.Join(draw(everything(), &a), draw(everything(), &b)); err != nil {
			t.Fatal(err)
		}
		if !bytes.Equal(a.Bytes(), b.Bytes()) {
			t.Errorf("%s differs from one drawing to the next", name)
		}
	}
}

// A dot is where its coordinates say, in its colour, and nothing is drawn
// outside the axes.
func TestPNGPutsMarksInTheirPlaces(t *testing.T) {
	f := &Figure{Name: "dot", X: Axis{Label: "x", Max: 10}, Y: Axis{Label: "y", Max: 10}, Marks: []Mark{
		{Kind: Dots, Color: Vermillion, X: Values{5, 50}, Y: Values{5, 50}},
		{Kind: Line, Color: Blue, X: Values{-1e6, 1e6}, Y: Values{2, 2}},
	}}
	var b bytes.Buffer
	if err := f.PNG(&b); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	ch := chart{Figure: f, canvas: &raster{}, legendBottom: ch0(f)}
	ch.lay()
	at := ch.place(5, 5)
	if c := img.At(int(at.x*resolution), int(at.y*resolution)); !near(c, Vermillion) {
		t.Errorf("the dot is %v", c)
	}
	at = ch.place(8, 2)
	if c := img.At(int(at.x*resolution), int(at.y*resolution)); !near(c, Blue) {
		t.Errorf("the line is %v", c)
	}
	if c := img.At(int((ch.data.left-3)*resolution), int(at.y*resolution)); near(c, Blue) {
		t.Error("the line leaves the axes")
	}
}

// ch0 returns where the legend of a figure without title and names ends.
func ch0(f *Figure) float64 {
	ch := chart{Figure: f, canvas: &raster{}}
	return ch.legend(margin + titleSize + titleSize*1.25 + 4)
}

func near(c interface{ RGBA() (r, g, b, a uint32) }, want Color) bool {
	r, g, b, _ := c.RGBA()
	w := want.rgb()
	d := func(x uint32, y uint8) float64 { return math.Abs(float64(x>>8) - float64(y)) }
	return d(r, w.R)+d(g, w.G)+d(b, w.B) < 120
}

func TestTicksAreRound(t *testing.T) {
	for _, c := range []struct {
		axis      Axis
		low, high float64
		n         int
		want      string
	}{
		{Axis{}, 0, 1, 6, "0 0.2 0.4 0.6 0.8 1.0"},
		{Axis{}, -3, 3, 6, "−3 −2 −1 0 1 2 3"},
		{Axis{}, 0, 12345, 4, "0 5000 10\u202f000"},
		{Axis{}, 0, 3e-7, 3, "0 1·10⁻⁷ 2·10⁻⁷ 3·10⁻⁷"},
		{Axis{Log: true}, 1e-16, 1, 6, "10⁻¹⁵ 10⁻¹⁰ 10⁻⁵ 10⁰"},
		{Axis{Log: true}, 0.5, 2000, 6, "1 10 100 1000"},
		{Axis{Log: true}, 2, 15, 6, "2 5 10"},
		{Axis{Categories: []string{"a", "b"}}, -0.5, 1.5, 6, "a b"},
	} {
		var labels []string
		for _, tick := range c.axis.ticks(c.low, c.high, c.n) {
			if c.axis.Log && tick.at < c.low*(1-1e-9) || tick.at > c.high*(1+1e-9) {
				t.Errorf("tick %v outside %v…%v", tick.at, c.low, c.high)
			}
			labels = append(labels, tick.label)
		}
		if got := strings.Join(labels, " "); got != c.want {
			t.Errorf("%v…%v: %q, want %q", c.low, c.high, got, c.want)
		}
	}
}

func TestEmptyFigureHasAxes(t *testing.T) {
	for _, f := range []Figure{{}, {X: Axis{Log: true}, Y: Axis{Log: true}}, {Marks: []Mark{{Kind: Line}, {Kind: Band}}}} {
		if err := f.PNG(io.Discard); err != nil {
			t.Error(err)
		}
	}
}

func TestJSONKeepsWhatIsFinite(t *testing.T) {
	data, err := json.Marshal(everything())
	if err != nil {
		t.Fatal(err)
	}
	var back Figure
	if err := json.Unmarshal(data, &back); err != nil {
		t.Fatal(err)
	}
	y := back.Marks[1].Y
	if !slices.Equal(y[:2], Values{0, 1}) || !math.IsNaN(y[2]) || y[3] != 300 || !math.IsNaN(y[4]) {
		t.Errorf("y = %v", y)
	}
}

func TestTextsHaveGlyphs(t *testing.T) {
	if m := Missing("Az09 αβγδεθλμπρσφτηχ√∑∆∞≤≥≈−·×½→↑₀₁₂⁻¹²³‘’–—…\u202f"); m != "" {
		t.Errorf("no glyphs for %q", m)
	}
	if m := Missing("p‖q"); m != "‖" {
		t.Errorf("missing %q", m)
	}
	if lines := wrap("one two three", 12, textWidth("one two", 12)+1); !slices.Equal(lines, []string{"one two", "three"}) {
		t.Errorf("wrapped to %q", lines)
	}
}

// glyphs.bin has the outlines of the Go font.
func TestGlyphsAreThoseOfTheFont(t *testing.T) {
	f, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		t.Fatal(err)
	}
	if len(glyphs()) < 200 {
		t.Errorf("%d glyphs", len(glyphs()))
	}
	var b sfnt.Buffer
	for r, g := range glyphs() {
		index, err := f.GlyphIndex(&b, r)
		if err != nil || index == 0 {
			t.Fatalf("%q: %v", r, err)
		}
		segments, err := f.LoadGlyph(&b, index, unitsPerSize<<6, nil)
		if err != nil || len(segments) != len(g.segments) {
			t.Fatalf("%q: %d segments, want %d, %v", r, len(g.segments), len(segments), err)
		}
		for i, want := range segments {
			got := g.segments[i]
			for k := range got.points() {
				if got.p[k] != (point{float64(want.Args[k].X) / 64, float64(want.Args[k].Y) / 64}) {
					t.Fatalf("%q: segment %d is %v, want %v", r, i, got, want)
				}
			}
		}
	}
}

func TestDashesCoverTheirShare(t *testing.T) {
	path := []point{{0, 0}, {30, 40}, {30, 140}}
	var length float64
	for _, d := range dashes(path) {
		for i := 1; i < len(d); i++ {
			length += math.Hypot(d[i].x-d[i-1].x, d[i].y-d[i-1].y)
		}
	}
	if math.Abs(length-90) > 1e-9 { // 150 points are 15 dashes of 6
		t.Errorf("dashes are %v long", length)
	}
}

// Texts of any table can be in a figure: long ones, and such that XML has no
// letters for.
func TestForeignTextsAreCutAndEscaped(t *testing.T) {
	long := strings.Repeat("wide", 100)
	f := &Figure{
		Name: "texts", Title: long,
		X:     Axis{Label: "x", Categories: []string{long, "b\x01\xff", "c"}},
		Y:     Axis{Label: "y", Categories: []string{long, "b"}},
		Marks: []Mark{{Kind: Dots, Name: long, X: Values{0}, Y: Values{1}}},
	}
	var b bytes.Buffer
	if err := f.SVG(&b); err != nil {
		t.Fatal(err)
	}
	if n := strings.Count(b.String(), long); n != 2 { // the two places where nothing is drawn: label and title
		t.Errorf("%d long texts", n)
	}
	if err := xml.Unmarshal(b.Bytes(), new(struct{})); err != nil {
		t.Error(err)
	}
}

// A share of each of two colours is their mixture, the first row of categories
// is at the top, and the paper has the height asked for.
func TestHeatOfParts(t *testing.T) {
	grid := &Grid{X0: -0.5, X1: 1.5, Y0: -0.5, Y1: 1.5, Columns: 2, Parts: []Color{Blue, Vermillion},
		Values: Values{1, 0, 0, 1, 0.5, 0.5, math.NaN(), 1}}
	f := &Figure{Height: 300, Marks: []Mark{{Kind: Heat, Grid: grid}, {Kind: Dots, Halo: true, Color: Green, X: Values{0.1}, Y: Values{0}}}}
	f.X.Categories, f.Y.Categories = []string{"a", "b"}, []string{"a", "b"}
	var b bytes.Buffer
	if err := f.PNG(&b); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	if size := img.Bounds().Size(); size.Y != 300*resolution {
		t.Errorf("the picture is %v", size)
	}
	ch := chart{Figure: f, canvas: &raster{}, legendBottom: ch0(f)}
	ch.lay()
	at := func(x, y float64) [3]int {
		p := ch.place(x, y)
		r, g, b, _ := img.At(int(p.x*resolution), int(p.y*resolution)).RGBA()
		return [3]int{int(r >> 8), int(g >> 8), int(b >> 8)}
	}
	blue, red := mix(paper, palette[Blue], 0.55), mix(paper, palette[Vermillion], 0.55)
	both := mix(blue, red, 0.5)
	for _, c := range []struct {
		x, y float64
		want color.NRGBA
	}{{0.3, 0.3, blue}, {1, 0, red}, {0, 1, both}, {1, 1, paper}, {0.1, 0, palette[Green]}} {
		if got := at(c.x, c.y); got != [3]int{int(c.want.R), int(c.want.G), int(c.want.B)} {
			t.Errorf("at %v, %v: %v, want %v", c.x, c.y, got, c.want)
		}
	}
}
