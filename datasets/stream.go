package datasets

import (
	"fmt"
	"io"
	"iter"

	"gonum.org/v1/gonum/mat"
)

// StreamOptions say how a stream of new rows is written and cut up. The zero
// value reads features only and refuses missing cells, except numbers that the
// Schema can fill in.
type StreamOptions struct {
	// Rows is the number of rows per block; 0 means 4096.
	Rows int
	// Missing says what to do about missing cells. MissingMean needs a Schema
	// with means to fill in, and does then what MissingError does.
	Missing Missing
	// WithTarget reads the target as well, and the weights if the file has
	// the column.
	WithTarget bool
	// Keep are columns whose cells are wanted as text, whatever their role.
	Keep []string
	// Separator and Decimal are as in Options.
	Separator, Decimal rune
}

// Block is a number of consecutive rows of a stream, encoded. The fields are
// those of Dataset; targets and weights are nil if not asked for.
type Block struct {
	X       *mat.Dense
	Labels  []int
	Y       *mat.Dense
	Weights []float64
	Lines   []int    // line of each row in the file
	Kept    []string // cells of the columns to keep, row after row; nil without any
	Dropped int      // rows left out; their sum over all blocks is the total
}

// Stream reads rows from r block by block, encoded by a Schema, in memory
// independent of their number; name is what errors call r. Columns are found by
// name: their order may differ from that of the table the Schema comes from,
// further columns are ignored. A level or class that the Schema does not know
// is an error that names it.
//
// After an error, which is an *[Error], the sequence ends; rows before it have
// been yielded in whole blocks only. Every block is the caller's to keep.
func Stream(r io.Reader, name string, s *Schema, o StreamOptions) iter.Seq2[*Block, error] {
	return defaultEngine().stream(r, name, s, o)
}

func (e engine) stream(r io.Reader, name string, s *Schema, o StreamOptions) iter.Seq2[*Block, error] {
	return func(yield func(*Block, error) bool) {
		if o.Rows == 0 {
			o.Rows = 4096
		}
		if problem := o.problem(s); problem != "" {
			yield(nil, &Error{File: name, Problem: problem})
			return
		}
		p, rows, err := e.open(once{r}, name, o.Separator, o.Decimal, o.Missing)
		if err == nil {
			err = p.planSchema(s, o.WithTarget)
		}
		if err == nil {
			err = p.planKept(o.Keep)
		}
		if err != nil {
			yield(nil, err)
			return
		}
		c := &cutter{schema: s, plan: p, size: o.Rows, withTarget: o.WithTarget}
		// A full block waits for the next row, so that rows dropped at the
		// end are counted without an empty block for them.
		var full *Block
		for b, err := range rows.blocks(p) {
			for from := 0; err == nil && from < b.rows; {
				from += c.take(b, from)
				if c.rows < c.size {
					break
				}
				if full != nil && !yield(full, nil) {
					return
				}
				full = c.block()
			}
			if err != nil {
				if full == nil || yield(full, nil) {
					yield(nil, err)
				}
				return
			}
			c.dropped += b.dropped
		}
		switch {
		case c.rows > 0:
			if full == nil || yield(full, nil) {
				yield(c.block(), nil)
			}
		case full != nil:
			full.Dropped += c.dropped
			yield(full, nil)
		default:
			yield(nil, noRows(name, c.dropped, p.grouped))
		}
	}
}

// planKept marks the columns whose text is wanted.
func (p *plan) planKept(names []string) error {
	for i, name := range names {
		c, err := p.find(name, "columns to keep")
		if err != nil {
			return err
		}
		if c.keep > 0 {
			return &Error{File: p.file, Column: name, Problem: "is to be kept twice"}
		}
		c.keep = i + 1
	}
	p.kept = len(names)
	return nil
}

func (o *StreamOptions) problem(s *Schema) string {
	if o.Rows < 0 {
		return fmt.Sprintf("blocks of %d rows are asked for", o.Rows)
	}
	if o.WithTarget && s.Target == "" && len(s.Labels) == 0 && s.Successes == "" {
		return "the model has no target to read"
	}
	if o.Missing != MissingMean {
		return ""
	}
	for _, f := range s.Features {
		if f.Levels == nil && f.Fill == nil {
			return "the model holds no means to fill in; fit it with --missing mean"
		}
	}
	return ""
}

// once hides that a reader can seek: a stream is not measured.
type once struct{ io.Reader }
