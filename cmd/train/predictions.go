package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"slices"
	"strconv"

	"github.com/surprisal-ml/surprisal/trainer"
)

// A format writes predictions, a block at a time, with the cells of the columns
// kept, row after row.
type format interface {
	write(predictions []trainer.Prediction, kept []string) error
}

func newFormat(name string, w io.Writer, c *trainer.Classifier, keep []string) format {
	if name == "jsonl" {
		return &jsonLines{w: w, names: outcomeNames(c), labels: c.Kind == trainer.Multilabel, keep: keep}
	}
	return &table{w: w, names: outcomeNames(c), labels: c.Kind == trainer.Multilabel, keep: keep}
}

// outcomeNames names the probabilities of a prediction: classes or labels.
func outcomeNames(c *trainer.Classifier) []string {
	if c.Kind == trainer.Multilabel {
		return c.Outputs()
	}
	return c.Classes()
}

// csvHeader is "prediction" and "p(CLASS)" for every class, or the labels and
// "p(LABEL)" for each.
func csvHeader(names []string, labels bool) []string {
	header := []string{"prediction"}
	if labels {
		header = slices.Clone(names)
	}
	for _, name := range names {
		header = append(header, "p("+name+")")
	}
	return header
}

// table writes CSV: the columns kept, and those of csvHeader; a label is 0 or 1.
type table struct {
	w      io.Writer
	names  []string
	labels bool
	keep   []string
	buffer bytes.Buffer
	record []string
}

func (t *table) write(predictions []trainer.Prediction, kept []string) error {
	t.buffer.Reset()
	w := csv.NewWriter(&t.buffer)
	if t.record == nil {
		t.record = append(slices.Clone(t.keep), csvHeader(t.names, t.labels)...)
		w.Write(t.record) // into memory: it cannot fail
	}
	for i, p := range predictions {
		t.record = append(t.record[:0], kept[i*len(t.keep):(i+1)*len(t.keep)]...)
		if t.labels {
			for _, v := range p.Probabilities {
				t.record = append(t.record, strconv.Itoa(digit(v > 0.5)))
			}
		} else {
			t.record = append(t.record, p.Class)
		}
		for _, v := range p.Probabilities {
			t.record = append(t.record, text(v))
		}
		w.Write(t.record)
	}
	w.Flush()
	_, err := t.w.Write(t.buffer.Bytes())
	return err
}

func digit(b bool) int {
	if b {
		return 1
	}
	return 0
}

// jsonLines writes {"prediction": class, "p": {class: probability, …}} a line,
// or for labels {"prediction": [labels], "p": {label: probability, …}}. Columns
// kept come first, as "keep": {column: cell, …}.
type jsonLines struct {
	w      io.Writer
	names  []string
	labels bool
	keep   []string
	buffer bytes.Buffer
}

func (j *jsonLines) write(predictions []trainer.Prediction, kept []string) error {
	j.buffer.Reset()
	for i, p := range predictions {
		j.buffer.WriteByte('{')
		if len(j.keep) > 0 {
			j.writeKept(kept[i*len(j.keep):])
		}
		j.buffer.WriteString(`"prediction":`)
		if j.labels {
			j.buffer.WriteByte('[')
			for i, label := range p.Labels {
				if i > 0 {
					j.buffer.WriteByte(',')
				}
				j.buffer.Write(jsonText(label))
			}
			j.buffer.WriteByte(']')
		} else {
			j.buffer.Write(jsonText(p.Class))
		}
		j.buffer.WriteString(`,"p":{`)
		for k, v := range p.Probabilities {
			if k > 0 {
				j.buffer.WriteByte(',')
			}
			j.buffer.Write(jsonText(j.names[k]))
			j.buffer.WriteByte(':')
			j.buffer.WriteString(text(v))
		}
		j.buffer.WriteString("}}\n")
	}
	_, err := j.w.Write(j.buffer.Bytes())
	return err
}

func (j *jsonLines) writeKept(cells []string) {
	for k, name := range j.keep {
		if k == 0 {
			j.buffer.WriteString(`"keep":{`)
		} else {
			j.buffer.WriteByte(',')
		}
		j.buffer.Write(jsonText(name))
		j.buffer.WriteByte(':')
		j.buffer.Write(jsonText(cells[k]))
	}
	j.buffer.WriteString("},")
}

func jsonText(s string) []byte {
	b, _ := json.Marshal(s) // a string cannot fail
	return b
}
