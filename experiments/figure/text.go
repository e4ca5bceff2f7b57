package figure

import (
	_ "embed"
	"encoding/binary"
	"strings"
	"sync"
)

//go:generate go run genglyphs.go

//go:embed glyphs.bin
var glyphFile []byte

// unitsPerSize is the size of the font in units of its outlines.
const unitsPerSize = 2048

// glyph is a letter of the Go font: its outline in units, y downwards from the
// baseline, and its width.
type glyph struct {
	advance  float64
	segments []segment
}

// glyphs returns the letters that figures may use.
var glyphs = sync.OnceValue(func() map[rune]glyph {
	all := map[rune]glyph{}
	rest := glyphFile
	next := func() uint64 {
		v, n := binary.Uvarint(rest)
		rest = rest[n:]
		return v
	}
	for len(rest) > 0 {
		r := rune(next())
		g := glyph{advance: float64(next()), segments: make([]segment, next())}
		var x, y int64
		for i := range g.segments {
			s := &g.segments[i]
			s.op = operation(next())
			for k := range s.points() {
				dx, n := binary.Varint(rest)
				dy, m := binary.Varint(rest[n:])
				rest = rest[n+m:]
				x, y = x+dx, y+dy
				s.p[k] = point{float64(x), float64(y)}
			}
		}
		all[r] = g
	}
	return all
})

// Missing returns the letters of a text that figures have no glyph for.
func Missing(text string) string {
	var missing []rune
	for _, r := range text {
		if _, ok := glyphs()[r]; !ok && r != narrowSpace {
			missing = append(missing, r)
		}
	}
	return string(missing)
}

// narrowSpace stands between thousands; the font has none.
const narrowSpace = '\u202f'

// typeset calls f with every glyph of a text and where it begins, in units, and
// returns the width of the text. A letter without a glyph is drawn as a
// question mark.
func typeset(s string, f func(g glyph, x float64)) float64 {
	var x float64
	for _, r := range s {
		if r == narrowSpace {
			x += unitsPerSize / 6.
			continue
		}
		g, ok := glyphs()[r]
		if !ok {
			g = glyphs()['?']
		}
		if f != nil {
			f(g, x)
		}
		x += g.advance
	}
	return x
}

// textWidth returns the width of a text in points.
func textWidth(s string, size float64) float64 {
	return typeset(s, nil) * size / unitsPerSize
}

// shorten cuts off the end of a text that is wider than width.
func shorten(s string, size, width float64) string {
	if textWidth(s, size) <= width {
		return s
	}
	letters := []rune(s)
	for len(letters) > 0 && textWidth(string(letters)+"…", size) > width {
		letters = letters[:len(letters)-1]
	}
	return string(letters) + "…"
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
