package main

import (
	"fmt"
	"math"

	"github.com/surprisal-ml/surprisal/metrics"
	"github.com/surprisal-ml/surprisal/trainer"
)

// A metric is a line of a table of quality.
type metric struct {
	name string
	of   func(*metrics.Report) metrics.Number
}

// mainMetrics are shown by fit.
func mainMetrics(k trainer.Kind) []metric {
	all := []metric{
		{"log-loss (nats)", func(r *metrics.Report) metrics.Number { return r.LogLoss }},
		{"log-loss (bits)", func(r *metrics.Report) metrics.Number { return r.LogLossBits }},
	}
	if k == trainer.Multilabel {
		all = append(all,
			metric{"subset accuracy", func(r *metrics.Report) metrics.Number { return r.SubsetAccuracy }},
			metric{"Hamming loss", func(r *metrics.Report) metrics.Number { return r.HammingLoss }})
	} else {
		all = append(all, metric{"accuracy", func(r *metrics.Report) metrics.Number { return r.Accuracy }})
	}
	return append(all,
		metric{"ROC AUC", func(r *metrics.Report) metrics.Number { return r.ROCAUC }},
		metric{"Brier score", func(r *metrics.Report) metrics.Number { return r.Brier }})
}

// allMetrics are shown by evaluate.
func allMetrics(k trainer.Kind) []metric {
	return append(mainMetrics(k),
		metric{"perplexity", func(r *metrics.Report) metrics.Number { return r.Perplexity }},
		metric{"log-likelihood (nats)", func(r *metrics.Report) metrics.Number { return r.LogLik }},
		metric{"average precision", func(r *metrics.Report) metrics.Number { return r.AveragePrecision }},
		metric{"expected calibration error", func(r *metrics.Report) metrics.Number { return r.ECE }})
}

// qualityTable has a row for each metric that is defined, and a column for each
// report.
func qualityTable(header []string, reports []*metrics.Report, all []metric) [][]string {
	rows := [][]string{header}
	for _, m := range all {
		row := []string{m.name}
		defined := false
		for _, r := range reports {
			x := m.of(r)
			defined = defined || x.Defined()
			row = append(row, inFigures(x))
		}
		if defined {
			rows = append(rows, row)
		}
	}
	return rows
}

// inFigures writes a metric, "-" where it is not defined.
func inFigures(x metrics.Number) string {
	switch v := math.Abs(float64(x)); {
	case !x.Defined():
		return "-"
	case 0 < v && v < 0.001 || v >= 1e6:
		return fmt.Sprintf("%.1e", float64(x))
	}
	return fmt.Sprintf("%.4f", float64(x))
}
