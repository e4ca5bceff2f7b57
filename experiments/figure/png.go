package figure

import (
	"image"
	"image/color"
	"image/draw"
	"image/png"
	"io"
	"math"

	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/vector"
)

// resolution is the number of pixels per point.
const resolution = 2

// PNG writes the figure as a PNG image.
func (f *Figure) PNG(w io.Writer) error {
	r := newRaster(paperWidth*resolution, paperHeight*resolution)
	f.draw(r)
	return png.Encode(w, r.img)
}

// raster draws on an image.
type raster struct {
	img   *image.RGBA
	area  image.Rectangle // what may be drawn on
	pen   vector.Rasterizer
	shape []segment // to be painted next
	texts map[float64]*typesetter
}

// segment is a piece of an outline, in pixels.
type segment struct {
	op sfnt.SegmentOp
	p  [3][2]float64
}

func newRaster(width, height int) *raster {
	whole := image.Rect(0, 0, width, height)
	return &raster{img: image.NewRGBA(whole), area: whole, texts: map[float64]*typesetter{}}
}

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
	for _, s := range r.shape {
		for _, p := range s.p[:points[s.op]] {
			left, right = min(left, p[0]), max(right, p[0])
			top, bottom = min(top, p[1]), max(bottom, p[1])
		}
	}
	if left > right {
		return
	}
	far := 4.0 * paperWidth * resolution // from where nothing is seen
	part := image.Rect(int(math.Floor(max(left, -far))), int(math.Floor(max(top, -far))),
		int(math.Ceil(min(right, far))), int(math.Ceil(min(bottom, far)))).Intersect(r.area)
	if !part.Empty() {
		r.pen.Reset(part.Dx(), part.Dy())
		r.pen.DrawOp = draw.Over
		for _, s := range r.shape {
			r.trace(s, part.Min)
		}
		r.pen.Draw(r.img, part, image.NewUniform(c), image.Point{})
	}
	r.shape = r.shape[:0]
}

// points is the number of points of a segment.
var points = [...]int{sfnt.SegmentOpMoveTo: 1, sfnt.SegmentOpLineTo: 1, sfnt.SegmentOpQuadTo: 2, sfnt.SegmentOpCubeTo: 3}

func (r *raster) trace(s segment, origin image.Point) {
	at := func(k int) (x, y float32) {
		return float32(s.p[k][0] - float64(origin.X)), float32(s.p[k][1] - float64(origin.Y))
	}
	ax, ay := at(0)
	switch s.op {
	case sfnt.SegmentOpMoveTo:
		r.pen.ClosePath()
		r.pen.MoveTo(ax, ay)
	case sfnt.SegmentOpLineTo:
		r.pen.LineTo(ax, ay)
	case sfnt.SegmentOpQuadTo:
		bx, by := at(1)
		r.pen.QuadTo(ax, ay, bx, by)
	case sfnt.SegmentOpCubeTo:
		bx, by := at(1)
		cx, cy := at(2)
		r.pen.CubeTo(ax, ay, bx, by, cx, cy)
	}
}

func (r *raster) polygon(path []point) {
	for i, p := range path {
		op := sfnt.SegmentOpLineTo
		if i == 0 {
			op = sfnt.SegmentOpMoveTo
		}
		r.shape = append(r.shape, segment{op, [3][2]float64{{p.x * resolution, p.y * resolution}}})
	}
	r.shape = append(r.shape, segment{sfnt.SegmentOpLineTo, [3][2]float64{{path[0].x * resolution, path[0].y * resolution}}})
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
			r.img.Set(x, y, img.NRGBAAt(i, j))
		}
	}
}

func (r *raster) text(at point, size float64, a align, s string, c color.NRGBA) {
	t := r.texts[size]
	if t == nil {
		t = newTypesetter(size * resolution)
		r.texts[size] = t
	}
	x := at.x * resolution
	switch a {
	case centre:
		x -= t.each(s, nil) / 2
	case end:
		x -= t.each(s, nil)
	}
	t.each(s, func(g sfnt.GlyphIndex, dx float64) { r.glyph(t, g, x+dx, at.y*resolution) })
	r.paint(c)
}

// glyph adds the outline of a glyph to the shape.
func (r *raster) glyph(t *typesetter, g sfnt.GlyphIndex, x, y float64) {
	segments, err := t.font.LoadGlyph(&t.buffer, g, t.ppem, nil)
	if err != nil {
		return // no outline: nothing to draw
	}
	for _, from := range segments {
		s := segment{op: from.Op}
		for i, a := range from.Args {
			s.p[i] = [2]float64{x + float64(a.X)/64, y + float64(a.Y)/64}
		}
		r.shape = append(r.shape, s)
	}
}
