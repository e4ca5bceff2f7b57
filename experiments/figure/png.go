package figure

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/vector"
)

// resolution is the number of pixels per point.
const resolution = 2

// PNG writes the figure as a PNG image.
func (f *Figure) PNG(w io.Writer) error {
	whole := image.Rect(0, 0, paperWidth*resolution, int(f.height()*resolution))
	r := &raster{img: image.NewRGBA(whole), area: whole}
	f.draw(r)
	return png.Encode(w, r.img)
}

// raster draws on an image.
type raster struct {
	img   *image.RGBA
	area  image.Rectangle // what may be drawn on
	pen   vector.Rasterizer
	shape []segment // to be painted next, in pixels
}

// operation is what a segment does.
type operation uint8

const (
	moveTo operation = iota
	lineTo
	quadTo
	cubeTo
)

// segment is a piece of an outline, and where it goes to.
type segment struct {
	op operation
	p  [3]point
}

// points returns the number of points of a segment.
func (s *segment) points() int { return max(1, int(s.op)) }

func (r *raster) clip(b *box) {
	r.area = r.img.Bounds()
	if b != nil {
		r.area = image.Rect(int(b.left*resolution), int(b.top*resolution),
			int(math.Ceil(b.right*resolution)), int(math.Ceil(b.bottom*resolution)))
	}
}

// paint fills the shape, in no more of the image than it covers, and empties it.
func (r *raster) paint(c color.NRGBA) {
	left, top, right, bottom := math.Inf(1), math.Inf(1), math.Inf(-1), math.Inf(-1)
	for i := range r.shape {
		s := &r.shape[i]
		for _, p := range s.p[:s.points()] {
			left, right = min(left, p.x), max(right, p.x)
			top, bottom = min(top, p.y), max(bottom, p.y)
		}
	}
	if left > right {
		return
	}
	const far = 4 * paperWidth * resolution // from where nothing is seen
	part := image.Rect(int(math.Floor(max(left, -far))), int(math.Floor(max(top, -far))),
		int(math.Ceil(min(right, far))), int(math.Ceil(min(bottom, far)))).Intersect(r.area)
	if !part.Empty() {
		r.pen.Reset(part.Dx(), part.Dy())
		r.pen.DrawOp = draw.Over
		for i := range r.shape {
			r.trace(&r.shape[i], part.Min)
		}
		r.pen.ClosePath()
		r.pen.Draw(r.img, part, image.NewUniform(c), image.Point{})
	}
	r.shape = r.shape[:0]
}

func (r *raster) trace(s *segment, origin image.Point) {
	at := func(k int) (x, y float32) {
		return float32(s.p[k].x - float64(origin.X)), float32(s.p[k].y - float64(origin.Y))
	}
	ax, ay := at(0)
	bx, by := at(1)
	cx, cy := at(2)
	switch s.op {
	case moveTo:
		r.pen.ClosePath()
		r.pen.MoveTo(ax, ay)
	case lineTo:
		r.pen.LineTo(ax, ay)
	case quadTo:
		r.pen.QuadTo(ax, ay, bx, by)
	case cubeTo:
		r.pen.CubeTo(ax, ay, bx, by, cx, cy)
	}
}

func (r *raster) polygon(path []point) {
	for i, p := range path {
		op := lineTo
		if i == 0 {
			op = moveTo
		}
		r.shape = append(r.shape, segment{op, [3]point{{p.x * resolution, p.y * resolution}}})
	}
}

func (r *raster) fill(path []point, c color.NRGBA) {
	if len(path) < 3 {
		return
	}
	r.polygon(path)
	r.paint(c)
}

func (r *raster) stroke(path []point, width float64, c color.NRGBA, dashed bool) {
	pieces := [][]point{path}
	if dashed {
		pieces = dashes(path)
	}
	for _, piece := range pieces {
		for _, p := range outline(piece, width) {
			r.polygon(p)
		}
	}
	r.paint(c)
}

func (r *raster) dot(at point, radius float64, c color.NRGBA) {
	r.polygon(circle(at, radius))
	r.paint(c)
}

func (r *raster) picture(b box, img *image.NRGBA) {
	size := img.Bounds().Size()
	left, top := b.left*resolution, b.top*resolution
	width, height := (b.right-b.left)*resolution, (b.bottom-b.top)*resolution
	for y := int(math.Ceil(top)); y < int(math.Ceil(top+height)); y++ {
		for x := int(math.Ceil(left)); x < int(math.Ceil(left+width)); x++ {
			if !(image.Point{X: x, Y: y}).In(r.area) {
				continue
			}
			i := min(int((float64(x)-left)/width*float64(size.X)), size.X-1)
			j := min(int((float64(y)-top)/height*float64(size.Y)), size.Y-1)
			if c := img.NRGBAAt(i, j); c.A > 0 {
				r.img.Set(x, y, c)
			}
		}
	}
}

func (r *raster) text(at point, size float64, a align, s string, c color.NRGBA) {
	scale := size * resolution / unitsPerSize
	origin := point{at.x * resolution, at.y * resolution}
	switch a {
	case centre:
		origin.x -= typeset(s, nil) * scale / 2
	case end:
		origin.x -= typeset(s, nil) * scale
	}
	typeset(s, func(g glyph, dx float64) {
		for _, s := range g.segments {
			for k, p := range s.p {
				s.p[k] = point{origin.x + (dx+p.x)*scale, origin.y + p.y*scale}
			}
			r.shape = append(r.shape, s)
		}
	})
	r.paint(c)
}
