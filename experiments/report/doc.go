// Package report writes what experiments found: one HTML page that explains,
// the figures as SVG and PNG, and the numbers as JSON.
//
// The page is a file of its own. It asks for nothing over the network, and a
// content security policy keeps it so; its scripts (d3 and Observable Plot, ISC
// licence) are inside. Charts are drawn without scripts first, then made
// interactive: they can be pointed at, walked through with the arrow keys, and
// read as tables. It follows the reader's choice of light or dark, prints, and
// fits a phone. Formulas are MathML, which browsers lay out and screen readers
// read.
//
//	outcomes := experiments.Run(ctx, experiments.All(), options, nil)
//	files, err := report.Write("out", outcomes, options)
//
// Files are replaced as a whole. Their contents depend on the outcomes and
// options alone: no dates, no times, no paths.
package report
