// Package datasets turns tables into matrices and back: it reads CSV files,
// encodes their columns, splits and batches their rows, and carries a few
// classic data sets that are always at hand.
//
// [Load] reads a file, standard input or an embedded data set; [Read] reads any
// io.Reader; [Stream] reads files larger than memory block by block, encoded as
// a model's [Schema] says. A Schema is all that is needed to encode new rows: it
// goes into the model file as JSON.
//
// # What a file may look like
//
// The first line names the columns; cells are separated by comma, semicolon or
// tab (sniffed from that line), rows by LF or CRLF. Cells may be quoted, with ""
// for a quote inside, and then hold separators and line breaks. Blanks around
// cells are trimmed, blank lines skipped, a UTF-8 byte order mark is ignored and
// gzip is recognised by its first bytes.
//
// A feature column is numeric when its first cell that is not missing is a
// number, otherwise categorical; [Options.Categorical] overrides. Missing are
// the empty cell and NA, N/A, n/a, NaN, nan, null, NULL, ? and a lone point.
// Numbers are rounded correctly, as by strconv.ParseFloat.
//
// A categorical column with levels l₀ < l₁ < … becomes one 0/1 column
// "column=lᵢ" for each level but the first, its reference. Columns that are not
// what they seem to be are refused: texts that differ in nearly every row, numbers
// with decimal commas, and a target whose classes are the values of a quantity.
//
// # Errors
//
// What is wrong with a file is returned as *[Error], which says file, line and
// column, what was found and what to do. It is always the first error in file
// order, however many goroutines read. Misuse by the program (an index out of
// range, a batch of size 0) panics with *tensor.UsageError.
package datasets
