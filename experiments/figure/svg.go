package figure

import (
	"bytes"
	"encoding/base64"
	"fmt"
	"html"
	"image"
	"image/color"
	"image/png"
	"io"
	"strconv"
	"strings"
	"unicode/utf8"
)

// SVG writes the figure as an SVG image.
func (f *Figure) SVG(w io.Writer) error {
	s := &svg{}
	s.printf(`<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 %s %s" width="%[1]s" height="%[2]s" role="img" aria-label="%s" font-family="Go, 'Liberation Sans', Arial, Helvetica, sans-serif">`,
		digits(paperWidth), digits(f.height()), escape(f.Title))
	s.printf("\n<title>%s</title>\n<desc>%s</desc>\n", escape(f.Title), escape(f.Caption))
	s.id = f.Name
	f.draw(s)
	s.printf("</svg>\n")
	_, err := w.Write(s.out.Bytes())
	return err
}

// escape returns a text as it may stand in XML, which has no control characters.
func escape(s string) string {
	return html.EscapeString(strings.Map(func(r rune) rune {
		if r < ' ' && r != '\t' && r != '\n' || r == 0xfffe || r == 0xffff {
			return utf8.RuneError
		}
		return r
	}, s))
}

type svg struct {
	out bytes.Buffer
	id  string // tells the clipping paths of figures on one page apart
}

func (s *svg) printf(format string, args ...any) { fmt.Fprintf(&s.out, format, args...) }

// digits writes a length in points to a hundredth.
func digits(x float64) string {
	b := strconv.AppendFloat(nil, x, 'f', 2, 64)
	b = bytes.TrimRight(b, "0")
	return string(bytes.TrimSuffix(b, []byte(".")))
}

func paint(attribute string, c color.NRGBA) string {
	s := fmt.Sprintf(`%s="#%02x%02x%02x"`, attribute, c.R, c.G, c.B)
	if c.A != 0xff {
		s += fmt.Sprintf(` %s-opacity="%s"`, attribute, digits(float64(c.A)/255))
	}
	return s
}

func (s *svg) clip(b *box) {
	if b == nil {
		s.printf("</g>\n")
		return
	}
	s.printf(`<clipPath id="%s-clip"><rect x="%s" y="%s" width="%s" height="%s"/></clipPath><g clip-path="url(#%[1]s-clip)">`+"\n",
		escape(s.id), digits(b.left), digits(b.top), digits(b.right-b.left), digits(b.bottom-b.top))
}

func (s *svg) path(p []point) {
	s.printf(`<path d="M`)
	for i, q := range p {
		if i > 0 {
			s.printf("L")
		}
		s.printf("%s %s", digits(q.x), digits(q.y))
	}
}

func (s *svg) fill(p []point, c color.NRGBA) {
	s.path(p)
	s.printf(`Z" %s/>`+"\n", paint("fill", c))
}

func (s *svg) stroke(p []point, width float64, c color.NRGBA, dashed bool) {
	s.path(p)
	s.printf(`" fill="none" %s stroke-width="%s" stroke-linejoin="round"`, paint("stroke", c), digits(width))
	if dashed {
		s.printf(` stroke-dasharray="%s %s"`, digits(dashOn), digits(dashOff))
	}
	s.printf("/>\n")
}

func (s *svg) dot(p point, radius float64, c color.NRGBA) {
	s.printf(`<circle cx="%s" cy="%s" r="%s" %s/>`+"\n", digits(p.x), digits(p.y), digits(radius), paint("fill", c))
}

func (s *svg) text(p point, size float64, a align, text string, c color.NRGBA) {
	s.printf(`<text x="%s" y="%s" font-size="%s" text-anchor="%s" %s>%s</text>`+"\n", digits(p.x), digits(p.y),
		digits(size), [...]string{"start", "middle", "end"}[a], paint("fill", c), escape(text))
}

func (s *svg) picture(b box, img *image.NRGBA) {
	var file bytes.Buffer
	if err := png.Encode(&file, img); err != nil {
		panic(err) // a buffer does not fail, and a grid is not empty
	}
	s.printf(`<image x="%s" y="%s" width="%s" height="%s" preserveAspectRatio="none" style="image-rendering:pixelated" href="data:image/png;base64,%s"/>`+"\n",
		digits(b.left), digits(b.top), digits(b.right-b.left), digits(b.bottom-b.top), base64.StdEncoding.EncodeToString(file.Bytes()))
}
