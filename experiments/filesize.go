package experiments

import (
	"bytes"
	"compress/gzip"
	"context"
	"fmt"
	"slices"

	"github.com/surprisal-ml/surprisal/datasets"
	"github.com/surprisal-ml/surprisal/experiments/coding"
	"github.com/surprisal-ml/surprisal/experiments/figure"
	"github.com/surprisal-ml/surprisal/experiments/infotheory"
	"github.com/surprisal-ml/surprisal/optim"
	"github.com/surprisal-ml/surprisal/trainer"
)

func filesizeExperiment() Experiment {
	return Experiment{
		Name:   "filesize",
		Title:  "Log-loss is the size of a file",
		Claim:  "The labels of a data set can be written, for someone who has the features and the model, in a file of NLL/log 2 bits: the loss is the size of the file.",
		Source: "Shannon 1948; Rissanen 1978, Modeling by shortest data description; Cover & Thomas, sections 5.4 and 13.3.",
		Method: "Encode the labels of real data row by row with an arithmetic coder that uses the model's probabilities, decode them again, and compare the bits with the loss; beside it the frequencies of the classes alone, and gzip.",
		Tolerance: "2 bits for the whole file, however many rows: what an arithmetic coder may spend on ending its message. " +
			"Rounding the probabilities to multiples of 2⁻⁴⁰ costs less than a millionth of a bit.",
		Run: filesizeClaim{func(p []float64) []float64 { return p }}.run,
	}
}

// filesizeClaim is what the claim is about: the probabilities that the coder
// uses, given the model's.
type filesizeClaim struct {
	use func(p []float64) []float64
}

func (c filesizeClaim) run(ctx context.Context, o Options) (Result, error) {
	var r Result
	r.text("Send somebody the labels of a table whose features she has. Without a model a label of two equally frequent classes takes 1 bit. With a model that both of you have, encode each label with the probability that the model gives it, by an arithmetic coder: " +
		"a label that was expected takes next to nothing, one that was not takes many bits. The whole file takes")
	r.formula(`\sum_{i=1}^{m} \log_{2} \frac{1}{p(y_{i}|x_{i})} = \frac{\mathrm{NLL}}{\log 2}`)
	r.text("bits, and up to two more to end it.")
	table := &Table{Title: "Files of labels, in bits", Columns: []string{"data", "model", "rows", "file", "NLL/log 2", "difference", "by class frequencies", "gzip"}}
	var over, under, lost float64
	var names []string
	var places, files, frequencies figure.Values
	cases := []struct {
		name     string
		features []string
		hidden   []int
		held     bool
	}{
		{"penguins", []string{"flipper_length_mm", "body_mass_g"}, nil, false},
		{"wine", []string{"alcohol", "malic_acid", "ash"}, nil, false},
		{"cancer10", nil, nil, false},
		{"digits", nil, []int{32}, true},
	}
	for i, k := range cases {
		d, err := load(k.name, k.features...)
		if err != nil {
			return r, err
		}
		model, train := "logistic regression", d
		var net *trainer.Classifier
		if k.held {
			model = fmt.Sprintf("MLP with %d hidden units, on new rows", k.hidden[0])
			train, d = d.Split(0.5, o.Seed)
			net, _, err = trainMLP(ctx, train, nil, k.hidden, trainer.Config{Method: optim.Adam{LR: 0.01}, BatchSize: 64, Epochs: 20, Seed: o.Seed})
		} else {
			net, err = trainLinear(ctx, train, trainer.Config{Epochs: 5000}, nil)
		}
		if err != nil {
			return r, err
		}
		bits, decoded := c.encodeLabels(net, d)
		if !slices.Equal(decoded, d.Labels) {
			lost++
		}
		nll, _, err := net.Objective(d, trainer.Loss{})
		if err != nil {
			return r, err
		}
		loss := infotheory.Bits(nll)
		over, under = max(over, float64(bits)-loss), max(under, loss-float64(bits))
		plain := infotheory.Bits(-trainer.NullLogLik(d))
		zipped, err := gzipBits(d.Labels)
		if err != nil {
			return r, err
		}
		table.Add(k.name, model, d.Len(), bits, loss, float64(bits)-loss, plain, zipped)
		places, names = append(places, float64(i)), append(names, k.name)
		files, frequencies = append(files, float64(bits)/float64(d.Len())), append(frequencies, plain/float64(d.Len()))
		r.number("size of the labels of "+k.name, float64(bits)/float64(d.Len()), "bits per row")
		o.progress(float64(i+1) / float64(len(cases)))
	}
	r.decide("most bits that a file takes beyond NLL/log 2", over, AtMost, 2, "bits")
	r.check("most bits that a file saves", under, AtMost, 1e-6, "bits")
	r.check("files that do not decode to the labels", lost, Exactly, 0, "")
	r.table(table)
	r.figure(&figure.Figure{
		Name: "filesize-labels", Title: "Size of the labels of four data sets",
		Caption: "By the model's probabilities, and by the frequencies of the classes alone: what is saved is what the features tell about the labels.",
		X:       figure.Axis{Label: "data", Categories: names}, Y: figure.Axis{Label: "bits per label"},
		Marks: []figure.Mark{
			{Kind: figure.Bars, Name: "class frequencies", Color: figure.Grey, Width: 0.36, X: shifted(places, -0.2), Y: frequencies},
			{Kind: figure.Bars, Name: "model", Color: figure.Blue, Width: 0.36, X: shifted(places, 0.2), Y: files},
		},
	})
	r.text("A program like gzip knows nothing of the features, and needs more than the frequencies of the classes, unless the rows are sorted by class, as some tables are. " +
		"So the loss of a classifier is a length that you can hold in your hand; halving it halves the file. And a model that is sure and wrong pays: a label of probability 0 could not be sent at all.")
	return r, nil
}

// encodeLabels returns the number of bits of the labels, and what they decode
// to.
func (c filesizeClaim) encodeLabels(net *trainer.Classifier, d *datasets.Dataset) (bits int, decoded []int) {
	tables := make([]*coding.Table, d.Len())
	e := coding.NewEncoder()
	for i, p := range net.PredictRows(d.X) {
		tables[i] = coding.NewTable(c.use(p.Probabilities))
		e.Encode(tables[i], d.Labels[i])
	}
	data, bits := e.Finish()
	decoder := coding.NewDecoder(data)
	for _, t := range tables {
		decoded = append(decoded, decoder.Decode(t))
	}
	return bits, decoded
}

// gzipBits returns the size of the labels, a byte each, as compress/gzip packs
// them.
func gzipBits(labels []int) (int, error) {
	var b bytes.Buffer
	w, err := gzip.NewWriterLevel(&b, gzip.BestCompression)
	if err != nil {
		return 0, err
	}
	for _, label := range labels {
		if _, err := w.Write([]byte{byte(label)}); err != nil {
			return 0, err
		}
	}
	if err := w.Close(); err != nil {
		return 0, err
	}
	return 8 * b.Len(), nil
}

// shifted returns numbers with the same added to each.
func shifted(x figure.Values, by float64) figure.Values {
	y := slices.Clone(x)
	for i := range y {
		y[i] += by
	}
	return y
}
