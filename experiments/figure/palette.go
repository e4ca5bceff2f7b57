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

// picture returns the grid as an image, a pixel per value, y upwards.
func (g *Grid) picture() *image.NRGBA {
	rows := len(g.Values) / g.Columns
	img := image.NewNRGBA(image.Rect(0, 0, g.Columns, rows))
	for i, v := range g.Values {
		if math.IsNaN(v) {
			continue
		}
		t := min(max((v-g.Min)/(g.Max-g.Min), 0), 1)
		img.SetNRGBA(i%g.Columns, rows-1-i/g.Columns, shade(t, g.Sequential))
	}
	return img
}
