//go:build ignore

// Genglyphs writes glyphs.bin: the outlines and widths of those letters of the
// Go font that figures may use. The font as a whole, and what it takes to read
// it, would be twenty times as large.
//
// For each letter in order: its number, its width in 1/2048 of the size, the
// number of segments, and for each of those the kind and its points, as
// differences from the point before. All are varints, differences signed.
package main

import (
	"encoding/binary"
	"log"
	"os"

	"golang.org/x/image/font"
	"golang.org/x/image/font/gofont/goregular"
	"golang.org/x/image/font/sfnt"
	"golang.org/x/image/math/fixed"
)

const letters = " !\"#$%&'()*+,-./0123456789:;<=>?@ABCDEFGHIJKLMNOPQRSTUVWXYZ[\\]^_`abcdefghijklmnopqrstuvwxyz{|}~" +
	"¡§°±²³´·¹¼½¾×÷ßàáâãäåæçèéêëìíîïñòóôõöøùúûüýÿÀÁÂÃÄÅÆÇÈÉÊËÌÍÎÏÑÒÓÔÕÖØÙÚÛÜÝıŁłŒœŠšŽž" +
	"ΑΒΓΔΕΖΗΘΙΚΛΜΝΞΟΠΡΣΤΥΦΧΨΩαβγδεζηθικλμνξοπρςστυφχψω" +
	"–—‘’“”†•…‰′″⁰⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿ₀₁₂₃₄₅₆₇₈₉₊₋€ℓ←↑→↓↔∂∆∏∑−√∞∫≈≠≡≤≥"

func main() {
	f, err := sfnt.Parse(goregular.TTF)
	if err != nil {
		log.Fatal(err)
	}
	units := fixed.Int26_6(f.UnitsPerEm()) << 6
	var out []byte
	var b sfnt.Buffer
	for _, r := range letters {
		g, err := f.GlyphIndex(&b, r)
		if err != nil || g == 0 {
			log.Fatalf("the font has no %q: %v", r, err)
		}
		advance, err := f.GlyphAdvance(&b, g, units, font.HintingNone)
		if err != nil {
			log.Fatal(err)
		}
		segments, err := f.LoadGlyph(&b, g, units, nil)
		if err != nil {
			log.Fatal(err)
		}
		out = binary.AppendUvarint(out, uint64(r))
		out = binary.AppendUvarint(out, uint64(advance>>6))
		out = binary.AppendUvarint(out, uint64(len(segments)))
		var last fixed.Point26_6
		for _, s := range segments {
			out = binary.AppendUvarint(out, uint64(s.Op))
			for _, p := range s.Args[:map[sfnt.SegmentOp]int{sfnt.SegmentOpMoveTo: 1, sfnt.SegmentOpLineTo: 1, sfnt.SegmentOpQuadTo: 2, sfnt.SegmentOpCubeTo: 3}[s.Op]] {
				out = binary.AppendVarint(out, int64(p.X-last.X)>>6)
				out = binary.AppendVarint(out, int64(p.Y-last.Y)>>6)
				last = p
			}
		}
	}
	if err := os.WriteFile("glyphs.bin", out, 0o666); err != nil {
		log.Fatal(err)
	}
}
