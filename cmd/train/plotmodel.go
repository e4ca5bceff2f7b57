package main

import (
	"fmt"
	"path/filepath"

	"gonum.org/v1/gonum/mat"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/plots"
	"github.com/surprisal-ml/surprisal/random"
	"github.com/surprisal-ml/surprisal/trainer"
)

// mostPoints is how many rows are drawn as dots.
const mostPoints = 2000

// absent are pictures that cannot be drawn, for a reason.
func absent(why string, names ...string) []picture {
	var all []picture
	for _, name := range names {
		all = append(all, picture{name, func() (*figure.Figure, error) { return nil, &plots.InapplicableError{Why: why} }})
	}
	return all
}

// fitPictures are the names of what fit can draw of any model.
func fitPictures() []string {
	return []string{plots.TrainingCurveName, plots.AccuracyCurveName, plots.BoundaryName, plots.CoefficientsName,
		plots.ConfusionName, plots.ReliabilityName, plots.ROCName, plots.PrecisionRecallName}
}

// qualityPictures are those of predictions for labelled rows, which rows describes.
func qualityPictures(e *trainer.Evaluation, rows string) []picture {
	r := e.Report()
	return []picture{
		{plots.ConfusionName, func() (*figure.Figure, error) { return plots.Confusion(&r, rows) }},
		{plots.ReliabilityName, func() (*figure.Figure, error) {
			switch bins := e.OutcomeReliability(); {
			case r.Labels != nil:
				return plots.OutcomeReliability(plots.Pool(bins), "a label", rows+", all labels together")
			case bins != nil:
				return plots.OutcomeReliability(bins[0], r.Classes[1].Name, rows)
			}
			return plots.Reliability(e.Reliability()[0], r.ECE, rows)
		}},
		{plots.ROCName, func() (*figure.Figure, error) { return plots.ROC(e, plots.Outputs(&r), rows) }},
		{plots.PrecisionRecallName, func() (*figure.Figure, error) { return plots.PrecisionRecall(e, plots.Outputs(&r), rows) }},
	}
}

// streamPoints is the stream of random numbers that chooses among the rows of a
// table.
const streamPoints uint64 = 0x706f696e_74730000

// points collects rows of a table that is read block by block, to be drawn as dots:
// all, or of many a random sample.
type points struct {
	model  *trainer.Classifier
	rows   *datasets.Dataset // nil: rows of this model are not drawn
	source *random.Source
	seen   uint64
}

func newPoints(model *trainer.Classifier, name string) *points {
	p := &points{model: model, source: random.New(0, streamPoints)}
	if model.Schema.Width() == 2 && model.Kind != trainer.Multilabel {
		p.rows = &datasets.Dataset{
			Name: name, Schema: model.Schema, X: mat.NewDense(mostPoints, 2, nil), Labels: make([]int, mostPoints),
		}
		if model.Schema.Successes != "" {
			p.rows.Y, p.rows.Labels = mat.NewDense(mostPoints, 1, nil), nil
		}
	}
	return p
}

// add takes the rows of a block (Vitter's algorithm R).
func (p *points) add(b *datasets.Block) {
	if p.rows == nil {
		return
	}
	for i := range b.Lines {
		at := p.seen
		if p.seen++; at >= mostPoints {
			at = p.source.Uint64() % p.seen
		}
		if at >= mostPoints {
			continue
		}
		p.rows.X.SetRow(int(at), b.X.RawRowView(i))
		if p.rows.Y != nil {
			p.rows.Y.SetRow(int(at), b.Y.RawRowView(i))
		} else {
			p.rows.Labels[at] = b.Labels[i]
		}
	}
}

// picture draws the boundary between the classes, and the rows.
func (p *points) picture() picture {
	return picture{plots.BoundaryName, func() (*figure.Figure, error) {
		if p.rows == nil {
			return plots.Boundary(p.model, nil)
		}
		indices := make([]int, min(p.seen, mostPoints))
		for i := range indices {
			indices[i] = i
		}
		shown := p.rows.Rows(indices)
		shown.Name = sampled(shown.Name, int(p.seen))
		return plots.Boundary(p.model, shown)
	}}
}

// sampled adds to the name of a table that not all of its rows are drawn.
func sampled(name string, rows int) string {
	if rows > mostPoints {
		name += fmt.Sprintf(" (%d of %d)", mostPoints, rows)
	}
	return name
}

// pictures are those of a fit by gradient descent.
func (o *outcome) pictures() []picture {
	unit := "epoch"
	if o.settings.Solver == accelerated {
		unit = "step"
	}
	h, best := o.result.History, o.result.BestEpoch
	all := []picture{
		{plots.TrainingCurveName, func() (*figure.Figure, error) { return plots.TrainingCurve(h, best, unit) }},
		{plots.AccuracyCurveName, func() (*figure.Figure, error) { return plots.AccuracyCurve(h, best, unit) }},
		o.boundary(""), coefficients(o.coefficientTable),
	}
	return append(all, o.qualityPictures("")...)
}

// pictures are those of a fit by likelihood.
func (l *likelihood) pictures() []picture {
	all := absent("the fit is by maximum likelihood, without epochs", plots.TrainingCurveName, plots.AccuracyCurveName)
	if l.model == nil {
		all = append(all, coefficients(l.coefficientTable))
		return append(all, absent("there is no model", plots.BoundaryName, plots.ConfusionName,
			plots.ReliabilityName, plots.ROCName, plots.PrecisionRecallName)...)
	}
	all = append(all, l.choice.pictures()...)
	model := l.instead()
	all = append(all, l.boundary(model), coefficients(l.coefficientTable))
	return append(all, l.qualityPictures(model)...)
}

// boundary draws where the model decides, and rows of the data. Model is added to
// their name, to say of which model.
func (o *outcome) boundary(model string) picture {
	return picture{plots.BoundaryName, func() (*figure.Figure, error) {
		shown := *sample(o.data, mostPoints)
		shown.Name = sampled(filepath.Base(o.data.Name), o.data.Len()) + model
		return plots.Boundary(o.model, &shown)
	}}
}

// coefficients draws a table.
func coefficients(table func() (*plots.CoefficientTable, error)) picture {
	return picture{plots.CoefficientsName, func() (*figure.Figure, error) {
		t, err := table()
		if err != nil {
			return nil, err
		}
		return plots.Coefficients(t)
	}}
}

// qualityPictures are of the rows held out, or else of those trained on. Model is
// added to their name.
func (o *outcome) qualityPictures(model string) []picture {
	rows, what := o.train, "training rows"
	if o.task.held != nil {
		rows, what = o.task.held, "held-out rows"
	}
	e := o.model.NewEvaluation(true)
	if err := e.Add(rows.X, rows.Labels, rows.Y, rows.Weights); err != nil {
		return absent(err.Error(), plots.ConfusionName, plots.ReliabilityName, plots.ROCName, plots.PrecisionRecallName)
	}
	return qualityPictures(e, fmt.Sprintf("%s of %s", what, filepath.Base(o.data.Name))+model)
}
