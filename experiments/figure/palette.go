package figure

import (
	"image"
	"image/color"
	"math"
)

var palette = [...]color.NRGBA{
	Blue:       {0x00, 0x72, 0xb2, 0xff},
	Vermillion: {0xd5, 0x5e, 0x00, 0xff},
	Green:      {0x00, 0x9e, 0x73, 0xff},
	Purple:     {0xb0, 0x5f, 0x92, 0xff},
	Sky:        {0x56, 0xb4, 0xe9, 0xff},
	Orange:     {0xe6, 0x9f, 0x00, 0xff},
	Grey:       {0x80, 0x80, 0x80, 0xff},
}

var (
	paper = color.NRGBA{0xff, 0xff, 0xff, 0xff}
	ink   = color.NRGBA{0x22, 0x22, 0x22, 0xff}
	faint = color.NRGBA{0x60, 0x60, 0x60, 0xff}
	grid  = color.NRGBA{0xe6, 0xe6, 0xe6, 0xff}
)

// rgb returns the colour as numbers; one outside the palette starts it again.
func (c Color) rgb() color.NRGBA {
	n := len(palette)
	return palette[((int(c)%n)+n)%n]
}

func faded(c color.NRGBA, alpha float64) color.NRGBA {
	c.A = uint8(math.Round(alpha * 255))
	return c
}

// shade returns the colour of a value between 0 and 1 of a heat map.
func shade(t float64, sequential bool) color.NRGBA {
	low, high := palette[Blue], palette[Vermillion]
	if sequential {
		return mix(paper, low, 0.05+0.75*t)
	}
	if t < 0.5 {
		return mix(paper, low, 0.7*(1-2*t))
	}
	return mix(paper, high, 0.7*(2*t-1))
}

func mix(a, b color.NRGBA, t float64) color.NRGBA {
	at := func(x, y uint8) uint8 { return uint8(math.Round(float64(x) + t*(float64(y)-float64(x)))) }
	return color.NRGBA{at(a.R, b.R), at(a.G, b.G), at(a.B, b.B), 0xff}
}

// picture returns the grid as an image, a pixel per place; y goes upwards, or
// downwards as categories do.
func (g *Grid) picture(upwards bool) *image.NRGBA {
	parts := max(1, len(g.Parts))
	places := len(g.Values) / parts
	rows := places / g.Columns
	img := image.NewNRGBA(image.Rect(0, 0, g.Columns, rows))
	for i := range places {
		c, ok := g.color(g.Values[i*parts : (i+1)*parts])
		if !ok {
			continue
		}
		y := i / g.Columns
		if upwards {
			y = rows - 1 - y
		}
		img.SetNRGBA(i%g.Columns, y, c)
	}
	return img
}

// color returns the colour of a place; it reports false if there is none.
func (g *Grid) color(values []float64) (c color.NRGBA, ok bool) {
	if g.Parts == nil {
		v := values[0]
		t := min(max((v-g.Min)/(g.Max-g.Min), 0), 1)
		return shade(t, g.Sequential), !math.IsNaN(v)
	}
	var red, green, blue float64
	for k, share := range values {
		if math.IsNaN(share) {
			return c, false
		}
		part := mix(paper, g.Parts[k].rgb(), 0.55)
		red, green, blue = red+share*float64(part.R), green+share*float64(part.G), blue+share*float64(part.B)
	}
	at := func(x float64) uint8 { return uint8(math.Round(min(max(x, 0), 255))) }
	return color.NRGBA{at(red), at(green), at(blue), 0xff}, true
}

// key returns the colours from Min to Max.
func (g *Grid) key() *image.NRGBA {
	const n = 64
	img := image.NewNRGBA(image.Rect(0, 0, n, 1))
	for i := range n {
		img.SetNRGBA(i, 0, shade(float64(i)/(n-1), g.Sequential))
	}
	return img
}
