package figure

import (
	"strings"
	"sync"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

// face is the Go font, whose letters include Greek and the signs of mathematics.
var face = sync.OnceValue(func() *sfnt.Font {
	f, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		panic(err) // the font is part of the program
	}
	return f
})

// typesetter finds the outlines of texts in one size. It is not for several
// goroutines at once.
type typesetter struct {
	font   *sfnt.Font
	ppem   fixed.Int26_6
	buffer sfnt.Buffer
}

func newTypesetter(size float64) *typesetter {
	return &typesetter{font: face(), ppem: fixed.Int26_6(size*64 + 0.5)}
}

// each calls f with every glyph and where it begins, and returns the width.
func (t *typesetter) each(s string, f func(g sfnt.GlyphIndex, x float64)) float64 {
	var x float64
	var before sfnt.GlyphIndex
	for _, r := range s {
		if r == '\u202f' { // a narrow space, which the font has not
			x += float64(t.ppem) / 64 / 6
			before = 0
			continue
		}
		g, err := t.font.GlyphIndex(&t.buffer, r)
		if err != nil {
			g = 0
		}
		if before != 0 {
			if k, err := t.font.Kern(&t.buffer, before, g, t.ppem, font.HintingNone); err == nil {
				x += float64(k) / 64
			}
		}
		if f != nil {
			f(g, x)
		}
		if advance, err := t.font.GlyphAdvance(&t.buffer, g, t.ppem, font.HintingNone); err == nil {
			x += float64(advance) / 64
		}
		before = g
	}
	return x
}

// textWidth returns the width of a text in points.
func textWidth(s string, size float64) float64 {
	// Measured large, since widths are rounded to 1/64.
	return newTypesetter(64).each(s, nil) * size / 64
}

// wrap breaks a text into lines no wider than width, if its words allow it.
func wrap(s string, size, width float64) []string {
	var lines []string
	line := ""
	for word := range strings.FieldsSeq(s) {
		if line != "" && textWidth(line+" "+word, size) > width {
			lines, line = append(lines, line), ""
		}
		if line != "" {
			line += " "
		}
		line += word
	}
	return append(lines, line)
}
