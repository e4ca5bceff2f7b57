package figure

import (
	"image"
	"image/color"
)

// point is a place on the paper, in points from the top left corner.
type point struct{ x, y float64 }

// box is a rectangle on the paper.
type box struct{ left, top, right, bottom float64 }

// align says which part of a text is at its place.
type align int

const (
	start align = iota
	centre
	end
)

// canvas is what a figure is drawn on.
type canvas interface {
	// clip cuts off what follows at the borders of a box; nil ends that.
	clip(b *box)
	fill(path []point, c color.NRGBA)
	stroke(path []point, width float64, c color.NRGBA, dashed bool)
	dot(at point, radius float64, c color.NRGBA)
	// text writes with the baseline at the given place.
	text(at point, size float64, a align, s string, c color.NRGBA)
	picture(b box, img *image.NRGBA)
}

func (b box) path() []point {
	return []point{{b.left, b.top}, {b.right, b.top}, {b.right, b.bottom}, {b.left, b.bottom}}
}
