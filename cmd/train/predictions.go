package main

import (
	"bytes"
	"encoding/csv"
	"encoding/json"
	"io"
	"strconv"

	"github.com/surprisal-ml/surprisal/trainer"
)

// A format writes predictions, a block at a time.
type format interface {
	write([]trainer.Prediction) error
}

func newFormat(name string, w io.Writer, c *trainer.Classifier) format {
	if name == "jsonl" {
		return &jsonLines{w: w, names: outcomeNames(c), labels: c.Kind == trainer.Multilabel}
	}
	return &table{w: w, names: outcomeNames(c), labels: c.Kind == trainer.Multilabel}
}

// outcomeNames names the probabilities of a prediction: classes or labels.
func outcomeNames(c *trainer.Classifier) []string {
	if c.Kind == trainer.Multilabel {
		return c.Outputs()
	}
	return c.Classes()
}

// table writes CSV: "prediction" and "p(CLASS)" for every class, or the labels,
// 0 or 1, and "p(LABEL)" for each.
type table struct {
	w      io.Writer
	names  []string
	labels bool
	buffer bytes.Buffer
	record []string
}

func (t *table) write(predictions []trainer.Prediction) error {
	t.buffer.Reset()
	w := csv.NewWriter(&t.buffer)
	if t.record == nil {
		if t.labels {
			t.record = append(t.record, t.names...)
		} else {
			t.record = append(t.record, "prediction")
		}
		for _, name := range t.names {
			t.record = append(t.record, "p("+name+")")
		}
		w.Write(t.record) // into memory: it cannot fail
	}
	for _, p := range predictions {
		t.record = t.record[:0]
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
// or for labels {"prediction": [labels], "p": {label: probability, …}}.
type jsonLines struct {
	w      io.Writer
	names  []string
	labels bool
	buffer bytes.Buffer
}

func (j *jsonLines) write(predictions []trainer.Prediction) error {
	j.buffer.Reset()
	for _, p := range predictions {
		j.buffer.WriteString(`{"prediction":`)
		if j.labels {
			j.buffer.WriteByte('[')
			for i, label := range p.Labels {
				if i > 0 {
					j.buffer.WriteByte(',')
				}
				j.buffer.Write(quoted(label))
			}
			j.buffer.WriteByte(']')
		} else {
			j.buffer.Write(quoted(p.Class))
		}
		j.buffer.WriteString(`,"p":{`)
		for k, v := range p.Probabilities {
			if k > 0 {
				j.buffer.WriteByte(',')
			}
			j.buffer.Write(quoted(j.names[k]))
			j.buffer.WriteByte(':')
			j.buffer.WriteString(text(v))
		}
		j.buffer.WriteString("}}\n")
	}
	_, err := j.w.Write(j.buffer.Bytes())
	return err
}

func quoted(s string) []byte {
	b, _ := json.Marshal(s) // a string cannot fail
	return b
}
