// Package figure describes charts as data, and draws them as SVG and PNG.
//
// A [Figure] says what is shown: axes with units, and [Mark]s such as lines,
// dots, bars, intervals and heat maps. It is plain data: the same value is drawn
// by [Figure.SVG] and [Figure.PNG] here, and by the script of an interactive
// page from its JSON. There is one style, made to be read in print and by the
// colour-blind: a light grid, thin axes, the legend outside the data, and the
// eight colours of Okabe and Ito.
//
// It is small on purpose: 31 kB of outlines of the Go font, and the rasteriser of
// golang.org/x/image. gonum.org/v1/plot brings twelve fonts and writers for PDF,
// PostScript and TeX, 8 MB in every program that uses it.
//
// Output depends on the figure alone, byte for byte.
//
// Source of the colours: M. Okabe, K. Ito, "Color Universal Design" (2008).
package figure
