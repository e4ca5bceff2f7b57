package trainer

import (
	"bytes"
	"encoding/json"
	"math"
	"strings"
	"testing"

	"github.com/surprisal-ml/surprisal/nn"
	"github.com/surprisal-ml/surprisal/safetensors"
)

func nnLinear(in, out int) *nn.MLP { return nn.NewMLP(in, nil, out, nil, nil) }

func encoded(t testing.TB) []byte {
	var file bytes.Buffer
	if err := network(t, load(t, "penguins"), 3).Encode(&file); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

// changed returns the model file with one text of its description replaced.
func changed(t testing.TB, old, new string) []byte {
	t.Helper()
	tensors, metadata, err := safetensors.Read(bytes.NewReader(encoded(t)))
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(metadata[modelKey], old) {
		t.Fatalf("%q is not in %s", old, metadata[modelKey])
	}
	metadata[modelKey] = strings.Replace(metadata[modelKey], old, new, 1)
	var file bytes.Buffer
	if err := safetensors.Write(&file, tensors, metadata); err != nil {
		t.Fatal(err)
	}
	return file.Bytes()
}

func TestHostileModelFiles(t *testing.T) {
	good := encoded(t)
	if _, err := Decode(bytes.NewReader(good)); err != nil {
		t.Fatal(err)
	}
	for want, file := range map[string][]byte{
		"version 7":             changed(t, `"version":1`, `"version":7`),
		`"logistic" with`:       changed(t, `"model":"multinomial"`, `"model":"logistic"`),
		"description":           changed(t, `{`, `[`),
		"4 scales for 3 terms":  changed(t, `{"name":"bill_length_mm"},`, ``),
		"outputs":               changed(t, `"Adelie",`, `"Adelie","Emperor",`),
		"bogus":                 changed(t, `"activation":"tanh"`, `"activation":"bogus"`),
		"dropout":               changed(t, `"dropout":0.2`, `"dropout":3`),
		"means":                 changed(t, `"mean":[`, `"mean":[1,`),
		"no schema":             changed(t, `"schema":`, `"schemas":`),
		"scale":                 changed(t, `"scale":[`, `"scale":[-1],"x":[`),
		"4 scales for 6 terms":  changed(t, `{"name":"bill_length_mm"}`, `{"name":"bill_length_mm","levels":["a","b","c","d"]}`),
		"no intercept":          changed(t, `"intercept":true`, `"intercept":false`),
		"without a description": func() []byte { var b bytes.Buffer; _ = nn.Save(&b, nnLinear(2, 2), nil); return b.Bytes() }(),
	} {
		if _, err := Decode(bytes.NewReader(file)); err == nil || !strings.Contains(err.Error(), want) {
			t.Errorf("error %v does not say %q", err, want)
		}
	}
	c := network(t, load(t, "penguins"), 3)
	c.Net.Layers[1].Bias.Value.Set(0, 1, math.NaN())
	var file bytes.Buffer
	if err := c.Encode(&file); err != nil {
		t.Fatal(err)
	}
	if _, err := Decode(&file); err == nil || !strings.Contains(err.Error(), "layers.1.bias") {
		t.Errorf("NaN weight: %v", err)
	}
	for n := range len(good) {
		if _, err := Decode(bytes.NewReader(good[:n])); err == nil {
			t.Errorf("the first %d of %d bytes were accepted", n, len(good))
		}
	}
}

// FuzzDecode: whatever is accepted can be used.
func FuzzDecode(f *testing.F) {
	f.Add(encoded(f))
	f.Add(changed(f, `"Adelie",`, ``))
	f.Fuzz(func(t *testing.T, file []byte) {
		c, err := Decode(bytes.NewReader(file))
		if err != nil {
			return
		}
		row := map[string]string{}
		for _, feature := range c.Schema.Features {
			row[feature.Name] = "1"
			if len(feature.Levels) > 0 {
				row[feature.Name] = feature.Levels[0]
			}
		}
		if _, err := c.Predict(row); err != nil {
			t.Log(err)
		}
		if err := c.Encode(&bytes.Buffer{}); err != nil {
			t.Fatalf("an accepted model cannot be written: %v", err)
		}
	})
}

// FuzzCheckpoint: neither a file nor, past its seal, the checkpoint in it can do
// more than be refused; what is accepted can be run.
func FuzzCheckpoint(f *testing.F) {
	d := load(f, "iris2")
	cfg := methods["adam"]
	held := d.Rows([]int{0, 99})
	tr := trainerFor(f, network(f, d, 2), d, held, Config{Method: cfg.Method, BatchSize: 50, Epochs: 1})
	mustRun(f, tr, f.Context())
	good, err := json.Marshal(tr.Checkpoint())
	if err != nil {
		f.Fatal(err)
	}
	f.Add(good)
	f.Add([]byte(`{"sha256":"","checkpoint":{"version":1}}`))
	f.Fuzz(func(t *testing.T, file []byte) {
		if _, err := decodeCheckpoint(file); err == nil {
			return // sealed by the fuzzer: not to be expected
		}
		var c Checkpoint
		if json.Unmarshal(file, &c) != nil {
			return
		}
		tr := trainerFor(t, network(t, d, 2), d, held, Config{Method: cfg.Method, BatchSize: 50, Epochs: 2})
		if tr.Resume(c) == nil {
			_, _ = tr.Run(t.Context())
		}
	})
}
